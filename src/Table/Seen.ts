/**
 * What a walk under way has brought, kept until it is completed or forgotten: keys of rows in `_sluice_seen`, and the merge keys
 * they fall under in `_sluice_groups`.
 *
 * Stage Table. A row that did not change is not written, so the table itself cannot tell which rows came. Written in the
 * transaction of their page, so that a walk of several runs knows what the earlier ones saw. Takes no row away.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Json from "../Fetch/Json.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import { type SqlValue, storage } from "../Row/Value.ts"
import { keyColumns, quote } from "./Ddl.ts"
import { keyList, type Prepared, sameKey } from "./Merge.ts"

/**
 * Whose walk it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface At {
  readonly source: string
  readonly resource: string
}

/**
 * Remembers rows the table holds by now, by their keys.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rows = (
  connection: Connection,
  { resource, source }: At,
  prepared: Prepared,
  keys: ReadonlyArray<ReadonlyArray<SqlValue>>
): Effect.Effect<void, SqlError> => {
  const columns = keyColumns(prepared.shape, prepared.key, 0)
  // The text of a key is made by SQLite on both ends, and from the table's own cells: it is one text whatever the API wrote.
  return Effect.asVoid(
    connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_seen" ("source", "resource", "key", "digest")
        SELECT ?, ?, ${text(columns, "t")}, t."_sluice_hash" FROM json_each(?) AS j
        CROSS JOIN ${quote(prepared.shape.tables[0]!.name)} AS t ON ${sameKey(columns, "t")}`,
      [source, resource, keyList(keys)]
    )
  )
}

/**
 * Remembers rows by their keys alone, whether the table holds them or not: without a look at it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const keys = (
  connection: Connection,
  { resource, source }: At,
  { key, shape }: Prepared,
  all: ReadonlyArray<ReadonlyArray<SqlValue>>
): Effect.Effect<void, SqlError> => {
  // As the cell of the column, and its text as `text` makes it.
  const cells = key.columns.map((index, i) => {
    const at = key.columns.length === 1 ? `"value"` : `"value" ->> ${i}`
    return `CAST(CAST(${at} AS ${storage(shape.tables[0]!.columns[index]!.type)}) AS TEXT)`
  })
  return Effect.asVoid(
    connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_seen" ("source", "resource", "key", "digest")
        SELECT ?, ?, ${cells.length === 1 ? cells[0]! : `json_array(${cells.join(", ")})`}, 0 FROM json_each(?)`,
      [source, resource, keyList(all)]
    )
  )
}

/**
 * Remembers versions of rows, by their digests.
 *
 * @since 0.1.0
 * @category combinators
 */
export const digests = (
  connection: Connection,
  { resource, source }: At,
  all: ReadonlyArray<number>
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_seen" ("source", "resource", "key", "digest")
        SELECT ?, ?, CAST("value" AS TEXT), "value" FROM json_each(?)`,
      [source, resource, JSON.stringify(all)]
    )
  )

/**
 * Remembers versions in force, the rows `t` of `which`, that the walk did not bring and is not to retire: without a digest, and so
 * not counted among those it brought.
 *
 * @since 0.1.0
 * @category combinators
 */
export const kept = (
  connection: Connection,
  { resource, source }: At,
  { keys, which }: { readonly which: string; readonly keys: string }
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_seen" ("source", "resource", "key", "digest")
        SELECT ?, ?, CAST(t."_sluice_hash" AS TEXT), 0 FROM ${which}`,
      [source, resource, keys]
    )
  )

/**
 * Remembers the merge keys of rows; one with a null in it groups nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const groups = (
  connection: Connection,
  { resource, source }: At,
  columns: ReadonlyArray<number>,
  all: ReadonlyArray<FlatRow>
): Effect.Effect<void, SqlError> => {
  const found = new Set<string>()
  for (const row of all) {
    const cells = columns.map((index) => row.values[index] ?? null)
    if (!cells.includes(null)) found.add(Json.stringify(cells))
  }
  return Effect.asVoid(
    connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_groups" ("source", "resource", "key") SELECT ?, ?, "value" FROM json_each(?)`,
      [source, resource, JSON.stringify([...found])]
    )
  )
}

/**
 * The numbers of the table's rows `t` that fall under a merge key of the walk; parameters: source, resource.
 *
 * @since 0.1.0
 * @category constructors
 */
export const grouped = (table: string, columns: ReadonlyArray<string>, only: string): string =>
  `SELECT t."_rowid_" FROM "_sluice_groups" AS g CROSS JOIN ${quote(table)} AS t
    ON ${columns.map((name, i) => `t.${quote(name)} = g."key" ->> ${i}`).join(" AND ")}
    WHERE g."source" = ? AND g."resource" = ? AND ${only}`

/**
 * The condition that the walk did not bring a row, by the text of its key; parameters: source, resource.
 *
 * @since 0.1.0
 * @category constructors
 */
export const absent = (text: string): string =>
  `NOT EXISTS (SELECT 1 FROM "_sluice_seen" AS s WHERE s."source" = ? AND s."resource" = ? AND s."key" = ${text})`

/**
 * A row's key as one text, in SQL.
 *
 * @since 0.1.0
 * @category constructors
 */
export const text = (columns: ReadonlyArray<string>, alias: string): string => {
  const cells = columns.map((name) => `CAST(${alias}.${quote(name)} AS TEXT)`)
  return cells.length === 1 ? cells[0]! : `json_array(${cells.join(", ")})`
}

/**
 * How many rows, or versions, the walk has brought.
 *
 * @since 0.1.0
 * @category accessors
 */
export const count = (connection: Connection, { resource, source }: At, what: "rows" | "versions") =>
  connection.executeValues(
    `SELECT count(*) FROM "_sluice_seen" WHERE "source" = ? AND "resource" = ?${what === "rows" ? "" : ` AND "digest" <> 0`}`,
    [source, resource]
  )

/**
 * The walk is over, or void.
 *
 * @since 0.1.0
 * @category combinators
 */
export const forget = (connection: Connection, { resource, source }: At): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    ["_sluice_seen", "_sluice_groups"],
    (table) =>
      connection.executeRaw(`DELETE FROM ${quote(table)} WHERE "source" = ? AND "resource" = ?`, [source, resource]),
    { discard: true }
  )
