import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { line, rows, run, serve, source, stages } from "./support.ts"

interface Post {
  readonly id: number
  readonly at: number
  readonly comments?: ReadonlyArray<number>
}

const posts = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "posts",
    path: "/posts",
    query: [["since", "{incremental.start_value}"]],
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2 }),
    incremental: { cursorPath: "at" },
    ...options
  })

const plain: Partial<Resource.Options> = { incremental: undefined, query: [] }

const comments = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "comments",
    path: "/posts/{resources.posts.id}/comments",
    selector: "items",
    primaryKey: "id",
    paginator: SinglePage.make(),
    ...options
  })

const likes = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "likes",
    path: "/comments/{resources.comments.id}/likes",
    selector: "items",
    primaryKey: "id",
    paginator: SinglePage.make(),
    ...options
  })

/** Posts with their comments, each comment with one like. */
const serving = (list: () => ReadonlyArray<Post>) =>
  serve(({ path, query }) => {
    const [, kind, id, below] = path.split("/")
    if (kind === "comments") return { body: { items: [{ id: Number(id) * 10 }] } }
    if (below !== undefined) {
      const post = list().find((each) => each.id === Number(id))
      if (post === undefined) return { status: 404, body: {} }
      return { body: { items: (post.comments ?? [post.id * 100]).map((comment) => ({ id: comment })) } }
    }
    const all = list().filter(({ at }) => query["since"] === undefined || at >= Number(query["since"]))
    const from = Number(query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + 2).map(({ at, id }) => ({ id, at })), total: all.length } }
  })

const ids = (table: string) =>
  rows(`SELECT id FROM ${table} ORDER BY 1`).pipe(
    Effect.map((all) => all.map(([id]) => id)),
    Effect.orElseSucceed(() => [])
  )

const three: ReadonlyArray<Post> = [1, 2, 3].map((id) => ({ id, at: id }))
const five: ReadonlyArray<Post> = [1, 2, 3, 4, 5].map((id) => ({ id, at: id }))

describe("a run of some of the resources", () => {
  it.effect("a parent that is read for its child alone keeps its rows for the run that stores them", () => {
    let list = three
    const served = serving(() => list)
    const of = source(posts(), comments(), likes())
    return Effect.gen(function* () {
      yield* run(of)
      list = five
      const receipt = yield* run(of, { resources: ["likes"] })
      assert.strictEqual(receipt.status, "complete")
      assert.deepStrictEqual(yield* ids("likes"), [1000, 2000, 3000, 4000, 5000])
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300])
      yield* run(of)
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3, 4, 5])
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("and so does its child, in between", () => {
    const served = serving(() => five)
    const of = source(posts(), comments({ incremental: { cursorPath: "id" } }), likes())
    return Effect.gen(function* () {
      yield* run(of, { resources: ["posts"] })
      yield* run(of, { resources: ["likes"] })
      assert.strictEqual((yield* run(of)).status, "complete")
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
      assert.deepStrictEqual(yield* ids("likes"), [1000, 2000, 3000, 4000, 5000])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a parent that is synced alone keeps its new rows for its children", () => {
    let list = three
    const served = serving(() => list)
    const of = source(posts(), comments(), likes())
    return Effect.gen(function* () {
      yield* run(of)
      list = five
      const alone = yield* run(of, { resources: ["posts"] })
      assert.deepStrictEqual(
        alone.resources.map(({ name }) => name),
        ["posts"]
      )
      yield* run(of, { resources: ["posts", "comments"] })
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
      yield* run(of)
      assert.deepStrictEqual(yield* ids("likes"), [1000, 2000, 3000, 4000, 5000])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a walk of the parent that a run of its own began is whole for its children", () => {
    const served = serving(() => five)
    const of = source(posts(plain), comments({ writeDisposition: "replace" }))
    return Effect.gen(function* () {
      yield* run(of)
      yield* run(of, { resources: ["posts"], limitPages: 1 })
      assert.strictEqual((yield* run(of)).status, "complete")
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a walk that did not store its rows is not gone on with by one that does", () => {
    const served = serving(() => five)
    const of = source(posts(plain), comments())
    return Effect.gen(function* () {
      yield* run(of, { resources: ["comments"], limitPages: 1 })
      assert.strictEqual((yield* run(of)).status, "complete")
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3, 4, 5])
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a parent that is not selected, asked for by name, is stored whole, wherever its children are", () => {
    let list = three
    const served = serving(() => list)
    const of = source(posts({ selected: false }), comments())
    return Effect.gen(function* () {
      yield* run(of)
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300])
      yield* run(of, { resources: ["posts"] })
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3])
      list = five
      yield* run(of)
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3])
      served.asked.length = 0
      yield* run(of, { resources: ["posts"] })
      // From where it was stored to, not from where its children are.
      assert.match(served.asked[0]!, /since=3/)
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3, 4, 5])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a walk that was interrupted while it did not store is not gone on with by one that does", () => {
    const served = serving(() => five)
    const of = source(posts({ ...plain, selected: false }), comments())
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 1 })
      const receipt = line(yield* run(of, { resources: ["posts"] }), "posts")
      assert.include(receipt.notices.join(), "whether its rows are stored changed since run")
      assert.deepStrictEqual(yield* ids("posts"), [1, 2, 3, 4, 5])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("one between the two that is capped and not stored says that it gets no further", () => {
    const served = serving(() => five)
    const of = source(posts(plain), comments(), likes())
    return Effect.gen(function* () {
      yield* run(of, { resources: ["posts"] })
      for (const _ of [1, 2]) {
        const receipt = line(yield* run(of, { resources: ["likes"], limitPages: 3 }), "comments")
        assert.deepInclude(receipt, { status: "partial", stop_reason: "limit_pages" })
        assert.include(receipt.notices.join(), "the next run reads these pages again, and none behind them")
      }
      // Uncapped, it reads all, and the walk that stores them finds them where they were.
      assert.strictEqual((yield* run(of, { resources: ["likes"] })).status, "complete")
      yield* run(of)
      assert.deepStrictEqual(yield* ids("comments"), [100, 200, 300, 400, 500])
      assert.deepStrictEqual(yield* ids("likes"), [1000, 2000, 3000, 4000, 5000])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("keeps nothing for a child that is never wanted", () => {
    const served = serving(() => three)
    const of = source(posts(), comments({ selected: false }))
    return Effect.gen(function* () {
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_parents"), [[0]])
    }).pipe(Effect.provide(stages(served, of)))
  })
})

describe("parents that change while their children are under way", () => {
  it.effect("a parent that comes again under an incremental parent is fetched again, done or not", () => {
    let list = three
    const served = serving(() => list)
    const of = source(posts(), comments())
    return Effect.gen(function* () {
      // One parent is left, and so the walk over them has not come to its end.
      yield* run(of, { limitPages: 2 })
      assert.deepStrictEqual(yield* ids("comments"), [100, 200])
      list = three.map((post) => (post.id === 1 ? { id: 1, at: 9, comments: [100, 101] } : post))
      yield* run(of)
      yield* run(of)
      assert.deepStrictEqual(yield* ids("comments"), [100, 101, 200, 300])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("one that is gone before its turn came is not asked for", () => {
    let list = five
    const served = serving(() => list)
    const of = source(posts(plain), comments())
    return Effect.gen(function* () {
      yield* run(of, { resources: ["posts"] })
      list = five.filter(({ id }) => id !== 2)
      served.asked.length = 0
      const receipt = yield* run(of)
      assert.isFalse(served.asked.includes("/posts/2/comments"))
      assert.strictEqual(line(receipt, "comments").status, "complete")
    }).pipe(Effect.provide(stages(served, of)))
  })
})
