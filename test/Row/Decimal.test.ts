import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Decimal from "../../src/Row/Decimal.ts"
import * as Words from "../../src/Row/Words.ts"

describe("Decimal", () => {
  it.each<readonly [string | number | bigint, string | undefined]>([
    ["12.10", "12.1"],
    ["+12.", "12"],
    [".5", "0.5"],
    ["-0.00", "0"],
    ["007", "7"],
    ["1.21e1", "12.1"],
    ["1e3", "1000"],
    ["25E-4", "0.0025"],
    [" 1 ", "1"],
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    [0.1, "0.1"],
    [2n ** 70n, "1180591620717411303424"],
    ["0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"],
    ["1e401", undefined],
    ["1e999999999", undefined],
    ["", undefined],
    [".", undefined],
    ["-", undefined],
    ["1,5", undefined],
    ["1 000", undefined],
    ["0x10", undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined]
  ])("%s is %s", (value, text) => assert.strictEqual(Decimal.canonical(value), text))

  it.each<readonly [string, Decimal.Limits, string | undefined]>([
    ["12.1", {}, "12.1"],
    ["12.1", { scale: 2 }, "12.10"],
    ["12", { scale: 2 }, "12.00"],
    ["-0.5", { precision: 3, scale: 2 }, "-0.50"],
    ["12.125", { scale: 2 }, undefined],
    ["12", { scale: 0 }, "12"],
    ["12.5", { scale: 0 }, undefined],
    ["999.99", { precision: 5, scale: 2 }, "999.99"],
    ["1000", { precision: 5, scale: 2 }, undefined],
    ["0.123", { precision: 3 }, "0.123"],
    ["1.123", { precision: 3 }, undefined]
  ])("%s within %o is %s", (text, limits, result) => assert.strictEqual(Decimal.within(text, limits), result))

  it.prop(
    "a double and its digits are one number",
    [fc.double({ noNaN: true, noDefaultInfinity: true })],
    ([number]) => {
      assert.strictEqual(Decimal.toDouble(String(number)), number + 0)
      assert.strictEqual(Number(Decimal.canonical(number)), number + 0)
    }
  )

  it.prop("is its own normal form", [fc.stringMatching(/^[+-]?\d{0,20}\.?\d{0,20}(e-?\d{1,2})?$/)], ([text]) => {
    const once = Decimal.canonical(text)
    if (once !== undefined) assert.strictEqual(Decimal.canonical(once), once)
  })
})

describe("Words", () => {
  it.each<readonly [unknown, unknown]>([
    ["12", 12],
    ["+12", 12],
    [" -7 ", -7],
    ["007", 7],
    ["0x1F", 31],
    ["9007199254740993", 9007199254740993n],
    [2, 2],
    [5n, 5],
    [1.5, undefined],
    ["1.0", undefined],
    ["1_000", undefined],
    ["-0x10", undefined],
    ["", undefined],
    [true, undefined]
  ])("%s as an integer is %s", (value, result) => assert.strictEqual(Words.integer(value), result))

  it.each<readonly [unknown, unknown]>([
    ["1.50", 1.5],
    ["1e3", 1000],
    ["0x10", 16],
    ["0.1000000000000000055511151231257827", undefined],
    ["9007199254740993", undefined],
    [9007199254740994n, 9007199254740994],
    [9007199254740993n, undefined],
    ["nan", undefined],
    ["inf", undefined],
    [Number.POSITIVE_INFINITY, undefined]
  ])("%s as a double is %s", (value, result) => assert.strictEqual(Words.double(value), result))

  it.each<readonly [unknown, boolean | undefined]>([
    ["Yes", true],
    ["t", true],
    ["1", true],
    ["NO", false],
    ["f", false],
    ["0", false],
    [5, true],
    [0n, false],
    [true, true],
    [" yes", undefined],
    ["on", undefined],
    [Number.NaN, undefined],
    [null, undefined]
  ])("%s is %s", (value, result) => assert.strictEqual(Words.yesOrNo(value), result))
})
