/**
 * Whether pages are places in a list, an offset or a number, which rows that come and go move. Pure.
 *
 * A link may hold such a place as well, `?page=2`, and a cursor be one. Any other cursor is taken for what it is meant to be: a
 * row to go on behind.
 */
import type * as Page from "../Page.ts"
import * as Keys from "../Page/Detect/Keys.ts"
import type { Resource } from "../Resource.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const isPlace = (resource: Resource, { next, position }: Page.Fetched): boolean => {
  // Such a walk looks after its windows itself: rows at their bounds come twice, and nothing is wrong.
  if (resource.windows !== undefined) return false
  const type = position.detected?.type ?? next?.detected?.type ?? resource.paginator.type
  if (type === "offset" || type === "page_number") return true
  return type !== "single_page" && [position, next].some((each) => each !== undefined && hasPlace(each))
}

// --- internal ---

/** Names of paging by place, with a whole number. */
const hasPlace = ({ body, query, url }: Page.Position): boolean => {
  const linked = url !== undefined && URL.canParse(url) ? [...new URL(url).searchParams] : []
  const set = [...Object.entries(query ?? {}), ...Object.entries(body ?? {})]
  return [...linked, ...set].some(([name, value]) => isName(name) && /^\d+$/.test(String(value)))
}

const isName = (name: string): boolean => {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, "")
  return Keys.pageNumbers.has(plain) || Keys.offsets.has(plain) || more.has(plain)
}

const more = new Set(["p", "pg", "skip", "start", "startat", "startindex", "from"])
