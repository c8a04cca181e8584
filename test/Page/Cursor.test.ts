import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cursor, HeaderCursor } from "sluice"
import { items, notices, reply, walk, type Walked } from "./support.ts"

const sent = (walked: Walked, param = "cursor") => walked.asked.map(({ query }) => query[param])

/** One row a page, and after page n the n-th of these cursors. */
const handing =
  (...cursors: ReadonlyArray<unknown>) =>
  ({ number }: { readonly number: number }) => ({
    items: items(number, number + 1),
    cursors: { next: cursors[number] }
  })

describe("Cursor", () => {
  it.effect("gives back what the body handed out, texts and numbers as they are", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Cursor.make(), handing("a b/=", 7, 12345678901234567890n, null))
      assert.deepStrictEqual(sent(walked), [undefined, "a b/=", "7", "12345678901234567890"])
      assert.deepStrictEqual([walked.rows.length, walked.end], [4, "no_next"])
    })
  )

  it.effect("a text that is too long is no cursor: the page counts, and the walk is not whole", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* walk(Cursor.make(), handing("x".repeat(100_000), null))).end, "no_next")
      for (const long of ["x".repeat(100_001), `https://api.example/${"x".repeat(100_000)}`]) {
        const walked = yield* walk(Cursor.make(), handing(long, null))
        assert.deepStrictEqual([walked.asked.length, walked.rows.length, walked.end], [1, 1, "error, incomplete"])
        assert.match(notices(walked).join(), /^a text of \d+ characters at cursors\.next, where a cursor should be$/)
      }
    })
  )

  it.effect("keeps the request's own parameters, but for its own", () =>
    Effect.gen(function* () {
      const request = { method: "GET", path: "/", query: [["after", "start"] as const, ["limit", "5"] as const] }
      const walked = yield* walk(
        Cursor.make({ cursorPath: "meta.next", cursorParam: "after" }),
        ({ number }) => ({ items: items(number, number + 1), meta: { next: number < 1 ? "x" : "" } }),
        { request }
      )
      assert.deepStrictEqual(
        walked.asked.map(({ query }) => query),
        [
          { after: "start", limit: "5" },
          { after: "x", limit: "5" }
        ]
      )
    })
  )

  it.effect("in the body of a POST, beside what is there", () =>
    Effect.gen(function* () {
      const request = { method: "POST", path: "/", query: [], body: { page: { size: 2 }, q: "x" } }
      const walked = yield* walk(Cursor.make({ cursorBodyPath: "page.cursor" }), handing("a", 2), { request })
      assert.deepStrictEqual(
        walked.asked.map(({ body }) => body),
        [
          { page: { size: 2 }, q: "x" },
          { page: { size: 2, cursor: "a" }, q: "x" },
          { page: { size: 2, cursor: 2 }, q: "x" }
        ]
      )
    })
  )

  it.effect("in the form of a POST", () =>
    Effect.gen(function* () {
      const request = { method: "POST", path: "/", query: [], data: [["q", "x"] as const] }
      const walked = yield* walk(Cursor.make({ cursorBodyPath: "cursor" }), handing("a"), { request })
      assert.deepStrictEqual(walked.pages[0]!.next, { body: { cursor: "a" } })
    })
  )

  it.effect("what is falsy is the end", () =>
    Effect.gen(function* () {
      for (const cursor of ["", 0, null, false]) {
        const walked = yield* walk(Cursor.make(), handing(cursor))
        assert.deepStrictEqual([walked.end, walked.asked.length, notices(walked)], ["no_next", 1, []])
      }
    })
  )

  it.effect("what is no cursor ends the walk with its reason, and the page is kept", () =>
    Effect.gen(function* () {
      for (const [cursor, what] of [
        [true, "a yes or no"],
        [{ a: 1 }, "an object"],
        [["a"], "a list"]
      ] as const) {
        const walked = yield* walk(Cursor.make(), handing(cursor))
        assert.deepStrictEqual(
          [walked.end, walked.rows.length, notices(walked)],
          ["error, incomplete", 1, [`${what} at cursors.next, where a cursor should be`]]
        )
      }
    })
  )

  it.effect("a whole link is followed, not sent as a parameter", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Cursor.make(), handing("https://api.test/b?x=1", "c"))
      assert.deepStrictEqual(
        walked.asked.map(({ path, query }) => [path, query["cursor"]]),
        [
          ["/", undefined],
          ["https://api.test/b?x=1", undefined],
          ["/", "c"]
        ]
      )
      assert.deepStrictEqual(notices(walked), [
        "the cursor at cursors.next is a whole link: followed as one (declare json_link)"
      ])
    })
  )

  it.effect("an empty page is the end only when it is said to be", () =>
    Effect.gen(function* () {
      const server = ({ number }: { readonly number: number }) => ({
        items: number === 1 ? [] : items(number, number + 1),
        cursors: { next: ["a", "b"][number] }
      })
      const goesOn = yield* walk(Cursor.make(), server)
      assert.deepStrictEqual([goesOn.asked.length, goesOn.end], [3, "no_next"])
      const stops = yield* walk(Cursor.make({ stopAfterEmptyPage: true }), server)
      assert.deepStrictEqual([stops.asked.length, stops.end], [2, "empty_page"])
    })
  )

  it.effect("has_more stops a walk, and makes none go on without a cursor", () =>
    Effect.gen(function* () {
      const hasMorePath = "more"
      const stops = yield* walk(Cursor.make({ hasMorePath }), (ask) => ({
        ...handing("a", "b", "c")(ask),
        more: ask.number < 1
      }))
      assert.deepStrictEqual([sent(stops), stops.end], [[undefined, "a"], "has_more_false"])
      const lost = yield* walk(Cursor.make({ hasMorePath }), (ask) => ({ ...handing("a")(ask), more: true }))
      assert.strictEqual(lost.end, "no_next, incomplete")
      assert.deepStrictEqual(notices(lost), [
        "the API says that more rows follow, but there is no cursor at cursors.next"
      ])
    })
  )

  it.effect("the same cursor again is an error, but with an empty page it is the end", () =>
    Effect.gen(function* () {
      const circle = yield* walk(Cursor.make(), ({ number }) => handing("a", "b", "a")({ number }))
      assert.match(circle.end, /leads back to a page already read/)
      const rests = yield* walk(Cursor.make(), ({ number }) => ({
        items: number === 0 ? items(0, 1) : [],
        cursors: { next: "a" }
      }))
      assert.deepStrictEqual([rests.asked.length, rests.end], [2, "empty_page"])
      const owed = yield* walk(Cursor.make({ hasMorePath: "more" }), ({ number }) => ({
        items: number === 0 ? items(0, 1) : [],
        cursors: { next: "a" },
        more: true
      }))
      assert.deepStrictEqual([owed.asked.length, owed.end], [2, "empty_page, incomplete"])
    })
  )

  it.effect("a path that matches nothing is doubted when something else speaks of a next page", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Cursor.make({ cursorPath: "headers.link.next.url" }), () =>
        reply({ items: items(0, 1) }, { headers: { link: '</b>; rel="next"' } })
      )
      assert.strictEqual(walked.end, "no_next, incomplete")
      assert.match(notices(walked).join(), /nothing at headers.link.next.url, but .* is the paginator header_link\?/)
      const typo = yield* walk(Cursor.make({ cursorPath: "next_curser" }), () => ({
        items: items(0, 1),
        next_cursor: "a"
      }))
      assert.match(notices(typo).join(), /nothing at next_curser, but there is a cursor at next_cursor/)
      // Not behind the first page: there the path did match.
      const linked = yield* walk(Cursor.make(), ({ number }) =>
        number === 0
          ? handing("https://api.test/b?x=1")({ number })
          : { items: items(number, number + 1), next_cursor: "other" }
      )
      assert.deepStrictEqual([linked.asked.length, linked.end], [2, "no_next"])
    })
  )

  it("a mistake in a program is thrown", () => {
    for (const options of [
      { cursorParam: "a", cursorBodyPath: "b" },
      { cursorParam: "" },
      { cursorPath: "a[" },
      { hasMorePath: "." }
    ])
      assert.throws(() => Cursor.make(options), RangeError)
  })
})

describe("HeaderCursor", () => {
  const server =
    (...cursors: ReadonlyArray<string | undefined>) =>
    ({ number }: { readonly number: number }) => {
      const cursor = cursors[number]
      return reply(items(number, number + 1), { headers: cursor === undefined ? {} : { "x-next": cursor } })
    }

  it.effect("gives back what a header handed out", () =>
    Effect.gen(function* () {
      const paginator = HeaderCursor.make({ cursorKey: "X-Next", cursorParam: "after" })
      const walked = yield* walk(paginator, server("a", "0", undefined))
      assert.deepStrictEqual([sent(walked, "after"), walked.end], [[undefined, "a", "0"], "no_next"])
      const empty = yield* walk(paginator, server("a", " "))
      assert.deepStrictEqual([empty.asked.length, empty.end], [2, "no_next"])
    })
  )

  it.effect("by dlt's names unless said otherwise", () =>
    Effect.gen(function* () {
      const walked = yield* walk(HeaderCursor.make(), ({ number }) =>
        reply(items(number, number + 1), { headers: number === 0 ? { next: "a" } : {} })
      )
      assert.deepStrictEqual(sent(walked), [undefined, "a"])
    })
  )

  it.effect("a whole link is followed", () =>
    Effect.gen(function* () {
      const walked = yield* walk(HeaderCursor.make({ cursorKey: "x-next" }), server("https://api.test/b"))
      assert.strictEqual(walked.asked[1]!.path, "https://api.test/b")
      assert.match(notices(walked).join(), /the header x-next is a whole link: followed as one \(declare header_link\)/)
    })
  )

  it.effect("the same cursor again is an error", () =>
    Effect.gen(function* () {
      const walked = yield* walk(HeaderCursor.make({ cursorKey: "x-next" }), server("a", "b", "a"))
      assert.match(walked.end, /leads back/)
    })
  )
})
