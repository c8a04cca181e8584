/**
 * The SOURCE argument → a `Source`: a built-in one, a configuration file, or a module with a `Source` as its default export.
 *
 * Whatever kind it is, its secrets are hidden from all output from here on. Sends nothing.
 */
import * as Args from "@effect/cli/Args"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Api from "../Api.ts"
import { variables } from "../sources/postmark/variables.ts"
import { secrets, type Source } from "../Source.ts"
import type { Issue, SpecError } from "../Spec/SpecError.ts"
import * as Suggest from "../Spec/Suggest.ts"
import { CliError } from "./CliError.ts"
import * as File from "./File.ts"
import * as Format from "./Format.ts"
import { Shell } from "./Shell.ts"
import * as SourceModule from "./SourceModule.ts"
import * as StandIn from "./StandIn.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const argument: Args.Args<string> = Args.text({ name: "SOURCE" }).pipe(
  Args.withDescription(
    "postmark, or a path to a configuration (*.yaml, *.yml, *.json) or to a module (*.ts, *.js, *.mjs) whose default export is a Source."
  )
)

/**
 * The variables the built-in sources read.
 *
 * @since 0.1.0
 * @category defaults
 */
export const environment: ReadonlyArray<readonly [name: string, meaning: string]> = [
  [
    variables.serverToken,
    "postmark: the token of a server, for its statistics, streams, messages, bounces, templates, webhooks and rules."
  ],
  [
    variables.accountToken,
    "postmark: the token of the account, for domains, servers and sender signatures. One token is enough to start."
  ],
  [
    variables.apiKey,
    "postmark: the key of an API of the same resources with /v1 paths and the header api_key, instead of tokens; needs a base URL."
  ],
  [variables.baseUrl, "postmark: another API than https://api.postmarkapp.com, such as a sandbox."],
  ["…", "A configuration file names its own: ${NAME} in it is taken from the environment."]
]

/**
 * A source, and what is doubtful about its configuration.
 *
 * @since 0.1.0
 * @category models
 */
export interface Resolved {
  readonly source: Source
  readonly warnings: ReadonlyArray<Issue>
}

type Failure = CliError | SpecError | ConfigError

/**
 * As `resolve`, for commands that are about the configuration or act on it: they say what is doubtful, on stderr.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resolveWithWarnings = (
  name: string
): Effect.Effect<Resolved, Failure, Shell | FileSystem.FileSystem | Path.Path> =>
  Effect.tap(read(name), ({ warnings }) => Effect.forEach(warnings, say, { discard: true }))

/**
 * Also checks what can be checked of the API without a request.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resolve = (name: string): Effect.Effect<Source, Failure, Shell | FileSystem.FileSystem | Path.Path> =>
  Effect.map(read(name), ({ source }) => source)

/**
 * A source as it is declared, for commands that send nothing: values from outside that are missing are no reason to fail.
 *
 * @since 0.1.0
 * @category constructors
 */
export const declared = (name: string): Effect.Effect<Source, Failure, Shell | FileSystem.FileSystem | Path.Path> =>
  Effect.catchIf(resolve(name), isUnset, (missing) =>
    // What is wrong beside is told as it would be anyway: with the missing values in the first place.
    // The key would choose the preset, beside the tokens.
    Effect.mapError(StandIn.provide(resolve(name), name === "postmark" ? [variables.apiKey] : []), () => missing)
  )

/**
 * @since 0.1.0
 * @category defaults
 */
export const builtIn: ReadonlyArray<string> = ["postmark"]

// --- internal ---

const read = (name: string) =>
  Effect.gen(function* () {
    const resolved = yield* load(name)
    const { source } = resolved
    const shell = yield* Shell
    yield* shell.hide(secrets(source))
    yield* Effect.mapError(
      Api.make(source.api),
      (error) =>
        new CliError({
          reason: "Source",
          detail: `${name}: ${error.message}`,
          ...(name === "postmark" && error.reason === "InvalidBaseUrl"
            ? { hint: `It comes from ${variables.baseUrl}.` }
            : {})
        })
    )
    return resolved
  })

const isUnset = (error: Failure): boolean =>
  (error._tag === "SpecError" && error.reason === "MissingSecret") ||
  (error._tag === "CliError" && error.reason === "Secret")

const load = (name: string): Effect.Effect<Resolved, Failure, Shell | FileSystem.FileSystem | Path.Path> => {
  const alone = (source: Source): Resolved => ({ source, warnings: [] })
  if (name === "postmark") return Effect.map(postmark, alone)
  if (/\.(?:ya?ml|json)$/i.test(name)) {
    // YAML is a tenth of the program's size, and most runs need none.
    return Effect.flatMap(
      Effect.promise(() => import("../Spec.ts")),
      (spec) => spec.loadWithWarnings(name)
    )
  }
  return SourceModule.isModule(name) ? Effect.map(SourceModule.load(name), alone) : unknown(name)
}

/** As mistakes are told, with their place; but they keep nobody from going on. */
const say = ({ column, file, hint, line, message, path }: Issue) =>
  Effect.flatMap(Shell, ({ err, say }) => {
    const text = `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}${hint === undefined ? "" : `; ${hint}`}`
    return say(Format.hang(`${err.style.yellow("warning:")} `, text, { indent: 9, columns: Format.measure(err) }))
  })

const postmark = Effect.gen(function* () {
  const Postmark = yield* Effect.promise(() => import("../sources/postmark.ts"))
  const options = yield* Postmark.config
  const problem = Postmark.problem(options)
  if (problem !== undefined) return yield* new CliError({ reason: "Secret", ...problem })
  if ([options.serverToken, options.accountToken, options.apiKey].some((secret) => secret !== undefined))
    return Postmark.make(options)
  const { accountToken, serverToken } = variables
  return yield* new CliError({
    reason: "Secret",
    detail: `postmark needs a token: neither ${serverToken} nor ${accountToken} is set`,
    hint:
      `${serverToken} (Postmark: Servers > your server > API Tokens) reads what belongs to that server: messages, bounces and more.\n` +
      `${accountToken} (Postmark: Account > API Tokens) reads domains, servers and sender signatures.\n` +
      "Set one or both, or try `sluice demo`, which needs none."
  })
})

const endings = [".yaml", ".yml", ".json", ".ts", ".js", ".mjs"]

const unknown = (name: string) =>
  Effect.gen(function* () {
    const files = yield* Effect.filter(
      endings.map((ending) => name + ending),
      File.exists
    )
    const meant = files[0] ?? Suggest.closest(name, builtIn)
    return yield* new CliError({
      reason: "Source",
      detail: `there is no source ${JSON.stringify(name)}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      hint: `A source is ${builtIn.join(", ")}, or a path that ends in ${endings.slice(0, -1).join(", ")} or ${endings.at(-1)}.`
    })
  })
