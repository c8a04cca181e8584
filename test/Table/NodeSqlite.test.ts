import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import { Driver } from "../../src/Table/Driver.ts"
import * as NodeSqlite from "../../src/Table/NodeSqlite.ts"
import { fromSql } from "../../src/Table/TableError.ts"
import { suite } from "../contract/SqlClientContract.ts"

const probe = await Effect.runPromise(Effect.either(Effect.provide(Driver, NodeSqlite.layerDriver)))

const isNode20 = process.versions.bun === undefined && process.versions.deno === undefined
  && process.version.startsWith("v20.")

if (Either.isRight(probe) || !isNode20) {
  suite("node:sqlite", NodeSqlite.layerDriver)

  describe("NodeSqlite", () => {
    it("goes by its name", () => assert.strictEqual(Either.getOrThrow(probe).name, "node:sqlite"))

    it.effect("gives a SqlClient as a Layer", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        assert.deepStrictEqual(yield* sql`SELECT 1`.values, [[1]])
      }).pipe(Effect.provide(NodeSqlite.layer({ filename: ":memory:" }))))

    it.effect("fails rather than round an integer, without quoting it", () =>
      Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        const error = fromSql(yield* Effect.flip(sql`SELECT 9007199254740993`))
        assert.include(error.message, "SafeIntegers")
        assert.notInclude(error.message + JSON.stringify(error) + String(error.cause), "9007199254740993")
      }).pipe(Effect.provide(NodeSqlite.layer({ filename: ":memory:" }))))
  })
} else {
  it("says why it does not load", () => {
    assert.strictEqual(probe.left.reason, "NoDriver")
    assert.include(probe.left.message, "22.16")
  })
  it.skip(`has no suite here: ${probe.left.message}`, () => {})
}
