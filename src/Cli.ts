/**
 * The command line: composes the commands, one file each in `Cli/`, and turns every ending into an exit code.
 *
 * Outside the row's path; looks in from above. 0 complete · 1 failed · 2 usage or configuration · 3 partial · 130 interrupted.
 * Knows no runtime: `bin.ts` gives it the words, the streams (as `Shell`) and the platform.
 */
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import type * as ValidationError from "@effect/cli/ValidationError"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Terminal from "@effect/platform/Terminal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Runtime from "effect/Runtime"
import * as Argv from "./Cli/Argv.ts"
import * as Armed from "./Cli/Armed.ts"
import * as Check from "./Cli/Check.ts"
import * as CliError from "./Cli/CliError.ts"
import * as Completions from "./Cli/Completions.ts"
import * as CrashTest from "./Cli/CrashTest.ts"
import * as Demo from "./Cli/Demo.ts"
import * as Grammar from "./Cli/Grammar.ts"
import * as Help from "./Cli/Help.ts"
import * as Import from "./Cli/Import.ts"
import * as Init from "./Cli/Init.ts"
import * as Plan from "./Cli/Plan.ts"
import * as Preview from "./Cli/Preview.ts"
import * as Rebuild from "./Cli/Rebuild.ts"
import * as Rejects from "./Cli/Rejects.ts"
import * as Report from "./Cli/Report.ts"
import * as Sandbox from "./Cli/Sandbox.ts"
import * as Schema from "./Cli/Schema.ts"
import { Shell } from "./Cli/Shell.ts"
import * as State from "./Cli/State.ts"
import * as Status from "./Cli/Status.ts"
import * as Sync from "./Cli/Sync.ts"
import type * as Host from "./Host.ts"
import type { TableError } from "./Table/TableError.ts"
import { version } from "./Version.ts"

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
      const invocation = yield* Argv.parse(argv, grammars)
      switch (invocation._tag) {
        case "Version":
          yield* shell.print(version)
          return 0
        case "Help":
          yield* shell.print(help(invocation.command, shell.out))
          return 0
        case "Completions":
          yield* shell.print(yield* Completions.script(root.descriptor, invocation.shell))
          return 0
        case "Run": {
          const flags = yield* parse(invocation)
          yield* root
            .handler(flags)
            .pipe(
              yield* Armed.fromEnvironment,
              Logger.withMinimumLogLevel(levelOf(invocation.logLevel)),
              Effect.provide(Layer.merge(platform, logger))
            )
          return 0
        }
      }
    }),
    { json: wantsJson(argv) }
  )

/**
 * Every command, in the order that help lists them.
 *
 * @since 0.1.0
 * @category defaults
 */
export const entries: ReadonlyArray<Help.Entry> = [
  Sync,
  Check,
  Plan,
  Preview,
  Init,
  Import,
  Rebuild,
  Status,
  State.show,
  State.reset,
  Rejects.list,
  Rejects.replay,
  Schema.json,
  Schema.types,
  Schema.ddl,
  CrashTest,
  Sandbox,
  Demo
]

// --- internal ---

/** As far as can be told of a command line that may be wrong. */
const wantsJson = (argv: ReadonlyArray<string>): boolean => {
  const end = argv.indexOf("--")
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json")
}

const root = Command.make("sluice").pipe(
  Command.withSubcommands([
    Sync.command,
    Check.command,
    Plan.command,
    Preview.command,
    Init.command,
    Import.command,
    Rebuild.command,
    Status.command,
    State.command,
    Rejects.command,
    Schema.command,
    CrashTest.command,
    Sandbox.command,
    Demo.command
  ])
)

const grammars = entries.map(({ command, guide }) => Grammar.of(guide.name, command.descriptor))

const help = (name: string | undefined, view: Shell["Type"]["out"]): string => {
  const entry = entries.find(({ guide }) => guide.name === name)
  const group = entries.filter(({ guide }) => guide.name.startsWith(`${name} `))
  if (name !== undefined && group.length > 0) return Help.group(name, group, view)
  return entry === undefined
    ? Help.overview(
        entries.map(({ guide }) => guide),
        version,
        view
      )
    : Help.command(entry, view)
}

/** Values of options are checked here, by the options themselves. */
const parse = (invocation: Extract<Argv.Invocation, { readonly _tag: "Run" }>) =>
  CommandDescriptor.parse(
    root.descriptor,
    ["sluice", ...invocation.args],
    CliConfig.make({ isCaseSensitive: true })
  ).pipe(
    Effect.mapError((error: ValidationError.ValidationError) =>
      CliError.usage(Help.plain(error.error), `Run \`sluice ${invocation.command} --help\` to see what it takes.`)
    ),
    Effect.flatMap((directive) =>
      directive._tag === "UserDefined" && directive.leftover.length === 0
        ? Effect.succeed(directive.value)
        : Effect.fail(CliError.usage(`${invocation.command} cannot be read as it stands`))
    ),
    Effect.provide(nothing)
  )

/** Options could ask for files and for answers of the user; ours do not. */
const nothing = Layer.mergeAll(
  FileSystem.layerNoop({}),
  Path.layer,
  Layer.succeed(Terminal.Terminal, {
    columns: Effect.succeed(0),
    rows: Effect.succeed(0),
    isTTY: Effect.succeed(false),
    readInput: Effect.die("sluice asks no questions"),
    readLine: Effect.die("sluice asks no questions"),
    display: () => Effect.void
  })
)

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
