/**
 * Arithmetic of windows of time: the bounds of a range, where a window is split, and how a bound is written.
 *
 * Stage Page, pure. Bounds are seconds: of wall time where an API is asked in it, else since 1970. Neighbours touch, and a bound is
 * written the same for both: whichever of two hours an API takes it for, nothing lies between them.
 */
import type { Windows } from "../Resource/Windows.ts"
import * as Wall from "./Wall.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Line {
  /** Bounds of the whole, from instants in milliseconds. */
  readonly range: (start: number, end: number) => readonly [from: number, to: number]
  /** A bound between the two, or `undefined` where the window is not to be split. */
  readonly split: (from: number, to: number) => number | undefined
  /** The end of the window that begins here, in a range that ends at `end`. */
  readonly until: (from: number, end: number) => number
  /** The query parameters of a window. */
  readonly query: (from: number, to: number) => Readonly<Record<string, string>>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (windows: Windows): Line => {
  const { format, fromParam, largest, rangeEnd, smallest, toParam } = windows
  const isWall = format === "local" || format === "date"
  const wall = Wall.make(isWall ? windows.timeZone : "UTC")
  const grain = format === "date" ? day : divisor(smallest, day)
  const down = (value: number) => Math.floor(value / grain) * grain
  const up = (value: number) => Math.ceil(value / grain) * grain

  const range = (start: number, end: number): readonly [number, number] => {
    const first = outward(down(wall.at(start / 1000)), -1)
    const last = wall.at(end / 1000)
    const to = outward(format === "date" ? down(last) + day : up(last), 1)
    return [first, Math.max(to, first + grain)]
  }
  /** What an hour that comes twice holds is within either way; a time that never comes is not asked for. */
  const outward = (bound: number, by: 1 | -1): number => {
    const edge = wall.edge(bound)
    return edge === undefined ? bound : by < 0 ? down(edge.from - 1) : up(edge.to)
  }
  const split = (from: number, to: number): number | undefined => {
    if (to - from < 2 * smallest) return undefined
    const middle = down(from + (to - from) / 2)
    const edge = wall.edge(middle)
    const within = (bound: number) => bound > from && bound < to
    if (edge === undefined) return within(middle) ? middle : undefined
    // A bound that is one time only, if there is one; in an hour that comes twice any other one is as good.
    const [nearest, other] = [down(edge.from - 1), up(edge.to)].toSorted(
      (a, b) => Math.abs(a - middle) - Math.abs(b - middle)
    ) as [number, number]
    if (within(nearest) && wall.edge(nearest) === undefined) return nearest
    if (within(other) && wall.edge(other) === undefined) return other
    return edge.kind === "fold" && within(middle) ? middle : undefined
  }
  const until = (from: number, end: number): number => {
    if (largest === undefined || from + largest >= end) return end
    const bound = outward(Math.max(down(from + largest), from + grain), 1)
    return Math.min(bound, end)
  }
  const text = (bound: number) => {
    switch (format) {
      case "epoch_ms":
        return String(bound * 1000)
      case "epoch_s":
        return String(bound)
      default: {
        const iso = new Date(bound * 1000).toISOString()
        return format === "date" ? iso.slice(0, 10) : iso.slice(0, 19) + (format === "iso" ? "Z" : "")
      }
    }
  }
  const query = (from: number, to: number) => ({
    [fromParam]: text(from),
    [toParam]: text(format === "date" && rangeEnd === "closed" ? to - day : to)
  })
  return { range, split, until, query }
}

// --- internal ---

const day = 86_400

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
