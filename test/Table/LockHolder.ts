/**
 * A process of its own for Lock.test.ts: takes the lock of the file named first, says so, and keeps it until it is
 * killed.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, Layer } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as Lock from "../../src/Table/Lock.ts"

const [file = "", run = ""] = process.argv.slice(2)

const holder = {
  pid: process.pid,
  host: "here",
  run,
  startedAt: "2026-11-23T12:00:00.000Z",
  command: "sluice sync postmark"
}

await Lock.hold(file, holder).pipe(
  Effect.zipRight(Effect.sync(() => process.stdout.write("held\n"))),
  Effect.zipRight(Effect.never),
  Effect.scoped,
  Effect.provide(Layer.mergeAll(AutoDriver.layer, NodeFileSystem.layer, NodePath.layer)),
  Effect.catchAll((error) =>
    Effect.sync(() => {
      process.stdout.write(`${error.reason} ${error.message}\n`)
      process.exitCode = 1
    })
  ),
  Effect.runPromise
)
