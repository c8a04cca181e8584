/**
 * JSON without loss: integers beyond 2^53 become `bigint` and are written back digit by digit.
 *
 * Stage Fetch; `Row` and `Table` use it for JSON columns. Everything else is as `JSON.parse` and `JSON.stringify`
 * have it: the last of two equal keys wins, `__proto__` is an ordinary key, decimals are doubles. Errors never quote
 * the text.
 */
import * as Either from "effect/Either"
import * as LosslessJson from "lossless-json"
import * as Digits from "./Digits.ts"

/**
 * Deeper values are refused: everything behind this stage walks values by recursion.
 *
 * @since 0.1.0
 * @category defaults
 */
export const maxDepth = 1000

/**
 * The value, or why there is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<unknown, string> => {
  try {
    const value = isInexact(text) ? Digits.settle(lossless(text)) : (JSON.parse(text) as unknown)
    return isDeeper(value, maxDepth) ? Either.left(tooDeep) : Either.right(value)
  } catch {
    return Either.left(reason(text))
  }
}

/**
 * As `JSON.stringify` without a replacer, with every `bigint` as a JSON number; `undefined` is `null`. Throws for
 * values that hold themselves.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stringify = (value: unknown): string => {
  // Some programs give BigInt a toJSON that makes strings of them; those must not change what is stored.
  if (!("toJSON" in BigInt.prototype)) {
    try {
      return JSON.stringify(value) ?? "null"
    } catch (error) {
      if (!(error instanceof TypeError) || isCyclic(value, new Set())) throw error
    }
  }
  return LosslessJson.stringify(value) ?? "null"
}

/**
 * As `stringify`, but read again it is the very same value: also a number beyond all, and a zero below zero.
 *
 * @since 0.1.0
 * @category combinators
 */
export const exact = (value: unknown): string => Digits.stringify(value, exactly)

/**
 * The same with every number as the API wrote it, where the value still is the one it was parsed to.
 *
 * @since 0.1.0
 * @category combinators
 */
export const written = (value: unknown): string => Digits.stringify(value, stringify)

// --- internal ---

const exactly = (value: unknown): string =>
  holdsOdd(value) ? (LosslessJson.stringify(value, undefined, undefined, odd) ?? "null") : stringify(value)

/** What `JSON.stringify` writes as something else: an integer beyond 2^53 that came with an exponent is no `bigint`. */
const isOdd = (value: unknown): value is number =>
  typeof value === "number" &&
  (Object.is(value, -0) || !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))

const odd = [
  {
    test: isOdd,
    stringify: (value: unknown) =>
      value === 0 ? "-0" : value === Infinity ? "1e999" : value === -Infinity ? "-1e999" : exponent(value as number)
  }
]

const exponent = (value: number): string => {
  const text = String(value)
  return text.includes("e") ? text : `${text}e0`
}

const holdsOdd = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return isOdd(value)
  if (Array.isArray(value)) return value.some(holdsOdd)
  for (const key in value) if (holdsOdd((value as Record<string, unknown>)[key])) return true
  return false
}

// Lossless parsing takes four times as long as JSON.parse; looking takes a sixth. Digits in a text that only looks like
// this cost that time and no more.
const long = /(?:^|[[:,\s])-?(?:[1-9]\d{15}|\d[\d.]{16}|\d[\d.]*[eE][+-]?\d{3})/

const longs = /(?<=^|[[:,\s])-?(?:\d[\d.]{15,}(?:[eE][+-]?\d+)?|\d[\d.]*[eE][+-]?\d{3,})/g

/** Most long numbers are doubles written out, and come back as they are. */
const isInexact = (text: string): boolean => {
  if (!long.test(text)) return false
  for (const [digits] of text.matchAll(longs)) {
    if (whole.test(digits) ? !Number.isSafeInteger(Number(digits)) : Digits.isRounded(digits)) return true
  }
  return false
}

const whole = /^-?\d+$/

const lossless = (text: string) =>
  LosslessJson.parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })

const parseNumber = (digits: string): number | bigint | Digits.Rounded => {
  const value = Number(digits)
  if (Number.isSafeInteger(value) && whole.test(digits)) return value
  if (whole.test(digits)) return BigInt(digits)
  return Digits.isRounded(digits) ? new Digits.Rounded(value, digits) : value
}

const tooDeep = `JSON is nested more than ${maxDepth} levels deep`

const isDeeper = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i]
      if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true
    }
    return false
  }
  // `for in` over a parsed object sees its own keys only, and allocates nothing.
  for (const key in value) {
    const item: unknown = (value as Record<string, unknown>)[key]
    if (typeof item === "object" && item !== null && isDeeper(item, levels - 1)) return true
  }
  return false
}

const isCyclic = (value: unknown, above: Set<unknown>): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (above.has(value)) return true
  above.add(value)
  const found = Object.values(value).some((item) => isCyclic(item, above))
  above.delete(value)
  return found
}

// Asked of one parser, since each engine has its own words; and only its position is taken: messages quote the text
// around an error, which may be half a secret that no redactor can recognise.
const reason = (text: string): string => {
  try {
    lossless(text)
    return "not valid JSON"
  } catch (error) {
    if (error instanceof RangeError) return tooDeep
    const at = /at position (\d+)$/.exec(error instanceof Error ? error.message : "")?.[1]
    if (at === undefined) return "not valid JSON"
    return Number(at) >= text.length
      ? `JSON ends too early, after ${text.length} characters`
      : `not valid JSON at character ${at}`
  }
}
