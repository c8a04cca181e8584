/**
 * The command line: finds what is asked for, runs it, and turns every ending into an exit code. One file a command in `Cli/`.
 *
 * Outside the row's path; looks in from above. 0 complete · 1 failed · 2 usage or configuration · 3 partial · 130 interrupted.
 * Knows no runtime: `main.ts` gives it the words, the streams (as `Shell`) and the platform. Loads what the command needs.
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Runtime from "effect/Runtime"
import * as Armed from "./Cli/Armed.ts"
import * as CliError from "./Cli/CliError.ts"
import * as Front from "./Cli/Front.ts"
import * as Load from "./Cli/Load.ts"
import * as Report from "./Cli/Report.ts"
import { Shell } from "./Cli/Shell.ts"
import type * as Host from "./Host.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * What commands are run over: that of the stages, and processes of their own.
 *
 * @since 0.1.0
 * @category models
 */
export type Platform = Host.Platform | CommandExecutor

/**
 * Runs one command line and gives its exit code. Whatever goes wrong has been said by then; only an interruption is passed
 * on. The platform is built only for commands that need one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  argv: ReadonlyArray<string>,
  platform: Layer.Layer<Platform, TableError>
): Effect.Effect<number, never, Shell> =>
  Report.caught(
    Effect.gen(function* () {
      const shell = yield* Shell
      const invocation = yield* Effect.mapError(Front.read(argv), ({ detail, hint }) => CliError.usage(detail, hint))
      const answer = Front.answer(invocation, shell.out)
      if (answer !== undefined) yield* shell.print(answer)
      else if (invocation._tag === "Completions") yield* shell.print(yield* completions(invocation.shell))
      else if (invocation._tag === "Run") {
        const command = yield* Load.run(invocation)
        yield* command.pipe(
          yield* Armed.fromEnvironment,
          Logger.withMinimumLogLevel(levelOf(invocation.logLevel)),
          Effect.provide(Layer.merge(platform, logger))
        )
      }
      return 0
    }),
    { json: wantsJson(argv) }
  )

// --- internal ---

/** As far as can be told of a command line that may be wrong. */
const wantsJson = (argv: ReadonlyArray<string>): boolean => {
  const end = argv.indexOf("--")
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json")
}

const completions = (shell: string) =>
  Effect.gen(function* () {
    const { Commands, Completions } = yield* Effect.promise(async () => ({
      Commands: await import("./Cli/Commands.ts"),
      Completions: await import("./Cli/Completions.ts")
    }))
    return yield* Completions.script(Commands.root.descriptor, shell)
  })

const levelOf = (name: string | undefined) =>
  LogLevel.allLevels.find((level) => level._tag.toLowerCase() === name) ?? LogLevel.Warning

/** One line per message, on stderr, without secrets. */
const logger = Layer.unwrapEffect(
  Effect.map(Effect.runtime<Shell>(), (runtime) =>
    Logger.replace(
      Logger.defaultLogger,
      Logger.map(Logger.logfmtLogger, (line) => {
        Runtime.runFork(runtime)(Effect.flatMap(Shell, ({ say }) => say(line)))
      })
    )
  )
)
