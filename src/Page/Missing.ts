/**
 * What speaks against a first page being all there is, when nothing was found where the next one should be told.
 *
 * Stage Page, pure. A path with a typo would otherwise look like a list of one page.
 */
import type { View } from "../Page.ts"
import * as Detect from "./Detect.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const notice = (page: View, at: string, type: string): string | undefined => {
  const found = Detect.detect(page)
  if (found !== undefined && found.goesOn && found.type !== type)
    return `there is nothing at ${at}, but ${found.why}: is the paginator ${found.type}?`
  if (found !== undefined && found.goesOn) return `there is nothing at ${at}, but ${found.why}`
  return Read.saysMore(page.body) ? `there is nothing at ${at}, but the body says that more rows follow` : undefined
}

/**
 * Nothing speaks against it, but nothing for it either: the place may be misspelt.
 *
 * @since 0.1.0
 * @category accessors
 */
export const doubt = (at: string): string =>
  `there was nothing at ${at} on the only page, which does not tell a list of one page from a wrong place`
