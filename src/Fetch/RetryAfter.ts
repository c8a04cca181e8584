/**
 * Reads a `Retry-After` header: seconds, or an HTTP date against the clock.
 *
 * Stage Fetch, pure: the time comes in as an argument. `Classify` decides what the wait means, `Retry` waits.
 */
import * as Duration from "effect/Duration"

/**
 * `undefined` when the header is absent or says nothing that can be read; a date in the past is no wait.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (header: string | undefined, nowMillis: number): Duration.Duration | undefined => {
  const text = header?.trim() ?? ""
  if (/^\d+(\.\d+)?$/.test(text)) return Duration.seconds(Number(text))
  const at = timestamp(text)
  return at === undefined ? undefined : Duration.millis(Math.max(0, at - nowMillis))
}

// --- internal ---

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

// RFC 9110 §5.6.7: the preferred form, and the two that a recipient must still accept. Date.parse would read the
// third in local time, and whatever else it likes on each engine.
const preferred = /^[a-z]{3}, (?<day>\d{2}) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i
const rfc850 = /^[a-z]+, (?<day>\d{2})-(?<month>[a-z]{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i
const asctime = /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/i

const timestamp = (text: string): number | undefined => {
  const { day, month, time, year } = (preferred.exec(text) ?? rfc850.exec(text) ?? asctime.exec(text))?.groups ?? {}
  const index = months.indexOf(month?.toLowerCase() ?? "")
  if (index < 0 || day === undefined || time === undefined || year === undefined) return undefined
  const fullYear = year.length === 2 ? 2000 + Number(year) : Number(year)
  const [hours, minutes, seconds] = time.split(":").map(Number)
  return Date.UTC(fullYear, index, Number(day), hours, minutes, seconds)
}
