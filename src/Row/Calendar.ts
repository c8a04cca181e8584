/**
 * Days: how many a month has, the one before and the one after, and the ways ISO 8601 writes one.
 *
 * Stage Row, pure. Proleptic Gregorian, the years 0000 to 9999. Knows no times.
 */

/**
 * `YYYY-MM-DD` of a date as `2024-01-02`, `20240102`, `2024-002`, `2024002`, `2024-W01-2`, `2024W012`, `2024-W01` (its Monday)
 * or `2024/01/02`; `undefined` for what is no day.
 *
 * @since 0.1.0
 * @category constructors
 */
export const day = (text: string): string | undefined => {
  const match = forms.exec(text)
  if (match === null) return undefined
  const year = Number(match[1])
  const week = match[2]
  if (week !== undefined) return ofWeek(year, Number(week), Number(match[3] ?? "1"))
  const ordinal = match[4]
  if (ordinal !== undefined) return ofYear(year, Number(ordinal))
  const month = Number(match[6])
  const number = Number(match[7])
  return number >= 1 && number <= daysIn(year, month) ? written(year, month, number) : undefined
}

/**
 * 0 for what is no month.
 *
 * @since 0.1.0
 * @category accessors
 */
export const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0)

/**
 * A day that may be one before the first of a month or one behind its last; none outside the years 0000 to 9999.
 *
 * @since 0.1.0
 * @category constructors
 */
export const neighbour = (year: number, month: number, day: number): string | undefined => {
  if (day < 1) return month === 1 ? written(year - 1, 12, 31) : written(year, month - 1, daysIn(year, month - 1))
  if (day <= daysIn(year, month)) return written(year, month, day)
  return month === 12 ? written(year + 1, 1, 1) : written(year, month + 1, 1)
}

// --- internal ---

const forms = /^(\d{4})(?:-?W(\d\d)(?:-?(\d))?|-?(\d{3})|([-/]?)(\d\d)\5(\d\d))$/

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const ofYear = (year: number, ordinal: number): string | undefined => {
  let left = ordinal
  for (let month = 1; month <= 12; month++) {
    const days = daysIn(year, month)
    if (left >= 1 && left <= days) return written(year, month, left)
    left -= days
  }
  return undefined
}

/** Week 1 holds the 4th of January; weeks start on Mondays. */
const ofWeek = (year: number, week: number, weekday: number): string | undefined => {
  if (week < 1 || week > weeksIn(year) || weekday < 1 || weekday > 7) return undefined
  const ordinal = week * 7 + weekday - (isoWeekday(year, 4) + 3)
  const days = isLeap(year) ? 366 : 365
  if (ordinal < 1) return year === 0 ? undefined : ofYear(year - 1, ordinal + (isLeap(year - 1) ? 366 : 365))
  return ordinal > days ? ofYear(year + 1, ordinal - days) : ofYear(year, ordinal)
}

const weeksIn = (year: number): number =>
  isoWeekday(year, 1) === 4 || (isLeap(year) && isoWeekday(year, 1) === 3) ? 53 : 52

/** Monday is 1; of a day in January. */
const isoWeekday = (year: number, day: number): number => {
  const before = year + 399
  const days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400)
  return ((days + day - 1) % 7) + 1
}

const written = (year: number, month: number, day: number): string | undefined =>
  year < 0 || year > 9999
    ? undefined
    : `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
