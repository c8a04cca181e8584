import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import { Driver } from "../../src/Table/Driver.ts"
import * as NodeSqlite from "../../src/Table/NodeSqlite.ts"
import { fromSql } from "../../src/Table/TableError.ts"
import * as ArchiveContract from "../contract/ArchiveContract.ts"
import * as DriverContract from "../contract/DriverContract.ts"
import * as SqlClientContract from "../contract/SqlClientContract.ts"

const probe = await Effect.runPromise(Effect.either(Effect.provide(Driver, NodeSqlite.layerDriver)))

// Every runtime we support but Node 20 has it: its absence there is a failure, not a reason to skip.
const isNode20 =
  process.versions.bun === undefined && process.versions.deno === undefined && process.version.startsWith("v20.")
const absent = isNode20 && Either.isLeft(probe) ? probe.left.message : undefined

SqlClientContract.suite("node:sqlite", NodeSqlite.layerDriver, absent)
ArchiveContract.suite("node:sqlite", NodeSqlite.layerDriver, absent)
DriverContract.suite("node:sqlite", NodeSqlite.layerDriver, absent)

describe.skipIf(absent !== undefined)("NodeSqlite", () => {
  it("goes by its name", () => {
    assert.strictEqual(Either.getOrThrow(probe).name, "node:sqlite")
  })

  it.effect("gives a SqlClient as a Layer", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`SELECT 1`.values, [[1]])
    }).pipe(Effect.provide(NodeSqlite.layer({ filename: ":memory:" })))
  )

  it.effect("fails rather than round an integer, without quoting it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const error = fromSql(yield* Effect.flip(sql`SELECT 9007199254740993`))
      assert.include(error.message, "SafeIntegers")
      assert.notInclude(error.message + JSON.stringify(error) + String(error.cause), "9007199254740993")
    }).pipe(Effect.provide(NodeSqlite.layer({ filename: ":memory:" })))
  )
})

describe("NodeSqlite where there is none", () => {
  it.skipIf(absent === undefined)("says which Node has it", () => {
    const error = Either.getOrThrow(Either.flip(probe))
    assert.strictEqual(error.reason, "NoDriver")
    assert.include(error.message, "22.16")
  })
})
