/**
 * Whether a server sends fewer rows a page than it is asked for, where neither a total nor `has_more` tells a short page from the
 * last one.
 *
 * Stage Page, pure. Caps are round numbers. A first page that is short of the limit and of such a length is asked about with one
 * request more; one of any other length is the end.
 */
import type { Position, Step } from "../../Page.ts"

/**
 * `rows`: length of the first page, which all but the last one then have.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cap {
  readonly rows: number
  /** Further rows came: it is one. */
  readonly certain: boolean
}

/**
 * Multiples of ten and of 25, and powers of two from eight on.
 *
 * @since 0.1.0
 * @category guards
 */
export const looksLike = (rows: number): boolean =>
  rows > 0 && (rows % 10 === 0 || rows % 25 === 0 || (rows >= 8 && (rows & (rows - 1)) === 0))

/**
 * What a position remembers.
 *
 * @since 0.1.0
 * @category accessors
 */
export const of = ({ memo }: Position): Cap | undefined => {
  const rows = memo?.["cap"]
  return typeof rows === "number" ? { rows, certain: memo?.["capped"] === true } : undefined
}

/**
 * What the position after a page is to remember.
 *
 * @since 0.1.0
 * @category constructors
 */
export const next = (
  cap: Cap | undefined,
  isDoubtful: boolean,
  rows: number
): { readonly memo: NonNullable<Position["memo"]>; readonly notice: string | undefined } | undefined => {
  if (isDoubtful) return { memo: { cap: rows }, notice: undefined }
  if (cap === undefined || rows === 0) return undefined
  const notice = cap.certain ? undefined : `the API sends ${cap.rows} rows a page at most: declare limit: ${cap.rows}`
  return { memo: { cap: cap.rows, capped: true }, notice }
}

/**
 * An API that refuses to be asked behind its first page has ended there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const refused = (status: number, last: Position): Step | undefined => {
  const cap = of(last)
  return cap !== undefined && !cap.certain && [400, 404, 416, 422].includes(status)
    ? { _tag: "Stop", reason: "short_page", complete: true }
    : undefined
}
