/**
 * How much one resource may ask of a database: what an API sends decides names and numbers of tables and columns.
 *
 * Stage Row, pure. SQLite allows 2,000 columns; the other bounds keep a page's tables small enough to be made in a moment. A row
 * that goes beyond is refused, and the reason says what to declare.
 */
import { RowError } from "./RowError.ts"

/**
 * Rows of one page: they are held in memory together.
 *
 * @since 0.1.0
 * @category defaults
 */
export const maxRows = 1_000_000

/**
 * Throws a `RowError` for a row with more list items than a page may have rows.
 *
 * @since 0.1.0
 * @category combinators
 */
export const items = (count: number): void => {
  if (count > maxRows) throw beyond(`its lists hold more than ${maxRows} items; ${advice}`)
}

/**
 * Objects and lists in each other; what lies deeper stays JSON.
 *
 * @since 0.1.0
 * @category defaults
 */
export const maxNesting = 64

/**
 * Throws a `RowError` for a key that is too long to name a column.
 *
 * @since 0.1.0
 * @category combinators
 */
export const name = (key: string, prefix: string): void => {
  if (key.length + prefix.length <= maxName) return
  throw beyond(
    `the key ${JSON.stringify(key.slice(0, 20))}… of ${key.length} characters is too long to name a column ` +
      `(${maxName} at most, the keys above it included); ${advice}`
  )
}

/**
 * Throws a `RowError` where a table is to get one column too many.
 *
 * @since 0.1.0
 * @category combinators
 */
export const column = (
  tables: ReadonlyArray<{ readonly name: string; readonly columns: ReadonlyArray<unknown> }>,
  table: number
): void => {
  const { columns, name } = tables[table]!
  if (columns.length >= maxColumns)
    throw beyond(`the row brings a new column, and the table ${name} has ${maxColumns}, which is the most; ${advice}`)
}

/**
 * Throws a `RowError` where a resource is to get one table too many.
 *
 * @since 0.1.0
 * @category combinators
 */
export const table = (tables: ReadonlyArray<{ readonly columns: ReadonlyArray<unknown> }>): void => {
  if (tables.length >= maxTables)
    throw beyond(`the row brings a new list, and the resource has ${maxTables} tables, which is the most; ${advice}`)
}

// --- internal ---

/** 2,000 less those that are ours, and the keys of the lists above. */
const maxColumns = 1_900
const maxTables = 200
const maxName = 4_000

const advice =
  "where keys are data, declare the field that holds them: columns with data_type json, or max_table_nesting"

const beyond = (detail: string) => new RowError({ reason: "Bounds", detail })
