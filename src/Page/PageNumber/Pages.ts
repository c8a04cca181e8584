/**
 * The number of pages, and of items, that a body reports to somebody who pages by number.
 *
 * Stage Page, pure. Where nobody said which field it is, one that may mean something else is only believed as far as that
 * costs no page.
 */
import type { View } from "../../Page.ts"
import * as Keys from "../Detect/Keys.ts"
import * as Path from "../Path.ts"
import * as Read from "../Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Reader {
  /** `passed`: how many pages there are at least, by the number of this one. `doubted`: what the page before gave. */
  readonly read: (
    page: View,
    at: { readonly passed: number; readonly isFirst: boolean; readonly doubted: boolean }
  ) => Counted
  /** Items in all, where the body leaves no doubt and no more were read. */
  readonly items: (page: View, read: number) => number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Counted {
  readonly pages: number | undefined
  /** `false` when it may as well count items. */
  readonly certain: boolean
  /** It was the number of rows of the first page: nothing is to be made of it. */
  readonly doubted: boolean
  readonly notice: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (totalPath: string | null | undefined): Reader => {
  const isNone = totalPath === null || totalPath?.trim() === ""
  const path = isNone || totalPath === undefined ? undefined : Path.unsafeCompile(totalPath)
  return {
    read: (page, { doubted, isFirst, passed }) => {
      if (isNone) return none
      const found = path === undefined ? detect(page.body) : declared(path, page.body)
      if (found === undefined) {
        const notice = `no number of pages at ${path?.text}: stopping on an empty page instead`
        return path !== undefined && page.rows > 0 ? { ...none, notice } : none
      }
      // dlt reads a bare `total` as the number of pages. Where it is one of items instead it is larger, and an empty page ends
      // the walk; where it is the number of rows of a page it would end it too early.
      if (path === undefined && !found.certain && (doubted || (isFirst && found.pages === page.rows)))
        return { ...none, doubted: true }
      if (page.rows > 0 && found.pages < passed) {
        const notice = `the number of pages in the body (${found.pages}) is less than the pages read: not used`
        return { ...none, notice }
      }
      return { ...found, doubted: false, notice: undefined }
    },
    items: (page, read) => {
      const found = Read.certainTotal(page.body)
      // What was declared to count pages counts no items.
      return found === undefined || found < read || (path !== undefined && path.first(page.body) === found)
        ? undefined
        : found
    }
  }
}

// --- internal ---

const none: Counted = { pages: undefined, certain: false, doubted: false, notice: undefined }

type Found = Pick<Counted, "certain"> & { readonly pages: number }

const declared = (path: Path.Path, body: unknown): Found | undefined => {
  const pages = Read.count(path.first(body))
  return pages === undefined ? undefined : { pages, certain: Keys.countsPages(path.segments?.at(-1) ?? "") }
}

const detect = (body: unknown): Found | undefined => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined
  const fields = Keys.fields(body)
  const named = fields.find(({ key, value }) => Keys.pageCounts.has(key) && Read.count(value) !== undefined)
  if (named !== undefined) return { pages: Read.count(named.value) ?? 0, certain: true }
  const total = Object.hasOwn(body, "total") ? Read.count((body as Record<string, unknown>)["total"]) : undefined
  return total === undefined ? undefined : { pages: total, certain: false }
}
