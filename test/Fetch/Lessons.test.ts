/** Whose answers teach the limiter, and who is told of its waits. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Logger, LogLevel, TestClock } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import type * as Fetch from "../../src/Fetch.ts"
import { api, json, status } from "../../src/testing.ts"
import { get, over } from "./support.ts"

const empty = { "ratelimit-limit": "20", "ratelimit-remaining": "0", "ratelimit-reset": "100" }

/** Sends a request, then two others at once: seconds until they are answered, and what they say of the wait. */
const three = (first: Fetch.Request, send: Fetch.Fetch["Type"]["send"]) =>
  Effect.gen(function* () {
    yield* Effect.either(send(first))
    const from = yield* Clock.currentTimeMillis
    const one = send(get("/b")).pipe(
      Effect.flatMap(({ held }) => Effect.map(Clock.currentTimeMillis, (now) => [(now - from) / 1000, held] as const))
    )
    return yield* Effect.all([one, one], { concurrency: 2 })
  })

const elapsed = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    for (let i = 0; i < 400 && (yield* fiber.poll)._tag === "None"; i++) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })

const at = (replies: ReadonlyArray<ReturnType<typeof json>>, first = get("/a"), more = {}) =>
  elapsed(over(api({ "/a": replies, "/b": [json([]), json([]), json([])] }), ({ send }) => three(first, send), more))

describe("the limiter of an API", () => {
  it.effect("learns from its answers, also from one that redirects or fails for good", () =>
    Effect.gen(function* () {
      for (const replies of [
        [json([], { headers: empty })],
        [status(404, { headers: empty })],
        [status(302, { headers: { ...empty, location: "/v1/b" } })]
      ]) {
        const [[after]] = yield* at(replies)
        assert.isAtLeast(after, 100)
      }
    })
  )

  it.effect("learns nothing from another host, reached by a redirect or asked itself", () =>
    Effect.gen(function* () {
      const elsewhere = "https://cdn.example.com/a"
      const allowed = { allowedHosts: ["cdn.example.com"] }
      const told = json([], { headers: { ...empty, "retry-after": "100" } })
      const asked = yield* at([told], get(elsewhere), allowed)
      const redirected = yield* at([status(302, { headers: { location: elsewhere } }), told], get("/a"), allowed)
      for (const results of [asked, redirected]) for (const [after] of results) assert.isAtMost(after, 1)
    })
  )

  it.effect("learns nothing from a token URL, also on its own origin", () =>
    Effect.gen(function* () {
      const auth = Auth.oauth2ClientCredentials({
        tokenUrl: "https://api.example.com/token",
        clientId: "id",
        clientSecret: "the secret of it"
      })
      const token = json({ access_token: "t", token_type: "Bearer" }, { headers: { ...empty, "retry-after": "100" } })
      const script = api({ "/token": [token], "/a": [json([])], "/b": [json([]), json([])] })
      const results = yield* elapsed(over(script, ({ send }) => three(get("/a"), send), { auth }))
      for (const [after] of results) assert.isAtMost(after, 1)
      yield* script.verify
    })
  )

  it.effect("tells of a wait of some seconds once, and each request how long it was", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        lines.push(`${logLevel.label} ${String(message)}`)
      })
      const results = yield* at([status(429, { retryAfter: 17 }), json([])], get("/a", { retry: undefined })).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
        Logger.withMinimumLogLevel(LogLevel.Info)
      )
      // The first one's own wait is over by then.
      assert.deepStrictEqual(results, [
        [0, undefined],
        [0, undefined]
      ])
      const told = yield* at([json([], { headers: empty })]).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
        Logger.withMinimumLogLevel(LogLevel.Info)
      )
      assert.deepStrictEqual(lines, [
        "INFO the API says that its quota is used up: no request starts in the next 101 s"
      ])
      for (const [, held] of told) assert.isAtLeast(held!, 100_000)
    })
  )

  it.effect("a request that was refused itself says how long it waited", () =>
    Effect.gen(function* () {
      const script = api([status(429, { retryAfter: 17 }), json([])])
      const { held } = yield* elapsed(over(script, ({ send }) => send(get("/a"))))
      assert.strictEqual(held, 17_000)
    })
  )
})
