/**
 * Why a request failed for good: one class, a reason, and only scrubbed facts.
 *
 * Stage Fetch. Never holds a request, a response, a header or a whole body; those carry credentials and people's data.
 */
import * as Schema from "effect/Schema"

/**
 * - `Transport`: no answer: DNS, refused, reset; or a request that cannot be sent as it stands
 * - `Timeout`: the attempt's time ran out
 * - `Body`: broken, truncated or not JSON
 * - `BodyTooLarge`: over `limits.maxBodyBytes`
 * - `Status`: an answer that is not a success
 * - `RetryAfter`: the server asks for a longer wait than `retry.maxRetryAfter`
 * - `Origin`: a URL, link or redirect to a host that is not allowed
 * - `Auth`: no access token: the token URL refuses, cannot be reached, or answers without one
 * - `Action`: an answer that a response action takes for a failure
 *
 * @since 0.1.0
 * @category models
 */
export const Reason = Schema.Literal(
  "Transport",
  "Timeout",
  "Body",
  "BodyTooLarge",
  "Status",
  "RetryAfter",
  "Origin",
  "Auth",
  "Action"
)

/**
 * @since 0.1.0
 * @category errors
 */
export class FetchError extends Schema.TaggedError<FetchError>("sluice/FetchError")("FetchError", {
  reason: Reason,
  method: Schema.String,
  /** Redacted URL. */
  url: Schema.String,
  status: Schema.optional(Schema.Number),
  /** The API's own error code, e.g. Postmark's `ErrorCode`. */
  code: Schema.optional(Schema.String),
  /** The API's own message or the cause, scrubbed, at most 512 characters. */
  detail: Schema.String,
  /** Requests sent, the failed one included. 0 when none was. */
  attempts: Schema.Number,
  /** What the last answer's `Retry-After` asked for, in milliseconds. */
  retryAfterMillis: Schema.optional(Schema.Number),
  /** Whether another attempt might have gone better; retries within the policy are already spent. */
  isRetryable: Schema.Boolean
}) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` answered ${this.status}`
    const code = this.code === undefined || this.code === String(this.status) ? "" : ` (error code ${this.code})`
    const tries = this.attempts > 1 ? `, after ${this.attempts} attempts` : ""
    return `${this.method} ${this.url}${status}${code}: ${this.detail}${tries}`
  }
}
