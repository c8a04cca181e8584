/**
 * The `cursor` paginator: the body holds a cursor, and the next request gives it back.
 *
 * Stage Page, pure. As dlt's, but a cursor that is a whole link is followed, not sent, and `has_more` only ever stops.
 */
import * as Either from "effect/Either"
import type { Paginator, Position, Step, View } from "../Page.ts"
import * as End from "./End.ts"
import * as Link from "./Link.ts"
import * as Missing from "./Missing.ts"
import * as Path from "./Path.ts"
import * as Place from "./Place.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** JSONPath of the cursor; `cursors.next` unless said otherwise. */
  readonly cursorPath?: string | undefined
  /** Query parameter of the cursor; `cursor` unless a body path is given. */
  readonly cursorParam?: string | undefined
  /** Dotted path of the cursor in a JSON body. */
  readonly cursorBodyPath?: string | undefined
  /** `false` unless said otherwise: an empty page with a cursor is not the end. */
  readonly stopAfterEmptyPage?: boolean | undefined
  /** JSONPath of a boolean: whether more pages follow. */
  readonly hasMorePath?: string | undefined
}

/**
 * Throws a `RangeError` on a path that is none, or two places for the cursor: a mistake in the program, since `Spec` checks
 * configuration files before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Paginator => {
  const place = Place.make("cursor paginator", "cursor", {
    param: options.cursorParam,
    bodyPath: options.cursorBodyPath
  })
  const path = Path.unsafeCompile(options.cursorPath ?? "cursors.next")
  const hasMore = options.hasMorePath === undefined ? undefined : Path.unsafeCompile(options.hasMorePath)
  return {
    type: "cursor",
    options: { ...options },
    first: {},
    next: (page, last) => {
      const total = Read.certainTotal(page.body)
      if (page.rows === 0 && options.stopAfterEmptyPage === true)
        return { _tag: "Stop", reason: "empty_page", complete: true, total }
      const more = hasMore === undefined ? undefined : Read.flag(hasMore.first(page.body))
      const isFirst = Place.value(place, last) === undefined && last.url === undefined
      return after(path.first(page.body), { page, last, place, total, more, at: path.text, isFirst, type: "cursor" })
    }
  }
}

/**
 * What a cursor that was found, in a body or in a header, leads to.
 *
 * @since 0.1.0
 * @category combinators
 */
export const after = (found: unknown, about: About): Step => {
  const { at, isFirst, last, more, page, place, total, type } = about
  // Zero, too, as with dlt: nobody's next page is the one at zero.
  if (found === undefined || found === null || found === "" || found === false || found === 0) {
    if (more === true) return End.noNext(`the API says that more rows follow, but there is no cursor at ${at}`, total)
    return isFirst && found === undefined
      ? End.noNext(Missing.notice(page, at, type), total, Missing.doubt(at))
      : End.noNext(undefined, total)
  }
  if (more === false) return { _tag: "Stop", reason: "has_more_false", complete: true, total }
  if (typeof found === "string" && found.length <= Link.maxLength && Link.isAbsolute(found)) {
    return Either.match(Link.follow(found, page), {
      onLeft: (why) => End.broken(`what is at ${at} ${why}`, total),
      onRight: (position) => ({
        _tag: "Continue",
        position,
        total,
        notice: `the cursor at ${at} is a whole link: followed as one (declare ${type === "cursor" ? "json_link" : "header_link"})`
      })
    })
  }
  if (typeof found !== "string" && typeof found !== "number" && typeof found !== "bigint")
    return End.broken(`${End.kindOf(found)} at ${at}, where a cursor should be`, total)
  if (typeof found === "string" && found.length > Link.maxLength)
    return End.broken(`a text of ${found.length} characters at ${at}, where a cursor should be`, total)
  const cursor = typeof found === "bigint" ? String(found) : found
  // Logs and feeds hand out the cursor they were given when there is nothing behind it.
  if (page.rows === 0 && Place.value(place, last) === cursor)
    return { _tag: "Stop", reason: "empty_page", complete: more !== true, total }
  return { _tag: "Continue", position: Place.position(place, cursor), total }
}

/**
 * @since 0.1.0
 * @category models
 */
export interface About {
  readonly type: "cursor" | "header_cursor"
  readonly page: View
  readonly last: Position
  readonly place: Place.Place
  readonly total: number | undefined
  readonly more: boolean | undefined
  /** Where the cursor was looked for. */
  readonly at: string
  readonly isFirst: boolean
}
