/** Lists that end at a cap, walked in windows of time: the API is a function, everything else is real. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, TestClock } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { crash } from "sluice/testing"
import type * as Windows from "../../src/Resource/Windows.ts"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

interface Event {
  readonly id: number
  readonly at: string
}

const start = Date.parse("2026-10-31T00:00:00Z")
const now = Date.parse("2026-11-03T00:00:00Z")

/** New York in the autumn of 2026: the clock goes back on November 1st at 06:00 UTC. */
const wallOf = (instant: number) => instant - (instant < Date.parse("2026-11-01T06:00:00Z") ? 4 : 5) * 3_600_000

/** What a text of the parameters means: of the hour that comes twice the first, the last, or none but the text itself. */
type Reading = "first" | "last" | "text"
const readAs = (reading: Reading, text: string): number => {
  const wall = Date.parse(`${text}Z`)
  if (reading === "text") return wall
  const isDouble = text >= "2026-11-01T01:00:00" && text < "2026-11-01T02:00:00"
  const isSummer = isDouble ? reading === "first" : text < "2026-11-01T01:00:00"
  return wall + (isSummer ? 4 : 5) * 3_600_000
}

/** Newest first, no page beyond the cap, bounds inclusive, in wall time. */
const list =
  (events: ReadonlyArray<Event>, options: { readonly cap: number; readonly reading?: Reading }) =>
  ({ query }: Asked): Answer => {
    const { cap, reading = "first" } = options
    const [offset, count] = [Number(query["offset"]), Number(query["count"])]
    if (offset + count > cap) return { status: 422, body: { Message: `Count + Offset cannot exceed ${cap}.` } }
    const [from, to] = [readAs(reading, query["from"]!), readAs(reading, query["to"]!)]
    const place = (at: string) => (reading === "text" ? wallOf(Date.parse(at)) : Date.parse(at))
    const found = events
      .filter(({ at }) => place(at) >= from && place(at) <= to)
      .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.id - a.id))
    return { body: { total: found.length, items: found.slice(offset, offset + count) } }
  }

const resource = (windows: Partial<Windows.Windows>, options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "events",
    path: "/events",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 5, limitParam: "count", totalPath: "total" }),
    windows: {
      fromParam: "from",
      toParam: "to",
      format: "local",
      timeZone: "America/New_York",
      start: { at: "2026-10-31T00:00:00Z" },
      ...windows
    },
    ...options
  })

const spread = (count: number, from = start, to = now): ReadonlyArray<Event> =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    at: new Date(from + Math.floor(((to - from) * i) / count)).toISOString()
  }))

const ids = Effect.map(rows("SELECT id FROM events ORDER BY id"), (all) => all.map(([id]) => Number(id)))
const idsOf = (events: ReadonlyArray<Event>) => events.map(({ id }) => id).toSorted((a, b) => a - b)

describe("a list beyond the cap", () => {
  for (const reading of ["first", "last", "text"] as const) {
    it.effect(`is read whole through the hour that comes twice, by an API that takes it for ${reading}`, () => {
      // Most of it within the two hours from 01:00 to 02:00.
      const night = Date.parse("2026-11-01T05:00:00Z")
      const events = [
        ...spread(60),
        ...spread(90, night, night + 7_200_000).map(({ at, id }) => ({ at, id: id + 1000 }))
      ]
      const of = source(resource({ cap: 50 }))
      const served = serve(list(events, { cap: 50, reading }))
      return Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const receipt = line(yield* run(of), "events")
        assert.deepStrictEqual(yield* ids, idsOf(events))
        assert.deepInclude(receipt, { status: "complete", stop_reason: "total_reached", error: null })
        assert.isTrue(receipt.completeness.proven, receipt.completeness.why)
        assert.match(receipt.notices.join("\n"), /read in \d+ windows of time/)
        for (const url of served.asked) assert.match(url, /from=2026-1\d-\d\dT\d\d%3A\d\d%3A\d\d&to=[^&Z+]*$/)
      }).pipe(Effect.provide(stages(served, of)))
    })
  }

  it.effect("is read once where it is not beyond it, by the pages of one window", () => {
    const events = spread(12)
    const of = source(resource({ cap: 50 }))
    const served = serve(list(events, { cap: 50 }))
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.deepInclude(receipt, { status: "complete", requests: 3, reported_total: 12 })
      assert.deepInclude(receipt.rows, { fetched: 12, inserted: 12 })
      assert.include(receipt.notices, "read in 1 window of time")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("whose last page does not fit into it is split at once, and no page is asked for twice", () => {
    const events = spread(12)
    const of = source(resource({ cap: 12 }))
    const served = serve(list(events, { cap: 12 }))
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      // Three pages of five reach beyond twelve: the first tells by its total, and the halves, of seven and five, take three.
      assert.deepInclude(receipt, { status: "complete", requests: 4, reported_total: 12 })
      assert.deepInclude(receipt.rows, { fetched: 12, inserted: 12 })
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of which a window gives other rows than it reports is not proven, and that window is named", () => {
    const events = spread(12)
    const of = source(resource({ cap: 50 }))
    const served = serve((asked) => {
      const { body } = list(events, { cap: 50 })(asked)
      return { body: { ...(body as object), total: 11 } }
    })
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.strictEqual(receipt.status, "partial")
      assert.isFalse(receipt.completeness.proven)
      assert.match(
        receipt.completeness.why,
        /2026-10-30T20:00:00 to 2026-11-02T19:00:00: the API reported 11 rows, 12 were read/
      )
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("begins at `start` where the cursor stands before it", () => {
    const events = spread(12)
    const of = source(
      resource(
        { cap: 50, start: { at: "2026-11-02T00:00:00Z" } },
        { incremental: { cursorPath: "at", initialValue: "2026-10-31T00:00:00Z" } }
      )
    )
    const served = serve(list(events, { cap: 50 }))
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      yield* run(of)
      assert.match(served.asked[0]!, /from=2026-11-01T19%3A00%3A00/)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("that cannot be read whole does not replace a table that holds it", () => {
    const second = Date.parse("2026-11-02T12:00:00.500Z")
    const burst = Array.from({ length: 30 }, (_, i) => ({ id: 100 + i, at: new Date(second + i).toISOString() }))
    const of = (cap: number) => source(resource({ cap }, { writeDisposition: "replace" }))
    let cap = 50
    const served = serve((asked) => list(burst, { cap })(asked))
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      assert.strictEqual((yield* run(of(50))).status, "complete")
      cap = 12
      const receipt = line(yield* run(of(12)), "events")
      assert.deepInclude(receipt, { status: "partial", stop_reason: "maximum_reached" })
      assert.include(receipt.notices.join(), "the table was not replaced")
      assert.lengthOf(yield* ids, 30)
    }).pipe(Effect.provide(stages(served, of(50))))
  })

  it.effect("that cannot be split further is read up to the cap, named, and moves no cursor", () => {
    const second = Date.parse("2026-11-02T12:00:00.500Z")
    const burst = Array.from({ length: 30 }, (_, i) => ({ id: 100 + i, at: new Date(second + i).toISOString() }))
    const events = [...spread(20), ...burst]
    const of = source(
      resource(
        { cap: 12, start: undefined },
        { incremental: { cursorPath: "at", initialValue: "2026-10-31T00:00:00Z" } }
      )
    )
    const served = serve(list(events, { cap: 12 }))
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.deepInclude(receipt, { status: "partial", stop_reason: "maximum_reached" })
      assert.isFalse(receipt.completeness.proven)
      assert.match(
        receipt.completeness.why,
        /1 of them beyond the cap; 2026-11-02T07:00:00 to 2026-11-02T07:00:01: of 30 rows only the first 10 can be read/
      )
      // Two pages of five are what fits into twelve; all others are there.
      assert.lengthOf(yield* ids, 30)
      assert.deepStrictEqual(yield* rows("SELECT cursor FROM _sluice_state"), [[null]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of an API that ignores the parameters ends with that reason", () => {
    const events = spread(40)
    const of = source(resource({ cap: 10 }))
    const everything = list(events, { cap: 10 })
    const served = serve((asked) =>
      everything({ ...asked, query: { ...asked.query, from: "2026-10-01T00:00:00", to: "2026-12-01T00:00:00" } })
    )
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.strictEqual(receipt.status, "partial")
      assert.match(receipt.completeness.why, /the API seems to ignore from and to/)
      assert.isBelow(served.asked.length, 40)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("of which a window moves while it is read is read once more there", () => {
    const events = [...spread(12)]
    const of = source(resource({ cap: 50 }))
    const served = serve((asked) => {
      // A row of the range comes late, behind the first page.
      if (asked.query["offset"] === "5" && events.length === 12) events.push({ id: 99, at: events[11]!.at })
      return list(events, { cap: 50 })(asked)
    })
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.deepStrictEqual(yield* ids, idsOf(events))
      assert.strictEqual(receipt.status, "complete")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("goes on from its cursor, less the lag, and later rows shift no page", () => {
    const events = [...spread(40)]
    const of = source(
      resource(
        { cap: 15, start: undefined },
        { incremental: { cursorPath: "at", initialValue: "2026-10-31T00:00:00Z", lag: 3600 } }
      )
    )
    let clock = now
    const served = serve((asked) => {
      // Rows come in all the time.
      events.push({ id: 1000 + events.length, at: new Date((clock += 1000)).toISOString() })
      return list(events, { cap: 15 })(asked)
    })
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const first = line(yield* run(of), "events")
      assert.isTrue(first.completeness.proven, first.completeness.why)
      assert.lengthOf(yield* ids, 40)
      const asked = served.asked.length
      clock = now + 3_600_000
      yield* TestClock.setTime(clock)
      const second = line(yield* run(of), "events")
      assert.isTrue(second.completeness.proven, second.completeness.why)
      assert.match(served.asked[asked]!, /from=2026-11-02T16%3A12%3A00&to=2026-11-02T20%3A00%3A00/)
      assert.isAbove((yield* ids).length, 40)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("is walked in windows of its own for each row of a parent", () => {
    const events = spread(30)
    const streams = Resource.make({
      name: "streams",
      path: "/streams",
      selector: "items",
      primaryKey: "id",
      paginator: SinglePage.make()
    })
    const of = source(
      streams,
      resource(
        { cap: 10 },
        {
          query: [["stream", "{resources.streams.id}"]],
          includeFromParent: ["id"],
          primaryKey: ["_streams_id", "id"]
        }
      )
    )
    const served = serve((asked) =>
      asked.path === "/streams"
        ? { body: { items: [{ id: "a" }, { id: "b" }] } }
        : list(
            events.filter(({ id }) => asked.query["stream"] === "a" || id % 3 === 0),
            { cap: 10 }
          )(asked)
    )
    return Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const receipt = line(yield* run(of), "events")
      assert.strictEqual(receipt.status, "complete")
      assert.deepStrictEqual(yield* rows("SELECT _streams_id, count(*) FROM events GROUP BY 1 ORDER BY 1"), [
        ["a", 30],
        ["b", 10]
      ])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect(
    "whose answers to some windows are passed over by an action goes on with the others, and proves nothing",
    () => {
      const events = spread(30)
      const of = source(
        resource({ cap: 10, largest: 86_400 }, { actions: [{ statusCode: 404, action: { kind: "ignore" } }] })
      )
      const served = serve((asked) =>
        asked.query["from"]!.startsWith("2026-10-30") ? { status: 404 } : list(events, { cap: 10 })(asked)
      )
      return Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const receipt = line(yield* run(of), "events")
        assert.isFalse(receipt.completeness.proven)
        assert.include(yield* ids, 30)
      }).pipe(Effect.provide(stages(served, of)))
    }
  )

  it.effect("is refused without a key, and where rows are only added", () => {
    const of = source(resource({}, { primaryKey: [] }))
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "events")
      assert.strictEqual(receipt.status, "failed")
      assert.match(receipt.error?.message ?? "", /need a `primary_key`/)
    }).pipe(
      Effect.provide(
        stages(
          serve(() => ({ body: {} })),
          of
        )
      )
    )
  })
})

type Needs = Effect.Effect.Context<ReturnType<typeof run>>

const places = ["request", "body", "page.begin", "page.statement", "page.commit", "page.committed"] as const

describe("a walk in windows that dies anywhere", () => {
  it.effect.prop(
    "and gone on with holds what an uninterrupted one holds, and proves it",
    [
      fc.record({
        gaps: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 }),
        cap: fc.integer({ min: 5, max: 23 }),
        largest: fc.option(fc.constantFrom(20_000, 86_400), { nil: undefined }),
        crashes: fc.array(fc.record({ at: fc.constantFrom(...places), nth: fc.integer({ min: 1, max: 9 }) }), {
          maxLength: 6
        }),
        limitPages: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        reading: fc.constantFrom("first" as const, "last" as const, "text" as const)
      })
    ],
    ([{ cap, crashes, gaps, largest, limitPages, reading }]) => {
      let at = start
      const events = gaps.map((gap, i) => ({
        id: i + 1,
        at: new Date(Math.min(now - 1, (at += gap * 1000))).toISOString()
      }))
      const of = source(resource({ cap, largest }))
      const whole = serve(list(events, { cap, reading }))
      const broken = serve(list(events, { cap, reading }))
      const last = (served: typeof whole, before: Effect.Effect<unknown, unknown, Needs>) =>
        Effect.gen(function* () {
          yield* TestClock.setTime(now)
          yield* before
          const receipt = line(yield* run(of), "events")
          return { receipt, ids: yield* ids }
        }).pipe(Effect.provide(stages(served, of)))
      return Effect.gen(function* () {
        const one = yield* last(whole, Effect.void)
        const other = yield* last(
          broken,
          Effect.forEach(crashes, (place) => crash(place)(run(of, { limitPages })))
        )
        assert.deepStrictEqual(other.ids, one.ids)
        assert.strictEqual(other.receipt.completeness.proven, one.receipt.completeness.proven)
        if (one.receipt.completeness.proven) assert.deepStrictEqual(one.ids, idsOf(events))
      })
    },
    { fastCheck: { numRuns: 25 } }
  )
})
