/**
 * OAuth 2.0 client credentials (RFC 6749 §4.4): the program proves itself to a token URL and gets an access token.
 *
 * Stage Api, one kind of `Auth`. Declares; `Fetch/Token` asks, keeps and renews the token.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Credential from "./Credential.ts"
import * as TokenUrl from "./TokenUrl.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface ClientCredentials {
  readonly _tag: "OAuth2ClientCredentials"
  readonly tokenUrl: string
  readonly clientId: Redacted.Redacted<string> | string
  readonly clientSecret: Redacted.Redacted<string>
  /** Further fields of the token request; one of the same name replaces `grant_type`, `client_id` or `client_secret`. */
  readonly requestData: Readonly<Record<string, Redacted.Redacted<string> | string>>
  /** How long a token lasts when the answer does not say. */
  readonly defaultExpiration: Duration.Duration
  /** Where id and secret go: into the form, or into a Basic header. */
  readonly authMethod: "post" | "basic"
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly tokenUrl: string
  /** Hidden when it is given as `Redacted`. */
  readonly clientId: Redacted.Redacted<string> | string
  readonly clientSecret: Redacted.Redacted<string> | string
  /** Hidden where a value is `Redacted`, or its name is one of a secret. */
  readonly requestData?: ClientCredentials["requestData"] | undefined
  /** An hour unless said otherwise. */
  readonly defaultExpiration?: Duration.DurationInput | undefined
  /** `post` unless said otherwise. */
  readonly authMethod?: ClientCredentials["authMethod"] | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): ClientCredentials => ({
  _tag: "OAuth2ClientCredentials",
  tokenUrl: options.tokenUrl.trim(),
  clientId: options.clientId,
  clientSecret: Credential.secret(options.clientSecret),
  requestData: Object.fromEntries(
    Object.entries(options.requestData ?? {}).map(([name, value]) => [
      name,
      secretNames.test(name) ? Credential.secret(value) : value
    ])
  ),
  defaultExpiration: Duration.decode(options.defaultExpiration ?? "1 hour"),
  authMethod: options.authMethod ?? "post"
})

/**
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (auth: ClientCredentials): ReadonlyArray<Redacted.Redacted<string>> => {
  const given = Credential.hidden([auth.clientSecret, auth.clientId, ...Object.values(auth.requestData)])
  if (auth.authMethod === "post") return given
  // As they stand in the Basic header: its base64 does not hold that of the secret.
  const pair = [Credential.text(auth.clientId), Credential.text(auth.clientSecret)]
  const encoded = pair.map((text) => new URLSearchParams([["", text]]).toString().slice(1))
  return [...given, Redacted.make(pair.join(":")), Redacted.make(encoded.join(":"))]
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const problem = (auth: ClientCredentials, baseUrl: URL | undefined): string | undefined => {
  const where = TokenUrl.problem(auth.tokenUrl, baseUrl)
  if (where !== undefined) return where
  if (Credential.text(auth.clientId) === "" && auth.requestData["client_id"] === undefined)
    return "the OAuth client has no id"
  return Credential.text(auth.clientSecret) === "" && auth.requestData["client_secret"] === undefined
    ? "the OAuth client's secret is empty"
    : undefined
}

// --- internal ---

const secretNames = /secret|password|passwd|passphrase|token$|assertion|api_?key|private_?key|^code$/i
