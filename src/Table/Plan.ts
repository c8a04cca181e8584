/**
 * What a page's rows are to the table: new, changed or unchanged, counted as if they came one by one.
 *
 * Stage Table, pure. The last of several rows with one key wins, as it would over two pages. Reads and writes nothing.
 */
import type { FlatRow } from "../Row/Flatten.ts"
import * as Key from "../Row/Key.ts"
import type { SqlValue } from "../Row/Value.ts"
import type { Layout } from "./Layout.ts"

/**
 * Rows of a page by outcome. `inserted + updated + unchanged + deleted + dropped` is the number of rows given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Plan {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  /** Rows marked as deleted that took the row of their key away. */
  readonly deleted: number
  /** Rows marked as deleted whose key was not there. */
  readonly dropped: number
  /** Rows to write, at most one per key. */
  readonly writes: ReadonlyArray<FlatRow>
  /** Those of `writes` whose key the table already holds. */
  readonly changed: ReadonlyArray<FlatRow>
  /** Rows whose key the table is to hold no longer. */
  readonly removed: ReadonlyArray<FlatRow>
  /** A key that two different rows of this page share. */
  readonly conflict: string | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Whether a row says that the one of its key is deleted. */
  readonly marked?: ((row: FlatRow) => boolean) | undefined
  /** A key that is there stays as it is, unless this says that it may still change. */
  readonly keeps?: ((id: string) => boolean) | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  key: Layout,
  rows: ReadonlyArray<FlatRow>,
  /** Digest of the stored row by index of the given row. */
  stored: ReadonlyMap<number, number>,
  { keeps, marked }: Options = {}
): Plan => {
  if (key.columns.length === 0) {
    const writes = marked === undefined ? rows : rows.filter((row) => !marked(row))
    return { ...none, inserted: writes.length, dropped: rows.length - writes.length, writes }
  }
  // Most pages of most runs, whatever rows share a key: each comes as the one that is stored.
  if (marked === undefined && rows.every((row, index) => stored.get(index) === row.digest))
    return { ...none, unchanged: rows.length }
  let inserted = 0
  let updated = 0
  let unchanged = 0
  let deleted = 0
  let dropped = 0
  let conflict: string | undefined
  const entries = new Map<string, Entry>()
  rows.forEach((row, index) => {
    const id = Key.identity(keyOf(key, row))
    let entry = entries.get(id)
    const isFirst = entry === undefined
    if (entry === undefined) {
      const digest = stored.get(index)
      entry = { row, digest, isNew: digest === undefined, write: false }
      entries.set(id, entry)
    }
    if (marked !== undefined && marked(row)) {
      if (entry.digest === undefined || keeps?.(id) === true) dropped++
      else deleted++
      if (keeps?.(id) === true) return
      entry.digest = undefined
      entry.write = false
    } else if (entry.digest === row.digest) {
      unchanged++
    } else if (entry.digest !== undefined && keeps?.(id) === true) {
      unchanged++
    } else {
      if (entry.digest === undefined) inserted++
      else {
        updated++
        if (!isFirst) conflict ??= id
      }
      entry.row = row
      entry.digest = row.digest
      entry.write = true
    }
  })
  const writes: Array<FlatRow> = []
  const changed: Array<FlatRow> = []
  const removed: Array<FlatRow> = []
  for (const { digest, isNew, row, write } of entries.values()) {
    if (digest === undefined && !isNew) removed.push(row)
    if (!write) continue
    writes.push(row)
    if (!isNew) changed.push(row)
  }
  return { inserted, updated, unchanged, deleted, dropped, writes, changed, removed, conflict }
}

/**
 * The cells of a row's key.
 *
 * @since 0.1.0
 * @category accessors
 */
export const keyOf = (key: Pick<Layout, "columns">, row: FlatRow): ReadonlyArray<SqlValue> =>
  key.columns.map((index) => row.values[index] ?? null)

// --- internal ---

interface Entry {
  row: FlatRow
  /** Of the row as it is by now; `undefined` while there is none. */
  digest: number | undefined
  readonly isNew: boolean
  write: boolean
}

const none: Plan = {
  inserted: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  dropped: 0,
  writes: [],
  changed: [],
  removed: [],
  conflict: undefined
}
