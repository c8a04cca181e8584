/**
 * Takes configured secrets out of whatever leaves the program, by value: texts, URLs, JSON.
 *
 * Stage Fetch. The only code that prints a URL. Does not guess what looks like a secret; that is a resource's `mask`.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Redactor {
  /** Every occurrence of a secret, also URL-encoded, becomes `***`. */
  readonly text: (text: string) => string
  /** Scheme, host, path and parameter names; values of credential parameters and secrets masked. */
  readonly url: (url: URL | string) => string
  /** The same value with secrets masked inside its strings; the identical value where there are none. */
  readonly json: (value: unknown) => unknown
}
