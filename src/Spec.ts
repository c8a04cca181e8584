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
import * as Credentials from "./Spec/Credentials.ts"
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
 * A source, and what is doubtful about its file: it works, but perhaps not as it was meant.
 *
 * @since 0.1.0
 * @category models
 */
export interface Loaded {
  readonly source: Source
  readonly warnings: ReadonlyArray<Issue>
}

/**
 * Reads a `*.json`, `*.yaml` or `*.yml` file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const load = (file: string): Effect.Effect<Source, SpecError, FileSystem.FileSystem | Path.Path> =>
  Effect.map(loadWithWarnings(file), ({ source }) => source)

/**
 * As `load`, with what is doubtful about the file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const loadWithWarnings = (file: string): Effect.Effect<Loaded, SpecError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(fs.readFileString(file), (error) => unreadable(file, error))
    return yield* parseWithWarnings(text, { file })
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
  Effect.map(parseWithWarnings(text, options), ({ source }) => source)

/**
 * As `parse`, with what is doubtful about the text.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parseWithWarnings = (
  text: string,
  options: { readonly file: string }
): Effect.Effect<Loaded, SpecError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const { file } = options
    const path = yield* Path.Path
    const document = Document.parse(text.replace(/^\uFEFF/, ""), file.toLowerCase().endsWith(".json") ? "json" : "yaml")
    if (Either.isLeft(document)) {
      const issues = document.left.map(({ hint, message, place }) => ({ file, ...place, path: "", message, hint }))
      return yield* new SpecError({ reason: "Syntax", file, issues })
    }
    const name = path.basename(file).replace(/\.(json|ya?ml)$/i, "")
    const completed = yield* Credentials.complete(document.right.value, nameIn(document.right.value) ?? name)
    const resolved = yield* Secrets.resolve(completed.value, path.dirname(file))
    const { problems: decoding, source } = Decode.decode({
      value: resolved.value,
      document: document.right,
      secrets: resolved.secrets,
      name
    })
    const problems = [...document.right.problems, ...completed.problems, ...reconcile(resolved, decoding)]
    const mistakes = problems.filter(({ kind }) => kind !== "warning")
    if (mistakes.length === 0 && source !== undefined) {
      return { source, warnings: locate(problems, document.right, file, resolved.hide) }
    }
    const reason = mistakes.every((problem) => problem.kind === "secret") ? "MissingSecret" : "Invalid"
    return yield* new SpecError({ reason, file, issues: locate(mistakes, document.right, file, resolved.hide) })
  })

/**
 * The JSON Schema of a configuration file, for editors.
 *
 * @since 0.1.0
 * @category accessors
 */
export const jsonSchema = Grammar.jsonSchema

// --- internal ---

/**
 * Nothing that is said about a value that is missing would be true; but where the key itself is wrong, what its text holds
 * does not matter.
 */
const reconcile = (
  { holes, problems }: Secrets.Resolved,
  decoding: ReadonlyArray<Problem.Problem>
): ReadonlyArray<Problem.Problem> => {
  const unknown = decoding.filter(({ at }) => at === "key")
  const isUnknown = (path: Problem.Path) => unknown.some((each) => Problem.isWithin(path, each.path))
  const meant = holes.filter((hole) => !isUnknown(hole))
  return [
    ...problems.filter((problem) => !isUnknown(problem.path)),
    ...decoding.filter((problem) => !meant.some((hole) => Problem.isWithin(problem.path, hole)))
  ]
}

const nameIn = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && "name" in value && typeof value.name === "string"
    ? value.name
    : undefined

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
  file: string,
  hide: (message: string) => string
): ReadonlyArray<Issue> => {
  const placed = problems
    .map((problem) => ({ problem, place: document.locate(problem.path, problem.at) }))
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  const issues = placed.slice(0, placed.length > most ? most - 1 : most).map(({ place, problem }) => ({
    file,
    ...place,
    path: shorten(Problem.format(problem.path)),
    message: shorten(hide(problem.message)),
    hint: problem.hint === undefined ? undefined : shorten(hide(problem.hint))
  }))
  const next = placed[issues.length]
  if (next === undefined) return issues
  const message = `and ${placed.length - issues.length} more, from here on; mend those above first`
  return [...issues, { file, ...next.place, path: "", message, hint: undefined }]
}

/** More are counted, not listed. */
const most = 100

/** After what must not be seen is hidden: half of it would not be found. */
const shorten = (text: string) =>
  text.length <= 1_000 ? text : `${text.slice(0, 999).replace(/[\uD800-\uDBFF]$/, "")}…`
