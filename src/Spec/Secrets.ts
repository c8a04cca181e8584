/**
 * Puts the values a configuration takes from outside into it, and knows which of them are secrets.
 *
 * Variables come from Effect's `ConfigProvider`, files from its `FileSystem`. A value counts as a secret under `auth` and
 * `headers`, when it comes from a file, or when its variable or key is named like one; any other is an ordinary setting,
 * which must not be scrubbed out of the data (`since: "${SINCE}"`). No value is ever part of a problem.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Template from "../Page/Template.ts"
import * as Placeholder from "./Placeholder.ts"
import * as Problem from "./Problem.ts"
import * as Reference from "./Reference.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Resolved {
  /** The same values with every reference replaced by its text. */
  readonly value: unknown
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
  readonly problems: ReadonlyArray<Problem.Problem>
  /** Paths that stand for no value: nothing said about them would be true. */
  readonly holes: ReadonlyArray<Problem.Path>
  /** A message without the values that came from outside, each by its name. */
  readonly hide: (message: string) => string
}

/**
 * `$file` paths are relative to `directory`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resolve = (
  value: unknown,
  directory: string
): Effect.Effect<Resolved, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const { uses, problems } = collect(value)
    const names = [...new Set(uses.flatMap((use) => Reference.variables(use.reference)))]
    const variables = new Map(
      yield* Effect.forEach(names, (name) => Effect.map(variable(name), (found) => [name, found] as const))
    )
    const answers = yield* Effect.forEach(uses, (use) => answer(use, variables, directory))
    const filled = new Map(answers.map(({ text, use }) => [Problem.format(use.path), text]))
    return {
      value: replace(value, [], filled),
      // A request holds the braces of a secret doubled until it is sent.
      secrets: [
        ...new Set(answers.flatMap((each) => each.secrets).flatMap((text) => [text, Template.escape(text)]))
      ].map((text) => Redacted.make(text)),
      problems: [...problems, ...answers.flatMap((each) => each.problems)],
      holes: [
        ...problems.map((problem) => problem.path),
        ...answers.filter((each) => each.text === undefined).map(({ use }) => use.path)
      ],
      hide: hider([
        ...[...variables].flatMap(([name, found]) =>
          Either.isRight(found) ? [[found.right, `\${${name}}`] as const] : []
        ),
        ...answers.flatMap(({ file }) => (file === undefined ? [] : [[file, "***"] as const]))
      ])
    }
  })

/**
 * Whether a variable, key or parameter is named like one that holds a credential.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isCredentialName = (name: string): boolean => {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()
  return (
    /token|secret|passw|apikey|api_key|hash_salt/.test(words) ||
    (/(^|[^a-z])(auth|authori[sz]ation|pwd|credentials?|cookie|signature|key)($|[^a-z])/.test(words) &&
      !/(primary|merge)_key/.test(words))
  )
}

/**
 * Whether what stands at this path is a secret, or may be one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isSecretPath = (path: Problem.Path): boolean => {
  const last = String(path.findLast((key) => typeof key === "string") ?? "")
  return path.includes("headers") || (path.includes("auth") ? !plainAuth.test(last) : isCredentialName(last))
}

// --- internal ---

/** What stands under `auth` and is known to others: a name, an address. */
const plainAuth =
  /^(type|name|location|username|client_id|access_token_url|auth_endpoint|scopes?|default_token_expiration|auth_method)$/

interface Use {
  readonly path: Problem.Path
  readonly reference: Reference.Reference
}

interface Answer {
  readonly use: Use
  readonly text: string | undefined
  readonly secrets: ReadonlyArray<string>
  readonly problems: ReadonlyArray<Problem.Problem>
  /** What was read from a file. */
  readonly file?: string
}

/** A value of one to three characters is no secret, and is part of half the words there are. */
const hider = (values: ReadonlyArray<readonly [value: string, name: string]>) => {
  const known = values
    .flatMap(([value, name]) => [value, JSON.stringify(value).slice(1, -1)].map((form) => [form, name] as const))
    .filter(([form]) => form.length > 3)
    .toSorted(([a], [b]) => b.length - a.length)
  return (message: string) =>
    known.reduce((text, [form, name]) => text.replaceAll(form, () => name), Placeholder.plain(message))
}

const missing = (path: Problem.Path, message: string, hint?: string): Problem.Problem => ({
  path,
  at: "value",
  kind: "secret",
  message,
  hint
})

const collect = (
  root: unknown
): { readonly uses: ReadonlyArray<Use>; readonly problems: ReadonlyArray<Problem.Problem> } => {
  const uses: Array<Use> = []
  const problems: Array<Problem.Problem> = []
  const walk = (value: unknown, path: Problem.Path): void => {
    const complaint = typeof value === "string" ? Placeholder.complain(value, placeOf(path)) : undefined
    if (complaint !== undefined) return void problems.push(Problem.invalid(path, complaint.message, complaint.hint))
    const reference = Reference.of(value)
    if (reference === undefined) {
      if (typeof value === "object" && value !== null)
        for (const [key, child] of entries(value)) walk(child, [...path, key])
    } else if (Either.isLeft(reference)) {
      problems.push(Problem.invalid(path, reference.left.message, reference.left.hint))
    } else {
      uses.push({ path, reference: reference.right })
    }
  }
  walk(root, [])
  return { uses, problems }
}

const entries = (value: object): ReadonlyArray<readonly [PropertyKey, unknown]> =>
  Array.isArray(value) ? [...value.entries()] : Object.entries(value)

const placeOf = (path: Problem.Path): Placeholder.Place => {
  if (path[0] === "resources" && path.length === 2) return "path"
  const endpoint = path[0] === "resources" ? path.slice(2) : path.slice(1)
  if (path[0] === "client") return path[1] === "auth" ? "auth" : path[1] === "headers" ? "header" : "other"
  if (endpoint[0] !== "endpoint") return "other"
  switch (endpoint[1]) {
    case undefined:
    case "path":
      return "path"
    case "params":
    case "headers":
    case "data":
      return "text"
    case "json":
      return "json"
    case "auth":
      return "auth"
    default:
      return "other"
  }
}

/** Texts that may hold placeholders of a request. */
const isTemplate = (path: Problem.Path) => ["path", "text", "json"].includes(placeOf(path))

/** Left: why there is no value. */
const variable = (name: string): Effect.Effect<Either.Either<string, string>> =>
  Config.string(name).pipe(
    Effect.mapError(() => `the environment variable ${name} is not set`),
    Effect.either
  )

const answer = (
  use: Use,
  variables: ReadonlyMap<string, Either.Either<string, string>>,
  directory: string
): Effect.Effect<Answer, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const { path, reference } = use
    const names = Reference.variables(reference)
    const mustHold = path.includes("auth") || path.includes("headers")
    const problems = names.flatMap((name) => {
      const found = variables.get(name)
      if (found === undefined || Either.isLeft(found))
        return [missing(path, found?.left ?? `the environment variable ${name} is not set`)]
      return found.right === "" && mustHold ? [missing(path, `the environment variable ${name} is empty`)] : []
    })
    const lookup = (name: string) => Either.getOrUndefined(variables.get(name) ?? Either.left(""))
    const secrets = names
      .filter((name) => isSecretPath(path) || isCredentialName(name))
      .flatMap((name) => lookup(name) || [])
    const protect = reference._tag === "Text" && isTemplate(path) ? Placeholder.protect : (value: string) => value
    const text = Reference.fill(reference.parts, (name) => {
      const value = lookup(name)
      return value === undefined ? undefined : protect(value)
    })
    if (problems.length > 0 || text === undefined) return { use, text: undefined, secrets, problems }
    if (reference._tag === "Text") return { use, text, secrets, problems }
    const file = `the file ${reference.parts.map((part) => (part._tag === "Text" ? part.text : `\${${part.name}}`)).join("")}`
    const content = yield* Effect.either(read(text, directory))
    if (Either.isLeft(content))
      return { use, text: undefined, secrets, problems: [missing(path, `${file} ${content.left}`)] }
    if (content.right === "") return { use, text: undefined, secrets, problems: [missing(path, `${file} is empty`)] }
    const written = isTemplate(path) ? Placeholder.protect(content.right) : content.right
    return { use, text: written, secrets: [...secrets, content.right], problems, file: content.right }
  })

const read = (file: string, directory: string): Effect.Effect<string, string, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const paths = yield* Path.Path
    const text = yield* fs
      .readFileString(paths.resolve(directory, file))
      .pipe(
        Effect.mapError((error) =>
          error._tag === "SystemError" && error.reason === "NotFound" ? "does not exist" : "cannot be read"
        )
      )
    return text.replace(/\r?\n$/, "")
  })

const replace = (value: unknown, path: Problem.Path, filled: ReadonlyMap<string, string | undefined>): unknown => {
  const key = Problem.format(path)
  if (filled.has(key)) {
    // A stand-in for what is missing lets the rest of the object be checked.
    return filled.get(key) ?? "missing"
  }
  if (Array.isArray(value)) return value.map((item, index) => replace(item, [...path, index], filled))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, replace(child, [...path, name], filled)])
  )
}
