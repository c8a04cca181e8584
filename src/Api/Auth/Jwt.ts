/**
 * OAuth by a signed assertion (RFC 7523, RS256): a private key proves the client to a token URL, which gives a token.
 *
 * Stage Api, one kind of `Auth`. Declares; `Fetch/Token` asks, keeps and renews the token, `Fetch/PrivateKey` reads the key.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Header from "../Header.ts"
import * as Credential from "./Credential.ts"
import * as TokenUrl from "./TokenUrl.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Jwt {
  readonly _tag: "OAuthJwt"
  readonly tokenUrl: string
  /** Issuer and subject of the assertion. */
  readonly clientId: Redacted.Redacted<string> | string
  /** An RSA key as PEM: PKCS#8 or PKCS#1, plain or encrypted. */
  readonly privateKey: Redacted.Redacted<string>
  readonly passphrase: Redacted.Redacted<string> | undefined
  /** Separated by spaces; none when it is empty. */
  readonly scope: string
  /** Headers of the token request. */
  readonly headers: Readonly<Record<string, string>>
  /** How long a token lasts when the answer does not say. */
  readonly defaultExpiration: Duration.Duration
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly tokenUrl: string
  /** Hidden when it is given as `Redacted`. */
  readonly clientId: Redacted.Redacted<string> | string
  readonly privateKey: Redacted.Redacted<string> | string
  readonly passphrase?: Redacted.Redacted<string> | string | undefined
  readonly scopes?: string | ReadonlyArray<string> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** An hour unless said otherwise. */
  readonly defaultExpiration?: Duration.DurationInput | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Jwt => ({
  _tag: "OAuthJwt",
  tokenUrl: options.tokenUrl.trim(),
  clientId: options.clientId,
  privateKey: Credential.secret(options.privateKey),
  passphrase: options.passphrase === undefined ? undefined : Credential.secret(options.passphrase),
  scope: typeof options.scopes === "string" ? options.scopes : (options.scopes ?? []).join(" "),
  headers: options.headers ?? {},
  defaultExpiration: Duration.decode(options.defaultExpiration ?? "1 hour")
})

/**
 * The key as a PEM text; a variable that cannot hold line breaks holds `\n` in their place.
 *
 * @since 0.1.0
 * @category accessors
 */
export const pem = ({ privateKey }: Jwt): string =>
  Credential.text(privateKey).replaceAll("\\n", "\n").replaceAll("\r\n", "\n")

/**
 * The key also without its line breaks.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (auth: Jwt): ReadonlyArray<Redacted.Redacted<string>> => {
  const text = pem(auth)
  const body = text.replaceAll(/-----[^-]*-----|\s/g, "")
  return Credential.hidden([auth.privateKey, Redacted.make(text), Redacted.make(body), auth.passphrase, auth.clientId])
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const problem = (auth: Jwt, baseUrl: URL | undefined): string | undefined => {
  const where = TokenUrl.problem(auth.tokenUrl, baseUrl)
  if (where !== undefined) return where
  if (Credential.text(auth.clientId) === "") return "the OAuth client has no id"
  const label = /-----BEGIN ([A-Z ]*)-----/.exec(pem(auth))?.[1]
  if (label === undefined || !label.endsWith("PRIVATE KEY"))
    return "the private key is not a PEM text that begins with -----BEGIN PRIVATE KEY-----"
  if (label === "ENCRYPTED PRIVATE KEY" && (auth.passphrase === undefined || Redacted.value(auth.passphrase) === ""))
    return "the private key is encrypted and there is no passphrase"
  return Header.problemOf(auth.headers)
}
