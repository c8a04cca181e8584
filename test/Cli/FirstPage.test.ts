/**
 * First pages through the real stages, from a scripted API: parents before children, steps and ranges applied, one page each.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as CheckView from "../../src/Cli/CheckView.ts"
import * as FirstPage from "../../src/Cli/FirstPage.ts"
import * as PreviewView from "../../src/Cli/PreviewView.ts"
import * as Sample from "../../src/Cli/Sample.ts"
import * as Offset from "../../src/Page/Offset.ts"
import * as SinglePage from "../../src/Page/SinglePage.ts"
import * as Resource from "../../src/Resource.ts"
import * as Source from "../../src/Source.ts"
import { api, page, status } from "../../src/testing.ts"
import { view } from "./support.ts"

const posts = Resource.make({
  name: "posts",
  path: "/posts",
  selector: "data",
  paginator: Offset.make({ limit: 2 }),
  primaryKey: "id",
  processing: [{ filter: { path: "draft", op: "ne", value: true } }]
})

const comments = Resource.make({
  name: "comments",
  path: "/posts/{resources.posts.slug}/comments",
  selector: "data",
  paginator: SinglePage.make(),
  primaryKey: "id",
  includeFromParent: ["id"]
})

const source = (...resources: ReadonlyArray<Resource.Resource>) =>
  Source.make({ name: "board", api: { baseUrl: "https://api.example.com", retry: { maxRetries: 0 } }, resources })

const rows = [
  { id: 1, slug: "one", draft: true, tags: [] },
  { id: 2, slug: "a/b", draft: false, tags: ["x", "y"], title: null }
]

describe("FirstPage", () => {
  it.effect("asks a child for the first row of its parent that steps leave, once", () => {
    const script = api({
      "/posts": [page(rows, { field: "data", total: 9 })],
      "/posts/a%2Fb/comments": [page([{ id: 7, text: "hi" }], { field: "data" })]
    })
    return Effect.gen(function* () {
      const [child, parent] = yield* FirstPage.read(source(comments, posts))
      assert.strictEqual(parent?._tag, "Read")
      assert.strictEqual(child?._tag, "Read")
      if (child?._tag !== "Read" || parent?._tag !== "Read") return
      assert.strictEqual(parent.prepared.filtered, 1)
      assert.lengthOf(parent.batch.rows, 1)
      assert.strictEqual(child.parent, "posts a/b")
      assert.lengthOf(script.requests, 2)
      yield* script.verify
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("reads of one resource no more than its ancestors", () => {
    const script = api({
      "/posts": [page(rows, { field: "data" })],
      "/posts/a%2Fb/comments": [page([{ id: 7, text: "hi" }], { field: "data" })]
    })
    const others = Resource.make({ name: "others", path: "/others", paginator: SinglePage.make() })
    return Effect.gen(function* () {
      const outcomes = yield* FirstPage.read(source(posts, comments, others), "comments")
      assert.deepStrictEqual(
        outcomes.map(({ _tag, resource }) => [resource.name, _tag]),
        [["comments", "Read"]]
      )
      yield* script.verify
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("a child of a parent that fails, or has no rows, is not asked for", () => {
    const script = api({ "/posts": [status(404), page([], { field: "data" })] })
    return Effect.gen(function* () {
      const [, failed] = yield* FirstPage.read(source(posts, comments))
      assert.deepInclude(failed, {
        _tag: "Left",
        isWanted: true,
        why: "not asked for: posts, its parent, cannot be read"
      })
      const [, none] = yield* FirstPage.read(source(posts, comments))
      assert.deepInclude(none, { _tag: "Left", why: "not asked for: the first page of posts, its parent, has no row" })
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("of one child, looks for a parent that has something to show; of all, asks for the first only", () => {
    const none = page([], { field: "data" })
    const script = api({
      "/posts": [
        page(
          [1, 2, 3].map((id) => ({ id, slug: `s${id}` })),
          { field: "data" }
        ),
        page(rows, { field: "data" })
      ],
      "/posts/s1/comments": [none],
      "/posts/s2/comments": [status(500)],
      "/posts/s3/comments": [page([{ id: 7 }], { field: "data" })],
      "/posts/a%2Fb/comments": [none]
    })
    return Effect.gen(function* () {
      const [found] = yield* FirstPage.read(source(posts, comments), "comments")
      assert.deepInclude(found, { _tag: "Read", parent: "posts s3" })
      const [, first] = yield* FirstPage.read(source(posts, comments))
      assert.deepInclude(first, { _tag: "Read", parent: "posts a/b" })
      yield* script.verify
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("a child whose path no row of the parent can fill is not called ready", () => {
    const script = api([page([{ id: 1 }, { id: 2 }], { field: "data" })])
    const wrong = Resource.make({ ...comments, path: "/posts/{resources.posts.uuid}/comments" })
    return Effect.gen(function* () {
      const [, left] = yield* FirstPage.read(source(posts, wrong))
      if (left?._tag !== "Left") return assert.fail("it was asked for")
      assert.match(left.why, /^not asked for: at uuid: the row of posts has no such value/)
      assert.strictEqual(CheckView.finding(left).status, "partial")
      yield* script.verify
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("an answer that the configuration ignores is a page without rows, and is said", () => {
    const script = api([status(404)])
    const gone = Resource.make({ ...posts, actions: [{ statusCode: 404, action: { kind: "ignore" } }] })
    return Effect.gen(function* () {
      const [outcome] = yield* FirstPage.read(source(gone))
      if (outcome?._tag !== "Read") return assert.fail("not read")
      const finding = CheckView.finding(outcome)
      assert.deepInclude(finding, { status: "ok", rows: 0 })
      assert.match(finding.notices.join(), /404/)
      yield* script.verify
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("rows that do not fit are told once, with the first reason", () => {
    const script = api([page([{ id: 1 }, { id: null }], { field: "data" })])
    const strict = Resource.make({ ...posts, processing: [], columns: [{ name: "id", nullable: false }] })
    return Effect.gen(function* () {
      const [outcome] = yield* FirstPage.read(source(strict))
      if (outcome?._tag !== "Read") return assert.fail("not read")
      const sample = Sample.make(source(strict), outcome, 10)
      assert.deepInclude(sample.rows, { fetched: 2, rejected: 1, shown: 1 })
      const text = yield* PreviewView.render(sample, view())
      assert.lengthOf(text.match(/because at id|refused at id/g) ?? [], 1)
      const finding = CheckView.finding(outcome)
      assert.strictEqual(finding.status, "partial")
      assert.lengthOf(
        finding.notices.filter((notice) => notice.includes("at id")),
        1
      )
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("gives a sample: the first rows with those of their lists, and what was left out", () => {
    const script = api([page(rows, { field: "data", total: 9 })])
    return Effect.gen(function* () {
      const [outcome] = yield* FirstPage.read(source(posts))
      if (outcome?._tag !== "Read") return assert.fail("not read")
      const sample = Sample.make(source(posts), outcome, 10)
      assert.deepStrictEqual(sample.rows, { fetched: 2, filtered: 1, rejected: 0, shown: 1 })
      assert.deepInclude(sample, { resource: "posts", selector: "data", paginator: "offset", primary_key: ["id"] })
      const [root, tags] = sample.tables
      assert.deepStrictEqual(root?.rows, [{ id: 2, slug: "a/b", draft: 0, title: null }])
      assert.deepInclude(tags, { name: "posts__tags", count: 2 })
      assert.deepStrictEqual(tags?.rows, [
        { _row: 0, _idx: 0, value: "x" },
        { _row: 0, _idx: 1, value: "y" }
      ])
      const text = yield* PreviewView.render(sample, view())
      assert.match(
        text,
        /^board · posts → posts\n\n {2}id {2}slug {2}draft {2}title\n {2}─+\n {3}2 {2}a\/b {7}0 {2}null\n/
      )
      assert.match(text, /\n {2}posts__tags {2}2 rows on the page: value\n/)
      assert.match(text, /\n✓ 1 of 2 rows on the first page; key id; paginator offset; nothing was written\n/)
      assert.match(text, /\n {2}· 1 row left out by processing steps or the incremental range/)
      const narrow = yield* PreviewView.render(sample, view(20))
      assert.match(narrow, /and 1 column more:\s+title/)
    }).pipe(Effect.provide(script.layer))
  })

  it.effect("a paginator that throws ends its own resource only", () => {
    const broken = Resource.make({
      name: "broken",
      path: "/broken",
      selector: "data",
      paginator: {
        ...SinglePage.make(),
        next: () => {
          throw new TypeError("no such page")
        }
      }
    })
    const script = api({ "/posts": [page(rows, { field: "data" })], "/broken": [page(rows, { field: "data" })] })
    return Effect.gen(function* () {
      const [posted, thrown] = yield* FirstPage.read(source(posts, broken))
      assert.strictEqual(posted?._tag, "Read")
      if (thrown?._tag !== "Failed") return assert.fail("it did not fail")
      assert.strictEqual(thrown.error.message, "a defect ended this resource: TypeError: no such page")
    }).pipe(Effect.provide(script.layer))
  })
})
