/**
 * YAML or JSON in dlt's `rest_api` grammar → the same `Source` a TypeScript author writes.
 *
 * Outside the row's path: reads a file, the environment and nothing else. Every mistake is reported at once with its line,
 * column and key; every value from outside the file stays out of the report. Sends and stores nothing.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Source } from "./Source.ts"
import * as Decode from "./Spec/Decode.ts"
import * as Document from "./Spec/Document.ts"
import * as Grammar from "./Spec/Grammar.ts"
import * as Problem from "./Spec/Problem.ts"
import * as Secrets from "./Spec/Secrets.ts"
import { type Issue, SpecError } from "./Spec/SpecError.ts"

export {
  /**
   * @since 0.1.0
   * @category errors
   */
  SpecError
} from "./Spec/SpecError.ts"

/**
 * Reads a `*.json`, `*.yaml` or `*.yml` file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const load = (file: string): Effect.Effect<Source, SpecError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(fs.readFileString(file), (error) => unreadable(file, error))
    return yield* parse(text, { file })
  })

/**
 * `file` names the text in errors and, without its ending, the source; `$file` references are relative to its folder.
 * A name that ends in `.json` makes the text JSON.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (
  text: string,
  options: { readonly file: string }
): Effect.Effect<Source, SpecError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const { file } = options
    const path = yield* Path.Path
    const document = Document.parse(text.replace(/^\uFEFF/, ""), file.toLowerCase().endsWith(".json") ? "json" : "yaml")
    if (Either.isLeft(document)) {
      const issues = document.left.map(({ hint, message, place }) => ({ file, ...place, path: "", message, hint }))
      return yield* new SpecError({ reason: "Syntax", file, issues })
    }
    const resolved = yield* Secrets.resolve(document.right.value, path.dirname(file))
    const source = Decode.decode({
      value: resolved.value,
      document: document.right,
      secrets: resolved.secrets,
      name: path.basename(file).replace(/\.(json|ya?ml)$/i, "")
    })
    const decoding = Either.isLeft(source)
      ? source.left.filter((problem) => !resolved.holes.some((hole) => Problem.isWithin(problem.path, hole)))
      : []
    const problems = [...document.right.problems, ...resolved.problems, ...decoding]
    if (problems.length === 0 && Either.isRight(source)) return source.right
    const reason = problems.every((problem) => problem.kind === "secret") ? "MissingSecret" : "Invalid"
    return yield* new SpecError({ reason, file, issues: locate(problems, document.right, file) })
  })

/**
 * The JSON Schema of a configuration file, for editors.
 *
 * @since 0.1.0
 * @category accessors
 */
export const jsonSchema = Grammar.jsonSchema

// --- internal ---

const unreadable = (file: string, error: PlatformError) =>
  error._tag === "SystemError" && error.reason === "NotFound"
    ? new SpecError({ reason: "NotFound", file, issues: [], detail: "there is no such file" })
    : new SpecError({
        reason: "Unreadable",
        file,
        issues: [],
        detail: `cannot be read (${error._tag === "SystemError" ? error.reason : "bad path"})`
      })

const locate = (
  problems: ReadonlyArray<Problem.Problem>,
  document: Document.Document,
  file: string
): ReadonlyArray<Issue> =>
  problems
    .map(({ at, hint, message, path }) => ({
      file,
      ...document.locate(path, at),
      path: Problem.format(path),
      message,
      hint
    }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
