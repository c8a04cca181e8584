/**
 * How a command that failed says so: one clear message on stderr, and the exit code. Never a stack trace for what is expected.
 */
import * as Cause from "effect/Cause"
import type { ConfigError } from "effect/ConfigError"
import * as ConfigErrors from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { ApiError } from "../Api.ts"
import type { FetchError } from "../Fetch/FetchError.ts"
import type { PageError } from "../Page/PageError.ts"
import type { RebuildError } from "../Rebuild/RebuildError.ts"
import type { RowError } from "../Row/RowError.ts"
import type { SandboxError } from "../sandbox/SandboxError.ts"
import type { SpecError } from "../Spec/SpecError.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import type { TableError } from "../Table/TableError.ts"
import type { CliError, Outcome } from "./CliError.ts"
import * as Format from "./Format.ts"
import { Shell } from "./Shell.ts"

/**
 * Everything a command may fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type Failure =
  | CliError
  | Outcome
  | SpecError
  | ApiError
  | FetchError
  | PageError
  | RowError
  | TableError
  | SyncError
  | RebuildError
  | SandboxError
  | ConfigError

/**
 * @since 0.1.0
 * @category combinators
 */
export const exitCode = (failure: Failure): number => {
  switch (failure._tag) {
    case "Outcome":
      return failure.code
    case "TableError":
    case "FetchError":
    case "PageError":
    case "RowError":
    case "RebuildError":
      return 1
    case "CliError":
      return ["Unwritable", "Unreadable", "NoConfig", "Child"].includes(failure.reason) ? 1 : 2
    case "SandboxError":
      return failure.reason === "PortInUse" || failure.reason === "Listen" ? 1 : 2
    default:
      return 2
  }
}

/**
 * Prints what went wrong and gives the exit code; only an interruption passes through. With `json` stdout gets its one
 * document also then: `{ "error": { "reason", "message", "exit_code" } }`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const caught = <R>(
  command: Effect.Effect<number, Failure, R>,
  options: { readonly json: boolean } = { json: false }
): Effect.Effect<number, never, R | Shell> =>
  Effect.catchAllCause(command, (cause) => {
    // A failure first: what ran beside it was interrupted and is in the cause, too. A fiber that was interrupted itself
    // does not come by here.
    const failure = Option.getOrUndefined(Cause.failureOption(cause))
    if (failure?._tag === "Outcome") return Effect.succeed(failure.code)
    const document = (reason: string, message: string, code: number) =>
      options.json
        ? Effect.flatMap(Shell, ({ print }) => print(JSON.stringify({ error: { reason, message, exit_code: code } })))
        : Effect.void
    if (failure !== undefined) {
      const code = exitCode(failure)
      const reason = ConfigErrors.isConfigError(failure) ? "Config" : failure.reason
      const message = ConfigErrors.isConfigError(failure) ? settings(failure) : failure.message
      return Effect.as(Effect.zipRight(expected(failure), document(reason, message, code)), code)
    }
    if (Cause.isInterruptedOnly(cause)) return Effect.interrupt
    return Effect.as(Effect.zipRight(defect(cause), document("Defect", String(Cause.squash(cause)), 1)), 1)
  })

/**
 * The process's exit code for how the program ended: its own word, 130 when it was interrupted.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ended = (exit: Exit.Exit<unknown, unknown>): number =>
  Exit.match(exit, {
    onSuccess: (code) => (typeof code === "number" ? code : 1),
    onFailure: (cause) => (Cause.isInterrupted(cause) ? 130 : 1)
  })

/**
 * An error with its stack and those of its causes.
 *
 * @since 0.1.0
 * @category conversions
 */
export const trace = (error: unknown, depth = 0): string => {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined || depth >= 10 ? "" : `\ncaused by ${trace(error.cause, depth + 1)}`
  return `${error.stack ?? `${error.name}: ${error.message}`}${cause}`
}

// --- internal ---

const say = (message: string, hint?: string) =>
  Effect.flatMap(Shell, ({ err, mask, say }) => {
    const columns = Format.measure(err)
    // Before the lines are broken: a secret may have blanks.
    const head = Format.hang(`${err.style.red("sluice:")} `, mask(message), { indent: 8, columns })
    return say(hint === undefined ? head : `${head}\n${Format.hang("", mask(hint), { indent: 8, columns })}`)
  })

const expected = (failure: Exclude<Failure, Outcome>) => {
  if (ConfigErrors.isConfigError(failure)) return say(settings(failure))
  return say(failure.message, failure._tag === "CliError" ? failure.hint : undefined)
}

/** The names, without the parts that `ConfigError` prints around them. */
const settings = (error: ConfigError): string => {
  switch (error._op) {
    case "And":
    case "Or":
      return `${settings(error.left)}; ${settings(error.right)}`
    default:
      return `the environment variable ${error.path.join("_")} cannot be used: ${error.message}`
  }
}

/** Most often a runtime that refuses something; its own words are better than a trace. */
const defect = (cause: Cause.Cause<never> | Cause.Cause<Failure>) =>
  Effect.gen(function* () {
    const error = Cause.squash(cause)
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (denied.test(message))
      return yield* say(
        message.replace(/^\w+: /, ""),
        "Deno asks for permissions; the README lists those that sluice needs."
      )
    yield* say(
      `sorry, this should not happen: ${message}`,
      "What is in the database is intact. Please report it with the command and `--log-level debug`."
    )
    yield* Effect.logDebug("defect", cause)
  })

const denied = /NotCapable|PermissionDenied|Requires \w+ access/
