/**
 * What an answer means under a policy: done, worth another try, or final. Pure; the verdict is data and the retry
 * loop dumb.
 *
 * Stage Fetch. Looks at status and headers only; whether a body is readable is found by whoever reads it.
 */
import * as Duration from "effect/Duration"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
import type { FetchError } from "./FetchError.ts"
import * as RetryAfter from "./RetryAfter.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Verdict =
  | { readonly _tag: "Ok" }
  | { readonly _tag: "Retry"; readonly after: Duration.Duration | undefined }
  | { readonly _tag: "Fail"; readonly reason: "Status" | "RetryAfter"; readonly after: Duration.Duration | undefined }

/**
 * Only the statuses a policy names are tried again: 400, 401, 403, 404 and 422 are as final as the request is wrong.
 *
 * @since 0.1.0
 * @category constructors
 */
export const answer = (
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  policy: RetryPolicy.RetryPolicy,
  nowMillis: number
): Verdict => {
  if (status >= 200 && status < 300) return { _tag: "Ok" }
  const after = RetryAfter.parse(headers["retry-after"], nowMillis)
  if (!policy.statuses.includes(status)) return { _tag: "Fail", reason: "Status", after }
  return after !== undefined && Duration.greaterThan(after, policy.maxRetryAfter)
    ? { _tag: "Fail", reason: "RetryAfter", after }
    : { _tag: "Retry", after }
}

/**
 * Whether a failure without a usable answer may go better next time.
 *
 * @since 0.1.0
 * @category combinators
 */
export const isTransient = (reason: FetchError["reason"]): boolean =>
  reason === "Transport" || reason === "Timeout" || reason === "Body"
