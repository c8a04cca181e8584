/**
 * How a request proves who it is: a value, applied by Fetch at request time.
 *
 * Stage Api. The secret stays `Redacted` here; only `Fetch` unwraps it, while it builds a request, so that a key can be
 * rotated in a running program and never sits in a log. Does not send, and does not know which resource uses which key.
 */
import * as Redacted from "effect/Redacted"
import * as Header from "./Header.ts"

/**
 * An API key in a header or in a query parameter of that name.
 *
 * @since 0.1.0
 * @category models
 */
export interface ApiKey {
  readonly _tag: "ApiKey"
  /** Header or parameter name, e.g. `X-Postmark-Server-Token`. */
  readonly name: string
  readonly value: Redacted.Redacted<string>
  readonly location: "header" | "query"
}

/**
 * The request carries no credential.
 *
 * @since 0.1.0
 * @category models
 */
export interface None {
  readonly _tag: "None"
}

/**
 * @since 0.1.0
 * @category models
 */
export type Auth = ApiKey | None

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Auth = { _tag: "None" }

/**
 * @since 0.1.0
 * @category constructors
 */
export const apiKey = (options: {
  readonly name: string
  readonly value: Redacted.Redacted<string> | string
  readonly location?: "header" | "query" | undefined
}): Auth => ({
  _tag: "ApiKey",
  name: options.name,
  value: Redacted.isRedacted(options.value) ? options.value : Redacted.make(options.value),
  location: options.location ?? "header"
})

/**
 * Every secret an `Auth` carries, for the redactor.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (auth: Auth): ReadonlyArray<Redacted.Redacted<string>> =>
  auth._tag === "ApiKey" ? [auth.value] : []

/**
 * Headers and query parameters that carry the credential. Unwraps the secret: call it only while a request is built.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply = (
  auth: Auth
): { readonly headers: Readonly<Record<string, string>>; readonly query: Readonly<Record<string, string>> } => {
  if (auth._tag === "None") return { headers: {}, query: {} }
  // Keys are often read from files that end in a newline, which no header can carry.
  const pair = { [auth.name]: Redacted.value(auth.value).trim() }
  return auth.location === "header" ? { headers: pair, query: {} } : { headers: {}, query: pair }
}

/**
 * Why a credential cannot be sent as it is, without showing it; `undefined` when it can.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (auth: Auth): string | undefined => {
  if (auth._tag === "None") return undefined
  const value = Redacted.value(auth.value).trim()
  if (auth.name === "") return "the API key has no name for its header or parameter"
  if (value === "") return `the API key for ${JSON.stringify(auth.name)} is empty`
  return auth.location === "header" ? Header.problem(auth.name, value) : undefined
}
