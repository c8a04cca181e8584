/**
 * Compares values of rows with values of a configuration, as filters ask: equality, order, and the kinds that have none.
 *
 * Stage Row, pure. Numbers compare by size, `bigint` among them; texts by code point; date-times, in any shape the API writes,
 * by instant. Values of two kinds are not equal and have no order. Converts nothing: `"10"` is a text.
 */
import * as Timestamp from "./Timestamp.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const equals = (a: unknown, b: unknown): boolean => {
  const sign = order(a, b)
  if (sign !== undefined) return sign === 0
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equals(item, b[i]))
  }
  const left = Object.entries(a)
  const right = b as Record<string, unknown>
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && equals(value, right[key]))
  )
}

/**
 * Below 0, 0 or above 0; `undefined` where the two have no order.
 *
 * @since 0.1.0
 * @category combinators
 */
export const order = (a: unknown, b: unknown): number | undefined => {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : a <= b ? 0 : undefined
  if (typeof a !== "string" || typeof b !== "string") return undefined
  const left = instant(a)
  const right = left === undefined ? undefined : instant(b)
  return left === undefined || right === undefined ? codePoints(a, b) : codePoints(left, right)
}

// --- internal ---

const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint"

/** A date alone is the start of its day, in UTC. */
const instant = (text: string): string | undefined =>
  Timestamp.normalise(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text)

/** JavaScript's own order is that of UTF-16 units, where what lies beyond U+FFFF comes before U+E000. */
const codePoints = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

const rank = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
