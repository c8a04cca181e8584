import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Coerce from "../../src/Row/Coerce.ts"
import { type ColumnType, fitsInt64 } from "../../src/Row/Value.ts"
import { batch, cells, columns } from "./support.ts"

const target = (type: ColumnType, options: Partial<Coerce.Target> = {}): Coerce.Target => ({
  type,
  declared: false,
  isKey: false,
  limits: undefined,
  ...options
})

const bytes = (...all: ReadonlyArray<number>) => Uint8Array.from(all)

const seen: ReadonlyArray<readonly [ColumnType, unknown, unknown]> = [
  ["integer", "0x10", 16],
  ["integer", " 12 ", 12],
  ["integer", "+12", 12],
  ["integer", "0xffffffffffffffff", undefined],
  // Perhaps a code: nobody said it is a number.
  ["integer", "007", undefined],
  ["integer", " 007", undefined],
  ["integer", "-007", undefined],
  ["integer", true, undefined],
  ["integer", "x", undefined],
  ["real", "1.50", 1.5],
  ["real", "1e3", 1000],
  ["real", "0x10", 16],
  ["real", "0.1000000000000000055511151231257827", undefined],
  ["real", true, undefined],
  ["boolean", "Yes", 1],
  ["boolean", "f", 0],
  ["boolean", 5, undefined],
  ["boolean", "maybe", undefined],
  ["timestamp", 5, "1970-01-01T00:00:05.000000000Z"],
  ["timestamp", "1704164645", "2024-01-02T03:04:05.000000000Z"],
  ["timestamp", "2024-01-02", "2024-01-02T00:00:00.000000000Z"],
  ["timestamp", 1704164645000, undefined],
  ["timestamp", true, undefined],
  ["text", { a: [1n] }, '{"a":[1]}'],
  ["json", 1, undefined],
  ["unknown", 1, undefined]
]

const asked: ReadonlyArray<readonly [ColumnType, unknown, unknown]> = [
  ["integer", "007", 7],
  ["integer", "9223372036854775808", undefined],
  ["boolean", 5, 1],
  ["boolean", 0n, 0],
  ["datetime", "2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05.000000000"],
  ["datetime", "2024-01-02T03:04:05", "2024-01-02T03:04:05.000000000"],
  ["date", "2024-01-02", "2024-01-02"],
  ["date", "2024-01-02T23:00:00-05:00", "2024-01-03"],
  ["date", 1704164645, "2024-01-02"],
  ["date", "soon", undefined],
  ["time", "03:04", "03:04:00.000000000"],
  ["time", "03:04:05.25+02:00", "01:04:05.250000000"],
  ["time", 5, undefined],
  ["decimal", "12.10", "12.1"],
  ["decimal", 0.1, "0.1"],
  ["decimal", "0x10", "16"],
  ["decimal", 9007199254740993n, "9007199254740993"],
  ["decimal", "NaN", undefined],
  ["decimal", true, undefined],
  [
    "wei",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935"
  ],
  ["wei", "1.5", undefined],
  ["binary", "aGVsbG8=", bytes(104, 101, 108, 108, 111)],
  ["binary", "0x68ff", bytes(104, 255)],
  ["binary", "", bytes()],
  ["binary", "hello", undefined],
  ["binary", "0x6", undefined],
  ["binary", 5, undefined]
]

describe("Coerce", () => {
  it.each(seen)("%s of %s, by what was seen, is %s", (type, value, cell) =>
    assert.deepStrictEqual(Coerce.parse(target(type), value), cell)
  )

  it.each(asked)("%s of %s, by a hint, is %s", (type, value, cell) =>
    assert.deepStrictEqual(Coerce.parse(target(type, { declared: true }), value), cell)
  )

  it("a decimal keeps to its precision and scale", () => {
    const money = target("decimal", { declared: true, limits: { precision: 5, scale: 2 } })
    assert.strictEqual(Coerce.parse(money, 12), "12.00")
    assert.strictEqual(Coerce.parse(money, "-999.9"), "-999.90")
    assert.isUndefined(Coerce.parse(money, 1000))
    assert.isUndefined(Coerce.parse(money, 0.125))
  })

  it("a key takes no second spelling of a number, unless its type was asked for", () => {
    assert.isUndefined(Coerce.parse(target("integer", { isKey: true }), "0x10"))
    assert.strictEqual(Coerce.parse(target("integer", { isKey: true, declared: true }), "0x10"), 16)
  })

  it.prop(
    "an integer is what was written, within int64",
    [fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n })],
    ([number]) => {
      const cell = Coerce.parse(target("integer"), ` ${number} `)
      if (fitsInt64(number)) assert.strictEqual(BigInt(cell as number), number)
      else assert.isUndefined(cell)
    }
  )
})

describe("types, as rows bring them", () => {
  // A column with a first value, what comes then, and where both end.
  it.each<readonly [string, unknown, unknown, string, unknown]>([
    ["a text of digits in integers", 1, "12", "integer", 12],
    ["a hexadecimal in integers", 1, "0x0c", "integer", 12],
    ["2.0 in integers", 1, 2.0, "integer", 2],
    ["a fraction makes integers REAL", 1, 1.5, "real", 1.5],
    ["an integer in fractions", 1.5, 2, "real", 2],
    ["a text in fractions", 1.5, "2.50", "real", 2.5],
    ["a word in booleans", true, "no", "boolean", 0],
    ["a number in texts", "a", 1, "text", "1"],
    ["a boolean in texts", "a", true, "text", "true"],
    ["seconds in timestamps", "2026-01-01T00:00:00Z", 5, "timestamp", "1970-01-01T00:00:05.000000000Z"],
    ["a day in timestamps", "2026-01-01T00:00:00Z", "2026-01-02", "timestamp", "2026-01-02T00:00:00.000000000Z"]
  ])("%s", (_, first, second, type, cell) => {
    const made = batch([{ v: first }, { v: second }])
    assert.deepStrictEqual(made.rejects, [])
    assert.deepStrictEqual(columns(made.shape), { t: { v: type } })
    assert.strictEqual(cells(made).t![1]!.v, cell)
  })

  it.each<readonly [unknown, unknown]>([
    [1, "abc"],
    [1, true],
    [1.5, true],
    [1.5, "abc"],
    [true, "abc"],
    [true, 5]
  ])("after %s, %s is refused", (first, second) => {
    const made = batch([{ v: first }, { v: second }])
    assert.lengthOf(made.rejects, 1)
    assert.strictEqual(made.rejects[0]!.path, "v")
  })
})
