/**
 * How a resource is asked for in windows of time, where an API lets nobody page beyond so many rows of one list.
 *
 * Part of what is declared. `Page/Window` reckons with bounds, `Page/Windowed` walks, `Sync/Windows` knows where a run begins.
 */

/**
 * A point in time: a text, which is wall time where it has no offset, or milliseconds before the run began.
 *
 * @since 0.1.0
 * @category models
 */
export type Moment = { readonly at: string } | { readonly ago: number }

/**
 * @since 0.1.0
 * @category models
 */
export interface Windows {
  /** Query parameters of the bounds. */
  readonly fromParam: string
  readonly toParam: string
  /** Where an incremental resource has a cursor value, that is the start, but never before this. */
  readonly start: Moment | undefined
  /** `undefined`: when the run began. */
  readonly end: Moment | undefined
  /** Rows of one list that the API lets be read: no page may reach beyond it. */
  readonly cap: number
  /** Seconds; a window is not split into parts shorter than this. */
  readonly smallest: number
  /** Seconds; no window is longer. */
  readonly largest: number | undefined
  /** IANA name of the zone that `local` and `date` are written in. */
  readonly timeZone: string
  /** `iso` UTC · `local` wall time without an offset · `date` whole days · `epoch_s`, `epoch_ms` since 1970 */
  readonly format: "iso" | "local" | "date" | "epoch_s" | "epoch_ms"
  /** Whether the API gives rows at the end itself; of a `date`, those of that day. */
  readonly rangeEnd: "closed" | "open"
}

/**
 * @since 0.1.0
 * @category models
 */
export type Options = Pick<Windows, "fromParam" | "toParam"> & Partial<Windows>

/**
 * Unless said otherwise 10,000 rows, a second (of `date` a day), UTC, `iso`, closed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Windows => {
  const format = options.format ?? "iso"
  return {
    fromParam: options.fromParam,
    toParam: options.toParam,
    start: options.start,
    end: options.end,
    cap: options.cap ?? 10_000,
    smallest: options.smallest ?? (format === "date" ? 86_400 : 1),
    largest: options.largest,
    timeZone: options.timeZone ?? "UTC",
    format,
    rangeEnd: options.rangeEnd ?? "closed"
  }
}
