/**
 * `SLUICE_FAIL_POINT=page.commit:3`: the process kills itself there, as `kill -9` would, to see that the next run makes up for it.
 *
 * For tests of crashes, `sluice crash-test` among them. Without the variable nothing is armed.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FailPoint from "../FailPoint.ts"
import * as CliError from "./CliError.ts"
import { Shell } from "./Shell.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const variable = "SLUICE_FAIL_POINT"

/**
 * What arms a command with the fail point that the environment names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromEnvironment = Effect.gen(function* () {
  const { kill } = yield* Shell
  // Deno throws where a variable may not be looked at; then it counts as not set.
  const text = yield* Effect.catchAllCause(Config.string(variable), () => Effect.succeed(""))
  const place = text === "" ? undefined : FailPoint.parse(text)
  if (place !== undefined && Either.isLeft(place)) {
    return yield* CliError.usage(`${variable}: ${place.left}`, "Unset it to run as usual.")
  }
  return <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    place === undefined
      ? command
      : Effect.provideService(command, FailPoint.FailPoint, FailPoint.once(place.right, kill))
})
