/**
 * Dates, times of day and epoch seconds, beside the date-times of `Timestamp`: for columns that are known to hold them.
 *
 * Stage Row, pure. Takes what dlt takes for one; of a date-time, a date is its day in UTC.
 */
import * as Calendar from "./Calendar.ts"
import * as Decimal from "./Decimal.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * UTC text as of `Timestamp`, also from a date (its start), and from seconds since 1970.
 *
 * @since 0.1.0
 * @category constructors
 */
export const timestamp = (value: unknown): string | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return epoch(value)
  if (typeof value !== "string") return undefined
  const exact = Timestamp.normalise(value)
  if (exact !== undefined) return exact
  const day = dateOnly(value)
  return day === undefined ? epoch(value) : `${day}T00:00:00.000000000Z`
}

/**
 * `YYYY-MM-DD`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const date = (value: unknown): string | undefined =>
  (typeof value === "string" ? dateOnly(value) : undefined) ?? timestamp(value)?.slice(0, 10)

/**
 * `HH:MM:SS` with nine digits of a fraction, in UTC where an offset says what that is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const time = (value: unknown): string | undefined =>
  typeof value === "string" && /^T?\d\d:\d\d/.test(value)
    ? Timestamp.normalise(`1970-01-02T${value.replace(/^T/, "")}`)?.slice(11, 29)
    : undefined

// --- internal ---

/** A month alone is its first day, a year its first of January. */
const dateOnly = (text: string): string | undefined =>
  Calendar.day(/^\d{4}$/.test(text) ? `${text}-01-01` : /^\d{4}-\d\d$/.test(text) ? `${text}-01` : text)

const epoch = (value: number | bigint | string): string | undefined => {
  const exact = Decimal.canonical(value)
  if (exact === undefined) return undefined
  const [whole = "", fraction = ""] = exact.replace("-", "").split(".")
  if (fraction.length > 9) return undefined
  const nanos = (BigInt(whole) * billion + BigInt(fraction.padEnd(9, "0"))) * (exact.startsWith("-") ? -1n : 1n)
  const rest = ((nanos % billion) + billion) % billion
  const seconds = (nanos - rest) / billion
  // The years 0000 to 9999; a count of milliseconds lies far beyond, and is refused.
  if (seconds < -62_167_219_200n || seconds > 253_402_300_799n) return undefined
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(9, "0")}Z`
}

const billion = 1_000_000_000n
