/**
 * Many requests against an API with a limit, under a clock of tests: how much of the limit is used, and how often it refuses.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, TestClock } from "effect"
import * as Api from "../../src/Api.ts"
import * as Fetch from "../../src/Fetch.ts"
import * as QuotaServer from "./quotaServer.ts"
import { get, options } from "./support.ts"

const limit = 20

/** `used`: share of the limit in the seconds behind the first; `refused`: how many requests were, by the second. */
const run = (rules: Partial<QuotaServer.Rules>, more: Partial<Api.Options> = {}, seconds = 3) =>
  Effect.gen(function* () {
    const server = QuotaServer.make({
      kind: "window",
      limit,
      latency: () => 20,
      tells: QuotaServer.tells.structured,
      ...rules
    })
    // In the middle of a second, and of an era in which times look like times.
    yield* TestClock.setTime(Date.UTC(2026, 10, 25) + 300)
    const layer = Fetch.layer.pipe(Layer.provide(Api.layer(options(more))), Layer.provide(server.layer))
    const fetch = yield* Effect.provide(Fetch.Fetch, layer)
    const forever = Effect.forever(Effect.either(fetch.send(get("/x"))))
    const fiber = yield* Effect.fork(
      Effect.all(
        Array.from({ length: 12 }, () => forever),
        { concurrency: "unbounded" }
      )
    )
    yield* TestClock.adjust(`${seconds + 2} seconds`)
    yield* Fiber.interrupt(fiber)
    const second = (at: number) => Math.floor((at - server.taken[0]!) / 1000)
    const behind = (times: ReadonlyArray<number>) =>
      times.filter((at) => second(at) >= 1 && second(at) <= seconds).length
    const bySecond = (times: ReadonlyArray<number>) =>
      Array.from({ length: seconds + 1 }, (_, i) => times.filter((at) => second(at) === i).length)
    return {
      used: behind(server.taken) / (limit * seconds),
      refused: bySecond(server.refused),
      taken: bySecond(server.taken)
    }
  })

const total = (counts: ReadonlyArray<number>) => counts.reduce((sum, count) => sum + count, 0)

describe("an API that takes twenty requests a second", () => {
  for (const [kind, tells] of [
    ["window", "structured"],
    ["window", "epoch"],
    ["window", "retryAfter"],
    ["bucket", "fields"],
    ["bucket", "retryAfter"]
  ] as const) {
    it.effect(`and says so (${kind}, ${tells}) refuses none behind the first second, and nearly all are used`, () =>
      Effect.gen(function* () {
        const { refused, used } = yield* run({ kind, tells: QuotaServer.tells[tells] })
        assert.isAtLeast(used, 0.95)
        assert.strictEqual(total(refused.slice(1)), 0)
      })
    )
  }

  it.effect("and only refuses is asked nearly as often as it allows, and refuses a few", () =>
    Effect.gen(function* () {
      const { refused, used } = yield* run({ tells: QuotaServer.tells.nothing }, {}, 12)
      assert.isAtLeast(used, 0.85)
      assert.isAtMost(total(refused.slice(1)), 3)
    })
  )

  it.effect("and is slow, at times, refuses none", () =>
    Effect.gen(function* () {
      const latency = (request: number) => [4, 150, 20, 60][request % 4]!
      const { refused, used } = yield* run({ latency })
      assert.isAtLeast(used, 0.95)
      assert.strictEqual(total(refused.slice(1)), 0)
    })
  )

  it.effect("is asked no more often than the configuration says, whatever it tells", () =>
    Effect.gen(function* () {
      const { refused, taken } = yield* run({}, { limits: { rate: 5 } })
      assert.deepStrictEqual(taken, [5, 5, 5, 5])
      assert.strictEqual(total(refused), 0)
    })
  )
})
