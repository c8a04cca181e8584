import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Either, Fiber, TestClock } from "effect"
import type * as Fetch from "../../src/Fetch.ts"
import * as Action from "../../src/Fetch/Action.ts"
import { api, html, json, status, text } from "../../src/testing.ts"
import { get, over, token } from "./support.ts"

const ignore: Action.Action["action"] = { kind: "ignore" }

const seen = (): Action.Seen => ({ status: 404, headers: { "x-a": "1" }, text: "no such thing" })

const matches = (...actions: ReadonlyArray<Omit<Action.Action, "action">>) =>
  Action.match(
    actions.map((action) => ({ ...action, action: ignore })),
    seen(),
    seen
  )

describe("Action.match", () => {
  it("status and content, both where both are given", () => {
    assert.isDefined(matches({ statusCode: 404 }))
    assert.isDefined(matches({ content: "such" }))
    assert.isDefined(matches({ statusCode: 404, content: "such" }))
    assert.isUndefined(matches({ statusCode: 404, content: "other" }))
    assert.isUndefined(matches({ statusCode: 400, content: "such" }))
    assert.isUndefined(matches({ content: "SUCH" }))
  })

  it("a condition in TypeScript, asked last", () => {
    assert.isDefined(matches({ when: ({ headers }) => headers["x-a"] === "1" }))
    assert.isUndefined(matches({ statusCode: 404, when: () => false }))
    const never = () => assert.fail("asked, though the status is another")
    assert.isUndefined(matches({ statusCode: 400, when: never }))
  })

  it("the first that holds; one without conditions never does", () => {
    assert.strictEqual(matches({}, { statusCode: 404 }, { content: "such" })?.statusCode, 404)
    assert.isUndefined(matches({}))
  })
})

/** What becomes of one send, and how many milliseconds it took. */
const send = (
  replies: Parameters<typeof api>[0],
  actions: ReadonlyArray<Action.Action>,
  more: Partial<Fetch.Request> = {}
) =>
  Effect.gen(function* () {
    const script = api(replies)
    const start = yield* Clock.currentTimeMillis
    let end = start
    const program = over(script, (fetch) => fetch.send(get("x", { actions, ...more })), { retry: { maxRetries: 3 } })
    const fiber = yield* program.pipe(
      Effect.either,
      Effect.tap(() => Effect.map(Clock.currentTimeMillis, (now) => (end = now))),
      Effect.fork
    )
    yield* TestClock.adjust("1 day")
    const result = yield* Fiber.join(fiber)
    yield* script.verify
    const right = Either.getOrUndefined(result)
    const left = Either.isLeft(result) ? result.left : undefined
    if (left !== undefined && left._tag !== "FetchError") return assert.fail(String(left))
    return { response: right, error: left, requests: script.requests.length, took: end - start }
  })

describe("response actions", () => {
  it.effect("ignore: a quiet end without a body, before any retry", () =>
    Effect.gen(function* () {
      for (const code of [404, 429, 500]) {
        const { requests, response } = yield* send(
          [status(code, { body: { a: 1 } })],
          [{ statusCode: code, action: ignore }]
        )
        assert.strictEqual(requests, 1)
        assert.isUndefined(response?.body)
        assert.deepStrictEqual(response?.action, {
          kind: "ignore",
          notice: `an answer with status ${code} was ignored, as a response action says`
        })
      }
    })
  )

  it.effect("stop says that it is one", () =>
    Effect.gen(function* () {
      const { response } = yield* send([json({})], [{ content: "{}", action: { kind: "stop" } }])
      assert.strictEqual(response?.action?.kind, "stop")
      assert.include(response?.action?.notice, "taken as the end")
    })
  )

  it.effect("an error inside a 200, JSON or not", () =>
    Effect.gen(function* () {
      const actions: ReadonlyArray<Action.Action> = [
        { statusCode: 200, content: "Not Found", action: { kind: "fail", message: "the report is gone" } }
      ]
      for (const reply of [json({ error: "Not Found" }), html("<h1>Not Found</h1>"), text("Not Found")]) {
        const { error, requests } = yield* send([reply], actions)
        assert.strictEqual(requests, 1)
        assert.strictEqual(error?.reason, "Action")
        assert.isFalse(error?.isRetryable)
        assert.strictEqual(error?.message, "GET https://api.example.com/v1/x answered 200: the report is gone")
      }
      assert.deepStrictEqual((yield* send([json([1])], actions)).response?.body, [1])
    })
  )

  it.effect("fail without a message says what the answer says, and is not tried again", () =>
    Effect.gen(function* () {
      const { error, requests } = yield* send(
        [status(503, { body: { code: 7, message: `down for ${token}` } })],
        [{ statusCode: 503, action: { kind: "fail" } }]
      )
      assert.strictEqual(requests, 1)
      assert.strictEqual(error?.detail, "down for ***")
      assert.strictEqual(error?.code, "7")
    })
  )

  it.effect("retry: with the policy's delays and number unless it has its own", () =>
    Effect.gen(function* () {
      const own = (more: Partial<Action.Retry>): ReadonlyArray<Action.Action> => [
        { content: "not ready", action: { kind: "retry", ...more } }
      ]
      const busy = json({ state: "not ready" })
      const byPolicy = yield* send([busy, busy, json([1])], own({}))
      assert.deepStrictEqual([byPolicy.response?.body, byPolicy.requests, byPolicy.took], [[1], 3, 3000])
      const delay = Duration.seconds(20)
      const byDelay = yield* send([busy, busy, busy, json([1])], own({ delay }))
      assert.deepStrictEqual([byDelay.response?.attempts, byDelay.took], [4, 60_000])
      const byNumber = yield* send([...Array.from({ length: 6 }, () => busy), json([1])], own({ delay, maxRetries: 6 }))
      assert.deepStrictEqual([byNumber.response?.attempts, byNumber.took], [7, 120_000])
      const spent = yield* send([busy, busy], own({ maxRetries: 1 }))
      assert.strictEqual(spent.error?.reason, "Action")
      assert.isTrue(spent.error?.isRetryable)
      assert.match(
        spent.error?.message ?? "",
        /answered 200: a response action's retry is spent: JSON without a message.*, after 2 attempts$/
      )
    })
  )

  it.effect("retry of a status that is final otherwise; Retry-After counts unless there is a delay", () =>
    Effect.gen(function* () {
      const action = (delay?: Duration.Duration): ReadonlyArray<Action.Action> => [
        { statusCode: 409, action: { kind: "retry", delay } }
      ]
      const waits = [status(409, { retryAfter: 17 }), json([1])]
      assert.strictEqual((yield* send(waits, action())).took, 17_000)
      assert.strictEqual((yield* send(waits, action(Duration.seconds(2)))).took, 2000)
      const tooLong = yield* send([status(409, { retryAfter: 9999 })], action())
      assert.include(tooLong.error?.detail, "longer than 5m")
    })
  )

  it.effect("retries of an action and of the policy add up, and do not multiply", () =>
    Effect.gen(function* () {
      const actions: ReadonlyArray<Action.Action> = [{ statusCode: 409, action: { kind: "retry", maxRetries: 2 } }]
      const [conflict, down] = [status(409), status(503)]
      const { error, requests } = yield* send([conflict, down, conflict, down, down, down], actions)
      assert.strictEqual(requests, 6)
      assert.strictEqual(error?.status, 503)
    })
  )

  it.effect("a redirect that an action names is not followed", () =>
    Effect.gen(function* () {
      const reply = status(302, { headers: { location: "/login" } })
      const { requests, response } = yield* send([reply], [{ statusCode: 302, action: ignore }])
      assert.deepStrictEqual([requests, response?.action?.kind], [1, "ignore"])
      assert.strictEqual((yield* send([reply, json([])], [{ statusCode: 404, action: ignore }])).requests, 2)
    })
  )

  it.effect("a condition in TypeScript sees no secret, and its mistake is the request's failure", () =>
    Effect.gen(function* () {
      const found: Array<string> = []
      const reply = json({ you: token }, { headers: { "x-echo": token } })
      const looking: Action.Action = { when: (answer) => found.push(JSON.stringify(answer)) < 0, action: ignore }
      assert.deepStrictEqual((yield* send([reply], [looking])).response?.body, { you: "***" })
      assert.lengthOf(found, 1)
      assert.notInclude(found[0], token)
      assert.include(found[0], "***")
      const throwing: Action.Action = {
        when: () => {
          throw new Error(`bad ${token}`)
        },
        action: ignore
      }
      const { error } = yield* send([reply], [throwing])
      assert.strictEqual(error?.reason, "Action")
      assert.strictEqual(error?.detail, "the condition of a response action threw: Error: bad ***")
    })
  )
})
