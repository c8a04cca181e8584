import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Logger, LogLevel, Option } from "effect"
import { Cursor, Offset, Resource } from "sluice"
import { crash, places } from "sluice/testing"
import type { Name } from "../../src/FailPoint.ts"
import { type Answer, type Asked, serve } from "../Sync/support.ts"
import { dump, file, query, rebuild, services, source, sync } from "./support.ts"

interface Scenario {
  readonly write: "merge" | "append" | "replace" | "scd2" | "soft"
  readonly hasTotal: boolean
  readonly hasChild: boolean
  /** For every run: where it dies, if it does, and how many rows the API has by then. */
  readonly runs: ReadonlyArray<{
    readonly at: Name | undefined
    readonly nth: number
    readonly rows: number
    readonly fresh: boolean
  }>
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  write: fc.constantFrom("merge" as const, "append" as const, "replace" as const, "scd2" as const, "soft" as const),
  hasTotal: fc.boolean(),
  hasChild: fc.boolean(),
  runs: fc.array(
    fc.record({
      at: fc.constantFrom<Name | undefined>(
        undefined,
        "request",
        "body",
        "page.begin",
        "page.statement",
        "page.commit",
        "page.committed",
        "restart.commit",
        "restart.committed",
        "complete.begin",
        "complete.commit",
        "complete.committed",
        "line.committed",
        "open.committed",
        "queue.committed"
      ),
      nth: fc.integer({ min: 1, max: 4 }),
      rows: fc.integer({ min: 1, max: 7 }),
      fresh: fc.boolean()
    }),
    { minLength: 1, maxLength: 4 }
  )
})

const declare = ({ hasChild, hasTotal, write }: Scenario) =>
  source(
    Resource.make({
      name: "things",
      path: "/things",
      selector: "items",
      primaryKey: write === "append" ? [] : "id",
      paginator: hasTotal ? Offset.make({ limit: 2, totalPath: "total" }) : Cursor.make({ cursorPath: "next" }),
      writeDisposition:
        write === "scd2" ? { disposition: "merge", strategy: "scd2" } : write === "soft" ? "merge" : write,
      ...(write === "soft" ? { deletes: { mode: "soft", maxRatio: 1 } } : {})
    }),
    ...(hasChild
      ? [
          Resource.make({
            name: "parts",
            path: "/things/{resources.things.id}/parts",
            selector: "items",
            primaryKey: "id",
            includeFromParent: ["name"],
            paginator: Offset.make({ limit: 2, totalPath: "total" })
          })
        ]
      : [])
  )

const api =
  ({ hasTotal }: Scenario, count: number, run: number) =>
  ({ path, query }: Asked): Answer => {
    const of = /(\d+)\/parts$/.exec(path)?.[1]
    const all = Array.from({ length: of === undefined ? count : (Number(of) % 3) + 1 }, (_, i) => ({
      id: of === undefined ? i + 1 : Number(of) * 10 + i,
      name: `${i === 1 ? run : ""} n${i}`,
      tags: [`t${i}`]
    }))
    const from = Number(query["offset"] ?? query["cursor"] ?? 0)
    const next = from + 2 < all.length ? String(from + 2) : null
    const total = hasTotal || of !== undefined ? { total: all.length } : { next }
    return { body: { items: all.slice(from, from + 2), ...total } }
  }

const runs = Number(process.env["SLUICE_FUZZ_RUNS"] ?? 12)

describe("whatever kills the runs, and wherever", { timeout: 600_000 }, () => {
  it("what is rebuilt is what was there", () =>
    fc.assert(
      fc.asyncProperty(scenarios, (scenario) =>
        Effect.gen(function* () {
          const db = yield* file
          const of = declare(scenario)
          for (const [i, { at, fresh, nth, rows }] of scenario.runs.entries()) {
            const run = sync(db, of, serve(api(scenario, rows, i)), { fullRefresh: fresh })
            yield* at === undefined ? run : crash({ at, nth })(run)
          }
          const read = yield* query(db, "SELECT 1 FROM _sluice_resources WHERE pages > 0")
          if (read.length === 0) return
          const before = yield* dump(db)
          yield* rebuild(db, of)
          assert.deepStrictEqual(yield* dump(db), before)
        }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.None), Effect.provide(services), Effect.runPromise)
      ),
      { numRuns: runs }
    ))
})

describe("a rebuild that is killed", () => {
  it.live("at any moment leaves the old tables, or the new ones", () =>
    Effect.gen(function* () {
      const scenario: Scenario = { write: "merge", hasTotal: true, hasChild: true, runs: [] }
      const db = yield* file
      const before = declare(scenario)
      const after = source(
        ...before.resources.map((resource) => ({ ...resource, table: `${resource.table}_new`, maxTableNesting: 0 }))
      )
      yield* sync(db, before, serve(api(scenario, 5, 1)))
      const old = yield* dump(db)
      const { places: passed } = yield* places(rebuild(db, after))
      const made = yield* dump(db)
      assert.notDeepEqual(made, old)
      yield* rebuild(db, before)
      assert.deepStrictEqual(yield* dump(db), old)
      const statements = passed.get("swap.statement") ?? 0
      assert.isAbove(statements, 20)
      for (let nth = 1; nth <= statements; nth += 3) {
        assert.isTrue(Option.isNone(yield* crash({ at: "swap.statement", nth })(rebuild(db, after))))
        assert.deepStrictEqual(yield* dump(db), old)
      }
      for (const at of ["page.committed", "swap.begin", "swap.commit"] as const) {
        assert.isTrue(Option.isNone(yield* crash({ at })(rebuild(db, after))))
        assert.deepStrictEqual(yield* dump(db), old)
      }
      assert.isTrue(Option.isNone(yield* crash({ at: "swap.committed" })(rebuild(db, after))))
      assert.deepStrictEqual(yield* dump(db), made)
    }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.None), Effect.provide(services))
  )
})
