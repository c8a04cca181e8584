/** Lists that move while they are read: rows come in and leave between any two requests, at any place. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Offset, type Page, PageNumber, Resource } from "sluice"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

interface Row {
  readonly id: number
}

/** What happens to the list before the request of this number, counted from 0. */
interface Event {
  readonly before: number
  readonly op: "insert" | "delete"
  readonly at: number
}

const limit = 2

/** A list of `size` rows that is served by place, and changes as the events say. Every state it was in is kept. */
const moving = (
  size: number,
  events: ReadonlyArray<Event>,
  options: { readonly total: boolean; readonly kind: "offset" | "page_number" }
) => {
  let list: ReadonlyArray<Row> = Array.from({ length: size }, (_, i) => ({ id: i + 1 }))
  let next = 1000
  let request = 0
  const states: Array<ReadonlyArray<Row>> = [list]
  const answer = ({ query }: Asked): Answer => {
    for (const { at, op } of events.filter(({ before }) => before === request)) {
      const place = list.length === 0 ? 0 : at % (list.length + (op === "insert" ? 1 : 0))
      list = op === "insert" ? list.toSpliced(place, 0, { id: next++ }) : list.toSpliced(place, 1)
      states.push(list)
    }
    request++
    const from = options.kind === "offset" ? Number(query.offset) : Number(query.page) * limit
    const items = list.slice(from, from + limit)
    return { body: options.total ? { items, total_count: list.length } : { items } }
  }
  return { served: serve(answer), answer, states, list: () => list, requests: () => request }
}

const paginator = (kind: "offset" | "page_number"): Page.Paginator =>
  kind === "offset" ? Offset.make({ limit }) : PageNumber.make({ basePage: 0 })

const things = (kind: "offset" | "page_number", options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    primaryKey: "id",
    selector: "items",
    paginator: paginator(kind),
    ...options
  })

const stored = Effect.map(rows("SELECT id FROM things ORDER BY id"), (all) => all.map(([id]) => Number(id)))
const ids = (list: ReadonlyArray<Row>) => list.map(({ id }) => id).toSorted((a, b) => a - b)
const same = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) => a.join() === b.join()
const holds = (table: ReadonlyArray<number>, list: ReadonlyArray<Row>) => ids(list).every((id) => table.includes(id))

const walked = (
  size: number,
  events: ReadonlyArray<Event>,
  options: {
    readonly total: boolean
    readonly kind: "offset" | "page_number"
    readonly resource?: Partial<Resource.Options>
  }
) => {
  const moved = moving(size, events, options)
  const of = source(things(options.kind, options.resource))
  return Effect.gen(function* () {
    const receipt = line(yield* run(of), "things")
    const table = receipt.error === null ? yield* Effect.orElseSucceed(stored, () => []) : []
    return { ...moved, receipt, table }
  }).pipe(Effect.provide(stages(moved.served, of)))
}

const event = fc.record({
  before: fc.integer({ min: 1, max: 8 }),
  op: fc.constantFrom("insert" as const, "delete" as const),
  at: fc.nat(12)
})

/** What no total shows: between the same two requests as many rows left as came. */
const isExchanged = (events: ReadonlyArray<Event>) =>
  events.some(({ before }) => {
    const then = events.filter((event) => event.before === before)
    return then.filter(({ op }) => op === "insert").length * 2 === then.length
  })

const setup = {
  size: fc.integer({ min: 0, max: 9 }),
  events: fc.array(event, { maxLength: 5 }),
  kind: fc.constantFrom("offset" as const, "page_number" as const),
  replace: fc.boolean()
}

describe("a list that moves while it is read", () => {
  for (const total of [true, false]) {
    it.effect.prop(
      `is never called proven without being there, ${total ? "with" : "without"} a total`,
      setup,
      ({ events, kind, replace, size }) =>
        Effect.gen(function* () {
          const resource = replace ? { writeDisposition: "replace" as const } : {}
          const { receipt, states, table } = yield* walked(size, events, { total, kind, resource })
          const { proven, why } = receipt.completeness
          assert.isAbove(why.length, 0)
          if (receipt.status !== "complete") assert.isFalse(proven)
          if (!proven) return
          if (total && isExchanged(events)) return
          const isThere = replace
            ? states.some((state) => same(table, ids(state)))
            : states.some((state) => holds(table, state))
          assert.isTrue(isThere, JSON.stringify({ table, states: states.map(ids), why, receipt }))
        }),
      { fastCheck: { numRuns: 40 } }
    )
  }

  it.effect.prop(
    "is whole at the end of a second look, whatever came in during the first, or left",
    {
      size: fc.integer({ min: 5, max: 9 }),
      op: fc.constantFrom("insert" as const, "delete" as const),
      places: fc.array(fc.record({ before: fc.integer({ min: 1, max: 2 }), at: fc.nat(12) }), {
        minLength: 1,
        maxLength: 3
      }),
      kind: setup.kind,
      total: fc.boolean(),
      replace: fc.boolean()
    },
    ({ kind, op, places, replace, size, total }) =>
      Effect.gen(function* () {
        // That rows left shows in nothing but a total.
        const known = total || op === "delete"
        const resource = replace ? { writeDisposition: "replace" as const } : {}
        const events = places.map((place) => ({ ...place, op }))
        const { list, receipt, table } = yield* walked(size, events, { total: known, kind, resource })
        if (receipt.status !== "complete") return
        assert.isTrue(holds(table, list()), JSON.stringify({ table, list: ids(list()), receipt }))
        if (replace) assert.deepStrictEqual(table, ids(list()))
      }),
    { fastCheck: { numRuns: 40 } }
  )

  const front = (before: number): Event => ({ before, op: "insert", at: 0 })
  const gone = (before: number, at = 0): Event => ({ before, op: "delete", at })
  const offset = { total: true, kind: "offset" as const }

  for (const size of [4, 5, 6]) {
    for (const before of [1, 2]) {
      it.effect(`takes in rows that came in at the front of ${size} before request ${before}`, () =>
        Effect.gen(function* () {
          const { list, receipt, table } = yield* walked(size, [front(before)], offset)
          assert.strictEqual(receipt.status, "complete")
          assert.deepStrictEqual(table, ids(list()))
        })
      )
      if (before * limit >= size) continue
      it.effect(`finds the row that was passed over when one of ${size} left before request ${before}`, () =>
        Effect.gen(function* () {
          const { list, receipt, requests, table } = yield* walked(size, [gone(before)], offset)
          assert.isTrue(holds(table, list()))
          assert.deepInclude(receipt, { status: "complete", requests: requests(), pages: requests() })
          assert.isTrue(receipt.completeness.proven)
          assert.include(receipt.notices.join(), "the total fell by 1 while it was read: the list was read once more")
          assert.strictEqual(
            receipt.rows.fetched,
            receipt.rows.inserted + receipt.rows.updated + receipt.rows.unchanged
          )
        })
      )
    }
  }

  it.effect("finds a row that came in between those that had been read, with and without a total", () =>
    Effect.forEach([true, false], (total) =>
      Effect.gen(function* () {
        const { list, receipt, table } = yield* walked(6, [{ before: 2, op: "insert", at: 3 }], { ...offset, total })
        assert.strictEqual(receipt.status, "complete")
        assert.deepStrictEqual(table, ids(list()))
        assert.isFalse(receipt.completeness.proven)
      })
    )
  )

  it.effect("reads a list twice at most, and says that it moved both times", () =>
    Effect.gen(function* () {
      const { receipt, requests } = yield* walked(
        9,
        [1, 2, 3, 5, 6, 7, 8].map((before) => gone(before)),
        offset
      )
      assert.strictEqual(receipt.status, "partial")
      assert.isBelow(requests(), 9)
      assert.match(
        receipt.notices.join(),
        /the list was read twice, and moved both times: the second time the total fell/
      )
      assert.match(receipt.completeness.why, /^the list was read twice/)
    })
  )

  it.effect("doubles no row without a key: it says that rows may be missing", () =>
    Effect.gen(function* () {
      const { receipt, requests, table } = yield* walked(6, [gone(1)], {
        ...offset,
        resource: { writeDisposition: "append" }
      })
      assert.strictEqual(receipt.status, "partial")
      assert.strictEqual(new Set(table).size, table.length)
      assert.strictEqual(requests(), 3)
      assert.include(receipt.completeness.why, "its rows have no key, and read again they would be there twice")
    })
  )

  it.effect("keeps the last of different rows that share a key, as one that did not move would", () => {
    const list = (state: string) => [1, 2, 3, 4, 5, 3, 6, 7].map((id, i) => ({ id, v: `${state}${i}` }))
    const cases = {
      none: list("v").map((row, i) => ({ ...row, id: i })),
      "far apart": list("v"),
      "the same row twice": list("v").map((row) => (row.id === 3 ? { id: 3, v: "same" } : row)),
      "on one page, and then far apart": [{ id: 1, v: "a" }, { id: 1, v: "b" }, ...list("v").slice(2)]
    }
    return Effect.forEach(Object.entries(cases), ([name, quiet]) =>
      // That keys are shared within a page leaves nothing but a total to notice by.
      Effect.forEach(name.startsWith("on one page") ? [true] : [true, false], (total) => {
        const come = (isNew: boolean) => (isNew ? [{ id: 1000, v: "new" }, ...quiet] : quiet)
        let requests = 0
        const served = serve(({ query }) => {
          const all = come(requests++ > 0)
          const items = all.slice(Number(query.offset), Number(query.offset) + 2)
          return { body: total ? { items, total_count: all.length } : { items } }
        })
        const of = source(things("offset"))
        return Effect.gen(function* () {
          yield* run(of)
          const last = new Map(come(true).map(({ id, v }) => [id, v]))
          assert.deepStrictEqual(
            yield* rows("SELECT id, v FROM things ORDER BY id"),
            [...last].toSorted(([a], [b]) => a - b),
            `${name}, ${total ? "with" : "without"} a total`
          )
          // Only where it matters is the list read to its end.
          if (name === "none") assert.strictEqual(requests, 7)
        }).pipe(Effect.provide(stages(served, of)))
      })
    )
  })

  it.effect("replaces a table by what the second look found, and nothing else", () =>
    Effect.gen(function* () {
      const replaced = { ...offset, resource: { writeDisposition: "replace" as const } }
      for (const event of [front(1), gone(1), gone(2, 5)]) {
        const { list, receipt, table } = yield* walked(6, [event], replaced)
        assert.strictEqual(receipt.status, "complete")
        assert.isTrue(receipt.completeness.proven, receipt.completeness.why)
        assert.deepStrictEqual(table, ids(list()))
        assert.strictEqual(receipt.rows.inserted, table.length)
      }
    })
  )

  it.effect("makes no version of a row that did not change, and retires what left meanwhile", () => {
    const versions = { disposition: "merge" as const, strategy: "scd2" as const }
    const moved = moving(6, [gone(1)], offset)
    const of = source(things("offset", { writeDisposition: versions }))
    return Effect.gen(function* () {
      assert.isTrue(line(yield* run(of), "things").completeness.proven)
      const kept = "SELECT id FROM things WHERE _sluice_valid_to IS NULL ORDER BY id"
      assert.deepStrictEqual((yield* rows(kept)).flat(), [2, 3, 4, 5, 6])
      assert.deepStrictEqual(yield* rows("SELECT count(*) - count(DISTINCT id) FROM things"), [[0]])
    }).pipe(Effect.provide(stages(moved.served, of)))
  })

  it.effect("reads again for one parent alone", () => {
    const requests: Array<string> = []
    let left = false
    const served = serve(({ path, query }) => {
      if (path === "/parents") return { body: { items: [{ id: 1 }, { id: 2 }], total_count: 2 } }
      requests.push(path)
      if (path === "/parents/1/things" && query.offset === "2") left = true
      const all = path === "/parents/1/things" ? (left ? [2, 3, 4, 5] : [1, 2, 3, 4, 5]) : [11, 12, 13]
      const at = Number(query.offset)
      return { body: { items: all.slice(at, at + 2).map((id) => ({ id })), total_count: all.length } }
    })
    const of = source(
      Resource.make({
        name: "parents",
        path: "/parents",
        primaryKey: "id",
        selector: "items",
        paginator: paginator("offset")
      }),
      things("offset", { path: "/parents/{resources.parents.id}/things" })
    )
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "things")
      assert.deepInclude(receipt, { status: "complete" })
      assert.isTrue(receipt.completeness.proven, receipt.completeness.why)
      assert.deepStrictEqual(yield* stored, [1, 2, 3, 4, 5, 11, 12, 13])
      assert.strictEqual(requests.filter((path) => path === "/parents/2/things").length, 2)
      assert.strictEqual(requests.filter((path) => path === "/parents/1/things").length, 4)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("leaves the second look to the next run where --limit-pages has no page left for it", () => {
    const moved = moving(6, [gone(1)], offset)
    const of = source(things("offset"))
    return Effect.gen(function* () {
      const first = line(yield* run(of, { limitPages: 3 }), "things")
      assert.deepInclude(first, { status: "partial", stop_reason: "limit_pages", pages: 3 })
      assert.isFalse(first.completeness.proven)
      const second = line(yield* run(of), "things")
      assert.deepInclude(second, { status: "complete", pages: 3 })
      assert.isTrue(second.completeness.proven)
      assert.isTrue(holds(yield* stored, moved.list()))
    }).pipe(Effect.provide(stages(moved.served, of)))
  })

  it.effect("goes on with a second look that was interrupted, and does not look a third time", () => {
    const moved = moving(6, [gone(1)], offset)
    let request = 0
    let broken = true
    const served = serve((asked) => {
      if (++request === 5 && broken) return { status: 500 }
      return moved.answer(asked)
    })
    const of = source(things("offset"))
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "failed")
      const [saved] = yield* rows("SELECT checkpoint FROM _sluice_state")
      assert.deepInclude(JSON.parse(String(saved![0])), { index: 1 })
      assert.include(String(saved![0]), '"kind":"whole"')
      broken = false
      const second = line(yield* run(of), "things")
      assert.deepInclude(second, { status: "complete", pages: 2 })
      assert.isTrue(holds(yield* stored, moved.list()))
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("does not move the cursor over rows that may have been passed over", () => {
    let list = [1, 2, 3, 4, 5, 6]
    let request = 0
    let broken = true
    const served = serve(({ query }) => {
      request++
      if (request === 2) list = list.slice(1)
      if (request === 4 && broken) return { status: 500 }
      const from = list.filter((id) => id >= Number(query.since ?? 0))
      const at = Number(query.offset)
      return { body: { items: from.slice(at, at + 2).map((id) => ({ id, at: id })), total_count: from.length } }
    })
    const of = source(
      things("offset", { incremental: { cursorPath: "at", startParam: "since", initialValue: 0, rowOrder: "asc" } })
    )
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "failed")
      // 3 was passed over: the cursor stands before it.
      const [saved] = yield* rows("SELECT cursor FROM _sluice_state")
      assert.strictEqual(JSON.parse(String(saved![0])).value, 2)
      broken = false
      assert.strictEqual(line(yield* run(of), "things").status, "complete")
      assert.deepStrictEqual(yield* stored, [1, 2, 3, 4, 5, 6])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("tells rows of one key that are in the list twice from rows that moved", () => {
    const served = serve(({ query }) => {
      const at = Number(query.offset)
      return { body: { items: [1, 2, 2, 3].slice(at, at + 2).map((id) => ({ id })) } }
    })
    const of = source(things("offset"))
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "things")
      assert.deepInclude(receipt, { status: "complete" })
      assert.isFalse(receipt.completeness.proven)
      assert.deepStrictEqual(yield* stored, [1, 2, 3])
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("reads no list again for a key that rows of one page share", () => {
    const served = serve(({ query }) => {
      const at = Number(query.offset)
      return { body: { items: [1, 1, 1, 2, 1].slice(at, at + 2).map((id) => ({ id })) } }
    })
    const of = source(things("offset"))
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "things")
      assert.deepInclude(receipt, { status: "complete", requests: 3 })
      assert.isFalse(receipt.completeness.proven)
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("takes a row that changed between two looks for no conflict of an inferred key", () => {
    let request = 0
    const served = serve(({ query }) => {
      request++
      const at = Number(query.offset)
      const all = [1, 2, 3, 4, 5].slice(request > 1 ? 1 : 0).map((uuid) => ({ uuid, seen: request > 3 ? "x" : "y" }))
      return { body: { items: all.slice(at, at + 2), total_count: all.length } }
    })
    const of = source(things("offset", { primaryKey: { fields: ["id"], origin: "default" } }))
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "things")
      assert.deepInclude(receipt, { status: "complete", primary_key_inferred: true, error: null })
      assert.deepStrictEqual((yield* rows("SELECT uuid FROM things ORDER BY 1")).flat(), [1, 2, 3, 4, 5])
    }).pipe(Effect.provide(stages(served, of)))
  })
})
