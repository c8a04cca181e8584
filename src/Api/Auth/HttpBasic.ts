/**
 * A user name and password, sent as `Authorization: Basic …` (RFC 7617, as UTF-8).
 *
 * Stage Api, one kind of `Auth`. Pure.
 */
import * as Redacted from "effect/Redacted"
import * as Credential from "./Credential.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface HttpBasic {
  readonly _tag: "HttpBasic"
  readonly username: Redacted.Redacted<string> | string
  readonly password: Redacted.Redacted<string>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: {
  /** Hidden like the password when it is given as `Redacted`, or when the password is too short to be the secret. */
  readonly username: Redacted.Redacted<string> | string
  /** May be empty: some APIs take a key as the user name. */
  readonly password: Redacted.Redacted<string> | string
}): HttpBasic => ({
  _tag: "HttpBasic",
  username: options.username,
  password: Credential.secret(options.password)
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const apply = (auth: HttpBasic): Credential.Credential => ({
  headers: { Authorization: `Basic ${base64(pair(auth))}` },
  query: {}
})

/**
 * The pair too: its base64 form does not hold that of the password.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (auth: HttpBasic): ReadonlyArray<Redacted.Redacted<string>> => {
  const keyIsUser = passwordOf(auth).length < 4
  const user = Redacted.isRedacted(auth.username) || keyIsUser ? [Redacted.make(userOf(auth))] : []
  return [Redacted.make(passwordOf(auth)), Redacted.make(pair(auth)), ...user]
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const problem = (auth: HttpBasic): string | undefined => {
  if (userOf(auth) === "" && passwordOf(auth) === "") return "the user name and the password are both empty"
  if (userOf(auth).includes(":")) return "the user name holds a colon, which would begin the password"
  return /\p{Cc}/u.test(pair(auth)) ? "the user name or the password holds a control character" : undefined
}

// --- internal ---

const userOf = ({ username }: HttpBasic) =>
  withoutNewline(Redacted.isRedacted(username) ? Redacted.value(username) : username)

const passwordOf = ({ password }: HttpBasic) => withoutNewline(Redacted.value(password))

// A file ends in one. Other space may be part of a password.
const withoutNewline = (text: string) => text.replace(/[\r\n]+$/, "")

const pair = (auth: HttpBasic) => `${userOf(auth)}:${passwordOf(auth)}`

const base64 = (text: string) =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""))
