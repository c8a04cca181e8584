/**
 * When a request is tried again, as a typed value: the numbers of the analytics API's specification by default.
 *
 * Stage Api. `Fetch/Retry` turns a policy into a Schedule, `Fetch/Classify` decides what is retryable; nothing here
 * waits.
 */
import * as Duration from "effect/Duration"

/**
 * @since 0.1.0
 * @category models
 */
export interface RetryPolicy {
  /** Further attempts after the first: 3 means at most 4 requests. */
  readonly maxRetries: number
  /** Each delay is the one before times this. */
  readonly factor: number
  /** Delay before the first retry. */
  readonly baseDelay: Duration.Duration
  /** No computed delay is longer. */
  readonly maxDelay: Duration.Duration
  /** Spread each delay over 80–120 % of itself, so that clients do not come back in step. */
  readonly jitter: boolean
  /** HTTP statuses worth another try. Transport errors, timeouts and broken bodies always are. */
  readonly statuses: ReadonlyArray<number>
  /** The longest `Retry-After` that is waited for; a server asking for more fails the request at once. */
  readonly maxRetryAfter: Duration.Duration
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly maxRetries?: number | undefined
  readonly factor?: number | undefined
  readonly baseDelay?: Duration.DurationInput | undefined
  readonly maxDelay?: Duration.DurationInput | undefined
  readonly jitter?: boolean | undefined
  readonly statuses?: ReadonlyArray<number> | undefined
  readonly maxRetryAfter?: Duration.DurationInput | undefined
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults: RetryPolicy = {
  maxRetries: 3,
  factor: 2,
  baseDelay: Duration.seconds(1),
  maxDelay: Duration.seconds(60),
  jitter: true,
  statuses: [429, 500, 502, 503, 504],
  maxRetryAfter: Duration.minutes(5)
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}, base: RetryPolicy = defaults): RetryPolicy => ({
  maxRetries: options.maxRetries ?? base.maxRetries,
  factor: options.factor ?? base.factor,
  baseDelay: options.baseDelay === undefined ? base.baseDelay : Duration.decode(options.baseDelay),
  maxDelay: options.maxDelay === undefined ? base.maxDelay : Duration.decode(options.maxDelay),
  jitter: options.jitter ?? base.jitter,
  statuses: options.statuses ?? base.statuses,
  maxRetryAfter: options.maxRetryAfter === undefined ? base.maxRetryAfter : Duration.decode(options.maxRetryAfter)
})
