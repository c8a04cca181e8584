import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Auth, Offset, Resource, SinglePage } from "sluice"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

const posts = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "posts",
    path: "/posts",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2 }),
    ...options
  })

const comments = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "comments",
    path: "/posts/{resources.posts.id}/comments",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2 }),
    ...options
  })

const slice = (all: ReadonlyArray<unknown>, { query }: Asked): Answer => {
  const from = Number(query["offset"] ?? 0)
  return { body: { items: all.slice(from, from + Number(query["limit"] ?? all.length)), total: all.length } }
}

/** `count` posts with `each` comments each. */
const blog =
  (count: number, each: number) =>
  (asked: Asked): Answer => {
    const id = /^\/posts\/(\d+)\/comments$/.exec(asked.path)?.[1]
    return id === undefined
      ? slice(
          Array.from({ length: count }, (_, i) => ({ id: i + 1, title: `t${i + 1}`, author: { id: `a${i % 2}` } })),
          asked
        )
      : slice(
          Array.from({ length: each }, (_, i) => ({ id: Number(id) * 100 + i, body: `b${i}` })),
          asked
        )
  }

describe("children", () => {
  it.effect("fetches the rows of every parent, and gives them the parent's fields", () => {
    const served = serve(blog(3, 3))
    const of = source(comments({ includeFromParent: ["id", "title"] }), posts())
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.strictEqual(receipt.status, "complete")
      assert.deepInclude(line(receipt, "comments"), { status: "complete", pages: 6, stop_reason: "total_reached" })
      assert.strictEqual(line(receipt, "comments").rows.inserted, 9)
      assert.deepStrictEqual(
        yield* rows("SELECT id, body, _posts_id, _posts_title FROM comments ORDER BY id LIMIT 4"),
        [
          [100, "b0", 1, "t1"],
          [101, "b1", 1, "t1"],
          [102, "b2", 1, "t1"],
          [200, "b0", 2, "t2"]
        ]
      )
      // Nothing is left to be fetched, nor kept for nothing.
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_parents"), [[0]])
      const again = yield* run(of)
      assert.strictEqual(line(again, "comments").rows.unchanged, 9)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("any depth, and a parent that is only read for its children has no table", () => {
    const served = serve((asked) => {
      const [, , post, , comment] = asked.path.split("/")
      if (comment !== undefined) return { body: [{ kind: `k${comment}` }] }
      return blog(2, 2)(asked.path.endsWith("/comments") ? { ...asked, path: `/posts/${post}/comments` } : asked)
    })
    const of = source(
      Resource.make({
        name: "reactions",
        path: "/posts/{resources.comments._posts_id}/comments/{resources.comments.id}/reactions",
        selector: "$",
        primaryKey: "kind",
        paginator: SinglePage.make()
      }),
      comments({ includeFromParent: ["id"], selected: false }),
      posts()
    )
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.strictEqual(receipt.status, "complete")
      assert.deepStrictEqual(yield* rows("SELECT kind FROM reactions ORDER BY 1"), [
        ["k100"],
        ["k101"],
        ["k200"],
        ["k201"]
      ])
      assert.deepStrictEqual(yield* rows("SELECT name FROM sqlite_master WHERE name = 'comments'"), [])
      assert.isTrue(served.asked.includes("/posts/1/comments/100/reactions"))
      assert.include(line(receipt, "comments").notices.join(), "not stored")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("asks for a child alone: its parents are read, not stored", () => {
    const served = serve(blog(2, 1))
    const of = source(posts(), comments())
    return Effect.gen(function* () {
      const receipt = yield* run(of, { resources: ["comments"] })
      assert.deepStrictEqual(
        receipt.resources.map(({ name, rows: { fetched, inserted } }) => [name, fetched, inserted]),
        [
          ["posts", 2, 0],
          ["comments", 2, 2]
        ]
      )
      assert.deepStrictEqual(yield* rows("SELECT name FROM sqlite_master WHERE name = 'posts'"), [])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("encodes what goes into a path, and fills query, headers and body", () => {
    const served = serve((asked) =>
      asked.path === "/posts"
        ? { body: { items: [{ id: "x/y?z=1 #", tag: "a b" }], total: 1 } }
        : { body: { items: [] } }
    )
    const of = source(posts(), comments({ query: [["tag", "{resources.posts.tag}"]], paginator: SinglePage.make() }))
    return Effect.gen(function* () {
      yield* run(of)
      assert.strictEqual(served.asked.at(-1), "/posts/x%2Fy%3Fz%3D1%20%23/comments?tag=a%20b")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("one parent that fails does not stop the others, and is tried again", () => {
    let broken = true
    const served = serve((asked) =>
      broken && asked.path === "/posts/2/comments" ? { status: 500, body: {} } : blog(3, 1)(asked)
    )
    const of = source(posts(), comments())
    return Effect.gen(function* () {
      const first = yield* run(of)
      assert.strictEqual(first.status, "partial")
      assert.deepInclude(line(first, "comments"), { status: "partial" })
      assert.include(line(first, "comments").notices.join(), "1 of 3 parents failed")
      assert.deepStrictEqual(yield* rows("SELECT id FROM comments ORDER BY 1"), [[100], [300]])
      broken = false
      const second = yield* run(of)
      assert.strictEqual(second.status, "complete")
      assert.deepStrictEqual(yield* rows("SELECT id FROM comments ORDER BY 1"), [[100], [200], [300]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("fails when every parent does, and at once when the credential is refused", () => {
    const served = serve((asked) => (asked.path.endsWith("/comments") ? { status: 401 } : blog(3, 1)(asked)))
    const of = source(posts(), comments())
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.strictEqual(receipt.status, "partial")
      assert.deepInclude(line(receipt, "comments"), { status: "failed", requests: 1 })
      assert.strictEqual(line(receipt, "posts").status, "complete")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("asks once for a token that is refused, not once for every parent", () => {
    const served = serve((asked) => (asked.path === "/token" ? { status: 400, body: {} } : blog(3, 1)(asked)))
    const auth = Auth.oauth2ClientCredentials({
      tokenUrl: "https://api.test/token",
      clientId: "c",
      clientSecret: "s3cret"
    })
    const of = source(posts(), comments({ auth }))
    return Effect.gen(function* () {
      assert.deepInclude(line(yield* run(of), "comments"), { status: "failed" })
      assert.lengthOf(
        served.asked.filter((path) => path === "/token"),
        1
      )
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("refuses a parent whose value would lead out of the path", () => {
    const served = serve((asked) =>
      asked.path === "/posts"
        ? { body: { items: [{ id: ".." }, { id: "." }, { id: "..." }], total: 3 } }
        : { body: { items: [{ id: 10 }] } }
    )
    const of = source(posts({ paginator: SinglePage.make() }), comments({ paginator: SinglePage.make() }))
    return Effect.gen(function* () {
      const { notices, rows } = line(yield* run(of), "comments")
      assert.include(notices.join("\n"), "2 parents of it were refused, and so its rows were not asked for")
      assert.deepInclude(rows, { fetched: 1, rejected: 0 })
      assert.deepStrictEqual(served.asked, ["/posts", "/posts/.../comments"])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("refuses the parent that has not what the child needs, and goes on", () => {
    const served = serve((asked) =>
      asked.path === "/posts"
        ? { body: { items: [{ id: 1, slug: "one" }, { id: 2, slug: null }, { id: 3 }], total: 3 } }
        : { body: { items: [{ id: 10 }] } }
    )
    const of = source(
      posts({ paginator: SinglePage.make() }),
      comments({ path: "/p/{resources.posts.slug}", paginator: SinglePage.make() })
    )
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.deepInclude(line(receipt, "posts"), { status: "complete" })
      assert.deepInclude(line(receipt, "comments"), { status: "partial" })
      assert.strictEqual(line(receipt, "comments").rows.rejected, 0)
      assert.strictEqual(line(receipt, "comments").completeness.why, "2 parents of it were refused")
      assert.deepStrictEqual(yield* rows("SELECT resource, path, raw FROM _sluice_rejects ORDER BY id"), [
        ["comments", "slug", '{"id":2,"slug":null}'],
        ["comments", "slug", '{"id":3}']
      ])
      assert.deepStrictEqual(served.asked.slice(1), ["/p/one"])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("fetches side by side when parallelized, within the bound", () => {
    const served = serve(blog(12, 1))
    const of = source(posts({ paginator: SinglePage.make() }), comments({ parallelized: true }))
    return Effect.gen(function* () {
      yield* run(of, { concurrency: 3 })
      assert.strictEqual(served.most, 3)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM comments"), [[12]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("asks for each of many parents once, also side by side", () => {
    const served = serve(blog(150, 1))
    const of = source(posts({ paginator: SinglePage.make() }), comments({ parallelized: true }))
    return Effect.gen(function* () {
      yield* run(of, { concurrency: 5 })
      const asked = served.asked.filter((path) => path.includes("/comments"))
      assert.deepStrictEqual([asked.length, new Set(asked).size], [150, 150])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("--limit-pages caps the pages of all parents together, also side by side", () => {
    const served = serve(blog(6, 3))
    const of = source(posts({ paginator: SinglePage.make() }), comments({ parallelized: true }))
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of, { limitPages: 2, concurrency: 3 }), "comments").pages, 2)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("names a parent that is not there, and a circle, before any request", () => {
    const served = serve(() => ({ body: [] }))
    const alone = source(comments())
    const circle = source(comments({ path: "/{resources.posts.id}" }), posts({ path: "/{resources.comments.id}" }))
    return Effect.gen(function* () {
      const unknown = yield* Effect.flip(run(alone))
      assert.include(unknown.message, "comments takes rows of posts, which test does not have")
      const circular = yield* Effect.flip(run(circle))
      assert.include(circular.message, "is its own ancestor")
      assert.deepStrictEqual(served.asked, [])
    }).pipe(Effect.provide(stages(served, alone)))
  })

  it.effect("--limit-pages goes on where it stopped", () => {
    const served = serve(blog(4, 3))
    const of = source(posts(), comments())
    return Effect.gen(function* () {
      for (let i = 0; i < 12; i++) {
        const receipt = yield* run(of, { limitPages: 1 })
        if (receipt.status === "complete") break
      }
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM comments"), [[12]])
      const asked = served.asked.filter((path) => path.includes("/comments"))
      assert.isAtMost(asked.length, 16)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("broken off anywhere and resumed, the tables are those of one run", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 0, max: 5 }),
          fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
          fc.boolean(),
          fc.boolean(),
          async (count, each, breaks, parallelized, keyed) => {
            let left = Infinity
            const answer = blog(count, each)
            const served = serve((asked) => (left-- > 0 ? answer(asked) : { status: 400, body: {} }))
            const of = source(
              posts(keyed ? {} : { writeDisposition: "append" }),
              comments({ parallelized, includeFromParent: ["id"], ...(keyed ? {} : { writeDisposition: "append" }) })
            )
            const tables = await Effect.runPromise(
              Effect.gen(function* () {
                for (const at of breaks) {
                  left = at
                  yield* run(of)
                }
                left = Infinity
                // The run that mends it all; keyless posts that were finished before are walked, and added, again.
                const receipt = yield* run(of)
                assert.strictEqual(receipt.status, "complete")
                return yield* rows(
                  keyed
                    ? "SELECT id, body, _posts_id FROM comments ORDER BY 1"
                    : "SELECT DISTINCT id, body, _posts_id FROM comments ORDER BY 1"
                ).pipe(Effect.orElseSucceed(() => []))
              }).pipe(Effect.provide(stages(served, of)))
            )
            const expected = Array.from({ length: count }, (_, p) =>
              Array.from({ length: each }, (_, i) => [(p + 1) * 100 + i, `b${i}`, p + 1])
            ).flat()
            assert.deepStrictEqual(tables, expected)
          }
        ),
        { numRuns: 40 }
      )
    )
  )
})
