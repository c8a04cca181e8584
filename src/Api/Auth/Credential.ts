/**
 * What a credential adds to a request: headers and query parameters, in clear.
 *
 * Stage Api, part of `Auth`. Lives only while a request is built. Knows no kinds of auth.
 */
import * as Redacted from "effect/Redacted"

/**
 * A `Cookie` header is joined to the request's own; any other takes the place of one of the same name.
 *
 * @since 0.1.0
 * @category models
 */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Credential = { headers: {}, query: {} }

/**
 * @since 0.1.0
 * @category constructors
 */
export const bearer = (token: Redacted.Redacted<string>): Credential => ({
  headers: { Authorization: `Bearer ${text(token)}` },
  query: {}
})

/**
 * A value as it is sent: keys are often read from files that end in a newline, which no header can carry.
 *
 * @since 0.1.0
 * @category accessors
 */
export const text = (value: Redacted.Redacted<string> | string): string =>
  (Redacted.isRedacted(value) ? Redacted.value(value) : value).trim()

/**
 * Those of some values that are to be hidden.
 *
 * @since 0.1.0
 * @category accessors
 */
export const hidden = (
  values: ReadonlyArray<Redacted.Redacted<string> | string | undefined>
): ReadonlyArray<Redacted.Redacted<string>> => values.flatMap((value) => (Redacted.isRedacted(value) ? [value] : []))

/**
 * @since 0.1.0
 * @category constructors
 */
export const secret = (value: Redacted.Redacted<string> | string): Redacted.Redacted<string> =>
  Redacted.isRedacted(value) ? value : Redacted.make(value)
