/** Write dispositions of whole runs: what a walk takes away, and when it takes nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, TestClock } from "effect"
import { Offset, type Receipt, Resource, SinglePage } from "sluice"
import { line, rows, run, serve, source, stages } from "./support.ts"

type Thing = Readonly<Record<string, unknown>>

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "things", path: "/things", primaryKey: "id", paginator: SinglePage.make(), ...options })

const byTwo = Offset.make({ limit: 2, totalPath: "total" })

/** Pages of a list as it is just now, with its total; a page may be said to be broken. */
const list = (now: { items: ReadonlyArray<Thing>; total?: number; broken?: number }) =>
  serve(({ query }) => {
    const offset = Number(query["offset"] ?? 0)
    if (now.broken === offset) return { status: 400, body: { error: "broken" } }
    return { body: { items: now.items.slice(offset, offset + 2), total: now.total ?? now.items.length } }
  })

describe("write dispositions of a whole run", () => {
  it.effect("replace puts a whole walk in place, and says what became of the rows", () => {
    const of = source(things({ writeDisposition: "replace" }))
    let items: ReadonlyArray<Thing> = [
      { id: 1, v: "a" },
      { id: 2, v: "b" },
      { id: 3, v: "c" }
    ]
    return Effect.gen(function* () {
      const first = line(yield* run(of), "things")
      assert.deepInclude(first.rows, { fetched: 3, inserted: 3, deleted: 0 })
      items = [
        { id: 1, v: "a" },
        { id: 2, v: "B" },
        { id: 4, v: "d" }
      ]
      const second = line(yield* run(of), "things")
      assert.strictEqual(second.status, "complete")
      assert.deepInclude(second.rows, { fetched: 3, inserted: 1, updated: 1, unchanged: 1, deleted: 1 })
      assert.deepStrictEqual(yield* rows("SELECT id, v FROM things ORDER BY id"), [
        [1, "a"],
        [2, "B"],
        [4, "d"]
      ])
      // The books say the same as the receipt.
      assert.deepStrictEqual(
        yield* rows(
          `SELECT inserted, updated, unchanged, deleted FROM _sluice_resources WHERE run = (SELECT max(run) FROM _sluice_runs)`
        ),
        [[1, 1, 1, 1]]
      )
    }).pipe(
      Effect.provide(
        stages(
          serve(() => ({ body: items })),
          of
        )
      )
    )
  })

  it.effect("replace empties the table by an answer without rows, not by one that an action passes over", () => {
    const now: { parents: ReadonlyArray<Thing> | number; children: ReadonlyArray<Thing> | number } = {
      parents: [{ id: 1 }, { id: 2 }],
      children: [{ id: 7 }, { id: 8 }]
    }
    const replace = {
      actions: [{ statusCode: 404, action: { kind: "ignore" } }],
      writeDisposition: "replace"
    } as const
    const parents = things({ ...replace, name: "parents", path: "/parents" })
    const of = source(
      parents,
      things({ ...replace, name: "children", path: "/parents/{resources.parents.id}/children", primaryKey: [] })
    )
    const api = serve(({ path }) => {
      const answer = path === "/parents" ? now.parents : now.children
      return typeof answer === "number" ? { status: answer, body: {} } : { body: answer }
    })
    const counts = rows("SELECT (SELECT count(*) FROM parents), (SELECT count(*) FROM children)")
    const kept = [/^the table was not replaced: no row came, and an answer was passed over, .* it holds what it held$/]
    return Effect.gen(function* () {
      const told = (name: string) =>
        Effect.map(run(of), (receipt) => {
          const { completeness, notices, rows, status } = line(receipt, name)
          return { status, proven: completeness.proven, deleted: rows.deleted, notices }
        })
      yield* run(of)
      assert.deepStrictEqual(yield* counts, [[2, 4]])
      now.parents = 404
      for (const name of ["parents", "children"]) {
        const { notices, ...rest } = yield* told(name)
        assert.deepStrictEqual(rest, { status: "complete", proven: false, deleted: 0 })
        assert.isTrue(
          notices.some((text) => kept[0]!.test(text)),
          `${name}: ${notices.join()}`
        )
        assert.deepStrictEqual(yield* counts, [[2, 4]])
      }
      now.parents = [{ id: 1 }]
      now.children = 404
      assert.deepInclude(yield* told("children"), { status: "complete", proven: false, deleted: 0 })
      assert.deepStrictEqual(yield* counts, [[1, 4]])
      now.children = []
      assert.deepInclude(yield* told("children"), { deleted: 4, notices: [] })
      now.parents = []
      assert.deepInclude(yield* told("parents"), { deleted: 1, notices: [] })
      assert.deepStrictEqual(yield* counts, [[0, 0]])
    }).pipe(Effect.provide(stages(api, of)))
  })

  it.effect("replace takes what came before an answer that ends the pages, and is passed over", () => {
    const of = source(
      things({
        writeDisposition: "replace",
        paginator: Offset.make({ limit: 2, totalPath: null }),
        actions: [{ statusCode: 404, action: { kind: "ignore" } }]
      })
    )
    let all: ReadonlyArray<Thing> = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]
    const api = serve(({ query }) => {
      const page = all.slice(Number(query["offset"]), Number(query["offset"]) + 2)
      return page.length === 0 ? { status: 404 } : { body: page }
    })
    return Effect.gen(function* () {
      yield* run(of)
      all = [{ id: 1 }, { id: 5 }]
      assert.deepInclude(line(yield* run(of), "things"), { status: "complete", stop_reason: "ignored" })
      assert.deepStrictEqual(yield* rows("SELECT id FROM things ORDER BY 1"), [[1], [5]])
    }).pipe(Effect.provide(stages(api, of)))
  })

  it.effect("replaces and retires nothing by a walk that fails, is capped, or lost rows over a page boundary", () => {
    const now: Parameters<typeof list>[0] = { items: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] }
    const write = { paginator: byTwo, selector: "items" } as const
    const of = source(
      things({ ...write, name: "replaced", writeDisposition: "replace" }),
      things({ ...write, name: "kept", writeDisposition: { strategy: "scd2" } }),
      things({ ...write, name: "grouped", writeDisposition: { mergeKey: ["g"] } })
    )
    const held = Effect.gen(function* () {
      const all = []
      for (const query of [
        "SELECT id FROM replaced ORDER BY 1",
        "SELECT id FROM kept WHERE _sluice_valid_to IS NULL ORDER BY 1",
        "SELECT id FROM grouped ORDER BY 1"
      ])
        all.push((yield* rows(query)).flat())
      return all
    })
    const all = [1, 2, 3, 4]
    const statuses = (receipt: Receipt.Receipt) => receipt.resources.map(({ status }) => status)
    return Effect.gen(function* () {
      now.items = now.items.map((item) => ({ ...item, g: "x" }))
      yield* run(of)
      assert.deepStrictEqual(yield* held, [all, all, all])
      const shorter = now.items.slice(0, 3)
      Object.assign(now, { items: shorter, broken: 2 })
      assert.deepStrictEqual(statuses(yield* run(of)), ["failed", "failed", "failed"])
      assert.deepStrictEqual(yield* held, [all, all, all])
      Object.assign(now, { broken: undefined })
      yield* run(of, { fullRefresh: true, limitPages: 1 })
      assert.deepStrictEqual(yield* held, [all, all, all])
      // One row twice in place of another one: as many rows as the API reports, but not all of them.
      Object.assign(now, { items: [shorter[0], shorter[1], shorter[1]] })
      assert.deepStrictEqual(statuses(yield* run(of, { fullRefresh: true })), ["partial", "partial", "partial"])
      assert.deepStrictEqual(yield* held, [all, all, all])
      Object.assign(now, { items: shorter })
      assert.deepStrictEqual(statuses(yield* run(of)), ["complete", "complete", "complete"])
      assert.deepStrictEqual(yield* held, [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3]
      ])
    }).pipe(Effect.provide(stages(list(now), of)))
  })

  it.effect("scd2 ends no version of a row that came and was refused", () => {
    const of = source(
      things({
        selector: "items",
        paginator: byTwo,
        maxRejectRatio: 1,
        columns: [{ name: "v", dataType: "bigint" }],
        writeDisposition: { strategy: "scd2" }
      })
    )
    const now: Parameters<typeof list>[0] = { items: [1, 2, 3, 4].map((id) => ({ id, v: id })) }
    const inForce = rows("SELECT id, v FROM things WHERE _sluice_valid_to IS NULL ORDER BY id")
    return Effect.gen(function* () {
      yield* run(of)
      now.items = [
        { id: 2, v: "two" },
        { id: 3, v: 3 },
        { id: 4, v: 5 }
      ]
      const refused = line(yield* run(of), "things")
      assert.strictEqual(refused.status, "partial")
      assert.deepInclude(refused.rows, { updated: 1, unchanged: 1, rejected: 1, deleted: 1 })
      assert.deepStrictEqual(yield* inForce, [
        [2, 2],
        [3, 3],
        [4, 5]
      ])
      // As it was: it goes on, and does not begin anew.
      now.items = [{ id: 2, v: 2 }, ...now.items.slice(1)]
      assert.deepInclude(line(yield* run(of), "things").rows, { inserted: 0, unchanged: 3, deleted: 0 })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things WHERE id = 2"), [[1]])
      // Nor is it counted as one that was brought: the walk lacks a row, and ends none.
      now.items = [
        { id: 2, v: "two" },
        { id: 3, v: 3 },
        { id: 3, v: 3 }
      ]
      assert.include(line(yield* run(of), "things").notices.join(), "rows came twice, and others may be missing")
      assert.deepStrictEqual(yield* inForce, [
        [2, 2],
        [3, 3],
        [4, 5]
      ])
    }).pipe(Effect.provide(stages(list(now), of)))
  })

  it.effect("scd2 keeps every version when the API sends no row at all, and says so", () => {
    const now: Parameters<typeof list>[0] = { items: [{ id: 1 }, { id: 2 }] }
    const of = source(things({ selector: "items", writeDisposition: { strategy: "scd2" } }))
    return Effect.gen(function* () {
      yield* run(of)
      Object.assign(now, { items: [] })
      assert.include(line(yield* run(of), "things").notices.join(), "every version stays in force")
      const active = rows("SELECT id FROM things WHERE _sluice_valid_to IS NULL ORDER BY 1")
      assert.deepStrictEqual(yield* active, [[1], [2]])
      Object.assign(now, { items: [{ id: 2 }] })
      yield* run(of)
      assert.deepStrictEqual(yield* active, [[2]])
    }).pipe(Effect.provide(stages(list(now), of)))
  })

  it.effect("a cap that the configuration sets is the end of a walk that replaces, not of one that takes away", () => {
    const now: Parameters<typeof list>[0] = { items: [1, 2, 3].map((id) => ({ id })) }
    const paginator = Offset.make({ limit: 2, totalPath: "total", maximumOffset: 2 })
    const options = { paginator, selector: "items" } as const
    const of = source(
      things({ ...options, name: "replaced", writeDisposition: "replace" }),
      things({ ...options, name: "kept", writeDisposition: { strategy: "scd2" } })
    )
    return Effect.gen(function* () {
      yield* run(of)
      Object.assign(now, { items: [5, 6, 7].map((id) => ({ id })) })
      assert.deepInclude(line(yield* run(of), "replaced"), { stop_reason: "maximum_reached" })
      assert.deepStrictEqual(yield* rows("SELECT id FROM replaced ORDER BY 1"), [[5], [6]])
      assert.deepStrictEqual(yield* rows("SELECT id FROM kept WHERE _sluice_valid_to IS NULL ORDER BY 1"), [
        [1],
        [2],
        [5],
        [6]
      ])
    }).pipe(Effect.provide(stages(list(now), of)))
  })

  it.effect("no version ends before it began, when the clock is set back", () => {
    const now: Parameters<typeof list>[0] = { items: [{ id: 1, v: 0 }] }
    const of = source(things({ selector: "items", writeDisposition: { strategy: "scd2" } }))
    return Effect.gen(function* () {
      for (const [v, at] of [3_600_000, 0, 1000, 7_200_000].entries()) {
        yield* TestClock.setTime(at)
        Object.assign(now, { items: [{ id: 1, v }] })
        yield* run(of)
      }
      const versions = yield* rows("SELECT v, _sluice_valid_from, _sluice_valid_to FROM things ORDER BY 1")
      const at = (time: string) => `1970-01-01T${time}000000Z`
      assert.deepStrictEqual(versions, [
        [0, at("01:00:00.000"), at("01:00:00.001")],
        [1, at("01:00:00.001"), at("01:00:00.002")],
        [2, at("01:00:00.002"), at("02:00:00.000")],
        [3, at("02:00:00.000"), null]
      ])
    }).pipe(Effect.provide(stages(list(now), of)))
  })

  it.effect("does not go on with a walk under another way to write", () => {
    const now: Parameters<typeof list>[0] = { items: [{ id: 1 }, { id: 2 }, { id: 3 }], broken: 2 }
    const options = { paginator: byTwo, selector: "items" } as const
    const replaced = source(things({ ...options, writeDisposition: "replace" }))
    const merged = source(things(options))
    const served = list(now)
    return Effect.gen(function* () {
      yield* run(replaced)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[0]])
      Object.assign(now, { broken: undefined })
      const receipt = line(yield* run(merged), "things")
      assert.strictEqual(receipt.status, "complete")
      assert.deepStrictEqual((yield* rows("SELECT id FROM things ORDER BY 1")).flat(), [1, 2, 3])
      assert.deepStrictEqual(yield* rows("SELECT name FROM sqlite_master WHERE name LIKE '%next%'"), [])
    }).pipe(Effect.provide(stages(served, replaced)))
  })
})
