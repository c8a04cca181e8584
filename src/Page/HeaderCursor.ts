/**
 * The `header_cursor` paginator: a header of the answer holds a cursor, and the next request gives it back.
 *
 * Stage Page, pure. As dlt's; the name of the header is compared without case.
 */
import type { Paginator } from "../Page.ts"
import * as Cursor from "./Cursor.ts"
import * as Link from "./Link.ts"
import * as Place from "./Place.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Header that holds the cursor; `next` unless said otherwise. */
  readonly cursorKey?: string | undefined
  /** Query parameter of the cursor; `cursor` unless said otherwise. */
  readonly cursorParam?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Paginator => {
  const name = options.cursorKey ?? "next"
  const place = Place.make("header_cursor paginator", "cursor", { param: options.cursorParam })
  return {
    type: "header_cursor",
    options: { ...options },
    first: {},
    next: (page, last) =>
      Cursor.after(Link.header(page.headers, name)?.trim(), {
        type: "header_cursor",
        page,
        last,
        place,
        total: Read.certainTotal(page.body),
        more: undefined,
        at: `the header ${name}`,
        isFirst: Place.value(place, last) === undefined && last.url === undefined
      })
  }
}
