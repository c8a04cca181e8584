/**
 * The program behind `bin.ts`: runs a command line in this process, with its streams, its signals and its exit code.
 *
 * The platform of the runtime at hand is loaded on demand: most mistakes in a command line need none.
 */
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import process from "node:process"
import * as Cli from "./Cli.ts"
import * as Report from "./Cli/Report.ts"
import * as Shell from "./Cli/Shell.ts"
import type * as Host from "./Host.ts"
import type { TableError } from "./Table/TableError.ts"

const stages: Layer.Layer<Host.Platform, TableError> = Layer.unwrapEffect(
  Effect.promise(async () => {
    if ("Deno" in globalThis) return (await import("./deno.ts")).platform
    if ("Bun" in globalThis) return (await import("./bun.ts")).platform
    return (await import("./node.ts")).platform
  })
)

/** Processes of our own: node:child_process on every runtime, loaded by the first of them. Only `crash-test` has any. */
const executor = Layer.effect(
  CommandExecutor.CommandExecutor,
  Effect.map(Effect.context<FileSystem.FileSystem>(), (context) =>
    CommandExecutor.makeExecutor((command) =>
      Effect.promise(() => import("@effect/platform-node/NodeCommandExecutor")).pipe(
        Effect.flatMap(({ layer }) => Layer.build(layer)),
        Effect.flatMap((built) => Context.get(built, CommandExecutor.CommandExecutor).start(command)),
        Effect.provide(context)
      )
    )
  )
)

const platform: Layer.Layer<Cli.Platform, TableError> = Layer.provideMerge(executor, stages)

const { bun, deno, node } = process.versions as Readonly<Record<string, string | undefined>>

const runtime = deno !== undefined ? `Deno ${deno}` : bun !== undefined ? `Bun ${bun}` : `Node ${node}`

let mask = (text: string) => text

/**
 * What the process has that a script has not, and what it knows at the end: whether some of the output did not get where it
 * should.
 *
 * @since 0.1.0
 * @category models
 */
export interface Process {
  readonly load: (url: string) => Promise<unknown>
  readonly lost: () => boolean
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const start = (argv: ReadonlyArray<string>, { load, lost }: Process): void => {
  // What is thrown outside of everything, by a timer of a source's own module for one: a runtime would print all it knows
  // of it, causes and a line of the source included.
  process.on("uncaughtException", (error: unknown) => {
    process.stderr.write(mask(`sluice: sorry, this should not happen: ${Report.trace(error)}\n`), () => process.exit(1))
  })
  NodeRuntime.runMain(Cli.run(argv, platform).pipe(Effect.provide(shell(load))), {
    disableErrorReporting: true,
    disablePrettyLogger: true,
    // Everything said is with the system by now; what still holds the event loop, a kept-alive connection, must not hold
    // the user. The default would exit 0 on a signal.
    teardown: (exit) => process.exit(lost() ? Report.ended(exit) || 1 : Report.ended(exit))
  })
}

// --- internal ---

const shell = (load: Process["load"]) =>
  Layer.effect(
    Shell.Shell,
    Effect.tap(
      Shell.make({
        stdout: process.stdout,
        stderr: process.stderr,
        runtime,
        pid: process.pid,
        load,
        // Deno does not say which permissions it was given; who may start any program has them all.
        self:
          deno === undefined
            ? [process.execPath, ...process.execArgv, process.argv[1]!]
            : [process.execPath, "run", "--allow-all", process.argv[1]!],
        kill: () => process.kill(process.pid, "SIGKILL")
      }),
      (made) => Effect.sync(() => (mask = made.mask))
    )
  )
