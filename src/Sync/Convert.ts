/**
 * Writes an incremental cursor's value the way an API wants to be asked: seconds, a date, an offset of a time zone.
 *
 * Pure. The value a cursor is stored and compared by stays the API's own.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { Convert, CursorValue } from "../Resource/Incremental.ts"

/**
 * A value that is no point in time stays as it is. A date-time without an offset is taken in the conversion's time zone; a
 * number counts as seconds since 1970, or as milliseconds from 10^11 on.
 *
 * @since 0.1.0
 * @category combinators
 */
export const convert = (value: CursorValue, how: Convert | undefined): CursorValue => {
  if (how === undefined) return value
  if (typeof how === "function") return how(value)
  const instant = read(value, how.zone)
  if (instant === undefined) return value
  const millis = DateTime.toEpochMillis(instant)
  switch (how.to) {
    case "epoch_ms":
      return millis
    case "epoch_s":
      return Math.floor(millis / 1000)
    case "date":
      return DateTime.formatIsoDate(instant)
    case "iso":
      return how.zone === "UTC" ? DateTime.formatIso(instant) : DateTime.formatIsoOffset(instant)
  }
}

// --- internal ---

const read = (value: CursorValue, zone: string): DateTime.Zoned | undefined => {
  const timeZone = Option.getOrElse(DateTime.zoneFromString(zone), () => DateTime.zoneMakeOffset(0))
  if (typeof value !== "string") {
    const number = Number(value)
    const millis = Math.abs(number) < 1e11 ? number * 1000 : number
    return Option.getOrUndefined(DateTime.makeZoned(millis, { timeZone }))
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const isWall = !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(value.slice(10))
  const text = isWall ? `${value.length === 10 ? `${value}T00:00:00` : value.replace(" ", "T")}Z` : value
  return Option.getOrUndefined(DateTime.makeZoned(text, { timeZone, adjustForTimeZone: isWall }))
}
