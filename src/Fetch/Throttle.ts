/**
 * How hard one API is asked: requests under way at once, and requests started per second, over all resources together.
 *
 * Stage Fetch. One instance per Fetch. A request waits here before its time starts to run, and again before each retry.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Limits from "../Api/Limits.ts"

/**
 * Runs an effect when its turn has come.
 *
 * @since 0.1.0
 * @category models
 */
export type Throttle = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Starts are spaced evenly: a bucket that allows bursts would let twice the rate through in its first second.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (limits: Pick<Limits.Limits, "concurrency" | "rate">): Throttle => {
  const semaphore = Effect.unsafeMakeSemaphore(limits.concurrency)
  if (limits.rate === undefined) return semaphore.withPermits(1)
  const spacing = 1000 / limits.rate
  let next = 0
  const turn = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const at = Math.max(now, next)
    next = at + spacing
    return at > now ? Effect.sleep(Math.ceil(at - now)) : Effect.void
  })
  return (effect) => semaphore.withPermits(1)(Effect.zipRight(turn, effect))
}
