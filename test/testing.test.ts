import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Fiber, TestClock } from "effect"
import { api, broken, delay, html, json, page, reset, status, text } from "../src/testing.ts"
import type { Script } from "../src/testing.ts"

const ask = (script: Script, url: string, method: "GET" | "POST" = "GET") =>
  HttpClient.execute(HttpClientRequest.make(method)(url)).pipe(
    Effect.flatMap((response) =>
      Effect.map(response.text, (body) => ({ status: response.status, headers: response.headers, body }))
    ),
    Effect.provide(script.layer)
  )

const defect = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.map(
    Effect.sandbox(Effect.flip(Effect.sandbox(effect))),
    (cause) => Cause.pretty(cause as Cause.Cause<E>).split("\n")[0]!
  )

const url = "https://api.example.com/v1/bounces?offset=0"

describe("testing.api", () => {
  it.effect("gives its replies in order, and is satisfied when all are given", () =>
    Effect.gen(function* () {
      const script = api([json({ a: 1 }), status(429, { retryAfter: 3 })])
      assert.include(yield* ask(script, url), { status: 200, body: '{"a":1}' })
      assert.include(yield* defect(script.verify), "1 of 2 replies were not asked for")
      const second = yield* ask(script, url)
      assert.strictEqual(second.status, 429)
      assert.strictEqual(second.headers["retry-after"], "3")
      yield* script.verify
    })
  )

  it.effect("an unasked-for request dies, named; and verify remembers it", () =>
    Effect.gen(function* () {
      const script = api([json([])])
      yield* ask(script, url)
      const message = "unexpected request GET https://api.example.com/v1/bounces?offset=0: all 1 replies are given"
      assert.include(yield* defect(ask(script, url)), message)
      assert.include(yield* defect(script.verify), message)
      assert.strictEqual(script.requests.length, 2)
    })
  )

  it.effect("a reply may expect a request", () =>
    Effect.gen(function* () {
      const when = { method: "GET", path: "/v1/bounces", query: { offset: "0" }, headers: { "X-A": "1" } }
      const refused = (more: object) => {
        const script = api([json([], { when: { ...when, headers: {}, ...more } })])
        return defect(ask(script, url))
      }
      yield* ask(api([json([], { when: { ...when, headers: {} } })]), url)
      assert.include(yield* refused({ path: "/v1/x" }), "reply 1 expects the path /v1/x")
      assert.include(yield* refused({ query: { offset: "500" } }), "reply 1 expects the parameter offset=500")
      assert.include(yield* refused({ method: "POST" }), "reply 1 expects the method POST")
      assert.include(yield* refused({ headers: { "X-A": "1" } }), "reply 1 expects the header X-A: 1")
    })
  )

  it.effect("a list for each path answers resources side by side", () =>
    Effect.gen(function* () {
      const script = api({ "/bounces": [text("b1"), text("b2")], opens: [text("o")], "/messages/opens": [text("mo")] })
      const bodies = yield* Effect.all(
        [
          ask(script, "https://h.example/v1/bounces"),
          ask(script, "https://h.example/messages/opens"),
          ask(script, "https://h.example/opens"),
          ask(script, "https://h.example/v1/bounces")
        ],
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        bodies.map(({ body }) => body),
        ["b1", "mo", "o", "b2"]
      )
      yield* script.verify
      assert.include(
        yield* defect(ask(script, "https://h.example/x")),
        "no replies for its path; there are some for /messages/opens, /bounces, /opens"
      )
      assert.include(yield* defect(ask(script, "https://h.example/bounces")), "all 2 replies for /bounces are given")
    })
  )

  it.effect("shows requests as they were sent", () =>
    Effect.gen(function* () {
      const script = api([json({}), json({})])
      const request = HttpClientRequest.post("https://h.example/x?a=1&b=%20").pipe(
        HttpClientRequest.setHeader("X-Token", "visible"),
        HttpClientRequest.bodyUnsafeJson({ n: 1 })
      )
      yield* Effect.provide(HttpClient.execute(request), script.layer)
      yield* ask(script, url)
      assert.deepInclude(
        { ...script.requests[0] },
        { method: "POST", path: "/x", query: { a: "1", b: " " }, body: { n: 1 } }
      )
      assert.strictEqual(script.requests[0]!.headers["x-token"], "visible")
      assert.deepInclude({ ...script.requests[1] }, { url, body: undefined })
    })
  )
})

describe("replies", () => {
  const body = (reply: ReturnType<typeof page>) => JSON.parse(reply.body)

  it("page puts rows where the API does", () => {
    assert.deepStrictEqual(body(page([1, 2])), [1, 2])
    assert.deepStrictEqual(body(page([1], { field: "Bounces", total: 7 })), { TotalCount: 7, Bounces: [1] })
    assert.deepStrictEqual(body(page([1], { total: 7, totalField: "total", extra: { next: "x" } })), {
      total: 7,
      next: "x",
      items: [1]
    })
  })

  it("bodies, types and statuses are as said", () => {
    assert.deepStrictEqual(json('{"n":9007199254740993}').body, '{"n":9007199254740993}')
    assert.deepInclude(status(503, { body: { m: 1 }, headers: { "x-a": "1" } }), { status: 503, body: '{"m":1}' })
    assert.strictEqual(status(503, { headers: { "x-a": "1" } }).headers["x-a"], "1")
    assert.match(html("<p>").headers["content-type"]!, /^text\/html/)
    assert.throws(() => JSON.parse(broken().body))
  })

  it.effect("reset fails before the answer, or behind a part of it", () =>
    Effect.gen(function* () {
      const before = yield* Effect.flip(ask(api([reset()]), url))
      assert.strictEqual(before._tag, "RequestError")
      const amid = yield* Effect.flip(ask(api([reset({ after: "[1" })]), url))
      assert.strictEqual(amid._tag, "ResponseError")
    })
  )

  it.effect("delay waits on the test's clock", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(ask(api([delay("10 seconds", text("late"))]), url))
      yield* TestClock.adjust("9999 millis")
      assert.isNull(yield* Fiber.poll(fiber).pipe(Effect.map((exit) => (exit._tag === "None" ? null : exit))))
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).body, "late")
    })
  )
})
