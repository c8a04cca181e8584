/**
 * US Eastern time, the only clock Postmark knows: text out in its several shapes, wall-clock text in.
 *
 * Outside a row's path. Arithmetic on a given instant, never "now"; by hand because a time-zone database would cost
 * more per row than the whole row, and the rule (second Sunday of March to first Sunday of November) has held since
 * 2007.
 */

/**
 * A point in time to 100 ns: milliseconds since 1970 and 0 to 9,999 ticks.
 *
 * @since 0.1.0
 * @category models
 */
export interface Instant {
  readonly millis: number
  readonly ticks: number
}

/**
 * - `offset7` `2026-02-03T07:25:02.8782715-05:00` · `offset2` `….87-05:00` · `offset` `2026-02-03T07:25:02-05:00`
 * - `zulu7` `2026-02-03T12:25:02.8782715Z` · `zulu` `2026-02-03T12:25:02Z`
 *
 * @since 0.1.0
 * @category models
 */
export type Shape = "offset7" | "offset2" | "offset" | "zulu7" | "zulu"

/**
 * What a `fromdate` or `todate` means: `Nothing` is a value with an offset of its own, which matches no row.
 *
 * @since 0.1.0
 * @category models
 */
export type Wall =
  | { readonly _tag: "At"; readonly millis: number; readonly dateOnly: boolean }
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Malformed" }

/**
 * @since 0.1.0
 * @category defaults
 */
export const dayMillis = 86_400_000

/**
 * @since 0.1.0
 * @category accessors
 */
export const offsetMinutes = (millis: number): -240 | -300 => {
  const year = new Date(millis - 5 * hourMillis).getUTCFullYear()
  // 02:00 standard time in March is 07:00 UTC; 02:00 daylight time in November is 06:00 UTC.
  return millis >= sunday(year, 2, 8) + 7 * hourMillis && millis < sunday(year, 10, 1) + 6 * hourMillis ? -240 : -300
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const format = (instant: Instant, shape: Shape): string => {
  const zulu = shape === "zulu" || shape === "zulu7"
  const offset = zulu ? 0 : offsetMinutes(instant.millis)
  const text = new Date(instant.millis + offset * 60_000).toISOString()
  const zone = zulu ? "Z" : offset === -240 ? "-04:00" : "-05:00"
  if (shape === "zulu" || shape === "offset") return text.slice(0, 19) + zone
  if (shape === "offset2") return text.slice(0, 22) + zone
  return text.slice(0, 23) + String(instant.ticks).padStart(4, "0") + zone
}

/**
 * Reads `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS` as Eastern wall-clock time. An hour that happens twice is read as the
 * later one, an hour that never happens as standard time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Wall => {
  const match = wall.exec(text.trim())
  if (match === null) return { _tag: "Malformed" }
  const [, date = "", time, zone] = match
  const utc = Date.parse(`${date}T${time ?? "00:00:00"}Z`)
  // Some engines roll 2026-02-31 over to March instead of refusing it.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 10) !== date) return { _tag: "Malformed" }
  if (zone !== undefined) return { _tag: "Nothing" }
  const standard = utc + 5 * hourMillis
  const daylight = utc + 4 * hourMillis
  const millis = offsetMinutes(standard) === -240 && offsetMinutes(daylight) === -240 ? daylight : standard
  return { _tag: "At", millis, dateOnly: time === undefined }
}

/**
 * The midnight after a midnight: a day is 23 or 25 hours long twice a year.
 *
 * @since 0.1.0
 * @category accessors
 */
export const nextMidnight = (midnight: number): number => {
  const next = midnight + dayMillis
  return next + (offsetMinutes(midnight) - offsetMinutes(next)) * 60_000
}

// --- internal ---

const hourMillis = 3_600_000

const wall = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?))?(Z|[+-]\d{2}:?\d{2})?$/i

/** Midnight UTC of the first Sunday on or after a day of a month. */
const sunday = (year: number, month: number, day: number): number => {
  const first = Date.UTC(year, month, day)
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor(first / dayMillis) + 4) % 7
  return first + ((7 - weekday) % 7) * dayMillis
}
