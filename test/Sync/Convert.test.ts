import { assert, describe, it } from "@effect/vitest"
import { convert } from "../../src/Sync/Convert.ts"

describe("convert", () => {
  it("writes an instant as asked", () => {
    const value = "2024-03-10T23:30:00.500Z"
    const to = (to: "iso" | "date" | "epoch_s" | "epoch_ms", zone = "UTC") => convert(value, { to, zone })
    assert.strictEqual(to("epoch_s"), 1710113400)
    assert.strictEqual(to("epoch_ms"), 1710113400500)
    assert.strictEqual(to("date"), "2024-03-10")
    assert.strictEqual(to("date", "Europe/Berlin"), "2024-03-11")
    assert.strictEqual(to("iso"), "2024-03-10T23:30:00.500Z")
    assert.strictEqual(to("iso", "Europe/Berlin"), "2024-03-11T00:30:00.500+01:00")
  })

  it("takes a wall-clock time in the time zone, also where the clock jumps", () => {
    const berlin = (value: string) => convert(value, { to: "epoch_s", zone: "Europe/Berlin" })
    assert.strictEqual(berlin("2024-01-01T00:00:00"), 1704063600)
    assert.strictEqual(berlin("2024-01-01"), 1704063600)
    assert.strictEqual(berlin("2024-07-01 12:00:00"), 1719828000)
    assert.strictEqual(berlin("2024-07-01T12:00:00+00:00"), 1719835200)
  })

  it("reads numbers as seconds, and large ones as milliseconds", () => {
    assert.strictEqual(convert(0, { to: "iso", zone: "UTC" }), "1970-01-01T00:00:00.000Z")
    assert.strictEqual(convert(1710113400, { to: "date", zone: "UTC" }), "2024-03-10")
    assert.strictEqual(convert(1710113400500, { to: "date", zone: "UTC" }), "2024-03-10")
  })

  it("leaves alone what is no time", () => {
    assert.strictEqual(convert("abc", { to: "epoch_s", zone: "UTC" }), "abc")
    assert.strictEqual(convert("x", undefined), "x")
    assert.strictEqual(
      convert(5, (value) => Number(value) + 1),
      6
    )
  })
})
