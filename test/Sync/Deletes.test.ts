/** Rows that the API does not have any more, over whole runs: when they go, and when nothing does. */
import type { SqlClient } from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Cursor, Offset, PageNumber, type Receipt, Resource, SinglePage, type Sync } from "sluice"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

type Thing = Readonly<Record<string, unknown>>

const byTwo = Offset.make({ limit: 2, totalPath: "total" })

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    primaryKey: "id",
    paginator: byTwo,
    deletes: "soft",
    ...options
  })

interface Now {
  items: ReadonlyArray<Thing>
  /** The offset that is answered with an error. */
  broken?: number | undefined
  total?: number | undefined
  answer?: ((asked: Asked) => Answer | undefined) | undefined
}

const serving = (now: Now) =>
  serve((asked) => {
    const offset = Number(asked.query["offset"] ?? 0)
    const other = now.answer?.(asked)
    if (other !== undefined) return other
    if (now.broken === offset) return { status: 400, body: { error: "broken" } }
    const limit = Number(asked.query["limit"] ?? 1000)
    return { body: { items: now.items.slice(offset, offset + limit), total: now.total ?? now.items.length } }
  })

const many = (...ids: ReadonlyArray<number>) => ids.map((id) => ({ id, v: "a" }))
const ten = many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
const without = (...ids: ReadonlyArray<number>) => ten.filter(({ id }) => !ids.includes(id))

/** Ids that are there, and ids that are marked. */
const held = Effect.gen(function* () {
  const live = yield* rows("SELECT id FROM things WHERE _sluice_deleted_at IS NULL ORDER BY id")
  const gone = yield* rows("SELECT id FROM things WHERE _sluice_deleted_at IS NOT NULL ORDER BY id")
  return { live: live.flat(), gone: gone.flat() }
})
const ids = Effect.map(rows("SELECT id FROM things ORDER BY id"), (all) => all.flat())

const told = (receipt: Receipt.Receipt, name = "things") => {
  const { notices, rows: counts, status } = line(receipt, name)
  return { status, deleted: counts.deleted, notices: notices.join("\n") }
}

/** A run of another resource than the one the Layer was built for: the configuration was edited in between. */
const edited = (options: Partial<Resource.Options>) => source(things(options))

const over = <E>(now: Now, options: Partial<Resource.Options>, body: Effect.Effect<void, E, Sync.Sync | SqlClient>) =>
  body.pipe(Effect.provide(stages(serving(now), edited(options))))

describe("rows that are gone", () => {
  it.effect("are marked once, with their lists, and are there again when they come again", () => {
    const now: Now = { items: ten.map((item) => ({ ...item, l: ["x"] })) }
    const of = edited({})
    const all = now.items
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(of)
        now.items = all.filter(({ id }) => id !== 3 && id !== 7)
        const second = yield* run(of)
        assert.deepStrictEqual(told(second), {
          status: "complete",
          deleted: 2,
          notices: "2 rows that the API does not have any more: marked in _sluice_deleted_at"
        })
        assert.deepInclude(line(second, "things").rows, { fetched: 8, unchanged: 8, updated: 0 })
        assert.deepStrictEqual((yield* held).gone, [3, 7])
        const [[at, by]] = (yield* rows("SELECT _sluice_deleted_at, _sluice_run FROM things WHERE id = 3")) as [
          [string, string]
        ]
        assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
        assert.strictEqual(by, second.run)
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things__l"), [[10]])
        assert.deepStrictEqual(
          yield* rows("SELECT deleted FROM _sluice_resources WHERE run = (SELECT max(run) FROM _sluice_runs)"),
          [[2]]
        )
        // Another walk of the same: nothing is marked again.
        const third = yield* run(of)
        assert.deepStrictEqual(told(third), { status: "complete", deleted: 0, notices: "" })
        assert.deepInclude(line(third, "things").rows, { fetched: 8, unchanged: 8 })
        assert.deepStrictEqual(yield* rows("SELECT _sluice_deleted_at FROM things WHERE id = 3"), [[at]])
        // The same row as before, to the last digit.
        now.items = all.filter(({ id }) => id !== 7)
        const fourth = yield* run(of)
        assert.deepInclude(line(fourth, "things").rows, { fetched: 9, unchanged: 8, updated: 1, deleted: 0 })
        assert.deepStrictEqual((yield* held).gone, [7])
        assert.deepStrictEqual(yield* rows("SELECT _sluice_run FROM things WHERE id = 3"), [[fourth.run]])
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things__l WHERE _parent_id = 3"), [[1]])
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_seen"), [[0]])
      })
    )
  })

  it.effect("are taken away with their lists by `hard`", () => {
    const now: Now = { items: ten.map((item) => ({ ...item, l: ["x", "y"] })) }
    const of = edited({ deletes: "hard" })
    return over(
      now,
      { deletes: "hard" },
      Effect.gen(function* () {
        yield* run(of)
        now.items = now.items.slice(0, 8)
        assert.deepStrictEqual(told(yield* run(of)), {
          status: "complete",
          deleted: 2,
          notices: "2 rows that the API does not have any more: deleted"
        })
        assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8])
        assert.deepStrictEqual(yield* rows("SELECT count(*), max(_parent_id) FROM things__l"), [[16, 8]])
        assert.deepStrictEqual(told(yield* run(of)), { status: "complete", deleted: 0, notices: "" })
        assert.deepStrictEqual(yield* rows("PRAGMA foreign_key_check"), [])
      })
    )
  })

  it.effect("are left alone where nothing is said of them, and nothing is remembered", () => {
    const now: Now = { items: ten }
    const of = edited({ deletes: "ignore" })
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(of)
        now.items = []
        yield* run(of, { limitPages: 1 })
        now.items = without(1)
        assert.deepStrictEqual(told(yield* run(of, { limitPages: 2 })).deleted, 0)
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_seen"), [[0]])
        assert.deepStrictEqual(told(yield* run(of)), {
          status: "complete",
          deleted: 0,
          notices:
            "resumed after page 2 of run " +
            (yield* rows("SELECT run FROM _sluice_runs ORDER BY 1 DESC LIMIT 1 OFFSET 1"))[0]![0]
        })
        assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        assert.deepStrictEqual(
          yield* rows("SELECT name FROM pragma_table_info('things') WHERE name LIKE '%deleted%'"),
          []
        )
      })
    )
  })
})

const explodes = {
  map: () => {
    throw new Error("no")
  }
}

/** What must never be taken for a deletion: each of them after a first whole walk, the API now without the rows 9 and 10. */
const never: ReadonlyArray<{
  readonly what: string
  readonly options?: Partial<Resource.Options>
  readonly now: Partial<Now>
  readonly limitPages?: number
  readonly status: string
  readonly says: string
}> = [
  {
    what: "a walk that --limit-pages ends",
    now: {},
    limitPages: 3,
    status: "partial",
    says: "nothing was looked for that is gone: "
  },
  { what: "a walk that fails", now: { broken: 4 }, status: "failed", says: "" },
  {
    what: "a walk that read less than the API reports",
    now: { total: 10 },
    status: "partial",
    says: "nothing was looked for that is gone: "
  },
  {
    what: "a walk up to a cap of the configuration",
    options: { paginator: Offset.make({ limit: 2, totalPath: "total", maximumOffset: 6 }) },
    now: {},
    status: "partial",
    says: "nothing was looked for that is gone: "
  },
  {
    what: "a walk that a response action ended, and that is fine",
    options: { paginator: Offset.make({ limit: 2 }), actions: [{ statusCode: 404, action: { kind: "ignore" } }] },
    now: {
      answer: ({ query }) =>
        query["offset"] === "6"
          ? { status: 404, body: {} }
          : { body: { items: ten.slice(Number(query["offset"]), Number(query["offset"]) + 2) } }
    },
    status: "complete",
    says: "an answer was passed over"
  },
  {
    what: "a walk that a response action stopped",
    options: { actions: [{ statusCode: 404, action: { kind: "stop" } }] },
    now: { answer: ({ query }) => (query["offset"] === "6" ? { status: 404, body: {} } : undefined) },
    status: "partial",
    says: "nothing was looked for that is gone: "
  },
  {
    what: "an endpoint that ignores paging",
    options: { paginator: Offset.make({ limit: 4 }) },
    now: { answer: () => ({ body: { items: without(9, 10) } }) },
    status: "complete",
    says: "the same page came again"
  },
  {
    what: "a page number behind the last one, answered with 404",
    options: { paginator: PageNumber.make({ basePage: 1, totalPath: null }), selector: "items" },
    now: {
      answer: ({ query }) =>
        Number(query["page"]) > 4
          ? { status: 404, body: {} }
          : { body: { items: without(9, 10).slice(Number(query["page"]) * 2 - 2, Number(query["page"]) * 2) } }
    },
    status: "complete",
    says: "gone: the API answered 404"
  },
  {
    what: "a list without a total, read by cursors, in which a row came twice",
    options: { paginator: Cursor.make() },
    now: {
      answer: ({ query }) => {
        // Row 8 was the fourth page's, and jumped to the front when the second page was read.
        const at = Number(query["cursor"] ?? 0)
        const list = at < 2 ? many(1, 2, 3, 4, 5, 6, 7, 8) : many(8, 1, 2, 3, 4, 5, 6, 7)
        return { body: { items: list.slice(at, at + 2), cursors: { next: at < 6 ? String(at + 2) : null } } }
      }
    },
    status: "complete",
    says: "rows came twice"
  },
  {
    what: "a list with a total in which a row came twice",
    now: { items: many(1, 2, 3, 4, 5, 6, 7, 7) },
    status: "partial",
    says: "nothing was looked for that is gone: "
  },
  {
    what: "a list by offset without a total, which may have moved",
    options: { paginator: Offset.make({ limit: 3 }) },
    now: {
      answer: ({ query }) => ({
        body: { items: without(9, 10).slice(Number(query["offset"]), Number(query["offset"]) + 3) }
      })
    },
    status: "complete",
    says: "the API reports no total"
  },
  { what: "an empty list", now: { items: [] }, status: "partial", says: "no row came, and the table holds 10" },
  {
    what: "an empty list, when everything may vanish",
    options: { deletes: { mode: "soft", maxRatio: 1 } },
    now: { items: [] },
    status: "partial",
    says: "no row came, and the table holds 10"
  },
  {
    what: "a refused row whose key is not known",
    options: { columns: [{ name: "v", nullable: false }] },
    now: { items: [...many(1, 2, 3, 4, 5, 6, 7), { v: "a" }] },
    status: "partial",
    says: "rows were refused whose key cannot be told"
  },
  {
    what: "a row that a step could not take",
    options: { processing: [explodes], maxRejectRatio: 1 },
    now: {},
    status: "partial",
    says: "rows were refused before their key was known"
  },
  {
    what: "a row that the schema contract leaves out",
    options: { contract: { columns: "discard_row" } },
    now: { items: [...many(1, 2, 3, 4, 5, 6, 7), { id: 8, v: "a", new: 1 }] },
    status: "complete",
    says: "schema_contract left rows out"
  }
]

describe("nothing is deleted after", () => {
  for (const mode of ["soft", "hard"] as const) {
    for (const { limitPages, now: change, options = {}, says, status, what } of never) {
      it.effect(`${what} (${mode})`, () => {
        const now: Now = { items: ten }
        const given = typeof options.deletes === "object" ? options.deletes : {}
        const before = { deletes: { ...given, mode } }
        const of = edited({ ...options, deletes: before.deletes })
        return over(
          now,
          {},
          Effect.gen(function* () {
            yield* run(edited({ ...before }))
            assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
            Object.assign(now, { items: without(9, 10) }, change)
            const receipt = told(yield* run(of, { fullRefresh: true, limitPages }))
            assert.strictEqual(receipt.status, status)
            assert.include(receipt.notices, says)
            assert.strictEqual(receipt.deleted, 0)
            assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
            if (mode === "soft") assert.deepStrictEqual((yield* held).gone, [])
            // And the next whole walk finds them gone.
            const next = told(
              yield* (
                Object.assign(now, { items: without(9, 10), broken: undefined, total: undefined, answer: undefined }),
                run(edited({ ...before }), { fullRefresh: true })
              )
            )
            assert.deepInclude(next, { status: "complete", deleted: 2 })
            assert.deepStrictEqual(mode === "soft" ? (yield* held).live : yield* ids, [1, 2, 3, 4, 5, 6, 7, 8])
          })
        )
      })
    }
  }
})

describe("deletes", () => {
  it.effect("refuse to let more vanish than max_delete_ratio allows, and judge anew with the next walk", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({}))
        now.items = without(1, 2, 3)
        const refused = told(yield* run(edited({})))
        assert.deepInclude(refused, { status: "partial", deleted: 0 })
        assert.include(refused.notices, "3 of 10 rows did not come any more, and max_delete_ratio (0.2) allows 2")
        assert.include(refused.notices, "run once with `max_delete_ratio: 1`")
        assert.deepStrictEqual((yield* held).gone, [])
        // Two are allowed.
        now.items = without(1, 2)
        assert.deepInclude(told(yield* run(edited({}))), { status: "complete", deleted: 2 })
        // Marked ones are none of the eight any more.
        now.items = without(1, 2, 3, 4)
        assert.include(told(yield* run(edited({}))).notices, "2 of 8 rows")
        assert.deepInclude(told(yield* run(edited({ deletes: { mode: "soft", maxRatio: 1 } }))), {
          status: "complete",
          deleted: 2
        })
        now.items = without(1, 2, 3, 4, 5)
        assert.deepInclude(told(yield* run(edited({ deletes: { mode: "soft", maxRatio: 0 } }))), {
          status: "partial",
          deleted: 0
        })
        assert.deepStrictEqual((yield* held).gone, [1, 2, 3, 4])
      })
    )
  })

  it.effect("count what all runs of a walk brought, and not what another walk did", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({}))
        now.items = without(9, 10)
        yield* run(edited({}), { limitPages: 1 })
        assert.deepStrictEqual(yield* rows("SELECT key FROM _sluice_seen ORDER BY 1"), [["1"], ["2"]])
        now.broken = 6
        assert.strictEqual(told(yield* run(edited({}))).status, "failed")
        assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_seen"), [[6]])
        now.broken = undefined
        const last = yield* run(edited({}))
        assert.deepInclude(line(last, "things").rows, { fetched: 2, deleted: 2 })
        assert.deepStrictEqual(yield* held, { live: [1, 2, 3, 4, 5, 6, 7, 8], gone: [9, 10] })
        // What an abandoned walk has seen is no proof of anything: by now it is gone.
        now.items = ten
        yield* run(edited({}), { limitPages: 4 })
        now.items = without(1, 9, 10)
        assert.deepInclude(told(yield* run(edited({}), { fullRefresh: true })), { deleted: 1 })
        assert.deepStrictEqual((yield* held).gone, [1, 9, 10])
      })
    )
  })

  it.effect("do not go on with a walk that was begun without them", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({ deletes: "ignore" }))
        now.items = without(10)
        yield* run(edited({ deletes: "ignore" }), { limitPages: 4 })
        const receipt = yield* run(edited({}))
        assert.include(told(receipt).notices, "`deletes` changed since run ")
        assert.deepInclude(line(receipt, "things").rows, { fetched: 9, deleted: 1 })
        // The column was made for a table that was there.
        assert.deepStrictEqual((yield* held).gone, [10])
        // From marking to taking away the walk is the same.
        now.items = without(9, 10)
        yield* run(edited({}), { limitPages: 2 })
        const hard = told(yield* run(edited({ deletes: "hard" })))
        assert.include(hard.notices, "resumed after page 2")
        // What was marked goes too: it was found to be gone when it was marked.
        assert.deepInclude(hard, { status: "complete", deleted: 2 })
        assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8])
      })
    )
  })

  it.effect("leave marks to a row that comes again, whatever the configuration says by then", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        for (const options of [
          { deletes: "ignore" },
          { deletes: "hard" },
          { deletes: "ignore", writeDisposition: "replace" },
          { deletes: "ignore", writeDisposition: { mergeKey: ["v"] } }
        ] as const) {
          now.items = ten
          yield* run(edited({}))
          now.items = without(10)
          yield* run(edited({}))
          assert.deepStrictEqual((yield* held).gone, [10])
          now.items = ten
          const receipt = yield* run(edited(options))
          assert.deepInclude(line(receipt, "things").rows, { inserted: 0, updated: 1, unchanged: 9 })
          assert.deepStrictEqual((yield* held).gone, [])
        }
      })
    )
  })

  it.effect("keep marks when the key of the table becomes text", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({ deletes: "ignore" }))
        now.items = [...without(10), { id: "99999999999999999999", v: "a" }]
        // In one transaction the table gets the column and is made anew.
        assert.deepInclude(told(yield* run(edited({}))), { status: "complete", deleted: 1 })
        assert.deepStrictEqual((yield* held).gone, ["10"])
        now.items = [...now.items, { id: "a-1", v: "b", l: [1] }]
        assert.deepInclude(told(yield* run(edited({}))), { status: "complete", deleted: 0 })
        assert.deepStrictEqual((yield* held).gone, ["10"])
      })
    )
  })

  it.effect("take a refused row for one that is there, if its key can be told", () => {
    const columns = [{ name: "v", nullable: false }]
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({ columns, maxRejectRatio: 1 }))
        now.items = [...without(9, 10).slice(0, -1), { id: 8, v: null }, { id: "77", v: null }]
        const receipt = told(yield* run(edited({ columns, maxRejectRatio: 1 })))
        assert.deepInclude(receipt, { status: "partial", deleted: 2 })
        assert.deepStrictEqual(yield* held, { live: [1, 2, 3, 4, 5, 6, 7, 8], gone: [9, 10] })
      })
    )
  })

  it.effect("are not fooled by a refused row that stands for one that was passed over", () => {
    const columns = [{ name: "v", nullable: false }]
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({ columns }))
        // Ten rows, as the API says: but one of them twice, and one refused.
        now.items = [...many(1, 2, 3, 4, 5, 6, 7, 7, 9), { id: 10, v: null }]
        const receipt = told(yield* run(edited({ columns })))
        assert.deepInclude(receipt, { status: "partial", deleted: 0 })
        assert.deepStrictEqual((yield* held).gone, [])
      })
    )
  })

  it.effect("take a row that a filter leaves out for one that is gone", () => {
    const now: Now = { items: ten }
    const processing = [{ filter: { path: "v", op: "eq", value: "a" } }] as const
    return over(
      now,
      {},
      Effect.gen(function* () {
        yield* run(edited({}))
        now.items = [...without(10), { id: 10, v: "b" }]
        assert.deepInclude(told(yield* run(edited({ processing }))), { deleted: 1 })
        assert.deepStrictEqual((yield* held).gone, [10])
      })
    )
  })

  it.effect("go with marks of the API, a chosen row of a key, an inferred key", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        const hardDelete = { writeDisposition: { hardDelete: "gone" } } as const
        yield* run(edited(hardDelete))
        now.items = [...without(9, 10), { id: 10, gone: true }]
        const marked = yield* run(edited(hardDelete))
        assert.deepInclude(line(marked, "things").rows, { unchanged: 8, deleted: 2 })
        assert.deepStrictEqual(yield* held, { live: [1, 2, 3, 4, 5, 6, 7, 8], gone: [9] })

        now.items = [...many(1, 2, 3, 4, 5, 6, 7), { id: 7, v: "b" }, { id: 7, v: "0" }]
        const sorted = {
          writeDisposition: { dedupSort: { field: "v", order: "desc" } },
          paginator: SinglePage.make()
        } as const
        assert.deepInclude(told(yield* run(edited(sorted))), { status: "complete", deleted: 1 })
        assert.deepStrictEqual(yield* held, { live: [1, 2, 3, 4, 5, 6, 7], gone: [8, 9] })
        assert.deepStrictEqual(yield* rows("SELECT v FROM things WHERE id = 7"), [["b"]])

        const inferred = { name: "guessed", primaryKey: { fields: ["no_such"], origin: "default" } } as const
        now.items = ten
        yield* run(edited(inferred))
        now.items = without(4)
        const receipt = yield* run(edited(inferred))
        assert.deepInclude(line(receipt, "guessed"), {
          status: "complete",
          primary_key: ["id"],
          primary_key_inferred: true
        })
        assert.deepStrictEqual(yield* rows("SELECT id FROM guessed WHERE _sluice_deleted_at IS NOT NULL"), [[4]])
      })
    )
  })

  it.effect("fail a resource that cannot tell, in a program, and write nothing", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        for (const [options, says] of [
          [{ writeDisposition: "append" }, "`append` adds every row"],
          [{ writeDisposition: "replace" }, "`replace` already"],
          [{ writeDisposition: { strategy: "scd2" } }, "`scd2` already"],
          [{ writeDisposition: { strategy: "insert-only" } }, "`insert-only` leaves"],
          [{ writeDisposition: { mergeKey: ["v"] } }, "a `merge_key` already"],
          [{ primaryKey: [] }, "without a primary key"],
          [{ incremental: { cursorPath: "id" } }, "`incremental` asks for"]
        ] as const) {
          const found = line(yield* run(edited(options)), "things")
          assert.strictEqual(found.status, "failed")
          assert.include(found.error?.message, says)
        }
        assert.deepStrictEqual(yield* rows("SELECT name FROM sqlite_master WHERE name = 'things'"), [])
      })
    )
  })
})

describe("what other tools have lost rows by", () => {
  it.effect("a first run takes nothing of what it has just brought (cloudquery#12967)", () =>
    over(
      { items: ten },
      {},
      Effect.gen(function* () {
        const all = { deletes: { mode: "hard", maxRatio: 1 } } as const
        for (const _ of [1, 2, 3]) {
          assert.deepInclude(told(yield* run(edited(all))), { status: "complete", deleted: 0 })
          assert.lengthOf(yield* ids, 10)
        }
      })
    )
  )

  it.effect(
    "a cursor that asks for newer rows does not make the older ones gone (cloudquery#10850, cloudquery#13482)",
    () => {
      const now: Now = { items: ten }
      const incremental = {
        incremental: { cursorPath: "id", startParam: "from" },
        paginator: SinglePage.make()
      } as const
      now.answer = ({ query }) => ({
        body: { items: now.items.filter(({ id }) => Number(id) >= Number(query["from"] ?? 0)) }
      })
      return over(
        now,
        {},
        Effect.gen(function* () {
          yield* run(edited({ ...incremental, deletes: "ignore" }))
          for (const deletes of ["soft", "hard"] as const) {
            const found = line(yield* run(edited({ ...incremental, deletes })), "things")
            assert.strictEqual(found.status, "failed")
            assert.include(found.error?.message, "`incremental` asks for what is newer")
            assert.lengthOf(yield* ids, 10)
          }
        })
      )
    }
  )

  it.effect("rows go with the last transaction or not at all, also when that one fails (nango#1132)", () => {
    const now: Now = { items: ten }
    return over(
      now,
      {},
      Effect.gen(function* () {
        const hard = edited({ deletes: { mode: "hard", maxRatio: 1 } })
        yield* run(hard)
        now.items = without(1, 2, 3)
        // Two of the three can be deleted, the third one cannot.
        yield* rows(
          "CREATE TRIGGER stays BEFORE DELETE ON things WHEN old.id = 3 BEGIN SELECT raise(ABORT, 'it stays'); END"
        )
        const failed = line(yield* run(hard), "things")
        assert.strictEqual(failed.status, "failed")
        assert.include(failed.error?.message, "it stays")
        assert.strictEqual(failed.rows.deleted, 0)
        assert.lengthOf(yield* ids, 10)
        yield* rows("DROP TRIGGER stays")
        assert.deepInclude(told(yield* run(hard)), { status: "complete", deleted: 3 })
      })
    )
  })

  it.effect("a run of one resource says nothing of the others (cloudquery#5456)", () => {
    const now: Now = { items: ten }
    const of = source(things({ deletes: "hard" }), things({ name: "others", deletes: "hard" }))
    return Effect.gen(function* () {
      yield* run(of)
      now.items = without(10)
      yield* run(of, { resources: ["others"] })
      assert.lengthOf(yield* ids, 10)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM others"), [[9]])
    }).pipe(Effect.provide(stages(serving(now), of)))
  })
})

describe("deletes.aged_by", () => {
  const dated = (...days: ReadonlyArray<number>) =>
    days.map((day) => ({
      id: day,
      at: `2026-01-${String(day).padStart(2, "0")}T08:00:00Z`,
      n: day,
      r: day / 2,
      t: "x"
    }))
  const month = dated(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)

  for (const agedBy of ["at", "n", "r"]) {
    for (const mode of ["soft", "hard"] as const) {
      it.effect(`keeps what lies before all that came, and does not count it (${agedBy}, ${mode})`, () => {
        const now: Now = { items: month }
        const options = { deletes: { mode, agedBy, maxRatio: 0.25 } }
        return over(
          now,
          options,
          Effect.gen(function* () {
            yield* run(edited(options))
            // The window has moved to the seventh, and the eighth is gone: one of four.
            now.items = dated(7, 9, 10)
            assert.deepInclude(told(yield* run(edited(options))), { status: "complete", deleted: 1 })
            assert.deepStrictEqual(
              yield* rows(
                `SELECT id FROM things ${mode === "soft" ? "WHERE _sluice_deleted_at IS NULL" : ""} ORDER BY 1`
              ),
              [[1], [2], [3], [4], [5], [6], [7], [9], [10]]
            )
            now.items = dated(7, 10)
            assert.include(told(yield* run(edited(options))).notices, "1 of 3 rows")
            now.items = []
            assert.deepInclude(told(yield* run(edited(options))), { status: "partial", deleted: 0 })
          })
        )
      })
    }
  }

  it.effect("keeps rows that do not say how old they are, and takes no other text for a time", () => {
    const now: Now = { items: [...month, { id: 11, at: null }, { id: 12, at: "0 unknown" }, { id: 13, at: "unknown" }] }
    const options = { deletes: { mode: "hard", agedBy: "at" } } as const
    return over(
      now,
      options,
      Effect.gen(function* () {
        yield* run(edited(options))
        now.items = [...dated(4, 5, 6, 7, 8, 9), { id: 12, at: "0 unknown" }]
        assert.deepInclude(told(yield* run(edited(options))), { status: "complete", deleted: 1 })
        assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13])
      })
    )
  })

  it.effect("fails the resource where it is no time and no number, or not there", () => {
    const now: Now = { items: month }
    return over(
      now,
      {},
      Effect.gen(function* () {
        for (const [agedBy, says] of [
          ["t", "its values are text, and must be timestamps or numbers"],
          ["nowhere", "no row has had such a field"],
          ["l", "no row has had such a field"]
        ] as const) {
          const found = line(yield* run(edited({ deletes: { mode: "hard", agedBy } })), "things")
          assert.strictEqual(found.status, "failed")
          assert.include(found.error?.message, `deletes.aged_by ${agedBy}: ${says}`)
        }
        assert.lengthOf(yield* ids, 10)
      })
    )
  })
})
