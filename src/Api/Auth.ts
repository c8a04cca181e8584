/**
 * How a request proves who it is: a value, applied by Fetch at request time.
 *
 * Stage Api. The secret stays `Redacted` here; only `Fetch` unwraps it, while it builds a request, so that a key can be
 * rotated in a running program and never sits in a log. Does not send, and does not know which resource uses which key.
 */
import type * as Redacted from "effect/Redacted"
import * as ApiKeyAuth from "./Auth/ApiKey.ts"
import * as BearerAuth from "./Auth/Bearer.ts"
import * as ClientCredentials from "./Auth/ClientCredentials.ts"
import * as Credential from "./Auth/Credential.ts"
import * as HttpBasicAuth from "./Auth/HttpBasic.ts"
import * as Jwt from "./Auth/Jwt.ts"

export type { ApiKey } from "./Auth/ApiKey.ts"
export type { Bearer } from "./Auth/Bearer.ts"
export type { ClientCredentials as OAuth2ClientCredentials } from "./Auth/ClientCredentials.ts"
export type { HttpBasic } from "./Auth/HttpBasic.ts"
export type { Jwt as OAuthJwt } from "./Auth/Jwt.ts"

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
 * Kinds that get an access token from a token URL first.
 *
 * @since 0.1.0
 * @category models
 */
export type OAuth = ClientCredentials.ClientCredentials | Jwt.Jwt

/**
 * @since 0.1.0
 * @category models
 */
export type Auth = None | ApiKeyAuth.ApiKey | BearerAuth.Bearer | HttpBasicAuth.HttpBasic | OAuth

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Auth = { _tag: "None" }

/**
 * A key in a header, a query parameter or a cookie.
 *
 * @since 0.1.0
 * @category constructors
 */
export const apiKey: (options: Parameters<typeof ApiKeyAuth.make>[0]) => Auth = ApiKeyAuth.make

/**
 * `Authorization: Bearer …` with a token known beforehand.
 *
 * @since 0.1.0
 * @category constructors
 */
export const bearer: (token: Redacted.Redacted<string> | string) => Auth = BearerAuth.make

/**
 * `Authorization: Basic …` of a user name and password.
 *
 * @since 0.1.0
 * @category constructors
 */
export const httpBasic: (options: Parameters<typeof HttpBasicAuth.make>[0]) => Auth = HttpBasicAuth.make

/**
 * A token for an OAuth client's id and secret. Equal clients share one token within a Fetch.
 *
 * @since 0.1.0
 * @category constructors
 */
export const oauth2ClientCredentials: (options: ClientCredentials.Options) => Auth = ClientCredentials.make

/**
 * A token for an assertion signed with a private key. Equal clients share one token within a Fetch.
 *
 * @since 0.1.0
 * @category constructors
 */
export const oauthJwt: (options: Jwt.Options) => Auth = Jwt.make

/**
 * @since 0.1.0
 * @category guards
 */
export const isOAuth = (auth: Auth): auth is OAuth =>
  auth._tag === "OAuth2ClientCredentials" || auth._tag === "OAuthJwt"

/**
 * Every secret an `Auth` carries, for the redactor.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (auth: Auth): ReadonlyArray<Redacted.Redacted<string>> => {
  switch (auth._tag) {
    case "None":
      return []
    case "ApiKey":
      return [auth.value]
    case "Bearer":
      return [auth.token]
    case "HttpBasic":
      return HttpBasicAuth.secrets(auth)
    case "OAuth2ClientCredentials":
      return ClientCredentials.secrets(auth)
    case "OAuthJwt":
      return Jwt.secrets(auth)
  }
}

/**
 * Headers and query parameters that carry the credential. Unwraps the secret: call it only while a request is built.
 * Kinds that need an access token carry the one given, or nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply = (auth: Auth, accessToken?: Redacted.Redacted<string>): Credential.Credential => {
  switch (auth._tag) {
    case "None":
      return Credential.none
    case "ApiKey":
      return ApiKeyAuth.apply(auth)
    case "Bearer":
      return Credential.bearer(auth.token)
    case "HttpBasic":
      return HttpBasicAuth.apply(auth)
    case "OAuth2ClientCredentials":
    case "OAuthJwt":
      return accessToken === undefined ? Credential.none : Credential.bearer(accessToken)
  }
}

/**
 * Why a credential cannot be sent as it is, without showing it; `undefined` when it can. With the API's base URL, also
 * whether a client's secret would travel in the clear.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (auth: Auth, baseUrl?: URL): string | undefined => {
  switch (auth._tag) {
    case "None":
      return undefined
    case "ApiKey":
      return ApiKeyAuth.problem(auth)
    case "Bearer":
      return BearerAuth.problem(auth)
    case "HttpBasic":
      return HttpBasicAuth.problem(auth)
    case "OAuth2ClientCredentials":
      return ClientCredentials.problem(auth, baseUrl)
    case "OAuthJwt":
      return Jwt.problem(auth, baseUrl)
  }
}
