import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
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

const comments = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "comments",
    path: "/posts/{resources.posts.id}/comments",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2, totalPath: "total" }),
    ...options
  })

const three = [1, 2, 3].map((id) => ({ id, slug: `s${id}`, at: id }))

/** Three posts with two comments each; `other` goes first. */
const serving = (other: (asked: Asked) => Answer | undefined = () => undefined) =>
  serve((asked) => {
    const id = /(\d+)\/comments$/.exec(asked.path)?.[1]
    const items = id === undefined ? three : [0, 1].map((i) => ({ id: Number(id) * 10 + i }))
    return other(asked) ?? { body: { items, total: items.length } }
  })

const ids = Effect.map(rows("SELECT id FROM comments ORDER BY 1"), (all) => all.flat())
const all = [10, 11, 20, 21, 30, 31]

describe("the queue of a child", () => {
  it.effect("a parent whose rows were cut short is read again before the walk counts as whole", () => {
    let short = true
    const served = serving(({ path }) =>
      short && path === "/posts/2/comments" ? { status: 404, body: {} } : undefined
    )
    const of = source(
      posts(),
      comments({ writeDisposition: "replace", actions: [{ statusCode: 404, action: { kind: "stop" } }] })
    )
    return Effect.gen(function* () {
      short = false
      yield* run(of)
      assert.deepStrictEqual(yield* ids, all)
      short = true
      // The others are read all the same, in this run or, where it is capped, in the next one.
      const first = yield* run(of)
      assert.isTrue(served.asked.some((path) => path.startsWith("/posts/3/comments")))
      assert.deepInclude(line(first, "comments"), { status: "partial" })
      yield* run(of, { limitPages: 2 })
      assert.deepInclude(line(yield* run(of), "comments"), { status: "partial" })
      assert.deepStrictEqual(yield* ids, all)
      short = false
      assert.strictEqual((yield* run(of)).status, "complete")
      assert.deepStrictEqual(yield* ids, all)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a parent of which less came than the API has is read again under an incremental parent, too", () => {
    let short = true
    const served = serving(({ path, query }) =>
      path === "/posts"
        ? { body: { items: three.filter(({ at }) => at >= Number(query["since"] ?? 0)) } }
        : short && path === "/posts/2/comments"
          ? { body: { items: query["offset"] === "0" ? [{ id: 20 }] : [], total: 2 } }
          : undefined
    )
    const of = source(posts({ incremental: { cursorPath: "at", startParam: "since" } }), comments())
    return Effect.gen(function* () {
      assert.deepInclude(line(yield* run(of), "comments"), { status: "partial" })
      short = false
      assert.deepInclude(line(yield* run(of), "comments"), { status: "complete" })
      assert.deepStrictEqual(yield* ids, all)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a cap that the configuration sets is the end of a parent, which is not asked for again", () => {
    const served = serving(({ path, query }) =>
      path === "/posts"
        ? { body: { items: three.filter(({ at }) => at >= Number(query["since"] ?? 0)) } }
        : { body: { items: [{ id: Number(path.split("/")[2]) * 10 + Number(query["offset"]) }], total: 2 } }
    )
    const of = source(
      posts({ incremental: { cursorPath: "at", startParam: "since" } }),
      comments({ paginator: Offset.make({ limit: 1, totalPath: "total", maximumOffset: 1 }) })
    )
    return Effect.gen(function* () {
      yield* run(of)
      served.asked.length = 0
      yield* run(of)
      assert.deepStrictEqual(served.asked, ["/posts?since=3"])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("parents that are done are read again when the request has changed before all were", () => {
    const served = serving()
    const of = (more: string) => source(posts(), comments({ query: [["v", more]] }))
    return Effect.gen(function* () {
      yield* run(of("1"), { limitPages: 2 })
      served.asked.length = 0
      assert.strictEqual((yield* run(of("2"))).status, "complete")
      assert.deepStrictEqual(
        served.asked.slice(1).map((path) => path.split("?")[0]),
        [1, 2, 3].map((id) => `/posts/${id}/comments`)
      )
    }).pipe(Effect.provide(stages(served, of("1"))))
  })

  it.effect("asks for nothing with a placeholder that has no value, where the request has changed since", () => {
    let broken = true
    const served = serving(({ path, query }) =>
      path === "/posts"
        ? { body: { items: three.filter(({ at }) => at >= Number(query["since"] ?? 0)) } }
        : broken && path.includes("2")
          ? { status: 500, body: {} }
          : undefined
    )
    const incremental = { cursorPath: "at", startParam: "since" }
    const before = source(posts({ incremental }), comments())
    const after = source(posts({ incremental }), comments({ path: "/{resources.posts.slug}/comments" }))
    return Effect.gen(function* () {
      yield* run(before)
      broken = false
      served.asked.length = 0
      const receipt = line(yield* run(after), "comments")
      assert.deepStrictEqual(served.asked, ["/posts?since=3"])
      assert.strictEqual(receipt.status, "partial")
      assert.include(receipt.notices.join(), "posts 2: queued before the request needed slug")
      assert.strictEqual((yield* run(after, { fullRefresh: true })).status, "complete")
      assert.deepStrictEqual(yield* ids, all)
    }).pipe(Effect.provide(stages(served, before)))
  })

  for (const [name, writeDisposition] of [
    ["scd2", { strategy: "scd2" }],
    ["replace", "replace"],
    ["merge_key", { mergeKey: ["of"] }]
  ] as const) {
    it.effect(`stopped between its last page and its end, it ends in the next run all the same: ${name}`, () => {
      let gone = false
      const served = serving(({ path }) => {
        const id = /(\d+)\/comments$/.exec(path)?.[1]
        if (id === undefined) return undefined
        return { body: { items: [0, 1].slice(gone ? 1 : 0).map((i) => ({ id: Number(id) * 10 + i, of: id })) } }
      })
      const of = source(posts(), comments({ writeDisposition, paginator: SinglePage.make() }))
      const active = rows(
        `SELECT id FROM comments ${name === "scd2" ? "WHERE _sluice_valid_to IS NULL" : ""} ORDER BY 1`
      )
      return Effect.gen(function* () {
        yield* run(of)
        gone = true
        yield* Effect.exit(
          run(of, {
            onProgress: ({ pages, resource }) =>
              resource === "comments" && pages === 3 ? Effect.interrupt : Effect.void
          })
        )
        served.asked.length = 0
        assert.deepInclude(line(yield* run(of), "comments"), { status: "complete", pages: 0 })
        assert.deepStrictEqual((yield* active).flat(), [11, 21, 31])
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_parents"), [[0]])
        yield* run(of)
        assert.deepStrictEqual((yield* active).flat(), [11, 21, 31])
      }).pipe(Effect.provide(stages(served, of)))
    })
  }
})
