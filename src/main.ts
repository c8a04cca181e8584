/**
 * The program behind `bin.ts`: runs a command line in this process, with its streams, its signals and its exit code.
 *
 * The platform of the runtime at hand is loaded on demand: most mistakes in a command line need none.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
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

/** Processes of our own, for `crash-test`: node:child_process on every runtime. */
const executor = Layer.unwrapEffect(
  Effect.promise(async () => (await import("@effect/platform-node/NodeCommandExecutor")).layer)
)

const platform: Layer.Layer<Cli.Platform, TableError> = Layer.provideMerge(executor, stages)

const { bun, deno, node } = process.versions as Readonly<Record<string, string | undefined>>

const runtime = deno !== undefined ? `Deno ${deno}` : bun !== undefined ? `Bun ${bun}` : `Node ${node}`

let mask = (text: string) => text
const shell = Layer.effect(
  Shell.Shell,
  Effect.tap(
    Shell.make({
      stdout: process.stdout,
      stderr: process.stderr,
      runtime,
      pid: process.pid,
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

/**
 * `lost` says at the end whether some of the output did not get where it should.
 *
 * @since 0.1.0
 * @category combinators
 */
export const start = (argv: ReadonlyArray<string>, lost: () => boolean): void => {
  // What is thrown outside of everything, by a timer of a source's own module for one: a runtime would print all it knows
  // of it, causes and a line of the source included.
  process.on("uncaughtException", (error: unknown) => {
    process.stderr.write(mask(`sluice: sorry, this should not happen: ${Report.trace(error)}\n`), () => process.exit(1))
  })
  NodeRuntime.runMain(Cli.run(argv, platform).pipe(Effect.provide(shell)), {
    disableErrorReporting: true,
    disablePrettyLogger: true,
    // Everything said is with the system by now; what still holds the event loop, a kept-alive connection, must not hold
    // the user. The default would exit 0 on a signal.
    teardown: (exit) => process.exit(lost() ? Report.ended(exit) || 1 : Report.ended(exit))
  })
}
