/**
 * Whether a list moves while it is read: its total changes, or rows of a page come again on a later one.
 *
 * Pages that are places in a list miss a row when one before it leaves, and bring one again when one comes in. Remembers keys of
 * the last pages only, and nothing of a walk of one page. Decides nothing.
 */
import type * as Page from "../Page.ts"
import type * as Row from "../Row.ts"
import * as Key from "../Row/Key.ts"
import type { Moves } from "../Table.ts"
import { printed } from "./Words.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const none: Moves = { rose: 0, fell: 0, twice: 0 }

/**
 * Takes the pages of a walk in order. `byPlace`: they are places in a list.
 *
 * @since 0.1.0
 * @category constructors
 */
export const watcher = (from: { readonly moves: Moves | undefined; readonly total: number | undefined }) => {
  let moves = from.moves ?? none
  let total = from.total
  let differ = moves.differ === true
  const known = recent(most)
  return (batch: Row.Batch, fetched: Page.Fetched, byPlace: boolean): Moves => {
    const { step } = fetched
    const isOnly = fetched.index === 0 && step._tag === "Stop"
    // Without places, and without a total, nothing is made of it.
    const came = !isOnly && (byPlace || step.total !== undefined) ? known(idsOf(batch), batch.rows) : nothing
    const twice = byPlace ? came.twice : 0
    differ ||= came.differ
    // Of a key that several rows of one page share, a row on another page says nothing.
    if (twice === undefined) moves = moves.twice === 0 ? moves : { ...moves, twice: 0 }
    const change = step.total === undefined || total === undefined ? 0 : step.total - total
    total = step.total ?? total
    if ((twice ?? 0) !== 0 || change !== 0) {
      moves = {
        ...moves,
        rose: moves.rose + Math.max(0, change),
        fell: moves.fell + Math.max(0, -change),
        twice: moves.twice + (twice ?? 0)
      }
    }
    if (moves !== none && moves.rose + moves.fell + moves.twice === 0) moves = none
    if (differ && moves !== none && moves.differ !== true) moves = { ...moves, differ }
    return moves
  }
}

/**
 * `the total rose by 1 and 2 rows came twice while it was read`
 *
 * @since 0.1.0
 * @category accessors
 */
export const words = ({ fell, rose, twice }: Moves): string => {
  const told = [
    ...(rose > 0 ? [`the total rose by ${printed(rose)}`] : []),
    ...(fell > 0 ? [`the total fell by ${printed(fell)}`] : []),
    ...(twice > 0 ? [`${twice === 1 ? "1 row" : `${printed(twice)} rows`} came twice`] : [])
  ]
  return `${told.join(" and ")} while it was read`
}

// --- internal ---

/** Of so many rows, or twice as many, it is known whether they came before: a burst of more between two pages shows in the total. */
const most = 4096

/** By its key a row is known again when it changed; without one, by its content. */
const idsOf = ({ key, rows }: Row.Batch): ReadonlyArray<unknown> => {
  if (key === undefined) return []
  const [column] = key.columns
  if (column === undefined) return rows.map(({ digest }) => digest)
  return key.columns.length === 1
    ? rows.map(({ values }) => values[column])
    : rows.map(({ values }) => Key.identity(key.columns.map((index) => values[index] ?? null)))
}

interface Came {
  /** Rows that are known from pages before; `undefined` once a page has held two of the same key. */
  readonly twice: number | undefined
  /** One of them was another row, or that cannot be told any more. */
  readonly differ: boolean
}

const nothing: Came = { twice: 0, differ: false }

const unknown: Came = { twice: undefined, differ: true }

/** What of a page is known from pages before it. Two maps, of digests by key, take turns, so that neither grows without bound. */
const recent = (most: number) => {
  let older = new Map<unknown, number>()
  let newer = new Map<unknown, number>()
  let shared = false
  return (ids: ReadonlyArray<unknown>, rows: Row.Batch["rows"]): Came => {
    if (shared) return unknown
    const before = newer.size
    let added = 0
    let found = 0
    let differ = false
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]
      const { digest } = rows[i]!
      const last = newer.get(id)
      newer.set(id, digest)
      const size = newer.size - before
      // Grown by it: no page of late had it, but one before those may have.
      const known = size > added ? older.get(id) : last
      if (size > added && known !== undefined) found++
      if (known !== undefined && known !== digest) differ = true
      added = size
    }
    if (added < ids.length) {
      // It came on a page before, or twice on this one.
      shared = new Set(ids).size < ids.length
      if (shared) return unknown
      found += ids.length - added
    }
    if (newer.size >= most) {
      older = newer
      newer = new Map()
    }
    return found === 0 ? nothing : { twice: found, differ }
  }
}
