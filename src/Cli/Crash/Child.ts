/**
 * One `sluice sync` in a process of its own, served from a recording, which may be killed on the way.
 */
import * as Command from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import type { PlatformError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { CliError } from "../CliError.ts"
import { variable as failPoint } from "../Armed.ts"
import { variable as replay } from "./Replay.ts"

/**
 * What all runs of a test have in common.
 *
 * @since 0.1.0
 * @category models
 */
export interface Settings {
  /** Starts this program again. */
  readonly self: ReadonlyArray<string>
  readonly source: string
  readonly resources: ReadonlyArray<string>
  readonly recording: string
}

/**
 * Where a run is to die: at a fail point by itself, or killed from outside after so long.
 *
 * @since 0.1.0
 * @category models
 */
export type Kill = { readonly place: string } | { readonly afterMillis: number }

/**
 * @since 0.1.0
 * @category models
 */
export interface End {
  /** `undefined`: it was killed. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  settings: Settings,
  db: string,
  kill?: Kill
): Effect.Effect<End, CliError, CommandExecutor.CommandExecutor> =>
  Effect.scoped(
    Effect.gen(function* () {
      const [program = "", ...before] = settings.self
      const resources = settings.resources.flatMap((name) => ["--resource", name])
      const command = Command.make(
        program,
        ...before,
        "sync",
        settings.source,
        "--db",
        db,
        "--json",
        ...resources
      ).pipe(
        Command.env({
          [replay]: settings.recording,
          [failPoint]: kill !== undefined && "place" in kill ? kill.place : "",
          NO_COLOR: "1"
        }),
        Command.stdin("inherit")
      )
      const child = yield* Command.start(command)
      const stdout = yield* Effect.fork(text(child.stdout))
      const stderr = yield* Effect.fork(text(child.stderr))
      if (kill !== undefined && "afterMillis" in kill) {
        yield* Effect.fork(Effect.delay(Effect.ignore(child.kill("SIGKILL")), kill.afterMillis))
      }
      const code = yield* Effect.orElseSucceed(
        Effect.map(child.exitCode, (code): number | undefined => code),
        () => undefined
      )
      return { code, stdout: yield* Fiber.join(stdout), stderr: yield* Fiber.join(stderr) }
    })
  ).pipe(
    Effect.timeoutFail({
      duration: "2 minutes",
      onTimeout: () => new CliError({ reason: "Child", detail: "a run of `sluice sync` did not end within 2 minutes" })
    }),
    Effect.catchTags({ BadArgument: cannot, SystemError: cannot })
  )

// --- internal ---

const text = (stream: Stream.Stream<Uint8Array, PlatformError>) => Stream.mkString(Stream.decodeText(stream))

const cannot = (error: PlatformError) =>
  Effect.fail(new CliError({ reason: "Child", detail: `sluice cannot be started a second time: ${error.message}` }))
