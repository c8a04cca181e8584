import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import type { Mode } from "../../src/Resource/Contract.ts"
import { batch, cells, columns, compile, failure, type Options, page, saved } from "./support.ts"

const before = saved(batch([{ id: 1, n: 1, none: null, items: [{ a: 1 }] }]))

/** A second run, after the first has made its tables. */
const second = (rows: ReadonlyArray<unknown>, options: Options) => page(compile(options, before), rows)

const refused = (rows: ReadonlyArray<unknown>, options: Options): string =>
  Either.match(compile(options, before).page(rows), {
    onLeft: ({ detail, reason }) => `${reason}: ${detail}`,
    onRight: () => "no failure"
  })

const newTable = [
  { id: 2, n: 2, tags: ["a", "b"] },
  { id: 3, n: 3 }
]
const newColumn = [
  { id: 2, n: 2, extra: "x" },
  { id: 3, n: 3 }
]
const newType = [
  { id: 2, n: "x" },
  { id: 3, n: 3 }
]

const events = [
  ["tables", newTable, "the new table t__tags"],
  ["columns", newColumn, "the new column t.extra"],
  ["dataType", newType, "a text in the integer column t.n"]
] as const

describe("a schema contract", () => {
  it.each(events)("%s: freeze fails the page, and says for what", (entity, rows, what) => {
    const name = entity === "dataType" ? "data_type" : entity
    assert.strictEqual(
      refused(rows, { contract: { [entity]: "freeze" } }),
      `Contract: schema_contract freezes ${name}: rows bring ${what}`
    )
  })

  it.each<readonly [string, ReadonlyArray<unknown>, Mode, ReadonlyArray<object>, object]>([
    [
      "tables",
      newTable,
      "discard_row",
      [
        { id: 2, n: 2 },
        { id: 3, n: 3 }
      ],
      { rows: 2, values: 0 }
    ],
    [
      "tables",
      newTable,
      "discard_value",
      [
        { id: 2, n: 2 },
        { id: 3, n: 3 }
      ],
      { rows: 2, values: 0 }
    ],
    ["columns", newColumn, "discard_row", [{ id: 3, n: 3 }], { rows: 1, values: 0 }],
    [
      "columns",
      newColumn,
      "discard_value",
      [
        { id: 2, n: 2 },
        { id: 3, n: 3 }
      ],
      { rows: 0, values: 1 }
    ],
    ["dataType", newType, "discard_row", [{ id: 3, n: 3 }], { rows: 1, values: 0 }],
    ["dataType", newType, "discard_value", [{ id: 2 }, { id: 3, n: 3 }], { rows: 0, values: 1 }]
  ])("%s of %j: %s", (entity, rows, mode, kept, discarded) => {
    const made = second(rows, { contract: { [entity]: mode } })
    assert.deepStrictEqual(cells(made).t, kept)
    assert.deepStrictEqual(made.discarded, discarded as typeof made.discarded)
    assert.deepStrictEqual(made.rejects, [])
    assert.deepStrictEqual(made.shape, before.shape)
    assert.lengthOf(made.notices, 1)
  })

  it.each(events)("%s: what is not named evolves", (entity, rows) => {
    const others = (["tables", "columns", "dataType"] as const).filter((other) => other !== entity)
    const contract = Object.fromEntries(others.map((other) => [other, "freeze" as const]))
    const made = second(rows, { contract })
    assert.deepStrictEqual(made.discarded, { rows: 0, values: 0 })
    assert.lengthOf([...cells(made).t!, ...made.rejects], 2)
  })

  it("a row of a child table goes alone, with the rows below it", () => {
    const made = second(
      [{ id: 2, items: [{ a: 1 }, { a: 2, extra: 1, below: [{ x: 1 }] }, { below: [{ x: 2 }], extra: 1 }, { a: 3 }] }],
      { contract: { columns: "discard_row" } }
    )
    assert.deepStrictEqual(cells(made).t__items, [
      { at: "0.0", a: 1 },
      { at: "0.3", a: 3 }
    ])
    assert.deepStrictEqual(cells(made).t__items__below ?? [], [])
    assert.deepStrictEqual(made.discarded, { rows: 2, values: 0 })
  })

  it("the first load of a table evolves freely, also over its pages, but for what does not fit", () => {
    const compiled = compile({ contract: { columns: "freeze", dataType: "discard_value" } })
    page(compiled, [{ id: 1, items: [{ a: 1 }] }])
    const made = page(compiled, [{ id: "x", more: 1, items: [{ b: 1 }] }])
    assert.deepStrictEqual(columns(made.shape), {
      t: { id: "integer", more: "integer" },
      t__items: { a: "integer", b: "integer" }
    })
    assert.deepStrictEqual(made.discarded, { rows: 0, values: 1 })
  })

  it("the first load goes on after a pause", () => {
    const made = page(compile({ contract: { columns: "freeze" } }, { ...before, evolving: true }), newColumn)
    assert.property(columns(made.shape).t, "extra")
  })

  it.each<readonly [Mode, object]>([
    ["discard_row", { rows: 2, values: 0 }],
    ["discard_value", { rows: 2, values: 0 }]
  ])("tables: %s keeps a new table from being made", (tables, discarded) => {
    const made = batch(newColumn, { contract: { tables } })
    assert.deepStrictEqual(made.rows, [])
    assert.deepStrictEqual(made.discarded, discarded as typeof made.discarded)
    assert.deepStrictEqual(columns(made.shape), { t: {} })
  })

  it("tables: freeze fails a new table with its first row, not without rows", () => {
    assert.strictEqual(
      failure(newColumn, { contract: "freeze" }),
      "Contract: schema_contract freezes tables: rows bring the new table t"
    )
    assert.strictEqual(failure([], { contract: "freeze" }), "no failure")
  })

  it("a column only ever seen as null is new; a null in a new key is nothing", () => {
    assert.match(refused([{ id: 2, none: 5 }], { contract: { columns: "freeze" } }), /a first value of t\.none/)
    const made = second([{ id: 2, fresh: null }], { contract: { columns: "freeze" } })
    assert.deepStrictEqual(made.shape, before.shape)
  })

  it("a column that columns declares may come", () => {
    const options: Options = { contract: "freeze", columns: [{ name: "extra", dataType: "text" }] }
    assert.deepStrictEqual(cells(second(newColumn, options)).t![0], { id: 2, n: 2, extra: "x" })
  })

  it("another spelling of a known column is nothing new", () => {
    const made = second([{ ID: 2 }], { contract: "freeze" })
    assert.deepStrictEqual(cells(made).t, [{ id: 2 }])
  })

  it("widening is a change of type", () => {
    assert.match(
      refused([{ id: 2, n: 1.5 }], { contract: { dataType: "freeze" } }),
      /a fraction in the integer column t\.n/
    )
    assert.deepStrictEqual(columns(second([{ id: 2, n: 1.5 }], { contract: { columns: "freeze" } }).shape).t!.n, "real")
  })

  it("what lands in a row that is refused for another reason is not counted", () => {
    const made = second([{ n: "x", extra: 1 }], { contract: { columns: "discard_value" } })
    assert.lengthOf(made.rejects, 1)
    assert.deepStrictEqual(made.discarded, { rows: 0, values: 0 })
  })

  it("tells a receipt once of each, and not without end", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i]))
    const compiled = compile({ contract: { columns: "discard_value" } }, before)
    const first = page(compiled, [many, many])
    assert.isAtMost(first.notices.length, 20)
    assert.strictEqual(first.notices[0], "schema_contract leaves out the new column t.f0 (columns: discard_value)")
    assert.deepStrictEqual(first.discarded, { rows: 0, values: 200 })
    assert.deepStrictEqual(page(compiled, [many]).notices, [])
  })
})

describe("variant columns", () => {
  const variants: Options = { contract: { variants: true } }

  it("take what does not fit, as dlt names them", () => {
    const made = batch(
      [{ v: 1 }, { v: "abc" }, { v: "12" }, { v: true }, { v: 1.5 }, { v: "2026-01-01T00:00:00Z" }, { v: 2.0 }],
      variants
    )
    assert.deepStrictEqual(made.rejects, [])
    assert.deepStrictEqual(columns(made.shape), {
      t: { v: "integer", v__v_text: "text", v__v_bool: "boolean", v__v_double: "real" }
    })
    assert.deepStrictEqual(cells(made).t, [
      { v: 1 },
      { v__v_text: "abc" },
      { v: 12 },
      { v__v_bool: 1 },
      { v__v_double: 1.5 },
      { v__v_text: "2026-01-01T00:00:00Z" },
      { v: 2 }
    ])
  })

  it("also in lists", () => {
    const made = batch([{ id: 1, l: [1, "a", null, { k: 1 }] }], variants)
    assert.deepStrictEqual(cells(made).t__l, [
      { at: "0.0", value: 1 },
      { at: "0.1", value__v_text: "a" },
      { at: "0.2" },
      { at: "0.3", k: 1 }
    ])
  })

  it("stay apart from their column, run after run", () => {
    const first = page(compile(variants), [{ v: 1 }, { v: "abc" }])
    const second = page(compile(variants, saved(first)), [{ v: 2 }, { v: "def" }])
    assert.deepStrictEqual(second.shape, saved(first).shape)
    assert.deepStrictEqual(cells(second).t, [{ v: 2 }, { v__v_text: "def" }])
    assert.deepStrictEqual(second.notices, [])
  })

  it("of text take every text", () => {
    const made = batch([{ v: 1 }, { v: "2026-01-01T00:00:00Z" }, { v: "abc" }], variants)
    assert.deepStrictEqual(made.rejects, [])
    assert.deepStrictEqual(cells(made).t!.at(-1), { v__v_text: "abc" })
  })

  it("give way to the contract on data types", () => {
    const made = batch([{ v: 1 }, { v: "abc" }], { contract: { variants: true, dataType: "discard_value" } })
    assert.deepStrictEqual(columns(made.shape), { t: { v: "integer" } })
    assert.deepStrictEqual(made.discarded, { rows: 0, values: 1 })
  })

  it("are not for keys: the row is refused", () => {
    const made = batch([{ id: 1 }, { id: "abc" }], { ...variants, primaryKey: "id" })
    assert.lengthOf(made.rejects, 1)
  })
})

describe("nothing gets lost unsaid", () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string(),
    fc.constantFrom("12", "0x1f", "yes", "2026-01-01T00:00:00Z", "2026-01-01", 9007199254740993n, 2n ** 70n)
  )
  const all = fc.array(value, { minLength: 1, maxLength: 12 })
  const rowsOf = (values: ReadonlyArray<unknown>) => values.map((v, id) => ({ id, v }))
  const held = (made: ReturnType<typeof batch>) =>
    cells(made).t!.reduce((count, row) => count + Object.keys(row).filter((name) => name.startsWith("v")).length, 0)

  it.prop("without a contract a value is in a cell, or its row a reject", [all], ([values]) => {
    const made = batch(rowsOf(values))
    assert.strictEqual(held(made) + made.rejects.length, values.length)
    assert.deepStrictEqual(made.discarded, { rows: 0, values: 0 })
  })

  it.prop("with variants every value is in one cell", [all], ([values]) => {
    const made = batch(rowsOf(values), { contract: { variants: true } })
    assert.deepStrictEqual(made.rejects, [])
    assert.strictEqual(held(made), values.length)
  })

  it.prop("with discard_value a value is in a cell, or counted", [all], ([values]) => {
    const made = batch(rowsOf(values), { contract: { dataType: "discard_value" } })
    assert.deepStrictEqual(made.rejects, [])
    assert.lengthOf(made.rows, values.length)
    assert.strictEqual(held(made) + made.discarded.values, values.length)
  })

  it.prop("with discard_row a value is in a cell, or its row counted", [all], ([values]) => {
    const made = batch(rowsOf(values), { contract: { dataType: "discard_row" } })
    assert.deepStrictEqual(made.rejects, [])
    assert.strictEqual(held(made), made.rows.length)
    assert.strictEqual(made.rows.length + made.discarded.rows, values.length)
  })

  it.prop("a page's end changes nothing", [all, fc.nat({ max: 12 }), fc.boolean()], ([values, at, variants]) => {
    const options: Options = { contract: { variants }, columns: [{ name: "never", dataType: "date" }] }
    const whole = batch(rowsOf(values), options)
    const first = page(compile(options), rowsOf(values).slice(0, at))
    const second = page(compile(options, { ...saved(first), key: whole.key }), rowsOf(values).slice(at))
    assert.deepStrictEqual(columns(second.shape), columns(whole.shape))
    assert.strictEqual(first.rejects.length + second.rejects.length, whole.rejects.length)
  })
})
