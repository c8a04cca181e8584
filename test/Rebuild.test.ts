import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { type Answer, type Asked, serve } from "./Sync/support.ts"
import {
  dump,
  file,
  killed,
  query,
  rebuild,
  refused,
  type Services,
  services,
  source,
  sync
} from "./Rebuild/support.ts"

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2, totalPath: "total" }),
    ...options
  })

interface Thing {
  readonly id: number
  readonly [field: string]: unknown
}

/** The API's own rows, which a test may change between runs. */
const api =
  (rows: { all: ReadonlyArray<Thing> }) =>
  (asked: Asked): Answer => {
    const from = Number(asked.query["offset"] ?? 0)
    return { body: { items: rows.all.slice(from, from + 2), total: rows.all.length } }
  }

const some = (count: number, of: (id: number) => Record<string, unknown> = () => ({})): ReadonlyArray<Thing> =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `thing ${i + 1}`, tags: [`t${i}`, "x"], ...of(i + 1) }))

const live = (name: string, body: (db: string) => Effect.Effect<void, unknown, Services>) =>
  it.live(name, () => Effect.scoped(Effect.flatMap(file, body)).pipe(Effect.provide(services)))

/** As it is after the syncs: the same again, every column of it. */
const same = (db: string, of: ReturnType<typeof source>) =>
  Effect.gen(function* () {
    const before = yield* dump(db)
    const report = yield* rebuild(db, of)
    assert.deepStrictEqual(yield* dump(db), before)
    return report
  })

describe("rebuild under the same configuration gives the same tables", () => {
  live("runs that insert, change and leave alone", (db) =>
    Effect.gen(function* () {
      const rows = { all: some(5) }
      const of = source(things())
      const served = serve(api(rows))
      yield* sync(db, of, served)
      rows.all = [...some(3, (id) => (id === 2 ? { name: "another", extra: 1.5 } : {})), ...some(7).slice(3)]
      yield* sync(db, of, served)
      const report = yield* same(db, of)
      assert.deepInclude(report, { runs: 2, pages: 7 })
      assert.deepStrictEqual(report.resources, [
        { name: "things", table: "things", pages: 7, rows: { before: 7, after: 7 } }
      ])
      const runs = yield* query(db, "SELECT count(DISTINCT _sluice_run) FROM things")
      assert.deepStrictEqual(runs.flat().map(Number), [2])
    })
  )

  for (const write of ["replace", "append"] as const) {
    live(`${write}`, (db) =>
      Effect.gen(function* () {
        const rows = { all: some(5) }
        const of = source(things({ writeDisposition: write, ...(write === "append" ? { primaryKey: [] } : {}) }))
        const served = serve(api(rows))
        yield* sync(db, of, served)
        rows.all = [...some(3, () => ({ extra: "1" }))]
        yield* sync(db, of, served)
        yield* killed(db, of, api(rows), 2)
        yield* same(db, of)
        yield* sync(db, of, served)
        yield* same(db, of)
      })
    )
  }

  live("versions, with their stamps", (db) =>
    Effect.gen(function* () {
      const rows = { all: some(5) }
      const of = source(things({ writeDisposition: { disposition: "merge", strategy: "scd2" } }))
      const served = serve(api(rows))
      yield* sync(db, of, served)
      rows.all = some(4, (id) => (id === 2 ? { name: "another" } : {}))
      yield* sync(db, of, served)
      yield* killed(db, of, api({ all: some(4) }), 3)
      yield* sync(db, of, serve(api({ all: some(4) })))
      assert.isAbove(
        Number((yield* query(db, "SELECT count(*) FROM things WHERE _sluice_valid_to IS NOT NULL")).flat()[0]),
        1
      )
      yield* same(db, of)
    })
  )

  live("walks killed after any page, with and without a total, gone on with or not at all", (db) =>
    Effect.gen(function* () {
      const rows = { all: some(7) }
      const without = (asked: Asked): Answer => ({
        body: { items: (api(rows)(asked).body as { items: unknown }).items }
      })
      const of = source(
        things(),
        things({ name: "others", path: "/others", paginator: Offset.make({ limit: 2 }), primaryKey: [] })
      )
      const answer = (asked: Asked) => (asked.path === "/others" ? without(asked) : api(rows)(asked))
      yield* sync(db, of, serve(answer), { limitPages: 1 })
      for (let requests = 1; requests <= 9; requests++) {
        yield* killed(db, of, answer, requests)
        yield* same(db, of)
        if (requests === 4) rows.all = some(8, (id) => ({ n: id }))
      }
      yield* sync(db, of, serve(answer))
      yield* same(db, of)
    })
  )

  live("an incremental resource, and one that had its rows counted by pages", (db) =>
    Effect.gen(function* () {
      const rows = { all: some(4, (id) => ({ at: id })) }
      const answer = (asked: Asked): Answer => {
        const all = rows.all.filter(({ at }) => Number(at) >= Number(asked.query["since"] ?? 0))
        return api({ all })(asked)
      }
      const of = source(
        things({
          query: [["since", "{incremental.start_value}"]],
          incremental: { cursorPath: "at", initialValue: 0, rowOrder: "asc" }
        })
      )
      yield* sync(db, of, serve(answer), { limitPages: 1 })
      yield* sync(db, of, serve(answer))
      rows.all = [...rows.all, ...some(9, (id) => ({ at: id + 1 })).slice(4)]
      yield* killed(db, of, answer, 2)
      yield* sync(db, of, serve(answer))
      yield* sync(db, of, serve(answer), { fullRefresh: true })
      yield* same(db, of)
    })
  )
})

describe("rebuild under another configuration", () => {
  live("gives what a sync under it from the start had given", (db) =>
    Effect.gen(function* () {
      const other = yield* file
      const rows = {
        all: some(5, (id) => ({
          at: "2026-01-02T03:04:05Z",
          nested: { n: id, list: [{ a: id }] },
          odd: id === 3 ? "x" : id
        }))
      }
      const before = source(things({ columns: [{ name: "odd", type: "integer" }] as never }))
      const after = source(
        things({
          table: "renamed",
          primaryKey: ["id", "name"],
          maxTableNesting: 1,
          mask: ["name"].slice(1),
          processing: [{ filter: { path: "id", op: "ne", value: 4 } }, { map: { rename: { odd: "even" } } }]
        })
      )
      for (const _ of [1, 2]) {
        yield* sync(db, before, serve(api(rows)))
        yield* sync(other, after, serve(api(rows)))
        rows.all = some(6, (id) => ({ nested: { n: id + 1, list: [] }, odd: String(id) }))
      }
      yield* rebuild(db, after)
      const runs = (yield* query(db, "SELECT run FROM _sluice_runs ORDER BY rowid")).flat()
      const others = (yield* query(other, "SELECT run FROM _sluice_runs ORDER BY rowid")).flat()
      const named = (text: string) =>
        others
          .reduce<string>((all, run, i) => all.replaceAll(String(run), String(runs[i])), text)
          .replaceAll(/\\"rejected_at\\":\\"[^"]*"/g, "")
      assert.strictEqual(
        named(JSON.stringify(yield* dump(db), null, 1)),
        named(JSON.stringify(yield* dump(other), null, 1))
      )
    })
  )

  live("says that runs asked with other headers of the client, not that a credential among them is another", (db) =>
    Effect.gen(function* () {
      const of = (headers: Record<string, string>) => ({
        ...source(things()),
        api: { ...source(things()).api, headers }
      })
      const rows = { all: some(3) }
      for (const name of ["a", "b"]) {
        rows.all = some(3, () => ({ name }))
        yield* sync(db, of({ "X-Tenant": name, "X-Api-Key": `key-${name}` }), serve(api(rows)))
      }
      const notices = (headers: Record<string, string>) =>
        Effect.map(rebuild(db, of(headers)), ({ notices }) => notices)
      const said = "asked with other client.headers than those of today: rows are those of the answers that came then"
      assert.deepStrictEqual(yield* notices({ "x-tenant": "b", "X-Api-Key": "c" }), [`one run ${said}`])
      assert.deepStrictEqual(yield* notices({}), [`2 runs ${said}`])
    })
  )

  live("rows of a page that was not stored stay refused, until it is read again", (db) =>
    Effect.gen(function* () {
      const rows = { all: some(4) }
      const of = source(things({ columns: [{ name: "n", dataType: "bigint" }] }))
      yield* sync(db, of, serve(api(rows)))
      rows.all = some(4, (id) => ({ n: id > 2 ? `x${id}` : id }))
      yield* sync(db, of, serve(api(rows)))
      const refusals = query(db, "SELECT state, page, raw FROM _sluice_rejects ORDER BY id")
      const before = yield* refusals
      assert.deepStrictEqual(
        before.map(([state, page]) => [state, page]),
        [
          ["again", 1],
          ["again", 1]
        ]
      )
      yield* same(db, of)
      assert.deepStrictEqual(yield* refusals, before)
      // By what it may be stored as now, too.
      const mended = source(things({ columns: [{ name: "n", dataType: "text" }] }))
      yield* rebuild(db, mended)
      assert.deepStrictEqual(yield* refusals, before)
      yield* sync(db, mended, serve(api(rows)))
      assert.deepStrictEqual(yield* refusals, [])
    })
  )
})

describe("rebuild refuses, and changes nothing", () => {
  const left = (db: string, of: ReturnType<typeof source>, reason: string, text: RegExp) =>
    Effect.gen(function* () {
      const before = yield* dump(db)
      const error = yield* refused(db, of)
      assert.strictEqual(error.reason, reason)
      assert.match(error.message, text)
      assert.deepStrictEqual(yield* dump(db), before)
    })

  live("a request that was never made", (db) =>
    Effect.gen(function* () {
      yield* sync(db, source(things()), serve(api({ all: some(5) })))
      yield* left(
        db,
        source(things({ path: "/v2/things" })),
        "NotAsked",
        /asks GET https:\/\/api\.test\/v2\/things.*cannot ask again/
      )
      yield* left(
        db,
        source(things({ paginator: Offset.make({ limit: 3, totalPath: "total" }) })),
        "NotAsked",
        /things/
      )
      yield* left(db, source(things({ paginator: SinglePage.make() })), "NotAsked", /things/)
    })
  )

  live("a run that kept nothing, and pages that were taken out", (db) =>
    Effect.gen(function* () {
      const of = source(things())
      yield* sync(db, of, serve(api({ all: some(5) })))
      yield* query(db, "DELETE FROM _sluice_archive WHERE page = 1")
      yield* left(db, of, "Hole", /of the 3 pages of things that run \w+ read, 2 are in the archive/)
      const receipt = yield* sync(db, of, serve(api({ all: some(5) })), { archive: false })
      yield* left(db, of, "Hole", new RegExp(`run ${receipt.run} \\(things\\) ran without --archive`))
    })
  )

  live("a schema that no page fits", (db) =>
    Effect.gen(function* () {
      yield* sync(db, source(things()), serve(api({ all: some(5) })))
      yield* left(db, source(things({ primaryKey: "nothing" })), "Failed", /nothing/)
    })
  )
})
