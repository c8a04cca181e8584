import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Timeline from "../../src/sandbox/Timeline.ts"
import { ticks } from "./fixture.ts"

const epoch = Date.parse("2026-11-16T12:00:00Z")

const line = (initial: number, inserted: number, mixed: boolean) =>
  Timeline.make({ seed: 7, epoch, initial, inserted, mixed })

describe("Timeline", () => {
  // From six hours between rows down to one millisecond.
  const sizes = fc.constantFrom(0, 1, 10, 1200, 3_000_000, 268_000_000)

  it.prop(
    "shown times are strictly later from serial to serial, whatever the shapes and the size",
    { initial: sizes, mixed: fc.boolean(), from: fc.nat({ max: 200 }) },
    ({ from, initial, mixed }) => {
      const times = Array.from({ length: 60 }, (_, n) => ticks(Timeline.text(line(initial, 300, mixed), from + n)))
      for (let n = 1; n < times.length; n++) assert.isTrue(times[n]! > times[n - 1]!, `${from + n}`)
    }
  )

  it("the first rows lead up to the epoch, inserted ones come after it", () => {
    const { start, step } = line(1200, 0, false)
    assert.strictEqual(start + 1200 * step, epoch)
    assert.isTrue(Timeline.at(line(1200, 1, false), 1199).instant.millis < epoch)
    assert.isTrue(Timeline.at(line(1200, 1, false), 1200).instant.millis >= epoch)
    assert.strictEqual(Timeline.text(line(1200, 0, true), 5), Timeline.text(line(1200, 99, true), 5))
  })

  it("every shape turns up in a mixed list, one in a plain list", () => {
    const shapes = (mixed: boolean) =>
      new Set(Array.from({ length: 100 }, (_, serial) => Timeline.at(line(1200, 0, mixed), serial).shape))
    assert.deepStrictEqual([...shapes(true)].sort(), ["offset", "offset2", "offset7", "zulu", "zulu7"])
    assert.deepStrictEqual([...shapes(false)], ["offset7"])
  })

  it.prop("since and after find the boundary", { serial: fc.nat({ max: 299 }) }, ({ serial }) => {
    const list = line(300, 0, true)
    const { instant } = Timeline.at(list, serial)
    assert.strictEqual(Timeline.since(list, instant.millis), serial)
    assert.strictEqual(Timeline.after(list, instant.millis), instant.ticks > 0 ? serial : serial + 1)
    assert.strictEqual(Timeline.since(list, -Infinity), 0)
    assert.strictEqual(Timeline.since(list, Infinity), 300)
  })
})
