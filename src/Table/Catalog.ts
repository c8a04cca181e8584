/**
 * Tables and columns as SQLite itself describes them.
 *
 * Stage Table. Reads only; knows nothing of resources.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly name: string
  readonly columns: ReadonlyArray<Column>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly name: string
  /** As the table was made with: `TEXT`, `INTEGER`, `REAL`, `BLOB`. */
  readonly storage: string
  readonly nullable: boolean
}

/**
 * The named tables, in that order; those that are not there are left out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  sql: SqlClient.SqlClient,
  names: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Table>, TableError.TableError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      Effect.forEach(names, (name) =>
        Effect.map(
          connection.executeValues(`SELECT "name", "type", "notnull", "pk" FROM pragma_table_info(?) ORDER BY "cid"`, [
            name
          ]),
          (rows): Table => ({
            name,
            columns: rows.map(([column, storage, notNull, key]) => ({
              name: String(column),
              storage: String(storage).toUpperCase(),
              // A primary key of a STRICT table takes no NULL, whatever else is said of it.
              nullable: Number(notNull) === 0 && Number(key) === 0
            }))
          })
        )
      )
    )
  ).pipe(
    TableError.refail({ doing: "reading the tables" }),
    Effect.map((tables) => tables.filter(({ columns }) => columns.length > 0))
  )
