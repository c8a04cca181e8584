/**
 * Merges the rows of one page into a resource's tables, on a connection that is inside a transaction.
 *
 * Stage Table. Reads the digests of the page's keys, plans, then writes only what is new or changed, child rows with their
 * parent. Some tens of statements a page, none per row. Begins and commits nothing, and keeps no books.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Json from "../Fetch/Json.ts"
import type { ChildRow, FlatRow } from "../Row/Flatten.ts"
import * as Key from "../Row/Key.ts"
import * as Shape from "../Row/Shape.ts"
import type { SqlValue } from "../Row/Value.ts"
import { boundColumns, keyColumns, parentColumns, quote } from "./Ddl.ts"
import { deletedAt, type Layout } from "./Layout.ts"
import * as Plan from "./Plan.ts"
import * as Statements from "./Statements.ts"

/**
 * The statements for one shape and key; made again when either changes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Prepared {
  readonly shape: Shape.Shape
  readonly key: Layout
  readonly widths: ReadonlyArray<number>
  readonly depths: ReadonlyArray<number>
  readonly upsert: (rows: number) => string
  readonly inserts: ReadonlyArray<(rows: number) => string>
  /** Digests of stored rows by the index of their key in a JSON list. */
  readonly lookup: string
  /** For each child of the root: deletes the rows of the parents in a JSON list. */
  readonly clear: ReadonlyArray<string>
  /** Deletes the rows of the keys in a JSON list, child rows and all. */
  readonly remove: string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const prepare = (shape: Shape.Shape, key: Layout): Prepared => {
  const tables = shape.tables.map((_, index) => index)
  const root = quote(shape.tables[0]!.name)
  const among = (columns: ReadonlyArray<string>) => {
    const names = columns.length === 1 ? quote(columns[0]!) : `(${columns.map(quote).join(", ")})`
    const values = columns.length === 1 ? `"value"` : columns.map((_, i) => `"value" ->> ${i}`).join(", ")
    return `${names} IN (SELECT ${values} FROM json_each(?))`
  }
  // No digest is negative: a row that was marked as gone and comes again has changed, whatever it holds.
  const digest = key.marks === true ? `iif(t.${quote(deletedAt)} IS NULL, t."_sluice_hash", -1)` : `t."_sluice_hash"`
  return {
    shape,
    key,
    widths: tables.map((table) => boundColumns(shape, key, table).length),
    depths: tables.map((table) => Shape.depth(shape, table)),
    upsert: Statements.upsert(shape, key, 0),
    inserts: tables.map((table) => Statements.insert(shape, key, table)),
    lookup: `SELECT j."key", ${digest} FROM json_each(?) AS j CROSS JOIN ${root} AS t ON ${sameKey(keyColumns(shape, key, 0), "t")}`,
    clear: tables
      .filter((table) => shape.tables[table]!.parent === 0)
      .map(
        (table) => `DELETE FROM ${quote(shape.tables[table]!.name)} WHERE ${among(parentColumns(shape, key, table))}`
      ),
    remove: `DELETE FROM ${root} WHERE ${among(keyColumns(shape, key, 0))}`
  }
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends Plan.Options {
  readonly run: string
  /** Where two different rows with one key in one run are an error: keeps the digests of the run's keys. */
  readonly seen?: { readonly source: string; readonly resource: string } | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Merged extends Plan.Plan {
  /** The number of the first row of `writes`, where rows are numbered. */
  readonly firstId: number
}

/**
 * Fails on a conflict with the key of the first pair of rows that share it, before anything is written.
 *
 * One generator function for all pages. V8 keeps each one that has run, and all it closes over, until the next full garbage
 * collection: with one per page, `Effect.gen` over the rows, that was every page of a run.
 *
 * @since 0.1.0
 * @category combinators
 */
export const merge: (
  connection: Connection,
  prepared: Prepared,
  rows: ReadonlyArray<FlatRow>,
  options: Options
) => Effect.Effect<Merged, SqlError> = Effect.fnUntraced(function* (connection, prepared, rows, options) {
  const { clear, key } = prepared
  const keyed = key.columns.length > 0
  const keys = keyed && rows.length > 0 ? keyList(rows.map((row) => Plan.keyOf(key, row))) : "[]"
  const found = keyed && rows.length > 0 ? yield* connection.executeValues(prepared.lookup, [keys]) : []
  const stored = new Map(found.map(([index, digest]) => [Number(index), Number(digest)]))
  const planned = Plan.make(key, rows, stored, options)
  const conflict =
    options.seen === undefined
      ? undefined
      : (planned.conflict ?? (yield* remember(connection, key, rows, options.seen)))
  const plan = { ...planned, conflict, firstId: 0 }
  if (conflict !== undefined) return plan
  if (plan.removed.length > 0) {
    yield* connection.executeRaw(prepared.remove, [keyList(plan.removed.map((row) => Plan.keyOf(key, row)))])
  }
  if (plan.writes.length === 0) return plan
  if (plan.changed.length > 0) {
    const changed = keyList(plan.changed.map((row) => Plan.keyOf(key, row)))
    for (const statement of clear) yield* connection.executeRaw(statement, [changed])
  }
  const statement = plan.changed.length > 0 ? prepared.upsert : prepared.inserts[0]!
  return { ...plan, firstId: yield* write(connection, prepared, plan.writes, { statement, run: options.run }) }
})

/**
 * Writes rows and their child rows, which are not there; rows without a key get the next numbers, the first of which is the result.
 *
 * @since 0.1.0
 * @category combinators
 */
export const write: (
  connection: Connection,
  prepared: Prepared,
  rows: ReadonlyArray<FlatRow>,
  options: {
    readonly run: string
    /** `INSERT` unless said otherwise. */
    readonly statement?: ((rows: number) => string) | undefined
    /** Cells behind the digest. */
    readonly more?: ReadonlyArray<SqlValue> | undefined
  }
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, prepared, rows, options) {
  const { depths, key, shape } = prepared
  const keyed = key.columns.length > 0
  const { more = [], run, statement = prepared.inserts[0]! } = options
  const width = shape.tables[0]!.columns.length
  const firstId = keyed ? 0 : yield* nextId(connection, shape)
  yield* Statements.writeMany(connection, {
    statement,
    width: prepared.widths[0]!,
    count: rows.length,
    fill: (index, into) => {
      const row = rows[index]!
      if (!keyed) into.push(firstId + index)
      pad(row.values, width, into)
      into.push(run, row.digest)
      for (const cell of more) into.push(cell)
      if (key.marks === true) into.push(null)
    }
  })
  const identities = rows.map((row, index) => (keyed ? Plan.keyOf(key, row) : [firstId + index]))
  const order = keyed ? inOrder(identities) : identities.map((_, index) => index)
  // Parents come before children in a shape, so this order satisfies every foreign key.
  for (const [table, { children, parents }] of byTable(rows, shape, order).entries()) {
    const cells = shape.tables[table]!.columns.length + depths[table]!
    yield* Statements.writeMany(connection, {
      statement: prepared.inserts[table]!,
      width: prepared.widths[table]!,
      count: children.length,
      fill: (index, into) => {
        for (const cell of identities[parents[index]!]!) into.push(cell)
        pad(children[index]!.values, cells, into)
      }
    })
  }
  return firstId
})

/**
 * The condition that a table's columns are the key in a JSON list's element, or in a JSON text: `at` is the expression for it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sameKey = (columns: ReadonlyArray<string>, alias: string, at = `j."value"`): string =>
  columns.length === 1
    ? `${alias}.${quote(columns[0]!)} = ${at}`
    : columns.map((name, i) => `${alias}.${quote(name)} = ${at} ->> ${i}`).join(" AND ")

/**
 * Keys as one JSON text: one parameter and one statement text, whatever their number; integers stay exact.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keyList = (keys: ReadonlyArray<ReadonlyArray<SqlValue>>): string =>
  Json.stringify(keys.map((key) => (key.length === 1 ? key[0] : key)))

// --- internal ---

const pad = (values: ReadonlyArray<SqlValue>, width: number, into: Array<SqlValue>): void => {
  for (let i = 0; i < width; i++) into.push(values[i] ?? null)
}

/** Indices of rows by their keys: child tables are kept in this order, and neighbours share pages of the database. */
const inOrder = (identities: ReadonlyArray<ReadonlyArray<SqlValue>>): ReadonlyArray<number> => {
  const first = identities.map(([cell]) => cell!)
  return identities
    .map((_, index) => index)
    .sort((a, b) => (first[a]! < first[b]! ? -1 : first[a]! > first[b]! ? 1 : 0))
}

interface Below {
  readonly children: Array<ChildRow>
  /** Index of the row above each. */
  readonly parents: Array<number>
}

const byTable = (rows: ReadonlyArray<FlatRow>, shape: Shape.Shape, order: ReadonlyArray<number>) => {
  const tables = shape.tables.map((): Below => ({ children: [], parents: [] }))
  for (const parent of order) {
    for (const child of rows[parent]!.children) {
      const { children, parents } = tables[child.table]!
      children.push(child)
      parents.push(parent)
    }
  }
  return tables
}

const nextId = (connection: Connection, shape: Shape.Shape) =>
  Effect.map(
    connection.executeValues(`SELECT coalesce(max("_sluice_id"), 0) + 1 FROM ${quote(shape.tables[0]!.name)}`, []),
    (rows) => Number(rows[0]?.[0])
  )

/** Writes the digests of this page's keys; the first key already there with another digest is the conflict. */
const remember: (
  connection: Connection,
  key: Layout,
  rows: ReadonlyArray<FlatRow>,
  at: { readonly source: string; readonly resource: string }
) => Effect.Effect<string | undefined, SqlError> = Effect.fnUntraced(function* (connection, key, rows, at) {
  const pairs = Json.stringify(rows.map((row) => [Key.identity(Plan.keyOf(key, row)), row.digest]))
  const clash = yield* connection.executeValues(
    `SELECT s."key" FROM json_each(?) AS j CROSS JOIN "_sluice_seen" AS s ON s."source" = ? AND s."resource" = ?
      AND s."key" = j."value" ->> 0 AND s."digest" <> j."value" ->> 1 LIMIT 1`,
    [pairs, at.source, at.resource]
  )
  if (clash[0] !== undefined) return String(clash[0][0])
  yield* connection.executeRaw(
    `INSERT OR IGNORE INTO "_sluice_seen" ("source", "resource", "key", "digest")
      SELECT ?, ?, "value" ->> 0, "value" ->> 1 FROM json_each(?)`,
    [at.source, at.resource, pairs]
  )
  return undefined
})
