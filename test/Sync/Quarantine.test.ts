/** How many refused rows fail a resource, which of them are over, and what a run says while some are out. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource, SinglePage } from "sluice"
import { line, replay, rows, run, serve, source, stages } from "./support.ts"

type Row = Readonly<Record<string, unknown>>

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 50 }),
    columns: [{ name: "n", dataType: "bigint" }],
    ...options
  })

const since: Resource.Options["query"] = [["since", "{incremental.start_value}"]]

const mended = { columns: [{ name: "n", dataType: "text" as const }] }

/** `bad` of them are words where numbers are declared. */
const list = (all: number, bad: (id: number) => boolean) =>
  Array.from({ length: all }, (_, id) => ({ id, at: id + 1, n: bad(id) ? `x${id}` : id }))

const api = (now: { items: ReadonlyArray<Row> }) =>
  serve(({ query }) => {
    const since = Number(query["since"] ?? 0)
    const from = Number(query["offset"] ?? 0)
    const items = now.items.filter((row) => Number(row["at"] ?? 0) >= since)
    return { body: { items: items.slice(from, from + Number(query["limit"] ?? 1000)) } }
  })

const once = (options: Partial<Resource.Options>, items: ReadonlyArray<Row>) => {
  const of = source(things(options))
  return Effect.map(run(of), (receipt) => line(receipt, "things")).pipe(
    Effect.zip(rows("SELECT state, count(*) FROM _sluice_rejects GROUP BY 1")),
    Effect.provide(stages(api({ items }), of))
  )
}

describe("how many rows may be refused", () => {
  it.effect("one row is no pattern, two of three are", () =>
    Effect.gen(function* () {
      const [one] = yield* once(
        {},
        list(3, (id) => id === 0)
      )
      assert.deepInclude(one, { status: "partial", error: null })
      const [two, kept] = yield* once(
        {},
        list(3, (id) => id > 0)
      )
      assert.deepInclude(two, { status: "failed", stop_reason: "error" })
      assert.deepInclude(two.error!, { stage: "row", reason: "Rejects" })
      assert.match(
        two.error!.message,
        /^2 of 3 rows were refused \(66\.7 %; a tenth is allowed .*most often .* at n \(2 times\)/
      )
      assert.match(two.error!.message, /sluice rejects list --resource things shows them/)
      // Nothing of the page is stored, and what it refused can be looked at.
      assert.deepInclude(two.rows, { fetched: 0, inserted: 0 })
      assert.deepStrictEqual(kept, [["again", 2]])
    })
  )

  it.effect("a ratio that is written is taken literally", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* once(
          { maxRejectRatio: 0 },
          list(300, (id) => id === 299)
        ))[0].status,
        "failed"
      )
      assert.strictEqual(
        (yield* once(
          { maxRejectRatio: 0.5 },
          list(4, (id) => id < 2)
        ))[0].status,
        "partial"
      )
      assert.strictEqual(
        (yield* once(
          { maxRejectRatio: 0.5 },
          list(5, (id) => id < 3)
        ))[0].status,
        "failed"
      )
      assert.strictEqual(
        (yield* once(
          { maxRejectRatio: 1 },
          list(5, () => true)
        ))[0].status,
        "partial"
      )
    })
  )

  it.effect("a bad first page fails no run that is fine over all, a run that is not stops early", () =>
    Effect.gen(function* () {
      const [fine] = yield* once(
        {},
        list(400, (id) => id < 9)
      )
      assert.deepInclude(fine, { status: "partial", error: null })
      assert.deepInclude(fine.rows, { fetched: 400, inserted: 391, rejected: 9 })
      const [bad] = yield* once(
        {},
        list(400, (id) => id % 5 === 0)
      )
      assert.strictEqual(bad.status, "failed")
      assert.deepInclude(bad.rows, { fetched: 50, rejected: 10 })
    })
  )

  it.effect("a page that was too much is so for the next run, too", () => {
    const now = { items: list(150, (id) => id === 3 || (id >= 50 && id < 90)) }
    const of = source(things())
    return Effect.gen(function* () {
      for (const _ of [1, 2, 3]) {
        const failed = line(yield* run(of), "things")
        assert.deepInclude(failed, { status: "failed" })
        assert.match(failed.error!.message, /^41 of 100 rows were refused/)
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[49]])
      }
      now.items = list(150, (id) => id === 3)
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[149]])
      assert.deepStrictEqual(yield* rows("SELECT state, count(*) FROM _sluice_rejects GROUP BY 1"), [["open", 1]])
    }).pipe(Effect.provide(stages(api(now), of)))
  })

  it.effect("mended, the walk goes on behind the last page that is stored, and every row is there once", () => {
    const of = source(things())
    const fixed = source(things(mended))
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "failed")
      // Their page comes again: nothing is to be replayed of it.
      const early = yield* replay(fixed)
      assert.deepInclude(early.resources[0], { stored: 10, remaining: 10 })
      assert.match(line(yield* run(fixed), "things").notices.join("\n"), /resumed after page 1 /)
      assert.deepStrictEqual(yield* rows("SELECT count(*), count(DISTINCT id) FROM things"), [[400, 400]])
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
    }).pipe(Effect.provide(stages(api({ items: list(400, (id) => id % 5 === 0) }), of)))
  })

  it.effect("the same, of rows without a key: none is doubled", () => {
    const append = { primaryKey: [], writeDisposition: "append" as const }
    const of = source(things(append))
    const fixed = source(things({ ...append, ...mended }))
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "failed")
      const early = yield* replay(fixed)
      assert.deepInclude(early, { status: "partial" })
      assert.deepInclude(early.resources[0], { stored: 0 })
      yield* run(fixed)
      yield* replay(fixed)
      assert.deepStrictEqual(yield* rows("SELECT count(*), count(DISTINCT id) FROM things"), [[400, 400]])
    }).pipe(Effect.provide(stages(api({ items: list(400, (id) => id % 5 === 0) }), of)))
  })

  it.effect("a child is judged by the rows of all its parents, and asks for them again", () => {
    const parent = things({ name: "parents", path: "/parents", paginator: SinglePage.make(), columns: [] })
    const child = (options: Partial<Resource.Options>) =>
      things({ path: "/parents/{resources.parents.id}/things", paginator: SinglePage.make(), ...options })
    let asked = 0
    const served = serve(({ path }) => {
      if (path === "/parents") return { body: { items: [{ id: 1 }, { id: 2 }, { id: 3 }] } }
      asked++
      const id = Number(path.split("/")[2])
      return {
        body: {
          items: [
            { id: id * 10, n: 1 },
            { id: id * 10 + 1, n: id === 1 ? 1 : "x" }
          ]
        }
      }
    })
    const of = source(parent, child({}))
    return Effect.gen(function* () {
      const first = line(yield* run(of), "things")
      assert.deepInclude(first, { status: "failed" })
      assert.match(first.error!.message, /^2 of 6 rows were refused .*the rows that fitted are stored/)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[4]])
      const second = line(yield* run(source(parent, child(mended))), "things")
      assert.deepInclude(second, { status: "complete" })
      assert.strictEqual(asked, 6)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[6]])
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects WHERE state = 'open'"), [[0]])
    }).pipe(Effect.provide(stages(served, of)))
  })
})

describe("rows that are out", () => {
  const totals = (now: { items: ReadonlyArray<Row>; status?: number }) =>
    serve(() =>
      now.status === undefined
        ? { body: { items: now.items, total: now.items.length } }
        : { status: now.status, body: {} }
    )

  it.effect("a whole walk that does not refuse them again puts an end to them", () => {
    const now = { items: list(20, (id) => id === 3) }
    const of = source(things())
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "partial")
      assert.strictEqual(line(yield* run(of), "things").rows.rejected, 1)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[1]])
      now.items = now.items.filter(({ id }) => id !== 3)
      const whole = line(yield* run(of), "things")
      assert.deepInclude(whole, { status: "complete" })
      assert.include(whole.notices.join("\n"), "1 row that was refused before is over")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
    }).pipe(Effect.provide(stages(totals(now), of)))
  })

  it.effect("a walk that proves nothing leaves them where they are", () => {
    const now: { items: ReadonlyArray<Row>; status?: number } = { items: list(20, (id) => id === 3) }
    const of = source(things({ actions: [{ statusCode: 404, action: { kind: "ignore" } }] }))
    return Effect.gen(function* () {
      yield* run(of)
      // Nothing was read: the API still has the row, for all that is known.
      now.status = 404
      const ignored = line(yield* run(of), "things")
      assert.deepInclude(ignored, { status: "partial", stop_reason: "ignored" })
      assert.deepStrictEqual(yield* rows("SELECT state, raw FROM _sluice_rejects"), [
        ["open", `{"id":3,"at":4,"n":"x3"}`]
      ])
      delete now.status
      now.items = now.items.filter(({ id }) => id !== 3)
      assert.deepInclude(line(yield* run(of), "things"), { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
    }).pipe(Effect.provide(stages(totals(now), of)))
  })

  it.effect("a list without a total, by its places, is no proof that they are gone", () => {
    const now = { items: list(20, (id) => id === 3) }
    const of = source(things())
    return Effect.gen(function* () {
      yield* run(of)
      now.items = now.items.filter(({ id }) => id !== 3)
      assert.deepInclude(line(yield* run(of), "things"), { status: "partial" })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects WHERE state = 'open'"), [[1]])
      now.items = list(20, () => false)
      assert.deepInclude(line(yield* run(of), "things"), { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects WHERE state = 'open'"), [[0]])
    }).pipe(Effect.provide(stages(api(now), of)))
  })

  it.effect("an incremental resource is not complete while some are", () => {
    const incremental = {
      query: since,
      incremental: { cursorPath: "at", initialValue: 0 }
    }
    const now = { items: list(20, (id) => id === 3) }
    const of = source(things(incremental))
    return Effect.gen(function* () {
      assert.strictEqual(line(yield* run(of), "things").status, "partial")
      const second = line(yield* run(of), "things")
      assert.deepInclude(second, { status: "partial" })
      assert.deepInclude(second.rows, { rejected: 0 })
      assert.isFalse(second.completeness.proven)
      assert.match(
        second.notices.join("\n"),
        /1 row that earlier runs refused is still out: .*sluice rejects replay .*--full-refresh/
      )
      // It comes again by itself, and fits.
      now.items = [...now.items.filter(({ id }) => id !== 3), { id: 3, at: 99, n: 3 }]
      const third = line(yield* run(of), "things")
      assert.deepInclude(third, { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT n FROM things WHERE id = 3"), [[3]])
      yield* run(of)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
    }).pipe(Effect.provide(stages(api(now), of)))
  })

  it.effect("a full refresh of an incremental resource puts an end to them", () => {
    const incremental = {
      query: since,
      incremental: { cursorPath: "at", initialValue: 0 }
    }
    const now = { items: list(20, (id) => id === 3) }
    const of = (options: Partial<Resource.Options>) => source(things({ ...incremental, ...options }))
    return Effect.gen(function* () {
      yield* run(of({}))
      const second = line(yield* run(of(mended), { fullRefresh: true }), "things")
      assert.deepInclude(second, { status: "complete" })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects WHERE state = 'open'"), [[0]])
    }).pipe(Effect.provide(stages(api(now), of({}))))
  })
})

describe("on_bad_row: fail", () => {
  const bad: Record<string, { options: Partial<Resource.Options>; items: ReadonlyArray<Row>; message: RegExp }> = {
    "a value": {
      options: {},
      items: list(3, (id) => id === 1),
      message: /^page 0 \(offset=0, limit=50\), row 1: bad row at n: /
    },
    "a key that is missing": {
      options: {},
      items: [...list(2, () => false), { n: 1 }],
      message: /^page 0 \(offset=0, limit=50\), row 2: bad row at id: the primary key/
    },
    "a step": {
      options: {
        processing: [
          {
            map: (row: unknown) => {
              if ((row as { id: number }).id === 1) throw new TypeError("no")
              return row
            }
          }
        ]
      },
      items: list(3, () => false),
      message: /^page 0 \(offset=0, limit=50\), row 1: bad row at its top: .*map threw TypeError/
    },
    "a value, behind rows that a step takes out": {
      options: { processing: [{ filter: { path: "id", op: "ne", value: 0 } }] },
      items: list(3, (id) => id === 2),
      message: /^page 0 \(offset=0, limit=50\), row 2: bad row at n: /
    },
    "a cursor": {
      options: { incremental: { cursorPath: "at" } },
      items: [...list(2, () => false), { id: 9, n: 9 }],
      message: /^page 0 \(offset=0, limit=50\), row 2: bad row at at: the cursor/
    }
  }

  it.effect("names the page by its index, its request and its parent", () => {
    const api = serve(({ path, query }) => {
      if (path === "/groups") return { body: [{ id: 7 }] }
      const from = Number(query["offset"])
      return { body: { items: [{ id: from }, { id: from === 2 ? null : from + 1 }] } }
    })
    const paginator = Offset.make({ limit: 2, totalPath: null })
    const of = source(
      Resource.make({ name: "groups", path: "/groups", primaryKey: "id", paginator: SinglePage.make() }),
      Resource.make({
        name: "things",
        path: "/groups/{resources.groups.id}/things",
        selector: "items",
        primaryKey: "id",
        onBadRow: "fail",
        paginator
      })
    )
    return Effect.gen(function* () {
      const { error } = line(yield* run(of), "things")
      assert.strictEqual(
        error?.message,
        "page 1 (offset=2, limit=2) of groups 7, row 1: bad row at id: the primary key is null or missing"
      )
    }).pipe(Effect.provide(stages(api, of)))
  })

  for (const [name, { items, message, options }] of Object.entries(bad)) {
    it.effect(`stores nothing of the page, says where and why, and goes on once it is mended: ${name}`, () => {
      const now = { items }
      const of = source(things({ onBadRow: "fail", maxRejectRatio: 1, ...options }))
      return Effect.gen(function* () {
        const first = line(yield* run(of), "things")
        assert.deepInclude(first, { status: "failed", stop_reason: "error" })
        assert.deepInclude(first.error!, { stage: "row", reason: "BadRow" })
        assert.match(first.error!.message, message)
        assert.deepInclude(first.rows, { fetched: 0, inserted: 0 })
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_rejects"), [[0]])
        now.items = list(3, () => false)
        const fixed = source(things({ onBadRow: "fail", ...options, processing: [] }))
        assert.deepInclude(line(yield* run(fixed), "things").rows, { inserted: 3, rejected: 0 })
      }).pipe(Effect.provide(stages(api(now), of)))
    })
  }
})
