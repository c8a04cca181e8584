/** Rows that nothing tells apart, added for one parent after another: each is there once, whatever becomes of the walks between. */
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, TestClock } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { crash } from "sluice/testing"
import * as State from "../../src/Table/State.ts"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

const posts = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "posts",
    path: "/posts",
    selector: "items",
    primaryKey: "id",
    paginator: SinglePage.make(),
    ...options
  })

const events = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "events",
    path: "/posts/{resources.posts.id}/events",
    selector: "items",
    writeDisposition: "append",
    paginator: Offset.make({ limit: 2, totalPath: "total" }),
    ...options
  })

const incremental = { cursorPath: "at", startParam: "since" }

interface Event {
  readonly of: number
  readonly at: number
}

/** Three posts with four events each; `world` may change them. */
const world = () => {
  const state = {
    posts: [1, 2, 3].map((id) => ({ id, title: `t${id}`, at: id })),
    events: [1, 2, 3].flatMap((of) => [1, 2, 3, 4].map((at): Event => ({ of, at }))),
    other: (() => undefined) as (asked: Asked) => Answer | undefined
  }
  const served = serve((asked) => {
    const other = state.other(asked)
    if (other !== undefined) return other
    const of = /(\d+)\/events$/.exec(asked.path)?.[1]
    const since = Number(asked.query["since"] ?? 0)
    if (of === undefined) return { body: { items: state.posts.filter(({ at }) => at >= since) } }
    const all = state.events.filter((event) => event.of === Number(of) && event.at >= since)
    const from = Number(asked.query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + 2), total: all.length } }
  })
  return { state, served }
}

const broken = ({ path, query }: Asked): Answer | undefined =>
  path === "/posts/2/events" && query["offset"] !== "0" ? { status: 500, body: {} } : undefined

/** How often each event is there. */
const stored = Effect.map(rows("SELECT of, at, count(*) FROM events GROUP BY 1, 2 ORDER BY 1, 2"), (all) =>
  all.map(([of, at, n]) => `${of}.${at}${n === 1 ? "" : `x${n}`}`).join(" ")
)

const once = "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.1 3.2 3.3 3.4"
const twice = "1.1x2 1.2x2 1.3x2 1.4x2 2.1 2.2 2.3 2.4 3.1x2 3.2x2 3.3x2 3.4x2"

describe("rows that are appended, parent by parent", () => {
  it.effect("of a parent that failed half way, when the request has changed before it is tried again", () => {
    const { served, state } = world()
    const of = (v: string) => source(posts(), events({ query: [["v", v]] }))
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of("1"))
      assert.strictEqual(yield* stored, "1.1 1.2 1.3 1.4 2.1 2.2 3.1 3.2 3.3 3.4")
      state.other = () => undefined
      yield* run(of("2"))
      // The second run is another walk over the parents that were done; the one that was not is one walk.
      assert.strictEqual(yield* stored, twice)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_appended"), [[0]])
    }).pipe(Effect.provide(stages(served, of("1"))))
  })

  it.effect("of a parent that failed half way long ago", () => {
    const { served, state } = world()
    const of = source(posts(), events())
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      yield* TestClock.adjust("3 days")
      state.other = () => undefined
      assert.include(
        line(yield* run(of), "events").notices.join(),
        "3d ago, longer than resume_within (1d) allows: its walk starts over"
      )
      assert.strictEqual(yield* stored, twice)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of a parent that failed half way, whose list is another one by now", () => {
    const { served, state } = world()
    const of = source(posts(), events())
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      state.other = () => undefined
      state.events.push({ of: 2, at: 5 })
      yield* run(of)
      assert.strictEqual(yield* stored, twice.replace("2.4", "2.4 2.5"))
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of a parent whose walk starts over, when the program dies as soon as its rows are taken out", () => {
    const { served, state } = world()
    const of = source(posts(), events())
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      state.other = () => undefined
      state.events.push({ of: 2, at: 5 })
      // The list is another one, and then the same again: what is left must not be taken for the rest of the walk.
      yield* crash({ at: "restart.committed" })(run(of))
      state.events.pop()
      yield* run(of)
      const [[first] = []] = yield* rows("SELECT count(DISTINCT at) FROM events WHERE of = 2")
      assert.strictEqual(first, 4)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM events WHERE of = 2"), [[4]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of a parent that was cut short by an action", () => {
    const { served, state } = world()
    const of = source(posts(), events({ actions: [{ statusCode: 500, action: { kind: "stop" } }] }))
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      state.other = () => undefined
      yield* run(of)
      assert.strictEqual(yield* stored, twice)
    }).pipe(Effect.provide(stages(served, of)))
  })

  for (const [name, between] of [
    ["the request changed", { query: [["v", "2"]] }],
    ["nothing changed", {}]
  ] as const) {
    it.effect(`with a cursor per parent, interrupted half way; ${name}: none is lost, none doubled`, () => {
      const { served, state } = world()
      const of = (more: Partial<Resource.Options>) => source(posts(), events({ incremental, ...more }))
      return Effect.gen(function* () {
        // The first parent is done, the second one half.
        yield* run(of({}), { limitPages: 3 })
        assert.strictEqual(yield* stored, "1.1 1.2 1.3 1.4 2.1 2.2")
        assert.strictEqual((yield* run(of(between))).status, "complete")
        assert.strictEqual(yield* stored, once)
        state.events.push({ of: 1, at: 5 })
        yield* run(of(between))
        assert.strictEqual(yield* stored, once.replace("1.4", "1.4 1.5"))
      }).pipe(Effect.provide(stages(served, of({}))))
    })
  }

  it.effect(
    "with a cursor per parent: a row that came in before the place where the walk was interrupted is read, too",
    () => {
      const { served, state } = world()
      const of = source(posts(), events({ incremental }))
      return Effect.gen(function* () {
        yield* run(of, { limitPages: 3 })
        state.events = [{ of: 2, at: 0 }, ...state.events.filter(({ at, of }) => of !== 2 || at !== 4)]
        yield* run(of)
        assert.strictEqual(yield* stored, once.replace("2.1", "2.0 2.1").replace(" 2.4", ""))
      }).pipe(Effect.provide(stages(served, of)))
    }
  )

  for (const [name, more] of [
    ["of parents that are read anew every time", {}],
    ["of parents that come only when they changed", { incremental }]
  ] as const) {
    it.effect(`with a cursor per parent, when a field they inherit changes: ${name}`, () => {
      const { served, state } = world()
      const of = source(posts(more), events({ incremental, includeFromParent: ["title"] }))
      return Effect.gen(function* () {
        yield* run(of)
        assert.strictEqual(yield* stored, once)
        state.posts = [1, 2, 3].map((id) => ({ id, title: id === 2 ? "new" : `t${id}`, at: id === 2 ? 9 : id }))
        state.events.push({ of: 2, at: 5 })
        yield* run(of)
        yield* run(of)
        assert.strictEqual(yield* stored, once.replace("2.4", "2.4 2.5"))
        assert.deepStrictEqual(yield* rows("SELECT _posts_title FROM events WHERE of = 2 ORDER BY at"), [
          ["t2"],
          ["t2"],
          ["t2"],
          ["t2"],
          ["new"]
        ])
      }).pipe(Effect.provide(stages(served, of)))
    })
  }

  it.effect("two parents that need the same request and give other fields are two", () => {
    const { served, state } = world()
    const of = source(posts({ primaryKey: "at" }), events({ incremental, includeFromParent: ["title"] }))
    return Effect.gen(function* () {
      state.posts = [
        { id: 1, title: "a", at: 1 },
        { id: 1, title: "b", at: 2 }
      ]
      yield* run(of)
      yield* run(of)
      assert.strictEqual(yield* stored, "1.1x2 1.2x2 1.3x2 1.4x2")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("after a reset: rows of walks that were not finished are taken out", () => {
    const { served, state } = world()
    const of = source(posts(), events())
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      const sql = yield* SqlClient.SqlClient
      const forgotten = yield* State.forget(sql, yield* State.read(sql, "test"), { all: true })
      assert.strictEqual(forgotten.find(({ resource }) => resource === "events")?.rows, 2)
      assert.strictEqual(yield* stored, "1.1 1.2 1.3 1.4 3.1 3.2 3.3 3.4")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_appended"), [[0]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("under --full-refresh", () => {
    const { served, state } = world()
    const of = source(posts(), events())
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of)
      state.other = () => undefined
      yield* run(of, { fullRefresh: true })
      assert.strictEqual(yield* stored, twice)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("read side by side: each parent's rows are its own", () => {
    const { served, state } = world()
    const of = (v: string) => source(posts(), events({ parallelized: true, query: [["v", v]] }))
    return Effect.gen(function* () {
      state.other = broken
      yield* run(of("1"))
      state.other = () => undefined
      yield* TestClock.adjust(Duration.hours(1))
      yield* run(of("2"))
      assert.strictEqual(yield* stored, twice)
    }).pipe(Effect.provide(stages(served, of("1"))))
  })
})
