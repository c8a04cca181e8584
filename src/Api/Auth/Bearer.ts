/**
 * A token that is known beforehand, sent as `Authorization: Bearer …`.
 *
 * Stage Api, one kind of `Auth`. Pure. Tokens that must be asked for are `ClientCredentials` and `Jwt`.
 */
import type * as Redacted from "effect/Redacted"
import * as Header from "../Header.ts"
import * as Credential from "./Credential.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Bearer {
  readonly _tag: "Bearer"
  readonly token: Redacted.Redacted<string>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (token: Redacted.Redacted<string> | string): Bearer => ({
  _tag: "Bearer",
  token: Credential.secret(token)
})

/**
 * @since 0.1.0
 * @category accessors
 */
export const problem = ({ token }: Bearer): string | undefined => {
  const text = Credential.text(token)
  return text === "" ? "the bearer token is empty" : Header.problem("Authorization", text)
}
