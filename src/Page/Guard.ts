/**
 * The loop guard: no walk asks for the same page twice, and none goes on over pages that are all the same.
 *
 * Stage Page, pure. Looks at positions and at rows as values; knows no paginator. Overrides what a paginator decided.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Hash from "effect/Hash"
import * as Json from "../Fetch/Json.ts"
import type { Position, Step } from "../Page.ts"

/**
 * What the guard remembers of a walk. Of positions the text, or a digest: a walk of a million pages holds some tens of MB.
 *
 * @since 0.1.0
 * @category models
 */
export interface Memory {
  readonly positions: Set<string>
  readonly lastRows: ReadonlyArray<unknown> | undefined
  /** Whether all pages so far were the first one. */
  readonly onlyFirst: boolean
  readonly emptyPages: number
  /** The largest total reported so far. */
  readonly total: number
  /** An earlier page that later ones are held against, replaced after twice as many pages each time. */
  readonly anchor: { readonly rows: ReadonlyArray<unknown>; readonly index: number; readonly until: number } | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const memory = (first: Position): Memory => ({
  positions: new Set([keyOf(first)]),
  lastRows: undefined,
  onlyFirst: true,
  emptyPages: 0,
  total: 0,
  anchor: undefined
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
  page: {
    readonly index: number
    readonly rows: ReadonlyArray<unknown>
    /** Whether the API's page is, which a filter may leave nothing of; as the rows unless said otherwise. */
    readonly isEmpty?: boolean | undefined
    readonly step: Step
    readonly limit: unknown
  }
): Verdict => {
  const { index, limit, rows, step } = page
  const number = index + 1
  const total = Math.max(seen.total, step.total ?? 0)
  // A paginator that knows a page again has taken it into account.
  const known = step._tag === "Continue" && step.again === true
  if (!known && rows.length > 0 && seen.lastRows !== undefined && same(seen.lastRows, rows)) {
    // A page of just the limit is the first part of more: the endpoint knows the limit and ignores the offset. Any other
    // length is its own, so that the page is all there is, unless a total says otherwise. Without a limit only a total
    // can tell.
    const isWhole = total <= rows.length && (typeof limit === "number" ? rows.length !== limit : total > 0)
    const what = `page ${number} holds the same ${rows.length} rows as the page before`
    return seen.onlyFirst && isWhole
      ? repeated(`${what}: the endpoint ignores paging and sends everything at once (use single_page)`, true)
      : repeated(`${what}: the endpoint seems to ignore paging (use single_page if it is not paged)`)
  }
  if (!known && rows.length > 0 && seen.anchor !== undefined && same(seen.anchor.rows, rows)) {
    return repeated(`page ${number} holds the same ${rows.length} rows as page ${seen.anchor.index + 1}`)
  }
  const emptyPages = (page.isEmpty ?? rows.length === 0) ? seen.emptyPages + 1 : 0
  // Brent's way of finding a cycle of any length while keeping one page.
  const anchor =
    seen.anchor === undefined || index >= seen.anchor.until
      ? { rows, index, until: index + 2 * Math.max(1, index - (seen.anchor?.index ?? index)) }
      : seen.anchor
  const onlyFirst = seen.onlyFirst && (index === 0 || known)
  const memory: Memory = { positions: seen.positions, lastRows: rows, onlyFirst, emptyPages, total, anchor }
  if (step._tag === "Stop" || step.anew === true) return { _tag: "Go", memory }
  if (emptyPages > maxEmptyPages) return repeated(`${emptyPages} empty pages in a row`)
  const key = keyOf(step.position)
  if (seen.positions.has(key)) {
    return repeated(`page ${number} leads back to a page already read: ${key.slice(0, 200)}`)
  }
  seen.positions.add(key)
  return { _tag: "Go", memory }
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

/**
 * A few characters that tell the rows of one page from those of another, once in four billion in vain.
 *
 * @since 0.1.0
 * @category accessors
 */
export const digest = (rows: ReadonlyArray<unknown>): string => {
  const text = Json.stringify(rows)
  return `${text.length.toString(36)}.${(Hash.string(text) >>> 0).toString(36)}`
}

/**
 * What is asked for at a position, as a text; what a paginator remembers beside it would make any two positions differ.
 *
 * @since 0.1.0
 * @category accessors
 */
export const keyOf = ({ body, query, url }: Position): string => {
  const text = JSON.stringify({ query, body, url })
  return text.length <= maxKey ? text : `${text.slice(0, 200)}… ${bytesToHex(sha256(utf8ToBytes(text)))}`
}

// --- internal ---

/** Longer ones are remembered by their digest, so that a walk of many pages does not hold the cursors of all. */
const maxKey = 512

const maxEmptyPages = 100

const repeated = (detail: string, complete = false): Verdict => ({ _tag: "Repeated", complete, detail })
