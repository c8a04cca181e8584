/** Whatever way rows are cut into pages, and pages into runs, the same comes of them. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Schema } from "effect"
import { Field, type Row, RowError } from "sluice"
import type { FlatRow } from "../../src/Row/Flatten.ts"
import * as Shape from "../../src/Row/Shape.ts"
import { type SqlValue, storage } from "../../src/Row/Value.ts"
import { compile, type Options, page, saved } from "./support.ts"
import { runs } from "../fuzz.ts"

const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom("", "x", "12", "1.5", "true", "9007199254740993", "18446744073709551616") },
  { weight: 1, arbitrary: fc.constantFrom(0.5, 1e300, 2 ** 53 - 1) },
  { weight: 1, arbitrary: fc.constantFrom(9007199254740993n, 2n ** 63n - 1n, 2n ** 63n) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom("2026-01-01T00:00:00-05:00", "2026-01-01T00:00:00.123456789Z") }
)

/** Few keys, so that types drift within a column and keys meet in one name. */
const { object: fields } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: tie("object") },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 3 }) }
  ),
  object: fc
    .record({ a: tie("value"), b: tie("value"), c: tie("value"), B: scalar, a__b: scalar }, { requiredKeys: [] })
    .map((object) => object as Record<string, unknown>)
}))

const id = fc.oneof(
  { weight: 12, arbitrary: fc.nat(9) },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, "x") }
)
const row = fc.tuple(id, fields).map(([id, fields]) => ({ ...(id === undefined ? {} : { id }), ...fields }))
const rows = fc.array(row, { minLength: 1, maxLength: 30 }).map((rows) => [{ id: 0 }, ...rows])
const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 7 }), restart: fc.boolean() }), {
  minLength: 1,
  maxLength: 30
})

interface Outcome {
  readonly shape: Shape.Shape
  readonly key: Row.Batch["key"]
  readonly rows: ReadonlyArray<FlatRow>
  readonly rejects: ReadonlyArray<Row.Reject>
}

const whole = (rows: ReadonlyArray<unknown>, options: Options): Outcome => page(compile(options), rows)

const split = (
  rows: ReadonlyArray<unknown>,
  options: Options,
  cuts: ReadonlyArray<{ readonly size: number; readonly restart: boolean }>
): Outcome => {
  let compiled = compile(options)
  let last = page(compiled, [])
  const all: { rows: Array<FlatRow>; rejects: Array<Row.Reject> } = { rows: [], rejects: [] }
  for (let at = 0, cut = 0; at < rows.length; cut++) {
    const { restart, size } = cuts[cut % cuts.length]!
    if (restart) compiled = compile(options, saved(last))
    last = page(compiled, rows.slice(at, at + size))
    all.rows.push(...last.rows)
    all.rejects.push(...last.rejects)
    at += size
  }
  return { shape: last.shape, key: last.key, ...all }
}

/** Cells as the database holds them in the end: of the column's last storage, with nulls to the end. */
const stored = ({ rows, shape }: Outcome) => {
  const cell = (value: SqlValue | undefined, type: string) =>
    value === undefined || value === null ? null : type === "TEXT" ? String(value) : value
  const fill = (table: number, values: FlatRow["values"], offset: number) => [
    ...values.slice(0, offset),
    ...shape.tables[table]!.columns.map((column, i) => cell(values[offset + i], storage(column.type)))
  ]
  return rows.map((row) => ({
    digest: row.digest,
    values: fill(0, row.values, 0),
    children: row.children.map(({ table, values }) => ({
      table,
      values: fill(table, values, Shape.depth(shape, table))
    }))
  }))
}

/** Lists that meet in one table end a page; by then the same rows must have come. */
const outcome = (make: () => Outcome): Outcome | string => {
  try {
    return make()
  } catch (error) {
    if (error instanceof RowError) return error.message
    throw error
  }
}

const agree = (a: Outcome | string, b: Outcome | string) => {
  if (typeof a === "string" || typeof b === "string") return void assert.strictEqual(a, b)
  assert.deepStrictEqual(b.shape, a.shape)
  assert.deepStrictEqual(b.key, a.key)
  assert.deepStrictEqual(stored(b), stored(a))
  const places = (outcome: Outcome) => outcome.rejects.map(({ path, raw }) => [path, raw])
  assert.deepStrictEqual(places(b), places(a))
}

const variants: Record<string, Options> = {
  "without a schema": { primaryKey: "id" },
  "without a key": {},
  "with JSON below a level": { primaryKey: "id", maxTableNesting: 1 },
  "with a json and a masked field": { primaryKey: "id", json: ["a"], mask: ["b"] },
  "with a schema": {
    primaryKey: "id",
    schema: Schema.Struct({
      id: Field.Integer,
      a: Schema.optional(
        Schema.NullOr(Schema.Union(Field.Integer, Schema.Number, Schema.Struct({ c: Schema.optional(Schema.Unknown) })))
      ),
      c: Schema.optional(Schema.Union(Field.Timestamp, Schema.Null, Schema.Array(Schema.Unknown), Schema.Number))
    })
  }
}

describe("any page split", () => {
  for (const [name, options] of Object.entries(variants)) {
    it.prop(
      `${name} gives the same rows, shape, rejects and digests`,
      [rows, cuts],
      ([rows, cuts]) =>
        agree(
          outcome(() => whole(rows, options)),
          outcome(() => split(rows, options, cuts))
        ),
      { fastCheck: { numRuns: runs(300) } }
    )
  }
})
