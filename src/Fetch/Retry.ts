/**
 * The schedule a request is tried again on: exponential, capped, spread, bounded, and overruled by `Retry-After`.
 *
 * Stage Fetch. It wraps request and body reading together, never the Stream of pages: that would start a walk again.
 * Which failures come here is for `Classify` to say.
 */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
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
    Schedule.modifyDelay((failure, delay) => failure.retryAfter ?? Duration.min(delay, policy.maxDelay)),
    Schedule.intersect(Schedule.recurs(policy.maxRetries)),
    Schedule.map(([failure]) => failure)
  )
}
