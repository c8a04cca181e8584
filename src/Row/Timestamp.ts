/**
 * Timestamps as UTC text of one width, `2026-02-03T12:25:02.878271500Z`: text order is time order and no digit is lost.
 *
 * Stage Row, pure. Reads ISO 8601 date-times with up to nine fraction digits; leaves dates, times and durations alone.
 * By hand rather than by pattern and `Date`: every timestamp of every row comes through here, and `Date` drops digits. Takes
 * what dlt takes for one, but for what would lose a digit.
 */
import * as Calendar from "./Calendar.ts"

/**
 * The normalised text, or `undefined` when the text is not a date-time. One without an offset is taken as UTC.
 *
 * @since 0.1.0
 * @category combinators
 */
export const normalise = (text: string): string | undefined => {
  const { length } = text
  // The dashes spare most texts the rest: this is asked of texts that are anything.
  if (length < 11 || length > 40) return undefined
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return rare(text)
  const separator = text.charCodeAt(10)
  if (separator !== letterT && separator !== space) return undefined
  const year = number(text, 0) * 100 + number(text, 2)
  const month = number(text, 5)
  const day = number(text, 8)
  const hour = number(text, 11)
  let minute = 0
  let second = 0
  let from = 0
  let at = 13
  if (text.charCodeAt(at) === colon) {
    minute = number(text, 14)
    at = 16
    if (text.charCodeAt(at) === colon) {
      second = number(text, 17)
      at = 19
      const point = text.charCodeAt(at)
      if (point === dot || point === comma) {
        from = ++at
        while (isDigit(text.charCodeAt(at))) at++
        if (at === from) return undefined
      }
    }
  }
  const offset = offsetMinutes(text, at)
  // Any of these is NaN where a digit was none, which no comparison holds for.
  const valid = year >= 0 && hour <= 23 && minute <= 59 && second <= 59 && offset <= 1439
  if (!valid || !(day >= 1 && day <= Calendar.daysIn(year, month))) return undefined
  // As it is to be, as most are that a schema has decoded before: no other text is made.
  if (from === 20 && at === 29 && length === 30 && text.charCodeAt(at) === letterZ && separator === letterT) {
    if (text.charCodeAt(19) === dot) return text
  }
  let fraction = from === 0 ? "" : text.slice(from, at)
  if (fraction.length > 9) fraction = fraction.replace(/0+$/, "")
  if (fraction.length > 9) return undefined
  const minutes = hour * 60 + minute - offset
  const shift = Math.floor(minutes / 1440)
  const date = shift === 0 ? text.slice(0, 10) : Calendar.neighbour(year, month, day + shift)
  if (date === undefined) return undefined
  const ofDay = minutes - shift * 1440
  const time = `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}:${two(second)}`
  return `${date}T${time}.${fraction}${zeros.slice(fraction.length)}Z`
}

// --- internal ---

const space = 32
const plus = 43
const comma = 44
const dash = 45
const dot = 46
const colon = 58
const letterT = 84
const letterZ = 90
const zeros = "000000000"

const isDigit = (code: number) => code >= 48 && code <= 57

/** Two digits; NaN where they are none. */
const number = (text: string, at: number): number => {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : Number.NaN
}

/** Minutes east of UTC by what stands from there to the end of the text; NaN for anything else. */
const offsetMinutes = (text: string, at: number): number => {
  const left = text.length - at
  if (left === 0) return 0
  const sign = text.charCodeAt(at)
  if (sign === letterZ) return left === 1 ? 0 : Number.NaN
  if (sign !== plus && sign !== dash) return Number.NaN
  const hours = number(text, at + 1)
  const minutes =
    left === 3
      ? 0
      : left === 5
        ? number(text, at + 3)
        : left === 6 && text.charCodeAt(at + 3) === colon
          ? number(text, at + 4)
          : Number.NaN
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN
  return (sign === dash ? -1 : 1) * (hours * 60 + minutes)
}

/** Date-times with a date in another form of ISO 8601, or with slashes. */
const rare = (text: string): string | undefined => {
  if (!isDigit(text.charCodeAt(0)) || !isDigit(text.charCodeAt(3))) return undefined
  for (const form of forms) {
    const match = form.exec(text)
    if (match === null) continue
    const [, date = "", hour = "", minute = "", second = "", fraction = "", offset = ""] = match
    const day = Calendar.day(date)
    if (day === undefined) return undefined
    const time = [hour, minute, second].map((digits) => digits.padStart(2, "0")).join(":")
    return normalise(`${day}T${time}${fraction}${offset}`)
  }
  return undefined
}

/** A date without dashes goes with a time without colons, and slashes with no offset. */
const forms: ReadonlyArray<RegExp> = [
  /^(\d{4}(?:\d{3,4}|W\d\d\d?))[T ](\d\d)(?:(\d\d)(?:(\d\d)([.,]\d+)?)?)?(Z|[+-].+)?$/,
  /^(\d{4}-(?:\d{3}|W\d\d(?:-\d)?))[T ](\d\d)(?::(\d\d)(?::(\d\d)([.,]\d+)?)?)?(Z|[+-].+)?$/,
  /^(\d{4}\/\d\d\/\d\d) (\d\d?):(\d\d?)(?::(\d\d?)([.,]\d+)?)?$/
]

const pairs = Array.from({ length: 60 }, (_, n) => (n < 10 ? `0${n}` : `${n}`))

const two = (n: number): string => pairs[n]!
