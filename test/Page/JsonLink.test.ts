import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { JsonLink } from "sluice"
import { items, notices, reply, type Server, walk, type Walked } from "./support.ts"

const paths = (walked: Walked) => walked.asked.map(({ path }) => path)

/** Answers by the path of the request, the first one at `/`. */
const site =
  (pages: Readonly<Record<string, unknown>>): Server =>
  ({ path }) =>
    pages[path.replace("https://api.test", "")] ?? reply({}, { status: 500 })

describe("JsonLink", () => {
  it.effect("follows links, which replace path and query, until there is none", () =>
    Effect.gen(function* () {
      const request = { method: "POST", path: "/", query: [["q", "x"]] as const, body: { a: 1 }, headers: { h: "1" } }
      const walked = yield* walk(
        JsonLink.make(),
        site({
          "/": { items: items(0, 2), next: "https://api.test/things?page=2" },
          "/things?page=2": { items: items(2, 4), next: "https://api.test/things?page=3" },
          "/things?page=3": { items: items(4, 5), next: null }
        }),
        { request }
      )
      assert.deepStrictEqual(
        walked.asked.map(({ body, query }) => ({ body, query })),
        [{ q: "x" }, { page: "2" }, { page: "3" }].map((query) => ({ body: { a: 1 }, query }))
      )
      assert.lengthOf(walked.rows, 5)
      assert.strictEqual(walked.end, "no_next")
    })
  )

  it.effect.each<readonly [string, string]>([
    ["https://api.test/b?x=1", "/b?x=1"],
    ["//api.test/b", "/b"],
    ["/b?x=1", "/b?x=1"],
    ["?page=2", "/v1/a?page=2"],
    ["b", "/v1/b"],
    ["./b?x=1", "/v1/b?x=1"],
    ["../b", "/b"],
    [" /b#part ", "/b"]
  ])("%j is resolved against the page it is on", ([link, path]) =>
    Effect.gen(function* () {
      const walked = yield* walk(
        JsonLink.make({ nextUrlPath: "links.next" }),
        ({ number }) => ({ items: items(number, number + 1), links: { next: number === 0 ? link : null } }),
        { request: { method: "GET", path: "/v1/a", query: [["q", "secret"]] } }
      )
      assert.deepStrictEqual(paths(walked), ["/v1/a", `https://api.test${path}`])
    })
  )

  it.effect("relative links are relative to the page before, not to the first", () =>
    Effect.gen(function* () {
      const walked = yield* walk(
        JsonLink.make(),
        site({
          "/": { items: [1], next: "deep/a" },
          "/deep/a": { items: [2], next: "b" },
          "/deep/b": { items: [3] }
        })
      )
      assert.deepStrictEqual(walked.rows, [1, 2, 3])
      assert.strictEqual(walked.end, "no_next")
    })
  )

  it.effect("nothing, null, no and an empty text are the end", () =>
    Effect.gen(function* () {
      for (const next of [undefined, null, "", false]) {
        const walked = yield* walk(JsonLink.make(), () => ({ items: items(0, 1), next }))
        assert.deepStrictEqual([walked.end, walked.rows.length], ["no_next", 1])
        assert.deepStrictEqual(notices(walked), [])
      }
    })
  )

  it.effect("what is no link ends the walk with its reason, and the page is kept", () =>
    Effect.gen(function* () {
      for (const [next, why] of [
        [2, "a number at next, where a link should be"],
        [{ page: 2 }, "an object at next, where a link should be"],
        [["x"], "a list at next, where a link should be"],
        [true, "a yes or no at next, where a link should be"],
        ["http://", "what is at next is not a URL"],
        ["javascript:alert(1)", "what is at next is not a link to follow, which begins with http:// or https://"]
      ] as const) {
        const walked = yield* walk(JsonLink.make(), () => ({ items: items(0, 1), next }))
        assert.deepStrictEqual([walked.end, walked.rows.length, notices(walked)], ["error, incomplete", 1, [why]])
      }
    })
  )

  it.effect("finds a link at any JSONPath, and inside of an object", () =>
    Effect.gen(function* () {
      for (const [nextUrlPath, body] of [
        ["@odata.nextLink", { "@odata.nextLink": "/b" }],
        [
          "links[?@.rel == 'next'].href",
          {
            links: [
              { rel: "self", href: "/a" },
              { rel: "next", href: "/b" }
            ]
          }
        ],
        ["_links.next", { _links: { next: { href: "/b" } } }],
        ["paging.next", { paging: { next: { link: "/b", after: "1" } } }]
      ] as const) {
        const walked = yield* walk(JsonLink.make({ nextUrlPath }), ({ number }) => ({
          items: items(number, number + 1),
          ...(number === 0 ? body : {})
        }))
        assert.deepStrictEqual(paths(walked), ["/", "https://api.test/b"])
      }
    })
  )

  it.effect("a link that comes again is an error", () =>
    Effect.gen(function* () {
      const circle = ["/b", "/c", "/b"]
      const walked = yield* walk(JsonLink.make(), ({ number }) => ({
        items: items(number, number + 1),
        next: circle[number % 3]
      }))
      assert.match(walked.end, /leads back to a page already read/)
      assert.lengthOf(walked.asked, 3)
    })
  )

  it.effect("says where else the next page may be when the path matches nothing on the first", () =>
    Effect.gen(function* () {
      const ending = (body: object, headers = {}) =>
        Effect.map(
          walk(JsonLink.make({ nextUrlPath: "nxt" }), () => reply({ items: items(0, 1), ...body }, { headers })),
          (walked) => [walked.end, ...notices(walked)]
        )
      assert.deepStrictEqual(yield* ending({ next: "/b" }), [
        "no_next, incomplete",
        "there is nothing at nxt, but there is a link at next"
      ])
      assert.deepStrictEqual(yield* ending({}, { link: '</b>; rel="next"' }), [
        "no_next, incomplete",
        "there is nothing at nxt, but the answer has a Link header with rel=next: is the paginator header_link?"
      ])
      assert.deepStrictEqual(yield* ending({ total_pages: 3 }), [
        "no_next, incomplete",
        "there is nothing at nxt, but the number of pages is at total_pages: is the paginator page_number?"
      ])
      assert.deepStrictEqual(yield* ending({ has_more: true }), [
        "no_next, incomplete",
        "there is nothing at nxt, but the body says that more rows follow"
      ])
      for (const body of [{}, { total_pages: 1 }, { next: null }, { has_more: false }])
        assert.deepStrictEqual(yield* ending(body), ["no_next"])
    })
  )

  it("a path that is none is thrown", () => assert.throws(() => JsonLink.make({ nextUrlPath: "a." }), RangeError))
})
