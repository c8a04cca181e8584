import { FetchHttpClient, HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Exit, Fiber, Layer, Redacted, TestClock } from "effect"
import * as Api from "../src/Api.ts"
import * as Auth from "../src/Api/Auth.ts"
import * as RetryPolicy from "../src/Api/RetryPolicy.ts"
import * as Fetch from "../src/Fetch.ts"
import { api, broken, delay, html, json, page, reset, status, text } from "../src/testing.ts"
import { version } from "../src/Version.ts"
import { get, options, over, token } from "./Fetch/support.ts"

/** An error's own fields, as plain data. */
const facts = (error: unknown): Record<string, unknown> => ({ ...(error as object) })

/** Runs to the end, however long it waits on the test's clock. */
const elapse = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust("1 day")
    return yield* Fiber.join(fiber)
  })

describe("Fetch.send", () => {
  it.effect("asks and decodes", () =>
    Effect.gen(function* () {
      const script = api([json('{"ID":9007199254740993}', { headers: { "X-Id": "7" } })])
      const response = yield* over(script, ({ send }) =>
        send(
          get("bounces", {
            query: [
              ["count", "500"],
              ["count", "1"]
            ]
          })
        )
      )
      const { location, ...rest } = response
      assert.strictEqual(Redacted.value(location).href, "https://api.example.com/v1/bounces?count=500&count=1")
      assert.deepStrictEqual(rest, {
        status: 200,
        headers: { "content-type": "application/json; charset=utf-8", "x-id": "7" },
        body: { ID: 9007199254740993n },
        bytes: 23,
        attempts: 1,
        url: "https://api.example.com/v1/bounces?count=500&count=1"
      })
      const [sent] = script.requests
      assert.strictEqual(sent!.url, "https://api.example.com/v1/bounces?count=500&count=1")
      assert.deepStrictEqual(sent!.headers, {
        accept: "application/json",
        "user-agent": `sluice/${version}`,
        "x-token": token
      })
      yield* script.verify
    })
  )

  it.effect("an empty body is undefined, a byte order mark is none", () =>
    Effect.gen(function* () {
      const script = api([status(204), text(" \n"), json("\uFEFF[1]"), status(202)])
      const bodies = yield* over(script, ({ send }) =>
        Effect.all([send(get("")), send(get("")), send(get("")), send(get(""))])
      )
      assert.deepStrictEqual(
        bodies.map(({ body }) => body),
        [undefined, undefined, [1], undefined]
      )
      assert.deepStrictEqual(
        bodies.map(({ bytes }) => bytes),
        [0, 2, 6, 0]
      )
    })
  )

  it.effect("sends a JSON body with exact integers", () =>
    Effect.gen(function* () {
      const script = api([json({}), json({})])
      const request = get("search", { method: "post", body: { a: 1, id: 5n } })
      yield* over(script, ({ send }) =>
        Effect.all([send(request), send({ ...request, headers: { "Content-Type": "application/vnd.api+json" } })])
      )
      assert.strictEqual(script.requests[0]!.method, "POST")
      assert.deepStrictEqual(script.requests[0]!.body, { a: 1, id: 5 })
      assert.deepStrictEqual(
        script.requests.map(({ headers }) => headers["content-type"]),
        ["application/json", "application/vnd.api+json"]
      )
    })
  )

  it.effect("headers of the request go over those of the API, and the credential over all", () =>
    Effect.gen(function* () {
      const script = api([json({})])
      yield* over(
        script,
        ({ send }) => send(get("x", { headers: { "X-A": "request", ACCEPT: "text/json", "x-token": "mine" } })),
        {
          headers: { "x-a": "api", "X-B": "api" }
        }
      )
      const { headers } = script.requests[0]!
      assert.deepStrictEqual(
        [headers["x-a"], headers["x-b"], headers["accept"], headers["x-token"]],
        ["request", "api", "text/json", token]
      )
    })
  )

  it.effect("refuses what cannot be sent, without asking", () =>
    Effect.gen(function* () {
      const script = api([])
      const refuse = (request: Fetch.Request) =>
        Effect.map(Effect.flip(over(script, ({ send }) => send(request))), String)
      assert.include(yield* refuse(get("x", { body: {} })), "a GET request cannot carry a body")
      assert.include(yield* refuse(get("x", { method: "FETCH" })), '"FETCH" is not a method')
      assert.include(yield* refuse(get("x", { headers: { "X-A": "b\nc" } })), "the header X-A holds a character")
      const bad = yield* refuse(get("x", { auth: Auth.apiKey({ name: "X-K", value: "top\u2603secret" }) }))
      assert.include(bad, "the header X-K holds a character")
      assert.notInclude(bad, "secret")
      yield* script.verify
    })
  )

  it.effect("a request's failure is a defect of nobody: no layer, no throw, one typed error", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        over(api([status(404, { body: { ErrorCode: 12, Message: "no such thing" } })]), ({ send }) => send(get("x")))
      )
      assert.isTrue(Exit.isFailure(exit))
      const error = yield* Effect.flip(exit)
      assert.deepInclude(facts(error), {
        _tag: "FetchError",
        reason: "Status",
        status: 404,
        code: "12",
        detail: "no such thing",
        attempts: 1,
        isRetryable: false
      })
      assert.strictEqual(error.message, "GET https://api.example.com/v1/x answered 404 (error code 12): no such thing")
    })
  )
})

describe("auth", () => {
  it.effect("goes in the query where that is said, once", () =>
    Effect.gen(function* () {
      const script = api([json({}), json({})])
      const auth = Auth.apiKey({ name: "api_key", value: "k&y 1234", location: "query" })
      const [one, two] = yield* over(
        script,
        ({ send }) =>
          Effect.all([
            send(get("x", { query: [["a", "1"]] })),
            send(get("https://api.example.com/v1/x?api_key=***&page=2"))
          ]),
        { auth }
      )
      assert.deepStrictEqual(
        script.requests.map(({ url }) => url),
        [
          "https://api.example.com/v1/x?a=1&api_key=k%26y%201234",
          "https://api.example.com/v1/x?page=2&api_key=k%26y%201234"
        ]
      )
      assert.strictEqual(one.url, "https://api.example.com/v1/x?a=1")
      assert.strictEqual(two.url, "https://api.example.com/v1/x?api_key=***&page=2")
      assert.isFalse("x-token" in script.requests[0]!.headers)
    })
  )

  it.effect("a request's own takes the place of the API's, never both", () =>
    Effect.gen(function* () {
      const script = api([json({}), json({})])
      const own = Auth.apiKey({ name: "X-Account", value: "account-key" })
      yield* over(script, ({ send }) =>
        Effect.all([send(get("x", { auth: own })), send(get("x", { auth: Auth.none }))])
      )
      assert.deepInclude(script.requests[0]!.headers, { "x-account": "account-key" })
      assert.isFalse("x-token" in script.requests[0]!.headers)
      assert.isFalse("x-token" in script.requests[1]!.headers)
    })
  )

  it.effect("is unwrapped for each request: a rotated key is used at once", () =>
    Effect.gen(function* () {
      const script = api([json({}), json({})])
      const value = Redacted.make("key-number-1")
      const rotating: Auth.Auth = {
        _tag: "ApiKey",
        name: "X-Token",
        location: "header",
        get value() {
          return script.requests.length === 0 ? value : Redacted.make("key-number-2")
        }
      }
      yield* over(script, ({ send }) => Effect.all([send(get("x")), send(get("x"))]), { auth: rotating })
      assert.deepStrictEqual(
        script.requests.map(({ headers }) => headers["x-token"]),
        ["key-number-1", "key-number-2"]
      )
    })
  )
})

describe("retry", () => {
  const times = (script: ReturnType<typeof api>, more: Partial<Api.Options> = {}, request = get("x")) =>
    elapse(Effect.either(over(script, ({ send }) => send(request), more)))

  it.effect("covers the specification's statuses, network errors, and bodies that are broken, cut off or HTML", () =>
    Effect.gen(function* () {
      const bad = [
        status(429),
        status(500),
        status(502),
        status(503),
        status(504),
        reset(),
        reset({ after: '{"a":' }),
        broken(),
        html("<title>502</title>"),
        json("[1,"),
        json('"\\uD83"'),
        delay("61 seconds", json([]))
      ]
      for (const reply of bad) {
        const script = api([reply, json([1])])
        const result = yield* times(script)
        assert.strictEqual(result._tag, "Right", JSON.stringify(reply))
        assert.deepInclude(result._tag === "Right" ? result.right : {}, { attempts: 2, body: [1] })
        yield* script.verify
      }
    })
  )

  it.effect("never covers what the request itself is wrong about", () =>
    Effect.gen(function* () {
      for (const code of [400, 401, 403, 404, 405, 409, 422]) {
        const script = api([status(code, { retryAfter: 1 })])
        const result = yield* times(script)
        assert.deepInclude(facts(result._tag === "Left" ? result.left : {}), {
          reason: "Status",
          status: code,
          attempts: 1,
          isRetryable: false
        })
        yield* script.verify
      }
    })
  )

  it.effect("max_retries 3 is at most 4 requests, and the last answer is what is reported", () =>
    Effect.gen(function* () {
      const script = api([
        reset(),
        broken(),
        status(500),
        status(503, { retryAfter: 1, body: { ErrorCode: 100, Message: "maintenance" } })
      ])
      const result = yield* times(script)
      assert.strictEqual(script.requests.length, 4)
      const error = result._tag === "Left" ? result.left : assert.fail("answered")
      assert.deepInclude(facts(error), {
        reason: "Status",
        status: 503,
        code: "100",
        attempts: 4,
        retryAfterMillis: 1000,
        isRetryable: true
      })
      assert.strictEqual(
        error.message,
        "GET https://api.example.com/v1/x answered 503 (error code 100): maintenance, after 4 attempts"
      )
    })
  )

  it.effect("waits 1, 2 and 4 seconds, or what Retry-After says", () =>
    Effect.gen(function* () {
      const at: Array<number> = []
      const clocked = (replies: ReadonlyArray<ReturnType<typeof status>>) =>
        Effect.gen(function* () {
          at.length = 0
          const script = api(replies)
          const fiber = yield* Effect.fork(over(script, ({ send }) => send(get("x"))))
          for (let second = 0; second < 60; second++) {
            yield* TestClock.adjust(second === 0 ? 0 : "1 second")
            while (at.length < script.requests.length) at.push(second)
          }
          yield* Fiber.join(fiber)
          return [...at]
        })
      assert.deepStrictEqual(yield* clocked([status(500), status(500), status(500), json([])]), [0, 1, 3, 7])
      assert.deepStrictEqual(
        yield* clocked([status(429), status(429, { retryAfter: 17 }), status(500), json([])]),
        [0, 1, 18, 22]
      )
    })
  )

  it.effect("reads Retry-After as a date against the clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 12, 0, 0))
      const script = api([status(503, { retryAfter: "Mon, 23 Nov 2026 12:00:17 GMT" }), json([])])
      const fiber = yield* Effect.fork(over(script, ({ send }) => send(get("x"))))
      yield* TestClock.adjust("16999 millis")
      assert.strictEqual(script.requests.length, 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).attempts, 2)
    })
  )

  it.effect("a wait longer than is granted fails at once", () =>
    Effect.gen(function* () {
      const script = api([status(429, { retryAfter: 3600, body: { message: "slow down" } })])
      const error = yield* Effect.flip(over(script, ({ send }) => send(get("x"))))
      assert.deepInclude(facts(error), {
        reason: "RetryAfter",
        status: 429,
        attempts: 1,
        retryAfterMillis: 3_600_000,
        isRetryable: true,
        detail: "the server asks to wait 1h, longer than 5m: slow down"
      })
    })
  )

  it.effect("goes by the request's own policy, where it has one", () =>
    Effect.gen(function* () {
      const script = api([status(404), status(404)])
      const policy = RetryPolicy.make({ statuses: [404], maxRetries: 1, jitter: false })
      const result = yield* times(script, {}, get("x", { retry: policy }))
      assert.deepInclude(facts(result._tag === "Left" ? result.left : {}), {
        status: 404,
        attempts: 2,
        isRetryable: true
      })
    })
  )

  it.effect("an attempt has its own time, body included, and waiting costs none of it", () =>
    Effect.gen(function* () {
      const script = api([delay("59 seconds", status(500)), delay("59 seconds", json([1]))])
      const result = yield* times(script)
      assert.strictEqual(result._tag, "Right")
      const late = yield* times(api([delay("60 seconds", json([]))]), { retry: { maxRetries: 0 } })
      assert.deepInclude(facts(late._tag === "Left" ? late.left : {}), {
        reason: "Timeout",
        attempts: 1,
        isRetryable: true,
        detail: "no complete answer within 1m"
      })
    })
  )
})

describe("limits", () => {
  it.effect("a place is free for others while a request waits to be tried again", () =>
    Effect.gen(function* () {
      const script = api({ "/a": [status(500), json(["a"])], "/b": [json(["b"])] })
      const done: Array<string> = []
      const fiber = yield* Effect.fork(
        over(
          script,
          ({ send }) =>
            Effect.forEach(["a", "b"], (path) => Effect.map(send(get(path)), () => done.push(path)), {
              concurrency: 2
            }),
          { limits: { concurrency: 1 } }
        )
      )
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(done, ["b"])
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(done, ["b", "a"])
    })
  )

  it.effect("waiting for a place does not count as time of the attempt", () =>
    Effect.gen(function* () {
      const slow = delay("50 seconds", json([]))
      const script = api([slow, slow, slow])
      const all = yield* elapse(
        over(script, ({ send }) => Effect.all([send(get("1")), send(get("2")), send(get("3"))], { concurrency: 3 }), {
          limits: { concurrency: 1, timeout: "60 seconds" }
        })
      )
      assert.deepStrictEqual(
        all.map(({ attempts }) => attempts),
        [1, 1, 1]
      )
    })
  )

  it.effect("the rate is that of the API, over all its requests and retries", () =>
    Effect.gen(function* () {
      const script = api([status(500), json([]), json([]), json([])])
      const fiber = yield* Effect.fork(
        over(script, ({ send }) => Effect.all([send(get("1")), send(get("2")), send(get("3"))], { concurrency: 3 }), {
          limits: { rate: 0.1 }
        })
      )
      const counts: Array<number> = []
      for (let i = 0; i < 4; i++) {
        yield* TestClock.adjust(i === 0 ? 0 : "10 seconds")
        counts.push(script.requests.length)
      }
      assert.deepStrictEqual(counts, [1, 2, 3, 4])
      yield* Fiber.join(fiber)
    })
  )

  it.effect("a body over the bound is refused, and not asked for again", () =>
    Effect.gen(function* () {
      const script = api([json([1, 2, 3, 4])])
      const error = yield* Effect.flip(over(script, ({ send }) => send(get("x")), { limits: { maxBodyBytes: 8 } }))
      assert.deepInclude(facts(error), {
        reason: "BodyTooLarge",
        attempts: 1,
        isRetryable: false,
        detail: "the answer is larger than 8 bytes"
      })
      yield* over(api([json([1, 2, 3])]), ({ send }) => send(get("x")), { limits: { maxBodyBytes: 7 } })
    })
  )
})

describe("bodies", () => {
  const failure = (reply: ReturnType<typeof json>) =>
    Effect.flip(over(api([reply]), ({ send }) => send(get("x")), { retry: { maxRetries: 0 } }))

  it.effect("what is not JSON is a Body error that says what came", () =>
    Effect.gen(function* () {
      const cases = [
        [html("<html><title>Please log in</title></html>"), 'an HTML page titled "Please log in"'],
        [broken(), "JSON ends too early, after 25 characters"],
        [text("oops"), "not valid JSON at character 0"],
        [reset({ after: '{"a":' }), "the answer broke off: connection reset"]
      ] as const
      for (const [reply, detail] of cases) {
        assert.deepInclude(facts(yield* failure(reply)), { reason: "Body", detail, isRetryable: true })
      }
    })
  )

  it.effect("nesting without end is an error, not a crash", () =>
    Effect.gen(function* () {
      const error = yield* failure(json("[".repeat(200_000) + "]".repeat(200_000)))
      assert.deepInclude(facts(error), { reason: "Body", detail: "JSON is nested more than 1000 levels deep" })
      const big = yield* failure(json(`${"[".repeat(200_000)}9007199254740993${"]".repeat(200_000)}`))
      assert.deepInclude(facts(big), { reason: "Body", detail: "JSON is nested more than 1000 levels deep" })
    })
  )

  it.effect("bytes that are not UTF-8 are an error, not question marks in a row", () =>
    Effect.gen(function* () {
      const client = HttpClient.make((request) =>
        Effect.succeed(HttpClientResponse.fromWeb(request, new Response(new Uint8Array([0x22, 0xff, 0x22]))))
      )
      const error = yield* Effect.flip(
        Effect.provide(
          Effect.flatMap(Fetch.Fetch, ({ send }) => send(get("x"))),
          Fetch.layer.pipe(
            Layer.provide(Layer.succeed(HttpClient.HttpClient, client)),
            Layer.provide(Api.layer(options({ retry: { maxRetries: 0 } })))
          )
        )
      )
      assert.deepInclude(facts(error), { reason: "Body", detail: "the body is not valid UTF-8" })
    })
  )

  it.effect("an error's text is shortened after it is scrubbed", () =>
    Effect.gen(function* () {
      // The secret lies across the place of the cut.
      for (const start of [490, 500, 505, 511]) {
        const error = yield* failure(
          status(400, { body: { message: `${"x".repeat(start)}${token}${"y".repeat(600)}` } })
        )
        assert.isAtMost(error._tag === "FetchError" ? error.detail.length : 0, 512)
        for (let length = 4; length <= token.length; length++) assert.notInclude(error.message, token.slice(0, length))
      }
    })
  )
})

describe("origin", () => {
  const ask = (script: ReturnType<typeof api>, request: Fetch.Request, more: Partial<Api.Options> = {}) =>
    Effect.either(over(script, ({ send }) => send(request), more))
  const redirect = (location: string, code = 302) => status(code, { headers: { location } })
  const detail = (result: { readonly _tag: string; readonly left?: unknown }) => facts(result.left)

  it.effect("an absolute URL elsewhere is not asked at all", () =>
    Effect.gen(function* () {
      const script = api([])
      const result = yield* ask(script, get("https://evil.example/x"))
      assert.deepInclude(detail(result), { reason: "Origin", attempts: 0, isRetryable: false })
      assert.deepStrictEqual(script.requests, [])
    })
  )

  it.effect("an absolute URL on the pin, or on an allowed host, is asked with the credential", () =>
    Effect.gen(function* () {
      const script = api([json([1]), json([2])])
      yield* ask(script, get("https://api.example.com/next?c=1"))
      yield* ask(script, get("https://cdn.example.com/next"), { allowedHosts: ["cdn.example.com"] })
      assert.deepStrictEqual(
        script.requests.map(({ headers }) => headers["x-token"]),
        [token, token]
      )
    })
  )

  it.effect("redirects inside the pin are followed, relative ones too, with the credential on each hop", () =>
    Effect.gen(function* () {
      const auth = Auth.apiKey({ name: "api_key", value: "the-key-1", location: "query" })
      const script = api([
        redirect("/v2/x?a=1"),
        redirect("?b=2", 307),
        redirect("https://api.example.com/v3", 308),
        json([1])
      ])
      const result = yield* ask(script, get("x"), { auth })
      assert.strictEqual(result._tag, "Right")
      assert.deepStrictEqual(
        script.requests.map(({ url }) => url.replace("https://api.example.com", "")),
        [
          "/v1/x?api_key=the-key-1",
          "/v2/x?a=1&api_key=the-key-1",
          "/v2/x?b=2&api_key=the-key-1",
          "/v3?api_key=the-key-1"
        ]
      )
      assert.strictEqual(result._tag === "Right" ? result.right.attempts : 0, 1)
      // Links are relative to where the answer came from, and the credential is no part of that.
      const location = result._tag === "Right" ? Redacted.value(result.right.location).href : ""
      assert.strictEqual(location, "https://api.example.com/v3")
    })
  )

  it.effect("a redirect out of the pin is not followed", () =>
    Effect.gen(function* () {
      for (const location of [
        "https://evil.example/",
        "//evil.example/",
        "http://api.example.com/",
        "https://api.example.com@evil.example/",
        "ftp://x/"
      ]) {
        const script = api([redirect(location)])
        const result = yield* ask(script, get("x"))
        assert.deepInclude(detail(result), { reason: "Origin", attempts: 1, isRetryable: false }, location)
        assert.include(detail(result).detail, "redirected to")
        yield* script.verify
      }
    })
  )

  it.effect("nor one that comes back in by way of another host", () =>
    Effect.gen(function* () {
      const script = api([redirect("/a"), redirect("https://evil.example/back")])
      assert.deepInclude(detail(yield* ask(script, get("x"))), { reason: "Origin" })
      assert.strictEqual(script.requests.length, 2)
    })
  )

  it.effect("at most five hops, and only of a GET", () =>
    Effect.gen(function* () {
      const five = api([...Array.from({ length: 5 }, () => redirect("/a")), json([])])
      assert.strictEqual((yield* ask(five, get("x")))._tag, "Right")
      const six = api(Array.from({ length: 6 }, () => redirect("/a")))
      assert.deepInclude(detail(yield* ask(six, get("x"))), {
        reason: "Origin",
        detail: "redirected more than 5 times"
      })
      const post = yield* ask(api([redirect("/a", 307)]), get("x", { method: "POST", body: {} }))
      assert.deepInclude(detail(post), {
        reason: "Origin",
        detail: "redirected to https://api.example.com/a; only a GET is redirected"
      })
    })
  )

  it.effect("a 3xx that leads nowhere is a status", () =>
    Effect.gen(function* () {
      for (const code of [300, 302, 304]) {
        assert.deepInclude(detail(yield* ask(api([status(code)]), get("x"))), { reason: "Status", status: code })
      }
    })
  )
})

describe("layers", () => {
  it.effect("layerConfig builds Api and Fetch, and needs a client only", () =>
    Effect.gen(function* () {
      const script = api([page([])])
      const provider = ConfigProvider.fromMap(new Map([["TOKEN", "from-config"]]))
      const layer = Fetch.layerConfig({
        baseUrl: Config.succeed("https://api.example.com"),
        auth: Config.map(Config.redacted("TOKEN"), (value) => Auth.apiKey({ name: "X-Token", value }))
      })
      const { host } = yield* Effect.gen(function* () {
        yield* (yield* Fetch.Fetch).send(get("x"))
        return (yield* Api.Api).baseUrl
      }).pipe(Effect.provide(layer.pipe(Layer.provide(script.layer), Layer.provide(Layer.setConfigProvider(provider)))))
      assert.strictEqual(host, "api.example.com")
      assert.strictEqual(script.requests[0]!.headers["x-token"], "from-config")
    })
  )

  it.effect("the client is told not to follow redirects, and keeps the program's other settings", () =>
    Effect.gen(function* () {
      const seen: Array<RequestInit> = []
      const fake = Layer.succeed(FetchHttpClient.Fetch, (_: unknown, init?: RequestInit) => {
        seen.push(init!)
        return Promise.resolve(new Response("[]"))
      })
      yield* Effect.provide(
        Effect.flatMap(Fetch.Fetch, ({ send }) => send(get("x"))),
        Fetch.layer.pipe(
          Layer.provide(Api.layer(options())),
          Layer.provide(Layer.provide(FetchHttpClient.layer, fake)),
          Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, { cache: "no-store", redirect: "follow" }))
        )
      )
      assert.deepStrictEqual([seen[0]!.redirect, seen[0]!.cache], ["manual", "no-store"])
    })
  )
})
