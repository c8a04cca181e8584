/**
 * Rows that nothing would tell from others: without their key, or with one that would not be stored as it came.
 *
 * Stage Row, pure. Says what is wrong; `Flatten` and `Row` refuse the row.
 */
import type { Problem } from "./Decode.ts"
import type { Column } from "./Slots.ts"
import { isWellFormed, type SqlValue } from "./Value.ts"

/**
 * The problem of a row without its key.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keyMissing = (column: Pick<Column, "path">): Problem => ({
  path: column.path.join("."),
  reason: "the primary key is null or missing"
})

/**
 * Whether a text of a key is not stored as it came: half a surrogate pair is stored as U+FFFD, and two keys of them would be one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isMended = ({ isKey }: Column, value: unknown, cell: SqlValue): boolean =>
  isKey && typeof value === "string" && cell !== value && !isWellFormed(value)

/**
 * @since 0.1.0
 * @category constructors
 */
export const malformed = (path: string, { name }: Pick<Column, "name">): Problem => ({
  path,
  reason: `a text that is not well-formed Unicode does not fit the column ${name}, which is part of the primary key`
})

/**
 * The problem of a row by its cells; `key` is undefined while it is not known.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withoutKey = (
  columns: ReadonlyArray<Column>,
  key: ReadonlyArray<number> | undefined,
  values: ReadonlyArray<SqlValue>
): Problem | undefined => {
  if (key === undefined) return undefined
  for (const index of key) if ((values[index] ?? null) === null) return keyMissing(columns[index]!)
  return undefined
}
