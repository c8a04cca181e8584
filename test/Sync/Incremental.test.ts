import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { line, rows, run, serve, source, stages } from "./support.ts"

interface Event {
  readonly id: number
  readonly at: number
  readonly v?: string
}

const events = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "events",
    path: "/events",
    query: [["since", "{incremental.start_value}"]],
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2, totalPath: null }),
    incremental: { cursorPath: "at" },
    ...options
  })

/** A list that heeds `since` only when told to. */
const serving = (list: () => ReadonlyArray<Event>, heeds = true) =>
  serve(({ query }) => {
    const since = query["since"]
    const all = list().filter(({ at }) => !heeds || since === undefined || at >= Number(since))
    const from = Number(query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + Number(query["limit"] ?? 100)) } }
  })

const cursor = (resource = "events") =>
  Effect.map(rows(`SELECT cursor FROM _sluice_state WHERE resource = '${resource}'`), ([row]) =>
    row?.[0] == null ? undefined : (JSON.parse(String(row[0])) as { readonly value: unknown }).value
  )

describe("incremental", () => {
  it.effect("says how to read refused rows again, since later runs ask for newer ones only", () => {
    const served = serving(() => [{ id: 1, at: 1, v: "a" }])
    const of = (dataType: "bigint" | "text") => source(events({ columns: [{ name: "v", dataType }] }))
    return Effect.gen(function* () {
      const first = line(yield* run(of("bigint")), "events")
      assert.include(first.notices.join("\n"), "--full-refresh reads them again")
      const second = line(yield* run(of("text"), { fullRefresh: true }), "events")
      assert.deepInclude(second.rows, { inserted: 1, rejected: 0 })
      assert.notInclude(second.notices.join("\n"), "--full-refresh")
    }).pipe(Effect.provide(stages(served, of("bigint"))))
  })

  it.effect("asks from the last value on, and merges a changed row at the boundary", () => {
    let list: ReadonlyArray<Event> = [
      { id: 1, at: 1, v: "a" },
      { id: 2, at: 3, v: "b" },
      { id: 3, at: 2, v: "c" }
    ]
    const served = serving(() => list)
    const of = source(events())
    return Effect.gen(function* () {
      const first = yield* run(of)
      assert.deepInclude(line(first, "events"), { status: "complete", cursor: 3 })
      // An absent start is not sent.
      assert.strictEqual(served.asked[0], "/events?offset=0&limit=2")
      list = [...list.filter(({ id }) => id !== 2), { id: 2, at: 3, v: "changed" }, { id: 4, at: 4, v: "d" }]
      served.asked.length = 0
      const second = yield* run(of)
      assert.strictEqual(served.asked[0], "/events?since=3&offset=0&limit=2")
      assert.deepInclude(line(second, "events").rows, { fetched: 2, inserted: 1, updated: 1 })
      assert.deepStrictEqual(yield* rows("SELECT id, v FROM events ORDER BY id"), [
        [1, "a"],
        [2, "changed"],
        [3, "c"],
        [4, "d"]
      ])
      assert.strictEqual(yield* cursor(), 4)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("filters by itself what the API does not, and says how much", () => {
    const served = serving(() => [1, 2, 3, 4, 5].map((n) => ({ id: n, at: n })), false)
    const of = source(events({ incremental: { cursorPath: "at", initialValue: 3 } }))
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.deepInclude(line(receipt, "events").rows, { fetched: 5, inserted: 3, rejected: 0 })
      assert.include(line(receipt, "events").notices.join(), "2 rows left out")
      assert.strictEqual(receipt.status, "complete")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("on an unordered API the cursor moves at the end of a whole walk only", () => {
    const served = serving(() => [9, 1, 5, 2].map((at, id) => ({ id, at })), false)
    const of = source(events())
    return Effect.gen(function* () {
      const capped = yield* run(of, { limitPages: 1 })
      assert.strictEqual(line(capped, "events").stop_reason, "limit_pages")
      assert.isUndefined(yield* cursor())
      yield* run(of)
      assert.strictEqual(yield* cursor(), 9)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM events"), [[4]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("in ascending order it moves with each page", () => {
    const served = serving(() => [1, 2, 3, 4].map((n) => ({ id: n, at: n })))
    const of = source(events({ incremental: { cursorPath: "at", rowOrder: "asc" } }))
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 1 })
      assert.strictEqual(yield* cursor(), 2)
    }).pipe(Effect.provide(stages(served, of)))
  })

  /** Fails at an offset until it is mended. */
  const breaking = (offset: string, ats: ReadonlyArray<number>, heeds = true) => {
    const list = ats.map((at, i) => ({ id: i + 1, at }))
    const world = { broken: true }
    const served = serve(({ query }) => {
      if (world.broken && query["offset"] === offset) return { status: 500, body: {} }
      const since = heeds ? Number(query["since"] ?? 0) : 0
      const from = Number(query["offset"])
      return { body: { items: list.filter(({ at }) => at >= since).slice(from, from + 2) } }
    })
    return { world, served }
  }

  it.effect("pages that show another order than the declared one do not move it", () => {
    const { served, world } = breaking("4", [5, 9, 7, 20, 15])
    const of = source(events({ incremental: { cursorPath: "at", rowOrder: "asc" } }))
    return Effect.gen(function* () {
      yield* run(of)
      assert.strictEqual(yield* cursor(), 9)
      world.broken = false
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT at FROM events ORDER BY 1"), [[5], [7], [9], [15], [20]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("an API that is not asked from the cursor on is gone on with at the page", () => {
    const { served, world } = breaking("4", [1, 2, 3, 4, 5], false)
    const of = source(events({ query: [], incremental: { cursorPath: "at", rowOrder: "asc" } }))
    return Effect.gen(function* () {
      yield* run(of)
      world.broken = false
      served.asked.length = 0
      yield* run(of)
      // The last page that was read is looked at again.
      assert.deepStrictEqual(
        served.asked.map((path) => new URLSearchParams(path.split("?")[1]).get("offset")),
        ["2", "4"]
      )
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("appended rows that have moved it stay when the configuration changes before the walk is whole", () => {
    const { served, world } = breaking("4", [1, 2, 3, 4, 5])
    const of = (more: ReadonlyArray<readonly [string, string]>) =>
      source(
        events({
          primaryKey: [],
          writeDisposition: "append",
          query: [["since", "{incremental.start_value}"], ...more],
          incremental: { cursorPath: "at", rowOrder: "asc" }
        })
      )
    return Effect.gen(function* () {
      yield* run(of([]))
      world.broken = false
      yield* run(of([["x", "1"]]))
      assert.deepStrictEqual(yield* rows("SELECT at FROM events ORDER BY 1"), [[1], [2], [3], [4], [5]])
    }).pipe(Effect.provide(stages(served, of([]))))
  })

  it.effect("in descending order the walk ends where the last one began", () => {
    let newest = 6
    const served = serving(() => Array.from({ length: newest }, (_, i) => ({ id: newest - i, at: newest - i })), false)
    const of = source(events({ query: [], incremental: { cursorPath: "at", rowOrder: "desc" } }))
    return Effect.gen(function* () {
      yield* run(of)
      newest = 9
      served.asked.length = 0
      const receipt = yield* run(of)
      assert.deepInclude(line(receipt, "events"), { status: "complete", stop_reason: "out_of_range", pages: 3 })
      // Not one page is asked for beyond it.
      assert.strictEqual(served.asked.length, 3)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM events"), [[9]])
      assert.strictEqual(yield* cursor(), 9)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a walk that ends with its range is whole, however many rows the API reports", () => {
    let ats = [6, 5, 4, 3, 2, 1]
    const served = serve(({ query }) => {
      const from = Number(query["offset"])
      return { body: { items: ats.slice(from, from + 2).map((at) => ({ id: at, at })), total: ats.length } }
    })
    const of = source(
      events({ query: [], paginator: Offset.make({ limit: 2 }), incremental: { cursorPath: "at", rowOrder: "desc" } })
    )
    return Effect.gen(function* () {
      yield* run(of)
      ats = [8, 7, ...ats]
      assert.deepInclude(line(yield* run(of), "events"), { status: "complete", stop_reason: "out_of_range", pages: 2 })
      assert.strictEqual(yield* cursor(), 8)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("reads on when the declared order does not hold, and says so", () => {
    const served = serving(() => [1, 5, 9].map((at) => ({ id: at, at })), false)
    const of = source(events({ incremental: { cursorPath: "at", rowOrder: "desc", initialValue: 4 } }))
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT id FROM events ORDER BY 1"), [[5], [9]])
      assert.strictEqual(receipt.status, "complete")
      assert.include(line(receipt, "events").notices.join(), "do not come in the order")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("start_param and end_param, converted; a window leaves no state", () => {
    const served = serving(() => [])
    const of = source(
      events({
        query: [["x", "1"]],
        paginator: SinglePage.make(),
        incremental: {
          cursorPath: "at",
          initialValue: "2024-01-01T00:00:00Z",
          endValue: "2024-02-01T00:00:00Z",
          startParam: "from",
          endParam: "to",
          convert: { to: "epoch_s", zone: "UTC" }
        }
      })
    )
    return Effect.gen(function* () {
      yield* run(of)
      assert.deepStrictEqual(served.asked, ["/events?x=1&from=1704067200&to=1706745600"])
      assert.isUndefined(yield* cursor())
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("appended rows at the boundary are not doubled", () => {
    let list: ReadonlyArray<Event> = [1, 2, 2].map((at, id) => ({ id, at }))
    const served = serving(() => list)
    const of = source(events({ writeDisposition: "append" }))
    return Effect.gen(function* () {
      yield* run(of)
      list = [...list, { id: 7, at: 2 }, { id: 8, at: 3 }]
      yield* run(of)
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT id FROM events ORDER BY 1"), [[0], [1], [2], [7], [8]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("refuses rows without the cursor, and fails where none has it", () => {
    let list: ReadonlyArray<object> = [
      { id: 1, at: 1 },
      { id: 2, at: null }
    ]
    const served = serving(() => list as ReadonlyArray<Event>, false)
    const of = source(events())
    return Effect.gen(function* () {
      const some = yield* run(of)
      assert.deepInclude(line(some, "events").rows, { inserted: 1, rejected: 1 })
      list = [{ id: 3, updated: 5 }]
      const none = yield* run(of)
      const { error } = line(none, "events")
      assert.strictEqual(error?.reason, "Cursor")
      assert.include(error?.message ?? "", "a row has id, updated")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("--full-refresh forgets the cursor", () => {
    const served = serving(() => [{ id: 1, at: 1 }])
    const of = source(events())
    return Effect.gen(function* () {
      yield* run(of)
      served.asked.length = 0
      yield* run(of, { fullRefresh: true })
      assert.strictEqual(served.asked[0], "/events?offset=0&limit=2")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("children have a cursor for each parent", () => {
    const lists: Record<string, Array<Event>> = { a: [{ id: 1, at: 10 }], b: [{ id: 2, at: 100 }] }
    const served = serve(({ path, query }) => {
      if (path === "/parents") return { body: [{ k: "a" }, { k: "b" }] }
      const since = Number(query["since"] ?? 0)
      return { body: { items: lists[path.slice(-1)]!.filter(({ at }) => at >= since) } }
    })
    const of = source(
      Resource.make({ name: "parents", path: "/parents", primaryKey: "k", paginator: SinglePage.make() }),
      events({ path: "/of/{resources.parents.k}", paginator: SinglePage.make() })
    )
    return Effect.gen(function* () {
      yield* run(of)
      lists["a"]!.push({ id: 3, at: 11 })
      served.asked.length = 0
      yield* run(of)
      assert.deepStrictEqual(served.asked.slice(1), ["/of/a?since=10", "/of/b?since=100"])
      // A single cursor for both would have lost it.
      assert.deepStrictEqual(yield* rows("SELECT id FROM events ORDER BY 1"), [[1], [2], [3]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("the cursor of a parent stays where it was when a walk of it is cut short", () => {
    let short = false
    const served = serve(({ path, query }) => {
      if (path === "/parents") return { body: [{ k: "a" }] }
      if (short) return { status: 404, body: {} }
      return { body: { items: [{ id: 1, at: 10 }].filter(({ at }) => at >= Number(query["since"] ?? 0)) } }
    })
    const of = source(
      Resource.make({ name: "parents", path: "/parents", primaryKey: "k", paginator: SinglePage.make() }),
      events({
        path: "/of/{resources.parents.k}",
        paginator: SinglePage.make(),
        actions: [{ statusCode: 404, action: { kind: "stop" } }]
      })
    )
    return Effect.gen(function* () {
      yield* run(of)
      short = true
      assert.deepInclude(line(yield* run(of), "events"), { status: "partial" })
      short = false
      assert.deepInclude(line(yield* run(of), "events"), { status: "complete" })
      assert.deepStrictEqual(
        served.asked.filter((path) => path.startsWith("/of")),
        ["/of/a", "/of/a?since=10", "/of/a?since=10"]
      )
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("an incremental parent gives only what is new to its children, and those that are left stay", () => {
    let newest = 3
    let broken = true
    const served = serve(({ path, query }) => {
      if (path === "/events") {
        const since = Number(query["since"] ?? 0)
        const all = Array.from({ length: newest }, (_, i) => ({ id: i + 1, at: i + 1 }))
        return { body: { items: all.filter(({ at }) => at >= since) } }
      }
      return broken && path === "/detail/2" ? { status: 500 } : { body: [{ id: Number(path.slice(8)) }] }
    })
    const of = source(
      events({ paginator: SinglePage.make() }),
      Resource.make({
        name: "details",
        path: "/detail/{resources.events.id}",
        primaryKey: "id",
        paginator: SinglePage.make()
      })
    )
    return Effect.gen(function* () {
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT id FROM details ORDER BY 1"), [[1], [3]])
      broken = false
      newest = 4
      served.asked.length = 0
      yield* run(of)
      assert.deepStrictEqual(served.asked.toSorted(), ["/detail/2", "/detail/4", "/events?since=3"])
      assert.deepStrictEqual(yield* rows("SELECT id FROM details ORDER BY 1"), [[1], [2], [3], [4]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a child that is added behind the cursor of its parent is not proven to be everything", () => {
    const served = serve(({ path, query }) =>
      path === "/events"
        ? {
            body: {
              items: [1, 2, 3].map((id) => ({ id, at: id })).filter(({ at }) => at >= Number(query["since"] ?? 0))
            }
          }
        : { body: [{ id: Number(path.slice(8)) }] }
    )
    const parent = events({ paginator: SinglePage.make() })
    const of = source(
      parent,
      Resource.make({
        name: "details",
        path: "/detail/{resources.events.id}",
        primaryKey: "id",
        paginator: SinglePage.make()
      })
    )
    return Effect.gen(function* () {
      yield* run(source(parent))
      const added = line(yield* run(of), "details")
      assert.isFalse(added.completeness.proven)
      assert.include(added.completeness.why, "--full-refresh reads all of them")
      const whole = line(yield* run(of, { fullRefresh: true }), "details")
      assert.isTrue(whole.completeness.proven)
      assert.deepStrictEqual(yield* rows("SELECT id FROM details ORDER BY 1"), [[1], [2], [3]])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect(
    "broken off anywhere, with rows changing in between, ends with what the API holds",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
            fc.constantFrom("asc", "desc", "none"),
            fc.record({ heeds: fc.boolean(), total: fc.boolean(), appends: fc.boolean() }),
            async (breaks, order, { appends, heeds, total }) => {
              let clock = 0
              const table = new Map<number, Event>()
              const everyVersion = new Set<string>()
              const touch = (id: number) => {
                const event = { id, at: clock++, v: `v${clock}` }
                table.set(id, event)
                everyVersion.add(JSON.stringify(event))
              }
              for (let id = 0; id < 5; id++) touch(id)
              let left = Infinity
              const listed = () => {
                const all = [...table.values()]
                if (order === "none") return all.toSorted((a, b) => a.id - b.id)
                return all.toSorted((a, b) => (order === "asc" ? a.at - b.at : b.at - a.at))
              }
              const served = serve(({ query }) => {
                if (left-- <= 0) return { status: 400 }
                const since = query["since"]
                const all = listed().filter(({ at }) => !heeds || since === undefined || at >= Number(since))
                const from = Number(query["offset"])
                return { body: { items: all.slice(from, from + 2), ...(total ? { total_count: all.length } : {}) } }
              })
              const of = source(
                events({
                  query: heeds ? [["since", "{incremental.start_value}"]] : [],
                  paginator: Offset.make({ limit: 2, ...(total ? {} : { totalPath: null }) }),
                  incremental: { cursorPath: "at", ...(order === "none" ? {} : { rowOrder: order as "asc" | "desc" }) },
                  ...(appends ? { writeDisposition: "append" as const } : {})
                })
              )
              const found = await Effect.runPromise(
                Effect.gen(function* () {
                  for (const at of breaks) {
                    left = at
                    yield* run(of)
                    // Between runs rows change and come in.
                    touch(at % 5)
                    touch(10 + at)
                  }
                  left = Infinity
                  // What an interrupted walk may have missed, the next one is sure to bring.
                  yield* run(of)
                  assert.strictEqual((yield* run(of)).status, "complete")
                  return yield* rows("SELECT id, at, v FROM events ORDER BY 1, 2")
                }).pipe(Effect.provide(stages(served, of)))
              )
              const expected = [...table.values()].toSorted((a, b) => a.id - b.id).map(({ at, id, v }) => [id, at, v])
              if (!appends) {
                assert.deepStrictEqual(found, expected)
                return
              }
              // Appended: the last version of each row is there, and no version twice.
              const texts = found.map(([id, at, v]) => JSON.stringify({ id, at, v }))
              assert.strictEqual(new Set(texts).size, texts.length)
              for (const text of texts) assert.isTrue(everyVersion.has(text))
              for (const row of expected) assert.deepInclude(found, row)
            }
          ),
          { numRuns: 60 }
        )
      ),
    60_000
  )
})
