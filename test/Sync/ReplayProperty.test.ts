/** Whatever rows come and whatever refuses them: set aside, mended and replayed, they are as if they had fitted from the start. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, Schema, TestClock, TestContext } from "effect"
import { Cursor, Resource } from "sluice"
import { line, replay, rows, run, serve, source, stages } from "./support.ts"

interface Thing {
  readonly id: number
  readonly v: number
  readonly at: number
  readonly tags: ReadonlyArray<string>
}

const anything = (schema: Schema.Schema<number, number>) =>
  Schema.Struct({ id: Schema.Int, v: schema, at: Schema.Int, tags: Schema.Array(Schema.String) })

const isBad = (v: number) => v % 3 === 0

/** What refuses a third of the rows, and the same resource mended: by its schema, a column's type, a step. */
const ways = {
  schema: {
    wrong: { schema: anything(Schema.Int.pipe(Schema.filter((v) => !isBad(v)))) },
    right: { schema: anything(Schema.Int) }
  },
  columns: {
    wrong: { columns: [{ name: "w", dataType: "bigint" as const }] },
    right: { columns: [{ name: "w", dataType: "text" as const }] }
  },
  steps: {
    wrong: {
      processing: [
        {
          map: (row: unknown) => {
            if (isBad((row as Thing).v)) throw new Error("bad")
            return row
          }
        }
      ]
    },
    right: { processing: [{ map: (row: unknown) => row }] }
  }
} satisfies Record<string, { wrong: Partial<Resource.Options>; right: Partial<Resource.Options> }>

const dispositions = {
  merge: { primaryKey: "id" },
  upsert: { primaryKey: "id", writeDisposition: { strategy: "upsert" as const } },
  replace: { primaryKey: "id", writeDisposition: "replace" as const },
  "replace without a key": { writeDisposition: "replace" as const },
  append: { writeDisposition: "append" as const },
  scd2: { primaryKey: "id", writeDisposition: { strategy: "scd2" as const } }
} satisfies Record<string, Partial<Resource.Options>>

/** A word among numbers, where the column's type is what refuses. */
const body = (thing: Thing, way: string) =>
  way === "columns" ? { ...thing, w: isBad(thing.v) ? `x${thing.v}` : thing.v } : thing

/**
 * Pages of two; asked from a time on where the resource is incremental. By a cursor: by places, a key that comes twice is a list that
 * moves, and refused rows hide that.
 */
const api = (now: { items: ReadonlyArray<Thing> }, way: string) =>
  serve(({ query }) => {
    const since = Number(query["since"] ?? 0)
    const from = Number(query["cursor"] ?? 0)
    const list = now.items.filter(({ at }) => at >= since).map((one) => body(one, way))
    return { body: { items: list.slice(from, from + 2), next: from + 2 < list.length ? from + 2 : null } }
  })

/** Tables without what names runs, and where rows are numbered, without their numbers. */
const tables = (numbered: boolean) =>
  Effect.gen(function* () {
    const names = (yield* rows(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'things%' ORDER BY 1"
    )).map(([name]) => String(name))
    const all: Record<string, ReadonlyArray<string>> = {}
    for (const name of names) {
      const columns = (yield* rows(`SELECT name FROM pragma_table_info('${name}') ORDER BY 1`))
        .map(([column]) => String(column))
        .filter((column) => column !== "_sluice_run" && !(numbered && column.endsWith("_sluice_id")))
      all[name] = (yield* rows(`SELECT ${columns.map((column) => `"${column}"`).join(", ")} FROM ${name}`))
        .map((row) =>
          JSON.stringify(row, (_, value: unknown) =>
            typeof value === "bigint" || typeof value === "number" ? String(value) : value
          )
        )
        .toSorted()
      // The lists of a row that a newer one of its page stood for have made a table where both were stored, and none where both were refused.
      if (name !== "things" && all[name]!.length === 0) delete all[name]
    }
    return all
  })

const thing = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  v: fc.integer({ min: 0, max: 8 }),
  at: fc.constant(0),
  tags: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 })
})

const things = (options: Partial<Resource.Options>) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    paginator: Cursor.make({ cursorPath: "next", cursorParam: "cursor" }),
    maxRejectRatio: 1,
    ...options
  })

/** Runs, and then a replay by the source that is right by then. */
const outcome = (
  steps: ReadonlyArray<{ readonly items: ReadonlyArray<Thing>; readonly of: ReturnType<typeof source> }>,
  options: { readonly mended?: ReturnType<typeof source>; readonly numbered: boolean; readonly way: string }
) => {
  const now = { items: steps[0]!.items }
  const served = api(now, options.way)
  return Effect.gen(function* () {
    let failed = false
    for (const step of steps) {
      now.items = step.items
      failed ||= line(yield* run(step.of), "things").status === "failed"
      yield* TestClock.adjust("1 second")
    }
    const done = options.mended === undefined ? undefined : yield* replay(options.mended)
    return {
      failed,
      status: done?.status,
      left: yield* rows("SELECT state, stage, reason, raw FROM _sluice_rejects"),
      tables: yield* tables(options.numbered)
    }
  }).pipe(Effect.provide(Layer.provideMerge(stages(served, steps[0]!.of), TestContext.TestContext)))
}

const check = (property: fc.IAsyncProperty<unknown>) =>
  Effect.promise(() => fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: 8 }))

describe("quarantine, mend, replay", () => {
  for (const [way, { right, wrong }] of Object.entries(ways)) {
    for (const [name, options] of Object.entries(dispositions)) {
      it.effect(`is a sync that was right from the start: ${name}, refused by ${way}`, () => {
        // A row on which a step fails has no key yet: which of two versions came first is not known.
        const list =
          way === "steps" && "primaryKey" in options
            ? fc.uniqueArray(thing, { selector: ({ id }) => id, maxLength: 7 })
            : fc.array(thing, { maxLength: 7 })
        return check(
          fc.asyncProperty(list, list, (first, second) =>
            Effect.gen(function* () {
              const good = source(things({ ...options, ...right }))
              const bad = source(things({ ...options, ...wrong }))
              const numbered = !("primaryKey" in options) || name === "scd2"
              const mended = yield* outcome(
                [
                  { items: first, of: good },
                  { items: second, of: bad }
                ],
                { mended: good, numbered, way }
              )
              const reference = yield* outcome(
                [
                  { items: first, of: good },
                  { items: second, of: good }
                ],
                { numbered, way }
              )
              // Two pages alike: the endpoint seems to ignore paging.
              if (mended.failed || reference.failed) return
              assert.deepStrictEqual(mended.left, [])
              assert.strictEqual(mended.status, "complete")
              assert.deepStrictEqual(mended.tables, reference.tables)
            }).pipe(Effect.runPromise)
          )
        )
      })
    }
  }

  for (const [way, { right, wrong }] of Object.entries(ways)) {
    it.effect(`the same, of runs that ask for newer rows only, refused by ${way}`, () =>
      check(
        fc.asyncProperty(
          fc.array(
            fc.record({
              isBad: fc.boolean(),
              items: fc.uniqueArray(thing, { selector: ({ id }) => id, minLength: 1, maxLength: 4 })
            }),
            { minLength: 1, maxLength: 4 }
          ),
          (runs) =>
            Effect.gen(function* () {
              const of = (options: Partial<Resource.Options>) =>
                source(
                  things({
                    primaryKey: "id",
                    query: [["since", "{incremental.start_value}"]],
                    incremental: { cursorPath: "at", initialValue: 0 },
                    ...options
                  })
                )
              let at = 0
              let items: ReadonlyArray<Thing> = []
              const all = runs.map((one) => {
                const news = one.items.map((item) => ({ ...item, at: ++at }))
                items = [...items.filter(({ id }) => !news.some((other) => other.id === id)), ...news]
                return { isBad: one.isBad, items }
              })
              const replayed = yield* outcome(
                all.map((one) => ({ items: one.items, of: of(one.isBad ? wrong : right) })),
                { mended: of(right), numbered: false, way }
              )
              if (replayed.failed) return
              const reference = yield* outcome(
                all.map((one) => ({ items: one.items, of: of(right) })),
                { numbered: false, way }
              )
              assert.deepStrictEqual(replayed.left, [])
              assert.deepStrictEqual(replayed.tables, reference.tables)
            }).pipe(Effect.runPromise)
        )
      )
    )
  }
})
