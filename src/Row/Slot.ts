/**
 * What `Slots` is made of: where the values of a key go, and the columns and tables as they grow.
 *
 * Stage Row. `Slots` changes them, and can undo every change.
 */
import type { Limits } from "./Decimal.ts"
import type { Hidden } from "./Masks.ts"
import type * as Shape from "./Shape.ts"
import type { ColumnType, SqlValue } from "./Value.ts"

/**
 * Where the values of one key go; one key may hold a scalar in one row and a list in another.
 *
 * @since 0.1.0
 * @category models
 */
export interface Slot {
  readonly key: string
  readonly path: ReadonlyArray<string>
  /** Name of the column, and prefix of what lies below. */
  readonly name: string
  readonly mask: Hidden | undefined
  /** The second half of a pair, which its first half may make a credential. */
  readonly pair: boolean
  /** Kept as one JSON text, whatever it holds. */
  readonly json: boolean
  /** Index into the table's columns; -1 while there is none. */
  column: number
  object: Level | undefined
  list: Level | undefined
}

/**
 * One object within one table: the row itself, or an object flattened into it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Level {
  readonly table: number
  readonly path: ReadonlyArray<string>
  /** `""` for the row itself, else `a__b__`. */
  readonly prefix: string
  /** Objects and lists above; compared with `maxTableNesting`. */
  readonly nesting: number
  readonly slots: Map<string, Slot>
  /** Of all that lies below. */
  readonly mask: Hidden | undefined
  /** Only in child tables: where scalars in the list go, and lists in the list. */
  readonly item: Slot | undefined
  /** And lists in the list that stay JSON: `list`, as the table that they would be. */
  readonly inner: Slot | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly name: string
  path: ReadonlyArray<string>
  type: ColumnType
  declared: boolean
  exact: boolean
  /** Part of the key of a table that is there: its storage can change to text, and to nothing else. */
  fixed: boolean
  /** Named as part of the key: takes a number for one only in its plain spelling. */
  readonly isKey: boolean
  /** Something is said of it beside what its values show. */
  readonly hinted: boolean
  readonly limits: Limits | undefined
  /** Made by a hint; no key of a row has led here yet. */
  unclaimed: boolean
  /** Holds what did not fit the column whose name it extends. */
  readonly variant: boolean
  /** Every key that has led here, quoted for messages. */
  readonly sources: Array<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly name: string
  readonly parent: number
  readonly path: ReadonlyArray<string>
  /** That of its rows; lists in an object of a row count from the row. */
  readonly nesting: number
  readonly columns: Array<Column>
  readonly names: Map<string, number>
  /** Nulls, one for each cell of a row. */
  readonly blank: Array<null>
  /** Columns that no row may be without. */
  readonly required: Array<number>
  /** Was there before this walk: a contract says what may be new in it. */
  readonly closed: boolean
}

/**
 * A new row's cells, all null: its positions in lists, then one for each column there is. At once as large as it will be.
 *
 * @since 0.1.0
 * @category constructors
 */
export const cells = ({ blank, columns }: Table, depth: number): Array<SqlValue> => {
  while (blank.length < depth + columns.length) blank.push(null)
  return blank.slice()
}

/**
 * The keys from the row down to a place, lists left out.
 *
 * @since 0.1.0
 * @category accessors
 */
export const keysTo = (
  tables: ReadonlyArray<Table>,
  table: number,
  path: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const { parent, path: above } = tables[table]!
  return parent < 0 ? path : [...keysTo(tables, parent, above), ...path]
}

/**
 * Where in a row a list is, e.g. `a[].b`; for messages.
 *
 * @since 0.1.0
 * @category accessors
 */
export const listPath = (tables: ReadonlyArray<Table>, table: number, path: ReadonlyArray<string>): string => {
  const { parent, path: above } = tables[table]!
  return (parent < 0 ? path : [`${listPath(tables, parent, above)}[]`, ...path]).join(".")
}

/**
 * The plain data that is saved.
 *
 * @since 0.1.0
 * @category conversions
 */
export const toShape = (tables: ReadonlyArray<Table>): Shape.Shape => ({
  tables: tables.map(({ columns, name, parent, path }) => ({
    name,
    parent,
    path,
    columns: columns.map(({ declared, exact, name, path, type, unclaimed, variant }) => ({
      name,
      path,
      type,
      declared,
      ...(exact ? { exact } : {}),
      ...(unclaimed ? { unclaimed } : {}),
      ...(variant ? { variant } : {})
    }))
  }))
})
