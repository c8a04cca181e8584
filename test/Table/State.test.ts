/**
 * What a database remembers, on the real tables: written by a sync, read back, forgotten.
 */
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Host from "../../src/Host.ts"
import * as Offset from "../../src/Page/Offset.ts"
import * as Resource from "../../src/Resource.ts"
import * as Source from "../../src/Source.ts"
import * as Sync from "../../src/Sync.ts"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as State from "../../src/Table/State.ts"
import { api, page } from "../../src/testing.ts"

const keyed = Resource.make({
  name: "keyed",
  path: "/keyed",
  selector: "data",
  paginator: Offset.make({ limit: 2 }),
  primaryKey: "id"
})
const loose = Resource.make({ ...keyed, name: "loose", table: "loose", path: "/loose", primaryKey: [] })
const source = Source.make({ name: "shop", api: { baseUrl: "https://api.example.com" }, resources: [keyed, loose] })

const rows = [{ id: 1 }, { id: 2 }]

const layer = () => {
  const first = page(rows, { field: "data", total: 9 })
  const platform = Layer.mergeAll(
    NodeFileSystem.layer,
    NodePath.layer,
    AutoDriver.layer,
    api({ "/keyed": [first, first], "/loose": [first, first] }).layer
  )
  return Host.layer({ db: ":memory:", api: source.api }).pipe(Layer.provide(platform))
}

const sync = Effect.flatMap(Sync.Sync, (sync) => sync.run(source, { limitPages: 1 }))

describe("State", () => {
  it.effect("reads where walks stand, in the order of the first run, or of one source alone", () =>
    Effect.gen(function* () {
      const receipt = yield* sync
      const sql = yield* SqlClient.SqlClient
      const states = yield* State.read(sql)
      assert.deepStrictEqual(
        states.map((state) => [state.source, state.resource, state.primaryKey, state.run]),
        [
          ["shop", "keyed", ["id"], receipt.run],
          ["shop", "loose", [], receipt.run]
        ]
      )
      assert.deepInclude(states[0]?.checkpoint, { index: 1, rows: 2, total: 9 })
      assert.strictEqual(states[0]?.shape?.tables[0]?.name, "keyed")
      assert.isUndefined(states[0]?.complete)
      assert.lengthOf(yield* State.read(sql, "other"), 0)
    }).pipe(Effect.provide(layer()))
  )

  it.effect("forgets the walk of one resource and leaves the rows; without a key those of the walk go", () =>
    Effect.gen(function* () {
      yield* sync
      const sql = yield* SqlClient.SqlClient
      const states = yield* State.read(sql)
      const forgotten = yield* State.forget(sql, states, { all: true })
      assert.deepStrictEqual(
        forgotten.map(({ checkpoint, cursor, resource, rows }) => [resource, checkpoint, cursor, rows]),
        [
          ["keyed", true, false, 0],
          ["loose", true, false, 2]
        ]
      )
      const count = (table: string) =>
        Effect.map(sql<{ readonly n: number }>`SELECT count(*) AS n FROM ${sql(table)}`, ([row]) => row?.n)
      assert.deepStrictEqual([yield* count("keyed"), yield* count("loose")], [2, 0])
      const after = yield* State.read(sql)
      assert.deepStrictEqual(
        after.map(({ checkpoint }) => checkpoint),
        [undefined, undefined]
      )
      assert.deepStrictEqual(after[0]?.primaryKey, ["id"])
      // The next run begins at the first page: the script has no other.
      const again = yield* sync
      assert.deepStrictEqual(
        again.resources.map((resource) => [resource.rows.inserted, resource.rows.unchanged]),
        [
          [0, 2],
          [2, 0]
        ]
      )
    }).pipe(Effect.provide(layer()))
  )

  it.effect("a table that was dropped is made anew after a reset, under another key", () => {
    const first = page([{ id: 1, no: 7, tags: ["x"] }], { field: "data" })
    const platform = Layer.mergeAll(
      NodeFileSystem.layer,
      NodePath.layer,
      AutoDriver.layer,
      api({ "/keyed": [first, first] }).layer
    )
    const run = (primaryKey: string) =>
      Effect.flatMap(Sync.Sync, (sync) =>
        sync.run(Source.make({ ...source, resources: [Resource.make({ ...keyed, primaryKey })] }))
      )
    return Effect.gen(function* () {
      yield* run("id")
      const sql = yield* SqlClient.SqlClient
      yield* sql`DROP TABLE keyed`
      assert.match((yield* run("id")).resources[0]?.error?.message ?? "", /keyed is not there any more; reset/)
      assert.match((yield* run("no")).resources[0]?.error?.message ?? "", /drop the table and reset its state/)
      const [forgotten] = yield* State.forget(sql, yield* State.read(sql), { all: false })
      assert.isTrue(forgotten?.table)
      assert.strictEqual((yield* run("no")).status, "complete")
      assert.deepStrictEqual(yield* sql`SELECT no, value FROM keyed JOIN keyed__tags ON _parent_no = no`, [
        { no: 7, value: "x" }
      ])
      assert.isFalse((yield* State.forget(sql, yield* State.read(sql), { all: false }))[0]?.table)
    }).pipe(Effect.provide(Host.layer({ db: ":memory:", api: source.api }).pipe(Layer.provide(platform))))
  })

  it.effect("parents in a queue are asked for again, or leave it with everything", () =>
    Effect.gen(function* () {
      yield* sync
      const sql = yield* SqlClient.SqlClient
      const queue = sql`INSERT INTO "_sluice_parents" ("source", "resource", "parent", "status", "checkpoint", "cursor", "run", "updated_at")
        VALUES ('shop', 'keyed', '{"values":{"id":1}}', 'idle', NULL, '{"value":5}', 'r', 't'),
               ('shop', 'keyed', '{"values":{"id":2}}', 'pending', '{"index":1}', NULL, 'r', 't'),
               ('shop', 'loose', '{"values":{"id":3}}', 'pending', NULL, NULL, 'r', 't')`
      yield* queue
      const [keyedState] = yield* State.read(sql)
      assert.deepStrictEqual(keyedState?.parents, { idle: 1, pending: 1 })
      const [one] = yield* State.forget(sql, [keyedState!], { all: false })
      assert.deepInclude(one, { parents: 2, requeued: true })
      const lines = yield* sql`SELECT resource, status, checkpoint, cursor FROM "_sluice_parents" ORDER BY id`
      assert.deepStrictEqual(
        lines.map((line) => Object.values(line)),
        [
          ["keyed", "pending", null, null],
          ["keyed", "pending", null, null],
          ["loose", "pending", null, null]
        ]
      )
      yield* State.forget(sql, yield* State.read(sql), { all: true })
      assert.lengthOf(yield* sql`SELECT 1 FROM "_sluice_parents"`, 0)
    }).pipe(Effect.provide(layer()))
  )

  it.effect("reads and resets a database of a version without cursors and queues", () =>
    Effect.gen(function* () {
      yield* sync
      const sql = yield* SqlClient.SqlClient
      yield* sql`ALTER TABLE "_sluice_state" DROP COLUMN "cursor"`
      yield* sql`DROP TABLE "_sluice_parents"`
      const states = yield* State.read(sql)
      assert.isUndefined(states[0]?.cursor)
      assert.isUndefined(states[0]?.parents)
      assert.lengthOf(yield* State.forget(sql, states, { all: true }), 2)
    }).pipe(Effect.provide(layer()))
  )
})
