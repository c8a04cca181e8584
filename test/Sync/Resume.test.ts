import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted, TestClock } from "effect"
import { Api, Cursor, Fetch, Host, JsonLink, Offset, Resource, SinglePage, Source } from "sluice"
import { crash, memoryTable } from "sluice/testing"
import * as State from "../../src/Table/State.ts"
import { type Answer, type Asked, line, rows, run, serve, source, stages } from "./support.ts"

const all = Array.from({ length: 6 }, (_, i) => ({ id: i + 1 }))
const serving = () =>
  serve(({ query }) => {
    const from = Number(query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + 2), total: all.length } }
  })

const events = (token: string) =>
  Source.make({
    name: "test",
    api: { baseUrl: "https://api.test", retry: { maxRetries: 0 }, secrets: [Redacted.make(token)] },
    resources: [
      Resource.make({
        name: "events",
        method: "POST",
        path: "/events",
        // The second is a credential that nobody has declared to be one.
        query: [
          ["key", token],
          ["api_key", "literal-key"]
        ],
        body: { "a token": token, list: [`Token ${token}`] },
        selector: "items",
        primaryKey: "id",
        paginator: Offset.make({ limit: 2 })
      })
    ]
  })

describe("a checkpoint", () => {
  it.effect("holds no secret, and is gone on with under another one", () => {
    const [first, second] = ['s3cret-"one"', "s3cret-two"]
    const served = serving()
    return Effect.gen(function* () {
      yield* run(events(first), { limitPages: 1 })
      const [[checkpoint]] = (yield* rows("SELECT checkpoint FROM _sluice_state")) as [[string]]
      assert.include(checkpoint, '"index":1')
      assert.notInclude(checkpoint, "s3cret")
      assert.notInclude(checkpoint, "literal-key")
      const receipt = yield* run(events(second))
      assert.deepInclude(line(receipt, "events"), { status: "complete", pages: 2 })
    }).pipe(Effect.provide(stages(served, events(first))))
  })

  it.effect("is void where its page is the last one by now, whatever its rows", () => {
    let left = 3
    const served = serve(({ query }) => {
      const page = Number(query["cursor"] ?? 1)
      return { body: { items: all.slice(page * 2 - 2, page * 2), cursors: { next: page < left ? page + 1 : null } } }
    })
    const of = Source.make({
      name: "test",
      api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } },
      resources: [
        Resource.make({ name: "events", path: "/e", selector: "items", primaryKey: "id", paginator: Cursor.make() })
      ]
    })
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 2 })
      left = 2
      const receipt = line(yield* run(of), "events")
      assert.deepInclude(receipt, { status: "complete", stop_reason: "no_next" })
      assert.include(receipt.notices.join(), "page 2 is no longer what it was")
    }).pipe(Effect.provide(stages(served, of)))
  })
})

const write = (text: string) => Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(text))

const setCheckpoint = (path: string, json: string) =>
  write(`UPDATE _sluice_state SET checkpoint = json_set(checkpoint, '${path}', json('${json}'))`)

const items = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "items",
    path: "/items",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2 }),
    ...options
  })

const numbered = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, at: i + 1, kind: "a" }))

const paged = (other: (asked: Asked) => Answer | undefined = () => undefined) =>
  serve((asked) => {
    const from = Number(asked.query["offset"] ?? 0)
    return other(asked) ?? { body: { items: numbered.slice(from, from + 2), total: numbered.length } }
  })

const startsOver = (
  why: RegExp,
  served: { readonly asked: ReadonlyArray<string> },
  receipt: ReturnType<typeof line>
) => {
  assert.match(receipt.notices.join("\n"), why)
  assert.match(receipt.notices.join("\n"), /: the walk starts over/)
  assert.match(served.asked[0]!, /offset=0|^[^?]*$/)
  assert.strictEqual(receipt.status, "complete")
}

describe("a checkpoint is void, and says why, when something it was taken under changed", () => {
  const api = { baseUrl: "https://api.test", retry: { maxRetries: 0 }, headers: {} }
  const cases: ReadonlyArray<readonly [string, Partial<Resource.Options>, Partial<typeof api>?]> = [
    ["the method", { method: "POST" }],
    ["the path", { path: "/items/" }],
    ["the query", { query: [["kind", "a"]] }],
    ["the headers", { headers: { "X-Tenant": "two" } }],
    ["the headers", {}, { headers: { "X-Tenant": "two" } }],
    ["the paginator", { paginator: Offset.make({ limit: 3 }) }],
    ["the data selector", { selector: "$.items[*]" }],
    ["the processing steps", { processing: [{ filter: { path: "id", op: "gt", value: 0 } }] }],
    ["the processing steps", { processing: [{ filter: (row) => row !== null }] }],
    ["the incremental cursor", { incremental: { cursorPath: "at" } }],
    ["the write disposition", { writeDisposition: { strategy: "upsert" } }],
    ["`deletes`", { deletes: "soft" }],
    ["what is masked", { mask: ["kind"] }],
    ["the table", { table: "others" }],
    ["the path, the query and the headers", { path: "/items/", query: [["kind", "a"]], headers: { "x-a": "1" } }]
  ]
  for (const [what, change, more] of cases) {
    it.effect(`${what}: ${Object.keys({ ...change, ...more }).join(", ")}`, () => {
      const served = paged()
      const of = (options: Partial<Resource.Options>, extra: Partial<typeof api> = {}) =>
        Source.make({ name: "test", api: { ...api, ...extra }, resources: [items(options)] })
      return Effect.gen(function* () {
        yield* run(of({}), { limitPages: 2 })
        served.asked.length = 0
        const receipt = line(yield* run(of(change, more)), "items")
        startsOver(new RegExp(`^${what} changed since run \\w+ was interrupted after page 2`, "m"), served, receipt)
      }).pipe(Effect.provide(stages(served, of({}))))
    })
  }

  it.effect("but not for a credential, wherever it stands", () => {
    const served = paged()
    const of = (token: string) =>
      source(items({ headers: { Authorization: `Bearer ${token}`, "x-api-key": token }, query: [["api_key", token]] }))
    return Effect.gen(function* () {
      yield* run(of("one"), { limitPages: 2 })
      const [[checkpoint]] = (yield* rows("SELECT checkpoint FROM _sluice_state")) as [[string]]
      assert.notInclude(checkpoint, "one")
      const receipt = line(yield* run(of("two")), "items")
      assert.include(receipt.notices.join(), "resumed after page 2 of run ")
    }).pipe(Effect.provide(stages(served, of("one"))))
  })

  it.effect("nor for what decides no row: retries, concurrency, a bad row's end", () => {
    const served = paged()
    return Effect.gen(function* () {
      yield* run(source(items()), { limitPages: 2 })
      const other = items({ onBadRow: "fail", parallelized: true, resumeWithin: "2 days", maxRejectRatio: 1 })
      const receipt = line(yield* run(source(other)), "items")
      assert.include(receipt.notices.join(), "resumed after page 2 of run ")
    }).pipe(Effect.provide(stages(served, source(items()))))
  })

  it.effect("a checkpoint in the form of an earlier version is refused with that reason, and is no crash", () => {
    const served = paged()
    const of = source(items())
    return Effect.gen(function* () {
      for (const old of ['"1234567890"', "null", "{}"]) {
        yield* run(of, { limitPages: 2 })
        yield* setCheckpoint("$.fingerprint", old)
        yield* write("UPDATE _sluice_state SET checkpoint = json_remove(checkpoint, '$.at')")
        served.asked.length = 0
        startsOver(/ changed since run/, served, line(yield* run(of), "items"))
      }
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("a child that was added since has not got the rows of the first pages: its parent starts over", () => {
    const served = paged(({ path }) => (path.endsWith("/parts") ? { body: [{ id: path }] } : undefined))
    const parts = Resource.make({
      name: "parts",
      path: "/items/{resources.items.id}/parts",
      primaryKey: "id",
      paginator: SinglePage.make()
    })
    const before = source(items())
    return Effect.gen(function* () {
      yield* run(before, { limitPages: 2 })
      const receipt = yield* run(source(items(), parts))
      assert.include(line(receipt, "items").notices.join(), "what parts takes of its rows changed since run")
      assert.deepInclude(line(receipt, "parts"), { status: "complete", pages: 6 })
    }).pipe(Effect.provide(stages(served, before)))
  })
})

describe("the cursor that an interrupted walk began from", () => {
  const incremental = { cursorPath: "at", startParam: "since", initialValue: 1 }
  const of = (options: Partial<Resource.Options> = {}) => source(items({ incremental, ...options }))
  /** Rows 1 to 6 are there at first; the second walk, over rows 7 to 14, is interrupted. */
  const begun = (options: Partial<Resource.Options> = {}) => {
    const list = Array.from({ length: 14 }, (_, i) => ({ id: i + 1, at: i + 1 }))
    let have = 6
    const served = serve(({ query }) => {
      const from = Number(query["offset"] ?? 0)
      const found = list.slice(0, have).filter(({ at }) => at >= Number(query["since"] ?? 0))
      return { body: { items: found.slice(from, from + 2), total: found.length } }
    })
    const start = Effect.gen(function* () {
      yield* run(of(options))
      have = 14
      yield* run(of(options), { limitPages: 2 })
      served.asked.length = 0
    })
    return { served, start }
  }

  it.effect("stands: the walk goes on from its position, and asks from the same value", () => {
    const { served, start } = begun()
    return Effect.gen(function* () {
      yield* start
      yield* run(of())
      assert.strictEqual(served.asked[0], "/items?since=6&offset=4&limit=2")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM items"), [[14]])
    }).pipe(Effect.provide(stages(served, of())))
  })

  for (const [name, change] of [
    ["moved on", `cursor = json_set(cursor, '$.value', 9)`],
    ["moved back", `cursor = json_set(cursor, '$.value', 2)`],
    ["reset", "cursor = NULL"]
  ] as const) {
    it.effect(`was ${name}: its position, taken behind another start, is not used`, () => {
      const { served, start } = begun()
      return Effect.gen(function* () {
        yield* start
        yield* write(`UPDATE _sluice_state SET ${change}`)
        startsOver(
          /^the cursor was moved or reset since run \w+ was interrupted after page 2/,
          served,
          line(yield* run(of()), "items")
        )
        assert.strictEqual(
          served.asked[0],
          `/items?since=${name === "moved on" ? 9 : name === "reset" ? 1 : 2}&offset=0&limit=2`
        )
      }).pipe(Effect.provide(stages(served, of())))
    })
  }

  it.effect("was the initial value, which changed: its position is not used", () => {
    const { served } = begun()
    return Effect.gen(function* () {
      yield* run(of(), { limitPages: 1 })
      served.asked.length = 0
      const other = of({ incremental: { ...incremental, initialValue: 3 } })
      startsOver(/^`initial_value` changed since run/, served, line(yield* run(other), "items"))
      assert.strictEqual(served.asked[0], "/items?since=3&offset=0&limit=2")
    }).pipe(Effect.provide(stages(served, of())))
  })

  it.effect("moves with rows that come in its order: then it is gone on from, not the position", () => {
    const ordered = { incremental: { ...incremental, rowOrder: "asc" as const } }
    const { served, start } = begun(ordered)
    return Effect.gen(function* () {
      yield* start
      const receipt = line(yield* run(of(ordered)), "items")
      assert.include(receipt.notices.join(), "going on from the cursor")
      assert.strictEqual(served.asked[0], "/items?since=9&offset=0&limit=2")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM items"), [[14]])
    }).pipe(Effect.provide(stages(served, of(ordered))))
  })
})

describe("a walk that was interrupted long ago", () => {
  const cases: ReadonlyArray<readonly [string, Partial<Resource.Options>, Duration.DurationInput, RegExp | undefined]> =
    [
      ["is gone on with within a day", {}, "23 hours", undefined],
      [
        "starts over after a day, and says how old it was",
        {},
        "25 hours",
        /^run \w+ was interrupted after page 2, 1d 1h ago, longer than resume_within \(1d\) allows/
      ],
      [
        "starts over after resume_within",
        { resumeWithin: "1 hour" },
        "2 hours",
        /longer than resume_within \(1h\) allows/
      ],
      ["is gone on with within resume_within", { resumeWithin: "3 days" }, "2 days", undefined],
      ["always starts over where resume_within is 0", { resumeWithin: 0 }, 0, /longer than resume_within \(0\) allows/]
    ]
  for (const [name, options, age, why] of cases) {
    it.effect(name, () => {
      const served = paged()
      const of = source(items(options))
      return Effect.gen(function* () {
        yield* run(of, { limitPages: 2 })
        served.asked.length = 0
        yield* TestClock.adjust(age)
        const receipt = line(yield* run(of), "items")
        if (why === undefined) {
          assert.include(receipt.notices.join(), "resumed after page 2")
          assert.strictEqual(served.asked[0], "/items?offset=4&limit=2")
        } else startsOver(why, served, receipt)
      }).pipe(Effect.provide(stages(served, of)))
    })
  }

  it.effect("counts from its last page, not from its first", () => {
    const served = paged()
    const of = source(items())
    return Effect.gen(function* () {
      for (const _ of [1, 2]) {
        yield* run(of, { limitPages: 1 })
        yield* TestClock.adjust("20 hours")
      }
      assert.include(line(yield* run(of), "items").notices.join(), "resumed after page 2")
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("by a clock that was set back: of a page from the future nothing is known; a little is no matter", () => {
    const served = paged()
    const of = source(items())
    const day = Duration.toMillis("1 day")
    return Effect.gen(function* () {
      yield* TestClock.setTime(day)
      yield* run(of, { limitPages: 2 })
      yield* TestClock.setTime(day - 30_000)
      assert.include(line(yield* run(of, { limitPages: 1 }), "items").notices.join(), "resumed after page 2")
      yield* TestClock.setTime(day)
      yield* run(of, { limitPages: 2 })
      yield* TestClock.setTime(0)
      served.asked.length = 0
      startsOver(/which is in the future: the clock was set back/, served, line(yield* run(of), "items"))
    }).pipe(Effect.provide(stages(served, of)))
  })

  it.effect("over the parents of a child: all of them are asked for again, not only those that are left", () => {
    const served = serve(({ path }) => (path === "/items" ? { body: { items: numbered } } : { body: [{ id: path }] }))
    const parts = Resource.make({
      name: "parts",
      path: "/items/{resources.items.id}/parts",
      primaryKey: "id",
      paginator: SinglePage.make()
    })
    const of = source(items({ paginator: SinglePage.make() }), parts)
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 2 })
      yield* TestClock.adjust("2 days")
      const receipt = line(yield* run(of), "parts")
      assert.match(
        receipt.notices.join(),
        /2d ago, longer than resume_within \(1d\) allows: every parent is asked for again/
      )
      assert.deepInclude(receipt, { status: "complete", pages: 6 })
      yield* run(of, { limitPages: 2 })
      yield* TestClock.adjust("2 hours")
      assert.deepInclude(line(yield* run(of), "parts"), { status: "complete", pages: 4 })
    }).pipe(Effect.provide(stages(served, of)))
  })
})

describe("a saved position that the API knows no more", () => {
  const cursors = (options: Partial<Resource.Options> = {}) =>
    source(items({ paginator: Cursor.make({ cursorPath: "next" }), ...options }))
  /** Cursors are of an epoch, and those of an earlier one are answered with a status. */
  const expiring = (status: number, total: boolean) => {
    const at = { epoch: 1, broken: Infinity }
    const served = serve(({ query }) => {
      const [epoch, page = 0] = (query["cursor"] ?? `${at.epoch}-0`).split("-").map(Number)
      if (epoch !== at.epoch || page >= at.broken) return { status, body: { error: "unknown cursor" } }
      const next = page < 2 ? `${at.epoch}-${page + 1}` : null
      return { body: { items: numbered.slice(page * 2, page * 2 + 2), next, ...(total ? { total_count: 6 } : {}) } }
    })
    return { at, served }
  }
  for (const status of [400, 404, 410, 422]) {
    for (const total of [true, false]) {
      it.effect(`starts over once: ${status}, ${total ? "with" : "without"} a total`, () => {
        const { at, served } = expiring(status, total)
        return Effect.gen(function* () {
          yield* run(cursors(), { limitPages: 2 })
          at.epoch = 2
          const receipt = line(yield* run(cursors()), "items")
          assert.deepInclude(receipt, { status: "complete", pages: 3, requests: 4 })
          assert.include(
            receipt.notices.join("\n"),
            `the API does not accept the saved position any more (it answered ${status}): the walk starts over`
          )
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM items"), [[6]])
        }).pipe(Effect.provide(stages(served, cursors())))
      })
    }
  }

  it.effect("fails like any other where the walk was already going", () => {
    const { at, served } = expiring(410, true)
    return Effect.gen(function* () {
      yield* run(cursors(), { limitPages: 1 })
      at.broken = 2
      const receipt = line(yield* run(cursors()), "items")
      assert.deepInclude(receipt, { status: "failed" })
      assert.strictEqual(served.asked.length, 3)
    }).pipe(Effect.provide(stages(served, cursors())))
  })

  it.effect("fails where the position is no cursor, and where the API is down", () => {
    let status = 403
    let isDown = false
    const served = paged(() => (isDown ? { status, body: {} } : undefined))
    const down = expiring(503, true)
    return Effect.gen(function* () {
      yield* run(source(items()), { limitPages: 2 })
      isDown = true
      assert.strictEqual(line(yield* run(source(items())), "items").status, "failed")
      status = 500
      assert.strictEqual(line(yield* run(source(items())), "items").status, "failed")
      isDown = false
      assert.include(line(yield* run(source(items())), "items").notices.join(), "resumed after page 2")
    }).pipe(
      Effect.provide(stages(served, source(items()))),
      Effect.zipRight(
        Effect.gen(function* () {
          yield* run(cursors(), { limitPages: 2 })
          down.at.epoch = 2
          assert.strictEqual(line(yield* run(cursors()), "items").status, "failed")
          down.at.epoch = 1
          assert.include(line(yield* run(cursors()), "items").notices.join(), "resumed after page 2")
        }).pipe(Effect.provide(stages(down.served, cursors())))
      )
    )
  })

  it.effect("is not the end of the walk where an action ignores such answers", () => {
    const { at, served } = expiring(404, true)
    const of = cursors({ actions: [{ statusCode: 404, action: { kind: "ignore" } }] })
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 2 })
      at.epoch = 2
      assert.deepInclude(line(yield* run(of), "items"), { status: "complete", pages: 3 })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM items"), [[6]])
    }).pipe(Effect.provide(stages(served, of)))
  })
})

describe("a saved link obeys the origin pin", () => {
  const linked = (allowedHosts: ReadonlyArray<string> = []) =>
    Source.make({
      name: "test",
      api: { baseUrl: "https://api.test", retry: { maxRetries: 0 }, allowedHosts, secrets: [] },
      resources: [items({ paginator: JsonLink.make() })]
    })
  const serving = (host = "https://api.test") =>
    serve(({ query }) => {
      const page = Number(query["page"] ?? 0)
      const next = page < 2 ? `${host}/items?page=${page + 1}` : null
      return { body: { items: numbered.slice(page * 2, page * 2 + 2), next } }
    })
  const hosts = (served: ReturnType<typeof serve>) => served.asked.length

  for (const url of [
    "https://evil.test/items?page=2",
    "http://api.test/items?page=2",
    "https://api.test:8443/items?page=2",
    "https://api.test@evil.test/items?page=2",
    "https://user:pass@api.test/items?page=2",
    "HTTPS://EVIL.test/items?page=2",
    "https://evil.test\\\\@api.test/items?page=2",
    "https://api.test.evil.test/items?page=2",
    "ftp://api.test/items"
  ]) {
    for (const place of ["$.position.url", "$.last.position.url"]) {
      it.effect(`${url} at ${place} is refused before anything is sent`, () => {
        const served = serving()
        return Effect.gen(function* () {
          yield* run(linked(), { limitPages: 2 })
          served.asked.length = 0
          yield* setCheckpoint(place, JSON.stringify(url))
          const receipt = line(yield* run(linked()), "items")
          assert.strictEqual(receipt.status, "failed")
          assert.deepInclude(receipt.error, { stage: "page", reason: "Origin" })
          assert.include(receipt.error?.message ?? "", "sluice state reset --resource items")
          assert.strictEqual(hosts(served), 0)
          // And so it is the next time, until it is told to forget it.
          assert.strictEqual(line(yield* run(linked()), "items").status, "failed")
          const sql = yield* SqlClient.SqlClient
          yield* State.forget(sql, yield* State.read(sql, "test"), { all: true })
          assert.deepInclude(line(yield* run(linked()), "items"), { status: "complete", pages: 3 })
        }).pipe(Effect.provide(stages(served, linked())))
      })
    }
  }

  for (const url of [
    "//evil.test/items?page=2",
    "/\\\\evil.test/items?page=2",
    "@evil.test/items",
    ".evil.test/items",
    "?page=2",
    ":8443/items"
  ]) {
    it.effect(`${url}, which is relative, stays on the API's host`, () => {
      const asked: Array<string> = []
      const served = serving()
      return Effect.gen(function* () {
        yield* run(linked(), { limitPages: 2 })
        yield* setCheckpoint("$.position.url", JSON.stringify(url))
        yield* setCheckpoint("$.last.position.url", JSON.stringify(url))
        yield* run(linked())
        assert.deepStrictEqual(asked, [])
        assert.isTrue(
          served.hosts.every((host) => host === "api.test"),
          served.hosts.join()
        )
      }).pipe(Effect.provide(stages(served, linked())))
    })
  }

  it.effect("also where allowed_hosts was narrowed since", () => {
    const served = serving("https://cdn.test")
    const by = (of: Source.Source) =>
      Host.layerSync.pipe(Layer.provide(Fetch.layer), Layer.provide(Layer.merge(served.layer, Api.layer(of.api))))
    const wide = linked(["cdn.test"])
    return Effect.gen(function* () {
      yield* run(wide, { limitPages: 2 }).pipe(Effect.provide(by(wide)))
      assert.deepStrictEqual(served.hosts, ["api.test", "cdn.test"])
      served.asked.length = 0
      const receipt = line(yield* run(linked()).pipe(Effect.provide(by(linked()))), "items")
      assert.include(receipt.error?.message ?? "", "https://cdn.test is not the API's own https://api.test")
      assert.deepStrictEqual(served.asked, [])
      const again = line(yield* run(wide).pipe(Effect.provide(by(wide))), "items")
      assert.deepInclude(again, { status: "complete", pages: 1 })
    }).pipe(Effect.provide(memoryTable))
  })
})

describe("a walk over parents that starts over", () => {
  it.effect("forgets all that was done in one step: a crash in between loses nothing", () => {
    const served = serve(({ path }) =>
      path === "/items" ? { body: { items: numbered.slice(0, 3) } } : { body: [{ of: path }] }
    )
    const of = (more: string) =>
      source(
        items({ paginator: SinglePage.make() }),
        Resource.make({
          name: "parts",
          path: "/items/{resources.items.id}/parts",
          query: [["v", more]],
          writeDisposition: "append",
          paginator: SinglePage.make()
        })
      )
    return Effect.gen(function* () {
      yield* run(of("1"), { limitPages: 2 })
      yield* crash({ at: "restart.committed" })(run(of("2")))
      assert.strictEqual((yield* run(of("2"))).status, "complete")
      assert.deepStrictEqual(
        yield* rows("SELECT of FROM parts ORDER BY 1"),
        [1, 2, 3].map((id) => [`/items/${id}/parts`])
      )
    }).pipe(Effect.provide(stages(served, of("1"))))
  })
})

describe("what the books say of a run that went on", () => {
  it.effect("is not taken for one that read everything, whatever its notices say", () => {
    const served = paged()
    const of = source(items())
    return Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const first = yield* run(of)
      yield* run(of, { limitPages: 2 })
      const second = yield* run(of)
      yield* write(`UPDATE _sluice_resources SET notices = '[]'`)
      assert.strictEqual((yield* State.read(sql))[0]?.complete?.run, first.run)
      assert.deepStrictEqual(yield* rows(`SELECT resumed FROM _sluice_resources ORDER BY rowid`), [[0], [0], [1]])
      assert.notStrictEqual(second.run, first.run)
    }).pipe(Effect.provide(stages(served, of)))
  })
})
