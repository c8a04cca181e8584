/** Hints, contracts and processing steps, from the API to SQLite. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { line, rows, run, serve, source, stages } from "./support.ts"

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "things", path: "/things", primaryKey: "id", paginator: SinglePage.make(), ...options })

describe("rows of a whole run", () => {
  it.effect("types of hints arrive in SQLite as documented", () => {
    const of = source(
      things({
        columns: [
          { name: "amount", dataType: "decimal", precision: 6, scale: 2 },
          { name: "Blob", dataType: "binary" },
          { name: "day", dataType: "date" },
          { name: "never", dataType: "binary" },
          { name: "items[].n", dataType: "text" }
        ]
      })
    )
    const served = serve(() => ({
      body: [
        { id: 1, amount: 9.5, Blob: "AQL/", day: "2026-01-02T03:04:05Z", items: [{ n: 1 }] },
        { id: 2, amount: "10", Blob: "0x00", day: 0, items: [] },
        { id: 3, amount: 10000, Blob: "AQL/", day: "2026-01-02" }
      ]
    }))
    return Effect.gen(function* () {
      const first = line(yield* run(of), "things")
      assert.deepInclude(first.rows, { inserted: 2, rejected: 1 })
      assert.deepStrictEqual(
        yield* rows("SELECT id, typeof(amount), amount, hex(blob), typeof(blob), day, never FROM things ORDER BY id"),
        [
          [1, "text", "9.50", "0102FF", "blob", "2026-01-02", null],
          [2, "text", "10.00", "00", "blob", "1970-01-01", null]
        ]
      )
      assert.deepStrictEqual(yield* rows("SELECT id FROM things ORDER BY CAST(amount AS REAL) DESC"), [[2], [1]])
      assert.deepStrictEqual(yield* rows("SELECT sum(amount) FROM things"), [[19.5]])
      assert.deepStrictEqual(yield* rows("SELECT n FROM things__items"), [["1"]])
      assert.deepStrictEqual(yield* rows("SELECT path, reason FROM _sluice_rejects"), [
        ["amount", "an integer does not fit the decimal column amount"]
      ])
      const second = line(yield* run(of), "things")
      assert.deepInclude(second.rows, { inserted: 0, updated: 0, unchanged: 2, rejected: 1 })
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("steps come before all, and a row that one of them refuses shows nothing that another hides", () => {
    const of = source(
      things({
        processing: [
          { filter: { path: "kind", op: "ne", value: "test" } },
          { map: { cast: { n: "integer" } } },
          { explode: "parts" },
          { map: { redact: ["phone"], drop: ["kind"] } }
        ],
        primaryKey: ["id", "part"]
      })
    )
    const served = serve(() => ({
      body: [
        {
          id: 1,
          kind: "a",
          n: "1",
          parts: [
            { part: 1, phone: "555-1" },
            { part: 2, phone: "555-2" }
          ]
        },
        { id: 2, kind: "test", n: "2", parts: [] },
        { id: 3, kind: "a", n: "three", parts: [{ part: 1, phone: "555-3" }] }
      ]
    }))
    return Effect.gen(function* () {
      const receipt = line(yield* run(of), "things")
      assert.deepInclude(receipt.rows, { fetched: 3, inserted: 2, rejected: 1 })
      assert.deepStrictEqual(yield* rows("SELECT id, n, part, phone FROM things ORDER BY part"), [
        [1, 1, 1, "***"],
        [1, 1, 2, "***"]
      ])
      const [reject] = yield* rows("SELECT path, reason, raw FROM _sluice_rejects")
      assert.deepStrictEqual(reject!.slice(0, 2), ["n", "a text is no integer"])
      assert.include(String(reject![2]), "three")
      assert.notInclude(String(reject![2]), "555")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("what a contract leaves out is counted, and no reject; what it freezes stores nothing of its page", () => {
    const paged = (contract: Resource.Options["contract"]) =>
      source(things({ paginator: Offset.make({ limit: 2 }), contract }))
    let extra = false
    const served = serve(({ query }) => ({
      body:
        query.offset === "2"
          ? [{ id: 3, n: 3, ...(extra ? { extra: "x", tags: ["a", "b"] } : {}) }]
          : [
              { id: 1, n: 1 },
              { id: 2, n: extra ? "x" : 2 }
            ]
    }))
    const evolve = paged("evolve")
    return Effect.gen(function* () {
      yield* run(evolve)
      extra = true
      const left = line(
        yield* run(paged({ tables: "discard_row", columns: "discard_value", dataType: "discard_row" })),
        "things"
      )
      assert.strictEqual(left.status, "complete")
      assert.deepInclude(left.rows, { fetched: 3, rejected: 0, unchanged: 2 })
      assert.include(left.notices.join("\n"), "schema_contract left out: 3 rows and 1 value")
      assert.include(left.notices.join("\n"), "the new column things.extra (columns: discard_value)")
      const frozen = line(yield* run(paged({ columns: "freeze" })), "things")
      assert.strictEqual(frozen.status, "failed")
      assert.include(frozen.error?.message, "the new column things.extra")
      assert.deepStrictEqual(yield* rows("SELECT * FROM pragma_table_info('things') WHERE name = 'extra'"), [])
    }).pipe(Effect.provide(stages(served, evolve)))
  })

  it.effect(
    "the first walk of a table may grow it under a frozen contract, also after a pause; the second may not",
    () => {
      const of = source(things({ paginator: Offset.make({ limit: 1 }), contract: { columns: "freeze" } }))
      let round = 0
      const served = serve(({ query }) => {
        const at = Number(query.offset)
        return { body: at < 3 ? [{ id: at, [`f${at + round}`]: 1 }] : [] }
      })
      return Effect.gen(function* () {
        assert.strictEqual((yield* run(of, { limitPages: 1 })).status, "partial")
        assert.strictEqual(line(yield* run(of), "things").error, null)
        assert.deepStrictEqual(
          (yield* rows("SELECT name FROM pragma_table_info('things') WHERE name LIKE 'f%' ORDER BY 1")).flat(),
          ["f0", "f1", "f2"]
        )
        round = 1
        assert.include(line(yield* run(of), "things").error?.message, "the new column things.f3")
      }).pipe(Effect.provide(stages(served, of)))
    }
  )

  it.effect("a hint that a table of an earlier run cannot follow is told in the receipt", () => {
    const before = source(things())
    const served = serve(() => ({ body: [{ id: 1, note: "x", parts: [{ on: true }] }] }))
    return Effect.gen(function* () {
      yield* run(before)
      const after = source(
        things({
          columns: [
            { name: "note", dataType: "bigint" },
            { name: "parts[].on", dataType: "json" }
          ]
        })
      )
      const told = line(yield* run(after), "things").notices.join("\n")
      assert.include(told, "the column note stays text: what it holds is not integer")
      assert.include(told, "the column on stays boolean: what it holds is not json")
    }).pipe(Effect.provide(stages(served, before)))
  })
})
