/**
 * The `offset` paginator: `offset` and `limit` in the query or the body, until the total, a short or an empty page.
 *
 * Stage Page, pure. Options and defaults are those of dlt's `offset`; where dlt raises or loops (no total, a page shorter
 * than asked for, a total that is not one) this one goes on by the rows it saw and says so.
 */
import type { Paginator, Position, Step, StopReason, View } from "../Page.ts"
import * as End from "./End.ts"
import * as Path from "./Path.ts"
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
  /** JSONPath of the number of items. `undefined`: found by its name; `null`: there is none. */
  readonly totalPath?: string | null | undefined
  /** No page starts at or beyond this offset. */
  readonly maximumOffset?: number | undefined
  /** `true` unless said otherwise. */
  readonly stopAfterEmptyPage?: boolean | undefined
  /** JSONPath of a boolean: whether more pages follow. */
  readonly hasMorePath?: string | undefined
}

/**
 * Throws a `RangeError` on a limit or an offset that is not a whole number, or one place for both: a mistake in the
 * program, since `Spec` checks configuration files before.
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
  if (options.maximumOffset !== undefined && !(options.maximumOffset > 0))
    throw new RangeError("offset paginator: maximumOffset must be a number above 0")
  const places = [options.offsetBodyPath ?? offsetName(options), options.limitBodyPath ?? options.limitParam ?? "limit"]
  const inBody = (options.offsetBodyPath === undefined) === (options.limitBodyPath === undefined)
  if (places.includes("") || (inBody && places[0] === places[1]))
    throw new RangeError("offset paginator: offset and limit need a parameter or a body path each")
  const setup: Setup = {
    options,
    start,
    totalPath: options.totalPath == null ? undefined : Path.unsafeCompile(options.totalPath),
    hasMore: options.hasMorePath === undefined ? undefined : Path.unsafeCompile(options.hasMorePath)
  }
  return {
    type: "offset",
    options: { ...options },
    first: position(options, start),
    next: (page, last) => next(setup, page, offsetOf(options, last) ?? start),
    ahead: (page, last) => ahead(setup, page, offsetOf(options, last) ?? start),
    refused: (status, last) =>
      End.beyond(status, `offset ${offsetOf(options, last) ?? start}`, setup.hasMore !== undefined)
  }
}

// --- internal ---

interface Setup {
  readonly options: Options
  readonly start: number
  readonly totalPath: Path.Path | undefined
  readonly hasMore: Path.Path | undefined
}

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

const moreOf = ({ hasMore }: Setup, page: View) =>
  hasMore === undefined ? undefined : Read.flag(hasMore.first(page.body))

/** A list that begins at 1 ends one further on. */
const endOf = (total: number, start: number) => total + (start === 1 ? 1 : 0)

/** As many rows further each time as came now: where the server caps its pages below the limit, so does it the next ones. */
const ahead = (setup: Setup, page: View, offset: number): Iterable<Position> | undefined => {
  const { options, start } = setup
  const { total } = readTotal(setup, page, offset - start, moreOf(setup, page))
  if (total === undefined || page.rows === 0) return undefined
  return positions(options, offset, {
    by: page.rows,
    end: Math.min(endOf(total, start), options.maximumOffset ?? Infinity)
  })
}

function* positions(options: Options, from: number, { by, end }: { readonly by: number; readonly end: number }) {
  for (let at = from + by; at < end; at += by) yield position(options, at)
}

const next = (setup: Setup, page: View, offset: number): Step => {
  const { options, start } = setup
  const more = moreOf(setup, page)
  const { notice, total } = readTotal(setup, page, offset - start, more)
  const stop = (reason: StopReason, missing?: string | false): Step => ({
    _tag: "Stop",
    reason,
    complete: typeof missing !== "string",
    total,
    notice: typeof missing === "string" ? missing : notice
  })
  if (page.rows === 0 && options.stopAfterEmptyPage !== false) {
    const what = `from offset ${offset} on`
    if (total !== undefined)
      return stop("empty_page", offset < total && `the API reports ${total} rows but sent none ${what}`)
    return stop("empty_page", more === true && `the API says that more rows follow but sent none ${what}`)
  }
  // By the rows that came, not by the limit: a server that caps its pages below the limit would otherwise lose rows.
  const following = offset + (page.rows === 0 ? options.limit : page.rows)
  // A start beyond 1 leaves out rows that the total counts.
  if (total !== undefined && following >= endOf(total, start)) return stop("total_reached")
  if (more === false) {
    const missing =
      total !== undefined && `the API reports ${total} rows but says that no more follow after ${following}`
    return stop("has_more_false", missing)
  }
  const isShort = page.rows > 0 && page.rows < options.limit
  if (total === undefined && more === undefined && isShort) return stop("short_page")
  if (options.maximumOffset !== undefined && following >= options.maximumOffset) {
    const of = total === undefined ? "" : ` of ${total} rows`
    return stop("maximum_reached", `stopped at maximum_offset ${options.maximumOffset}${of}`)
  }
  const lost = options.hasMorePath !== undefined && more === undefined && page.rows > 0
  const missing = lost ? `no yes or no at ${options.hasMorePath}: stopping on a short or empty page instead` : undefined
  return { _tag: "Continue", position: position(options, following), total, notice: notice ?? missing }
}

interface Total {
  readonly total: number | undefined
  readonly notice: string | undefined
}

const none: Total = { total: undefined, notice: undefined }

const readTotal = ({ options, totalPath }: Setup, page: View, before: number, more: boolean | undefined): Total => {
  if (options.totalPath === null) return none
  const read = before + page.rows
  const isDeclared = totalPath !== undefined
  const found = isDeclared ? declaredTotal(totalPath, page) : Read.detectTotal(page.body)
  if (found === undefined) {
    const notice = `no total at ${totalPath?.text}: stopping on a short or empty page instead`
    return isDeclared && page.rows > 0 ? { ...none, notice } : none
  }
  const { certain, total } = found
  if (page.rows > 0 && total < read) {
    return { ...none, notice: `the total in the body (${total}) is less than the rows read: not used` }
  }
  // What is found by its name may be something else: a bare `total` of a full first page may be its number of rows, and no
  // total is the end while the API says that more rows follow.
  const isFullFirst = !certain && before === 0 && page.rows >= options.limit && more !== false
  const isOpen = !isDeclared && page.rows > 0 && total === read && (more === true || isFullFirst)
  return isOpen ? none : { total, notice: undefined }
}

const declaredTotal = (path: Path.Path, page: View) => {
  const total = Read.count(path.first(page.body))
  return total === undefined ? undefined : { total, certain: true }
}
