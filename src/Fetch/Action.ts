/**
 * What an answer of a certain status or content means for its resource: dlt's response actions.
 *
 * Stage Fetch. Looked at before the retry policy.
 */
import type * as Duration from "effect/Duration"

/**
 * @since 0.1.0
 * @category models
 */
export interface Action {
  readonly statusCode?: number | undefined
  /** A part of the body's text. */
  readonly content?: string | undefined
  readonly action:
    | { readonly kind: "ignore" }
    | { readonly kind: "stop" }
    | { readonly kind: "retry"; readonly delay?: Duration.Duration | undefined; readonly maxRetries?: number | undefined }
    | { readonly kind: "fail"; readonly message?: string | undefined }
}
