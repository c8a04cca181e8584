/**
 * Whether an API counts its pages from 0 or from 1, where nobody said so.
 *
 * Stage Page, pure. Page 0 is asked for as dlt does. If page 1 then is the same once more, by its rows or by the number it
 * gives itself, the API counts from 1: page 1 is not taken twice, and the last page is one further on.
 */
import type { Position, View } from "../../Page.ts"
import * as Keys from "../Detect/Keys.ts"
import * as Read from "../Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly base: number
  /** Nothing has spoken for either yet. */
  readonly isOpen: boolean
  /** This page is the first one once more. */
  readonly again: boolean
  readonly notice: string | undefined
  /** To be kept for the pages to come. */
  readonly memo: NonNullable<Position["memo"]>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const tell = (at: {
  readonly declared: number | undefined
  readonly start: number
  readonly number: number
  readonly page: View
  readonly memo: Position["memo"]
}): Told => {
  const { declared, memo, number, page, start } = at
  if (declared !== undefined) return { ...settled(declared), memo: {} }
  // Asked to start further on: were it counted from 0, one empty page more is read.
  if (start > 0) return { ...settled(1), memo: {} }
  const known = memo?.["base"]
  if (typeof known === "number") return settled(known)
  const own = ownNumber(page.body)
  if (number === 0) {
    const digest = page.rows > 0 ? page.digest?.() : undefined
    const kept = { ...(digest === undefined ? {} : { first: digest }), ...(own === undefined ? {} : { own }) }
    return { base: 0, isOpen: true, again: false, notice: undefined, memo: kept }
  }
  if (number > 1 || memo === undefined) return settled(0)
  const again = memo["first"] !== undefined && memo["first"] === page.digest?.()
  const isNumberOne = memo["own"] === 1 && own === 1
  if (again || isNumberOne) {
    const notice = `page 1 is page 0 once more: the API counts its pages from 1${again ? ", and it is not taken twice" : ""} (declare base_page: 1)`
    return { ...settled(1), again, notice }
  }
  // Nothing on page 0, and something on page 1.
  return settled(memo["first"] === undefined && page.rows > 0 ? 1 : 0)
}

// --- internal ---

const settled = (base: number): Told => ({ base, isOpen: false, again: false, notice: undefined, memo: { base } })

/** The number a page gives itself. */
const ownNumber = (body: unknown): number | undefined => {
  const field = Keys.fields(body).find(({ key, value }) => Keys.pageNumbers.has(key) && Read.count(value) !== undefined)
  return field === undefined ? undefined : Read.count(field.value)
}
