/**
 * What a page's rows are to the table: new, changed or unchanged, counted as if they came one by one.
 *
 * Stage Table, pure. The last of several rows with one key wins, as it would over two pages. Reads and writes nothing.
 */
import type { FlatRow } from "../Row/Flatten.ts"
import * as Key from "../Row/Key.ts"
import type { SqlValue } from "../Row/Value.ts"

/**
 * Rows of a page by outcome. `inserted + updated + unchanged` is the number of rows given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Plan {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  /** Rows to write, at most one per key. */
  readonly writes: ReadonlyArray<FlatRow>
  /** Those of `writes` whose key the table already holds. */
  readonly changed: ReadonlyArray<FlatRow>
  /** A key that two different rows of this page share. */
  readonly conflict: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  key: Key.Key,
  rows: ReadonlyArray<FlatRow>,
  /** Digest of the stored row by index of the given row. */
  stored: ReadonlyMap<number, number>
): Plan => {
  if (key.columns.length === 0) {
    return { inserted: rows.length, updated: 0, unchanged: 0, writes: rows, changed: [], conflict: undefined }
  }
  let inserted = 0
  let updated = 0
  let unchanged = 0
  let conflict: string | undefined
  const entries = new Map<string, { row: FlatRow; readonly isNew: boolean; write: boolean }>()
  rows.forEach((row, index) => {
    const id = Key.identity(keyOf(key, row))
    const entry = entries.get(id)
    if (entry === undefined) {
      const digest = stored.get(index)
      const write = digest !== row.digest
      if (digest === undefined) inserted++
      else if (write) updated++
      else unchanged++
      entries.set(id, { row, isNew: digest === undefined, write })
    } else if (entry.row.digest === row.digest) {
      unchanged++
    } else {
      updated++
      conflict ??= id
      entry.row = row
      entry.write = true
    }
  })
  const writes: Array<FlatRow> = []
  const changed: Array<FlatRow> = []
  for (const { isNew, row, write } of entries.values()) {
    if (!write) continue
    writes.push(row)
    if (!isNew) changed.push(row)
  }
  return { inserted, updated, unchanged, writes, changed, conflict }
}

/**
 * The cells of a row's key.
 *
 * @since 0.1.0
 * @category accessors
 */
export const keyOf = (key: Key.Key, row: FlatRow): ReadonlyArray<SqlValue> =>
  key.columns.map((index) => row.values[index] ?? null)
