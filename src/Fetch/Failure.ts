/**
 * Why one attempt failed, as plain data: what `Retry` looks at, and what becomes a `FetchError` when the retries are
 * spent.
 *
 * Stage Fetch, internal to it. Its texts may be raw where it is made: `scrub` comes before anything may print it, and
 * `toError` is the only way out of the stage.
 */
import * as Duration from "effect/Duration"
import * as Classify from "./Classify.ts"
import type * as Action from "./Action.ts"
import { FetchError } from "./FetchError.ts"
import type { Redactor } from "./Redact.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Failure {
  readonly reason: FetchError["reason"]
  readonly detail: string
  readonly status?: number | undefined
  readonly code?: string | undefined
  /** What the server asked for, whether or not it is granted. */
  readonly retryAfter?: Duration.Duration | undefined
  /** Whether another attempt may go better. */
  readonly transient: boolean
  /** Whether it is worth one within this call: `false` for a wait longer than the policy grants. */
  readonly retry: boolean
  /** The response action that wants the retry, with a delay and a number of its own. */
  readonly action?: Action.Retry | undefined
  /** What was asked, where that is not the request itself: a token URL. */
  readonly about?: About | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface About {
  readonly method: string
  readonly url: URL | string
  /** Requests sent so far. */
  readonly attempts: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  reason: FetchError["reason"],
  detail: string,
  transient: boolean = Classify.isTransient(reason)
): Failure => ({ reason, detail, transient, retry: transient })

/**
 * @since 0.1.0
 * @category combinators
 */
export const scrub = (failure: Failure, redactor: Redactor): Failure => ({
  ...failure,
  detail: redactor.text(failure.detail),
  code: failure.code === undefined ? undefined : redactor.text(failure.code)
})

/**
 * Scrubs before it shortens: a secret cut in half is one that no redactor finds.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toError = (failure: Failure, request: About, redactor: Redactor): FetchError => {
  const { about = request, code, detail, reason, retryAfter, status, transient } = scrub(failure, redactor)
  return new FetchError({
    reason,
    method: about.method,
    url: redactor.url(about.url),
    status,
    code: code === undefined ? undefined : shorten(code, 64),
    detail: shorten(detail, 512),
    attempts: about.attempts,
    retryAfterMillis: retryAfter === undefined ? undefined : Duration.toMillis(retryAfter),
    isRetryable: transient
  })
}

// --- internal ---

const shorten = (text: string, most: number) =>
  // Not inside a surrogate pair: half of one is not a character any more.
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`
