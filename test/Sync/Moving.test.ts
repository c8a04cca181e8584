/** Lists that move while they are read: rows come in and leave between any two requests, at any place. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Offset, type Page, PageNumber, Resource } from "sluice"
import { line, rows, run, serve, source, stages } from "./support.ts"

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
  const served = serve(({ query }) => {
    for (const { at, op } of events.filter(({ before }) => before === request)) {
      const place = list.length === 0 ? 0 : at % (list.length + (op === "insert" ? 1 : 0))
      list = op === "insert" ? list.toSpliced(place, 0, { id: next++ }) : list.toSpliced(place, 1)
      states.push(list)
    }
    request++
    const from = options.kind === "offset" ? Number(query.offset) : Number(query.page) * limit
    const items = list.slice(from, from + limit)
    return { body: options.total ? { items, total_count: list.length } : { items } }
  })
  return { served, states, list: () => list, requests: () => request }
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
})
