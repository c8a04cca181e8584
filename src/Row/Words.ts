/**
 * What a scalar says, read as a number or a yes or no: the words and digits that dlt takes for one.
 *
 * Stage Row, pure. Knows no columns. Rounds nothing: what a number cannot hold exactly is `undefined`.
 */
import * as Decimal from "./Decimal.ts"

/**
 * An integer: digits with or without a sign, `0x1f`, an integral number; `bigint` beyond 2^53.
 *
 * @since 0.1.0
 * @category accessors
 */
export const integer = (value: unknown): number | bigint | undefined => {
  if (typeof value === "bigint") return narrow(value)
  if (typeof value === "number") return Number.isSafeInteger(value) ? value + 0 : undefined
  if (typeof value !== "string") return undefined
  const text = value.trim()
  if (/^0x[\da-f]{1,64}$/i.test(text)) return narrow(BigInt(text))
  return /^[+-]?\d{1,400}$/.test(text) ? narrow(BigInt(text.replace("+", ""))) : undefined
}

/**
 * A double whose shortest digits are the number's own.
 *
 * @since 0.1.0
 * @category accessors
 */
export const double = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined
  if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : undefined
  if (typeof value !== "string") return undefined
  const whole = integer(value)
  return whole === undefined ? Decimal.toDouble(value) : double(whole)
}

/**
 * `yes`, `true`, `t`, `y`, `1` and their opposites, in any case; a number by whether it is zero.
 *
 * @since 0.1.0
 * @category accessors
 */
export const yesOrNo = (value: unknown): boolean | undefined => {
  if (typeof value === "boolean") return value
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value !== 0
  if (typeof value === "bigint") return value !== 0n
  if (typeof value !== "string") return undefined
  const word = value.toLowerCase()
  return yes.has(word) ? true : no.has(word) ? false : undefined
}

// --- internal ---

const yes = new Set(["yes", "true", "t", "y", "1"])
const no = new Set(["no", "false", "f", "n", "0"])

const narrow = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
