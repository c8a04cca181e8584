/** A replay of refused rows: what it stores, what it leaves, and what it never does. */
import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Option } from "effect"
import { AutoDriver, Host, Resource, SinglePage } from "sluice"
import { crash, places } from "sluice/testing"
import { line, replay, rows, run, serve, source, stages } from "./support.ts"

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    primaryKey: "id",
    paginator: SinglePage.make(),
    maxRejectRatio: 1,
    columns: [{ name: "n", dataType: "bigint" }],
    ...options
  })

const text = [{ name: "n", dataType: "text" as const }]

const api = (items: ReadonlyArray<unknown>) => serve(() => ({ body: { items } }))

describe("a replay", () => {
  it.effect("stores what fits by now, keeps the rest with the reason of today, and asks the API for nothing", () => {
    const served = api([
      { id: 1, n: 1 },
      { id: 2, n: "a" },
      { id: null, n: "b" }
    ])
    const of = source(things())
    const fixed = source(things({ columns: text }))
    return Effect.gen(function* () {
      yield* run(of)
      const first = yield* replay(of)
      assert.deepInclude(first, { status: "partial" })
      assert.deepInclude(first.resources[0], { stored: 0, remaining: 2 })
      const done = yield* replay(fixed)
      assert.deepInclude(done, { status: "partial", source: "test" })
      assert.deepInclude(done.resources[0], { name: "things", stored: 1, remaining: 1, obsolete: 0 })
      assert.deepInclude(done.resources[0]!.rows, { inserted: 1, updated: 0, unchanged: 0, deleted: 0 })
      assert.deepStrictEqual(yield* rows("SELECT id, n FROM things ORDER BY id"), [
        [1, "1"],
        [2, "a"]
      ])
      assert.deepStrictEqual(yield* rows("SELECT path, reason FROM _sluice_rejects"), [
        ["id", "the primary key is null or missing"]
      ])
      // The run that is named by the row is in the books, and is no walk.
      assert.deepStrictEqual(
        yield* rows(
          "SELECT r.command, r.status FROM things t JOIN _sluice_runs r ON r.run = t._sluice_run WHERE t.id = 2"
        ),
        [["replay", "partial"]]
      )
      const again = yield* replay(fixed)
      assert.deepInclude(again.resources[0], { stored: 0, remaining: 1 })
      assert.strictEqual(served.asked.length, 1)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("says that a column stays what it is, where columns would have it otherwise", () => {
    const served = api([
      { id: 1, n: 1.5 },
      { id: 2, n: "a" }
    ])
    const of = source(things({ columns: [] }))
    const wanted = source(things({ columns: text }))
    return Effect.gen(function* () {
      yield* run(of)
      const done = yield* replay(wanted)
      assert.deepInclude(done.resources[0], { stored: 0, remaining: 1 })
      assert.include(done.resources[0]!.notices.join(), "the column n stays real: what it holds is not text")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("never puts a row over one that came later", () => {
    const now = { items: [{ id: 1, n: "old" }] as ReadonlyArray<unknown> }
    const of = source(things())
    const fixed = source(things({ columns: text }))
    return Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* run(of)
      // As by an earlier version, which noted no keys.
      yield* sql`CREATE TABLE kept AS SELECT * FROM _sluice_rejects`
      yield* sql`UPDATE kept SET key = NULL`
      now.items = [{ id: 1, n: 2 }]
      yield* run(of)
      yield* sql`INSERT OR REPLACE INTO _sluice_rejects SELECT * FROM kept`
      const done = yield* replay(fixed)
      assert.deepInclude(done.resources[0], { stored: 0, obsolete: 1, remaining: 0 })
      assert.deepStrictEqual(yield* rows("SELECT n FROM things"), [["2"]])
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
    }).pipe(
      Effect.provide(
        stages(
          serve(() => ({ body: { items: now.items } })),
          of
        )
      )
    )
  })

  it.effect("reaches the children of a row that a step had refused", () => {
    const served = serve(({ path }) =>
      path === "/things"
        ? {
            body: {
              items: [
                { id: 1, n: 1 },
                { id: 2, n: 2 }
              ]
            }
          }
        : { body: { items: [{ id: 9, n: 9 }] } }
    )
    const child = things({
      name: "parts",
      path: "/things/{resources.things.id}/parts",
      includeFromParent: ["n"],
      primaryKey: ["_things_n", "id"]
    })
    const parent = (isFixed: boolean) =>
      things({
        processing: [
          {
            map: (row: unknown) => {
              if (!isFixed && (row as { id: number }).id === 2) throw new Error("no")
              return row
            }
          }
        ]
      })
    const of = source(parent(false), child)
    const fixed = source(parent(true), child)
    return Effect.gen(function* () {
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT _things_n FROM parts"), [[1]])
      const done = yield* replay(fixed)
      assert.deepInclude(done, { status: "complete" })
      yield* run(fixed, { resources: ["parts"] })
      assert.deepStrictEqual(yield* rows("SELECT _things_n FROM parts ORDER BY 1"), [[1], [2]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("queues a parent that had not what its child needed, once the child needs something else", () => {
    const served = serve(({ path }) =>
      path === "/things" ? { body: { items: [{ id: 1, slug: null }] } } : { body: { items: [{ id: 9 }] } }
    )
    const of = (path: string) => source(things({ columns: [] }), things({ name: "parts", columns: [], path }))
    const fixed = of("/things/{resources.things.id}/parts")
    return Effect.gen(function* () {
      yield* run(of("/things/{resources.things.slug}/parts"))
      const done = yield* replay(fixed)
      assert.deepInclude(done.resources[0], { name: "parts", queued: 1, remaining: 0 })
      yield* run(fixed)
      assert.deepStrictEqual(yield* rows("SELECT id FROM parts"), [[9]])
    }).pipe(Effect.provide(stages(served, of("/things/{resources.things.slug}/parts"))))
  })

  it.effect("stores a child's row with the fields of its parent", () => {
    const served = serve(({ path }) =>
      path === "/things" ? { body: { items: [{ id: 1, n: 5 }] } } : { body: { items: [{ id: 9, n: "x" }] } }
    )
    const of = (columns: Resource.Options["columns"]) =>
      source(
        things(),
        things({ name: "parts", path: "/things/{resources.things.id}/parts", includeFromParent: ["n"], columns })
      )
    return Effect.gen(function* () {
      yield* run(of([{ name: "n", dataType: "bigint" }]))
      assert.deepInclude(yield* replay(of(text)), { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT id, n, _things_n FROM parts"), [[9, "x", 5]])
    }).pipe(Effect.provide(stages(served, of(text))))
  })

  it.effect("runs other steps than those of then on what came", () => {
    const wrong = [{ map: { rename: { n: "m" }, set: { n: "x" } } }]
    const of = source(things({ processing: wrong }))
    return Effect.gen(function* () {
      yield* run(of)
      const done = yield* replay(source(things({ processing: [{ map: { rename: { m: "n" }, drop: ["other"] } }] })))
      assert.deepInclude(done, { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT id, n FROM things"), [[1, 5]])
    }).pipe(Effect.provide(stages(api([{ id: 1, m: 5 }]), of)))
  })

  it.effect("does not run steps again that were through", () => {
    const served = api([{ id: 1, n: "1x", other: 7 }])
    const of = (map: Resource.Options["processing"]) => source(things({ processing: map }))
    const twice = [
      { map: (row: unknown) => ({ ...(row as object), count: ((row as { count?: number }).count ?? 0) + 1 }) }
    ]
    return Effect.gen(function* () {
      yield* run(of(twice))
      const same = yield* replay(source(things({ processing: twice, columns: text })))
      assert.deepInclude(same, { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT n, count FROM things"), [["1x", 1]])
    }).pipe(Effect.provide(stages(served, of(twice))))
  })

  it.effect("does not store what its steps were to hide, masked: the API must be asked again", () => {
    const served = api([{ id: 1, mail: "a@b.c", n: "x" }])
    const of = source(things({ processing: [{ map: { hash: ["mail"], cast: { n: "integer" } } }] }))
    return Effect.gen(function* () {
      yield* run(of)
      const [[raw] = []] = yield* rows("SELECT raw FROM _sluice_rejects")
      assert.notInclude(String(raw), "a@b.c")
      const done = yield* replay(source(things({ processing: [{ map: { hash: ["mail"] } }], columns: text })))
      assert.deepInclude(done, { status: "partial" })
      assert.match(done.resources[0]!.notices.join("\n"), /--full-refresh reads it again/)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[1]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("stores rows without a key as often as they came", () => {
    const of = (columns: Resource.Options["columns"]) =>
      source(things({ primaryKey: [], writeDisposition: "append", columns }))
    const wrong = of([{ name: "n", dataType: "bigint" }])
    return Effect.gen(function* () {
      yield* run(wrong)
      assert.deepStrictEqual(yield* rows("SELECT count(*), sum(times) FROM _sluice_rejects"), [[1, 2]])
      yield* replay(of(text))
      yield* replay(of(text))
      assert.deepStrictEqual(yield* rows("SELECT n FROM things"), [["a"], ["a"]])
    }).pipe(Effect.provide(stages(api([{ n: "a" }, { n: "a" }]), wrong)))
  })

  it.effect("names a resource that the source no longer has, and keeps its rows", () => {
    const of = source(things())
    return Effect.gen(function* () {
      yield* run(of)
      const done = yield* replay(source(things({ name: "others" })))
      assert.deepInclude(done, { status: "partial" })
      assert.deepInclude(done.resources[0], { name: "things", remaining: 1 })
      assert.strictEqual(line(yield* run(of), "things").rows.rejected, 1)
    }).pipe(Effect.provide(stages(api([{ id: 1, n: "a" }]), of)))
  })
})

describe("a replay that dies", () => {
  it.scopedLive(
    "broken off before any of its statements, loses and doubles no row",
    () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const dir = yield* fs.makeTempDirectoryScoped()
        const items = Array.from({ length: 5 }, (_, id) => ({ id, n: `x${id}`, tags: ["a", "b"] }))
        const served = api([...items, { id: null, n: "y" }])
        const append = { primaryKey: [], writeDisposition: "append" as const }
        for (const [name, options] of Object.entries({ keyed: {}, append })) {
          const wrong = source(things(options))
          const fixed = source(things({ ...options, columns: text }))
          const on = (db: string) => {
            const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer, served.layer)
            return Effect.provide(Layer.provide(Host.layer({ db, api: wrong.api }), platform))
          }
          const count = rows("SELECT (SELECT count(*) FROM things), (SELECT count(*) FROM things__tags)")
          const before = `${dir}/${name}.db`
          yield* run(wrong).pipe(on(before))
          const copy = (to: string) => fs.copyFile(before, to)
          const counted = `${dir}/${name}-places.db`
          yield* copy(counted)
          const whole = yield* places(replay(fixed).pipe(on(counted)))
          const expected = yield* count.pipe(on(counted))
          assert.strictEqual(expected[0]?.[0], name === "keyed" ? 5 : 6)
          for (const at of ["page.statement", "page.commit", "page.committed"] as const) {
            for (let nth = 1; nth <= (whole.places.get(at) ?? 0); nth++) {
              const db = `${dir}/${name}-${at}-${nth}.db`
              yield* copy(db)
              assert.isTrue(Option.isNone(yield* crash({ at, nth })(replay(fixed).pipe(on(db)))))
              const done = yield* replay(fixed).pipe(on(db))
              assert.strictEqual(done.status, name === "keyed" ? "partial" : "complete")
              assert.deepStrictEqual(yield* count.pipe(on(db)), expected, `${name} ${at} ${nth}`)
            }
          }
        }
      }).pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, Logger.remove(Logger.defaultLogger)))),
    120_000
  )
})
