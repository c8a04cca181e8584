/**
 * Dates written as calls with literal arguments, `datetime(2024, 1, 1)`, as text. Pure.
 *
 * Nothing that depends on the day the program runs.
 */

/**
 * Wall-clock parts and what Python would say of the zone.
 *
 * @since 0.1.0
 * @category models
 */
export interface Moment {
  /** Year, month, day, hour, minute, second. */
  readonly parts: readonly [number, number, number, number, number, number]
  readonly utc: boolean
  /** A date without a time. */
  readonly day: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (constructor: string, numbers: ReadonlyArray<number>, utc: boolean): Moment | undefined => {
  const name = /(?:^|\.)(datetime|date|DateTime|Date)$/.exec(constructor)?.[1]
  if (name === undefined || numbers.length < 3 || !numbers.every(Number.isInteger)) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers
  return {
    parts: [year, month, day, hour, minute, second],
    utc: utc || constructor.startsWith("pendulum."),
    day: name.toLowerCase() === "date"
  }
}

/**
 * `2024-01-01`, `2024-01-01T00:00:00Z`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Moment | undefined => {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?)?(Z|\+00:?00)?$/.exec(text.trim())
  if (found === null) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  return { parts: [year, month, day, hour, minute, second], utc: true, day: false }
}

/**
 * As `isoformat` writes it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const iso = (moment: Moment): string =>
  moment.day ? date(moment) : `${date(moment)}T${time(moment)}${moment.utc ? "+00:00" : ""}`

/**
 * What a method of it gives; `undefined`: nothing known here.
 *
 * @since 0.1.0
 * @category combinators
 */
export const method = (moment: Moment, name: string, argument: string | undefined): string | number | undefined => {
  const [year, month, day, hour, minute, second] = moment.parts
  switch (name) {
    case "isoformat":
      return iso(moment)
    case "to_iso8601_string":
      return `${date(moment)}T${time(moment)}Z`
    case "to_rfc3339_string":
      return `${date(moment)}T${time(moment)}+00:00`
    case "to_date_string":
      return date(moment)
    case "to_datetime_string":
      return `${date(moment)} ${time(moment)}`
    case "timestamp":
    case "int_timestamp":
      return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
    case "strftime":
    case "format": {
      if (argument === undefined || name === "format") return undefined
      const parts: Readonly<Record<string, string>> = {
        Y: pad(year, 4),
        m: pad(month),
        d: pad(day),
        H: pad(hour),
        M: pad(minute),
        S: pad(second),
        f: "000000",
        z: "+0000",
        "%": "%"
      }
      let known = true
      const text = argument.replace(/%(.)/g, (whole, letter: string) => {
        const part = parts[letter]
        if (part === undefined) known = false
        return part ?? whole
      })
      return known ? text : undefined
    }
    default:
      return undefined
  }
}

// --- internal ---

const pad = (value: number, width = 2) => String(value).padStart(width, "0")

const date = ({ parts: [year, month, day] }: Moment) => `${pad(year, 4)}-${pad(month)}-${pad(day)}`

const time = ({ parts: [, , , hour, minute, second] }: Moment) => `${pad(hour)}:${pad(minute)}:${pad(second)}`
