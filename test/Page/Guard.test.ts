import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import type { Page } from "sluice"
import * as Guard from "../../src/Page/Guard.ts"
import { items } from "./support.ts"

const to = (offset: number): Page.Step => ({ _tag: "Continue", position: { query: { offset } } })

/** Checks pages one after the other and gives what was said of the last one that was looked at. */
const through = (
  pages: ReadonlyArray<ReadonlyArray<unknown>>,
  options: { readonly limit?: unknown; readonly step?: (index: number) => Page.Step } = {}
) => {
  let memory = Guard.memory({ query: { offset: 0 } })
  for (const [index, rows] of pages.entries()) {
    const verdict = Guard.check(memory, {
      index,
      rows,
      step: options.step?.(index) ?? to(index + 1),
      limit: "limit" in options ? options.limit : 10
    })
    if (verdict._tag === "Repeated") return { index, complete: verdict.complete, detail: verdict.detail }
    memory = verdict.memory
  }
  return "went through"
}

describe("Guard.check", () => {
  it("lets different pages pass, however many", () => {
    assert.strictEqual(through(Array.from({ length: 300 }, (_, i) => items(i * 10, i * 10 + 10))), "went through")
  })

  it("knows long positions by a digest, and tells them apart", () => {
    const cursor = (n: number): Page.Step => ({
      _tag: "Continue",
      position: { query: { cursor: `${"x".repeat(50_000)}${n}` } }
    })
    const pages = Array.from({ length: 100 }, (_, i) => items(i, i + 1))
    assert.strictEqual(through(pages, { step: cursor }), "went through")
    assert.deepInclude(through(pages, { step: (i) => cursor(i % 70) }), { index: 70, complete: false })
    for (const known of Guard.memory({ query: { cursor: "x".repeat(50_000) } }).positions)
      assert.isBelow(known.length, 600)
  })

  it("lets the rows of pages overlap, as they do when rows are inserted during a walk", () => {
    assert.strictEqual(through(Array.from({ length: 50 }, (_, i) => items(i, i + 10))), "went through")
  })

  it("stops at a page like the one before: complete only for a second page that no limit has cut", () => {
    const page = (n: number) => items(0, n)
    assert.deepInclude(through([page(12), page(12)]), { index: 1, complete: true })
    assert.deepInclude(through([page(3), page(3)]), { index: 1, complete: true })
    assert.deepInclude(through([page(10), page(10)]), { index: 1, complete: false })
    assert.deepInclude(through([items(50, 60), page(3), page(3)]), { index: 2, complete: false })
    assert.deepInclude(through([page(3), page(3)], { limit: undefined }), { index: 1, complete: false })
    const promised =
      (total: number) =>
      (index: number): Page.Step => ({ ...to(index + 1), total: index === 0 ? total : undefined })
    assert.deepInclude(through([page(3), page(3)], { step: promised(3) }), { complete: true })
    assert.deepInclude(through([page(3), page(3)], { step: promised(4) }), { complete: false })
  })

  it("without a limit only a total tells that a page is all there is", () => {
    const promised = (total: number) => (index: number) => ({ ...to(index + 1), total })
    const twice = (total: number) => through([items(0, 3), items(0, 3)], { limit: undefined, step: promised(total) })
    assert.deepInclude(twice(3), { index: 1, complete: true })
    assert.deepInclude(twice(4), { index: 1, complete: false })
  })

  it("lets a page pass that the paginator knows to be the one before, but not the same once more", () => {
    const again = (index: number): Page.Step => ({ ...to(index + 1), ...(index === 1 ? { again: true } : {}) })
    const page = items(0, 3)
    assert.strictEqual(through([page, page, items(3, 6)], { step: again }), "went through")
    assert.deepInclude(through([page, page, page], { step: again }), { index: 2, complete: true })
    assert.deepInclude(through([page, page, page], { step: again, limit: undefined }), { index: 2, complete: false })
  })

  it("looks at what is asked for, not at what a paginator remembers", () => {
    const found = through([items(0, 1), items(1, 2), items(2, 3)], {
      step: (index) => ({ _tag: "Continue", position: { query: { c: index % 2 }, memo: { index } } })
    })
    assert.deepInclude(found, { index: 2, complete: false })
  })

  it("overrules a paginator that would have stopped content", () => {
    const stop: Page.Step = { _tag: "Stop", reason: "total_reached", complete: true, total: 20 }
    assert.deepInclude(through([items(0, 10), items(0, 10)], { step: (index) => (index === 0 ? to(1) : stop) }), {
      index: 1,
      complete: false
    })
  })

  it("finds any cycle, within a few of its lengths", () => {
    for (const period of [1, 2, 3, 4, 5, 8, 13, 100]) {
      for (const lead of [0, 1, 7]) {
        const pages = Array.from({ length: 8 * (period + lead) + 8 }, (_, i) => {
          const at = i < lead ? 1000 + i : (i - lead) % period
          return items(at * 10, at * 10 + 10)
        })
        const found = through(pages)
        assert.isNotString(found, `period ${period} behind ${lead} pages`)
        if (typeof found !== "string") assert.isAtMost(found.index, 3 * (period + lead) + 2)
      }
    }
  })

  it("names both pages", () => {
    const pages = [items(0, 10), items(10, 20), items(0, 10)]
    assert.deepStrictEqual(through(pages), {
      index: 2,
      complete: false,
      detail: "page 3 holds the same 10 rows as page 1"
    })
  })

  it("stops at a position already asked for", () => {
    const found = through([items(0, 10), items(10, 20), items(20, 30)], {
      step: (index) => to(index === 2 ? 1 : index + 1)
    })
    assert.deepStrictEqual(found, {
      index: 2,
      complete: false,
      detail: 'page 3 leads back to a page already read: {"query":{"offset":1}}'
    })
    assert.deepInclude(through([items(0, 10)], { step: () => to(0) }), { index: 0 })
  })

  it("shows of a position no more than fits a line", () => {
    const position: Page.Position = { url: `https://api.test/${"x".repeat(5000)}` }
    const found = through([items(0, 1), items(1, 2)], { step: () => ({ _tag: "Continue", position }) })
    assert.isTrue(typeof found !== "string" && found.detail.length < 300)
  })

  it("lets 100 empty pages pass in a row, and starts counting anew", () => {
    const empty = (n: number) => Array.from({ length: n }, () => [])
    assert.strictEqual(through([...empty(100), items(0, 1), ...empty(100)]), "went through")
    assert.deepStrictEqual(through(empty(101)), { index: 100, complete: false, detail: "101 empty pages in a row" })
  })

  it("two empty pages are not the same rows", () => assert.strictEqual(through([[], []]), "went through"))

  it("quotes no row", () => {
    const rows = [{ email: "jane@example.com" }]
    assert.notInclude(JSON.stringify(through([rows, rows])), "jane")
  })
})

describe("Guard.digest", () => {
  it("tells pages apart", () => {
    const pages = [[], [1], [2], ["1"], [[1]], [{ id: 1 }], [{ id: 1n }], [12345678901234567890n], items(0, 500)]
    const digests = pages.map(Guard.digest)
    assert.strictEqual(new Set(digests).size, pages.length - 1)
    assert.strictEqual(Guard.digest([{ id: 1n }]), Guard.digest([{ id: 1 }]))
    assert.isTrue(digests.every((digest) => digest.length < 16))
  })
})

describe("Guard.same", () => {
  it.prop(
    "is equality of JSON, whatever the order of keys",
    [fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 })],
    ([a, b]) => {
      const canon = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(canon)
          : typeof value === "object" && value !== null
            ? Object.entries(value)
                .sort(([x], [y]) => (x < y ? -1 : 1))
                .map(([key, inner]) => [key, canon(inner)])
                .concat([["object"]])
            : value
      assert.isTrue(Guard.same(a, JSON.parse(JSON.stringify(a))))
      assert.strictEqual(Guard.same(a, b), JSON.stringify(canon(a)) === JSON.stringify(canon(b)))
    }
  )

  it("tells what looks alike apart", () => {
    const pairs: ReadonlyArray<readonly [unknown, unknown]> = [
      [[], {}],
      [[1], { 0: 1 }],
      [null, undefined],
      [null, {}],
      [0, false],
      ["1", 1],
      [1n, 1],
      [{ a: undefined }, {}],
      [{ a: 1 }, { b: 1 }],
      [{}, { toString: 1 }],
      [JSON.parse('{"__proto__": 1}'), {}]
    ]
    for (const [a, b] of pairs) {
      assert.isFalse(Guard.same(a, b))
      assert.isFalse(Guard.same(b, a))
    }
    assert.isTrue(Guard.same([{ a: [1n, null, { b: "x" }] }], [{ a: [1n, null, { b: "x" }] }]))
  })
})
