/**
 * One quota of an API as it stands: what is left of it by the answers so far, and when it is full again at the latest.
 *
 * Stage Fetch, pure: times are milliseconds of a clock that only goes forward. Errs on the side of waiting: what is under way
 * counts as not yet counted by the server. `Quota` reads what is told, `Limiter` holds requests by it.
 */
import type * as Quota from "./Quota.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Budget {
  /** Requests the API still took when it said so last. */
  readonly left: number
  /** When that was. */
  readonly toldAt: number
  /** When it takes more again: a request that is sent then is not too early. */
  readonly until: number
}

/**
 * When and where a quota was told.
 *
 * @since 0.1.0
 * @category models
 */
export interface Telling {
  readonly now: number
  /** When the request was sent that is answered. */
  readonly sentAt: number
  /** The shortest time an answer of this API took, in milliseconds: so long ago, at least, the quota was counted. */
  readonly roundTrip: number
  /** Requests that may be under way at once, and whose answers may come in another order. */
  readonly concurrency: number
  /** Added to each reset, in milliseconds: what the API was seen to round off. */
  readonly grace: number
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const tell = (budget: Budget | undefined, quota: Quota.Quota, telling: Telling): Budget => {
  const { concurrency, grace, now, roundTrip, sentAt } = telling
  const { limit, remaining, resetMillis } = quota
  // Not by when the answer came but by when it was sent off, or each window of a second would be a round trip longer.
  const end = now - roundTrip + resetMillis + grace + (resetMillis > 0 ? margin : 0)
  const fresh = { left: remaining, toldAt: now, until: end }
  if (budget === undefined || isRefilled(budget, remaining, sentAt, concurrency)) return fresh
  const left = Math.min(budget.left, remaining)
  // All answers of a window round up the same instant, and the least is the nearest. Another instant is another window.
  const until = end > budget.until + rounding ? end : Math.min(budget.until, end)
  // Where the quota comes back in drops and not all at once, there must be one by then.
  const drop = left > 0 || limit === undefined ? 0 : (resetMillis / limit) * 1.1 + margin
  return { left, toldAt: left < budget.left ? now : budget.toldAt, until: Math.max(until, now + drop) }
}

/**
 * Whether another request fits in, while so many are under way.
 *
 * @since 0.1.0
 * @category predicates
 */
export const hasRoom = (budget: Budget, underWay: number): boolean => budget.left > underWay

// --- internal ---

/** For timers that end early, in milliseconds. */
const margin = 3

/** A second, in which times are told, and what a request may take besides. */
const rounding = 1500

/**
 * A request that was sent when the least was known finds less, unless the quota has been filled up. Answers of requests that
 * were under way together come in any order, but not in one so wrong.
 */
const isRefilled = (budget: Budget, remaining: number, sentAt: number, concurrency: number) =>
  (sentAt >= budget.toldAt && remaining >= budget.left) || remaining > budget.left + concurrency
