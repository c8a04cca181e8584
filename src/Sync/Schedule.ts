/**
 * Resources side by side, so many at once, and each one behind its parent.
 *
 * Knows nothing of what is done with them.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Ordered } from "./Order.ts"

/**
 * `one` is run once for each; a resource whose parent is still at work takes no slot while it waits.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = <E>(
  order: ReadonlyArray<Ordered>,
  concurrency: number,
  one: (ordered: Ordered, index: number) => Effect.Effect<void, E>
): Effect.Effect<void, E> =>
  Effect.gen(function* () {
    const slots = Effect.unsafeMakeSemaphore(concurrency)
    const ends = new Map<string, Deferred.Deferred<void>>()
    for (const { resource } of order) ends.set(resource.name, yield* Deferred.make<void>())
    const ended = (name: string | undefined) => {
      const end = name === undefined ? undefined : ends.get(name)
      return end === undefined ? Effect.void : Deferred.await(end)
    }
    yield* Effect.forEach(
      order,
      (ordered, index) =>
        Effect.zipRight(ended(ordered.parent), slots.withPermits(1)(one(ordered, index))).pipe(
          Effect.ensuring(Deferred.succeed(ends.get(ordered.resource.name)!, undefined))
        ),
      { concurrency: "unbounded", discard: true }
    )
  })

/**
 * `work`, unless `lost` fails before it is done. However it ends, also when it is interrupted, no part of it is at work any more:
 * a race alone leaves that to its children, which come to their end behind whatever its caller then does.
 *
 * @since 0.1.0
 * @category combinators
 */
export const until = <E, E2>(
  work: Effect.Effect<void, E>,
  lost: Effect.Effect<never, E2>
): Effect.Effect<void, E | E2> =>
  Effect.acquireUseRelease(
    Effect.fork(Effect.interruptible(work)),
    (fiber) => Effect.raceFirst(Fiber.join(fiber), lost),
    Fiber.interrupt
  )
