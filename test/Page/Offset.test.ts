import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Offset } from "sluice"
import { type Ask, items, notices, type Server, walk, type Walked } from "./support.ts"

const numbers = ({ query }: Ask) => ({ offset: Number(query["offset"]), limit: Number(query["limit"]) })

/** A list of `n` items, `id` 0 and on, that honours offset and limit and sends at most `cap` of them. */
const listing =
  (
    n: number,
    beside: (page: { readonly offset: number; readonly sent: number }) => object = () => ({}),
    cap = Infinity
  ): Server =>
  (ask) => {
    const { limit, offset } = numbers(ask)
    const sent = items(offset, Math.min(n, offset + Math.min(limit, cap)))
    return { items: sent, ...beside({ offset, sent: sent.length }) }
  }

const offsets = ({ asked }: Walked) => asked.map((ask) => numbers(ask).offset)

const each = <A>(cases: Readonly<Record<string, Effect.Effect<A>>>) => {
  for (const [name, effect] of Object.entries(cases)) it.effect(name, () => effect)
}

const check = (
  options: Offset.Options,
  server: Server,
  expected: {
    readonly end: string
    readonly at?: ReadonlyArray<number>
    readonly rows?: number
    readonly notices?: ReadonlyArray<string | RegExp>
    readonly total?: number | undefined
  }
) =>
  Effect.map(walk(Offset.make(options), server), (walked) => {
    assert.strictEqual(walked.end, expected.end)
    if (expected.at !== undefined) assert.deepStrictEqual(offsets(walked), expected.at)
    if (expected.rows !== undefined) assert.deepStrictEqual(walked.rows, items(0, expected.rows))
    if ("total" in expected) assert.strictEqual(walked.last?.total, expected.total)
    const said = notices(walked)
    assert.lengthOf(said, expected.notices?.length ?? 0, said.join("\n"))
    expected.notices?.forEach((text, i) =>
      typeof text === "string" ? assert.strictEqual(said[i], text) : assert.match(said[i]!, text)
    )
  })

const total = (n: number) => () => ({ TotalCount: n })

describe("Offset: what is asked", () => {
  const first = (options: Partial<Offset.Options>) => Offset.make({ limit: 500, ...options }).first
  it("offset and limit in the query, under their names", () => {
    assert.deepStrictEqual(first({}), { query: { offset: 0, limit: 500 } })
    assert.deepStrictEqual(first({ offset: 20, offsetParam: "skip", limitParam: "count" }), {
      query: { skip: 20, count: 500 }
    })
  })

  it("or in the body, by path", () => {
    assert.deepStrictEqual(first({ offsetBodyPath: "page.from" }), { query: { limit: 500 }, body: { "page.from": 0 } })
    assert.deepStrictEqual(first({ limitBodyPath: "page.size" }), { query: { offset: 0 }, body: { "page.size": 500 } })
    assert.deepStrictEqual(first({ offsetBodyPath: "a", limitBodyPath: "b" }), { query: {}, body: { a: 0, b: 500 } })
  })

  it("nothing that is no whole number, nor two things in one place", () => {
    for (const options of [
      { limit: 0 },
      { limit: -1 },
      { limit: 1.5 },
      { limit: Number.NaN },
      { limit: Infinity },
      { offset: -1 },
      { offset: 0.5 },
      { offset: Number.NaN },
      { maximumOffset: 0 },
      { maximumOffset: Number.NaN },
      { offsetParam: "" },
      { limitParam: "" },
      { offsetBodyPath: "" },
      { limitParam: "offset" },
      { offsetParam: "limit" },
      { offsetBodyPath: "a", limitBodyPath: "a" }
    ])
      assert.throws(() => first(options), RangeError, /^offset paginator: /)
    assert.doesNotThrow(() => first({ offsetBodyPath: "limit" }))
  })

  it("its options are part of a checkpoint", () => {
    assert.deepStrictEqual(Offset.make({ limit: 5, totalPath: null }).options, { limit: 5, totalPath: null })
    assert.strictEqual(Offset.make({ limit: 5 }).type, "offset")
  })

  it.effect("the body of the request, with the offset moved on", () =>
    Effect.gen(function* () {
      const paginator = Offset.make({
        limit: 2,
        offsetBodyPath: "page.from",
        limitBodyPath: "page.size",
        totalPath: "total"
      })
      const server: Server = ({ body }) => {
        const { from, size } = (body as { readonly page: { readonly from: number; readonly size: number } }).page
        return { items: items(from, Math.min(5, from + size)), total: 5 }
      }
      const request = {
        method: "POST",
        path: "/",
        query: [["q", "x"]] as const,
        body: { filter: 1, page: { from: 9, sort: "id" } }
      }
      const walked = yield* walk(paginator, server, { request })
      assert.deepStrictEqual(walked.rows, items(0, 5))
      assert.deepStrictEqual(
        walked.asked.map(({ body }) => body),
        [0, 2, 4].map((from) => ({ filter: 1, page: { from, sort: "id", size: 2 } }))
      )
      assert.deepStrictEqual(walked.asked[2]!.query, { q: "x" })
    })
  )
})

describe("Offset: a total", () => {
  each({
    "ends the walk": check({ limit: 10 }, listing(25, total(25)), {
      end: "total_reached",
      at: [0, 10, 20],
      rows: 25,
      total: 25
    }),
    "ends it without another request when the last page is full": check({ limit: 10 }, listing(20, total(20)), {
      end: "total_reached",
      at: [0, 10],
      rows: 20
    }),
    "of nothing": check({ limit: 10 }, listing(0, total(0)), { end: "empty_page", at: [0], rows: 0, total: 0 }),
    "of one page": check({ limit: 10 }, listing(3, total(3)), { end: "total_reached", at: [0], rows: 3 }),
    "at a path": check(
      { limit: 10, totalPath: "meta.page.of" },
      listing(12, () => ({ meta: { page: { of: 12 } }, total: 5 })),
      { end: "total_reached", at: [0, 10], rows: 12, total: 12 }
    ),
    "at a path, just the limit": check(
      { limit: 10, totalPath: "meta.of" },
      listing(10, () => ({ meta: { of: 10 } })),
      { end: "total_reached", at: [0] }
    ),
    "as digits": check(
      { limit: 10, totalPath: "total" },
      listing(12, () => ({ total: "12" })),
      { end: "total_reached", at: [0, 10], total: 12 }
    ),
    "found by its name": check(
      { limit: 10 },
      listing(12, () => ({ total_items: "12" })),
      { end: "total_reached", at: [0, 10], total: 12 }
    ),
    "that grows during the walk": check(
      { limit: 10 },
      listing(25, ({ offset }) => ({ TotalCount: offset === 0 ? 15 : 25 })),
      { end: "total_reached", rows: 25 }
    ),
    "that falls below what was read is reported all the same": check(
      { limit: 10 },
      listing(10, ({ offset }) => ({ TotalCount: offset === 0 ? 25 : 8 })),
      { end: "empty_page", at: [0, 10], rows: 10, total: 8 }
    ),
    "that is not there, at a path": check({ limit: 10, totalPath: "total" }, listing(15), {
      end: "short_page",
      at: [0, 10],
      rows: 15,
      total: undefined,
      notices: ["no total at total: stopping on a short or empty page instead"]
    }),
    "that is null": check(
      { limit: 10, totalPath: "total" },
      listing(15, () => ({ total: null })),
      { end: "short_page", at: [0, 10], rows: 15, notices: [/^no total at total/] }
    ),
    "that is no whole number": check(
      { limit: 10, totalPath: "total" },
      listing(15, () => ({ total: "2.0" })),
      { end: "short_page", rows: 15, notices: [/^no total at total/] }
    ),
    "that is an object": check(
      { limit: 10, totalPath: "total" },
      listing(15, () => ({ total: { value: 15 } })),
      { end: "short_page", rows: 15, notices: [/^no total at total/] }
    ),
    "that there is none of, as told": check({ limit: 10, totalPath: null }, listing(25, total(12)), {
      end: "short_page",
      at: [0, 10, 20],
      rows: 25,
      total: undefined
    }),
    "that there is none of, untold": check({ limit: 10 }, listing(25), {
      end: "short_page",
      at: [0, 10, 20],
      rows: 25
    }),
    "less than the rows of a page is not used": check({ limit: 10 }, listing(25, total(3)), {
      end: "short_page",
      at: [0, 10, 20],
      rows: 25,
      notices: ["the total in the body (3) is less than the rows read: not used"]
    }),
    "that turns out to count the rows of the page is not used": check(
      { limit: 10 },
      listing(25, ({ sent }) => ({ total: sent })),
      {
        end: "short_page",
        at: [0, 10, 20],
        rows: 25,
        total: undefined,
        notices: [
          /^the total in the body \(10\) is less than the rows read/,
          /^the total in the body \(5\) is less than the rows read/
        ]
      }
    ),
    "named TotalCount that is just the limit ends the walk": check({ limit: 10 }, listing(10, total(10)), {
      end: "total_reached",
      at: [0],
      rows: 10,
      total: 10
    }),
    "named just total that is just the limit costs one more request": check(
      { limit: 10 },
      listing(10, () => ({ total: 10 })),
      { end: "empty_page", at: [0, 10], rows: 10, total: 10 }
    )
  })
})

describe("Offset: without a total", () => {
  each({
    "a short page after full ones is the end": check({ limit: 10 }, listing(25), {
      end: "short_page",
      at: [0, 10, 20],
      rows: 25
    }),
    "an empty page is the end": check({ limit: 10 }, listing(20), { end: "empty_page", at: [0, 10, 20], rows: 20 }),
    "no rows at all": check({ limit: 10 }, listing(0), { end: "empty_page", at: [0], rows: 0 }),
    "a first page that is short is the end": check({ limit: 10 }, listing(3), { end: "short_page", at: [0], rows: 3 }),
    "a cap below the limit, with a total": check({ limit: 10 }, listing(10, total(10), 4), {
      end: "total_reached",
      at: [0, 4, 8],
      rows: 10
    })
  })
})

describe("Offset: has_more", () => {
  const more =
    (n: number) =>
    ({ offset, sent }: { readonly offset: number; readonly sent: number }) => ({ more: offset + sent < n })
  const path = { hasMorePath: "more" }
  each({
    "false is the end": check({ limit: 10, ...path }, listing(25, more(25)), {
      end: "has_more_false",
      at: [0, 10, 20],
      rows: 25
    }),
    "false on a full page spares a request": check({ limit: 10, ...path }, listing(20, more(20)), {
      end: "has_more_false",
      at: [0, 10],
      rows: 20
    }),
    "true on a short page goes on": check({ limit: 10, ...path }, listing(25, more(25), 4), {
      end: "has_more_false",
      rows: 25
    }),
    "as a text": check(
      { limit: 10, hasMorePath: "page.more" },
      listing(15, ({ offset }) => ({ page: { more: offset < 10 ? "True" : "false" } })),
      { end: "has_more_false", at: [0, 10], rows: 15 }
    ),
    "that is not there": check({ limit: 10, ...path }, listing(15), {
      end: "short_page",
      at: [0, 10],
      rows: 15,
      notices: ["no yes or no at more: stopping on a short or empty page instead"]
    }),
    "that is no yes or no": check(
      { limit: 10, ...path },
      listing(15, () => ({ more: 1 })),
      { end: "short_page", rows: 15, notices: [/^no yes or no at more/] }
    ),
    "true before nothing is incomplete": check(
      { limit: 10, ...path },
      listing(10, () => ({ more: true })),
      {
        end: "empty_page, incomplete",
        at: [0, 10],
        rows: 10,
        notices: ["the API says that more rows follow but sent none from offset 10 on"]
      }
    ),
    "false before the total is incomplete": check(
      { limit: 10, ...path },
      listing(25, () => ({ more: false, TotalCount: 25 })),
      {
        end: "has_more_false, incomplete",
        at: [0],
        rows: 10,
        notices: ["the API reports 25 rows but says that no more follow after 10"]
      }
    ),
    "false at the total": check(
      { limit: 10, ...path },
      listing(10, () => ({ more: false, total: 10 })),
      { end: "total_reached", at: [0], rows: 10 }
    ),
    "true at a total only found by name goes on": check(
      { limit: 10, ...path },
      listing(25, ({ offset, sent }) => ({ more: offset + sent < 25, total: offset + sent })),
      {
        end: "total_reached",
        at: [0, 10, 20],
        rows: 25
      }
    ),
    "true at a total that was told does not": check(
      { limit: 10, totalPath: "total", ...path },
      listing(10, () => ({ more: true, total: 10 })),
      { end: "total_reached", at: [0] }
    )
  })
})

describe("Offset: a start of its own", () => {
  const from =
    (start: number, n: number, beside: object = {}): Server =>
    (ask) => {
      const { limit, offset } = numbers(ask)
      return { items: items(offset - start, Math.min(n, offset - start + limit)), ...beside }
    }
  each({
    "numbers that begin at 1": check({ limit: 10, offset: 1 }, from(1, 21, { total: 21 }), {
      end: "total_reached",
      at: [1, 11, 21],
      rows: 21
    }),
    "the last of them alone on its page is not lost": check({ limit: 10, offset: 1 }, from(1, 11, { TotalCount: 11 }), {
      end: "total_reached",
      at: [1, 11],
      rows: 11
    }),
    "a part that is passed over": Effect.gen(function* () {
      const walked = yield* walk(Offset.make({ limit: 10, offset: 20 }), listing(35, total(35)))
      assert.deepStrictEqual(offsets(walked), [20, 30])
      assert.deepStrictEqual(walked.rows, items(20, 35))
      assert.strictEqual(walked.end, "total_reached")
    }),
    "beyond the end": check({ limit: 10, offset: 40 }, listing(35, total(35)), { end: "empty_page", at: [40] })
  })
})

describe("Offset: a maximum", () => {
  each({
    "no page starts at or beyond it, and the walk says so": check(
      { limit: 10, maximumOffset: 20 },
      listing(45, total(45)),
      {
        end: "maximum_reached, incomplete",
        at: [0, 10],
        rows: 20,
        total: 45,
        notices: ["stopped at maximum_offset 20 of 45 rows"]
      }
    ),
    "is exclusive": check({ limit: 10, maximumOffset: 21 }, listing(45), {
      end: "maximum_reached, incomplete",
      at: [0, 10, 20],
      rows: 30,
      notices: ["stopped at maximum_offset 21"]
    }),
    "does not matter when everything lies before it": check({ limit: 10, maximumOffset: 20 }, listing(20, total(20)), {
      end: "total_reached",
      at: [0, 10],
      rows: 20
    }),
    "nor when the page before it is short": check({ limit: 10, maximumOffset: 20 }, listing(15), {
      end: "short_page",
      at: [0, 10],
      rows: 15
    }),
    "nor when no more follow": check(
      { limit: 10, maximumOffset: 10, hasMorePath: "more" },
      listing(10, () => ({ more: false })),
      { end: "has_more_false", at: [0] }
    )
  })
})

describe("Offset: an empty page that is not the end", () => {
  /** Items are filtered after they are counted: the middle page has none left. */
  const gap =
    (beside: object): Server =>
    (ask) => {
      const { limit, offset } = numbers(ask)
      return { items: items(offset, Math.min(30, offset + limit)).filter(({ id }) => id < 10 || id >= 20), ...beside }
    }
  each({
    "is one unless told": check({ limit: 10 }, gap({ TotalCount: 30 }), {
      end: "empty_page, incomplete",
      at: [0, 10],
      notices: ["the API reports 30 rows but sent none from offset 10 on"]
    }),
    "the walk goes on by the limit to the total": Effect.gen(function* () {
      const walked = yield* walk(Offset.make({ limit: 10, stopAfterEmptyPage: false }), gap({ TotalCount: 30 }))
      assert.deepStrictEqual(offsets(walked), [0, 10, 20])
      assert.strictEqual(walked.end, "total_reached")
    }),
    "to the maximum": check({ limit: 10, stopAfterEmptyPage: false, maximumOffset: 50 }, gap({}), {
      end: "maximum_reached, incomplete",
      at: [0, 10, 20, 30, 40],
      notices: [/^stopped at/]
    }),
    "to has_more": check(
      { limit: 10, stopAfterEmptyPage: false, hasMorePath: "more" },
      (ask) => ({ items: [], more: numbers(ask).offset < 30 }),
      { end: "has_more_false", at: [0, 10, 20, 30] }
    ),
    "but not for ever": check({ limit: 10, stopAfterEmptyPage: false }, () => ({ items: [] }), {
      end: "101 empty pages in a row"
    })
  })
})

describe("Offset: a server that does not page", () => {
  const again = (n: number, times = "2 holds the same") => new RegExp(`^page ${times} ${n} rows as the page before`)
  const unpaged =
    (n: number, beside: object = {}): Server =>
    () => ({ items: items(0, n), ...beside })
  each({
    "and sends more than the limit": check({ limit: 10 }, unpaged(25), {
      end: "page_repeated",
      at: [0, 25],
      rows: 25,
      notices: [again(25)]
    }),
    "and sends just the limit: there may be more": check({ limit: 10 }, unpaged(10), {
      end: "page 2 holds the same 10 rows as the page before: the endpoint seems to ignore paging (use single_page if it is not paged)",
      at: [0, 10]
    }),
    "and has a total": check({ limit: 10 }, unpaged(4, { TotalCount: 4 }), { end: "total_reached", at: [0], rows: 4 }),
    "and has a total beyond what it sends": check({ limit: 10 }, unpaged(4, { TotalCount: 40 }), {
      end: "page 2 holds the same 4 rows as the page before: the endpoint seems to ignore paging (use single_page if it is not paged)"
    }),
    "but knows the limit": check({ limit: 10 }, (ask) => ({ items: items(0, numbers(ask).limit), TotalCount: 20 }), {
      end: "page 2 holds the same 10 rows as the page before: the endpoint seems to ignore paging (use single_page if it is not paged)"
    }),
    "beyond its last page": check(
      { limit: 10 },
      (ask) => ({
        items: items(0, 30)
          .slice(Math.min(20, numbers(ask).offset), 20 + 10)
          .slice(0, 10)
      }),
      {
        end: "page 4 holds the same 10 rows as the page before: the endpoint seems to ignore paging (use single_page if it is not paged)",
        at: [0, 10, 20, 30]
      }
    ),
    "and takes turns": Effect.gen(function* () {
      for (const period of [2, 3, 7, 50]) {
        const walked = yield* walk(Offset.make({ limit: 10 }), ({ number }) => ({
          items: items(10 * (number % period), 10 * (number % period) + 10)
        }))
        assert.match(walked.end, /^page \d+ holds the same 10 rows as page \d+$/)
        assert.isBelow(walked.asked.length, 4 * period)
      }
    })
  })

  it.effect("passes no row on twice", () =>
    Effect.map(walk(Offset.make({ limit: 10 }), unpaged(25)), ({ pages }) => {
      assert.deepStrictEqual(
        pages.map(({ rows }) => rows.length),
        [25, 0]
      )
      assert.isUndefined(pages[1]!.next)
    })
  )
})

describe("Offset: any list", () => {
  const size = fc.integer({ min: 0, max: 60 })
  const limit = fc.integer({ min: 1, max: 25 })
  const cap = fc.constant(Infinity)
  const start = fc.constantFrom(0, 1)
  const reports = fc.constantFrom("nothing", "TotalCount", "total", "rows of the page", "has_more", "both")

  const honest =
    (n: number, start: number, cap: number, reports: string): Server =>
    (ask) => {
      const { limit, offset } = numbers(ask)
      const at = offset - start
      const sent = items(at, Math.min(n, at + Math.min(limit, cap)))
      const total = reports === "both" ? "total" : reports
      return {
        items: sent,
        ...(total === "TotalCount" || total === "total" ? { [total]: n } : {}),
        ...(reports === "rows of the page" && cap === Infinity ? { total: sent.length } : {}),
        ...(reports === "has_more" || reports === "both" ? { more: at + sent.length < n } : {})
      }
    }

  it.effect.prop(
    "is walked whole, each row once, whatever the limit and the server's cap",
    [size, limit, cap, start, reports],
    ([n, limit, cap, start, reports]) =>
      Effect.gen(function* () {
        const paginator = Offset.make({
          limit,
          offset: start,
          hasMorePath: reports === "has_more" || reports === "both" ? "more" : undefined
        })
        const walked = yield* walk(paginator, honest(n, start, cap, reports))
        assert.deepStrictEqual(walked.rows, items(0, n))
        assert.isTrue(walked.last?._tag === "Stop" && walked.last.complete, walked.end)
        assert.isAtMost(walked.asked.length, Math.ceil(n / Math.min(limit, cap)) + 1)
      }),
    { fastCheck: { numRuns: 500 } }
  )

  it.effect.prop(
    "is the same list when the walk is broken off and resumed",
    [size, limit, cap, reports, fc.integer({ min: 1, max: 5 })],
    ([n, limit, cap, reports, pages]) =>
      Effect.gen(function* () {
        const paginator = Offset.make({ limit, hasMorePath: reports === "has_more" ? "more" : undefined })
        const rows: Array<{ readonly id: number }> = []
        let from: { readonly position: (typeof paginator)["first"]; readonly index: number } | undefined
        for (let run = 0; run < 100; run++) {
          const walked = yield* walk(paginator, honest(n, 0, cap, reports), { from, limitPages: pages })
          rows.push(...(walked.rows as typeof rows))
          const last = walked.pages.at(-1)!
          if (last.next === undefined) break
          assert.strictEqual(walked.end, "limit_pages, incomplete")
          // A checkpoint is JSON.
          from = JSON.parse(JSON.stringify({ position: last.next, index: last.index + 1 })) as typeof from
        }
        assert.deepStrictEqual(rows, [...items(0, n)])
      })
  )

  const misbehaviour = fc.record({
    n: fc.integer({ min: 0, max: 40 }),
    offset: fc.constantFrom<"kept" | "ignored" | "clamped" | "wrapped" | "halved">(
      "kept",
      "ignored",
      "clamped",
      "wrapped",
      "halved"
    ),
    limit: fc.constantFrom<"kept" | "ignored" | "halved">("kept", "ignored", "halved"),
    total: fc.constantFrom<unknown>(undefined, null, 0, 3, 20, 1000, "20", "many", -1, 1.5, [], {}),
    more: fc.constantFrom<unknown>(undefined, null, true, false, "true", 1),
    empties: fc.constantFrom(0, 2, 3)
  })
  const bad =
    ({
      empties,
      limit: way,
      more,
      n,
      offset: how,
      total
    }: typeof misbehaviour extends fc.Arbitrary<infer A> ? A : never): Server =>
    (ask) => {
      const { limit, offset } = numbers(ask)
      const size = way === "kept" ? limit : way === "halved" ? Math.ceil(limit / 2) : n
      const at = {
        kept: offset,
        ignored: 0,
        clamped: Math.min(offset, Math.max(0, n - size)),
        wrapped: n === 0 ? 0 : offset % n,
        halved: Math.floor(offset / 2)
      }[how]
      const sent = empties > 0 && ask.number % empties === 1 ? [] : items(at, Math.min(n, at + size))
      return { items: sent, ...(total === undefined ? {} : { total }), ...(more === undefined ? {} : { more }) }
    }

  it.effect.prop(
    "that misbehaves is left in the end, and never called complete when a reported total was not reached",
    [
      misbehaviour,
      fc.record({
        limit: fc.integer({ min: 1, max: 12 }),
        stopAfterEmptyPage: fc.boolean(),
        hasMorePath: fc.constantFrom(undefined, "more"),
        totalPath: fc.constantFrom(undefined, null, "total"),
        maximumOffset: fc.constantFrom(undefined, 30)
      })
    ],
    ([how, options]) =>
      Effect.gen(function* () {
        const walked = yield* walk(Offset.make(options), bad(how))
        assert.isAtMost(walked.asked.length, 1_000)
        const last = walked.last
        if (walked.error !== undefined) return void assert.strictEqual(walked.error.reason, "Repeated")
        assert.strictEqual(last?._tag, "Stop")
        const promised = options.totalPath === null ? undefined : how.total === "20" ? 20 : how.total
        // Whoever says that an empty page is not the end says that its offsets count for rows.
        const isKept = options.stopAfterEmptyPage || walked.pages.every(({ rows }) => rows.length > 0)
        if (
          last?._tag === "Stop" &&
          last.complete &&
          typeof promised === "number" &&
          Number.isInteger(promised) &&
          isKept
        ) {
          assert.isAtLeast(walked.rows.length, promised)
        }
      }),
    { fastCheck: { numRuns: 600 } }
  )
})
