import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Value from "../../src/Row/Value.ts"

const min64 = -(2n ** 63n)
const max64 = 2n ** 63n - 1n
const instant = "2026-02-03T07:25:02.8782715-05:00"
const utc = "2026-02-03T12:25:02.878271500Z"

const no = (wider?: Value.ColumnType) => ({ wider })

/** What `coerce` gives: a cell, or the wider type it asks for. */
const outcome = (type: Value.ColumnType, value: unknown) => {
  const result = Value.coerce(type, value)
  return result instanceof Value.Misfit ? { wider: result.wider } : result
}

const cases: Record<
  Exclude<Value.ColumnType, "unknown" | "datetime" | "date" | "time" | "decimal" | "wei" | "binary">,
  ReadonlyArray<readonly [value: unknown, result: unknown]>
> = {
  text: [
    ["", ""],
    ["a", "a"],
    ["null", "null"],
    [" 1 ", " 1 "],
    [instant, instant],
    ["\u0000", "\u0000"],
    ["😀", "😀"],
    [1, "1"],
    [-0, "0"],
    [1.5, "1.5"],
    [true, "true"],
    [false, "false"],
    [2n ** 70n, "1180591620717411303424"],
    [{}, no()],
    [[], no()]
  ],
  integer: [
    [0, 0],
    [1, 1],
    [-1, -1],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [-(2 ** 53) + 1, -(2 ** 53) + 1],
    [2n ** 53n, 2n ** 53n],
    [2n ** 53n + 1n, 2n ** 53n + 1n],
    [max64, max64],
    [min64, min64],
    [5n, 5n],
    [max64 + 1n, no("text")],
    [min64 - 1n, no("text")],
    [1.5, no("real")],
    [1e300, no("real")],
    [2 ** 53, no("real")],
    ["0", 0],
    ["12", 12],
    ["-12", -12],
    ["9007199254740993", 9007199254740993n],
    [String(max64), max64],
    [String(min64), min64],
    [String(max64 + 1n), no("text")],
    ["12345678901234567890123", no("text")],
    ["1.5", no("real")],
    ["-0.5", no("real")],
    ["-0", no("real")],
    ["", no()],
    ["a", no()],
    ["007", no()],
    ["+1", no()],
    [" 1", no()],
    ["1e3", no()],
    ["1_000", no()],
    ["0x10", no()],
    ["١", no()],
    [true, no()],
    [false, no()],
    [{}, no()],
    [[1], no()]
  ],
  real: [
    [0, 0],
    [1, 1],
    [1.5, 1.5],
    [-1.5e-300, -1.5e-300],
    [1e300, 1e300],
    [2 ** 53 - 1, 2 ** 53 - 1],
    ["1", 1],
    ["1.5", 1.5],
    ["-0.25", -0.25],
    ["1.50", no()],
    ["-0", no()],
    ["0.1000000000000000055511151231257827", no()],
    ["9007199254740993", no()],
    ["1e3", no()],
    ["", no()],
    ["a", no()],
    [Number.NaN, no()],
    [Number.POSITIVE_INFINITY, no()],
    [Number.NEGATIVE_INFINITY, no()],
    [2n ** 53n + 1n, no()],
    [true, no()],
    [{}, no()],
    [[], no()]
  ],
  boolean: [
    [true, 1],
    [false, 0],
    [1, 1],
    [0, 0],
    ["true", 1],
    ["false", 0],
    [2, no()],
    [-1, no()],
    [0.5, no()],
    ["yes", no()],
    ["True", no()],
    ["1", no()],
    ["", no()],
    [1n, no()],
    [{}, no()],
    [[], no()]
  ],
  timestamp: [
    [instant, utc],
    ["2026-02-03T12:25", "2026-02-03T12:25:00.000000000Z"],
    ["", no("text")],
    ["2026-02-03", no("text")],
    ["soon", no("text")],
    [5, no("text")],
    [true, no("text")],
    [5n, no("text")],
    [{}, no()],
    [[], no()]
  ],
  json: [
    [{ b: 1, a: [null] }, '{"b":1,"a":[null]}'],
    [[], "[]"],
    [{}, "{}"],
    ['a"b', '"a\\"b"'],
    ["", '""'],
    [1, "1"],
    [true, "true"],
    [{ id: 4323372036854775807n }, '{"id":4323372036854775807}'],
    // JSON that was sent as text.
    ['{"id":4323372036854775807}', '{"id":4323372036854775807}'],
    [' [1, "a"]', '[1,"a"]'],
    ["[1", '"[1"'],
    ["12", '"12"']
  ]
}

describe("Value.coerce", () => {
  for (const [type, rows] of Object.entries(cases) as ReadonlyArray<[Value.ColumnType, (typeof cases)["text"]]>) {
    it.each(rows.map(([value, result]) => ({ value, result })))(`${type} of $value is $result`, ({ result, value }) => {
      assert.deepStrictEqual(outcome(type, value), result)
      assert.isFalse(Object.is(Value.coerce(type, value), -0))
    })
  }

  it("stores no negative zero", () => {
    for (const type of ["integer", "real", "boolean"] as const)
      assert.isTrue(Object.is(Value.coerce(type, -0), 0), type)
  })

  it("asks of an unknown column what its first value is", () => {
    for (const [value, type] of [
      ["a", "text"],
      [instant, "timestamp"],
      [1, "integer"],
      [1.5, "real"],
      [true, "boolean"],
      [{}, "json"]
    ] as const) {
      assert.deepStrictEqual(outcome("unknown", value), no(type))
    }
  })
})

describe("Value.infer", () => {
  it.each<readonly [unknown, Value.ColumnType]>([
    ["", "text"],
    ["12", "text"],
    ["true", "text"],
    ["null", "text"],
    ["2026-02-03", "text"],
    [instant, "timestamp"],
    [0, "integer"],
    [-0, "integer"],
    [1.0, "integer"],
    [2 ** 53 - 1, "integer"],
    [2 ** 53, "real"],
    [1.5, "real"],
    [1e300, "real"],
    [2n ** 53n, "integer"],
    [max64, "integer"],
    [min64, "integer"],
    [max64 + 1n, "text"],
    [min64 - 1n, "text"],
    [true, "boolean"],
    [false, "boolean"],
    [{}, "json"],
    [[], "json"]
  ])("%s is %s", (value, type) => assert.strictEqual(Value.infer(value), type))
})

describe("Value.storage", () => {
  it("is a type of STRICT tables", () => {
    const types: Record<Value.ColumnType, string> = {
      text: "TEXT",
      timestamp: "TEXT",
      json: "TEXT",
      unknown: "TEXT",
      integer: "INTEGER",
      boolean: "INTEGER",
      real: "REAL",
      datetime: "TEXT",
      date: "TEXT",
      time: "TEXT",
      decimal: "TEXT",
      wei: "TEXT",
      binary: "BLOB"
    }
    for (const [type, storage] of Object.entries(types))
      assert.strictEqual(Value.storage(type as Value.ColumnType), storage)
  })
})

describe("nothing is bent", () => {
  const types = fc.constantFrom<Value.ColumnType>("text", "integer", "real", "boolean", "timestamp", "json", "unknown")
  const digits = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
  const values = fc.oneof(
    fc.string(),
    digits.map(String),
    fc.double().map(String),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    digits.filter((n) => !Number.isSafeInteger(Number(n))),
    fc.boolean(),
    fc.constantFrom("true", "false", "0", "1", "-0", instant)
  )

  it.prop("a cell says what the value said", [types, values], ([type, value]) => {
    const cell = Value.coerce(type, value)
    if (cell instanceof Value.Misfit) return
    if (type === "json") {
      fc.pre(!/^\s*[[{]/.test(String(value)))
      return void assert.deepStrictEqual(cell, typeof value === "bigint" ? String(value) : JSON.stringify(value))
    }
    if (type === "timestamp") return void assert.lengthOf(cell as string, 30)
    if (type === "boolean")
      return void assert.include(cell === 1 ? [true, 1, "true"] : [false, 0, "false"], value === 0 ? 0 : value)
    assert.strictEqual(String(cell), String(value))
  })

  it.prop("the type a value asks for takes it", [types, values], ([type, value]) => {
    const misfit = Value.coerce(type, value)
    if (!(misfit instanceof Value.Misfit) || misfit.wider === undefined) return
    const cell = Value.coerce(misfit.wider, value)
    // A text of digits that only almost is a number is refused by both.
    if (typeof value === "string" && misfit.wider === "real") return
    if (typeof value === "number" && !Number.isFinite(value)) return
    assert.notInstanceOf(cell, Value.Misfit)
  })

  it.prop("the type inferred from a value takes it", [values], ([value]) => {
    if (typeof value === "number" && !Number.isFinite(value)) return
    assert.notInstanceOf(Value.coerce(Value.infer(value), value), Value.Misfit)
  })

  it.prop("an integer cell is within int64", [values], ([value]) => {
    const cell = Value.coerce("integer", value)
    if (typeof cell === "bigint") assert.isTrue(Value.fitsInt64(cell))
    if (typeof cell === "number") assert.isTrue(Number.isSafeInteger(cell))
  })
})
