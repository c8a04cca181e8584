import { HttpClient, HttpClientResponse } from "@effect/platform"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import {
  Config,
  ConfigProvider,
  Deferred,
  Effect,
  Exit,
  FastCheck as fc,
  Fiber,
  Layer,
  Redacted,
  Ref,
  Schema,
  TestClock
} from "effect"
import { Api, Auth, Fetch, Host, Offset, Page, type Receipt, Resource, Row, Source, Sync } from "sluice"
import * as Postmark from "sluice/sources/postmark"
import { api, failingTable, Failures, json, memoryTable, page, type Script, status } from "sluice/testing"
import * as Sandbox from "../src/sandbox/Sandbox.ts"

const source = (...resources: ReadonlyArray<Resource.Resource>) =>
  Source.make({ name: "test", api: { baseUrl: "https://api.test" }, resources })

const things = (options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name: "things",
    path: "/things",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 2 }),
    ...options
  })

/** Everything but the network is the real thing. */
const stages = <E>(client: Layer.Layer<HttpClient.HttpClient, E>, of: Source.Source) =>
  Host.layerSync.pipe(
    Layer.provideMerge(failingTable),
    Layer.provideMerge(memoryTable),
    Layer.provideMerge(Fetch.layer),
    Layer.provide(Layer.merge(client, Api.layer(of.api)))
  )

const run = (of: Source.Source, options?: Sync.Options) => Effect.flatMap(Sync.Sync, (sync) => sync.run(of, options))
const rows = (text: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.map(sql.unsafe(text).values, (all) => all.map((row) => [...row])))
const items = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i, v: `v${from + i}` }))
const body = (from: number, to: number, total?: number) =>
  page(items(from, to), { field: "items", ...(total === undefined ? {} : { total }) })

/** A test of one source against a script; checks that the script was used up. */
const scripted =
  (
    script: Script,
    of: Source.Source,
    body: Effect.Effect<unknown, unknown, Sync.Sync | SqlClient.SqlClient | Failures>
  ) =>
  () =>
    body.pipe(Effect.zipRight(script.verify), Effect.provide(stages(script.layer, of)))

const only = (receipt: Receipt.Receipt): Receipt.Resource => receipt.resources[0]!

describe("Sync", () => {
  {
    const of = source(things())
    const script = api([body(1, 2, 5), body(3, 4, 5), body(5, 5, 5), body(1, 2, 2)])
    it.effect(
      "walks to the total, merges, and says so",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const first = only(yield* run(of))
          assert.deepInclude(first, {
            status: "complete",
            stop_reason: "total_reached",
            reported_total: 5,
            requests: 3,
            retries: 0,
            pages: 3,
            primary_key: ["id"],
            primary_key_inferred: false,
            cursor: null,
            error: null,
            notices: []
          })
          assert.deepStrictEqual(first.rows, {
            fetched: 5,
            inserted: 5,
            updated: 0,
            unchanged: 0,
            rejected: 0,
            deleted: 0
          })
          const second = yield* run(of)
          assert.strictEqual(second.status, "complete")
          assert.deepInclude(only(second).rows, { fetched: 2, inserted: 0, updated: 0, unchanged: 2 })
          assert.deepStrictEqual(yield* rows("SELECT status, count(*) FROM _sluice_runs GROUP BY 1"), [["complete", 2]])
          assert.deepStrictEqual(
            yield* rows("SELECT fetched, unchanged, stop_reason FROM _sluice_resources ORDER BY run"),
            [
              [5, 0, "total_reached"],
              [2, 2, "total_reached"]
            ]
          )
        })
      )
    )
  }
  {
    const of = source(
      things(),
      things({ name: "broken", path: "/broken" }),
      things({ name: "odd", path: "/odd", primaryKey: "nope" }),
      things({ name: "left_out", unavailable: "left out: TOKEN is not set" })
    )
    const script = api({
      "/things": [body(1, 1)],
      "/broken": [status(401, { body: { ErrorCode: 10, Message: "No valid token." } })],
      "/odd": [body(1, 1)]
    })
    it.effect(
      "lets resources fail alone, each with its reason",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = yield* run(of)
          assert.strictEqual(receipt.status, "partial")
          const [good, broken, odd, left] = receipt.resources
          assert.strictEqual(good!.status, "complete")
          assert.deepInclude(broken!, { status: "failed", stop_reason: "error", requests: 1, pages: 0 })
          assert.deepInclude(broken!.error!, { stage: "fetch", reason: "Status" })
          assert.include(broken!.error!.message, "No valid token.")
          assert.include(broken!.error!.message, "10")
          assert.deepInclude(odd!.error!, { stage: "row", reason: "KeyMissing" })
          assert.include(odd!.error!.message, "id")
          assert.deepInclude(left!, { status: "skipped", notices: ["left out: TOKEN is not set"] })
          assert.deepStrictEqual(yield* rows("SELECT resource, status FROM _sluice_resources ORDER BY 1"), [
            ["broken", "failed"],
            ["left_out", "skipped"],
            ["odd", "failed"],
            ["things", "complete"]
          ])
        })
      )
    )
  }
  {
    const of = source(things())
    const script = api([body(1, 2, 6), body(3, 4, 6), body(5, 6, 6)])
    it.effect(
      "stops at limit_pages, says it is partial, and goes on behind it",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const first = only(yield* run(of, { limitPages: 2 }))
          assert.deepInclude(first, {
            status: "partial",
            stop_reason: "limit_pages",
            pages: 2,
            cursor: { query: { offset: 4, limit: 2 } }
          })
          const second = only(yield* run(of))
          assert.deepInclude(second, { status: "complete", stop_reason: "total_reached", pages: 1 })
          assert.match(second.notices[0]!, /^resumed after page 2 of run /)
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[6]])
          assert.deepStrictEqual(
            script.requests.map(({ query }) => query["offset"]),
            ["0", "2", "4"]
          )
        })
      )
    )
  }
  it.effect("starts over when the list changed since the walk was interrupted", () => {
    const of = source(things())
    const list = { first: 1, last: 6 }
    const served: Array<number> = []
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 1 })
      list.first = 0
      const receipt = only(yield* run(of))
      assert.deepInclude(receipt, { status: "complete", reported_total: 7 })
      assert.include(receipt.notices.join(), "the total changed from 6 to 7")
      assert.deepStrictEqual(served.filter((offset, i) => i < 2 || offset !== served[i - 1]).slice(0, 2), [0, 2])
      assert.deepStrictEqual(
        yield* rows("SELECT id FROM things ORDER BY id"),
        items(0, 6).map(({ id }) => [id])
      )
    }).pipe(Effect.provide(stages(listing(list, served), of)))
  })
  {
    const of = source(things())
    const changed = source(things({ query: [["since", "2026"]] }))
    const script = api([body(1, 2, 6), body(1, 2, 2)])
    it.effect(
      "does not go on from a checkpoint of another configuration, nor under --full-refresh",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          yield* run(of, { limitPages: 1 })
          const receipt = only(yield* run(changed))
          assert.include(receipt.notices.join(), "the query changed since run ")
          assert.deepStrictEqual(
            script.requests.map(({ query }) => query["offset"]),
            ["0", "0"]
          )
        })
      )
    )
    const again = api([body(1, 2, 6), body(1, 2, 2)])
    it.effect(
      "starts at the first page under fullRefresh",
      scripted(
        again,
        of,
        Effect.gen(function* () {
          yield* run(of, { limitPages: 1 })
          assert.deepStrictEqual(only(yield* run(of, { fullRefresh: true })).notices, [])
          assert.deepStrictEqual(
            again.requests.map(({ query }) => query["offset"]),
            ["0", "0"]
          )
        })
      )
    )
  }
  it.effect("resumes behind the last committed page after the database failed", () => {
    const of = source(things())
    const served: Array<number> = []
    return Effect.gen(function* () {
      const failures = yield* Failures
      yield* failures.failNext("merge", { after: 1 })
      const first = yield* run(of)
      assert.strictEqual(first.status, "failed")
      assert.deepInclude(only(first).error!, { stage: "table", reason: "Io" })
      assert.strictEqual(only(first).pages, 1)
      const before = served.length
      assert.strictEqual(only(yield* run(of)).status, "complete")
      assert.strictEqual(served[before], 2)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[20]])
    }).pipe(Effect.provide(stages(listing({ first: 1, last: 20 }, served), of)))
  })

  it.effect("never has more than two pages fetched and not yet merged", () => {
    const of = source(things())
    const served: Array<number> = []
    let ahead = 0
    return Effect.gen(function* () {
      yield* run(of, {
        onProgress: ({ pages }) =>
          Effect.gen(function* () {
            // Gives the producer every chance to run ahead.
            for (let i = 0; i < 100; i++) yield* Effect.yieldNow()
            ahead = Math.max(ahead, served.length - pages)
          })
      })
      assert.strictEqual(served.length, 20)
      assert.strictEqual(ahead, 2)
    }).pipe(Effect.provide(stages(listing({ first: 1, last: 40 }, served), of)))
  })
  {
    const of = source(things({ paginator: Offset.make({ limit: 500 }), maxRejectRatio: 1 }))
    const script = api([
      json({ items: [{ id: 1 }, { id: null }, { v: 2 }] }),
      json({ items: [{ id: 1 }, { id: null }] })
    ])
    it.effect(
      "quarantines bad rows, or fails on them if told so",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const first = only(yield* run(of))
          assert.deepInclude(first, { status: "partial", stop_reason: "short_page" })
          assert.deepInclude(first.rows, { fetched: 3, inserted: 1, rejected: 2 })
          assert.deepStrictEqual(yield* rows("SELECT path, reason FROM _sluice_rejects"), [
            ["id", "the primary key is null or missing"],
            ["id", "the primary key is null or missing"]
          ])
          const second = only(yield* run(of, { onBadRow: "fail" }))
          assert.deepInclude(second.error!, { stage: "row", reason: "BadRow" })
        })
      )
    )
  }
  {
    const of = source(things({ primaryKey: { fields: ["id"], origin: "default" } }))
    const script = api([
      json({
        items: [
          { Name: "a", n: 1 },
          { Name: "b", n: 1 }
        ],
        TotalCount: 3
      }),
      json({ items: [{ Name: "a", n: 2 }], TotalCount: 3 })
    ])
    it.effect(
      "infers a key that only defaults gave, and fails when it does not hold",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.deepInclude(receipt, { status: "failed", primary_key: ["Name"], primary_key_inferred: true, pages: 1 })
          assert.include(receipt.error!.message, "Name = a")
          assert.deepStrictEqual(yield* rows("SELECT name, n FROM things ORDER BY 1"), [
            ["a", 1],
            ["b", 1]
          ])
        })
      )
    )
  }
  {
    const of = source(things())
    const script = api([body(1, 2, 6), body(3, 4, 4), body(1, 2, 4), body(3, 3, 3)])
    it.effect(
      "calls a walk partial when the list shrank under it, and once more when it was read again",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.deepInclude(receipt, { status: "partial", stop_reason: "total_reached" })
          assert.include(receipt.notices.join(), "the total fell by 2 while it was read: the list was read once more")
          assert.include(
            receipt.notices.join(),
            "read twice, and moved both times: the second time the total fell by 1"
          )
          assert.deepInclude(receipt, { requests: 4, pages: 4 })
          assert.isFalse(receipt.completeness.proven)
        })
      )
    )
  }
  {
    const of = source(things())
    const script = api([status(503), status(429, { retryAfter: 7 }), body(1, 1)])
    it.effect("counts retries, not as requests", () =>
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(run(of))
        yield* TestClock.adjust("1 minute")
        assert.deepInclude(only(yield* Fiber.join(fiber)), { status: "complete", requests: 1, retries: 2, pages: 1 })
        yield* script.verify
      }).pipe(Effect.provide(stages(script.layer, of)))
    )
  }

  it.effect("lets a paginator that throws end its own resource only, and shows no secret", () => {
    const paginator = {
      ...Offset.make({ limit: 2 }),
      next: () => {
        throw new Error("oops,\u001b[31m s3cr3t-t0ken")
      }
    }
    const of: Source.Source = {
      ...source(things(), things({ name: "odd", paginator, auth: Auth.apiKey({ name: "k", value: "s3cr3t-t0ken" }) }))
    }
    return Effect.gen(function* () {
      const receipt = yield* run(of)
      assert.deepStrictEqual(
        receipt.resources.map(({ status }) => status),
        ["complete", "failed"]
      )
      assert.deepInclude(receipt.resources[1]!.error!, {
        reason: "Defect",
        message: "a defect ended this resource: Error: oops,\ufffd[31m ***"
      })
      assert.notInclude(JSON.stringify(yield* rows("SELECT error, notices FROM _sluice_resources")), "s3cr3t")
    }).pipe(Effect.provide(stages(listing({ first: 1, last: 3 }, []), of)))
  })

  {
    const of = source(things())
    const bad = json({ items: [{ id: 1 }, { id: null }], TotalCount: 4 })
    const script = api([bad, body(3, 4, 4)])
    it.effect(
      "does not forget over a resume that rows were refused",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          assert.strictEqual(only(yield* run(of, { limitPages: 1 })).status, "partial")
          const second = only(yield* run(of))
          assert.deepInclude(second, { status: "partial", stop_reason: "total_reached" })
          assert.include(second.notices.join(), "1 row that earlier runs refused is still out")
        })
      )
    )
  }
  {
    const of = source(things())
    const script = api([body(1, 2, 9), body(3, 3)])
    it.effect(
      "is not complete short of a total that was reported once, and then no more",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.deepInclude(receipt, { status: "partial", stop_reason: "short_page" })
          assert.include(receipt.notices.join(), "reported 9 rows, the walk read 3")
        })
      )
    )
  }
  {
    const of = source(things())
    const twice = json({ items: [items(2, 2)[0], items(1, 1)[0]], TotalCount: 4 })
    const script = api([body(1, 2, 4), twice, body(1, 2, 4), twice])
    it.effect(
      "is not complete when rows came twice in place of others",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.deepInclude(receipt, { status: "partial", stop_reason: "total_reached" })
          assert.deepInclude(receipt.rows, { fetched: 8, inserted: 2, unchanged: 6 })
          assert.include(receipt.notices.join(), "reported 4 rows, the table holds 2")
        })
      )
    )
  }
  {
    const of = source(things())
    const script = api([body(1, 2, 4), body(2, 3, 5), body(4, 4, 5), body(0, 1, 5), body(2, 3, 5)])
    it.effect(
      "reads rows that came in before those it had read, up to a page with nothing new",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.deepInclude(receipt, { status: "complete", stop_reason: "total_reached", requests: 5, cursor: null })
          assert.deepStrictEqual(receipt.completeness, {
            proven: false,
            why: "the total rose by 1 and 1 row came twice while it was read; it was read again from its start until nothing was new"
          })
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[5]])
          assert.deepStrictEqual(yield* rows("SELECT checkpoint FROM _sluice_state"), [[null]])
        })
      )
    )
  }
  {
    const of = source(things({ writeDisposition: "append" }))
    const script = api([body(1, 2, 4), body(2, 3, 4)])
    it.effect(
      "cannot tell rows apart that have no key",
      scripted(
        script,
        of,
        Effect.map(run(of), (receipt) => assert.deepInclude(only(receipt), { status: "complete", notices: [] }))
      )
    )
  }
  {
    const of = source(things())
    const script = api([body(1, 2, 6), body(3, 4, 5), body(5, 6, 6), body(1, 2, 6), body(3, 4, 6), body(7, 8, 6)])
    it.effect(
      "remembers that the list shrank, also when it grew again",
      scripted(
        script,
        of,
        Effect.gen(function* () {
          const receipt = only(yield* run(of))
          assert.strictEqual(receipt.status, "complete")
          assert.deepStrictEqual(receipt.completeness, {
            proven: true,
            why: "the total rose by 1 and the total fell by 1 while it was read; read a second time, it did not move: the API reported 6 rows, 6 were read"
          })
        })
      )
    )
  }

  it.effect("does not run a source on the Layers of another API", () => {
    const of = source(things())
    const other: Source.Source = { ...of, name: "other", api: { baseUrl: "https://b.test" } }
    const script = api([])
    return Effect.gen(function* () {
      const error = yield* Effect.flip(run(other))
      assert.deepInclude(error, { _tag: "SyncError", reason: "OtherApi" })
      assert.include(error.message, "https://b.test")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_runs"), [[0]])
      assert.strictEqual(script.requests.length, 0)
    }).pipe(Effect.provide(stages(script.layer, of)))
  })

  it.effect("an unasked-for request fails a test that looks at nothing but the receipt", () => {
    const of = source(things())
    const test = run(of).pipe(Effect.provide(stages(api([body(1, 2, 6)]).layer, of)))
    return Effect.map(Effect.exit(test), (exit) => {
      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), "unexpected request GET https://api.test/things?offset=2&limit=2")
    })
  })

  it.effect("without a total, looks at the last page again before it goes on", () => {
    const of = source(things({ paginator: Offset.make({ limit: 2, totalPath: null }) }))
    const list = { first: 1, last: 5 }
    const served: Array<number> = []
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 2 })
      const same = only(yield* run(of, { limitPages: 1 }))
      assert.deepInclude(same, { status: "complete", stop_reason: "short_page", pages: 1, requests: 2 })
      assert.deepStrictEqual(served.slice(-2), [2, 4])

      yield* run(of, { limitPages: 2 })
      list.first = 0
      served.length = 0
      const moved = only(yield* run(of))
      assert.deepInclude(moved, { status: "complete", pages: 4 })
      assert.include(moved.notices.join(), "page 2 is no longer what it was")
      assert.strictEqual(served[0], 2)
      assert.deepStrictEqual(
        yield* rows("SELECT id FROM things ORDER BY id"),
        items(0, 5).map(({ id }) => [id])
      )
    }).pipe(Effect.provide(stages(listing(list, served), of)))
  })

  it.effect("appends no row twice when a walk starts over or goes on", () => {
    const list = { first: 1, last: 5 }
    const of = source(things({ writeDisposition: "append" }))
    const untold = source(things({ writeDisposition: "append", paginator: Offset.make({ limit: 2, totalPath: null }) }))
    const ids = Effect.map(rows("SELECT id FROM things ORDER BY _sluice_id"), (all) => all.map(([id]) => id))
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 1 })
      yield* run(of, { limitPages: 1 })
      list.last = 6
      assert.strictEqual(only(yield* run(of)).status, "complete")
      assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6])
      yield* run(untold, { limitPages: 2 })
      yield* run(untold)
      assert.deepStrictEqual(yield* ids, [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
      yield* run(of, { limitPages: 1 })
      yield* run(of, { fullRefresh: true })
      assert.strictEqual((yield* ids).length, 18)
    }).pipe(Effect.provide(stages(listing(list, []), of)))
  })

  it.effect("ends a walk over an endpoint that ignores paging and stamps every answer", () => {
    const of = source(things({ paginator: Offset.make({ limit: 2, totalPath: null }) }))
    let answers = 0
    const client = HttpClient.make((request) =>
      Effect.sync(() => {
        const now = ++answers
        if (now > 50) throw new Error("asked for ever")
        const page = [
          { id: 1 + (now % 2), at: now },
          { id: 2 - (now % 2), at: now }
        ]
        return HttpClientResponse.fromWeb(request, Response.json({ items: page }))
      })
    )
    return Effect.gen(function* () {
      const receipt = only(yield* run(of))
      assert.deepInclude(receipt, { status: "failed", pages: 2 })
      assert.deepInclude(receipt.error!, { stage: "page", reason: "Repeated" })
      assert.isBelow(answers, 6)
    }).pipe(Effect.provide(stages(Layer.succeed(HttpClient.HttpClient, client), of)))
  })

  it.effect("takes its defaults and the bound on pages from configuration", () => {
    const of = source(things())
    const config = ConfigProvider.fromMap(
      new Map([
        ["PAGES", "2"],
        ["BAD", "fail"]
      ])
    )
    const bad = Config.literal("quarantine", "fail")("BAD")
    const layers = Sync.layerConfig({ concurrency: Config.succeed(1), onBadRow: bad }).pipe(
      Layer.provide(Layer.merge(Page.layerConfig({ maxPages: Config.integer("PAGES") }), Row.layer())),
      Layer.provideMerge(memoryTable),
      Layer.provide(Fetch.layer),
      Layer.provide(Layer.merge(listing({ first: 1, last: 9 }, []), Api.layer(of.api))),
      Layer.provide(Layer.setConfigProvider(config))
    )
    return Effect.gen(function* () {
      const receipt = only(yield* run(of))
      assert.deepInclude(receipt, { status: "failed", pages: 2 })
      assert.deepInclude(receipt.error!, { stage: "page", reason: "Endless" })
      const odd = source(things({ name: "odd", primaryKey: [], schema: Schema.Struct({ id: Schema.String }) }))
      assert.deepInclude(only(yield* run(odd)).error!, { stage: "row", reason: "BadRow" })
    }).pipe(Effect.provide(layers))
  })

  it.effect("names the resources there are when it is asked for another", () => {
    const of = source(things())
    return Effect.gen(function* () {
      const error = yield* Effect.flip(run(of, { resources: ["thing"] }))
      assert.include(error.message, `"thing"`)
      assert.include(error.message, "things")
    }).pipe(Effect.provide(stages(api([]).layer, of)))
  })

  it.effect("leaves a receipt and a checkpoint when it is interrupted", () => {
    const of = source(things())
    return Effect.gen(function* () {
      const committed = yield* Deferred.make<void>()
      const last = yield* Ref.make<Receipt.Receipt | undefined>(undefined)
      const fiber = yield* Effect.fork(
        run(of, {
          // Holds the run behind its first page, until it is interrupted there.
          onProgress: () => Effect.zipRight(Deferred.succeed(committed, undefined), Effect.interruptible(Effect.never)),
          onInterrupt: (receipt) => Ref.set(last, receipt)
        })
      )
      yield* Deferred.await(committed)
      yield* Fiber.interrupt(fiber)
      const receipt = (yield* Ref.get(last))!
      assert.strictEqual(receipt.status, "interrupted")
      assert.deepInclude(only(receipt), { status: "interrupted", pages: 1, cursor: { query: { offset: 2, limit: 2 } } })
      assert.deepStrictEqual(yield* rows("SELECT status FROM _sluice_runs"), [["interrupted"]])
      assert.deepStrictEqual(yield* rows("SELECT status, pages FROM _sluice_resources"), [["interrupted", 1]])
      const second = only(yield* run(of))
      assert.deepInclude(second, { status: "complete", pages: 2 })
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM things"), [[6]])
    }).pipe(Effect.provide(stages(listing({ first: 1, last: 6 }, []), of)))
  })

  it.effect("reads the whole of a faulty Postmark, and finds nothing to change the second time", () => {
    const of = Postmark.make({
      serverToken: Redacted.make(Sandbox.tokens.serverToken),
      accountToken: Redacted.make(Sandbox.tokens.accountToken)
    })
    const faults = ["429-retry-after=0.1", "500=0.05", "reset=0.05", "truncated=0.05"]
    return Effect.gen(function* () {
      const kinds = yield* Effect.forEach(faults, (text) => Sandbox.parseFault(text))
      const client = Sandbox.layerClient({ messages: 2300, bounces: 700, seed: 7, faults: kinds })
      yield* Effect.gen(function* () {
        for (const expected of ["inserted", "unchanged"] as const) {
          const fiber = yield* Effect.fork(run(of))
          yield* TestClock.adjust("1 hour")
          const receipt = yield* Fiber.join(fiber)
          assert.strictEqual(receipt.status, "complete", JSON.stringify(receipt))
          // Of `sending_streams`, read for the suppressions alone, nothing is stored.
          const stored = receipt.resources.filter(({ name }) => name !== "sending_streams")
          assert.strictEqual(stored.length, receipt.resources.length - 1)
          for (const { name, rows } of stored) assert.strictEqual(rows[expected], rows.fetched, name)
        }
        assert.deepStrictEqual(yield* rows("SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM bounces)"), [
          [2300, 700]
        ])
      }).pipe(Effect.provide(stages(client, of)))
    })
  })

  it.effect("interrupted after any page and resumed, is as if never interrupted", () =>
    Effect.tryPromise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 23 }),
          fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 6 }),
          (total, stops) => {
            const of = source(things())
            return Effect.gen(function* () {
              for (const limitPages of stops) yield* run(of, { limitPages })
              const receipt = only(yield* run(of))
              assert.strictEqual(receipt.status, "complete")
              assert.deepStrictEqual(
                yield* rows("SELECT id, v FROM things ORDER BY id").pipe(Effect.orElseSucceed(() => [])),
                items(1, total).map(({ id, v }) => [id, v])
              )
            }).pipe(Effect.provide(stages(listing({ first: 1, last: total }, []), of)), Effect.runPromise)
          }
        ),
        { numRuns: 30 }
      )
    )
  )
})

/** An API that serves a list by offset, however often it is asked; records the offsets. */
const listing = (list: { readonly first: number; readonly last: number }, served: Array<number>) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.sync(() => {
        const offset = Number(url.searchParams.get("offset"))
        served.push(offset)
        const start = list.first + offset
        const page = { items: items(start, Math.min(start + 1, list.last)), TotalCount: list.last - list.first + 1 }
        return HttpClientResponse.fromWeb(
          request,
          new Response(JSON.stringify(page), { headers: { "content-type": "application/json" } })
        )
      })
    )
  )
