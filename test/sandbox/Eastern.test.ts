import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Eastern from "../../src/sandbox/Eastern.ts"

const at = (text: string) => Date.parse(text)

/** The platform's own time-zone database, as the judge. */
const newYork = new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", timeZoneName: "longOffset" })
const judged = (millis: number) => newYork.formatToParts(millis).find(({ type }) => type === "timeZoneName")?.value

describe("Eastern", () => {
  it.prop(
    "the offset is New York's",
    { millis: fc.integer({ min: at("2008-01-01T00:00:00Z"), max: at("2036-12-31T00:00:00Z") }) },
    ({ millis }) => {
      const hours = Eastern.offsetMinutes(millis) / 60
      assert.strictEqual(judged(millis), `GMT-0${-hours}:00`)
    }
  )

  it("the offset turns at two o'clock on the two Sundays", () => {
    assert.strictEqual(Eastern.offsetMinutes(at("2026-03-08T06:59:59.999Z")), -300)
    assert.strictEqual(Eastern.offsetMinutes(at("2026-03-08T07:00:00Z")), -240)
    assert.strictEqual(Eastern.offsetMinutes(at("2026-11-01T05:59:59.999Z")), -240)
    assert.strictEqual(Eastern.offsetMinutes(at("2026-11-01T06:00:00Z")), -300)
  })

  it("one instant, five shapes", () => {
    const instant = { millis: at("2026-02-03T12:25:02.878Z"), ticks: 2715 }
    assert.strictEqual(Eastern.format(instant, "offset7"), "2026-02-03T07:25:02.8782715-05:00")
    assert.strictEqual(Eastern.format(instant, "offset2"), "2026-02-03T07:25:02.87-05:00")
    assert.strictEqual(Eastern.format(instant, "offset"), "2026-02-03T07:25:02-05:00")
    assert.strictEqual(Eastern.format(instant, "zulu7"), "2026-02-03T12:25:02.8782715Z")
    assert.strictEqual(Eastern.format(instant, "zulu"), "2026-02-03T12:25:02Z")
  })

  it("a wall-clock value is Eastern time, an offset of its own means nothing, the rest is malformed", () => {
    const millis = (text: string) => {
      const wall = Eastern.parse(text)
      return wall._tag === "At" ? new Date(wall.millis).toISOString() : wall._tag
    }
    assert.strictEqual(millis("2026-02-03"), "2026-02-03T05:00:00.000Z")
    assert.strictEqual(millis("2026-07-03T10:00:00"), "2026-07-03T14:00:00.000Z")
    // Happens twice; the later one. Never happens; standard time.
    assert.strictEqual(millis("2026-11-01T01:30:00"), "2026-11-01T06:30:00.000Z")
    assert.strictEqual(millis("2026-03-08T02:30:00"), "2026-03-08T07:30:00.000Z")
    assert.strictEqual(millis("2026-11-01T00:59:59"), "2026-11-01T04:59:59.000Z")
    assert.strictEqual(millis("2026-02-03T10:00:00Z"), "Nothing")
    assert.strictEqual(millis("2026-02-03T10:00:00-05:00"), "Nothing")
    for (const bad of ["", "yesterday", "2026-2-3", "2026-02-31", "2026-13-01", "2026-02-03T25:00:00"]) {
      assert.strictEqual(millis(bad), "Malformed", bad)
    }
  })

  it("a day is 23, 24 or 25 hours long", () => {
    const hours = (date: string) => {
      const wall = Eastern.parse(date)
      return wall._tag === "At" ? (Eastern.nextMidnight(wall.millis) - wall.millis) / 3_600_000 : 0
    }
    assert.deepStrictEqual(["2026-03-08", "2026-07-01", "2026-11-01"].map(hours), [23, 24, 25])
  })
})
