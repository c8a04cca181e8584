import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { FileSystem } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Host, Table } from "sluice"
import * as Ledger from "../../src/Cli/Ledger.ts"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"

const services = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer)

describe("Ledger", () => {
  it.scoped("the last run is the one that was begun last, also when the clock was set back", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const db = `${yield* fs.makeTempDirectoryScoped({ prefix: "sluice-" })}/shop.db`
      yield* Effect.gen(function* () {
        const table = yield* Table.Table
        yield* table.begin({ run: "01B", source: "shop", startedAt: "2026-01-02T00:00:00.000Z" })
        yield* table.begin({ run: "01A", source: "shop", startedAt: "2026-01-01T00:00:00.000Z" })
      }).pipe(Effect.provide(Host.layerTable({ db })))
      const ledger = yield* Ledger.read(db)
      assert.deepStrictEqual(
        ledger.runs.map(({ run }) => run),
        ["01A", "01B"]
      )
    }).pipe(Effect.provide(services))
  )
})
