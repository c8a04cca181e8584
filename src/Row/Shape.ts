/**
 * The tables and columns a resource's rows have taken so far: plain data, saved with the database and grown page by page.
 *
 * Stage Row, pure. Holds data columns only; keys, parents and bookkeeping columns are added by stage Table. Columns are
 * appended and widened, never removed or reordered, so that an index into them stays good.
 */
import type { ColumnType } from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly name: string
  /** Keys from the table's row to the value in the source; empty for the `value` of a list of scalars. */
  readonly path: ReadonlyArray<string>
  readonly type: ColumnType
  /** From a schema or a hint: its type does not follow what is seen. */
  readonly declared: boolean
  /** Has held an integer beyond 2^53, which a REAL would round. */
  readonly exact?: boolean | undefined
  /** There by a hint; no row has had it yet, and `path` is its name. */
  readonly unclaimed?: boolean | undefined
  /** Holds what did not fit the column of the same path: `<column>__v_<type>`. */
  readonly variant?: boolean | undefined
}

/**
 * The first table is the resource's own; every other one belongs to an earlier one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly name: string
  /** Index of the parent table; -1 for the root. */
  readonly parent: number
  /** Keys from the parent's row to the list; empty for a list inside a list. */
  readonly path: ReadonlyArray<string>
  readonly columns: ReadonlyArray<Column>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Shape {
  readonly tables: ReadonlyArray<Table>
}

/**
 * A root table without columns.
 *
 * @since 0.1.0
 * @category constructors
 */
export const empty = (table: string): Shape => ({ tables: [{ name: table, parent: -1, path: [], columns: [] }] })

/**
 * How many lists deep a table is: 0 for the root.
 *
 * @since 0.1.0
 * @category accessors
 */
export const depth = (shape: Shape, table: number): number => {
  const parent = shape.tables[table]?.parent ?? -1
  return parent < 0 ? 0 : 1 + depth(shape, parent)
}
