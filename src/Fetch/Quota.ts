/**
 * What an answer's headers say of an API's quota: how many requests it still takes, and when it takes more again.
 *
 * Stage Fetch, pure: the time comes in as an argument. Reads what is there and believes nothing that cannot be; `Limiter` acts
 * on it. `Retry-After` is read by `RetryAfter`.
 */
import * as Duration from "effect/Duration"
import { parseDictionary, parseList } from "structured-headers"
import * as RetryAfter from "./RetryAfter.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Quota {
  /** An API may have several, as `burst` and `daily`; `default` where it names none. */
  readonly name: string
  /** Requests that are accepted in all, where it is said. */
  readonly limit: number | undefined
  /** Requests that are accepted yet. */
  readonly remaining: number
  /** From now to when there are more, in milliseconds: mostly told in whole seconds, rounded up. */
  readonly resetMillis: number
}

/**
 * `now` is the time of day in milliseconds. Empty when nothing is said that makes sense: numbers that are missing, negative, fractional or huge, more left than the limit,
 * two values for one thing. The first family that says something sensible counts:
 *
 * - `RateLimit` and `RateLimit-Policy`, structured fields: draft-ietf-httpapi-ratelimit-headers-08 and later
 *   (`"default";r=50;t=30`, `"default";q=100;w=60`), and -07 (`limit=100, remaining=50, reset=30`, `100;w=60`)
 * - `RateLimit-Limit`, `-Remaining`, `-Reset`: the same draft up to -06; the reset is in seconds from now
 * - `X-RateLimit-*`: the reset is in seconds from now, or a time in seconds (GitHub, "Rate limits for the REST API") or
 *   milliseconds since 1970
 * - `X-Rate-Limit-*`: likewise (X, Okta)
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  headers: Readonly<Record<string, string | undefined>>,
  now: () => number
): ReadonlyArray<Quota> => {
  // In the common case nothing is there, and these look-ups are all that is done.
  const structured = headers["ratelimit"]
  if (structured !== undefined) {
    const quotas = fromStructured(structured, headers["ratelimit-policy"])
    if (quotas.length > 0) return quotas
  }
  for (const family of families) {
    if (headers[family.remaining] === undefined) continue
    const quota = fromFields(family, headers, now)
    if (quota !== undefined) return [quota]
  }
  return none
}

// --- internal ---

const none: ReadonlyArray<Quota> = []

const family = (prefix: string) => ({
  limit: `${prefix}-limit`,
  remaining: `${prefix}-remaining`,
  reset: `${prefix}-reset`
})

const families = [family("ratelimit"), family("x-ratelimit"), family("x-rate-limit")]

const most = 1e9

/** No quota in use lasts longer. */
const longest = 366 * 24 * 3600 * 1000

const make = (
  name: string,
  limit: number | undefined,
  remaining: number | undefined,
  resetMillis: number | undefined
): Quota | undefined =>
  remaining === undefined ||
  resetMillis === undefined ||
  !(resetMillis >= 0 && resetMillis <= longest) ||
  (limit !== undefined && (limit === 0 || remaining > limit))
    ? undefined
    : { name, limit, remaining, resetMillis }

const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most ? value : undefined

const millis = (seconds: unknown): number | undefined => (typeof seconds === "number" ? seconds * 1000 : undefined)

/** Also of two that are the same, as a proxy may double a header. */
const number = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const [first = "", ...others] = text.split(",").map((part) => part.trim())
  return /^\d+(\.\d+)?$/.test(first) && others.every((other) => other === first) ? Number(first) : undefined
}

const fromFields = (
  names: ReturnType<typeof family>,
  headers: Readonly<Record<string, string | undefined>>,
  now: () => number
): Quota | undefined => {
  // Early drafts put the policies behind it: `100, 100;w=60, 1000;w=3600`.
  const limit = /^\s*(\d+)\s*(?:[,;]|$)/.exec(headers[names.limit] ?? "")?.[1]
  const reset = headers[names.reset]
  const resetMillis =
    reset === undefined
      ? policies(headers["ratelimit-policy"]).get("")?.windowMillis
      : until(reset, headers["date"], now)
  return make("default", count(Number(limit)), count(number(headers[names.remaining])), resetMillis)
}

/** A number as small as this is seconds from now; a larger one was seconds since 1970 in 2001, or milliseconds in 1973. */
const smallest = { seconds: 1e9, millis: 1e11 }

const until = (text: string, date: string | undefined, now: () => number): number | undefined => {
  const value = number(text)
  if (value !== undefined && value < smallest.seconds) return value * 1000
  const at = value === undefined ? instant(text) : value < smallest.millis ? value * 1000 : value
  if (at === undefined) return undefined
  // Where the two clocks differ it is the server's that counts; it shows whole seconds only, and so not whether they differ by less.
  const local = now()
  const server = instant(date) ?? local
  return Math.max(0, at - (Math.abs(server + 500 - local) <= 1500 ? local : server))
}

const instant = (text: string | undefined): number | undefined => {
  const since1970 = RetryAfter.parse(text, 0)
  return since1970 === undefined ? undefined : Duration.toMillis(since1970)
}

interface Policy {
  readonly limit: number | undefined
  readonly windowMillis: number | undefined
  /** Of requests, not of bytes or the like. */
  readonly isOfRequests: boolean
}

type Members = ReturnType<typeof parseList>

const members = (text: string | undefined): Members => {
  if (text === undefined) return []
  try {
    return parseList(text)
  } catch {
    return []
  }
}

const nameOf = (member: Members[number]): string => (typeof member[0] === "object" ? String(member[0]) : `${member[0]}`)

/** By their names; that of a policy without one, which has its number there, is empty. */
const policies = (text: string | undefined): ReadonlyMap<string, Policy> =>
  new Map(
    members(text).map((member) => {
      const [value, parameters] = member
      const unit = parameters.get("qu")
      const policy = {
        limit: count(typeof value === "number" ? value : parameters.get("q")),
        windowMillis: millis(parameters.get("w")),
        isOfRequests: unit === undefined || unit === "requests"
      }
      return [typeof value === "number" ? "" : nameOf(member), policy] as const
    })
  )

const fromStructured = (text: string, policy: string | undefined): ReadonlyArray<Quota> => {
  const known = policies(policy)
  const listed = members(text)
  const quotas =
    listed.length > 0
      ? listed.map((member) => {
          const name = nameOf(member)
          const parameters = member[1]
          const { isOfRequests = true, limit, windowMillis } = known.get(name) ?? {}
          return isOfRequests
            ? make(name, limit, count(parameters.get("r")), millis(parameters.get("t")) ?? windowMillis)
            : undefined
        })
      : [fromDictionary(text, known.get("")?.windowMillis)]
  return quotas.filter((quota) => quota !== undefined)
}

const fromDictionary = (text: string, windowMillis: number | undefined): Quota | undefined => {
  try {
    const fields = parseDictionary(text)
    const field = (name: string) => fields.get(name)?.[0]
    return make("default", count(field("limit")), count(field("remaining")), millis(field("reset")) ?? windowMillis)
  } catch {
    return undefined
  }
}
