/**
 * Masks values that are credentials, by declaration or by the name of their field, so that neither a table nor a reject ever
 * holds one.
 *
 * Stage Row, pure. Which fields those are is for `Masks` to say. Scrubs nothing else: secrets of the configuration are taken
 * out by stage Fetch.
 */
import type { Kind } from "./Credential.ts"

/**
 * A value with every scalar in it masked; null and empty texts stay what they are. All masks are alike, and like those of
 * stage Fetch: a token is stored in one form, whether or not it is one of the configuration's own today.
 *
 * @since 0.1.0
 * @category combinators
 */
export const value = (value: unknown): unknown => {
  if (value === null || value === undefined || value === "") return value
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value === "object") return mapValues(value, (_, inner) => mask(inner))
  return "***"
}

/**
 * A scalar of a field that is masked for `kind`; the identical value where there is nothing to hide: yes and no are no
 * credentials, and of a payment's `authorization` only what reads like a header is one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const scalar = (kind: Kind | "declared" | "url", value: unknown): unknown => {
  if (kind === "url") return typeof value === "string" ? url(value) : value
  if (typeof value === "string") {
    if (value === "" || value === "***" || (kind === "scheme" && !scheme.test(value))) return value
    return "***"
  }
  if (kind === "declared") return value === null || value === undefined ? value : "***"
  return kind === "secret" && (typeof value === "number" || typeof value === "bigint") ? "***" : value
}

/**
 * A text with what stands before the `@` of the URLs in it masked; the identical text where nothing is. A user alone is a token
 * to many servers of `http`, and stays in URLs such as `ssh://git@host`, which have it for everybody.
 *
 * @since 0.1.0
 * @category combinators
 */
export const url = (text: string): string =>
  text.includes("@")
    ? text.replace(userinfo, (whole, scheme: string | undefined, user: string) =>
        user.includes(":") || /^https?:$/i.test(scheme ?? "") ? `${scheme ?? ""}//***@` : whole
      )
    : text

/**
 * A row with its masked fields masked, at whatever depth they are.
 *
 * @since 0.1.0
 * @category combinators
 */
export const deep = (isMasked: (key: string) => boolean, row: unknown): unknown => {
  if (Array.isArray(row)) return row.map((item) => deep(isMasked, item))
  return typeof row === "object" && row !== null
    ? mapValues(row, (key, inner) => (isMasked(key) ? value(inner) : deep(isMasked, inner)))
    : row
}

// --- internal ---

const mask = value

/** To the last `@` before the path: people do not always encode the one in a password. */
const userinfo = /([a-z][a-z0-9+.-]{0,30}:)?\/\/([^\s/?#"'<>]+)@/gi

const scheme = /^(bearer|basic|token|api-?key|key|digest|negotiate|oauth|hawk|hmac|jwt|sso-key|aws4-[\w-]+)[ :]\s*\S/i

/** By `fromEntries`, which makes a key `__proto__` a key like any other. */
const mapValues = (object: object, map: (key: string, value: unknown) => unknown): unknown =>
  Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, map(key, inner)]))
