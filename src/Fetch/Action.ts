/**
 * What an answer of a certain status or content means for its resource: dlt's response actions, as data.
 *
 * Stage Fetch, pure. Looked at before the retry policy, and for successes too: an error inside a 200 is what they are
 * for. `Answer` acts on the find, `Retry` waits.
 */
import type * as Duration from "effect/Duration"

/**
 * Holds for an answer that fulfils all its conditions; without any it never does.
 *
 * @since 0.1.0
 * @category models
 */
export interface Action {
  readonly statusCode?: number | undefined
  /** A part of the body's text. */
  readonly content?: string | undefined
  /** A condition in TypeScript. It sees the answer with secrets masked. */
  readonly when?: ((answer: Seen) => boolean) | undefined
  readonly action: Outcome
}

/**
 * - `ignore`: the walk ends here, and that is fine
 * - `stop`: the walk ends here, and rows may be missing
 * - `retry`: as a status of the retry policy, with a delay and a number of retries of its own where they are given
 * - `fail`: the request fails, without a retry
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = { readonly kind: "ignore" } | { readonly kind: "stop" } | Retry | Fail

/**
 * @since 0.1.0
 * @category models
 */
export interface Retry {
  readonly kind: "retry"
  /** Before each retry, whatever `Retry-After` says; the policy's delays unless given. */
  readonly delay?: Duration.Duration | undefined
  /** The policy's unless given. */
  readonly maxRetries?: number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Fail {
  readonly kind: "fail"
  /** Instead of what the answer says about itself. */
  readonly message?: string | undefined
}

/**
 * An answer as conditions see it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Seen {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * The first action that holds. `seen` is asked for only where a condition in TypeScript wants to look.
 *
 * @since 0.1.0
 * @category accessors
 */
export const match = (
  actions: ReadonlyArray<Action>,
  answer: { readonly status: number; readonly text: string },
  seen: () => Seen
): Action | undefined =>
  actions.find(({ content, statusCode, when }) => {
    if (statusCode === undefined && content === undefined && when === undefined) return false
    if (statusCode !== undefined && statusCode !== answer.status) return false
    return (content === undefined || answer.text.includes(content)) && (when === undefined || when(seen()))
  })
