import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { gunzipSync } from "node:zlib"
import { HeaderLink, Host, Offset, Resource, SinglePage } from "sluice"
import * as State from "../../src/Table/State.ts"
import { type Answer, type Asked, serve } from "../Sync/support.ts"
import { dump, file, killed, query, rebuild, refused, type Services, services, source, sync } from "./support.ts"

const live = (name: string, body: (db: string) => Effect.Effect<void, unknown, Services>) =>
  it.live(name, () => Effect.scoped(Effect.flatMap(file, body)).pipe(Effect.provide(services)))

const same = (db: string, of: ReturnType<typeof source>) =>
  Effect.gen(function* () {
    const before = yield* dump(db)
    yield* rebuild(db, of)
    assert.deepStrictEqual(yield* dump(db), before)
  })

const posts = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "posts",
    path: "/posts",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2, totalPath: "total" }),
    ...options
  })

const comments = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "comments",
    path: "/posts/{resources.posts.id}/comments",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2, totalPath: "total" }),
    ...options
  })

const five = [1, 2, 3, 4, 5].map((id) => ({ id, slug: `s${id}` }))

/** Five posts; a post has as many comments as its number; `other` goes first. */
const answering =
  (other: (asked: Asked) => Answer | undefined = () => undefined) =>
  (asked: Asked): Answer => {
    const id = /(\d+)\/comments$/.exec(asked.path)?.[1]
    const all = id === undefined ? five : Array.from({ length: Number(id) }, (_, i) => ({ id: Number(id) * 10 + i }))
    const from = Number(asked.query["offset"] ?? 0)
    return other(asked) ?? { body: { items: all.slice(from, from + 2), total: all.length } }
  }

describe("children and their parents", () => {
  live("killed anywhere, failing in one parent, side by side, asked for alone", (db) =>
    Effect.gen(function* () {
      const of = source(posts(), comments({ includeFromParent: ["slug"], parallelized: true }))
      let broken = true
      const answer = answering(({ path }) =>
        broken && path === "/posts/3/comments" ? { status: 500, body: {} } : undefined
      )
      yield* killed(db, of, answer, 6)
      yield* same(db, of)
      yield* sync(db, of, serve(answer))
      yield* same(db, of)
      broken = false
      yield* sync(db, of, serve(answer), { resources: ["comments"] })
      yield* same(db, of)
      yield* sync(db, of, serve(answer), { fullRefresh: true, limitPages: 3 })
      yield* sync(db, of, serve(answer))
      yield* same(db, of)
      assert.strictEqual(Number((yield* query(db, "SELECT count(*) FROM comments"))[0]![0]), 15)
    })
  )

  for (const [what, options] of [
    ["rows with a key", {}],
    ["rows that nothing tells apart", { primaryKey: [], writeDisposition: "append" as const }],
    ["rows by a cursor per parent", { incremental: { cursorPath: "at", startParam: "since" } }]
  ] as const) {
    live(`a queue whose parents were all asked again, also those that were done: ${what}`, (db) =>
      Effect.gen(function* () {
        let at = 1
        const answer = answering(({ path }) =>
          path.endsWith("/comments")
            ? { body: { items: [{ id: Number(path.split("/")[2]), at }], total: 1 } }
            : undefined
        )
        // Two parents are done when the configuration changes.
        yield* sync(db, source(posts(), comments(options)), serve(answer), { limitPages: 1 })
        at = 2
        const changed = source(posts(), comments({ ...options, mask: ["note"] }))
        yield* sync(db, changed, serve(answer))
        const read = yield* query(db, "SELECT id, at FROM comments ORDER BY 1, 2")
        yield* same(db, changed)
        assert.deepStrictEqual(yield* query(db, "SELECT id, at FROM comments ORDER BY 1, 2"), read)
      })
    )
  }

  for (const [what, options] of [
    ["rows that nothing tells apart stay", { primaryKey: [], writeDisposition: "append" as const }],
    ["it is gone on with from there", {}]
  ] as const) {
    live(`a walk that was capped keeps its place while the parent is only read for its child: ${what}`, (db) =>
      Effect.gen(function* () {
        const of = source(posts(options), comments())
        yield* sync(db, of, serve(answering()), { limitPages: 1 })
        yield* sync(db, of, serve(answering()), { resources: ["comments"] })
        yield* same(db, of)
        assert.strictEqual((yield* query(db, "SELECT id FROM posts")).length, 2)
        yield* sync(db, of, serve(answering()))
        yield* same(db, of)
        assert.strictEqual((yield* query(db, "SELECT id FROM posts")).length, 5)
      })
    )
  }

  live("under other keys and fields of the parent: as a sync of that kind", (db) =>
    Effect.gen(function* () {
      yield* sync(db, source(posts(), comments()), serve(answering()))
      yield* rebuild(
        db,
        source(posts({ table: "articles" }), comments({ primaryKey: [], includeFromParent: ["slug"], table: "notes" }))
      )
      assert.deepStrictEqual(yield* query(db, "SELECT id, _posts_slug FROM notes WHERE id < 30 ORDER BY 1"), [
        [10, "s1"],
        [20, "s2"],
        [21, "s2"]
      ])
      const names = yield* query(
        db,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
      )
      assert.deepStrictEqual(names.flat().toSorted(), ["articles", "notes"])
    })
  )

  live("one alone: the other's tables and queue stay", (db) =>
    Effect.gen(function* () {
      yield* sync(db, source(posts(), comments()), serve(answering()), { limitPages: 2 })
      const before = yield* dump(db)
      yield* rebuild(db, source(posts({ mask: ["slug"] }), comments({ table: "notes" })), "posts")
      const after = yield* dump(db)
      assert.deepStrictEqual(after["comments"], before["comments"])
      assert.deepStrictEqual(after["_sluice_parents"], before["_sluice_parents"])
      assert.deepStrictEqual(yield* query(db, "SELECT DISTINCT slug FROM posts"), [["***"]])
    })
  )

  live("parents that were never asked for are none that can be", (db) =>
    Effect.gen(function* () {
      const few = posts({ processing: [{ filter: { path: "id", op: "lt", value: 3 } }] })
      yield* sync(db, source(few, comments()), serve(answering()))
      yield* same(db, source(few, comments()))
      const error = yield* refused(db, source(posts(), comments()))
      assert.deepInclude(error, { reason: "NotAsked" })
      assert.match(error.message, /posts\/3\/comments.*never asked/)
    })
  )
})

describe("what happens between runs", () => {
  live("state that was forgotten, a table that was dropped, a configuration that changed on the way", (db) =>
    Effect.gen(function* () {
      const of = source(posts({ writeDisposition: "append", primaryKey: [] }))
      const forget = Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* State.forget(sql, yield* State.read(sql), { all: true })
      }).pipe(Effect.provide(Host.layerTable({ db })))
      yield* sync(db, of, serve(answering()), { limitPages: 1 })
      yield* forget
      yield* sync(db, of, serve(answering()))
      yield* same(db, of)
      yield* query(db, "DROP TABLE posts")
      yield* forget
      yield* sync(db, of, serve(answering()), { limitPages: 2 })
      yield* same(db, of)
      const other = source(posts({ writeDisposition: "append", primaryKey: [], query: [] }))
      yield* sync(db, other, serve(answering()))
      yield* same(db, other)
    })
  )

  live("a resource whose past was taken out is rebuilt from what came then", (db) =>
    Effect.gen(function* () {
      const of = source(posts())
      yield* sync(db, of, serve(answering()), { archive: false })
      yield* query(db, "DROP TABLE posts")
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* State.forget(sql, yield* State.read(sql), { all: true })
      }).pipe(Effect.provide(Host.layerTable({ db })))
      yield* query(db, "DELETE FROM _sluice_resources WHERE resource = 'posts'")
      yield* sync(db, of, serve(answering()))
      yield* same(db, of)
    })
  )

  live("rows that are gone are marked at the time they were found to be", (db) =>
    Effect.gen(function* () {
      const of = source(posts({ deletes: { mode: "soft", maxRatio: 1 } }))
      yield* sync(db, of, serve(answering()))
      const fewer = answering(() => ({ body: { items: five.slice(0, 2), total: 2 } }))
      yield* sync(db, of, serve(fewer))
      yield* same(db, of)
      const marked = yield* query(db, "SELECT count(*) FROM posts WHERE _sluice_deleted_at IS NOT NULL")
      assert.strictEqual(Number(marked[0]![0]), 3)
      // Under `ignore` from the start they had stayed.
      yield* rebuild(db, source(posts()))
      assert.lengthOf(yield* query(db, "SELECT 1 FROM pragma_table_info('posts') WHERE name = '_sluice_deleted_at'"), 0)
    })
  )
})

describe("what an answer is beside its body", () => {
  live("next links in headers, ends told by a status or a response action", (db) =>
    Effect.gen(function* () {
      const answer = ({ path, query: asked }: Asked): Answer => {
        const page = Number(asked["page"] ?? 1)
        if (path === "/empty") return { status: 404, body: { detail: "nothing here" } }
        const next =
          page < 3 ? { link: `<https://api.test/linked?page=${page + 1}>; rel="next"`, "x-session": "s" } : {}
        return { body: { items: [{ id: page, inf: 1 }] }, headers: { ...next, "set-cookie": "session=abc" } }
      }
      const of = source(
        posts({ name: "linked", path: "/linked", paginator: HeaderLink.make() }),
        posts({
          name: "empty",
          path: "/empty",
          paginator: SinglePage.make(),
          actions: [{ statusCode: 404, action: { kind: "ignore" } }]
        })
      )
      yield* sync(db, of, serve(answer))
      yield* same(db, of)
      const headers = (yield* query(db, "SELECT headers FROM _sluice_archive WHERE resource = 'linked'")).flat().join()
      assert.include(headers, "page=3")
      assert.notMatch(headers, /session|cookie|content-type/)
      const other = source(of.resources[0]!, { ...of.resources[1]!, actions: [] })
      assert.deepInclude(yield* refused(db, other), { reason: "NotAsked" })
      yield* rebuild(db, other, "linked")
    })
  )

  live("numbers come back as they were, whatever their size", (db) =>
    Effect.gen(function* () {
      const odd =
        '{"items":[{"id":9007199254740993,"huge":123456789012345678901234567890,"none":-0,"small":5e-324,"text":"\\u0000\\ud800"},' +
        '{"id":2,"all":1e400}],"total":2}'
      const of = source(posts({ json: ["text"] }))
      yield* sync(
        db,
        of,
        serve(() => ({ text: odd }))
      )
      yield* same(db, of)
      assert.deepStrictEqual(yield* query(db, "SELECT CAST(id AS TEXT), huge FROM posts WHERE id > 2"), [
        ["9007199254740993", "123456789012345678901234567890"]
      ])
      const [[body]] = (yield* query(db, "SELECT body FROM _sluice_archive")) as [[Uint8Array]]
      const text = gunzipSync(body).toString()
      for (const exact of [
        '"id":9007199254740993,"huge":123456789012345678901234567890,"none":-0,"small":5e-324',
        '"all":1e400'
      ])
        assert.include(text, exact)
    })
  )
})
