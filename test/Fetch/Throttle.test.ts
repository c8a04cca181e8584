import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, TestClock } from "effect"
import * as Throttle from "../../src/Fetch/Throttle.ts"

/** Starts `count` pieces of work of `millis` each at once; when each began, and how many ran together at most. */
const run = (
  limits: { readonly concurrency: number; readonly rate: number | undefined },
  count: number,
  millis: number
) =>
  Effect.gen(function* () {
    const throttle = Throttle.make(limits)
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

describe("Throttle", () => {
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
      const throttle = Throttle.make({ concurrency: 8, rate: 1 })
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
      const throttle = Throttle.make({ concurrency: 1, rate: undefined })
      yield* Effect.exit(throttle(Effect.fail("x")))
      assert.strictEqual(yield* throttle(Effect.succeed(1)), 1)
    })
  )
})
