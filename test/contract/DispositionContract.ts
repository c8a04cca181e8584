/**
 * What stage Table promises of every write disposition, as a suite over a Layer of an SQLite driver: walks of random rows, cut into
 * random pages, interrupted and gone on with at random, against a model in plain JavaScript.
 */
import { FileSystem, type Path } from "@effect/platform"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, type Scope } from "effect"
import * as SinglePage from "../../src/Page/SinglePage.ts"
import * as Resource from "../../src/Resource.ts"
import type { Options as WriteOptions } from "../../src/Resource/Write.ts"
import * as Row from "../../src/Row.ts"
import * as Table from "../../src/Table.ts"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import type { Driver } from "../../src/Table/Driver.ts"
import type { TableError } from "../../src/Table/TableError.ts"

type Services = Driver | FileSystem.FileSystem | Path.Path
type Cells = ReadonlyArray<ReadonlyArray<unknown>>

interface Thing {
  readonly id?: number | undefined
  readonly g?: string | null | undefined
  readonly v?: string | number | null | undefined
  readonly gone?: boolean | string | null | undefined
  readonly l?: ReadonlyArray<string> | undefined
}

interface World {
  readonly table: Table.Table["Type"]
  readonly query: (text: string) => Effect.Effect<Cells>
  readonly file: string
}

const things = (write: WriteOptions, options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    paginator: SinglePage.make(),
    primaryKey: "id",
    writeDisposition: write,
    ...options
  })

const zero = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, deleted: 0, dropped: 0 }
type Counts = typeof zero

const plus = (a: Counts, b: Partial<Counts>): Counts => ({
  inserted: a.inserted + (b.inserted ?? 0),
  updated: a.updated + (b.updated ?? 0),
  unchanged: a.unchanged + (b.unchanged ?? 0),
  rejected: a.rejected + (b.rejected ?? 0),
  deleted: a.deleted + (b.deleted ?? 0),
  dropped: a.dropped + (b.dropped ?? 0)
})

const startOf = (run: string) => `2026-01-01T00:00:${run.slice(1).padStart(2, "0")}.000Z`

const open = ({ table }: World, resource: Resource.Resource, run: string, fresh = false) =>
  Effect.gen(function* () {
    yield* table.begin({ run, source: "test", startedAt: startOf(run) }).pipe(Effect.ignore)
    const session = yield* table.open({
      run,
      source: "test",
      resource: resource.name,
      table: resource.table,
      fresh,
      write: resource.write,
      deletes: resource.deletes
    })
    const compiled = yield* Row.make().compile(resource, session.saved)
    yield* session.declare(yield* compiled.page([]))
    return { session, compiled }
  })

/** The runs of a walk: pages of the first, of the second, … */
type Runs = ReadonlyArray<ReadonlyArray<ReadonlyArray<Thing>>>

let runs = 0

/** Takes a walk through its runs, each gone on with by the next, and completes it unless told otherwise. */
const walk = (w: World, resource: Resource.Resource, all: Runs, end: "complete" | "broken" = "complete") =>
  Effect.gen(function* () {
    let total = zero
    let completed: Table.Completed = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, dropped: 0 }
    const taken: Array<string> = []
    let index = 0
    const count = all.reduce((sum, pages) => sum + pages.length, 0)
    for (const [nth, pages] of all.entries()) {
      const run = `R${++runs}`
      taken.push(run)
      const { compiled, session } = yield* open(w, resource, run)
      for (const rows of pages) {
        index++
        const batch = yield* compiled.page(rows)
        const isLast = index === count && end === "complete"
        const merged = yield* session.merge({
          batch,
          index: index - 1,
          retries: 0,
          fetched: rows.length,
          total: undefined,
          checkpoint: isLast
            ? undefined
            : {
                position: { query: { offset: index } },
                index,
                rows: 0,
                fingerprint: "f",
                runs: [...taken],
                total: undefined,
                rejected: 0,
                shrunk: false
              }
        })
        const sum =
          merged.inserted + merged.updated + merged.unchanged + merged.deleted + merged.dropped + merged.rejected
        if (resource.write.disposition !== "replace") assert.strictEqual(sum, rows.length)
        total = plus(total, merged)
      }
      if (nth === all.length - 1 && end === "complete") completed = yield* session.complete()
    }
    return { total, completed }
  })

const one = (...rows: ReadonlyArray<Thing>): Runs => [[rows]]

export const suite = (name: string, driver: Layer.Layer<Driver, TableError>): void => {
  const services = Layer.mergeAll(driver, NodeFileSystem.layer, NodePath.layer)
  const world = Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = `${yield* fs.makeTempDirectoryScoped({ prefix: "sluice-" })}/table.db`
    const sql = yield* DatabaseFile.open(file)
    const table = yield* Table.make({ database: file }).pipe(Effect.provideService(SqlClient.SqlClient, sql))
    const query = (text: string) =>
      Effect.orDie(Effect.map(sql.unsafe(text).values, (all) => all.map((row) => [...row])))
    return { table, query, file }
  })
  const using = (body: (world: World) => Effect.Effect<void, unknown, Scope.Scope | Services>) => () =>
    Effect.flatMap(world, body).pipe(Effect.provide(services))

  /** The rows of the table with their lists, in an order of their own. */
  const contents = (w: World, more = "") =>
    Effect.gen(function* () {
      const columns = new Set(
        (yield* w.query("SELECT name FROM pragma_table_info('things')")).map(([column]) => column)
      )
      if (columns.size === 0) return []
      const cell = (column: string) => (columns.has(column) ? `t.${column}` : "NULL")
      const [lists] = yield* w.query("SELECT count(*) FROM sqlite_master WHERE name = 'things__l'")
      const key = columns.has("_sluice_id") ? "_sluice_id" : "id"
      const list =
        lists![0] === 0
          ? "''"
          : `(SELECT coalesce(group_concat(value, ','), '') FROM (SELECT value FROM things__l AS l WHERE l._parent_${key} = t.${key} ORDER BY _idx))`
      return yield* w.query(
        `SELECT ${["id", "g", "v", "gone"].map(cell).join(", ")}, ${list} FROM things AS t ${more} ORDER BY 1, 2, 3, 4, 5`
      )
    })
  const shown = (rows: Iterable<Thing>): Cells =>
    [...rows]
      .map(({ g, gone, id, l, v }) => [
        id ?? null,
        g ?? null,
        v ?? null,
        typeof gone === "boolean" ? Number(gone) : (gone ?? null),
        (l ?? []).join(",")
      ])
      .sort(byCells)

  describe(`write dispositions over ${name}`, () => {
    for (const [label, { make, ...options }] of Object.entries(models)) {
      it.scoped(
        `${label}: any rows, any pages, any interruptions, walk after walk`,
        using(() =>
          Effect.tryPromise(() =>
            fc.assert(
              fc.asyncProperty(fc.array(walks(options.rows), { minLength: 1, maxLength: 3 }), (all) =>
                Effect.gen(function* () {
                  const w = yield* world
                  const resource = things(options.write, options.resource)
                  const model = make()
                  for (const each of all) {
                    const { completed, total } = yield* walk(w, resource, each)
                    const rows = each.flat(2)
                    model.walk(rows)
                    const expected = shown(model.rows())
                    assert.deepStrictEqual(yield* contents(w), expected)
                    if (resource.write.disposition === "replace") {
                      const { inserted, unchanged, updated } = completed
                      assert.strictEqual(inserted + updated + unchanged, expected.length)
                      assert.strictEqual(expected.length + total.dropped, rows.length)
                    }
                    assert.deepStrictEqual(yield* w.query("PRAGMA foreign_key_check"), [])
                    assert.deepStrictEqual(yield* w.query("SELECT * FROM _sluice_groups"), [])
                    assert.deepStrictEqual(
                      yield* w.query("SELECT name FROM sqlite_master WHERE name LIKE '\\_sluice\\_next%' ESCAPE '\\'"),
                      []
                    )
                  }
                  // The same walk again, in one page: nothing is new, nothing goes.
                  const last = all.at(-1)!.flat(2)
                  const before = yield* contents(w)
                  yield* walk(w, resource, [[last]])
                  model.walk(last)
                  if (options.again !== false) assert.deepStrictEqual(yield* contents(w), before)
                  assert.deepStrictEqual(yield* contents(w), shown(model.rows()))
                }).pipe(Effect.scoped, Effect.provide(services), Effect.runPromise)
              ),
              { numRuns: 15 }
            )
          )
        )
      )
    }

    it.scoped(
      "deletes: rows are known again by keys of any kind, over several runs",
      using((w) =>
        Effect.gen(function* () {
          const kinds: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>>>>> = {
            integers: [{ id: 0 }, { id: -1 }, { id: 2n ** 62n }],
            large: [{ id: 2n ** 70n }, { id: 2n ** 70n + 1n }],
            reals: [{ id: 0.1 }, { id: 1.5 }, { id: 1e21 }, { id: 2 }],
            texts: ["", "a", "A", '"', "[1]", "\u0000", "\u0001", "é", "\u{1f600}", "null", "007", "1.0"].map((id) => ({
              id
            })),
            timestamps: [{ id: "2026-01-01T00:00:00Z" }, { id: "2026-01-01T01:00:00.5+01:00" }],
            pairs: ["1", "1,2", '1","2'].flatMap((id) => [1, 2].map((g) => ({ id, g })))
          }
          for (const [kind, all] of Object.entries(kinds)) {
            const resource = things(
              { strategy: "upsert" },
              {
                name: kind,
                table: kind,
                primaryKey: kind === "pairs" ? ["id", "g"] : "id",
                deletes: { mode: "hard", maxRatio: 1 }
              }
            )
            const rows = all as ReadonlyArray<Thing>
            const pages = rows.map((row) => [row])
            for (const runs of [[[rows]], [pages], pages.map((page) => [page])]) {
              const { completed } = yield* walk(w, resource, runs)
              assert.strictEqual(completed.deleted, 0, kind)
              assert.deepStrictEqual(yield* w.query(`SELECT count(*) FROM "${kind}"`), [[rows.length]])
            }
            const gone = yield* walk(
              w,
              resource,
              pages.slice(1).map((page) => [page])
            )
            assert.strictEqual(gone.completed.deleted, 1, kind)
            assert.deepStrictEqual(yield* w.query(`SELECT count(*) FROM "${kind}"`), [[rows.length - 1]])
            assert.deepStrictEqual(yield* w.query("SELECT count(*) FROM _sluice_seen"), [[0]])
          }
        })
      )
    )

    it.scoped(
      "replace: readers see the old rows until the walk is whole, with their views and indexes after it too",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ disposition: "replace" })
          yield* walk(w, resource, one({ id: 1, v: "a", l: ["x"] }, { id: 2, v: "b", l: ["y"] }, { id: 3, v: "c" }))
          yield* w.query("CREATE VIEW seen AS SELECT id, v FROM things")
          yield* w.query("CREATE INDEX by_v ON things (v)")
          const reader = yield* DatabaseFile.open(w.file)
          const read = (text: string) => Effect.map(reader.unsafe(text).values, (rows) => rows.map((row) => [...row]))
          const old = [
            [1, "a"],
            [2, "b"],
            [3, "c"]
          ]
          const next = [[{ id: 1, v: "a", l: ["x"] }], [{ id: 2, v: "B", l: [] }], [{ id: 4, v: "d", l: ["z"] }]]
          const begun = yield* walk(w, resource, [next.slice(0, 2)], "broken")
          assert.deepStrictEqual(begun.total, zero)
          assert.deepStrictEqual(yield* read("SELECT * FROM seen ORDER BY 1"), old)
          const { compiled, session } = yield* open(w, resource, `R${++runs}`)
          assert.strictEqual(yield* session.stored, 2)
          yield* session.merge({
            batch: yield* compiled.page(next[2]!),
            index: 2,
            retries: 0,
            fetched: 1,
            total: undefined,
            checkpoint: undefined
          })
          assert.deepStrictEqual(yield* read("SELECT * FROM seen ORDER BY 1"), old)
          assert.deepStrictEqual(yield* session.complete(), {
            inserted: 1,
            updated: 1,
            unchanged: 1,
            deleted: 1,
            dropped: 0
          })
          assert.deepStrictEqual(yield* read("SELECT * FROM seen ORDER BY 1"), [
            [1, "a"],
            [2, "B"],
            [4, "d"]
          ])
          assert.deepStrictEqual(yield* read("SELECT _parent_id, value FROM things__l ORDER BY 1"), [
            [1, "x"],
            [4, "z"]
          ])
          assert.deepStrictEqual(yield* read("SELECT name FROM sqlite_master WHERE name = 'by_v'"), [["by_v"]])
          // A row that is the same still names the run that brought it.
          const runsOf = yield* read("SELECT id, count(*) OVER (PARTITION BY _sluice_run) FROM things ORDER BY id")
          assert.deepStrictEqual(runsOf, [
            [1, 1],
            [2, 1],
            [4, 1]
          ])
          assert.deepStrictEqual(
            yield* read("SELECT sum(inserted), sum(updated), sum(unchanged), sum(deleted) FROM _sluice_resources"),
            [[4, 1, 1, 1]]
          )
        })
      )
    )

    it.scoped(
      "replace: a whole walk without rows empties the table and its child tables, one that broke off nothing",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ disposition: "replace" })
          yield* walk(w, resource, one({ id: 1, l: ["x"] }, { id: 2 }))
          yield* walk(w, resource, [[[]]], "broken")
          assert.deepStrictEqual(yield* w.query("SELECT id FROM things"), [[1], [2]])
          const { completed } = yield* walk(w, resource, [[[]]])
          assert.deepStrictEqual(completed, { inserted: 0, updated: 0, unchanged: 0, deleted: 2, dropped: 0 })
          assert.deepStrictEqual(yield* w.query("SELECT count(*) FROM things__l"), [[0]])
        })
      )
    )

    it.scoped(
      "replace: a walk that starts over leaves nothing of the one before",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ disposition: "replace" }, { primaryKey: [] })
          yield* walk(w, resource, [[[{ v: "old" }]]], "broken")
          const { compiled, session } = yield* open(w, resource, `R${++runs}`)
          yield* session.restart
          const page = { index: 0, retries: 0, fetched: 1, total: undefined, checkpoint: undefined }
          yield* session.merge({ ...page, batch: yield* compiled.page([{ v: "new" }]) })
          yield* session.complete()
          assert.deepStrictEqual(yield* w.query("SELECT v FROM things"), [["new"]])
        })
      )
    )

    it.scoped(
      "replace: what is filled beside grows with the table, key and all",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ disposition: "replace" })
          yield* walk(w, resource, one({ id: 1, v: 1, l: ["x"] }))
          const { completed } = yield* walk(w, resource, [
            [[{ id: 1, v: 1, l: ["x"] }], [{ id: 2, v: 1.5, g: "new" }]],
            [[{ id: 2n ** 64n, v: 2, l: ["y"] } as never]]
          ])
          assert.deepStrictEqual(completed, { inserted: 2, updated: 0, unchanged: 1, deleted: 0, dropped: 0 })
          assert.deepStrictEqual(yield* contents(w), [
            ["1", null, 1, null, "x"],
            ["18446744073709551616", null, 2, null, "y"],
            ["2", "new", 1.5, null, ""]
          ])
        })
      )
    )

    it.scoped(
      "replace: a default key that no row has is no key, and does not become one",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ disposition: "replace" }, { primaryKey: { fields: ["id"], origin: "default" } })
          yield* walk(w, resource, one({ v: "a" }, { v: "a" }))
          assert.deepStrictEqual(yield* w.query("SELECT v FROM things"), [["a"], ["a"]])
          yield* walk(w, resource, one({ id: 1, v: "a" }, { v: "b" }))
          assert.deepStrictEqual(yield* w.query("SELECT id, v FROM things ORDER BY v"), [
            [1, "a"],
            [null, "b"]
          ])
        })
      )
    )

    it.scoped(
      "replace: starts every walk at the cursor's beginning",
      using((w) =>
        Effect.gen(function* () {
          const page = {
            index: 0,
            retries: 0,
            fetched: 1,
            total: undefined,
            checkpoint: undefined,
            cursor: { by: "v", value: 5 }
          }
          for (const [disposition, kept] of [
            ["replace", undefined],
            ["append", { by: "v", value: 5 }]
          ] as const) {
            const resource = things({ disposition }, { name: disposition })
            const { compiled, session } = yield* open(w, resource, `R${++runs}`)
            yield* session.merge({ ...page, batch: yield* compiled.page([{ id: 1 }]) })
            assert.deepStrictEqual((yield* open(w, resource, `R${++runs}`)).session.cursor, kept)
          }
        })
      )
    )

    it.scoped(
      "merge_key: nothing goes while the walk is not whole; a field that no row has is named",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ mergeKey: ["g"] })
          yield* walk(w, resource, one({ id: 1, g: "a" }, { id: 2, g: "a" }, { id: 3, g: "b" }))
          yield* walk(w, resource, [[[{ id: 4, g: "a" }]]], "broken")
          assert.strictEqual(yield* (yield* open(w, resource, `R${++runs}`)).session.stored, 1)
          assert.deepStrictEqual(yield* w.query("SELECT id FROM things ORDER BY 1"), [[1], [2], [3], [4]])
          const { completed, total } = yield* walk(w, resource, one({ id: 4, g: "a" }))
          assert.deepStrictEqual([total.unchanged, completed.deleted], [1, 2])
          assert.deepStrictEqual(yield* w.query("SELECT id FROM things ORDER BY 1"), [[3], [4]])
          const [plan] = yield* w.query("EXPLAIN QUERY PLAN SELECT 1 FROM things WHERE g = 'x'")
          assert.match(String(plan?.[3]), /SEARCH .* INDEX/)
          const error = yield* Effect.flip(walk(w, things({ mergeKey: ["nope"] }), one({ id: 9 })))
          assert.include(String(error), "merge_key nope")
        })
      )
    )

    it.scoped(
      "merge_key: compound, over numbers and texts, and nulls that match nothing",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ mergeKey: ["g", "v"] }, { primaryKey: [] })
          yield* walk(w, resource, one({ g: "a", v: 1 }, { g: "a", v: 2 }, { g: null, v: 1 }, { g: "b", v: 1 }))
          yield* walk(w, resource, one({ g: "a", v: 1, l: ["n"] }, { g: null, v: 1 }))
          assert.deepStrictEqual(
            yield* contents(w),
            shown([
              { g: "a", v: 1, l: ["n"] },
              { g: "a", v: 2 },
              { g: null, v: 1 },
              { g: null, v: 1 },
              { g: "b", v: 1 }
            ])
          )
        })
      )
    )

    it.scoped(
      "hard_delete: counts each mark, takes child rows along, and means nothing to append and replace",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ hardDelete: "gone" })
          yield* walk(w, resource, one({ id: 1, v: "a", l: ["x"] }, { id: 2, v: "b" }))
          const { total } = yield* walk(
            w,
            resource,
            one({ id: 1, gone: true }, { id: 7, gone: true }, { id: 2, v: "c", gone: false })
          )
          assert.deepStrictEqual(total, { ...zero, deleted: 1, dropped: 1, updated: 1 })
          assert.deepStrictEqual(yield* contents(w), shown([{ id: 2, v: "c", gone: false }]))
          assert.deepStrictEqual(yield* w.query("SELECT count(*) FROM things__l"), [[0]])
          const other = things({ disposition: "append", hardDelete: "gone" }, { name: "others" })
          yield* walk(w, other, one({ id: 1, gone: true }))
          assert.deepStrictEqual(yield* w.query("SELECT id, gone FROM others"), [[1, 1]])
        })
      )
    )

    it.scoped(
      "scd2: a row that changes, goes and comes back has a version for each time",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ strategy: "scd2" })
          runs = 10
          yield* walk(w, resource, one({ id: 1, v: "a", l: ["x"] }, { id: 2, v: "b" }))
          const changed = yield* walk(w, resource, one({ id: 1, v: "A", l: ["x", "y"] }, { id: 2, v: "b" }))
          assert.deepStrictEqual(changed.total, { ...zero, updated: 1, unchanged: 1 })
          assert.strictEqual(changed.completed.deleted, 0)
          assert.strictEqual((yield* walk(w, resource, one({ id: 1, v: "A", l: ["x", "y"] }))).completed.deleted, 1)
          // Not whole: nothing is retired for being absent.
          yield* walk(w, resource, [[[]]], "broken")
          yield* walk(w, resource, one({ id: 1, v: "A", l: ["x", "y"] }, { id: 2, v: "b" }))
          const at = (second: number) => `2026-01-01T00:00:${second}.000000000Z`
          assert.deepStrictEqual(
            yield* w.query("SELECT id, v, _sluice_valid_from, _sluice_valid_to FROM things ORDER BY id, 3"),
            [
              [1, "a", at(11), at(12)],
              [1, "A", at(12), null],
              [2, "b", at(11), at(13)],
              // The walk that broke off was gone on with, and began then.
              [2, "b", at(14), null]
            ]
          )
          assert.deepStrictEqual(
            yield* w.query(
              "SELECT t.v, l.value FROM things t JOIN things__l l ON l._parent__sluice_id = t._sluice_id ORDER BY 1, 2"
            ),
            [
              ["A", "x"],
              ["A", "y"],
              ["a", "x"]
            ]
          )
          const { session } = yield* open(w, resource, `R${++runs}`)
          // None that this walk has brought.
          assert.strictEqual(yield* session.stored, 0)
        })
      )
    )

    it.scoped(
      "scd2: a mark retires a version, and is no row that came",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ strategy: "scd2", hardDelete: "gone" })
          yield* walk(w, resource, one({ id: 1, v: "a" }, { id: 2, v: "b" }))
          const { total } = yield* walk(
            w,
            resource,
            [
              [
                [
                  { id: 1, gone: true },
                  { id: 2, v: "b" }
                ]
              ]
            ],
            "broken"
          )
          assert.deepStrictEqual(total, { ...zero, deleted: 1, unchanged: 1 })
          assert.deepStrictEqual(yield* w.query("SELECT id FROM things WHERE _sluice_valid_to IS NULL"), [[2]])
          assert.strictEqual(yield* (yield* open(w, resource, `R${++runs}`)).session.stored, 1)
        })
      )
    )

    it.scoped(
      "scd2: what an earlier walk retired at the same moment is not put back in force",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ strategy: "scd2", history: { boundaryTimestamp: "2020-01-01T00:00:00Z" } })
          for (const v of [1, 2, 1]) yield* walk(w, resource, one({ id: 1, v }))
          assert.deepStrictEqual(yield* w.query("SELECT v, _sluice_valid_to IS NULL FROM things ORDER BY _sluice_id"), [
            [1, 0],
            [2, 0],
            [1, 1]
          ])
        })
      )
    )

    it.scoped(
      "scd2: by a field that says the version, with names and stamps of its own, and a merge key that bounds what is retired",
      using((w) =>
        Effect.gen(function* () {
          const resource = things(
            {
              strategy: "scd2",
              mergeKey: ["g"],
              history: {
                validFrom: "from",
                validTo: "to",
                activeTimestamp: "9999-12-31T00:00:00Z",
                boundaryTimestamp: "2020-01-01T00:00:00+01:00",
                rowVersion: "v"
              }
            },
            { primaryKey: [] }
          )
          yield* walk(w, resource, one({ g: "a", v: 1, l: ["x"] }, { g: "b", v: 2 }))
          const again = yield* walk(w, resource, one({ g: "a", v: 1, l: ["unseen"] }))
          assert.deepStrictEqual([again.total.unchanged, again.completed.deleted], [1, 0])
          yield* walk(w, resource, one({ g: "a", v: 3 }))
          const [from, never] = ["2019-12-31T23:00:00.000000000Z", "9999-12-31T00:00:00.000000000Z"]
          assert.deepStrictEqual(yield* w.query(`SELECT g, v, "from", "to" FROM things ORDER BY v`), [
            ["a", 1, from, from],
            ["b", 2, from, never],
            ["a", 3, from, never]
          ])
        })
      )
    )

    it.scoped(
      "scd2: any walks leave one version in force of each key, and lives that do not overlap",
      using(() =>
        Effect.tryPromise(() =>
          fc.assert(
            fc.asyncProperty(fc.array(walks(rowsOf({ v: true })), { minLength: 1, maxLength: 4 }), (all) =>
              Effect.gen(function* () {
                runs = 0
                const w = yield* world
                const resource = things({ strategy: "scd2" })
                for (const each of all) {
                  yield* walk(w, resource, each)
                  const last = new Map(each.flat(2).map((row) => [row.id, row]))
                  const active =
                    (yield* contents(w, "")).length === 0 ? [] : yield* contents(w, "WHERE _sluice_valid_to IS NULL")
                  assert.deepStrictEqual(active, shown(last.values()))
                  const before = yield* w.query("SELECT * FROM sqlite_master WHERE name = 'things'")
                  if (before.length === 0) continue
                  const versions = yield* w.query("SELECT count(*) FROM things")
                  // The same again brings no version, however its rows fell onto pages.
                  yield* walk(w, resource, each)
                  assert.deepStrictEqual(yield* w.query("SELECT count(*) FROM things"), versions)
                  assert.deepStrictEqual(
                    yield* w.query(
                      `SELECT a.id FROM things a JOIN things b ON a.id = b.id AND a._sluice_id <> b._sluice_id
                        AND a._sluice_valid_from < coalesce(b._sluice_valid_to, '9') AND b._sluice_valid_from < coalesce(a._sluice_valid_to, '9')`
                    ),
                    []
                  )
                  assert.deepStrictEqual(
                    yield* w.query("SELECT id FROM things WHERE _sluice_valid_to <= _sluice_valid_from"),
                    []
                  )
                }
              }).pipe(Effect.scoped, Effect.provide(services), Effect.runPromise)
            ),
            { numRuns: 20 }
          )
        )
      )
    )

    it.scoped(
      "does not write versions into a table of rows, nor rows into one of versions",
      using((w) =>
        Effect.gen(function* () {
          yield* walk(w, things({}), one({ id: 1 }))
          const error = yield* Effect.flip(walk(w, things({ strategy: "scd2" }), one({ id: 1 })))
          assert.include(String(error), "was made for another write disposition")
          yield* walk(w, things({ strategy: "scd2" }, { name: "others" }), one({ id: 1 }))
          const back = yield* Effect.flip(walk(w, things({}, { name: "others" }), one({ id: 1, v: "x" })))
          assert.include(String(back), "was made for another write disposition")
          const named = { strategy: "scd2", history: { validTo: "v" } } as const
          const taken = yield* Effect.flip(walk(w, things(named, { name: "third" }), one({ id: 1, v: "x" })))
          assert.include(String(taken), "becomes the column v")
        })
      )
    )

    it.scoped(
      "dedup_sort: decimals are compared as numbers, nulls as the lowest",
      using((w) =>
        Effect.gen(function* () {
          const write = { dedupSort: { field: "v", order: "desc" } } as const
          const resource = things(write, { columns: [{ name: "v", dataType: "decimal", precision: 10, scale: 2 }] })
          const first = [
            { id: 1, v: "9.50", g: "less" },
            { id: 2, v: null, g: "null" }
          ]
          yield* walk(w, resource, [
            [
              [{ id: 1, v: "10.00", g: "more" }, ...first],
              [...first, { id: 1, v: "-11", g: "least" }, { id: 2, v: "-1", g: "not null" }]
            ]
          ])
          assert.deepStrictEqual(yield* w.query("SELECT id, g FROM things ORDER BY 1"), [
            [1, "more"],
            [2, "not null"]
          ])
        })
      )
    )

    it.scoped(
      "insert-only with dedup_sort: a better row of the same walk still replaces, one that was there before stays",
      using((w) =>
        Effect.gen(function* () {
          const resource = things({ strategy: "insert-only", dedupSort: { field: "v", order: "desc" } })
          yield* walk(w, resource, one({ id: 1, v: 1, g: "old" }))
          yield* walk(w, resource, [
            [
              [
                { id: 1, v: 2 },
                { id: 2, v: 5, g: "p" }
              ],
              [{ id: 2, v: 4 }]
            ],
            [
              [
                { id: 2, v: 7, g: "q" },
                { id: 1, v: 9 }
              ]
            ]
          ])
          assert.deepStrictEqual(
            yield* contents(w),
            shown([
              { id: 1, v: 1, g: "old" },
              { id: 2, v: 7, g: "q" }
            ])
          )
        })
      )
    )
  })
}

const byCells = (a: ReadonlyArray<unknown>, b: ReadonlyArray<unknown>): number => {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]]
    if (x === y) continue
    const rank = (value: unknown) => (value === null ? 0 : typeof value === "string" ? 2 : 1)
    if (rank(x) !== rank(y)) return rank(x) - rank(y)
    return (x as string) < (y as string) ? -1 : 1
  }
  return 0
}

// --- models ---

const rowsOf = (use: { readonly g?: true; readonly v?: true; readonly gone?: true; readonly keyless?: true }) =>
  fc
    .record({
      id: fc.integer({ min: 1, max: 5 }),
      g: fc.constantFrom("a", "b", null),
      v: fc.constantFrom(0, 1, 2),
      gone: fc.boolean(),
      l: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 })
    })
    .map(({ g, gone, id, l, v }): Thing => ({
      ...(use.keyless ? {} : { id }),
      ...(use.g ? { g } : {}),
      ...(use.v ? { v } : {}),
      ...(use.gone ? { gone } : {}),
      l
    }))

/** A walk: some rows, cut into pages, and those into runs. */
const walks = (row: fc.Arbitrary<Thing>): fc.Arbitrary<Runs> =>
  fc.array(fc.array(fc.array(row, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })

interface Model {
  readonly walk: (rows: ReadonlyArray<Thing>) => void
  readonly rows: () => Iterable<Thing>
}

interface Case {
  readonly write: WriteOptions
  readonly resource?: Partial<Resource.Options>
  readonly rows: fc.Arbitrary<Thing>
  readonly make: () => Model
  /** `false`: a second walk over the same rows is not the same. */
  readonly again?: false
}

const listed = (step: (rows: ReadonlyArray<Thing>, all: ReadonlyArray<Thing>) => ReadonlyArray<Thing>) => (): Model => {
  let all: ReadonlyArray<Thing> = []
  return { walk: (rows) => (all = step(rows, all)), rows: () => all }
}

const keyed = (step: (rows: ReadonlyArray<Thing>, all: Map<number, Thing>) => void) => (): Model => {
  const all = new Map<number, Thing>()
  return { walk: (rows) => step(rows, all), rows: () => all.values() }
}

const put = (all: Map<number, Thing>, row: Thing) => void all.set(row.id!, row)

const swept = (rows: ReadonlyArray<Thing>, all: Map<number, Thing>) => {
  const groups = new Set(rows.map(({ g }) => g).filter((g) => g != null))
  const came = new Set(rows.map(({ id }) => id))
  for (const [id, row] of all) if (groups.has(row.g!) && !came.has(id)) all.delete(id)
}

/** The last of the rows that come first by `v`. */
const best = (rows: ReadonlyArray<Thing>, sign: 1 | -1): ReadonlyArray<Thing> => {
  const kept = new Map<number, Thing>()
  for (const row of rows) {
    const other = kept.get(row.id!)
    if (other === undefined || sign * (Number(row.v) - Number(other.v)) <= 0) kept.set(row.id!, row)
  }
  return [...kept.values()]
}

const models: Readonly<Record<string, Case>> = {
  append: {
    write: { disposition: "append" },
    rows: rowsOf({ v: true }),
    make: listed((rows, all) => [...all, ...rows]),
    again: false
  },
  "replace by key": {
    write: { disposition: "replace" },
    rows: rowsOf({ v: true }),
    make: keyed((rows, all) => {
      all.clear()
      for (const row of rows) put(all, row)
    })
  },
  "replace without a key": {
    write: { disposition: "replace" },
    resource: { primaryKey: [] },
    rows: rowsOf({ v: true, keyless: true }),
    make: listed((rows) => rows)
  },
  "merge without any key": {
    write: { disposition: "merge" },
    resource: { primaryKey: [] },
    rows: rowsOf({ v: true, keyless: true }),
    make: listed((rows, all) => [...all, ...rows]),
    again: false
  },
  "merge by delete-insert": {
    write: { strategy: "delete-insert" },
    rows: rowsOf({ v: true, g: true }),
    make: keyed((rows, all) => rows.forEach((row) => put(all, row)))
  },
  "merge that deletes what is gone": {
    write: { strategy: "upsert" },
    resource: { deletes: { mode: "hard", maxRatio: 1 } },
    rows: rowsOf({ v: true, g: true }),
    make: keyed((rows, all) => {
      // An empty list is no proof.
      if (rows.length > 0) all.clear()
      for (const row of rows) put(all, row)
    })
  },
  "merge by upsert": {
    write: { strategy: "upsert", mergeKey: ["g"] },
    rows: rowsOf({ v: true, g: true }),
    make: keyed((rows, all) => rows.forEach((row) => put(all, row)))
  },
  "merge by insert-only": {
    write: { strategy: "insert-only" },
    rows: rowsOf({ v: true }),
    make: keyed((rows, all) => rows.forEach((row) => all.has(row.id!) || put(all, row)))
  },
  "primary and merge key": {
    write: { strategy: "delete-insert", mergeKey: ["g"] },
    rows: rowsOf({ v: true, g: true }),
    make: keyed((rows, all) => {
      for (const row of rows) put(all, row)
      swept(rows, all)
    })
  },
  "merge key alone": {
    write: { strategy: "delete-insert", mergeKey: ["g"] },
    resource: { primaryKey: [] },
    // With a group in every walk, or the column would not be there.
    rows: rowsOf({ v: true, g: true, keyless: true }).map((row) => ({ ...row, g: row.g ?? "c" })),
    make: listed((rows, all) => {
      const groups = new Set(rows.map(({ g }) => g))
      return [...all.filter(({ g }) => !groups.has(g)), ...rows]
    })
  },
  hard_delete: {
    write: { hardDelete: "gone" },
    rows: rowsOf({ v: true, gone: true }),
    make: keyed((rows, all) => rows.forEach((row) => (row.gone === true ? all.delete(row.id!) : put(all, row))))
  },
  "hard_delete by any value": {
    write: { strategy: "upsert", hardDelete: "gone" },
    rows: rowsOf({ v: true, gone: true }).map((row) => ({ ...row, gone: row.gone === true ? "2026" : null })),
    make: keyed((rows, all) => rows.forEach((row) => (row.gone == null ? put(all, row) : all.delete(row.id!))))
  },
  "dedup_sort desc": {
    write: { dedupSort: { field: "v", order: "desc" } },
    rows: rowsOf({ v: true }),
    make: keyed((rows, all) => best(rows, -1).forEach((row) => put(all, row)))
  },
  "dedup_sort asc with marks and a merge key": {
    write: { dedupSort: { field: "v", order: "asc" }, hardDelete: "gone", mergeKey: ["g"] },
    rows: rowsOf({ v: true, g: true, gone: true }),
    make: keyed((rows, all) => {
      for (const row of best(rows, 1)) {
        if (row.gone === true) all.delete(row.id!)
        else put(all, row)
      }
      swept(rows, all)
    })
  },
  "dedup_sort of a walk known to have no duplicates": {
    write: { dedupSort: { field: "v", order: "asc" }, deduplicated: true },
    rows: rowsOf({ v: true }),
    make: keyed((rows, all) => rows.forEach((row) => put(all, row)))
  }
}
