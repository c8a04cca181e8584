/**
 * How a resource asks only for what is new: a cursor in its rows, and where the walk starts and ends by it.
 *
 * Part of what is declared. `Row/Cursor` compares values, `Sync` moves the cursor.
 */

/**
 * A value of a cursor, as rows and configurations hold it.
 *
 * @since 0.1.0
 * @category models
 */
export type CursorValue = string | number | bigint

/**
 * How a cursor value is written into a request.
 *
 * - `iso` ISO 8601 with offset · `date` `YYYY-MM-DD` · `epoch_s`, `epoch_ms` seconds and milliseconds since 1970
 *
 * @since 0.1.0
 * @category models
 */
export type Convert =
  | { readonly to: "iso" | "date" | "epoch_s" | "epoch_ms"; readonly zone: string }
  | ((value: CursorValue) => CursorValue)

/**
 * @since 0.1.0
 * @category models
 */
export interface Incremental {
  /** JSONPath in a row, in the API's spelling. */
  readonly cursorPath: string
  readonly initialValue: CursorValue | undefined
  /** Makes the walk a window of its own: the cursor is neither read nor moved. */
  readonly endValue: CursorValue | undefined
  /** Taken off the last value: seconds for a date-time, days for a date, else the number. */
  readonly lag: number | undefined
  /** Declared order of the rows over all pages: lets a walk end early, and the cursor move page by page (`asc`). */
  readonly rowOrder: "asc" | "desc" | undefined
  /** What becomes of a row without the cursor. */
  readonly onMissing: "raise" | "include" | "exclude"
  readonly rangeStart: "closed" | "open"
  readonly rangeEnd: "closed" | "open"
  readonly lastValue: "max" | "min"
  /** Query parameters of the start and the end; not sent while they have no value. */
  readonly startParam: string | undefined
  readonly endParam: string | undefined
  readonly convert: Convert | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export type Options = Pick<Incremental, "cursorPath"> & Partial<Incremental>

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Incremental => ({
  cursorPath: options.cursorPath,
  initialValue: options.initialValue,
  endValue: options.endValue,
  lag: options.lag,
  rowOrder: options.rowOrder,
  onMissing: options.onMissing ?? "raise",
  rangeStart: options.rangeStart ?? "closed",
  rangeEnd: options.rangeEnd ?? "open",
  lastValue: options.lastValue ?? "max",
  startParam: options.startParam,
  endParam: options.endParam,
  convert: options.convert
})
