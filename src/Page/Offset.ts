/**
 * The `offset` paginator: `offset` and `limit` in the query or the body, until the total, a short or an empty page.
 *
 * Stage Page, pure. Options and defaults are those of dlt's `offset`; where dlt raises or loops (no total, a page shorter
 * than asked for, a total that is not one) this one goes on by the rows it saw and says so.
 */
import type { Paginator, Position, Step, View } from "../Page.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Rows to ask for per page. */
  readonly limit: number
  /** Offset of the first page; 0 unless said otherwise. */
  readonly offset?: number | undefined
  /** Query parameter of the offset; `offset` unless a body path is given. */
  readonly offsetParam?: string | undefined
  /** Dotted path of the offset in a JSON body. */
  readonly offsetBodyPath?: string | undefined
  /** Query parameter of the limit; `limit` unless a body path is given. */
  readonly limitParam?: string | undefined
  readonly limitBodyPath?: string | undefined
  /** Dotted path to the number of items. `undefined`: found by its name; `null`: there is none. */
  readonly totalPath?: string | null | undefined
  /** No page starts at or beyond this offset. */
  readonly maximumOffset?: number | undefined
  /** `true` unless said otherwise. */
  readonly stopAfterEmptyPage?: boolean | undefined
  /** Dotted path to a boolean: whether more pages follow. */
  readonly hasMorePath?: string | undefined
}

/**
 * Throws a `RangeError` on a limit or an offset that is not a whole number: a mistake in the program, since `Spec`
 * checks configuration files before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Paginator => {
  const start = options.offset ?? 0
  if (!Number.isSafeInteger(options.limit) || options.limit < 1)
    throw new RangeError("offset paginator: limit must be a whole number above 0")
  if (!Number.isSafeInteger(start) || start < 0)
    throw new RangeError("offset paginator: offset must be a whole number, 0 or more")
  return {
    type: "offset",
    options: { ...options },
    first: position(options, start),
    next: (page, last) => next(options, start, page, offsetOf(options, last) ?? start)
  }
}

// --- internal ---

const offsetName = (options: Options) => options.offsetParam ?? "offset"

const position = (options: Options, offset: number): Position => {
  const query: Record<string, number> = {}
  const body: Record<string, number> = {}
  if (options.offsetBodyPath === undefined) query[offsetName(options)] = offset
  else body[options.offsetBodyPath] = offset
  if (options.limitBodyPath === undefined) query[options.limitParam ?? "limit"] = options.limit
  else body[options.limitBodyPath] = options.limit
  return { query, ...(Object.keys(body).length > 0 ? { body } : {}) }
}

const offsetOf = (options: Options, last: Position): number | undefined => {
  const value =
    options.offsetBodyPath === undefined ? last.query?.[offsetName(options)] : last.body?.[options.offsetBodyPath]
  return Read.count(value)
}

const next = (options: Options, start: number, page: View, offset: number): Step => {
  const { total, notice } = readTotal(options, page)
  const stop = (reason: Extract<Step, { _tag: "Stop" }>["reason"], complete: boolean, why = notice): Step => ({
    _tag: "Stop",
    reason,
    complete,
    total,
    notice: why
  })
  if (page.rows === 0 && options.stopAfterEmptyPage !== false) {
    const missing = total !== undefined && offset < total
    return stop(
      "empty_page",
      !missing,
      missing ? `the API reports ${total} rows but sent none from offset ${offset} on` : notice
    )
  }
  // By the rows that came, not by the limit: a server that caps its pages below the limit would otherwise lose rows.
  const following = offset + Math.max(page.rows, page.rows === 0 ? options.limit : 1)
  if (total !== undefined && following - start >= total) return stop("total_reached", true)
  const more = options.hasMorePath === undefined ? undefined : Read.flag(Read.at(page.body, options.hasMorePath))
  if (more === false) {
    const missing = total !== undefined && following < total
    return stop(
      "has_more_false",
      !missing,
      missing ? `the API reports ${total} rows but says no more follow after ${following}` : notice
    )
  }
  if (total === undefined && more === undefined && page.rows < options.limit && page.rows > 0)
    return stop("short_page", true)
  if (options.maximumOffset !== undefined && following >= options.maximumOffset) {
    return stop(
      "maximum_reached",
      false,
      `stopped at maximum_offset ${options.maximumOffset}${total === undefined ? "" : ` of ${total} rows`}`
    )
  }
  return { _tag: "Continue", position: position(options, following), total, notice }
}

const readTotal = (
  options: Options,
  page: View
): { readonly total: number | undefined; readonly notice: string | undefined } => {
  if (options.totalPath === null) return { total: undefined, notice: undefined }
  const total =
    options.totalPath === undefined
      ? Read.detectTotal(page.body)?.total
      : Read.count(Read.at(page.body, options.totalPath))
  if (total !== undefined && total < page.rows) {
    return { total: undefined, notice: `the total in the body (${total}) is less than the rows of one page: not used` }
  }
  const missing = total === undefined && options.totalPath !== undefined && page.rows > 0
  return {
    total,
    notice: missing ? `no total at ${options.totalPath}: stopping on a short or empty page instead` : undefined
  }
}
