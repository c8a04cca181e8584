/**
 * The schedule a request is tried again on: exponential, capped, spread, bounded, and overruled by `Retry-After`.
 *
 * Stage Fetch. It wraps request and body reading together, never the Stream of pages: that would start a walk again.
 * Which failures come here is for `Classify` to say.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
import type * as Action from "./Action.ts"
import type { Failure } from "./Failure.ts"

/**
 * Delays of `baseDelay`, times `factor` each, spread over 80–120 % with `jitter`, at most `maxDelay`, `maxRetries` of
 * them. A failure that carries `retryAfter` waits exactly that long instead.
 *
 * @since 0.1.0
 * @category constructors
 */
export const schedule = (
  policy: RetryPolicy.RetryPolicy
): Schedule.Schedule<Pick<Failure, "retryAfter">, Pick<Failure, "retryAfter">> => {
  const exponential: Schedule.Schedule<Duration.Duration, Pick<Failure, "retryAfter">> = Schedule.exponential(
    policy.baseDelay,
    policy.factor
  )
  return (policy.jitter ? Schedule.jittered(exponential) : exponential).pipe(
    Schedule.passthrough,
    // In whole milliseconds: a clock that counts them in integers, as that of tests does, fails on a fraction.
    Schedule.modifyDelay(
      (failure, delay) =>
        failure.retryAfter ?? Duration.millis(Math.round(Duration.toMillis(Duration.min(delay, policy.maxDelay))))
    ),
    Schedule.intersect(Schedule.recurs(policy.maxRetries)),
    Schedule.map(([failure]) => failure)
  )
}

/**
 * Runs an attempt until it succeeds, fails for good, or its retries are spent. Failures by status and by transport are
 * counted together under the policy, those of a response action by themselves: their sum is what is sent at most.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = <A>(
  attempt: Effect.Effect<A, Failure>,
  policy: RetryPolicy.RetryPolicy,
  onRetry: (failure: Failure) => Effect.Effect<void>
): Effect.Effect<A, Failure> =>
  Effect.suspend(() => {
    const tracks = new Map<Action.Retry | undefined, Track>()
    const wait = (failure: Failure) =>
      Effect.gen(function* () {
        if (!failure.retry) return yield* Effect.fail(failure)
        const track = tracks.get(failure.action) ?? (yield* begin(policyFor(failure.action, policy)))
        tracks.set(failure.action, track)
        if (track.used >= track.most) return yield* Effect.fail(spent(failure, track))
        track.used++
        yield* onRetry(failure)
        // It ends when the retries do, and those are counted above.
        yield* Effect.orDie(track.driver.next(failure))
      })
    const loop: Effect.Effect<A, Failure> = Effect.catchAll(attempt, (failure) => Effect.zipRight(wait(failure), loop))
    return loop
  })

// --- internal ---

interface Track {
  readonly driver: Schedule.ScheduleDriver<Pick<Failure, "retryAfter">, Pick<Failure, "retryAfter">>
  readonly most: number
  used: number
}

const begin = (policy: RetryPolicy.RetryPolicy): Effect.Effect<Track> =>
  Effect.map(Schedule.driver(schedule(policy)), (driver) => ({ driver, most: policy.maxRetries, used: 0 }))

const policyFor = (action: Action.Retry | undefined, policy: RetryPolicy.RetryPolicy): RetryPolicy.RetryPolicy => {
  const { delay, maxRetries = policy.maxRetries } = action ?? {}
  return delay === undefined
    ? { ...policy, maxRetries }
    : { ...policy, maxRetries, baseDelay: delay, maxDelay: delay, factor: 1, jitter: false }
}

const spent = (failure: Failure, { most }: Track): Failure =>
  failure.action === undefined
    ? failure
    : {
        ...failure,
        detail: `a response action's ${most === 1 ? "retry is" : `${most} retries are`} spent: ${failure.detail}`
      }
