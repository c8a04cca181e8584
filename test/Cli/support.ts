/**
 * The command line inside the test: streams that remember, an environment of one's own, the sandbox as the network.
 */
import { NodeCommandExecutor, NodeFileSystem, NodePath } from "@effect/platform-node"
import { ConfigProvider, Effect, Layer } from "effect"
import * as Cli from "../../src/Cli.ts"
import * as Shell from "../../src/Cli/Shell.ts"
import * as Style from "../../src/Cli/Style.ts"
import type * as View from "../../src/Cli/View.ts"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import type { TableError } from "../../src/Table/TableError.ts"

export type Environment = Readonly<Record<string, string>>

export const tokens: Environment = {
  POSTMARK_SERVER_TOKEN: Sandbox.tokens.serverToken,
  POSTMARK_ACCOUNT_TOKEN: Sandbox.tokens.accountToken
}

/** Answers from a sandbox in memory; files and SQLite are real. */
export const platform = (options?: Sandbox.Options): Layer.Layer<Cli.Platform, TableError> =>
  Layer.mergeAll(
    NodeFileSystem.layer,
    NodePath.layer,
    AutoDriver.layer,
    Layer.orDie(Sandbox.layerClient(options)),
    Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  )

/** For commands that must come to their end without one. */
export const noPlatform: Layer.Layer<Cli.Platform, TableError> = Layer.effectContext(
  Effect.dieMessage("the platform was built for a command that needs none")
)

/** A stream that remembers; what `stdout` and `stderr` are. */
export const recorder = (options: { readonly isTTY?: boolean; readonly columns?: number } = {}) => {
  const written: Array<string> = []
  const stream: View.Stream = {
    ...options,
    write: (text, done) => {
      written.push(text)
      done?.()
    }
  }
  return { stream, text: () => written.join("") }
}

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const run = (
  argv: ReadonlyArray<string>,
  options: {
    readonly env?: Environment
    readonly platform?: Layer.Layer<Cli.Platform, TableError>
    readonly isTTY?: boolean
  } = {}
): Effect.Effect<Result> => {
  const out = recorder(options.isTTY === undefined ? {} : { isTTY: options.isTTY })
  const err = recorder()
  const shell = Layer.effect(
    Shell.Shell,
    Shell.make({ stdout: out.stream, stderr: err.stream, runtime: "Test 1", pid: 1 })
  )
  return Cli.run(argv, options.platform ?? noPlatform).pipe(
    Effect.provide(shell),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(options.env ?? {})))),
    Effect.map((code) => ({ code, stdout: out.text(), stderr: err.text() }))
  )
}

/** A pipe, or a terminal of that width, without colours. */
export const view = (columns?: number): View.View => ({
  isTerminal: columns !== undefined,
  style: Style.make(false),
  columns: columns ?? Infinity
})
