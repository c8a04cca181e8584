/**
 * The loop guard: no walk asks for the same page twice, and none goes on over pages that are all the same.
 *
 * Stage Page, pure. Looks at positions and at rows as values; knows no paginator. Overrides what a paginator decided.
 */
import type { Position, Step } from "../Page.ts"

/**
 * What the guard remembers of a walk. Positions are kept whole: a walk of a million pages holds some tens of MB.
 *
 * @since 0.1.0
 * @category models
 */
export interface Memory {
  readonly positions: Set<string>
  readonly lastRows: ReadonlyArray<unknown> | undefined
  readonly emptyPages: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const memory = (first: Position): Memory => ({
  positions: new Set([JSON.stringify(first)]),
  lastRows: undefined,
  emptyPages: 0
})

/**
 * A repetition: `complete` when nothing can be missing, because the endpoint ignores paging and sends everything at once.
 *
 * @since 0.1.0
 * @category models
 */
export type Verdict =
  | { readonly _tag: "Go"; readonly memory: Memory }
  | { readonly _tag: "Repeated"; readonly complete: boolean; readonly detail: string }

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (
  seen: Memory,
  page: { readonly index: number; readonly rows: ReadonlyArray<unknown>; readonly step: Step; readonly limit: unknown }
): Verdict => {
  if (page.rows.length > 0 && seen.lastRows !== undefined && same(seen.lastRows, page.rows)) {
    // Only a page longer than asked for proves that the endpoint ignores the limit as well as the offset.
    const complete = page.index === 1 && typeof page.limit === "number" && page.rows.length > page.limit
    return {
      _tag: "Repeated",
      complete,
      detail:
        `page ${page.index + 1} holds the same ${page.rows.length} rows as the page before: ` +
        (complete
          ? "the endpoint ignores paging and sent everything at once"
          : "the endpoint seems to ignore paging (use single_page if it is not paged)")
    }
  }
  const emptyPages = page.rows.length === 0 ? seen.emptyPages + 1 : 0
  if (page.step._tag === "Stop") return { _tag: "Go", memory: { ...seen, lastRows: page.rows, emptyPages } }
  if (emptyPages > maxEmptyPages) {
    return { _tag: "Repeated", complete: false, detail: `${emptyPages} empty pages in a row` }
  }
  const key = JSON.stringify(page.step.position)
  if (seen.positions.has(key)) {
    return {
      _tag: "Repeated",
      complete: false,
      detail: `page ${page.index + 1} leads back to a page already read: ${key.slice(0, 200)}`
    }
  }
  seen.positions.add(key)
  return { _tag: "Go", memory: { positions: seen.positions, lastRows: page.rows, emptyPages } }
}

/**
 * Equality of JSON values; stops at the first difference, which between two pages is the first row.
 *
 * @since 0.1.0
 * @category accessors
 */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && same(left[name], right[name]))
  )
}

// --- internal ---

const maxEmptyPages = 100
