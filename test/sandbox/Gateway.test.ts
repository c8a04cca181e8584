import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import type * as Fault from "../../src/sandbox/Fault.ts"
import * as Gateway from "../../src/sandbox/Gateway.ts"
import { json, rows as rowsOf, server } from "./fixture.ts"

const ask = (gateway: Gateway.Gateway, url: string) =>
  Effect.map(gateway.handle({ method: "GET", url, headers: server }), (reply) => ({
    ...reply,
    status: reply.response.status,
    headers: reply.response.headers,
    text: reply.response.body
  }))

const page = (count: number, offset: number) => `/bounces?count=${count}&offset=${offset}`

const withFault = (fault: Omit<Fault.Fault, "at" | "rate">) => Gateway.make({ faults: [{ ...fault, at: [1] }] })

const ids = (text: string) =>
  rowsOf({ status: 200, headers: {}, text, json: json(text) }).map((row) => row["ID"] ?? row["MessageID"])

describe("Gateway: faults", () => {
  it.effect("every kind that spoils an answer does what it says, once", () =>
    Effect.gen(function* () {
      for (const [kind, status, code] of [
        ["429", 429, 429],
        ["429-retry-after", 429, 429],
        ["500", 500, 101],
        ["503-maintenance", 503, 100]
      ] as const) {
        const gateway = yield* withFault({ kind })
        const spoilt = yield* ask(gateway, page(5, 0))
        assert.strictEqual(spoilt.status, status)
        assert.strictEqual(json(spoilt.text).ErrorCode, code)
        assert.strictEqual(spoilt.headers["x-pm-apierrorcode"], String(code))
        assert.strictEqual(spoilt.headers["retry-after"], kind === "429-retry-after" ? "1" : undefined)
        assert.strictEqual((yield* ask(gateway, page(5, 0))).status, 200)
      }
      for (const [kind, status] of [
        ["502-html", 502],
        ["504", 504]
      ] as const) {
        const spoilt = yield* ask(yield* withFault({ kind }), page(5, 0))
        assert.strictEqual(spoilt.status, status)
        assert.strictEqual(spoilt.headers["content-type"], "text/html; charset=utf-8")
        assert.match(spoilt.text, /^<html>/)
      }
    })
  )

  it.effect("Retry-After has the seconds it was given, as a number or as a date", () =>
    Effect.gen(function* () {
      const seconds = yield* ask(yield* withFault({ kind: "429-retry-after", value: 17 }), page(5, 0))
      assert.strictEqual(seconds.headers["retry-after"], "17")
      yield* TestClock.setTime(Date.parse("2026-11-25T10:00:00.250Z"))
      const date = yield* ask(yield* withFault({ kind: "429-retry-after-date", value: 17 }), page(5, 0))
      // A whole second, and not a moment too early.
      assert.strictEqual(date.headers["retry-after"], "Wed, 25 Nov 2026 10:00:18 GMT")
    })
  )

  it.effect("truncated JSON cannot be parsed, reset says so, both leave the rest of the answer alone", () =>
    Effect.gen(function* () {
      const whole = yield* ask(yield* Gateway.make(), page(50, 0))
      const truncated = yield* ask(yield* withFault({ kind: "truncated" }), page(50, 0))
      assert.strictEqual(truncated.status, 200)
      assert.isTrue(whole.text.startsWith(truncated.text) && truncated.text.length < whole.text.length)
      assert.throws(() => JSON.parse(truncated.text))
      const reset = yield* ask(yield* withFault({ kind: "reset" }), page(50, 0))
      assert.isTrue(reset.reset)
      assert.strictEqual(reset.text, whole.text)
      assert.isFalse(whole.reset)
    })
  )

  it.effect("a duplicate page has the rows of the one before", () =>
    Effect.gen(function* () {
      const plain = yield* Gateway.make()
      const doubled = yield* Gateway.make({ faults: [{ kind: "duplicate-page", rate: 1 }] })
      assert.strictEqual((yield* ask(doubled, page(50, 100))).text, (yield* ask(plain, page(50, 50))).text)
      assert.strictEqual((yield* ask(doubled, page(50, 20))).text, (yield* ask(plain, page(50, 0))).text)
      assert.strictEqual(
        (yield* ask(doubled, "/bounces?Count=50&Offset=100")).text,
        (yield* ask(plain, page(50, 50))).text
      )
      for (const url of [page(50, 0), "/deliverystats", "/bounces?count=x&offset=5"]) {
        assert.strictEqual((yield* ask(doubled, url)).text, (yield* ask(plain, url)).text, url)
      }
    })
  )

  it.effect("inserted rows shift the next page, so that a walk sees some twice and loses none", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make({ bounces: 20, faults: [{ kind: "insert", at: [2], value: 4 }] })
      const first = ids((yield* ask(gateway, page(10, 0))).text)
      const second = ids((yield* ask(gateway, page(10, 10))).text)
      const third = ids((yield* ask(gateway, page(10, 20))).text)
      assert.deepStrictEqual(second.slice(0, 4), first.slice(6))
      assert.strictEqual(new Set([...first, ...second, ...third]).size, 20)
      assert.strictEqual((yield* gateway.world).inserted.bounces, 4)
      assert.strictEqual((yield* gateway.world).inserted.messages, 0)
    })
  )

  it.effect("a delay is waited for on the clock at hand", () =>
    Effect.gen(function* () {
      const gateway = yield* withFault({ kind: "delay", value: 3000 })
      const fiber = yield* Effect.fork(ask(gateway, page(5, 0)))
      yield* TestClock.adjust("2999 millis")
      assert.isNull(fiber.unsafePoll())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
    })
  )

  it.effect("delay and insert add up with a fault that spoils; of two that spoil the first counts", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make({
        faults: [
          { kind: "insert", at: [1] },
          { kind: "503-maintenance", at: [1] },
          { kind: "500", at: [1] }
        ]
      })
      assert.strictEqual((yield* ask(gateway, page(5, 0))).status, 503)
      assert.strictEqual((yield* gateway.world).inserted.bounces, 3)
    })
  )

  it.effect("a fault that could never be meant is refused at the start", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Gateway.make({ faults: [{ kind: "500", rate: 2 }] }))
      assert.strictEqual(error.reason, "Fault")
      const kind: string = "bogus"
      const unknown = yield* Effect.flip(Gateway.make({ faults: [{ kind: kind as Fault.Kind, rate: 1 }] }))
      assert.include(unknown.message, 'there is no fault "bogus"; known are 429,')
    })
  )
})

describe("Gateway: state", () => {
  it.effect("the world goes on from operation to operation", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make()
      yield* gateway.insert({ messages: 2 })
      yield* gateway.insert({ messages: 3 })
      yield* gateway.change({ domains: 1 })
      const world = yield* gateway.world
      assert.strictEqual(world.inserted.messages, 5)
      assert.strictEqual(world.changed.domains, 1)
      assert.strictEqual((yield* Effect.flip(gateway.change({ domains: 99 }))).reason, "Rows")
      assert.strictEqual((yield* gateway.world).changed.domains, 1)
      assert.include((yield* ask(gateway, "/messages/outbound?count=1&offset=0")).text, '"TotalCount":1205')
    })
  )

  it.effect("requests are counted and logged without headers", () =>
    Effect.gen(function* () {
      const gateway = yield* withFault({ kind: "500" })
      yield* ask(gateway, "/Bounces?count=5&offset=0")
      yield* ask(gateway, "/nope")
      assert.strictEqual(yield* gateway.requestCount, 2)
      assert.deepStrictEqual(yield* gateway.requests, [
        {
          number: 1,
          method: "GET",
          path: "/Bounces",
          query: { count: "5", offset: "0" },
          status: 500,
          faults: ["500"]
        },
        { number: 2, method: "GET", path: "/nope", query: {}, status: 404, faults: [] }
      ])
    })
  )

  it.effect("the log keeps the last 10,000", () =>
    Effect.gen(function* () {
      const gateway = yield* Gateway.make()
      yield* Effect.repeatN(ask(gateway, "/nope"), 20_499)
      const log = yield* gateway.requests
      assert.strictEqual(log.length, 10_000)
      assert.strictEqual(log.at(-1)?.number, 20_500)
      assert.strictEqual(log[0]?.number, 10_501)
    })
  )
})
