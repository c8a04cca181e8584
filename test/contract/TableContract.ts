/**
 * What stage Table promises, as a suite over a Layer of an SQLite driver: every driver runs it on every runtime.
 */
import { FileSystem, type Path } from "@effect/platform"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, type Scope } from "effect"
import { type Page, Resource, Row, SinglePage, Table } from "sluice"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import type { Driver } from "../../src/Table/Driver.ts"
import type { TableError } from "../../src/Table/TableError.ts"
import { Schemas } from "../../src/sources/postmark.ts"

type Services = Driver | FileSystem.FileSystem | Path.Path
type Json = Record<string, unknown>

interface World {
  readonly table: Table.Table["Type"]
  readonly query: (text: string) => Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>>
  readonly file: string
}

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "things", path: "/things", paginator: SinglePage.make(), primaryKey: "id", ...options })

const position: Page.Position = { query: { offset: 1 } }
const checkpoint = (index: number): Table.Checkpoint => ({
  position,
  index,
  rows: 3,
  fingerprint: "f",
  runs: ["R1"],
  total: 9,
  rejected: 0,
  shrunk: false
})

/** Opens a resource for a run and gives a function that merges pages of JSON rows one after the other. */
const opened = (
  { table }: World,
  resource: Resource.Resource,
  options: { readonly run?: string; readonly fresh?: boolean } = {}
) =>
  Effect.gen(function* () {
    const run = options.run ?? "R1"
    yield* table.begin({ run, source: "test", startedAt: "2026-01-01T00:00:00.000Z" }).pipe(Effect.ignore)
    const session = yield* table.open({
      run,
      source: "test",
      resource: resource.name,
      table: resource.table,
      fresh: options.fresh === true,
      write: resource.write
    })
    const compiled = yield* Row.make().compile(resource, session.saved)
    yield* session.declare(yield* compiled.page([]))
    let index = 0
    const merge = (rows: ReadonlyArray<unknown>, more: Partial<Table.Merge> = {}) =>
      Effect.gen(function* () {
        const batch = yield* compiled.page(rows)
        return yield* session.merge({
          batch,
          index: index++,
          retries: 0,
          fetched: rows.length,
          total: undefined,
          checkpoint: undefined,
          ...more
        })
      })
    return { session, merge }
  })

const counts = (inserted: number, updated: number, unchanged: number, rejected = 0): Table.Merged => ({
  inserted,
  updated,
  unchanged,
  rejected,
  deleted: 0,
  dropped: 0
})

export const suite = (name: string, driver: Layer.Layer<Driver, TableError>): void => {
  const services = Layer.mergeAll(driver, NodeFileSystem.layer, NodePath.layer)

  const world = Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = `${yield* fs.makeTempDirectoryScoped({ prefix: "sluice-" })}/table.db`
    const sql = yield* DatabaseFile.open(file)
    const table = yield* Table.make({ database: file }).pipe(Effect.provideService(SqlClient.SqlClient, sql))
    const query = (text: string) =>
      Effect.orDie(sql.unsafe(text).values.pipe(Effect.provideService(SqlClient.SafeIntegers, true)))
    return { table, query, file }
  })
  const using = (body: (world: World) => Effect.Effect<void, unknown, Scope.Scope | Services>) => () =>
    Effect.flatMap(world, body).pipe(Effect.provide(services))
  const rows = (world: World, text: string) => Effect.map(world.query(text), (all) => all.map((row) => [...row]))

  describe(`Table over ${name}`, () => {
    it.scoped(
      "inserts, leaves alone and updates, and counts exactly",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          const page = [
            { id: 1, v: "a" },
            { id: 2, v: "b" },
            { id: 3, v: null }
          ]
          assert.deepStrictEqual(yield* merge(page), counts(3, 0, 0))
          assert.deepStrictEqual(yield* merge(page), counts(0, 0, 3))
          assert.deepStrictEqual(
            yield* merge([
              { id: 2, v: "B" },
              { id: 3, v: "" },
              { id: 4, v: "d" }
            ]),
            counts(1, 2, 0)
          )
          assert.deepStrictEqual(yield* rows(w, "SELECT id, v FROM things ORDER BY id"), [
            [1n, "a"],
            [2n, "B"],
            [3n, ""],
            [4n, "d"]
          ])
        })
      )
    )

    it.scoped(
      "marks a row with the run that last changed it, and no other",
      using((w) =>
        Effect.gen(function* () {
          const first = yield* opened(w, things())
          yield* first.merge([
            { id: 1, v: "a" },
            { id: 2, v: "b" }
          ])
          const second = yield* opened(w, things(), { run: "R2" })
          assert.deepStrictEqual(
            yield* second.merge([
              { id: 1, v: "a" },
              { id: 2, v: "c" }
            ]),
            counts(0, 1, 1)
          )
          assert.deepStrictEqual(yield* rows(w, "SELECT id, _sluice_run FROM things ORDER BY id"), [
            [1n, "R1"],
            [2n, "R2"]
          ])
        })
      )
    )

    it.scoped(
      "takes the last of several rows with one key, counted one by one",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          assert.deepStrictEqual(
            yield* merge([
              { id: 1, v: "a" },
              { id: 1, v: "a" },
              { id: 1, v: "b" }
            ]),
            counts(1, 1, 1)
          )
          assert.deepStrictEqual(yield* rows(w, "SELECT id, v FROM things"), [[1n, "b"]])
        })
      )
    )

    it.scoped(
      "replaces the child rows of a changed parent, and only of that",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([
            { id: 1, tags: ["x", "y"], to: [{ e: "a" }] },
            { id: 2, tags: ["z"], to: [] }
          ])
          assert.deepStrictEqual(
            yield* merge([
              { id: 1, tags: ["y"], to: [{ e: "a" }] },
              { id: 2, tags: ["z"], to: [] }
            ]),
            counts(0, 1, 1)
          )
          assert.deepStrictEqual(yield* rows(w, "SELECT _parent_id, _idx, value FROM things__tags ORDER BY 1, 2"), [
            [1n, 0n, "y"],
            [2n, 0n, "z"]
          ])
          yield* merge([{ id: 1, tags: [], to: [] }])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM things__tags"), [[2n, 0n, "z"]])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM things__to"), [])
        })
      )
    )

    it.scoped(
      "nests lists in lists, with foreign keys that cascade",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([
            {
              id: "k",
              groups: [
                { n: "g0", members: ["a", "b"] },
                { n: "g1", members: ["c"] }
              ],
              grid: [[1, 2], [3]]
            }
          ])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM things__groups__members ORDER BY 1, 2, 3"), [
            ["k", 0n, 0n, "a"],
            ["k", 0n, 1n, "b"],
            ["k", 1n, 0n, "c"]
          ])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM things__grid__list ORDER BY 1, 2, 3"), [
            ["k", 0n, 0n, 1n],
            ["k", 0n, 1n, 2n],
            ["k", 1n, 0n, 3n]
          ])
          assert.deepStrictEqual(yield* rows(w, "PRAGMA foreign_key_check"), [])
          yield* w.query("DELETE FROM things")
          for (const table of ["things__groups", "things__groups__members", "things__grid", "things__grid__list"]) {
            assert.deepStrictEqual(yield* rows(w, `SELECT count(*) FROM ${table}`), [[0n]])
          }
        })
      )
    )

    it.scoped(
      "keeps compound keys, and text keys that look like numbers",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things({ primaryKey: ["a", "b"] }))
          yield* merge([
            { a: 1, b: "x", l: [1] },
            { a: 1, b: "1", l: [2] },
            { a: 2, b: "x", l: [] }
          ])
          assert.deepStrictEqual(
            yield* merge([
              { a: 1, b: "1", l: [3] },
              { a: 2, b: "x", l: [] }
            ]),
            counts(0, 1, 1)
          )
          assert.deepStrictEqual(
            yield* rows(w, "SELECT _parent_a, _parent_b, _idx, value FROM things__l ORDER BY 1, 2"),
            [
              [1n, "1", 0n, 3n],
              [1n, "x", 0n, 1n]
            ]
          )
        })
      )
    )

    it.scoped(
      "keeps integers exact up to int64 as INTEGER, beyond as TEXT, also in keys",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          const big = 4323372036854775807n
          const page: ReadonlyArray<Json> = [
            { id: big, n: 9007199254740993n },
            { id: big - 1n, n: -(2n ** 63n) }
          ]
          assert.deepStrictEqual(yield* merge(page), counts(2, 0, 0))
          assert.deepStrictEqual(yield* merge(page), counts(0, 0, 2))
          assert.deepStrictEqual(yield* rows(w, "SELECT id, n, typeof(n) FROM things ORDER BY id"), [
            [big - 1n, -(2n ** 63n), "integer"],
            [big, 9007199254740993n, "integer"]
          ])
          yield* merge([{ id: 1, n: 2n ** 63n }])
          assert.deepStrictEqual(yield* rows(w, "SELECT n, typeof(n) FROM things ORDER BY id"), [
            ["9223372036854775808", "text"],
            ["-9223372036854775808", "text"],
            ["9007199254740993", "text"]
          ])
          // Widening changed how the rows are stored, not what they are.
          assert.deepStrictEqual(yield* merge(page), counts(0, 0, 2))
        })
      )
    )

    it.scoped(
      "stores timestamps as UTC of one width, booleans as 0 and 1, null and empty text apart",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([
            { id: 1, at: "2026-02-03T07:25:02.8782715-05:00", ok: true, s: "" },
            { id: 2, at: "2014-01-15T16:09:19Z", ok: false, s: null },
            { id: 3, at: "2022-11-01T12:48:26-04:00", ok: null, s: "x" }
          ])
          assert.deepStrictEqual(yield* rows(w, "SELECT id, at, ok, s FROM things ORDER BY at"), [
            [2n, "2014-01-15T16:09:19.000000000Z", 0n, null],
            [3n, "2022-11-01T16:48:26.000000000Z", null, "x"],
            [1n, "2026-02-03T12:25:02.878271500Z", 1n, ""]
          ])
        })
      )
    )

    it.scoped(
      "grows by new columns and child tables, and widens a column that was only null",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([{ id: 1, n: null, s: null }])
          yield* merge([{ id: 2, n: 5, s: "t", extra: { deep: true }, list: [1] }])
          yield* merge([{ id: 3, n: 5.5 }])
          assert.deepStrictEqual(yield* rows(w, "SELECT id, n, typeof(n), s, extra__deep FROM things ORDER BY id"), [
            [1n, null, "null", null, null],
            [2n, 5, "real", "t", 1n],
            [3n, 5.5, "real", null, null]
          ])
          // A version for each run that changed the shape, as the run left it.
          const versions = rows(
            w,
            `SELECT version, run, json_array_length(shape, '$.tables'), shape LIKE '%"real"%', shape LIKE '%"late"%'
              FROM _sluice_schema WHERE resource = 'things' ORDER BY version`
          )
          const first = (yield* versions)[0]
          assert.deepStrictEqual(yield* versions, [[1n, "R1", 2n, 1n, 0n]])
          // Another process knows the same shape.
          const again = yield* opened(w, things(), { run: "R2" })
          assert.deepStrictEqual(
            yield* again.merge([{ id: 2, n: 5, s: "t", extra: { deep: true }, list: [1] }]),
            counts(0, 0, 1)
          )
          yield* again.merge([{ id: 4, later: 1 }])
          yield* again.merge([{ id: 5, late: 1 }])
          assert.deepStrictEqual(yield* versions, [first, [2n, "R2", 2n, 1n, 1n]])
        })
      )
    )

    it.scoped(
      "creates declared tables and columns without any row",
      using((w) =>
        Effect.gen(function* () {
          yield* opened(w, things({ primaryKey: "MessageID", schema: Schemas.Message }))
          assert.deepStrictEqual(
            yield* rows(w, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'things%' ORDER BY 1"),
            [
              ["things"],
              ["things__attachments"],
              ["things__bcc"],
              ["things__cc"],
              ["things__recipients"],
              ["things__to"]
            ]
          )
          assert.deepStrictEqual(
            yield* rows(w, "SELECT name, type, pk FROM pragma_table_info('things') WHERE pk > 0 OR name LIKE 'm%'"),
            [
              ["message_id", "TEXT", 1n],
              ["message_stream", "TEXT", 0n],
              ["metadata", "TEXT", 0n]
            ]
          )
        })
      )
    )

    it.scoped(
      "appends rows that have no key, with children of their own",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ primaryKey: [], writeDisposition: "append" })
          const { merge } = yield* opened(w, resource)
          yield* merge([
            { v: 1, l: ["a"] },
            { v: 1, l: ["b"] }
          ])
          assert.deepStrictEqual(yield* merge([{ v: 1, l: ["c"] }]), counts(1, 0, 0))
          assert.deepStrictEqual(yield* rows(w, "SELECT _sluice_id, v FROM things ORDER BY 1"), [
            [1n, 1n],
            [2n, 1n],
            [3n, 1n]
          ])
          assert.deepStrictEqual(yield* rows(w, "SELECT _parent__sluice_id, value FROM things__l ORDER BY 1"), [
            [1n, "a"],
            [2n, "b"],
            [3n, "c"]
          ])
        })
      )
    )

    it.scoped(
      "commits rejects, counts and checkpoint with the page",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things({ schema: Schemas.Domain, primaryKey: "ID" }))
          const good = {
            ID: 1,
            Name: "a",
            SPFVerified: true,
            DKIMVerified: true,
            WeakDKIM: false,
            ReturnPathDomainVerified: true
          }
          const merged = yield* merge([good, { ...good, ID: "2" }, { ...good, ID: null }], {
            checkpoint: checkpoint(1),
            total: 9,
            retries: 2
          })
          assert.deepStrictEqual(merged, counts(1, 0, 0, 2))
          assert.deepStrictEqual(
            yield* rows(
              w,
              "SELECT pages, requests, retries, fetched, inserted, rejected, reported_total, status FROM _sluice_resources"
            ),
            [[1n, 1n, 2n, 3n, 1n, 2n, 9n, "running"]]
          )
          const rejects = yield* rows(w, "SELECT path, page, raw FROM _sluice_rejects ORDER BY id")
          assert.deepStrictEqual(
            rejects.map(([path, page]) => [path, page]),
            [
              ["ID", 0n],
              ["ID", 0n]
            ]
          )
          assert.deepStrictEqual(JSON.parse(String(rejects[0]![2])), { ...good, ID: "2" })
          const again = yield* opened(w, things({ schema: Schemas.Domain, primaryKey: "ID" }), { run: "R2" })
          assert.deepStrictEqual(again.session.checkpoint, checkpoint(1))
          yield* again.merge([{ ...good, ID: "2" }])
          assert.deepStrictEqual(yield* rows(w, "SELECT run, count(*) FROM _sluice_rejects GROUP BY run ORDER BY 1"), [
            ["R1", 1n],
            ["R2", 1n]
          ])
          // That page ended the walk, and with it the checkpoint.
          const last = yield* opened(w, things({ schema: Schemas.Domain, primaryKey: "ID" }), { run: "R3" })
          assert.isUndefined(last.session.checkpoint)
        })
      )
    )

    it.scoped(
      "forgets a checkpoint when it is told to start afresh",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([{ id: 1 }], { checkpoint: checkpoint(1) })
          const fresh = yield* opened(w, things(), { run: "R2", fresh: true })
          assert.isUndefined(fresh.session.checkpoint)
          const after = yield* opened(w, things(), { run: "R3" })
          assert.isUndefined(after.session.checkpoint)
          assert.deepStrictEqual(after.session.saved.key, { fields: ["id"], inferred: false })
        })
      )
    )

    it.scoped(
      "rolls the whole page back when any part of it fails",
      using((w) =>
        Effect.gen(function* () {
          const { merge, session } = yield* opened(w, things())
          yield* merge([{ id: 1, l: ["a"] }], { checkpoint: checkpoint(1) })
          yield* w.query(
            "CREATE TRIGGER no BEFORE INSERT ON things__l WHEN NEW.value = 'bad' BEGIN SELECT raise(ABORT, 'no'); END"
          )
          const before = yield* rows(w, "SELECT * FROM _sluice_resources")
          const error = yield* Effect.flip(
            merge(
              [
                { id: 1, l: [] },
                { id: 2, l: ["bad"], fresh: 1 }
              ],
              { checkpoint: checkpoint(2) }
            )
          )
          assert.propertyVal(error, "_tag", "TableError")
          assert.deepStrictEqual(yield* rows(w, "SELECT id FROM things"), [[1n]])
          assert.deepStrictEqual(yield* rows(w, "SELECT value FROM things__l"), [["a"]])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM _sluice_resources"), before)
          assert.deepStrictEqual(
            yield* rows(w, "SELECT name FROM pragma_table_info('things') WHERE name = 'fresh'"),
            []
          )
          // The connection still works, and so does the session.
          yield* w.query("DROP TRIGGER no")
          assert.deepStrictEqual(yield* merge([{ id: 2, l: ["bad"], fresh: 1 }]), counts(1, 0, 0))
          assert.isDefined(session.saved)
        })
      )
    )

    it.scoped(
      "refuses two different rows under an inferred key within a run, over pages and resumes",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ primaryKey: { fields: ["id"], origin: "default" } })
          const { merge } = yield* opened(w, resource)
          yield* merge(
            [
              { Name: "a", v: 1 },
              { Name: "b", v: 1 }
            ],
            { checkpoint: checkpoint(1) }
          )
          assert.deepStrictEqual(
            yield* merge(
              [
                { Name: "a", v: 1 },
                { Name: "c", v: 1 }
              ],
              { checkpoint: checkpoint(2) }
            ),
            counts(1, 0, 1)
          )
          // A resumed walk still knows what the interrupted one saw.
          const resumed = yield* opened(w, resource, { run: "R2" })
          assert.deepStrictEqual(resumed.session.saved.key, { fields: ["Name"], inferred: true })
          assert.deepStrictEqual(resumed.session.checkpoint, checkpoint(2))
          const error = yield* Effect.flip(
            resumed.merge([
              { Name: "d", v: 1 },
              { Name: "b", v: 2 }
            ])
          )
          assert.include(String(error), "Name = b")
          assert.deepStrictEqual(yield* rows(w, "SELECT name, v FROM things ORDER BY 1"), [
            ["a", 1n],
            ["b", 1n],
            ["c", 1n]
          ])
          // The walk is not gone on with, and a new one may bring a changed row.
          const next = yield* opened(w, resource, { run: "R3" })
          assert.isUndefined(next.session.checkpoint)
          assert.deepStrictEqual(yield* next.merge([{ Name: "b", v: 2 }]), counts(0, 1, 0))
        })
      )
    )

    it.scoped(
      "turns a whole key into text for an id beyond int64, child rows and all",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things({ primaryKey: ["id", "n"] }))
          const small = [
            { id: 1, n: 2, l: [{ m: ["a"] }] },
            { id: 9007199254740993n, n: 2, l: [{ m: ["b", "c"] }] }
          ]
          yield* merge(small)
          const large = [{ id: 2n ** 64n, n: 2, l: [{ m: ["d"] }], extra: true }]
          assert.deepStrictEqual(yield* merge(large), counts(1, 0, 0))
          assert.deepStrictEqual(yield* merge([...small, ...large]), counts(0, 0, 3))
          assert.deepStrictEqual(yield* rows(w, "SELECT id, n, typeof(id), extra FROM things ORDER BY id"), [
            ["1", 2n, "text", null],
            ["18446744073709551616", 2n, "text", 1n],
            ["9007199254740993", 2n, "text", null]
          ])
          assert.deepStrictEqual(
            yield* rows(w, "SELECT _parent__parent_id, _parent__idx, _idx, value FROM things__l__m ORDER BY value"),
            [
              ["1", 0n, 0n, "a"],
              ["9007199254740993", 0n, 0n, "b"],
              ["9007199254740993", 0n, 1n, "c"],
              ["18446744073709551616", 0n, 0n, "d"]
            ]
          )
          assert.deepStrictEqual(yield* rows(w, "PRAGMA foreign_key_check"), [])
          yield* w.query("DELETE FROM things WHERE id = '1'")
          assert.deepStrictEqual(yield* rows(w, "SELECT count(*) FROM things__l__m"), [[3n]])
          assert.deepStrictEqual(yield* rows(w, "SELECT name FROM sqlite_master WHERE name LIKE '%wider%'"), [])
          assert.deepStrictEqual(yield* merge([{ id: 1.5, n: 2 }]), counts(1, 0, 0))
        })
      )
    )

    it.scoped(
      "stores half a surrogate pair in one way, and in no key",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          const page = [{ id: "a\ufffd", v: "\udc00", l: ["\ud800"] }]
          assert.deepStrictEqual(yield* merge(page), counts(1, 0, 0))
          assert.deepStrictEqual(yield* merge(page), counts(0, 0, 1))
          assert.deepStrictEqual(yield* merge([{ ...page[0]!, v: "x" }]), counts(0, 1, 0))
          assert.deepInclude(yield* merge([{ ...page[0]!, id: "a\ud800" }]), { updated: 0, rejected: 1 })
          assert.deepStrictEqual(yield* rows(w, "SELECT id, v FROM things"), [["a\ufffd", "x"]])
        })
      )
    )

    it.scoped(
      "marks runs of the same source that were killed, and no run of another one",
      using((w) =>
        Effect.gen(function* () {
          yield* opened(w, things())
          yield* w.table.begin({ run: "X1", source: "other", startedAt: "2026-01-01T00:00:00.000Z" })
          yield* w.table.begin({ run: "R2", source: "test", startedAt: "2026-01-01T00:00:00.000Z" })
          assert.deepStrictEqual(yield* rows(w, "SELECT run, status FROM _sluice_runs ORDER BY run"), [
            ["R1", "interrupted"],
            ["R2", "running"],
            ["X1", "running"]
          ])
          assert.deepStrictEqual(yield* rows(w, "SELECT run, status FROM _sluice_resources"), [["R1", "interrupted"]])
        })
      )
    )

    it.scoped(
      "does not touch a table that is somebody else's",
      using((w) =>
        Effect.gen(function* () {
          yield* w.query("CREATE TABLE things (x)")
          const { merge } = yield* opened(w, things())
          const error = yield* Effect.flip(merge([{ id: 1 }]))
          assert.include(String(error), "a table named things is there already")
          // SQLite takes names without regard to case.
          yield* w.query("DROP TABLE things")
          yield* w.query("CREATE TABLE THINGS (x)")
          assert.include(String(yield* Effect.flip(merge([{ id: 1 }]))), "a table named things is there already")
          assert.deepStrictEqual(yield* rows(w, "SELECT count(*) FROM things"), [[0n]])
        })
      )
    )

    it.scoped(
      "keeps views, triggers and indexes of others when columns and keys are made anew",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([{ id: 1, n: 1, l: [1] }])
          yield* w.query("CREATE UNIQUE INDEX by_n ON things (n)")
          yield* w.query("CREATE INDEX by_value ON things__l (value)")
          yield* w.query(
            "CREATE VIEW both AS SELECT t.id, t.n, l.value FROM things t JOIN things__l l ON l._parent_id = t.id"
          )
          yield* w.query("CREATE VIEW over AS SELECT n FROM both")
          yield* w.query("CREATE TABLE log (id, n)")
          yield* w.query(
            "CREATE TRIGGER logs AFTER UPDATE OF n ON things BEGIN INSERT INTO log VALUES (new.id, new.n); END"
          )
          yield* w.query("CREATE TRIGGER no INSTEAD OF DELETE ON both BEGIN SELECT 1; END")
          const others = () =>
            rows(
              w,
              "SELECT type, name, sql FROM sqlite_master WHERE name IN ('by_n', 'by_value', 'both', 'over', 'logs', 'no') ORDER BY 2"
            )
          const before = yield* others()
          // A column widens, then the key, and with it every table.
          yield* merge([{ id: 2, n: 1.5, l: [1.5] }])
          assert.deepStrictEqual(yield* others(), before)
          yield* merge([{ id: 2n ** 64n, n: 3, l: [2] }])
          assert.deepStrictEqual(yield* others(), before)
          // What was only carried over has told no trigger.
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM log"), [])
          yield* merge([{ id: 2, n: 2, l: [] }])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM log"), [["2", 2]])
          assert.deepStrictEqual(yield* rows(w, "SELECT * FROM both ORDER BY n"), [
            ["1", 1, 1],
            ["18446744073709551616", 3, 2]
          ])
        })
      )
    )

    it.scoped(
      "brings a database of the first format up to date, and goes on with what it holds",
      using((w) =>
        Effect.gen(function* () {
          const { merge } = yield* opened(w, things())
          yield* merge([{ id: 1 }], { checkpoint: checkpoint(1) })
          // As version 0.1 left it.
          for (const statement of [
            "DROP TABLE _sluice_archive",
            "DROP TABLE _sluice_archive_log",
            "DROP TABLE _sluice_parents",
            "DROP TABLE _sluice_lock",
            "DROP TABLE _sluice_appended",
            "DROP TABLE _sluice_groups",
            "ALTER TABLE _sluice_resources DROP COLUMN proven",
            "ALTER TABLE _sluice_resources DROP COLUMN why",
            "ALTER TABLE _sluice_state DROP COLUMN cursor",
            "ALTER TABLE _sluice_seen DROP COLUMN sort",
            "ALTER TABLE _sluice_resources DROP COLUMN resumed",
            "ALTER TABLE _sluice_runs DROP COLUMN command",
            ...["state", "stage", "times", "key", "came", "steps"].map(
              (column) => `ALTER TABLE _sluice_rejects DROP COLUMN ${column}`
            ),
            "UPDATE _sluice_meta SET value = '1' WHERE name = 'format'"
          ])
            yield* w.query(statement)
          const sql = yield* DatabaseFile.open(w.file)
          const table = yield* Table.make({ database: w.file }).pipe(Effect.provideService(SqlClient.SqlClient, sql))
          const again = yield* opened(
            { ...w, table },
            things({ writeDisposition: { dedupSort: { field: "n", order: "asc" }, mergeKey: ["g"] } }),
            { run: "R2" }
          )
          assert.deepStrictEqual(again.session.checkpoint, checkpoint(1))
          yield* again.merge([{ id: 2, n: 1, g: "a" }])
          yield* again.session.complete()
          assert.deepStrictEqual(yield* rows(w, "SELECT id FROM things ORDER BY 1"), [[1n], [2n]])
          assert.deepStrictEqual(yield* rows(w, "SELECT value FROM _sluice_meta WHERE name = 'format'"), [["3"]])
        })
      )
    )

    it.scoped(
      "refuses a database written by a newer sluice",
      using((w) =>
        Effect.gen(function* () {
          yield* w.query("UPDATE _sluice_meta SET value = '99' WHERE name = 'format'")
          const sql = yield* DatabaseFile.open(w.file)
          const error = yield* Table.make({ database: w.file }).pipe(
            Effect.provideService(SqlClient.SqlClient, sql),
            Effect.flip
          )
          assert.strictEqual(error.reason, "Newer")
        })
      )
    )

    it.scoped(
      "writes pages larger than one statement takes, and wide rows",
      using((w) =>
        Effect.gen(function* () {
          const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`c${i}`, i]))
          const { merge } = yield* opened(w, things())
          const page = Array.from({ length: 1234 }, (_, id) => ({ id, ...wide, l: [id, -id] }))
          assert.deepStrictEqual(yield* merge(page), counts(1234, 0, 0))
          assert.deepStrictEqual(yield* merge(page), counts(0, 0, 1234))
          assert.deepStrictEqual(
            yield* rows(w, "SELECT count(*), sum(c299), (SELECT count(*) FROM things__l) FROM things"),
            [[1234n, 1234n * 299n, 2468n]]
          )
        })
      )
    )

    it.scoped(
      "leaves the database of an unchanged second merge as it was",
      using((w) =>
        Effect.gen(function* () {
          const page = [
            { id: 1, a: { b: "c" }, l: [{ x: 1 }] },
            { id: 2, a: null, l: [] }
          ]
          yield* Effect.flatMap(opened(w, things()), ({ merge }) => merge(page))
          const dump = () =>
            Effect.all([
              rows(w, "SELECT * FROM things"),
              rows(w, "SELECT * FROM things__l"),
              rows(w, "SELECT * FROM _sluice_schema")
            ])
          const before = yield* dump()
          yield* Effect.flatMap(opened(w, things(), { run: "R2" }), ({ merge }) => merge(page))
          assert.deepStrictEqual(yield* dump(), before)
        })
      )
    )

    it.scoped(
      "any split into pages leaves the same tables and the same counts",
      using(() =>
        Effect.tryPromise(() =>
          fc.assert(
            fc.asyncProperty(
              fc.array(row, { maxLength: 12 }),
              fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
              (all, cuts) =>
                Effect.gen(function* () {
                  const whole = yield* loaded([all])
                  const parts: Array<ReadonlyArray<Json>> = []
                  for (let i = 0, cut = 0; i < all.length; i += cuts[cut++ % cuts.length]!) {
                    parts.push(all.slice(i, i + cuts[cut % cuts.length]!))
                  }
                  assert.deepStrictEqual(yield* loaded(parts), whole)
                  // Merging everything again changes nothing more. (A column widened late may take a row it refused before.)
                  if (whole.total.rejected === 0)
                    assert.deepStrictEqual((yield* loaded([all, all])).tables, whole.tables)
                }).pipe(Effect.scoped, Effect.provide(services), Effect.runPromise)
            ),
            { numRuns: 40 }
          )
        )
      )
    )

    const loaded = (pages: ReadonlyArray<ReadonlyArray<Json>>) =>
      Effect.gen(function* () {
        const w = yield* world
        const { merge } = yield* opened(w, things())
        const total = { inserted: 0, updated: 0, unchanged: 0, rejected: 0 }
        for (const page of pages) {
          const merged = yield* merge(page)
          for (const key of ["inserted", "updated", "unchanged", "rejected"] as const) total[key] += merged[key]
        }
        const names = yield* rows(
          w,
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'things%' ORDER BY 1"
        )
        const tables: Record<string, unknown> = {}
        for (const [name] of names) {
          const columns = yield* rows(w, `SELECT name, type FROM pragma_table_info('${name}') ORDER BY name`)
          const list = columns.map(([column]) => `"${column}"`).join(", ")
          tables[String(name)] = { columns, rows: yield* rows(w, `SELECT ${list} FROM "${name}" ORDER BY ${list}`) }
        }
        return { total, tables }
      }).pipe(Effect.scoped)
  })
}

const scalar = fc.oneof(
  fc.constant(null),
  fc.constantFrom("", "x", "12", "2026-01-02T03:04:05+02:00"),
  fc.constantFrom(0, 1, 7, 1.5, -3),
  fc.boolean(),
  fc.constantFrom(9007199254740993n, 2n ** 64n)
)
const row: fc.Arbitrary<Json> = fc.record(
  {
    id: fc.integer({ min: 1, max: 4 }),
    a: scalar,
    b: fc.oneof(scalar, fc.record({ c: scalar })),
    l: fc.array(fc.oneof(scalar, fc.record({ v: scalar })), { maxLength: 3 })
  },
  { requiredKeys: ["id"] }
)
