import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Timestamp from "../../src/Row/Timestamp.ts"

const shapes: ReadonlyArray<readonly [text: string, utc: string]> = [
  // The shapes Postmark's API sends.
  ["2014-02-20T07:25:02.8782715-05:00", "2014-02-20T12:25:02.878271500Z"],
  ["2014-01-15T16:09:19Z", "2014-01-15T16:09:19.000000000Z"],
  ["2019-11-05T16:33:54.9070259Z", "2019-11-05T16:33:54.907025900Z"],
  ["2022-11-01T12:48:26-04:00", "2022-11-01T16:48:26.000000000Z"],
  ["2019-12-17T08:58:33-05:00", "2019-12-17T13:58:33.000000000Z"],
  ["2020-08-30T12:30:00.00-04:00", "2020-08-30T16:30:00.000000000Z"],
  ["2026-02-03T07:20:44.1130000-05:00", "2026-02-03T12:20:44.113000000Z"],
  // What dlt takes for one.
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000000000Z"],
  ["2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05.000000000Z"],
  ["2024-01-02T03:04:05+0200", "2024-01-02T01:04:05.000000000Z"],
  ["2024-01-02T03:04:05-05", "2024-01-02T08:04:05.000000000Z"],
  ["2024-01-02T03:04:05.1Z", "2024-01-02T03:04:05.100000000Z"],
  ["2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123456789Z"],
  ["2024-01-02T03:04:05", "2024-01-02T03:04:05.000000000Z"],
  ["2024-01-02 03:04:05", "2024-01-02T03:04:05.000000000Z"],
  ["2024-01-02T03:04", "2024-01-02T03:04:00.000000000Z"],
  ["2024-01-02T03", "2024-01-02T03:00:00.000000000Z"],
  ["20240102T030405Z", "2024-01-02T03:04:05.000000000Z"],
  ["20240102T030405.123+0200", "2024-01-02T01:04:05.123000000Z"],
  ["20240102 0304", "2024-01-02T03:04:00.000000000Z"],
  ["20240102T03", "2024-01-02T03:00:00.000000000Z"],
  ["2024-W01-1T01:02:03", "2024-01-01T01:02:03.000000000Z"],
  ["2024W011T010203", "2024-01-01T01:02:03.000000000Z"],
  ["2024-W01T01:02", "2024-01-01T01:02:00.000000000Z"],
  ["2020-W53-7T23:00-02:00", "2021-01-04T01:00:00.000000000Z"],
  ["2024-366T00:00", "2024-12-31T00:00:00.000000000Z"],
  ["2024001T010203", "2024-01-01T01:02:03.000000000Z"],
  ["2024/01/02 03:04:05", "2024-01-02T03:04:05.000000000Z"],
  ["2024/01/02 3:4:5.25", "2024-01-02T03:04:05.250000000Z"],
  // Offsets that move the day, the month, the year, over a leap day and back.
  ["2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000000000Z"],
  ["2023-02-28T23:30:00-01:00", "2023-03-01T00:30:00.000000000Z"],
  ["2000-02-28T23:30:00-01:00", "2000-02-29T00:30:00.000000000Z"],
  ["1900-02-28T23:30:00-01:00", "1900-03-01T00:30:00.000000000Z"],
  ["2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00.000000000Z"],
  ["2024-05-01T00:00:00+00:01", "2024-04-30T23:59:00.000000000Z"],
  ["2024-12-31T19:00:00-05:00", "2025-01-01T00:00:00.000000000Z"],
  ["2025-01-01T00:00:00+14:00", "2024-12-31T10:00:00.000000000Z"],
  ["2025-01-01T00:00:00+23:59", "2024-12-31T00:01:00.000000000Z"],
  ["2024-12-31T23:59:59-23:59", "2025-01-01T23:58:59.000000000Z"],
  // Both sides of the hour that the clocks of New York pass twice.
  ["2026-11-01T01:30:00.0000000-04:00", "2026-11-01T05:30:00.000000000Z"],
  ["2026-11-01T01:30:00.0000000-05:00", "2026-11-01T06:30:00.000000000Z"],
  // Edges.
  ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000000000Z"],
  ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"],
  ["0001-01-01T00:30:00+01:00", "0000-12-31T23:30:00.000000000Z"],
  ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000000Z"],
  ["2024-01-02T03:04:05-00:00", "2024-01-02T03:04:05.000000000Z"],
  ["2024-01-02T03:04:05,5Z", "2024-01-02T03:04:05.500000000Z"],
  ["2024-01-02T03:04Z", "2024-01-02T03:04:00.000000000Z"],
  ["2024-01-02T03+01", "2024-01-02T02:00:00.000000000Z"],
  // More digits than nanoseconds, of which only zeros are beyond.
  ["2024-01-02T03:04:05.123456789000Z", "2024-01-02T03:04:05.123456789Z"],
  ["2024-01-02T03:04:05.000000000000Z", "2024-01-02T03:04:05.000000000Z"]
]

const others: ReadonlyArray<string> = [
  // What dlt leaves as text, too.
  "2024-01-02",
  "20240102",
  "2024",
  "2024-01",
  "2024-001",
  "2024-W01-1",
  "03:04:05",
  "P1D",
  "Thu, 5 Apr 2012 16:59:01 +0200",
  "01/02/2024",
  "1704164645",
  "2024-01-02t03:04:05Z",
  "2024-01-02T03:04:05z",
  " 2024-01-02T03:04:05Z",
  "2024-01-02T03:04:05Z ",
  "2024-01-02T24:00:00Z",
  "2024-01-02T25:00:00Z",
  "2024-01-02T03:04:60Z",
  "2024-01-02T03:60:00Z",
  "2024-13-01T00:00:00Z",
  "2024-00-01T00:00:00Z",
  "2024-01-00T00:00:00Z",
  "2024-01-32T00:00:00Z",
  "2024-04-31T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  // Date-times to dlt; half a date is none here.
  "2024 03:04",
  "2024-01 03:04:05",
  "2024:01:02 03:04:05",
  // Almost one of the rarer forms.
  "20240102030405",
  "20240102T03:04:05",
  "20240102 ",
  "2024/01/02T03:04:05",
  "2024/01/02 03:04:05Z",
  "2024/1/2 03:04:05",
  "2024/02/30 03:04",
  "2024-1-2 03:04:05",
  "2024-W53-7T00:00:00",
  "2024-W01-8T01:02:03",
  "2024-367T00:00",
  "2024-000T00:00",
  // A tenth digit would be lost.
  "2024-01-02T03:04:05.1234567891Z",
  "2024-01-02T03:04:05.0000000001Z",
  // Almost.
  "",
  "hello",
  "2024-01-02T",
  "2024-01-02T3:04:05Z",
  "2024-01-02T03:4:05Z",
  "2024-01-02T03:04:05.Z",
  "2024-01-02T03:04:05.5.5Z",
  "2024-01-02T03:04.5Z",
  "2024-01-02T03:04:05+24:00",
  "2024-01-02T03:04:05+02:60",
  "2024-01-02T03:04:05+2",
  "2024-01-02T03:04:05+020",
  "2024-01-02T03:04:05ZZ",
  "2024-01-02T03:04:05 Z",
  "2024-01-02T03:04:05Z\n",
  "2024-01-02  03:04:05",
  "-024-01-02T03:04:05Z",
  "2024-01-0２T03:04:05Z",
  "2024-01-02T03:04:05.5Z but not quite so",
  // No text of the same width.
  "0000-01-01T00:30:00+01:00",
  "9999-12-31T23:30:00-01:00"
]

describe("Timestamp", () => {
  it.each(shapes)("%s is %s", (text, utc) => {
    assert.strictEqual(Timestamp.normalise(text), utc)
    assert.lengthOf(utc, 30)
  })

  it.each(others)("%j is no date-time", (text) => assert.isUndefined(Timestamp.normalise(text)))

  it("is its own normal form", () => {
    for (const [, utc] of shapes) assert.strictEqual(Timestamp.normalise(utc), utc)
  })

  it("pads 0 to 9 digits of a fraction and drops none", () => {
    for (let digits = 1; digits <= 9; digits++) {
      const fraction = "987654321".slice(0, digits)
      assert.strictEqual(
        Timestamp.normalise(`2024-01-02T03:04:05.${fraction}Z`),
        `2024-01-02T03:04:05.${fraction}${"0".repeat(9 - digits)}Z`
      )
    }
  })

  it("accepts exactly the days there are", () => {
    for (const year of [1900, 2000, 2023, 2024, 2100]) {
      for (let month = 1; month <= 12; month++) {
        const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
        for (let day = 1; day <= 31; day++) {
          const date = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
          assert.strictEqual(Timestamp.normalise(`${date}T00:00:00Z`) !== undefined, day <= days, date)
        }
      }
    }
  })

  const two = (n: number) => String(n).padStart(2, "0")
  /** A moment between the years 1 and 9998, as it reads on a clock some minutes off UTC. */
  const written = fc
    .record({
      seconds: fc.integer({
        min: Date.parse("0001-01-03T00:00:00Z") / 1000,
        max: Date.parse("9998-12-29T00:00:00Z") / 1000
      }),
      fraction: fc.stringMatching(/^\d{0,9}$/),
      offset: fc.oneof(fc.constantFrom(-300, -240, 0), fc.integer({ min: -1439, max: 1439 })),
      separator: fc.constantFrom("T", " "),
      form: fc.constantFrom("colon", "plain")
    })
    .map(({ form, fraction, offset, seconds, separator }) => {
      const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19).replace("T", separator)
      const minutes = Math.abs(offset)
      const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${form === "colon" ? ":" : ""}${two(minutes % 60)}`
      return {
        text: `${local}${fraction === "" ? "" : `.${fraction}`}${zone}`,
        millis: seconds * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3)),
        nanos: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"))
      }
    })

  it.prop(
    "agrees with Date to the millisecond, and keeps every digit beyond",
    [written],
    ([{ millis, nanos, text }]) => {
      const utc = Timestamp.normalise(text)!
      assert.lengthOf(utc, 30)
      assert.strictEqual(Date.parse(`${utc.slice(0, 23)}Z`), millis)
      assert.strictEqual(BigInt(Date.parse(`${utc.slice(0, 19)}Z`)) * 1_000_000n + BigInt(utc.slice(20, 29)), nanos)
      assert.strictEqual(Timestamp.normalise(utc), utc)
    }
  )

  it.prop("text order is time order", [written, written], ([a, b]) => {
    const left = Timestamp.normalise(a.text)!
    const right = Timestamp.normalise(b.text)!
    assert.strictEqual(left < right, a.nanos < b.nanos)
    assert.strictEqual(left === right, a.nanos === b.nanos)
  })

  it.prop(
    "never takes a text that Date does not",
    [fc.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)],
    ([text]) => {
      const date = new Date(text)
      const real = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === text.slice(0, 19)
      assert.strictEqual(Timestamp.normalise(text), real ? `${text.slice(0, 19)}.000000000Z` : undefined)
    }
  )
})
