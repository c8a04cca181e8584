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
  readonly read: (page: View, passed: number) => Counted
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
  /** Said when the walk ends by it: nobody declared it, and it may as well be the number of rows of this page. */
  readonly doubt: string | undefined
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
    read: (page, passed) => {
      if (isNone) return none
      const found = path === undefined ? detect(page.body) : declared(path, page.body)
      if (found === undefined) {
        const notice = `no number of pages at ${path?.text}: stopping on an empty page instead`
        return path !== undefined && page.rows > 0 ? { ...none, notice } : none
      }
      if (page.rows > 0 && found.pages < passed) {
        const notice = `the number of pages in the body (${found.pages}) is less than the pages read: not used`
        return { ...none, notice }
      }
      const isDoubtful = path === undefined && !found.certain && found.pages === page.rows && found.pages > 1
      const doubt = `the \`total\` in the body (${found.pages}) was taken for the number of pages, as dlt does: if it counts the rows of a page, write total_path: null`
      return { ...found, doubt: isDoubtful ? doubt : undefined, notice: undefined }
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

const none: Counted = { pages: undefined, certain: false, doubt: undefined, notice: undefined }

type Found = Pick<Counted, "certain"> & { readonly pages: number }

const declared = (path: Path.Path, body: unknown): Found | undefined => {
  const pages = Read.count(path.first(body))
  return pages === undefined ? undefined : { pages, certain: Keys.countsPages(path.segments?.at(-1) ?? "") }
}

/** dlt's default, a bare `total`, too. Where that counts items instead it is larger, and an empty page ends the walk. */
const detect = (body: unknown): Found | undefined => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined
  const fields = Keys.fields(body)
  const named = fields.find(({ key, value }) => Keys.pageCounts.has(key) && Read.count(value) !== undefined)
  if (named !== undefined) return { pages: Read.count(named.value) ?? 0, certain: true }
  const total = Object.hasOwn(body, "total") ? Read.count((body as Record<string, unknown>)["total"]) : undefined
  return total === undefined ? undefined : { pages: total, certain: false }
}
