import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Calendar from "../../src/Row/Calendar.ts"

const iso = (date: Date) => date.toISOString().slice(0, 10)
const utc = (year: number, month: number, day: number) => {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  return date
}

describe("Calendar", () => {
  it.each([
    ["2024-01-02", "2024-01-02"],
    ["20240102", "2024-01-02"],
    ["2024/01/02", "2024-01-02"],
    ["2024-002", "2024-01-02"],
    ["2024366", "2024-12-31"],
    ["2024-W01", "2024-01-01"],
    ["2024-W01-2", "2024-01-02"],
    ["2024W012", "2024-01-02"],
    ["2020-W53-7", "2021-01-03"],
    ["2021-W01-1", "2021-01-04"],
    ["2026-W01-1", "2025-12-29"],
    ["0001-W01-1", "0001-01-01"]
  ])("%s is %s", (text, day) => assert.strictEqual(Calendar.day(text), day))

  it.each([
    "",
    "2024",
    "2024-01",
    "2024-1-2",
    "2024-01/02",
    "2024-13-01",
    "2024-02-30",
    "2023-366",
    "2024-W54",
    "2023-W53-1",
    "2024-W01-0",
    "2024-W01-8",
    "24-01-02",
    "2024-01-02T00"
  ])("%j is no day", (text) => assert.isUndefined(Calendar.day(text)))

  const days = fc
    .integer({ min: Date.UTC(1, 0, 8) / 864e5 - 719_000, max: 2_932_000 })
    .map((day) => new Date(day * 864e5))

  it.prop("every way to write a day is that day", [days], ([date]) => {
    const text = iso(date)
    const year = date.getUTCFullYear()
    fc.pre(year >= 1 && year <= 9998)
    const pad = (n: number, width: number) => String(n).padStart(width, "0")
    const ordinal = pad((date.getTime() - utc(year, 0, 1).getTime()) / 864e5 + 1, 3)
    // The week of a day is the year's in which its Thursday lies.
    const weekday = (date.getUTCDay() + 6) % 7
    const thursday = new Date(date.getTime() + (3 - weekday) * 864e5)
    const weekYear = thursday.getUTCFullYear()
    const week = pad(Math.floor((thursday.getTime() - utc(weekYear, 0, 1).getTime()) / 864e5 / 7) + 1, 2)
    for (const form of [
      text,
      text.replaceAll("-", ""),
      text.replaceAll("-", "/"),
      `${pad(year, 4)}-${ordinal}`,
      `${pad(year, 4)}${ordinal}`,
      `${pad(weekYear, 4)}-W${week}-${weekday + 1}`,
      `${pad(weekYear, 4)}W${week}${weekday + 1}`
    ])
      assert.strictEqual(Calendar.day(form), text, form)
  })

  it("knows the neighbours of a month's ends", () => {
    assert.strictEqual(Calendar.neighbour(2024, 3, 0), "2024-02-29")
    assert.strictEqual(Calendar.neighbour(2023, 2, 29), "2023-03-01")
    assert.strictEqual(Calendar.neighbour(2024, 1, 0), "2023-12-31")
    assert.isUndefined(Calendar.neighbour(9999, 12, 32))
    assert.isUndefined(Calendar.neighbour(0, 1, 0))
  })
})
