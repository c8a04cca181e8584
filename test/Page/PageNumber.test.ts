import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { PageNumber } from "sluice"
import { items, notices, reply, type Server, walk, type Walked } from "./support.ts"

const asked = (walked: Walked) => walked.asked.map(({ query }) => query["page"])
const ids = (walked: Walked) => walked.rows.map((row) => (row as { readonly id: number }).id)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

interface Listing {
  readonly count: number
  readonly size?: number
  readonly base?: number
  readonly param?: string
  /** Fields beside the rows; gets the API's number of the page and how many there are. */
  readonly also?: (page: number, pages: number) => Readonly<Record<string, unknown>>
  /** What a number outside of the list is answered with. */
  readonly outside?: "empty" | "404" | "first"
}

/** A list that is paged by number. */
const listing =
  ({ also, base = 0, count, outside = "empty", param = "page", size = 2 }: Listing): Server =>
  ({ query }) => {
    const pages = Math.ceil(count / size)
    const wanted = Number(query[param] ?? base)
    const isOutside = wanted < base || wanted >= base + Math.max(pages, 1)
    if (isOutside && outside === "404") return reply({ detail: "Invalid page." }, { status: 404 })
    const page = wanted < base && outside === "first" ? base : wanted
    const from = (page - base) * size
    return { items: from < 0 ? [] : items(from, Math.min(from + size, count)), ...also?.(page, pages) }
  }
const total = (_: number, pages: number) => ({ total_pages: pages })

describe("PageNumber", () => {
  it.effect("reads until an empty page when nobody says how many there are", () =>
    Effect.gen(function* () {
      const walked = yield* walk(PageNumber.make(), listing({ count: 5 }))
      assert.deepStrictEqual(asked(walked), ["0", "1", "2", "3"])
      assert.deepStrictEqual(ids(walked), upTo(5))
      assert.strictEqual(walked.end, "empty_page")
      assert.deepStrictEqual(notices(walked), [])
    })
  )

  it.effect("stops at the number of pages, which is the next number against total and base", () =>
    Effect.gen(function* () {
      const zero = yield* walk(PageNumber.make(), listing({ count: 6, also: total }))
      assert.deepStrictEqual([asked(zero), zero.end], [["0", "1", "2"], "total_reached"])
      const one = yield* walk(
        PageNumber.make({ basePage: 1, totalPath: "total_pages" }),
        listing({ count: 6, base: 1, also: total })
      )
      assert.deepStrictEqual([asked(one), ids(one), one.end], [["1", "2", "3"], upTo(6), "total_reached"])
    })
  )

  it.effect("a short page is no end: nobody said how long a page is", () =>
    Effect.gen(function* () {
      const sizes = [2, 1, 2, 0]
      const walked = yield* walk(PageNumber.make({ basePage: 0 }), ({ number }) => ({
        items: items(number * 10, number * 10 + sizes[number]!)
      }))
      assert.lengthOf(walked.rows, 5)
      assert.strictEqual(walked.end, "empty_page")
    })
  )

  it.effect("an empty first page is the end of an empty list", () =>
    Effect.gen(function* () {
      const walked = yield* walk(PageNumber.make(), listing({ count: 0, also: () => ({ total_pages: 0 }) }))
      assert.deepStrictEqual([asked(walked), walked.end], [["0"], "empty_page"])
    })
  )

  it.effect("starts where it is told, with parameters of its own, in the query or in the body", () =>
    Effect.gen(function* () {
      const inQuery = yield* walk(
        PageNumber.make({ page: 2, basePage: 1, pageParam: "p" }),
        listing({ count: 6, base: 1, param: "p", also: total })
      )
      assert.deepStrictEqual(
        inQuery.asked.map(({ query }) => query),
        [{ p: "2" }, { p: "3" }]
      )
      assert.deepStrictEqual(ids(inQuery), [2, 3, 4, 5])
      const inBody = yield* walk(
        PageNumber.make({ basePage: 1, pageBodyPath: "paging.page" }),
        ({ body }) => ({
          items: items((body as { readonly paging: { readonly page: number } }).paging.page, 3),
          total_pages: 2
        }),
        { request: { method: "POST", path: "/", query: [], body: { q: "x", paging: { size: 5 } } } }
      )
      assert.deepStrictEqual(
        inBody.asked.map(({ body }) => body),
        [1, 2].map((page) => ({ q: "x", paging: { size: 5, page } }))
      )
    })
  )

  it.effect("maximum is exclusive and compared with the next number", () =>
    Effect.gen(function* () {
      const walked = yield* walk(
        PageNumber.make({ basePage: 1, maximumPage: 3 }),
        listing({ count: 9, base: 1, also: total })
      )
      assert.deepStrictEqual([asked(walked), walked.end], [["1", "2"], "maximum_reached, incomplete"])
      assert.deepStrictEqual(notices(walked), ["stopped at maximum_page 3 of 5 pages"])
      const reached = yield* walk(
        PageNumber.make({ basePage: 1, maximumPage: 3 }),
        listing({ count: 4, base: 1, also: total })
      )
      assert.strictEqual(reached.end, "total_reached")
    })
  )

  describe("an API that counts from 1, asked from 0", () => {
    const also = (page: number, pages: number) => ({ total_pages: pages, current_page: page })

    it.effect("that takes 0 for 1 is read to its last page, and no page twice", () =>
      Effect.gen(function* () {
        for (const extra of [total, also]) {
          const walked = yield* walk(PageNumber.make(), listing({ count: 6, base: 1, outside: "first", also: extra }))
          assert.deepStrictEqual(asked(walked), ["0", "1", "2", "3"])
          assert.deepStrictEqual(ids(walked), upTo(6))
          assert.strictEqual(walked.end, "total_reached")
          assert.match(notices(walked).join(), /^page 1 is page 0 once more: .* \(declare base_page: 1\)$/)
        }
      })
    )

    it.effect("also where rows tell when they were read, by the page's own number", () =>
      Effect.gen(function* () {
        const server = listing({ count: 6, base: 1, outside: "first", also })
        const walked = yield* walk(PageNumber.make(), (ask) => {
          const answer = server(ask) as { readonly items: ReadonlyArray<object> }
          return { ...answer, items: answer.items.map((row) => ({ ...row, at: ask.number })) }
        })
        assert.deepStrictEqual(asked(walked), ["0", "1", "2", "3"])
        assert.deepStrictEqual([...new Set(ids(walked))], upTo(6))
      })
    )

    it.effect("that has nothing at 0 is read all the same", () =>
      Effect.gen(function* () {
        const walked = yield* walk(PageNumber.make(), listing({ count: 6, base: 1, also: total }))
        assert.deepStrictEqual(asked(walked), ["0", "1", "2", "3"])
        assert.deepStrictEqual(ids(walked), upTo(6))
        assert.strictEqual(walked.end, "total_reached")
      })
    )

    it.effect("one that counts from 0 is not doubted for showing its numbers from 1", () =>
      Effect.gen(function* () {
        const shown = (page: number, pages: number) => ({ total_pages: pages, page: page + 1 })
        const walked = yield* walk(PageNumber.make(), listing({ count: 6, also: shown }))
        assert.deepStrictEqual([asked(walked), ids(walked)], [["0", "1", "2"], upTo(6)])
        assert.deepStrictEqual(notices(walked), [])
      })
    )

    it.effect("a page that says 0 once more is an error when the base was declared", () =>
      Effect.map(walk(PageNumber.make({ basePage: 0 }), listing({ count: 6, base: 1, outside: "first" })), ({ end }) =>
        assert.match(end, /holds the same 2 rows as the page before/)
      )
    )
  })

  it.effect("a bare total that counts rows does not make a walk incomplete, nor end it early", () =>
    Effect.gen(function* () {
      const rows = yield* walk(PageNumber.make(), listing({ count: 6, size: 3, also: () => ({ total: 6 }) }))
      assert.deepStrictEqual([asked(rows), rows.end], [["0", "1", "2"], "empty_page"])
      const declared = yield* walk(
        PageNumber.make({ totalPath: "count" }),
        listing({ count: 6, size: 3, also: () => ({ count: 6 }) })
      )
      assert.deepStrictEqual([asked(declared), declared.end], [["0", "1", "2"], "empty_page"])
    })
  )

  it.effect("a bare total that is also the number of rows of each page is dlt's, and said", () =>
    Effect.gen(function* () {
      const walked = yield* walk(
        PageNumber.make({ basePage: 1 }),
        listing({ count: 4, base: 1, also: () => ({ total: 2 }) })
      )
      assert.deepStrictEqual([asked(walked), walked.end], [["1", "2"], "total_reached"])
      assert.match(notices(walked).join(), /^the `total` in the body \(2\) was taken .* write total_path: null$/)
      const short = yield* walk(
        PageNumber.make({ basePage: 1 }),
        listing({ count: 3, base: 1, also: () => ({ total: 2 }) })
      )
      assert.deepStrictEqual(notices(short), [])
    })
  )

  it.effect("a total of items, where there is no doubt about it, ends the walk and is reported", () =>
    Effect.gen(function* () {
      const walked = yield* walk(PageNumber.make(), listing({ count: 6, also: () => ({ total_count: 6 }) }))
      assert.deepStrictEqual([asked(walked), walked.end, walked.last?.total], [["0", "1", "2"], "total_reached", 6])
      const none = yield* walk(
        PageNumber.make({ totalPath: null }),
        listing({ count: 6, also: () => ({ total_count: 6 }) })
      )
      assert.deepStrictEqual([asked(none).length, none.end, none.last?.total], [4, "empty_page", 6])
    })
  )

  it.effect("a declared total that is not there, or none, is said once", () =>
    Effect.gen(function* () {
      for (const value of [undefined, "2.0", {}, -1, null]) {
        const walked = yield* walk(
          PageNumber.make({ totalPath: "meta.n" }),
          listing({ count: 3, also: () => ({ meta: { n: value } }) })
        )
        assert.deepStrictEqual(ids(walked), upTo(3))
        assert.deepStrictEqual(notices(walked), ["no number of pages at meta.n: stopping on an empty page instead"])
      }
      const none = yield* walk(
        PageNumber.make({ totalPath: null }),
        listing({ count: 3, also: () => ({ total_pages: 1 }) })
      )
      assert.deepStrictEqual(ids(none), upTo(3))
    })
  )

  it.effect("a total below the pages read is not believed", () =>
    Effect.gen(function* () {
      let pages = 3
      const walked = yield* walk(PageNumber.make({ basePage: 0, totalPath: "n" }), (ask) => ({
        ...(listing({ count: 8 })(ask) as object),
        n: ask.number === 1 ? 1 : pages++
      }))
      assert.deepStrictEqual(ids(walked), upTo(8))
      assert.match(notices(walked).join(), /\(1\) is less than the pages read: not used/)
    })
  )

  it.effect("an empty page before the reported end is not called complete", () =>
    Effect.gen(function* () {
      const walked = yield* walk(
        PageNumber.make({ basePage: 0 }),
        listing({ count: 4, also: () => ({ total_pages: 9 }) })
      )
      assert.strictEqual(walked.end, "empty_page, incomplete")
      assert.deepStrictEqual(notices(walked), ["the API reports 9 pages, but page 2 is empty"])
    })
  )

  it.effect("nor one that is promised by a field that counts nothing but pages, however many rows were read", () =>
    Effect.gen(function* () {
      for (const options of [{ basePage: 0 }, { basePage: 0, totalPath: "total_pages" }]) {
        const walked = yield* walk(
          PageNumber.make(options),
          listing({ count: 3, size: 3, also: () => ({ total_pages: 2 }) })
        )
        assert.strictEqual(walked.end, "empty_page, incomplete")
      }
    })
  )

  it.effect("has_more may stop a walk, and never makes one go on without an end", () =>
    Effect.gen(function* () {
      const hasMorePath = "more"
      const stops = yield* walk(
        PageNumber.make({ hasMorePath }),
        listing({ count: 6, also: (page) => ({ more: page < 1 }) })
      )
      assert.deepStrictEqual([asked(stops), stops.end], [["0", "1"], "has_more_false"])
      const beyond = yield* walk(PageNumber.make({ hasMorePath }), listing({ count: 2, also: () => ({ more: true }) }))
      assert.strictEqual(beyond.end, "empty_page, incomplete")
      const early = yield* walk(
        PageNumber.make({ basePage: 0, hasMorePath }),
        listing({ count: 6, also: () => ({ more: false, total_pages: 3 }) })
      )
      assert.strictEqual(early.end, "has_more_false, incomplete")
      const items = yield* walk(
        PageNumber.make({ hasMorePath, totalPath: "n" }),
        listing({ count: 6, also: (page) => ({ more: page < 2, n: 6 }) })
      )
      assert.deepStrictEqual([items.end, notices(items)], ["has_more_false", []])
      const unsaid = yield* walk(PageNumber.make({ hasMorePath }), listing({ count: 3 }))
      assert.deepStrictEqual(notices(unsaid), ["no yes or no at more: stopping on an empty page instead"])
    })
  )

  it.effect("a page that is not there is the end, unless it was promised", () =>
    Effect.gen(function* () {
      const walked = yield* walk(PageNumber.make({ basePage: 1 }), listing({ count: 4, base: 1, outside: "404" }))
      assert.deepStrictEqual([asked(walked), walked.end, ids(walked)], [["1", "2", "3"], "out_of_range", upTo(4)])
      assert.deepStrictEqual(notices(walked), ["the API answered 404 for page 3: taken for the end"])
      const promised = yield* walk(
        PageNumber.make({ basePage: 1 }),
        listing({ count: 4, base: 1, outside: "404", also: () => ({ total_pages: 5 }) })
      )
      assert.strictEqual(promised.end, "out_of_range, incomplete")
      const first = yield* walk(PageNumber.make(), () => reply({}, { status: 404 }))
      assert.match(first.end, /404/)
      const other = yield* walk(PageNumber.make({ basePage: 1 }), ({ number }) =>
        number === 0 ? { items: items(0, 2) } : reply({}, { status: 422 })
      )
      assert.match(other.end, /422/)
    })
  )

  it.effect("an endpoint that ignores the page is an error, or complete where a total says so", () =>
    Effect.gen(function* () {
      const odd = yield* walk(PageNumber.make(), () => ({ items: items(0, 3) }))
      assert.match(odd.end, /ignore paging/)
      const whole = yield* walk(PageNumber.make(), () => ({ items: items(0, 3), total: 3, total_count: 4 }))
      assert.match(whole.end, /ignore paging/)
    })
  )

  it.effect("goes on from a checkpoint as if it had not been broken off", () =>
    Effect.gen(function* () {
      const server = listing({ count: 9, base: 1, outside: "first", also: total })
      const whole = yield* walk(PageNumber.make(), server)
      for (const [index, page] of whole.pages.entries()) {
        if (page.next === undefined) continue
        const position = JSON.parse(JSON.stringify(page.next))
        const rest = yield* walk(PageNumber.make(), server, { from: { position, index: index + 1 } })
        assert.deepStrictEqual(
          rest.rows,
          whole.pages.slice(index + 1).flatMap(({ rows }) => rows)
        )
        assert.strictEqual(rest.end, whole.end)
      }
    })
  )

  it("a mistake in a program is thrown", () => {
    for (const options of [
      { basePage: -1 },
      { page: 1.5 },
      { maximumPage: 0 },
      { pageParam: "" },
      { pageParam: "a", pageBodyPath: "b" },
      { totalPath: "a[" },
      { hasMorePath: "a." }
    ])
      assert.throws(() => PageNumber.make(options), RangeError)
  })

  const shape = fc.record({
    count: fc.nat({ max: 25 }),
    size: fc.integer({ min: 1, max: 6 }),
    base: fc.constantFrom(0, 1),
    outside: fc.constantFrom("empty" as const, "404" as const, "first" as const),
    extra: fc.constantFrom("none", "pages", "own", "items", "total", "more")
  })
  it.effect.prop("any list is read whole, each row once", [shape, fc.boolean()], ([{ extra, ...list }, declared]) =>
    Effect.gen(function* () {
      const also = (page: number, pages: number) =>
        extra === "pages"
          ? { total_pages: pages }
          : extra === "own"
            ? { total_pages: pages, page }
            : extra === "items"
              ? { total_count: list.count }
              : extra === "total"
                ? { total: list.count }
                : extra === "more"
                  ? { has_more: page < pages - 1 + list.base }
                  : {}
      // An API that counts from 1 and has nothing at 0 cannot be told from an empty one, unless it says more.
      if (
        !declared &&
        list.base === 1 &&
        list.outside !== "first" &&
        (list.outside === "404" || !["pages", "own"].includes(extra))
      )
        return
      const options = {
        ...(declared ? { basePage: list.base } : {}),
        ...(extra === "more" ? { hasMorePath: "has_more" } : {})
      }
      const walked = yield* walk(PageNumber.make(options), listing({ ...list, also }))
      // A page of its own that is first and last looks like one that ignores the number.
      if (walked.error !== undefined) return assert.fail(walked.error.message)
      assert.deepStrictEqual(ids(walked), upTo(list.count))
      assert.notInclude(walked.end, "incomplete")
    })
  )
})
