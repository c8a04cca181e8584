/** The preset for the specification's shape: what it asks, and a whole run against a server that serves `/v1` only. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Auth, Sync } from "sluice"
import * as Postmark from "sluice/sources/postmark"
import * as Sandbox from "../../../src/sandbox/Sandbox.ts"
import { stages } from "./support.ts"

const make = (key: string = Sandbox.tokens.apiKey) =>
  Postmark.make({ apiKey: Redacted.make(key), baseUrl: "https://api.example.com" })

const run = (key?: string) =>
  Effect.gen(function* () {
    const source = make(key)
    const gateway = yield* Sandbox.gateway({ shape: "spec", messages: 1234, bounces: 501 })
    return yield* Effect.gen(function* () {
      const sync = yield* Sync.Sync
      const first = yield* sync.run(source)
      const second = yield* sync.run(source)
      return { first, second, requests: yield* gateway.requests }
    }).pipe(Effect.provide(stages(source, gateway)))
  })

describe("the preset", () => {
  it("one header for all six, and nothing of Postmark's own", () => {
    const source = make("key-0003")
    for (const { auth, path, paginator } of source.resources) {
      assert.deepStrictEqual(Auth.apply(auth!), { headers: { api_key: "key-0003" }, query: {} })
      assert.match(path, /^\/v1\//)
      assert.deepStrictEqual(paginator.first, { query: { offset: 0, limit: 500 } })
    }
    assert.notInclude(JSON.stringify(source), "key-0003")
  })

  it("has the tables of the real API: keys, schemas and masks are the same", () => {
    const kept = (source: ReturnType<typeof make>) =>
      source.resources.map(({ mask, name, primaryKey, schema, selector }) => [name, selector, primaryKey, schema, mask])
    const real = Postmark.make({ serverToken: Redacted.make("a"), accountToken: Redacted.make("b") })
    const shared = new Set(make().resources.map(({ name }) => name))
    assert.strictEqual(shared.size, 6)
    assert.deepStrictEqual(
      kept(make()),
      kept({ ...real, resources: real.resources.filter(({ name }) => shared.has(name)) })
    )
  })

  it("is refused beside a token, and without an address", () => {
    const apiKey = Redacted.make("key-0003")
    assert.throws(() => Postmark.make({ apiKey }), /needs POSTMARK_BASE_URL/)
    const both = {
      apiKey,
      baseUrl: "https://a.test",
      accountToken: Redacted.make("b"),
      serverToken: Redacted.make("a")
    }
    assert.throws(() => Postmark.make(both), /POSTMARK_SERVER_TOKEN and POSTMARK_ACCOUNT_TOKEN are set too$/)
  })

  it.effect("reads everything, twice", () =>
    Effect.gen(function* () {
      const { first, requests, second } = yield* run()
      assert.strictEqual(first.status, "complete")
      assert.deepStrictEqual(
        first.resources
          .slice(1)
          .map(({ name, primary_key, requests, rows }) => [name, primary_key, requests, rows.inserted]),
        [
          ["message_streams", ["ServerID", "ID"], 1, 4],
          ["domains", ["ID"], 1, 8],
          ["messages", ["MessageID"], 3, 1234],
          ["bounces", ["ID"], 2, 501],
          ["servers", ["ID"], 1, 3]
        ]
      )
      const stats = first.resources[0]!
      assert.deepInclude(stats, { name: "deliverystats", primary_key: ["Name"], requests: 1 })
      assert.isAbove(stats.rows.inserted, 1)
      for (const { rows } of second.resources)
        assert.deepInclude(rows, { inserted: 0, updated: 0, unchanged: rows.fetched })
      for (const { path, query } of requests) {
        assert.match(path, /^\/v1\//)
        assert.sameMembers(Object.keys(query), ["offset", "limit"])
      }
    })
  )

  it.effect("a wrong key is refused in the API's own words, and is in no word of the receipt", () =>
    Effect.gen(function* () {
      const { first } = yield* run("key-that-is-wrong")
      assert.strictEqual(first.status, "failed")
      assert.match(JSON.stringify(first), /does not hold a valid API key/)
      assert.notMatch(JSON.stringify(first), /key-that-is-wrong/)
    })
  )
})
