/**
 * When the rows of one list happened: serial 0 is the oldest, each later serial is strictly later, to the shown digit.
 *
 * Outside a row's path. Times are computed from the serial, so a date filter is a binary search and not a scan.
 */
import * as Eastern from "./Eastern.ts"
import * as Random from "./Random.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Timeline {
  readonly seed: number
  /** Time of serial 0, before its jitter. */
  readonly start: number
  /** Milliseconds from one serial to the next. */
  readonly step: number
  /** Rows there are now. */
  readonly count: number
  /** Whether rows show their time in several shapes, or all in `offset7`. */
  readonly mixed: boolean
}

/**
 * When a row happened, and how it shows that.
 *
 * @since 0.1.0
 * @category models
 */
export interface Moment {
  readonly instant: Eastern.Instant
  readonly shape: Eastern.Shape
}

/**
 * The first `initial` rows fill the 40 days up to `epoch` (of the default retention of 45), at most six hours apart;
 * what is inserted goes on from there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: {
  readonly seed: number
  readonly epoch: number
  readonly initial: number
  readonly inserted: number
  readonly mixed: boolean
}): Timeline => {
  const step = Math.min(Math.max(1, Math.floor((40 * Eastern.dayMillis) / Math.max(1, options.initial))), 21_600_000)
  return {
    seed: options.seed,
    start: options.epoch - options.initial * step,
    step,
    count: options.initial + options.inserted,
    mixed: options.mixed
  }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const at = (line: Timeline, serial: number): Moment => {
  const row = Random.root(line.seed, 0, serial)
  const floor = line.start + serial * line.step
  const precise = { millis: floor + (Random.draw(row, 0) % line.step), ticks: Random.draw(row, 1) % 10_000 }
  if (!line.mixed) return { instant: precise, shape: "offset7" }
  const shape = Random.pick(shapes, Random.draw(row, 2))
  if (shape === "offset7" || shape === "zulu7") return { instant: precise, shape }
  // A coarser shape must not show an earlier time than the row before: round up, or keep all digits where there is no
  // room.
  const unit = shape === "offset2" ? 10 : 1000
  const millis = Math.ceil(floor / unit) * unit
  return millis < floor + line.step
    ? { instant: { millis, ticks: 0 }, shape }
    : { instant: precise, shape: shape === "zulu" ? "zulu7" : "offset7" }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const text = (line: Timeline, serial: number): string => {
  const { instant, shape } = at(line, serial)
  return Eastern.format(instant, shape)
}

/**
 * The first serial at an instant or later; `count` when there is none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const since = (line: Timeline, millis: number): number => lowest(line, (instant) => instant.millis >= millis)

/**
 * The first serial later than an instant, if only by a tick; `count` when there is none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const after = (line: Timeline, millis: number): number =>
  lowest(line, (instant) => instant.millis > millis || (instant.millis === millis && instant.ticks > 0))

// --- internal ---

const shapes: readonly [Eastern.Shape, ...Array<Eastern.Shape>] = [
  "offset7",
  "offset7",
  "offset7",
  "offset7",
  "offset7",
  "zulu",
  "zulu",
  "zulu7",
  "offset",
  "offset2"
]

const lowest = (line: Timeline, holds: (instant: Eastern.Instant) => boolean): number => {
  let low = 0
  let high = line.count
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(at(line, middle).instant)) high = middle
    else low = middle + 1
  }
  return low
}
