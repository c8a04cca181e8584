/** Tables are the rows: put together again, they say what came, but for what docs/TABLES.md says is not kept. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import type { Row } from "sluice"
import type { FlatRow } from "../../src/Row/Flatten.ts"
import * as Shape from "../../src/Row/Shape.ts"
import { runs } from "../fuzz.ts"
import { batch } from "./support.ts"

const text = fc.oneof(
  // Words and numbers that other types take for theirs are the tests of `Coerce`.
  fc
    .string({ unit: "grapheme", maxLength: 8 })
    .filter((text) => !/^([tfyn01]|yes|no|false|[+-]?0x.*|\d{4}.*)$/i.test(text)),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "null",
    "12",
    "-0",
    "007",
    "1e5",

    "true",
    "{}",
    "[1]",
    "'; --",
    '"'
  ),
  fc.constantFrom("2026-01-01", "10:00", "😀", "\u202e", "é", "e\u0301")
)

const scalar = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: fc.integer({ min: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(9007199254740993n, -(2n ** 63n), 2n ** 63n, 10n ** 30n) },
  {
    weight: 1,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0.5 : value))
  },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) }
)

/** Names that do not meet: keys that do refuse their row, which is another test's matter. */
const names = ["a", "b", "c", "Long Name", "select", "rowid", "constructor", "x"]

const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: tie("object") },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 4 }) }
  ),
  object: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 5, noNullPrototype: true })
}))

/** `2.50`, `1e5` and `+12` are numbers that a column of numbers takes. */
const number = (text: string): string => {
  // The text of a double, which a column of texts holds.
  if (/^[+-]?\d+$/.test(text) && String(Number(text)) !== text) return String(BigInt(text.replace("+", "")))
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text
  const value = Number(text)
  return Number.isInteger(value) ? String(BigInt(value)) : String(value)
}

/** What is not kept: null from absent, empty objects and lists; of scalars the text is what counts. */
const said = (value: unknown): unknown => {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => said(item) ?? null)
    return items.length === 0 ? undefined : items
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).flatMap(([key, inner]) => {
      const kept = said(inner)
      return kept === undefined ? [] : [[key, kept] as const]
    })
    return entries.length === 0 ? undefined : Object.fromEntries(entries)
  }
  return number(String(value))
}

const put = (into: Record<string, unknown>, path: ReadonlyArray<string>, value: unknown): void => {
  const [key = "", ...rest] = path
  if (rest.length === 0) {
    into[key] = value
    return
  }
  const inner = Object.hasOwn(into, key) ? into[key] : undefined
  const object = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {}
  into[key] = object
  put(object, rest, value)
}

/** The row out of its cells and its child rows. */
const rebuilt = ({ shape }: Row.Batch, row: FlatRow): unknown => {
  const fill = (table: number, values: FlatRow["values"], above: ReadonlyArray<unknown>): unknown => {
    const made: Record<string, unknown> = {}
    let item: unknown
    shape.tables[table]!.columns.forEach(({ path, type }, i) => {
      const cell = values[above.length + i] ?? null
      if (cell === null) return
      const value = type === "boolean" ? cell === 1 : type === "json" ? (JSON.parse(String(cell)) as unknown) : cell
      if (path.length === 0) item = value
      else put(made, path, value)
    })
    shape.tables.forEach(({ parent, path }, child) => {
      if (parent !== table || child === 0) return
      const own = row.children.filter(
        (each) => each.table === child && above.every((position, i) => each.values[i] === position)
      )
      if (own.length === 0) return
      const list = own.map((each) => fill(child, each.values, [...above, each.values[above.length]]))
      if (path.length === 0) item = list
      else put(made, path, list)
    })
    return item ?? made
  }
  return fill(0, row.values, [])
}

describe("rows, made tables of and put together again", () => {
  it.prop(
    "say what came",
    [fc.array(object, { minLength: 1, maxLength: 12 })],
    ([rows]) => {
      const made = batch(
        rows.map((row, id) => ({ ...row, id: id + 2 })),
        { primaryKey: "id" }
      )
      // Every row is there or refused with what it was.
      assert.strictEqual(made.rows.length + made.rejects.length, rows.length)
      for (const row of made.rows) {
        const id = row.values[made.key!.columns[0]!] as number
        assert.deepStrictEqual(said(rebuilt(made, row)), said({ ...rows[id - 2], id }))
      }
      for (const { raw } of made.rejects) {
        const { id } = JSON.parse(raw) as { readonly id: number }
        assert.deepStrictEqual(
          Object.keys(JSON.parse(raw) as object).toSorted(),
          Object.keys({ ...rows[id - 2], id }).toSorted()
        )
      }
      for (const [table] of made.shape.tables.entries()) assert.isAtMost(Shape.depth(made.shape, table), 64)
    },
    { fastCheck: { numRuns: runs(400) }, timeout: 600_000 }
  )
})
