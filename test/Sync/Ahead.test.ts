/** Pages that are fetched ahead, over whole runs: whatever the API does, the run is the one that asks for its pages one by one. */
import { assert, describe, it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import { Effect, FastCheck as fc, Layer } from "effect"
import { Auto, Offset, type Page, PageNumber, type Receipt, Resource, Source, type Sync } from "sluice"
import { compare } from "sluice/testing"
import { runs } from "../fuzz.ts"
import { type Answer, type Asked, line, run, serve, stages } from "./support.ts"

interface Fault {
  readonly at: number
  readonly kind: "now and then" | 404 | 416 | 422 | 503 | "no JSON" | "no list"
}

/** A server that gives the same answer to the same request, by whatever others came before it; but for faults that pass. */
interface World {
  readonly kind: "offset" | "page_number" | "counted from 1" | "auto"
  readonly rows: number
  readonly limit: number
  /** Rows in a page at most, whatever was asked for. */
  readonly cap: number
  /** A page that begins here is shorter by so many rows. */
  readonly short: ReadonlyArray<{ readonly at: number; readonly by: number }>
  readonly total: "declared" | "by its name" | "bare" | "none"
  /** What the total is off by, on pages that begin here or later. */
  readonly moves: ReadonlyArray<{ readonly at: number; readonly by: number }>
  readonly faults: ReadonlyArray<Fault>
  /** Every request gets the first page. */
  readonly ignores: boolean
  readonly turns: ReadonlyArray<number>
  readonly disposition: "merge" | "append" | "replace"
  readonly keyed: boolean
  readonly limitPages: number | undefined
  readonly maximum: number | undefined
  readonly archive: boolean
  readonly pages: number
}

const sometimes = <A>(arbitrary: fc.Arbitrary<A>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const few = <A>(arbitrary: fc.Arbitrary<A>, maxLength: number) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(arbitrary, { maxLength }) })

const world: fc.Arbitrary<World> = fc.record({
  kind: fc.constantFrom("offset", "page_number", "counted from 1", "auto"),
  rows: fc.integer({ min: 0, max: 60 }),
  limit: fc.integer({ min: 1, max: 6 }),
  cap: fc.oneof({ weight: 3, arbitrary: fc.constant(100) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) }),
  short: few(fc.record({ at: fc.nat(59), by: fc.integer({ min: 1, max: 6 }) }), 12),
  total: fc.constantFrom("declared", "by its name", "bare", "none"),
  moves: few(fc.record({ at: fc.nat(59), by: fc.integer({ min: -20, max: 20 }) }), 3),
  faults: few(
    fc.record({
      at: fc.nat(70),
      kind: fc.constantFrom("now and then", 404, 416, 422, 503, "no JSON", "no list") as fc.Arbitrary<Fault["kind"]>
    }),
    6
  ),
  ignores: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  turns: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 7 }),
  disposition: fc.constantFrom("merge", "append", "replace"),
  keyed: fc.boolean(),
  limitPages: sometimes(fc.integer({ min: 1, max: 8 })),
  maximum: sometimes(fc.integer({ min: 1, max: 20 })),
  archive: fc.boolean(),
  pages: fc.integer({ min: 1, max: 16 })
})

const paginator = ({ kind, limit, maximum, total }: World): Page.Paginator => {
  const totalPath = total === "declared" ? "page.all" : undefined
  if (kind === "offset") return Offset.make({ limit, totalPath, maximumOffset: maximum })
  if (kind === "page_number") return PageNumber.make({ totalPath, maximumPage: maximum, basePage: 0 })
  if (kind === "counted from 1") return PageNumber.make({ totalPath, maximumPage: maximum })
  return Auto.make()
}

/** Where a page of this number, or offset, begins. */
const startOf = ({ kind, limit }: World, { offset, page }: Asked["query"]) =>
  kind === "offset" || kind === "auto"
    ? Number(offset ?? 0)
    : Math.max(0, Number(page ?? 0) - (kind === "counted from 1" ? 1 : 0)) * limit

const api = (world: World) => {
  const tries = new Map<number, number>()
  const { cap, faults, ignores, kind, limit, moves, short, total, turns } = world
  const answer = ({ query }: Asked): Answer => {
    const at = ignores ? 0 : startOf(world, query)
    const fault = faults.find((each) => at <= each.at && each.at < at + limit)?.kind
    const place = Number(query["offset"] ?? query["page"] ?? 0)
    tries.set(place, (tries.get(place) ?? 0) + 1)
    if (fault === "now and then" && tries.get(place)! % 3 !== 0) return { status: 500 }
    if (fault === "no JSON") return { text: "<html>" }
    if (typeof fault === "number") return { status: fault, body: { error: `of ${at}` } }
    const by = short.filter((each) => each.at === at).reduce((sum, each) => sum + each.by, 0)
    const length = Math.max(0, Math.min(limit, cap) - by)
    const items = Array.from({ length: Math.max(0, Math.min(length, world.rows - at)) }, (_, i) => ({ id: at + i }))
    const moved = moves.filter((each) => each.at <= at).reduce((sum, each) => sum + each.by, world.rows)
    const count = Math.max(0, kind === "offset" || kind === "auto" || total !== "declared" ? moved : moved / limit)
    const said = Math.ceil(count)
    const totals = {
      declared: { page: { all: said } },
      "by its name": { total_count: said },
      bare: { total: said },
      none: {}
    }
    if (kind === "auto") return { body: { items, offset: at, limit, ...(total === "none" ? {} : { total: said }) } }
    return { body: { ...(fault === "no list" ? {} : { items }), ...totals[total] } }
  }
  return serve(answer, (url) => {
    const at = Number(url.searchParams.get("offset") ?? url.searchParams.get("page") ?? 0)
    return turns[at % turns.length]!
  })
}

const sync = (world: World, options: Sync.Options) => {
  const served = api(world)
  const of = Source.make({
    name: "test",
    api: { baseUrl: "https://api.test", retry: { maxRetries: 2, baseDelay: 0, jitter: false } },
    resources: [
      Resource.make({
        name: "things",
        path: "/things",
        selector: "items",
        primaryKey: world.keyed ? "id" : undefined,
        writeDisposition: world.disposition,
        paginator: paginator(world)
      })
    ]
  })
  const { archive, limitPages } = world
  return Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const first = line(yield* run(of, { ...options, archive, limitPages }), "things")
    const sent = served.asked.length
    // What was left of the walk, and whether the next run takes it up.
    const second = line(yield* run(of, { ...options, archive, limitPages }), "things")
    return { first, second, sent, sql, served }
  }).pipe((done) => ({ done, layer: stages(served, of) }))
}

/** All of it but what was sent, and how long that took; runs have names of their own. */
const told = (line: Receipt.Resource): unknown => {
  const text = JSON.stringify({ ...line, duration_ms: 0, requests: 0, retries: 0 })
  return JSON.parse(text.replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "RUN"))
}

describe("pages that are fetched ahead", () => {
  it.effect.prop(
    "give the run that asks for them one by one: its tables, its receipt, its end",
    [world],
    ([world]) =>
      Effect.gen(function* () {
        const one = sync(world, {})
        const many = sync(world, { concurrency: world.pages })
        const context = yield* Layer.build(one.layer)
        const other = yield* Layer.build(many.layer)
        const inTurn = yield* Effect.provide(one.done, context)
        const parallel = yield* Effect.provide(many.done, other)
        assert.deepStrictEqual(told(parallel.first), told(inTurn.first))
        assert.deepStrictEqual(told(parallel.second), told(inTurn.second))
        assert.deepStrictEqual(yield* compare(inTurn.sql, parallel.sql), [])
        assert.isAtMost(parallel.served.most, Math.max(world.pages, 1))
        const { error, requests, retries } = parallel.first
        if (error === null) assert.strictEqual(requests + retries, parallel.sent)
      }).pipe(Effect.scoped),
    { fastCheck: { numRuns: runs(20) }, timeout: 600_000 }
  )
})
