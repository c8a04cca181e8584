/** The truth table of the receipt's `completeness`: a line is proven only where facts say so, and never beside its status. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { Cursor, HeaderLink, Offset, type Page, PageNumber, type Receipt, Resource, SinglePage } from "sluice"
import * as Completeness from "../../src/Sync/Completeness.ts"

const paginators = {
  offset: Offset.make({ limit: 2 }),
  page_number: PageNumber.make({}),
  cursor: Cursor.make({}),
  header_link: HeaderLink.make({}),
  single_page: SinglePage.make()
}

const facts = (
  type: keyof typeof paginators,
  step: Partial<Completeness.Facts["step"]> & { readonly reason: Page.StopReason },
  given: Partial<Completeness.Facts> = {}
): Completeness.Facts => ({
  resource: Resource.make({ name: "things", path: "/things", paginator: paginators[type], primaryKey: "id" }),
  step: { _tag: "Stop", complete: true, ...step },
  index: 0,
  single: false,
  rows: 4,
  total: undefined,
  lost: [],
  doubt: undefined,
  byPlace: type === "offset" || type === "page_number",
  keyed: true,
  runs: ["A"],
  since: undefined,
  moved: undefined,
  again: "no",
  ...given
})

const table: ReadonlyArray<readonly [Completeness.Facts, boolean, string]> = [
  // A total.
  [facts("offset", { reason: "total_reached" }, { total: 4 }), true, "the API reported 4 rows, 4 were read"],
  [
    facts("offset", { reason: "total_reached" }, { total: 1200, rows: 1200, index: 2 }),
    true,
    "the API reported 1,200 rows, 1,200 were read"
  ],
  [
    facts("offset", { reason: "total_reached" }, { total: 4, index: 2, keyed: false }),
    false,
    "the API reported 4 rows, 4 were read, but without a key no row would be noticed that came in place of another"
  ],
  [facts("cursor", { reason: "no_next" }, { total: 5 }), false, "the API reported 5 rows, 4 were read"],
  [
    facts("cursor", { reason: "no_next" }, { total: 3 }),
    false,
    "the API reported 3 rows, 4 were read: one of the two is wrong"
  ],
  [
    facts("offset", { reason: "total_reached" }, { total: 4, runs: ["A", "B"] }),
    true,
    "the API reported 4 rows, 4 were read; read by 2 runs together, the first A"
  ],
  [
    facts("offset", { reason: "total_reached" }, { total: 4, since: "2026-01-01" }),
    true,
    "the API reported 4 rows, 4 were read; only rows from 2026-01-01 on were taken"
  ],
  // None.
  [facts("offset", { reason: "short_page" }), false, "a short page ended it; the API reports no total"],
  [facts("offset", { reason: "empty_page" }, { rows: 0 }), true, "the first page was empty"],
  [facts("offset", { reason: "empty_page" }, { index: 2 }), false, "an empty page ended it; the API reports no total"],
  [facts("page_number", { reason: "total_reached" }), true, "the API reported one page"],
  [
    facts("page_number", { reason: "total_reached" }, { index: 1 }),
    false,
    "as many pages were read as the API reported; the API reports no total, so that rows that left or came meanwhile may not show"
  ],
  [facts("page_number", { reason: "has_more_false" }), true, "the API said that no more follow"],
  [
    facts("page_number", { reason: "has_more_false" }, { index: 1 }),
    false,
    "the API said that no more follow; the API reports no total, so that rows that left or came meanwhile may not show"
  ],
  [facts("cursor", { reason: "no_next" }, { index: 7 }), true, "the last page leads to no other"],
  [facts("cursor", { reason: "has_more_false" }, { index: 7 }), true, "the API said that no more follow"],
  [facts("cursor", { reason: "empty_page" }, { index: 7 }), false, "an empty page ended it; the API reports no total"],
  [facts("cursor", { reason: "no_next", doubt: "there was nothing at next" }), false, "there was nothing at next"],
  [
    facts("header_link", { reason: "no_next" }, { index: 1, byPlace: true }),
    false,
    "the last page leads to no other; the API reports no total, so that rows that left or came meanwhile may not show"
  ],
  [
    facts("single_page", { reason: "single_page" }),
    true,
    "the configuration says that there is one page, and nothing on it speaks of more"
  ],
  [facts("cursor", { reason: "single_page" }, { single: true }), true, "the endpoint is one row"],
  [
    facts("cursor", { reason: "single_page" }),
    false,
    "one page came, which says neither that it is all nor what follows; the API reports no total"
  ],
  [
    facts("offset", { reason: "page_repeated" }, { index: 1 }),
    false,
    "the same page came again, and was taken for all there is; the API reports no total"
  ],
  [
    facts("page_number", { reason: "out_of_range", notice: "the API answered 404 for page 3: taken for the end" }),
    false,
    "the API answered 404 for page 3: taken for the end"
  ],
  [
    facts("cursor", { reason: "out_of_range" }),
    false,
    "the rows left the range, by the order that row_order declares; the API reports no total"
  ],
  // What ends a walk early, or leaves something out of it.
  [
    facts("offset", { reason: "limit_pages", complete: false }, { index: 2 }),
    false,
    "stopped by --limit-pages after page 3"
  ],
  [
    facts("offset", { reason: "maximum_reached", complete: false, notice: "stopped at maximum_offset 10000" }),
    false,
    "stopped at maximum_offset 10000"
  ],
  [facts("cursor", { reason: "error", complete: false, notice: "a list at next" }), false, "a list at next"],
  [facts("offset", { reason: "ignored" }), false, "an answer was passed over, as its response_actions say"],
  [facts("offset", { reason: "ignored", complete: false, notice: "stopped at 404" }), false, "stopped at 404"],
  [facts("offset", { reason: "total_reached" }, { total: 4, lost: ["the total fell"] }), false, "the total fell"],
  [facts("cursor", { reason: "no_next" }, { doubt: "page 1 had no list" }), false, "page 1 had no list"]
]

const line = (
  status: Receipt.Resource["status"],
  changes: Partial<Receipt.Resource> = {}
): Omit<Receipt.Resource, "completeness"> => ({
  name: "things",
  table: "things",
  status,
  primary_key: ["id"],
  primary_key_inferred: false,
  requests: 3,
  retries: 0,
  pages: 3,
  rows: { fetched: 4, inserted: 4, updated: 0, unchanged: 0, rejected: 0, deleted: 0 },
  reported_total: null,
  stop_reason: "no_next",
  cursor: null,
  notices: [],
  error: null,
  duration_ms: 1,
  ...changes
})
const proof: Receipt.Completeness = { proven: true, why: "the last page leads to no other" }

describe("Completeness of a walk", () => {
  it.each(table)("%#: %j", (given, proven, why) => {
    assert.deepStrictEqual(Completeness.ofWalk(given), { proven, why })
  })

  const step = fc.record({
    reason: fc.constantFrom<Page.StopReason>(
      "total_reached",
      "short_page",
      "empty_page",
      "no_next",
      "single_page",
      "has_more_false",
      "maximum_reached",
      "limit_pages",
      "page_repeated",
      "out_of_range",
      "ignored",
      "error"
    ),
    complete: fc.boolean()
  })
  it.prop(
    "no end that is not complete is proven, nor one with something lost or in doubt, nor a list that moved unless it was read again",
    [
      fc.constantFrom(...(Object.keys(paginators) as Array<keyof typeof paginators>)),
      step,
      fc.record({
        index: fc.nat(3),
        rows: fc.nat(5),
        total: fc.option(fc.nat(5), { nil: undefined }),
        lost: fc.constantFrom([], ["lost"]),
        doubt: fc.constantFrom(undefined, "doubt"),
        keyed: fc.boolean(),
        moved: fc.constantFrom(undefined, "the list moved"),
        again: fc.constantFrom("no" as const, "front" as const, "twice" as const, "whole" as const),
        single: fc.boolean()
      })
    ],
    ([type, end, given]) => {
      const all = facts(type, end, given)
      const { proven, why } = Completeness.ofWalk(all)
      assert.isAbove(why.length, 0)
      if (!proven) return
      assert.isTrue(end.complete)
      assert.deepStrictEqual([all.lost, all.doubt], [[], undefined])
      const never: ReadonlyArray<Page.StopReason> = ["maximum_reached", "limit_pages", "ignored", "error"]
      assert.notInclude(all.total === undefined ? [...never, "short_page"] : never.slice(2, 3), end.reason)
      if (all.total !== undefined) assert.strictEqual(all.rows, all.total)
      if (all.byPlace && all.index > 0 && all.again !== "whole")
        assert.deepStrictEqual([all.keyed, all.moved], [true, undefined])
      if (all.byPlace && all.index > 0) assert.isDefined(all.total)
    }
  )
})

describe("Completeness of a line", () => {
  const known = { walk: proof, doubts: [] }
  const cases: ReadonlyArray<
    readonly [ReturnType<typeof line>, Parameters<typeof Completeness.ofLine>[1], Receipt.Completeness]
  > = [
    [line("complete"), known, proof],
    [
      line("complete"),
      { walk: proof, doubts: ["2 rows are set aside"] },
      { proven: false, why: "2 rows are set aside" }
    ],
    [line("complete"), { walk: undefined, doubts: [] }, { proven: false, why: "nothing is known of its walk" }],
    [line("partial"), known, { proven: false, why: "not everything was read" }],
    [
      line("partial"),
      { ...known, withheld: true },
      { proven: false, why: "rows did not come any more, and were kept: too many to be believed" }
    ],
    [
      line("partial", { rows: { fetched: 4, inserted: 2, updated: 0, unchanged: 0, rejected: 2, deleted: 0 } }),
      known,
      { proven: false, why: "2 rows were refused" }
    ],
    [line("interrupted"), known, { proven: false, why: "interrupted after 3 pages" }],
    [line("interrupted", { pages: 0 }), known, { proven: false, why: "interrupted before its first page" }],
    [
      line("skipped", { notices: ["left out: its parent is"] }),
      known,
      { proven: false, why: "left out: its parent is" }
    ],
    [
      line("failed", { error: { stage: "fetch", reason: "Status", message: "500" } }),
      known,
      { proven: false, why: "500" }
    ]
  ]
  it.each(cases)("%#: %j", (given, facts, expected) => {
    assert.deepStrictEqual(Completeness.ofLine(given, facts), expected)
  })

  it.prop(
    "is proven only beside `complete`, without a refused row, a doubt, or a walk that is not",
    [
      fc.constantFrom<Receipt.Resource["status"]>("complete", "partial", "failed", "interrupted", "skipped"),
      fc.nat(1),
      fc.constantFrom<Receipt.Completeness | undefined>(proof, { proven: false, why: "no" }, undefined),
      fc.array(fc.constant("doubt"), { maxLength: 1 })
    ],
    ([status, rejected, walk, doubts]) => {
      const rows = { ...line(status).rows, rejected }
      const { proven } = Completeness.ofLine(line(status, { rows }), { walk, doubts })
      assert.strictEqual(
        proven,
        status === "complete" && rejected === 0 && walk?.proven === true && doubts.length === 0
      )
    }
  )
})

describe("Completeness of a child", () => {
  const ended = { failed: 0, incomplete: 0, left: 0, unproven: 0, first: undefined }
  const cases: ReadonlyArray<readonly [number, Parameters<typeof Completeness.ofParents>[1], Receipt.Completeness]> = [
    [3, ended, { proven: true, why: "3 parents, each read to its end" }],
    [1, ended, { proven: true, why: "1 parent, each read to its end" }],
    [0, ended, { proven: true, why: "it had no parent to be read for" }],
    [3, { ...ended, failed: 1 }, { proven: false, why: "of 3 parents 1 failed" }],
    [3, { ...ended, unproven: 1, first: "a 1: short" }, { proven: false, why: "a 1: short" }],
    [3, { ...ended, unproven: 2, first: "a 1: short" }, { proven: false, why: "of 3 parents, 2 like a 1: short" }],
    [3, { ...ended, incomplete: 2 }, { proven: false, why: "of 3 parents 2 were not read to their end" }],
    [3, { ...ended, left: 1 }, { proven: false, why: "1 parent is left for the next run" }]
  ]
  it.each(cases)("%#: %j", (parents, given, expected) => {
    assert.deepStrictEqual(Completeness.ofParents(parents, given), expected)
  })

  it("lacks the rows of parents that its parent's walk may not have brought", () => {
    const above = { proven: false, why: "a short page ended it" }
    assert.deepStrictEqual(Completeness.under("orders", above, proof), {
      proven: false,
      why: "the last page leads to no other, but of its parent orders: a short page ended it"
    })
    assert.deepStrictEqual(Completeness.under("orders", proof, proof), proof)
  })
})
