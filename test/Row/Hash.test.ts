import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Hash from "../../src/Row/Hash.ts"
import { batch, compile, digest, page, saved } from "./support.ts"

describe("digest", () => {
  it("is a whole number below 2^53", () => {
    for (const row of [{}, { a: "" }, { a: "x".repeat(10_000) }, { a: 1, l: [1, [2], { b: 3 }] }]) {
      const value = digest(row)
      assert.isTrue(Number.isSafeInteger(value) && value >= 0)
    }
  })

  it("changes with any cell", () => {
    const row = {
      s: "a",
      e: "",
      i: 1,
      r: 1.5,
      b: true,
      at: "2026-01-01T00:00:00Z",
      o: { p: "x" },
      l: [1, { q: "y" }],
      j: [[1]]
    }
    const changes: ReadonlyArray<object> = [
      { s: "b" },
      { s: "" },
      { s: null },
      { e: null },
      { e: " " },
      { i: 2 },
      { i: -1 },
      { i: 1n << 60n },
      { r: 1.25 },
      { b: false },
      { at: "2026-01-01T00:00:00.000000001Z" },
      { o: { p: "y" } },
      { o: {} },
      { o: null },
      { l: [] },
      { l: [1] },
      { l: [2, { q: "y" }] },
      { l: [{ q: "y" }, 1] },
      { l: [1, { q: "z" }] },
      { l: [1, {}] },
      { l: [1, null] },
      { l: [1, { q: "y" }, null] },
      { l: [1, { q: "y" }, {}] },
      { j: [[2]] },
      { j: [[1], []] },
      { j: [[], [1]] },
      { j: [[1, null]] },
      { j: [] }
    ]
    const seen = new Set([digest(row, {}, [row])])
    for (const change of changes) seen.add(digest({ ...row, ...change }, {}, [row]))
    // In a list null and {} are the same row of its table; so are null and {} in place of an object.
    assert.strictEqual(seen.size, changes.length + 1 - 3)
  })

  it("does not change with what is stored alike", () => {
    const row = { at: "2026-01-01T05:00:00Z", n: 5, l: [1] }
    const value = digest(row, {}, [row])
    for (const alike of [
      { ...row, at: "2026-01-01T00:00:00.0-05:00" },
      { ...row, n: "5" },
      { ...row, n: 5n },
      { ...row, more: null },
      { ...row, o: {} },
      { ...row, o: { p: null } },
      { ...row, m: [] },
      { l: [1], n: 5, at: row.at }
    ])
      assert.strictEqual(digest(alike, {}, [row]), value)
  })

  it("does not change with the order of keys, at any level", () => {
    const rows = [
      { a: 1, b: [{ x: 1, y: [1, 2] }, { y: [3] }], c: [1, 2], d: { e: [1], f: 2 } },
      { d: { f: 2, e: [1] }, c: [1, 2], b: [{ y: [1, 2], x: 1 }, { y: [3] }], a: 1 },
      { c: [1, 2], b: [{ y: [1, 2], x: 1 }, { y: [3] }], d: { f: 2, e: [1] }, a: 1 }
    ]
    const made = batch([...rows, ...rows])
    assert.strictEqual(new Set(made.rows.map(({ digest }) => digest)).size, 1)
    const [first] = made.rows
    for (const row of made.rows) assert.deepStrictEqual(row, first)
  })

  it("does not change when a column is widened, or a column is added", () => {
    const compiled = compile()
    const row = { id: 1, n: 5, l: [5] }
    const before = page(compiled, [row]).rows[0]!.digest
    page(compiled, [
      { n: 1.5, l: [1.5] },
      { more: 1, other: [1], o: { p: 1 } }
    ])
    assert.strictEqual(page(compiled, [row]).rows[0]!.digest, before)
    const text = compile()
    assert.strictEqual(page(text, [row]).rows[0]!.digest, before)
    page(text, [{ n: 1n << 70n, l: [1n << 70n] }])
    assert.strictEqual(page(text, [row]).rows[0]!.digest, before)
  })

  it("is the same in the next run", () => {
    const row = { a: { b: [1, { c: null }] }, d: "x", e: null, f: 1n << 60n }
    const first = batch([{ z: 1 }, row])
    const again = page(compile({}, saved(first)), [row])
    assert.strictEqual(again.rows[0]!.digest, first.rows[1]!.digest)
  })

  const pairs: ReadonlyArray<readonly [unknown, unknown]> = [
    [
      { a: "a", b: "b" },
      { a: "ab", b: "" }
    ],
    [
      { a: "a", b: "b" },
      { a: "b", b: "a" }
    ],
    [
      { a: "", b: null },
      { a: null, b: "" }
    ],
    [{ a: "1" }, { b: "1" }],
    [{ l: ["a", "b"] }, { l: ["ab", ""] }],
    [{ l: ["a", "b"] }, { l: ["b", "a"] }],
    [
      { l: ["a"], m: [] },
      { l: [], m: ["a"] }
    ],
    [
      { l: ["a"], m: ["b"] },
      { l: ["b"], m: ["a"] }
    ],
    [{ l: [["a"], ["b"]] }, { l: [["a", "b"], []] }],
    [{ l: [{ x: 1 }, { y: 1 }] }, { l: [{ y: 1 }, { x: 1 }] }],
    [{ l: [{ x: 1, y: 2 }] }, { l: [{ x: 2, y: 1 }] }],
    [{ l: [{ x: 1 }, {}] }, { l: [{}, { x: 1 }] }],
    [{ l: [{ m: [1] }, { m: [2] }] }, { l: [{ m: [1, 2] }, {}] }],
    [
      { a: 0, b: 1 },
      { a: 1, b: 0 }
    ],
    [
      { a: 1, b: 11 },
      { a: 11, b: 1 }
    ],
    [{ a: "\u0000" }, { a: "" }],
    [{ a: "\u0000\u0000" }, { a: "\u0000" }]
  ]
  it.each(pairs)("tells %j from %j", (a, b) => {
    const base = [{ a: "x", b: "x", l: ["x"] }, a, b].filter((row) => typeof (row as { a?: unknown }).a !== "number")
    const made = batch([...(base.length === 3 ? base : [a, b])])
    const [left, right] = made.rows.slice(-2)
    assert.notStrictEqual(left!.digest, right!.digest)
  })

  const json = fc.jsonValue({ maxDepth: 3 })
  it.prop(
    "follows equality of what is stored",
    [fc.dictionary(fc.constantFrom("a", "b", "c"), json), fc.dictionary(fc.constantFrom("a", "b", "c"), json)],
    ([a, b]) => {
      const made = batch([a, b], { maxTableNesting: 3 })
      if (made.rows.length < 2) return
      const [left, right] = made.rows
      assert.strictEqual(left!.digest === right!.digest, equal(left!, right!))
    }
  )

  const texts = (all: ReadonlyArray<string>) => new Set(all.map(Hash.ofText)).size
  it("spreads texts that differ a little", () => {
    const base = "0ac29aee-e1cd-480d-b08d-4f48548ff48d"
    const near = Array.from({ length: base.length }, (_, i) =>
      Array.from({ length: 200 }, (_, c) => base.slice(0, i) + String.fromCharCode(32 + c) + base.slice(i + 1))
    ).flat()
    assert.strictEqual(texts(near), new Set(near).size)
    const numbers = Array.from({ length: 200_000 }, (_, i) => String(i))
    assert.strictEqual(texts(numbers), numbers.length)
    const runs = Array.from({ length: 2_000 }, (_, i) => "a".repeat(i))
    assert.strictEqual(texts(runs), runs.length)
  })

  it("uses all of its 53 bits", () => {
    const values = Array.from({ length: 20_000 }, (_, i) => Hash.ofText(`row ${i}`))
    for (let bit = 0; bit < 53; bit++) {
      const ones = values.filter((value) => Math.floor(value / 2 ** bit) % 2 === 1).length
      assert.isTrue(ones > 9_500 && ones < 10_500, `bit ${bit}: ${ones}`)
    }
  })
})

/** Cells beyond the end are null, and so are holes. */
const equal = (
  a: { values: ReadonlyArray<unknown>; children: ReadonlyArray<{ table: number; values: ReadonlyArray<unknown> }> },
  b: typeof a
): boolean => {
  const cells = (values: ReadonlyArray<unknown>, other: ReadonlyArray<unknown>) =>
    Array.from({ length: Math.max(values.length, other.length) }, (_, i) => values[i] ?? null)
  const same = (x: ReadonlyArray<unknown>, y: ReadonlyArray<unknown>) =>
    JSON.stringify(cells(x, y).map(String)) === JSON.stringify(cells(y, x).map(String))
  return (
    same(a.values, b.values) &&
    a.children.length === b.children.length &&
    a.children.every((child, i) => child.table === b.children[i]!.table && same(child.values, b.children[i]!.values))
  )
}
