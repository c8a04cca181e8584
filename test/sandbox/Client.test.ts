import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"

const get = (path: string) =>
  HttpClient.execute(
    HttpClientRequest.get(`https://api.postmarkapp.com${path}`).pipe(
      HttpClientRequest.setHeader("X-Postmark-Server-Token", Sandbox.tokens.serverToken)
    )
  )

describe("Client", () => {
  it.effect("answers any host from the sandbox, header names without case", () =>
    Effect.gen(function* () {
      const response = yield* get("/bounces?count=10&offset=0")
      assert.strictEqual(response.status, 200)
      assert.strictEqual(response.headers["content-type"], "application/json; charset=utf-8")
      assert.include(yield* response.text, '"ID":4323372036854775807,')
      assert.strictEqual((yield* get("/domains?count=10&offset=0")).status, 401)
    }).pipe(Effect.provide(Sandbox.layerClient()))
  )

  it.effect("query parameters of the request count", () =>
    Effect.gen(function* () {
      const request = HttpClientRequest.get("http://sandbox.test/bounces", {
        urlParams: { count: 1, offset: 7 },
        headers: { "x-postmark-server-token": Sandbox.tokens.serverToken }
      })
      assert.include(
        yield* Effect.flatMap(HttpClient.execute(request), (response) => response.text),
        '"ID":4323372036854775807,'
      )
    }).pipe(Effect.provide(Sandbox.layerClient()))
  )

  it.effect("a reset is a transport error, a truncated body one that breaks when it is read", () =>
    Effect.gen(function* () {
      const reset = yield* Effect.flip(get("/deliverystats"))
      assert.strictEqual(reset._tag, "RequestError")
      assert.strictEqual(reset.reason, "Transport")
      const truncated = yield* get("/deliverystats")
      assert.strictEqual((yield* Effect.flip(truncated.json)).reason, "Decode")
      assert.strictEqual((yield* get("/deliverystats")).status, 200)
    }).pipe(
      Effect.provide(
        Sandbox.layerClient({
          faults: [
            { kind: "reset", at: [1] },
            { kind: "truncated", at: [2] }
          ]
        })
      )
    )
  )

  it.effect("a delay passes with the test's clock", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(get("/deliverystats"))
      yield* TestClock.adjust("59 seconds")
      assert.isNull(fiber.unsafePoll())
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
    }).pipe(Effect.provide(Sandbox.layerClient({ faults: [{ kind: "delay", value: 60_000, rate: 1 }] })))
  )

  it.effect("a gateway of one's own can be looked into", () =>
    Effect.gen(function* () {
      const gateway = yield* Sandbox.gateway({ messages: 10 })
      const client = Sandbox.client(gateway)
      yield* client.get("http://sandbox.test/nope")
      assert.strictEqual(yield* gateway.requestCount, 1)
      assert.strictEqual((yield* gateway.world).messages, 10)
    })
  )

  it.effect("an option that makes no world fails the layer", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(get("/deliverystats"), Sandbox.layerClient({ streams: 11 })))
      assert.strictEqual(error._tag, "SandboxError")
    })
  )
})
