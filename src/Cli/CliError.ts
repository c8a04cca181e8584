/**
 * What can be wrong with a command line before anything is asked or opened: what it is, what to do.
 *
 * And `Outcome`, for a command that has said all there is to say and leaves only its exit code.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/**
 * - `Usage` the command line itself · `Source` no such source, or none that can be used · `Secret` a token is not set
 * - `Database` no database to look into, or several · `Output` a file to be made is there already
 * - `Unwritable` a file cannot be made, `Unreadable` a resource cannot be asked for, `NoConfig` there is nothing to import, `Child` a
 *   process of our own does not run: no mistakes of the user's, and exit code 1
 *
 * @since 0.1.0
 * @category errors
 */
export class CliError extends Schema.TaggedError<CliError>("sluice/CliError")("CliError", {
  reason: Schema.Literal(
    "Usage",
    "Source",
    "Secret",
    "Database",
    "Output",
    "Unwritable",
    "Unreadable",
    "NoConfig",
    "Child"
  ),
  detail: Schema.String,
  /** What to do about it, on lines of its own. */
  hint: Schema.optional(Schema.String)
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return false
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const usage = (detail: string, hint?: string): CliError =>
  new CliError({ reason: "Usage", detail, ...(hint === undefined ? {} : { hint }) })

/**
 * @since 0.1.0
 * @category errors
 */
export class Outcome extends Schema.TaggedError<Outcome>("sluice/Outcome")("Outcome", {
  code: Schema.Number
}) {}

/**
 * Ends a command with an exit code.
 *
 * @since 0.1.0
 * @category constructors
 */
export const exit = (code: number): Effect.Effect<void, Outcome> =>
  code === 0 ? Effect.void : Effect.fail(new Outcome({ code }))
