/**
 * An API key: in a header, a query parameter or a cookie of a given name.
 *
 * Stage Api, one kind of `Auth`. Pure.
 */
import type * as Redacted from "effect/Redacted"
import * as Header from "../Header.ts"
import * as Credential from "./Credential.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface ApiKey {
  readonly _tag: "ApiKey"
  /** Name of the header, parameter or cookie, e.g. `X-Postmark-Server-Token`. */
  readonly name: string
  readonly value: Redacted.Redacted<string>
  readonly location: "header" | "query" | "cookie"
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: {
  readonly name: string
  readonly value: Redacted.Redacted<string> | string
  /** `header` unless said otherwise. */
  readonly location?: ApiKey["location"] | undefined
}): ApiKey => ({
  _tag: "ApiKey",
  name: options.name,
  value: Credential.secret(options.value),
  location: options.location ?? "header"
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const apply = ({ location, name, value }: ApiKey): Credential.Credential => {
  const text = Credential.text(value)
  if (location === "query") return { headers: {}, query: { [name]: text } }
  return { headers: location === "header" ? { [name]: text } : { Cookie: `${name}=${text}` }, query: {} }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const problem = ({ location, name, value }: ApiKey): string | undefined => {
  const text = Credential.text(value)
  if (name === "") return "the API key has no name for its header, parameter or cookie"
  if (text === "") return `the API key for ${JSON.stringify(name)} is empty`
  if (location === "query") return undefined
  if (location === "header") return Header.problem(name, text)
  if (Header.problem(name, "") !== undefined) return `${JSON.stringify(name)} is not a name for a cookie`
  return /[;\s]/.test(text) || Header.problem(name, text) !== undefined
    ? `the cookie ${name} holds a character that no cookie may hold, such as a semicolon or a space`
    : undefined
}
