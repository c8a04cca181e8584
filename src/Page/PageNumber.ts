/**
 * The `page_number` paginator: pages 0, 1, 2, … or 1, 2, 3, … until their number, or an empty page.
 *
 * Stage Page, pure. Options and defaults are those of dlt's `page_number`, where a total counts pages. A short page is no end:
 * nobody said how long a page is. Where the first number is not declared and the API counts from 1, its last page is read all
 * the same (`FirstNumber`).
 */
import type { Paginator, Position, Step, StopReason, View } from "../Page.ts"
import * as End from "./End.ts"
import * as FirstNumber from "./PageNumber/FirstNumber.ts"
import * as Pages from "./PageNumber/Pages.ts"
import * as Path from "./Path.ts"
import * as Place from "./Place.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The API's number of its first page. 0 unless said otherwise, and then doubted. */
  readonly basePage?: number | undefined
  /** Page to start with; the base page unless said otherwise. */
  readonly page?: number | undefined
  /** Query parameter of the page; `page` unless a body path is given. */
  readonly pageParam?: string | undefined
  /** Dotted path of the page in a JSON body. */
  readonly pageBodyPath?: string | undefined
  /** JSONPath of the number of pages. `undefined`: found by its name; `null`: there is none. */
  readonly totalPath?: string | null | undefined
  /** No page of this number or beyond is asked for. */
  readonly maximumPage?: number | undefined
  /** `true` unless said otherwise. */
  readonly stopAfterEmptyPage?: boolean | undefined
  /** JSONPath of a boolean: whether more pages follow. */
  readonly hasMorePath?: string | undefined
}

/**
 * Throws a `RangeError` on a number that is not whole, a path that is none, or two places for the page: a mistake in the
 * program, since `Spec` checks configuration files before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Paginator => {
  for (const [name, value] of Object.entries({ basePage: options.basePage, page: options.page }))
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0))
      throw new RangeError(`page_number paginator: ${name} must be a whole number, 0 or more`)
  if (options.maximumPage !== undefined && !(options.maximumPage > 0))
    throw new RangeError("page_number paginator: maximumPage must be a number above 0")
  const setup: Setup = {
    options,
    place: Place.make("page_number paginator", "page", { param: options.pageParam, bodyPath: options.pageBodyPath }),
    pages: Pages.make(options.totalPath),
    hasMore: options.hasMorePath === undefined ? undefined : Path.unsafeCompile(options.hasMorePath)
  }
  const start = options.page ?? options.basePage ?? 0
  const numberOf = (last: Position) => Read.count(Place.value(setup.place, last)) ?? start
  return {
    type: "page_number",
    options: { ...options },
    first: Place.position(setup.place, start),
    next: (page, last) => next(setup, page, { number: numberOf(last), start, memo: last.memo }),
    ahead: (page, last) => ahead(setup, page, { number: numberOf(last), start, memo: last.memo }),
    refused: (status, last) => End.beyond(status, `page ${numberOf(last)}`, last.memo?.["owed"] === true)
  }
}

// --- internal ---

interface Setup {
  readonly options: Options
  readonly place: Place.Place
  readonly pages: Pages.Reader
  readonly hasMore: Path.Path | undefined
}

interface At {
  readonly number: number
  readonly start: number
  readonly memo: Position["memo"]
}

/** What a page tells: how many there are, and how many items, of which `read` with this one. */
const tell = ({ hasMore, options, pages }: Setup, page: View, { memo, number, start }: At) => {
  const before = typeof memo?.["rows"] === "number" ? memo["rows"] : 0
  const first = FirstNumber.tell({ declared: options.basePage, start, number, page, memo })
  const read = before + (first.again ? 0 : page.rows)
  const counted = pages.read(page, number - first.base + 1)
  return {
    more: hasMore === undefined ? undefined : Read.flag(hasMore.first(page.body)),
    first,
    read,
    counted,
    items: pages.items(page, read),
    /** The number behind that of the last page. */
    end: counted.pages === undefined ? undefined : counted.pages + first.base
  }
}

/** What may count pages or items is taken for what is less, until the rows read are too many for items. */
const ahead = (setup: Setup, page: View, at: At): Iterable<Position> | undefined => {
  const { options, place } = setup
  const { counted, end, items, read } = tell(setup, page, at)
  if (page.rows === 0) return undefined
  const ofItems = (all: number) => at.number + 1 + Math.ceil((all - read) / page.rows)
  const known =
    end === undefined
      ? items === undefined || options.totalPath !== undefined
        ? undefined
        : ofItems(items)
      : counted.certain || counted.pages === undefined || read >= counted.pages
        ? end
        : Math.min(end, ofItems(counted.pages))
  if (known === undefined) return undefined
  return positions(place, at.number, Math.min(known, options.maximumPage ?? Infinity))
}

function* positions(place: Place.Place, from: number, end: number) {
  for (let number = from + 1; number < end; number++) yield Place.position(place, number)
}

const next = (setup: Setup, page: View, at: At): Step => {
  const { hasMore, options, place } = setup
  const { number } = at
  const { counted, end, first, items, more, read } = tell(setup, page, at)
  const notices = [first.notice, counted.notice]
  const notice = (...more: ReadonlyArray<string | false | undefined>) => {
    const all = [...notices, ...more].filter((text) => typeof text === "string")
    return all.length === 0 ? undefined : all.join("; ")
  }
  const stop = (reason: StopReason, missing?: string | false): Step => ({
    _tag: "Stop",
    reason,
    complete: typeof missing !== "string",
    total: items,
    notice: notice(missing)
  })
  const following = number + 1
  /** Whether the API says that there is a page of this number: not when what it says may count items, all of them read. */
  const isOwed = (page: number) =>
    end !== undefined && page < end && (counted.certain || read === 0 || read < (counted.pages ?? 0))
  const goOn = (also?: string | false): Step => {
    const owed = more === true || isOwed(following)
    const kept = { rows: read, ...first.memo, ...(owed ? { owed } : {}) }
    return {
      _tag: "Continue",
      position: { ...Place.position(place, following), memo: kept },
      total: items,
      notice: notice(also),
      ...(first.again ? { again: true } : {})
    }
  }
  if (page.rows === 0 && options.stopAfterEmptyPage !== false) {
    const owed = isOwed(number)
    // A list that begins at page 1 may have nothing to say to somebody who asks for page 0.
    if (number === 0 && first.isOpen && (owed || more === true))
      return goOn("page 0 is empty although the API reports pages: going on with page 1 (declare base_page: 1)")
    if (owed) return stop("empty_page", `the API reports ${counted.pages} pages, but page ${number} is empty`)
    return stop("empty_page", more === true && `the API says that more rows follow, but page ${number} is empty`)
  }
  if (end !== undefined && following >= end) return { ...stop("total_reached"), notice: notice(counted.doubt) }
  if (more === false) {
    const few = `the API reports ${counted.pages} pages, but says that none follows page ${number}`
    return stop("has_more_false", isOwed(following) && few)
  }
  // Not where somebody said that there is no total to go by.
  if (
    options.totalPath === undefined &&
    end === undefined &&
    more === undefined &&
    items !== undefined &&
    read >= items
  )
    return stop("total_reached")
  if (options.maximumPage !== undefined && following >= options.maximumPage) {
    const of = counted.pages === undefined || !counted.certain ? "" : ` of ${counted.pages} pages`
    return stop("maximum_reached", `stopped at maximum_page ${options.maximumPage}${of}`)
  }
  const lost = hasMore !== undefined && more === undefined && page.rows > 0
  return goOn(lost && `no yes or no at ${hasMore.text}: stopping on an empty page instead`)
}
