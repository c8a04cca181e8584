import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Wall from "../../src/Page/Wall.ts"
import * as Window from "../../src/Page/Window.ts"
import * as Windows from "../../src/Resource/Windows.ts"

const zones = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland"]
const seconds = (text: string) => Date.parse(`${text}Z`) / 1000

const make = (options: Partial<Windows.Windows>) =>
  Window.make(Windows.make({ fromParam: "from", toParam: "to", ...options }))

/** Every instant whose wall time is this one. */
const instants = (zone: string, wall: number): ReadonlyArray<number> => {
  const clock = Wall.make(zone)
  const found = new Set<number>()
  for (let offset = -15 * 3600; offset <= 15 * 3600; offset += 900) {
    if (clock.at(wall - offset) === wall) found.add(wall - offset)
  }
  return [...found].toSorted((a, b) => a - b)
}

const read = (zone: string, text: string, takes: "first" | "last"): number => {
  const all = instants(zone, seconds(text))
  const at = takes === "first" ? all[0] : all.at(-1)
  if (at === undefined) throw new Error(`${text} never comes in ${zone}`)
  return at
}

/** The windows that a walk comes to when it splits as this says. */
const walk = (line: Window.Line, start: number, end: number, splits: (from: number, to: number) => boolean) => {
  const [from, to] = line.range(start, end)
  const done: Array<readonly [number, number]> = []
  let bounds = [from, line.until(from, to)]
  while (done.length < 100_000) {
    const [a, b] = bounds as [number, number]
    const middle = splits(a, b) ? line.split(a, b) : undefined
    if (middle !== undefined) {
      assert.isAbove(middle, a)
      assert.isBelow(middle, b)
      bounds = [a, middle, ...bounds.slice(1)]
      continue
    }
    done.push([a, b])
    if (bounds.length > 2) bounds = bounds.slice(1)
    else if (b < to) bounds = [b, line.until(b, to)]
    else return done
  }
  throw new Error("it does not end")
}

describe("wall time", () => {
  it("knows the hour that comes twice and the one that never comes", () => {
    const { at, edge } = Wall.make("America/New_York")
    assert.strictEqual(at(seconds("2026-11-01T05:30:00")), seconds("2026-11-01T01:30:00"))
    assert.strictEqual(at(seconds("2026-11-01T06:30:00")), seconds("2026-11-01T01:30:00"))
    const fold = { kind: "fold", from: seconds("2026-11-01T01:00:00"), to: seconds("2026-11-01T02:00:00") }
    assert.deepStrictEqual(edge(seconds("2026-11-01T01:00:00")), fold as Wall.Edge)
    assert.deepStrictEqual(edge(seconds("2026-11-01T01:59:59")), fold as Wall.Edge)
    assert.isUndefined(edge(seconds("2026-11-01T02:00:00")))
    assert.isUndefined(edge(seconds("2026-11-01T00:59:59")))
    const gap = { kind: "gap", from: seconds("2026-03-08T02:00:00"), to: seconds("2026-03-08T03:00:00") }
    assert.deepStrictEqual(edge(seconds("2026-03-08T02:00:00")), gap as Wall.Edge)
    assert.isUndefined(edge(seconds("2026-03-08T03:00:00")))
  })

  it.prop(
    "has an edge just where a wall time has not one instant",
    [fc.constantFrom(...zones), fc.integer({ min: 1_740_000_000, max: 1_800_000_000 })],
    ([zone, wall]) => {
      const kinds = { 0: "gap", 1: undefined, 2: "fold" } as const
      assert.strictEqual(Wall.make(zone).edge(wall)?.kind, kinds[instants(zone, wall).length as 0 | 1 | 2])
    }
  )
})

/** Around the clock's changes of the year 2026, so that ranges begin, end and are split within them. */
const moment = fc
  .tuple(
    fc.constantFrom(
      "2026-03-08T07:00:00",
      "2026-11-01T06:00:00",
      "2026-03-29T01:00:00",
      "2026-10-25T01:00:00",
      "2026-04-04T15:00:00",
      "2026-07-01T00:00:00"
    ),
    fc.integer({ min: -40_000, max: 40_000 })
  )
  .map(([text, by]) => seconds(text) + by)

describe("windows", () => {
  it.prop(
    "hold every instant of their range, whichever hour an API takes a double one for, and write no time that never comes",
    [
      fc.record({
        zone: fc.constantFrom(...zones),
        start: moment,
        length: fc.integer({ min: 0, max: 400_000 }),
        smallest: fc.constantFrom(1, 60, 90, 900, 3600, 7000),
        largest: fc.option(fc.constantFrom(3600, 7200, 86_400, 100_000), { nil: undefined }),
        takes: fc.constantFrom("first" as const, "last" as const),
        at: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        pieces: fc.integer({ min: 1, max: 60 })
      })
    ],
    ([{ at, largest, length, pieces, smallest, start, takes, zone }]) => {
      const line = make({ format: "local", timeZone: zone, smallest, largest })
      const end = start + length
      const asked = walk(line, start * 1000, end * 1000, (from, to) => to - from > length / pieces).map(
        ([from, to]) => {
          const { from: a, to: b } = line.query(from, to)
          return [read(zone, a!, takes), read(zone, b!, takes)] as const
        }
      )
      for (const part of [0, 1, ...at]) {
        const instant = start + part * length
        assert.isTrue(
          asked.some(([from, to]) => from <= instant && instant <= to),
          `${new Date(instant * 1000).toISOString()} is in no window`
        )
      }
    },
    { fastCheck: { numRuns: 150 } }
  )

  it.prop(
    "of an API that compares texts hold every wall time too, and split to the smallest they end",
    [fc.constantFrom(...zones), moment, fc.integer({ min: 1, max: 1000 })],
    ([zone, start, length]) => {
      const line = make({ format: "local", timeZone: zone })
      const all = walk(line, start * 1000, (start + length) * 1000, () => true)
      for (const [i, [from, to]] of all.entries()) {
        assert.isBelow(from, to)
        if (i > 0) assert.strictEqual(from, all[i - 1]![1])
      }
      const clock = Wall.make(zone)
      assert.isAtMost(all[0]![0], clock.at(start))
      assert.isAtLeast(all.at(-1)![1], clock.at(start + length))
    },
    { fastCheck: { numRuns: 30 } }
  )

  it.prop(
    "of whole days are each named once, and none is left out",
    [
      fc.constantFrom(...zones),
      moment,
      fc.integer({ min: 0, max: 4_000_000 }),
      fc.constantFrom("closed" as const, "open" as const)
    ],
    ([zone, start, length, rangeEnd]) => {
      const line = make({ format: "date", timeZone: zone, rangeEnd })
      const days = walk(line, start * 1000, (start + length) * 1000, () => true).map(([from, to]) =>
        line.query(from, to)
      )
      const clock = Wall.make(zone)
      const day = (wall: number) => new Date(wall * 1000).toISOString().slice(0, 10)
      const names = days.map((query) => query["from"])
      const expected: Array<string> = []
      for (let at = seconds(`${day(clock.at(start))}T00:00:00`); at <= clock.at(start + length); at += 86_400)
        expected.push(day(at))
      assert.deepStrictEqual(names, expected)
      for (const query of days) {
        const next = day(seconds(`${query["from"]}T00:00:00`) + 86_400)
        assert.strictEqual(query["to"], rangeEnd === "closed" ? query["from"] : next)
      }
    }
  )

  it("are written in every format", () => {
    const range = [Date.parse("2026-01-31T12:00:00.5Z"), Date.parse("2026-01-31T13:00:00Z")] as const
    const written = (options: Partial<Windows.Windows>) => {
      const line = make(options)
      return Object.values(line.query(...line.range(...range)))
    }
    assert.deepStrictEqual(written({}), ["2026-01-31T12:00:00Z", "2026-01-31T13:00:00Z"])
    assert.deepStrictEqual(written({ format: "local", timeZone: "America/New_York" }), [
      "2026-01-31T07:00:00",
      "2026-01-31T08:00:00"
    ])
    assert.deepStrictEqual(written({ format: "epoch_s" }), ["1769860800", "1769864400"])
    assert.deepStrictEqual(written({ format: "epoch_ms" }), ["1769860800000", "1769864400000"])
    assert.deepStrictEqual(written({ format: "date" }), ["2026-01-31", "2026-01-31"])
  })

  it("are split beside the hour that comes twice, as long as there is room", () => {
    const line = make({ format: "local", timeZone: "America/New_York" })
    const split = (from: string, to: string) => {
      const middle = line.split(seconds(from), seconds(to))
      return middle === undefined ? undefined : new Date(middle * 1000).toISOString().slice(0, 19)
    }
    assert.strictEqual(split("2026-11-01T00:00:00", "2026-11-01T03:00:00"), "2026-11-01T02:00:00")
    assert.strictEqual(split("2026-11-01T00:00:00", "2026-11-01T02:00:00"), "2026-11-01T00:59:59")
    assert.strictEqual(split("2026-11-01T00:59:59", "2026-11-01T02:00:00"), "2026-11-01T01:29:59")
    assert.strictEqual(split("2026-03-08T01:00:00", "2026-03-08T04:00:00"), "2026-03-08T03:00:00")
    assert.isUndefined(split("2026-03-08T01:59:59", "2026-03-08T03:00:00"))
  })
})
