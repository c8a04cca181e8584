import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as BetterSqlite from "../../src/Table/BetterSqlite.ts"
import { Driver } from "../../src/Table/Driver.ts"

describe("AutoDriver", () => {
  it.scoped("gives better-sqlite3 on Node where it loads, node:sqlite elsewhere", () =>
    Effect.gen(function* () {
      const driver = yield* Effect.provide(Driver, AutoDriver.layer)
      const better = yield* Effect.either(Effect.provide(Driver, BetterSqlite.layerDriver))
      const isNode = process.versions.bun === undefined && process.versions.deno === undefined
      assert.strictEqual(driver.name, isNode && Either.isRight(better) ? "better-sqlite3" : "node:sqlite")
      const sql = yield* driver.open({ filename: ":memory:" })
      assert.deepStrictEqual(yield* sql`SELECT 1`.values, [[1]])
    })
  )
})
