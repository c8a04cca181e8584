import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Order from "../../src/Row/CursorOrder.ts"

describe("cursor values", () => {
  it("are texts and numbers", () => {
    for (const value of ["", "a", 0, -1.5, 3n]) assert.strictEqual(Order.valueOf(value), value)
    for (const value of [null, undefined, true, [], {}]) assert.isUndefined(Order.valueOf(value))
  })

  it("are ordered by number, by instant, or as text", () => {
    const before: ReadonlyArray<readonly [string | number | bigint, string | number | bigint]> = [
      [1, 2],
      [2, 10],
      [9007199254740992n, 9007199254740993n],
      [1, 9007199254740993n],
      // The instant counts, not the text.
      ["2024-01-01T12:00:00+02:00", "2024-01-01T11:00:00Z"],
      ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000000001Z"],
      ["2024-01-01 00:00:00", "2024-01-01T00:00:01"],
      ["2024-01-31", "2024-02-01"],
      ["a", "b"],
      ["10", "9"]
    ]
    for (const [a, b] of before) {
      assert.isBelow(Order.compare(a, b), 0, `${a} ${b}`)
      assert.isAbove(Order.compare(b, a), 0, `${b} ${a}`)
    }
    assert.strictEqual(Order.compare("2024-01-01T12:00:00+02:00", "2024-01-01T10:00:00Z"), 0)
    assert.strictEqual(Order.compare(5, 5n), 0)
  })

  it("have no order between a number and a text", () => {
    assert.isUndefined(Order.mismatch(1, 2n))
    assert.isUndefined(Order.mismatch("a", undefined))
    assert.include(Order.mismatch("a", 1) ?? "", "text here, but a number")
  })

  it("move by a lag in the way they are written", () => {
    const cases: ReadonlyArray<readonly [string | number | bigint, number, string | number | bigint]> = [
      [100, -10, 90],
      [9007199254740993n, -1, 9007199254740992n],
      ["2024-03-01", -1, "2024-02-29"],
      ["2024-01-01T00:00:00Z", -3600, "2023-12-31T23:00:00Z"],
      ["2024-01-01T00:00:00+05:30", -60, "2023-12-31T23:59:00+05:30"],
      ["2024-01-01 00:00:30", -30, "2024-01-01 00:00:00"],
      ["2024-01-01T00:00:00.123456789Z", -1, "2023-12-31T23:59:59.123456789Z"],
      ["2024-01-01T10:00", -60, "2024-01-01T09:59"],
      ["2024-01-01T10:00", -30, "2024-01-01T09:59:30"],
      ["no time", -1, "no time"]
    ]
    for (const [value, by, expected] of cases) assert.strictEqual(Order.shift(value, by), expected, String(value))
  })

  it("a lag and back is where it was", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        fc.integer({ min: -1e6, max: 1e6 }),
        (date, by) => {
          const text = date.toISOString()
          assert.strictEqual(Order.shift(Order.shift(text, by), -by), text)
          assert.strictEqual(Date.parse(String(Order.shift(text, by))), date.getTime() + by * 1000)
        }
      )
    )
  })
})
