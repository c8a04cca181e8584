import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import * as RetryAfter from "../../src/Fetch/RetryAfter.ts"

const now = Date.UTC(2026, 10, 23, 12, 0, 0)
const millis = (header: string | undefined) => {
  const after = RetryAfter.parse(header, now)
  return after === undefined ? undefined : Duration.toMillis(after)
}

describe("RetryAfter", () => {
  it("reads seconds", () => {
    assert.strictEqual(millis("17"), 17_000)
    assert.strictEqual(millis(" 0 "), 0)
    assert.strictEqual(millis("1.5"), 1500)
  })

  it("reads the three HTTP dates against the clock, all of them GMT", () => {
    assert.strictEqual(millis("Mon, 23 Nov 2026 12:00:17 GMT"), 17_000)
    assert.strictEqual(millis("Monday, 23-Nov-26 12:00:17 GMT"), 17_000)
    assert.strictEqual(millis("Mon Nov 23 12:00:17 2026"), 17_000)
    assert.strictEqual(millis("Wed Dec  2 12:00:00 2026"), 9 * 86_400_000)
  })

  it("does not wait for a date in the past", () => {
    assert.strictEqual(millis("Mon, 23 Nov 2026 11:59:00 GMT"), 0)
  })

  it("ignores what says nothing", () => {
    for (const header of [
      undefined,
      "",
      "-5",
      "soon",
      "1e9",
      "0x10",
      "2026",
      "Mon, 23 Foo 2026 12:00:17 GMT",
      "Mon, 23 Nov 2026 12:00:17 CET"
    ]) {
      assert.strictEqual(millis(header), header === "2026" ? 2_026_000 : undefined, header)
    }
  })
})
