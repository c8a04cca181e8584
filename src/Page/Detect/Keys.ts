/**
 * The keys of a body that say something about paging, by the names that APIs give them.
 *
 * Stage Page, pure. Names are compared without case, `_` and `-`, and without the prefix of OData.
 */

/**
 * A value that is neither object nor list.
 *
 * @since 0.1.0
 * @category models
 */
export interface Field {
  readonly names: ReadonlyArray<string>
  /** The last name, plain. */
  readonly key: string
  /** The object it is in. */
  readonly parent: object
  readonly value: unknown
}

/**
 * Those of a body in the order of the document, at most four keys deep; none inside of lists.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fields = (body: unknown): ReadonlyArray<Field> => {
  const found: Array<Field> = []
  const walk = (parent: unknown, names: ReadonlyArray<string>) => {
    if (typeof parent !== "object" || parent === null || Array.isArray(parent) || names.length > 3) return
    for (const [name, value] of Object.entries(parent)) {
      const below = [...names, name]
      if (typeof value === "object" && value !== null) walk(value, below)
      else found.push({ names: below, key: plain(name), parent, value })
    }
  }
  walk(body, [])
  return found
}

/**
 * Whether a body is a list, or holds one at most four keys deep.
 *
 * @since 0.1.0
 * @category guards
 */
export const holdsList = (body: unknown, depth = 0): boolean =>
  Array.isArray(body) ||
  (typeof body === "object" &&
    body !== null &&
    depth < 4 &&
    Object.values(body).some((value) => holdsList(value, depth + 1)))

/**
 * `next`, `next_url`, `@odata.nextLink`, `links.next`, `_links.next.href`.
 *
 * @since 0.1.0
 * @category guards
 */
export const isNextLink = (names: ReadonlyArray<string>): boolean => {
  const [last = "", above = ""] = names.map(plain).toReversed()
  return links.has(last) || (["href", "url", "link", "uri"].includes(last) && links.has(above))
}

/**
 * The parameter that a cursor of this name is sent as; `undefined` when the name is no cursor's.
 *
 * @since 0.1.0
 * @category accessors
 */
export const cursorParam = (names: ReadonlyArray<string>): string | undefined => {
  const last = names.at(-1) ?? ""
  const [key = "", above = ""] = names.map(plain).toReversed()
  // `paging.next.after`, `cursors.after`: the name of the parameter is the key itself.
  if (["after", "cursor", "token"].includes(key) && ["next", "cursors"].includes(above)) return last
  // `cursors.next`
  if (key === "next") return "cursor"
  if (key === "endcursor") return "after"
  if (sameName.has(key)) return last
  if (!nextNames.has(key)) return undefined
  // `next_page_token` → `page_token`, `nextPageToken` → `pageToken`
  const rest = last.replace(/^next[_-]?/i, "")
  return rest.charAt(0).toLowerCase() + rest.slice(1)
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const pageCounts: ReadonlySet<string> = new Set(words("totalpages pages pagecount pagestotal numpages lastpage"))

/**
 * Whether a field of this name counts pages, and nothing else.
 *
 * @since 0.1.0
 * @category guards
 */
export const countsPages = (name: string): boolean => pageCounts.has(plain(name))

/**
 * @since 0.1.0
 * @category defaults
 */
export const pageNumbers: ReadonlySet<string> = new Set(
  words("page currentpage pagenumber pageindex pageno number pagenum")
)

/**
 * @since 0.1.0
 * @category defaults
 */
export const offsets: ReadonlySet<string> = new Set(["offset", "skip"])

/**
 * @since 0.1.0
 * @category defaults
 */
export const totals: ReadonlySet<string> = new Set(
  words("total totalcount totalitems totalresults totalrecords totalelements totalrows count")
)

// --- internal ---

function words(text: string): ReadonlyArray<string> {
  return text.split(" ")
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^@?odata\./, "")
    .replaceAll(/[_-]/g, "")
}

const links = new Set(
  words("next nexturl nexturi nextlink nexthref nextpage nextpageurl nextpagelink nextpageuri nextrecordsurl")
)

/** Cursors that are sent under a name of their own part: what follows `next`. */
const nextNames = new Set(words("nextcursor nextpagetoken nextpage nextoffset nextstart nextmarker nextpagecursor"))

/** Cursors that are sent under the name they have. */
const sameName = new Set(
  words("cursor nexttoken continuationtoken nextcontinuationtoken pagetoken scrollid paginationtoken")
)
