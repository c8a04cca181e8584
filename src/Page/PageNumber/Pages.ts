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
  /** `passed`: how many pages there are at least, by the number of this one. */
  readonly read: (
    page: View,
    at: { readonly passed: number; readonly isFirst: boolean }
  ) => { readonly pages: number | undefined; readonly notice: string | undefined }
  /** Items in all, where the body leaves no doubt and no more were read. */
  readonly items: (page: View, read: number) => number | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (totalPath: string | null | undefined): Reader => {
  const isNone = totalPath === null || totalPath?.trim() === ""
  const path = isNone || totalPath === undefined ? undefined : Path.unsafeCompile(totalPath)
  return {
    read: (page, { isFirst, passed }) => {
      if (isNone) return none
      const pages = path === undefined ? detect(page, isFirst) : Read.count(path.first(page.body))
      if (pages === undefined) {
        const notice = `no number of pages at ${path?.text}: stopping on an empty page instead`
        return path !== undefined && page.rows > 0 ? { pages, notice } : none
      }
      if (page.rows > 0 && pages < passed) {
        return {
          pages: undefined,
          notice: `the number of pages in the body (${pages}) is less than the pages read: not used`
        }
      }
      return { pages, notice: undefined }
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

const none = { pages: undefined, notice: undefined }

/**
 * dlt reads a bare `total` as the number of pages. Where it is one of items instead it is larger, and an empty page ends the
 * walk; where it is the number of rows of a page it would end it too early.
 */
const detect = ({ body, rows }: View, isFirst: boolean): number | undefined => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined
  const fields = Keys.fields(body)
  const named = fields.find(({ key, value }) => Keys.pageCounts.has(key) && Read.count(value) !== undefined)
  if (named !== undefined) return Read.count(named.value)
  const total = Object.hasOwn(body, "total") ? Read.count((body as Record<string, unknown>)["total"]) : undefined
  return isFirst && total === rows ? undefined : total
}
