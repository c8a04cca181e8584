/**
 * The one command that a run is about, by its first word: no other is loaded with it.
 *
 * Its options check their values here; which words are options, `Argv` has found out.
 */
import * as CliConfig from "@effect/cli/CliConfig"
import type * as Command from "@effect/cli/Command"
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import type * as ValidationError from "@effect/cli/ValidationError"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Terminal from "@effect/platform/Terminal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Platform } from "../Cli.ts"
import type * as Argv from "./Argv.ts"
import * as CliError from "./CliError.ts"
import * as Help from "./Help.ts"
import type { Failure } from "./Report.ts"
import type { Shell } from "./Shell.ts"

/**
 * What was asked for, ready to run.
 *
 * @since 0.1.0
 * @category models
 */
export type Run = Effect.Effect<void, Failure, Platform | Shell>

/**
 * @since 0.1.0
 * @category models
 */
export type Invocation = Extract<Argv.Invocation, { readonly _tag: "Run" }>

/**
 * By the first word of a command.
 *
 * @since 0.1.0
 * @category defaults
 */
export const commands: Readonly<
  Record<string, () => Promise<(invocation: Invocation) => Effect.Effect<Run, Failure>>>
> = {
  sync: async () => reading((await import("./Sync.ts")).command),
  check: async () => reading((await import("./Check.ts")).command),
  plan: async () => reading((await import("./Plan.ts")).command),
  preview: async () => reading((await import("./Preview.ts")).command),
  init: async () => reading((await import("./Init.ts")).command),
  import: async () => reading((await import("./Import.ts")).command),
  rebuild: async () => reading((await import("./Rebuild.ts")).command),
  status: async () => reading((await import("./Status.ts")).command),
  state: async () => reading((await import("./State.ts")).command),
  rejects: async () => reading((await import("./Rejects.ts")).command),
  schema: async () => reading((await import("./Schema.ts")).command),
  "crash-test": async () => reading((await import("./CrashTest.ts")).command),
  sandbox: async () => reading((await import("./Sandbox.ts")).command),
  demo: async () => reading((await import("./Demo.ts")).command)
}

/**
 * Fails for a value that its option refuses.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = (invocation: Invocation): Effect.Effect<Run, Failure> =>
  Effect.flatMap(Effect.promise(commands[invocation.command.split(" ")[0]!]!), (read) => read(invocation))

// --- internal ---

const reading =
  <Name extends string, R extends Platform | Shell, E extends Failure, A>(command: Command.Command<Name, R, E, A>) =>
  (invocation: Invocation): Effect.Effect<Run, Failure> =>
    CommandDescriptor.parse(command.descriptor, invocation.args, CliConfig.make({ isCaseSensitive: true })).pipe(
      Effect.mapError((error: ValidationError.ValidationError) =>
        CliError.usage(Help.plain(error.error), `Run \`sluice ${invocation.command} --help\` to see what it takes.`)
      ),
      Effect.flatMap((directive) =>
        directive._tag === "UserDefined" && directive.leftover.length === 0
          ? Effect.succeed(command.handler(directive.value))
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
