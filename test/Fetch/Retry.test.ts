import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Random, TestClock } from "effect"
import * as RetryPolicy from "../../src/Api/RetryPolicy.ts"
import * as Retry from "../../src/Fetch/Retry.ts"

/** Milliseconds after the first try at which something is tried that always fails and asks for `waits`. */
const attempts = (options: RetryPolicy.Options, waits: ReadonlyArray<number | undefined> = []) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const at: Array<number> = []
    const fiber = yield* Clock.currentTimeMillis.pipe(
      Effect.flatMap((now) => {
        const seconds = waits[at.push(now - start) - 1]
        return Effect.fail({ retryAfter: seconds === undefined ? undefined : Duration.seconds(seconds) })
      }),
      Effect.retry(Retry.schedule(RetryPolicy.make(options))),
      Effect.exit,
      Effect.fork
    )
    yield* TestClock.adjust("1 day")
    yield* Fiber.join(fiber)
    return at
  })

describe("Retry", () => {
  it.effect("the specification's numbers: at most 4 requests, after 1, 2 and 4 seconds", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* attempts({ jitter: false }), [0, 1000, 3000, 7000])
    })
  )

  it.effect("Retry-After overrides one delay, longer or shorter, and not those behind it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* attempts({ jitter: false }, [undefined, 17]), [0, 1000, 18_000, 22_000])
      assert.deepStrictEqual(yield* attempts({ jitter: false, baseDelay: 5000 }, [0, 1]), [0, 0, 1000, 21_000])
      assert.deepStrictEqual(yield* attempts({ jitter: true, maxRetries: 1 }, [17]), [0, 17_000])
      assert.deepStrictEqual(yield* attempts({ maxRetries: 1, maxDelay: 1000 }, [17]), [0, 17_000])
    })
  )

  it.effect("delays grow by the factor up to the cap, and retries end", () =>
    Effect.gen(function* () {
      const options = {
        jitter: false,
        factor: 3,
        baseDelay: "2 seconds",
        maxDelay: "10 seconds",
        maxRetries: 5
      } as const
      assert.deepStrictEqual(yield* attempts(options), [0, 2000, 8000, 18_000, 28_000, 38_000])
      assert.deepStrictEqual(yield* attempts({ maxRetries: 0 }), [0])
    })
  )

  it.effect("jitter spreads a delay over 80 to 120 %, and never over the cap", () =>
    Effect.gen(function* () {
      const first = (random: number, options: RetryPolicy.Options) =>
        Effect.map(Effect.withRandom(attempts({ maxRetries: 1, ...options }), Random.fixed([random])), (at) => at[1])
      assert.strictEqual(yield* first(0, { baseDelay: 1000 }), 800)
      assert.strictEqual(yield* first(0.5, { baseDelay: 1000 }), 1000)
      assert.strictEqual(yield* first(0.75, { baseDelay: 1000 }), 1100)
      assert.strictEqual(yield* first(0.75, { baseDelay: 1000, maxDelay: 1000 }), 1000)
    })
  )
})
