/**
 * Timestamps as UTC text of one width, `2026-02-03T12:25:02.878271500Z`: text order is time order and no digit is lost.
 *
 * Stage Row, pure. Reads ISO 8601 date-times with up to nine fraction digits; leaves dates, times and durations alone.
 */

/**
 * The normalised text, or `undefined` when the text is not a date-time. One without an offset is taken as UTC.
 *
 * @since 0.1.0
 * @category combinators
 */
export const normalise = (text: string): string | undefined => {
  // The length check spares most texts the pattern: this runs on every string of a row.
  if (text.length < 13 || text.length > 40 || text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash)
    return undefined
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, date, hour = "", minute = "00", second = "00", fraction = "", offset = ""] = match
  const nanos = fraction.length > 9 ? fraction.replace(/0+$/, "") : fraction
  if (date === undefined || nanos.length > 9 || +hour > 23 || +minute > 59 || +second > 59 || !isDay(date))
    return undefined
  const minutes = +hour * 60 + +minute - offsetMinutes(offset)
  if (Number.isNaN(minutes)) return undefined
  const day = minutes >= 0 && minutes < minutesPerDay ? date : shiftDay(date, Math.floor(minutes / minutesPerDay))
  if (day === undefined) return undefined
  const ofDay = (minutes + minutesPerDay * 2) % minutesPerDay
  return `${day}T${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}:${second}.${nanos.padEnd(9, "0")}Z`
}

// --- internal ---

const dash = 45
const minutesPerDay = 1440
const pattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/

const two = (n: number) => (n < 10 ? `0${n}` : `${n}`)

const offsetMinutes = (offset: string): number => {
  if (offset === "" || offset === "Z") return 0
  const hours = +offset.slice(1, 3)
  const minutes = offset.length > 3 ? +offset.slice(-2) : 0
  if (hours > 23 || minutes > 59) return Number.NaN
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes)
}

const daysOf = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isDay = (date: string): boolean => {
  const year = +date.slice(0, 4)
  const month = +date.slice(5, 7)
  const day = +date.slice(8, 10)
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (leap ? 29 : (daysOf[month - 1] ?? 0))
}

const shiftDay = (date: string, days: number): string | undefined => {
  const shifted = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString()
  // Years before 0000 and after 9999 have another width.
  return shifted.length === 24 ? shifted.slice(0, 10) : undefined
}
