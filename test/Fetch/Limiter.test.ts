import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, FastCheck as fc, Fiber, Logger, TestClock } from "effect"
import * as Limiter from "../../src/Fetch/Limiter.ts"

const throttled = (limits: Parameters<typeof Limiter.make>[0]) => {
  const limiter = Limiter.make(limits)
  return <A, E>(effect: Effect.Effect<A, E>) => limiter.place(limiter.start(() => effect))
}

/** Starts `count` pieces of work of `millis` each at once; when each began, and how many ran together at most. */
const run = (
  limits: { readonly concurrency: number; readonly rate: number | undefined },
  count: number,
  millis: number
) =>
  Effect.gen(function* () {
    const throttle = throttled(limits)
    const began: Array<number> = []
    let running = 0
    let most = 0
    const work = Effect.gen(function* () {
      began.push(yield* Clock.currentTimeMillis)
      most = Math.max(most, ++running)
      yield* Effect.sleep(millis)
      running--
    })
    const fiber = yield* Effect.fork(
      Effect.all(
        Array.from({ length: count }, () => throttle(work)),
        { concurrency: "unbounded" }
      )
    )
    yield* TestClock.adjust("1 hour")
    yield* Fiber.join(fiber)
    return { began, most }
  })

describe("Limiter", () => {
  it.effect("lets so many run at once", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* run({ concurrency: 2, rate: undefined }, 5, 100), {
        began: [0, 0, 100, 100, 200],
        most: 2
      })
    })
  )

  it.effect("spaces starts evenly, without a burst at the beginning", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* run({ concurrency: 8, rate: 4 }, 5, 1)).began, [0, 250, 500, 750, 1000])
    })
  )

  it.effect("knows rates below one a second", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* run({ concurrency: 8, rate: 0.5 }, 3, 1)).began, [0, 2000, 4000])
    })
  )

  it.effect("spaces by the start of the work, not of the wait for a place", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* run({ concurrency: 1, rate: 10 }, 3, 1000)).began, [0, 1000, 2000])
    })
  )

  it.effect("an idle time is not saved up", () =>
    Effect.gen(function* () {
      const throttle = throttled({ concurrency: 8, rate: 1 })
      yield* throttle(Effect.void)
      yield* TestClock.adjust("10 seconds")
      const began: Array<number> = []
      const work = Effect.map(Clock.currentTimeMillis, (now) => began.push(now))
      const fiber = yield* Effect.fork(Effect.all([throttle(work), throttle(work)], { concurrency: 2 }))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(began, [10_000, 11_000])
    })
  )

  it.effect("a failure gives its place back", () =>
    Effect.gen(function* () {
      const throttle = throttled({ concurrency: 1, rate: undefined })
      yield* Effect.exit(throttle(Effect.fail("x")))
      assert.strictEqual(yield* throttle(Effect.succeed(1)), 1)
    })
  )
})

const all = { isOverruled: false, longest: 300_000, backOff: { delay: 1000, factor: 2, longest: 60_000 } }

/** One request that is answered so, and the seconds at which those behind it start. */
const behind = (
  status: number,
  headers: Readonly<Record<string, string>>,
  more: Partial<Limiter.Answer> = {},
  count = 2
) =>
  Effect.gen(function* () {
    const limiter = Limiter.make({ concurrency: 8, rate: undefined })
    const from = yield* Clock.currentTimeMillis
    const began: Array<number> = []
    yield* limiter.start((ticket) => Effect.sync(() => limiter.learn(ticket, { ...all, status, headers, ...more })))
    const next = limiter.start(() => Effect.map(Clock.currentTimeMillis, (now) => began.push((now - from) / 1000)))
    const fiber = yield* Effect.fork(
      Effect.all(
        Array.from({ length: count }, () => next),
        { concurrency: "unbounded" }
      )
    )
    yield* TestClock.adjust("1 hour")
    yield* Fiber.join(fiber)
    return began
  })

describe("Limiter, taught by an answer", () => {
  it.effect("starts nothing before the time that Retry-After says, of whatever request", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* behind(429, { "retry-after": "17" }))[0], 17)
      assert.deepStrictEqual((yield* behind(503, { "retry-after": "17" }))[0], 17)
      assert.deepStrictEqual((yield* behind(404, { "retry-after": "17" }))[0], 17)
      assert.deepStrictEqual((yield* behind(200, { "retry-after": "17" }))[0], 17)
    })
  )

  it.effect("takes Retry-After of an outcome that is not there yet, and of a redirect, for their own", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* behind(202, { "retry-after": "17" }), [0, 0])
      assert.deepStrictEqual(yield* behind(301, { "retry-after": "17" }), [0, 0])
    })
  )

  it.effect("waits for no time that is longer than is granted, and none where the configuration has its own", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* behind(500, { "retry-after": "301" }), [0, 0])
      assert.deepStrictEqual(yield* behind(500, { "retry-after": "1000000000" }), [0, 0])
      assert.deepStrictEqual(yield* behind(429, { "retry-after": "301" }), [1, 1])
      assert.deepStrictEqual(yield* behind(429, { "retry-after": "17" }, { isOverruled: true }), [1, 1])
    })
  )

  it.effect("waits a little where a refusal says no time; an error is no refusal", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* behind(429, {}), [1, 1])
      assert.deepStrictEqual(yield* behind(500, {}), [0, 0])
      assert.deepStrictEqual(yield* behind(503, {}), [0, 0])
    })
  )

  it.effect("starts no more than are left, and then one to see how much there is", () =>
    Effect.gen(function* () {
      const told = (left: number) => ({
        "ratelimit-limit": "20",
        "ratelimit-remaining": `${left}`,
        "ratelimit-reset": "10"
      })
      // The requests behind it are over at once and tell nothing: the first of them finds that, and then nothing holds.
      assert.deepStrictEqual(yield* behind(200, told(1)), [0, 0])
      assert.deepStrictEqual(yield* behind(200, told(0)), [10.003, 10.003])
    })
  )

  it.effect("waits for the answers of what is under way before it takes what is left for used up", () =>
    Effect.gen(function* () {
      const limiter = Limiter.make({ concurrency: 8, rate: undefined })
      const began: Array<number> = []
      const told = (left: number) => ({ "ratelimit-remaining": `${left}`, "ratelimit-reset": "100" })
      const request = (left: number) =>
        limiter.start((ticket) =>
          Effect.gen(function* () {
            began.push(yield* Clock.currentTimeMillis)
            yield* Effect.sleep(50)
            limiter.learn(ticket, { ...all, status: 200, headers: told(left) })
          })
        )
      yield* Effect.fork(request(3))
      yield* TestClock.adjust(50)
      yield* Effect.fork(Effect.all([request(2), request(1), request(0), request(0)], { concurrency: "unbounded" }))
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(began, [0, 50, 50, 50])
      yield* TestClock.adjust("2 minutes")
      assert.lengthOf(began, 5)
      assert.isAtLeast(began[4]!, 100_000)
    })
  )

  it.effect("a wait ends at once when it is interrupted, and holds nobody up", () =>
    Effect.gen(function* () {
      const limiter = Limiter.make({ concurrency: 1, rate: undefined })
      const learn = (ticket: Limiter.Ticket) =>
        Effect.sync(() => limiter.learn(ticket, { ...all, status: 429, headers: { "retry-after": "100" } }))
      yield* limiter.place(limiter.start(learn))
      const began: Array<number> = []
      const next = limiter.place(limiter.start(() => Effect.map(Clock.currentTimeMillis, (now) => began.push(now))))
      const first = yield* Effect.fork(next)
      const second = yield* Effect.fork(next)
      yield* TestClock.adjust(1000)
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Clock.currentTimeMillis, 1000)
      yield* TestClock.adjust("100 seconds")
      yield* Fiber.join(second)
      assert.deepStrictEqual(began, [100_000])
    })
  )

  it.effect("a wait is told once, also when answers come in meanwhile", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String(message)))
      const limiter = Limiter.make({ concurrency: 8, rate: undefined })
      const slow = limiter.start(() => Effect.sleep("5 seconds"))
      const told = limiter.start((ticket) =>
        Effect.sync(() => limiter.learn(ticket, { ...all, status: 503, headers: { "retry-after": "17" } }))
      )
      const held = limiter.start(({ held }) => Effect.succeed(held))
      const fiber = yield* Effect.all([slow, told, held], { concurrency: 3 }).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
        Effect.fork
      )
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual((yield* Fiber.join(fiber))[2], 17_000)
      assert.deepStrictEqual(lines, [
        "the API has asked to wait, or refused a request: no request starts in the next 17 s"
      ])
    })
  )

  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.integer({ min: -10, max: 2_000_000_000 }).map(String),
    fc.integer({ min: 0, max: 400 }).map(String),
    fc.constantFrom('"a";r=0;t=9', '"a";r=0;t=999', "limit=1, remaining=0, reset=5", '"a";q=1;w=9', "1e9", "-0", "NaN")
  )
  const names = ["retry-after", "date", "ratelimit", "ratelimit-policy"].concat(
    ["ratelimit", "x-ratelimit", "x-rate-limit"].flatMap((name) =>
      ["limit", "remaining", "reset"].map((field) => `${name}-${field}`)
    )
  )

  it.effect.prop(
    "waits no longer than is granted, whatever is said",
    {
      status: fc.constantFrom(200, 202, 302, 403, 404, 429, 500, 503),
      headers: fc.dictionary(fc.constantFrom(...names), word, { maxKeys: 6 })
    },
    ({ headers, status }) =>
      Effect.gen(function* () {
        const began = yield* behind(status, headers, {}, 1)
        // And what an API rounds off.
        assert.isAtMost(began[0]!, 302)
      })
  )

  it.effect.prop(
    "in any second no more starts than the rate, whatever comes when and is answered how",
    {
      rate: fc.integer({ min: 1, max: 40 }),
      requests: fc.array(
        fc.record({
          gap: fc.nat(300),
          millis: fc.nat(200),
          status: fc.constantFrom(200, 200, 200, 429, 500),
          headers: fc.constantFrom({}, { "retry-after": "1" }, { "ratelimit-remaining": "0", "ratelimit-reset": "1" })
        }),
        { minLength: 2, maxLength: 40 }
      )
    },
    ({ rate, requests }) =>
      Effect.gen(function* () {
        const limiter = Limiter.make({ concurrency: 8, rate })
        const began: Array<number> = []
        const one = ({ gap, headers, millis, status }: (typeof requests)[number], i: number) =>
          Effect.sleep(i % 3 === 0 ? gap : 0).pipe(
            Effect.zipRight(
              limiter.place(
                limiter.start((ticket) =>
                  Effect.gen(function* () {
                    began.push(yield* Clock.currentTimeMillis)
                    yield* Effect.sleep(millis)
                    limiter.learn(ticket, { ...all, status, headers })
                  })
                )
              )
            )
          )
        const fiber = yield* Effect.fork(Effect.all(requests.map(one), { concurrency: "unbounded" }))
        yield* TestClock.adjust("2 hours")
        yield* Fiber.join(fiber)
        const most = Math.max(...began.map((from) => began.filter((at) => at >= from && at < from + 1000).length))
        assert.isAtMost(most, rate)
      }),
    { fastCheck: { numRuns: 40 } }
  )
})
