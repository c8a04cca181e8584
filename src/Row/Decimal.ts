/**
 * Numbers as texts of digits: exact, one text for each value, whatever way it was written.
 *
 * Stage Row, pure. Computes nothing; a number that JSON has made a double of is taken by its shortest digits.
 */

/**
 * What a column of decimals holds at most; as SQL's `DECIMAL(precision, scale)`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Digits in all. */
  readonly precision?: number | undefined
  /** Digits behind the point: so many are written. */
  readonly scale?: number | undefined
}

/**
 * Plain digits without an exponent, a plus, needless zeros or a negative zero: `12.10` and `1.21e1` are `12.1`.
 *
 * `undefined` for what is no number, and for exponents that no amount has.
 *
 * @since 0.1.0
 * @category constructors
 */
export const canonical = (value: string | number | bigint): string | undefined => {
  const match = pattern.exec(typeof value === "string" ? value.trim() : String(value))
  if (match === null) return undefined
  const [, sign, whole = "", fraction = "", exponent = "0"] = match
  if (whole === "" && fraction === "") return undefined
  const shift = Number(exponent)
  if (Math.abs(shift) > 400) return undefined
  const digits = whole + fraction
  const point = whole.length + shift
  const left = (point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0")).replace(/^0+(?=\d)/, "")
  const right = (point <= 0 ? "0".repeat(-point) + digits : digits.slice(point)).replace(/0+$/, "")
  const plain = right === "" ? left : `${left}.${right}`
  return sign === "-" && plain !== "0" ? `-${plain}` : plain
}

/**
 * A canonical number as a column with limits holds it, `undefined` where it does not fit: nothing is rounded.
 *
 * @since 0.1.0
 * @category combinators
 */
export const within = (canonical: string, { precision, scale }: Limits): string | undefined => {
  const [whole = "", fraction = ""] = canonical.replace("-", "").split(".")
  if (scale !== undefined && fraction.length > scale) return undefined
  const digits = whole === "0" ? 0 : whole.length
  if (precision !== undefined && digits + (scale ?? fraction.length) > precision) return undefined
  if (scale === undefined || scale === 0) return canonical
  return `${canonical}${fraction === "" ? "." : ""}${"0".repeat(scale - fraction.length)}`
}

/**
 * The double that is this number, if there is one: its shortest digits are the number's.
 *
 * @since 0.1.0
 * @category accessors
 */
export const toDouble = (text: string): number | undefined => {
  const exact = canonical(text)
  if (exact === undefined) return undefined
  const number = Number(exact)
  return Number.isFinite(number) && canonical(number) === exact ? number : undefined
}

// --- internal ---

const pattern = /^([+-])?(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/
