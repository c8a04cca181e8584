/**
 * Wall time of a zone, in seconds: what the clock shows at an instant, and where it shows an hour twice or not at all.
 *
 * Stage Page, pure. A wall time is the number of seconds that its text would be in UTC.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/**
 * A stretch of wall time, `from` within and `to` without, that comes twice (`fold`) or never (`gap`).
 *
 * @since 0.1.0
 * @category models
 */
export interface Edge {
  readonly kind: "fold" | "gap"
  readonly from: number
  readonly to: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Wall {
  /** Wall time at an instant, in seconds since 1970. */
  readonly at: (instant: number) => number
  /** The edge that a wall time lies in, if it does. */
  readonly edge: (wall: number) => Edge | undefined
}

/**
 * Throws a `RangeError` for a name that is no zone's.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (zone: string): Wall => {
  if (zone === "UTC") return { at: (instant) => instant, edge: () => undefined }
  const timeZone = Option.getOrThrowWith(
    DateTime.zoneFromString(zone),
    () => new RangeError(`${JSON.stringify(zone)} is not a time zone`)
  )
  /** Seconds east of UTC. */
  const offset = (instant: number): number =>
    DateTime.zonedOffset(DateTime.unsafeMakeZoned(Math.floor(instant) * 1000, { timeZone })) / 1000
  const edge = (wall: number): Edge | undefined => {
    // Where it stood two days before and after: zones do not change their clocks twice in four days.
    let before = Math.floor(wall) - 2 * day
    let after = Math.floor(wall) + 2 * day
    const [first, last] = [offset(before), offset(after)]
    if (first === last) return undefined
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (offset(middle) === first) before = middle
      else after = middle
    }
    const [from, to] = [after + Math.min(first, last), after + Math.max(first, last)]
    return wall >= from && wall < to ? { kind: first < last ? "gap" : "fold", from, to } : undefined
  }
  return { at: (instant) => instant + offset(instant), edge }
}

// --- internal ---

const day = 86_400
