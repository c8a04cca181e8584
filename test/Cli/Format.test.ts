import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Format from "../../src/Cli/Format.ts"
import * as Style from "../../src/Cli/Style.ts"

describe("Format", () => {
  it("numbers", () => {
    assert.deepStrictEqual([0, 999, 1000, 41203, 1234567].map(Format.count), [
      "0",
      "999",
      "1,000",
      "41,203",
      "1,234,567"
    ])
    assert.strictEqual(Format.count(9007199254740993n), "9,007,199,254,740,993")
    assert.strictEqual(Format.plural(1, "row"), "1 row")
    assert.strictEqual(Format.plural(1200, "row"), "1,200 rows")
    assert.deepStrictEqual([12, 1024, 3_100_000, 5e9].map(Format.bytes), ["12 B", "1.0 kB", "3.1 MB", "5.0 GB"])
  })

  it("times", () => {
    assert.deepStrictEqual(
      [0, 412.4, 999, 1000, 4120, 59_940, 59_960, 125_000, 3_600_000, 11_520_000].map(Format.duration),
      ["0 ms", "412 ms", "999 ms", "1.0 s", "4.1 s", "59.9 s", "1 min 0 s", "2 min 5 s", "1 h 0 min", "3 h 12 min"]
    )
    assert.deepStrictEqual([0, 30_000, 300_000, 7_200_000, 259_200_000].map(Format.ago), [
      "just now",
      "30 s ago",
      "5 min ago",
      "2 h ago",
      "3 days ago"
    ])
  })

  it("wraps into a column of its own, and not at all in a pipe", () => {
    assert.strictEqual(
      Format.hang("  · messages", "one two three four five six seven eight", { indent: 14, columns: 40 }),
      "  · messages  one two three four five\n              six seven eight"
    )
    const text = "word ".repeat(100).trim()
    assert.strictEqual(
      Format.hang("a ", text, { indent: 2, columns: Format.measure({ columns: Infinity, isTerminal: false }) }),
      `a ${text}`
    )
  })

  it.prop(
    "wrapping loses no word and makes no line too long for its words",
    [fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })],
    ([words]) => {
      const lines = Format.wrap(words.join(" "), 20)
      assert.deepStrictEqual(lines.join(" ").split(" "), words)
      for (const line of lines) assert.isAtMost(Style.width(line), 20)
    }
  )
})
