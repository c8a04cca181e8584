import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Read from "../../src/Page/Read.ts"

describe("Read.count", () => {
  it.each<readonly [unknown, number | undefined]>([
    [0, 0],
    [41203, 41203],
    ["41203", 41203],
    ["0", 0],
    [5.0, 5],
    [2 ** 53 - 1, 2 ** 53 - 1],
    ["007", 7],
    [-1, undefined],
    [1.5, undefined],
    [2 ** 53, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [5n, undefined],
    ["", undefined],
    ["2.0", undefined],
    ["-1", undefined],
    [" 5", undefined],
    ["1e3", undefined],
    ["12345678901234567", undefined],
    ["many", undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [[5], undefined],
    [{}, undefined]
  ])("%s is %s", (value, count) => assert.strictEqual(Read.count(value), count))

  it.prop("is a whole number or nothing", [fc.anything()], ([value]) => {
    const count = Read.count(value)
    assert.isTrue(count === undefined || (Number.isSafeInteger(count) && count >= 0))
  })
})

describe("Read.flag", () => {
  it.each<readonly [unknown, boolean | undefined]>([
    [true, true],
    [false, false],
    ["true", true],
    ["False", false],
    ["TRUE", true],
    ["yes", undefined],
    ["", undefined],
    [1, undefined],
    [0, undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined]
  ])("%j is %j", (value, flag) => assert.strictEqual(Read.flag(value), flag))
})

describe("Read.detectTotal", () => {
  it.each<readonly [unknown, number | undefined, boolean | undefined]>([
    [{ TotalCount: 5 }, 5, true],
    [{ total_count: "5" }, 5, true],
    [{ "total-items": 5 }, 5, true],
    [{ totalResults: 5 }, 5, true],
    [{ TotalRecords: 5 }, 5, true],
    [{ totalElements: 5 }, 5, true],
    [{ total: 5 }, 5, false],
    [{ Total: 0 }, 0, false],
    [{ total: "many", TotalCount: 5 }, 5, true],
    [{ total: 9.5, totalCount: 5 }, 5, true],
    [{ total: 3, TotalCount: 5 }, 5, true],
    [{ total_pages: 5 }, undefined, undefined],
    [{ count: 5 }, undefined, undefined],
    [{ subtotal: 5 }, undefined, undefined],
    [{ meta: { total: 5 } }, undefined, undefined],
    [{ total: null }, undefined, undefined],
    [{ total: -1 }, undefined, undefined],
    [{ total: { value: 5 } }, undefined, undefined],
    [[{ total: 5 }], undefined, undefined],
    [null, undefined, undefined],
    ["total", undefined, undefined]
  ])("%j", (body, total, certain) => {
    const found = Read.detectTotal(body)
    assert.strictEqual(found?.total, total)
    assert.strictEqual(found?.certain, certain)
  })
})
