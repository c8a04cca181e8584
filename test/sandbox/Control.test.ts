import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Control from "../../src/sandbox/Control.ts"
import * as Gateway from "../../src/sandbox/Gateway.ts"

const call = (gateway: Gateway.Gateway, method: string, action: string, body?: string) =>
  Effect.map(Control.handle(gateway, { method, url: `/__sandbox/${action}`, headers: {}, body }), (response) => ({
    status: response.status,
    json: JSON.parse(response.body) as Record<string, unknown>
  }))

describe("Control", () => {
  it("is known by its path alone", () => {
    const is = (url: string) => Control.isControl({ method: "GET", url, headers: {} })
    assert.isTrue(is("/__sandbox/stats") && is("/__SANDBOX/stats/"))
    assert.isFalse(is("/bounces?x=/__sandbox/") || is("/x/__sandbox"))
  })

  it.effect("inserts and changes rows, and answers with the counts that follow", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make()
      const inserted = yield* call(gateway, "POST", "insert", '{"messages": 3, "bounces": 1}')
      assert.strictEqual(inserted.status, 200)
      assert.deepStrictEqual(inserted.json["rows"], {
        deliverystats: 23,
        message_streams: 4,
        domains: 8,
        messages: 1203,
        bounces: 301,
        servers: 3
      })
      const changed = yield* call(gateway, "POST", "change", '{"domains": 2}')
      assert.deepStrictEqual(changed.json["changed"], { messages: 0, bounces: 0, domains: 2 })
      assert.deepStrictEqual((yield* call(gateway, "GET", "stats")).json, changed.json)
      assert.strictEqual((yield* gateway.world).inserted.messages, 3)
    })
  )

  it.effect("shows the requests, and is none itself", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make()
      yield* gateway.handle({ method: "GET", url: "/bounces?count=1&offset=0", headers: {} })
      const { json } = yield* call(gateway, "GET", "requests")
      assert.deepStrictEqual(json["requests"], [
        { number: 1, method: "GET", path: "/bounces", query: { count: "1", offset: "0" }, status: 401, faults: [] }
      ])
      assert.strictEqual((yield* call(gateway, "GET", "stats")).json["requests"], 1)
    })
  )

  it.effect("refuses what it cannot do, saying why", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make()
      for (const body of [undefined, "", "{", "[]", '{"message": 1}', '{"messages": "1"}']) {
        const refused = yield* call(gateway, "POST", "insert", body)
        assert.strictEqual(refused.status, 422, String(body))
        assert.include(String(refused.json["Message"]), 'the body must be JSON such as {"messages":3,')
      }
      const many = yield* call(gateway, "POST", "change", '{"domains": 9}')
      assert.strictEqual(many.json["Message"], "Sandbox control: cannot change 9 domains: the world was made with 8")
      assert.strictEqual((yield* call(gateway, "GET", "insert")).status, 404)
      assert.strictEqual((yield* call(gateway, "POST", "reset", "{}")).status, 404)
    })
  )
})
