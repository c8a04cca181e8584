/**
 * Values of incremental cursors: what counts as one, their order, and a step back by a lag.
 *
 * Stage Row, pure. Numbers by number; date-times by instant, however they are written; other texts as they are.
 */
import type { CursorValue } from "../Resource/Incremental.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * The cursor value in a JSON value; `undefined` for null, booleans, lists and objects.
 *
 * @since 0.1.0
 * @category accessors
 */
export const valueOf = (value: unknown): CursorValue | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? value : undefined

/**
 * Below, at or above 0.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = (a: CursorValue, b: CursorValue): number => {
  if (a === b) return 0
  if (typeof a !== "string" || typeof b !== "string") return a < b ? -1 : a > b ? 1 : 0
  const left = Timestamp.normalise(a)
  const right = left === undefined ? undefined : Timestamp.normalise(b)
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0
  return a < b ? -1 : 1
}

/**
 * Why two values have no order, if they have none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const mismatch = (value: CursorValue, other: CursorValue | undefined): string | undefined =>
  other === undefined || (typeof value === "string") === (typeof other === "string")
    ? undefined
    : `the cursor is a ${kind(value)} here, but a ${kind(other)} where the walk starts`

/**
 * A value moved by a lag: seconds for a date-time, days for a date, else the number itself. Texts keep the way they are
 * written; a text that is neither stays as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const shift = (value: CursorValue, by: number): CursorValue => {
  if (typeof value === "number") return value + by
  if (typeof value === "bigint") return value + BigInt(Math.trunc(by))
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const moved = Date.parse(`${value}T00:00:00Z`) + by * dayMillis
    return Number.isNaN(moved) ? value : new Date(moved).toISOString().slice(0, 10)
  }
  const written = /^(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2})(:\d{2})?(?:[.,](\d+))?(.*)$/.exec(value)
  if (written === null || Timestamp.normalise(value) === undefined) return value
  const [, date, separator, time, seconds, fraction, zone] = written
  // The wall clock moves within its own offset, so the rest of the text can stay.
  const millis = Date.parse(`${date}T${time}${seconds ?? ":00"}Z`) + Math.round(by * 1000)
  const moved = new Date(millis).toISOString()
  const hasSeconds = seconds !== undefined || moved.slice(17, 19) !== "00"
  const part = Number.isInteger(by) ? (fraction ?? "") : fractionOf(fraction, moved)
  return `${moved.slice(0, 10)}${separator}${moved.slice(11, hasSeconds ? 19 : 16)}${part === "" ? "" : `.${part}`}${zone}`
}

// --- internal ---

const dayMillis = 86_400_000

const kind = (value: CursorValue) => (typeof value === "string" ? "text" : "number")

/** Milliseconds of a lag that is no whole number of seconds, before the digits that the value had beyond them. */
const fractionOf = (fraction: string | undefined, moved: string): string => {
  const own = Number(`0.${fraction ?? "0"}`)
  const sum = own + Number(`0.${moved.slice(20, 23)}`)
  return (sum % 1).toFixed(Math.max(3, fraction?.length ?? 0)).slice(2)
}
