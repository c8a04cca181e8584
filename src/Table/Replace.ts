/**
 * A table that is replaced as a whole: the walk fills one beside it, and its end puts the difference into the table, at once.
 *
 * Stage Table. Readers see the old rows until then. The table itself stays, with its views and indexes, and rows that are the same
 * stay untouched. Rows are compared by key and digest, or without a key by digest and number of copies. Begins no transaction.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Shape from "../Row/Shape.ts"
import { boundColumns, evolve, keyColumns, parentColumns, quote } from "./Ddl.ts"
import { deletedAt, type Layout } from "./Layout.ts"
import type { Completed } from "../Table.ts"

/**
 * The tables that are filled beside a resource's own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const beside = (shape: Shape.Shape): Shape.Shape => ({
  tables: shape.tables.map((table) => ({ ...table, name: `_sluice_next_${table.name}` }))
})

/**
 * Whether an unfinished walk has left them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isThere = (connection: Connection, shape: Shape.Shape): Effect.Effect<boolean, SqlError> =>
  Effect.map(
    connection.executeValues(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [
      beside(shape).tables[0]!.name
    ]),
    (rows) => rows.length > 0
  )

/**
 * Makes them, or lets them grow with the resource's own.
 *
 * @since 0.1.0
 * @category combinators
 */
export const grow = (
  connection: Connection,
  before: Shape.Shape | undefined,
  after: Shape.Shape,
  layout: Layout
): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    evolve(before === undefined ? undefined : beside(before), beside(after), layout),
    (statement) => connection.executeRaw(statement, []),
    { discard: true }
  )

/**
 * @since 0.1.0
 * @category combinators
 */
export const drop = (connection: Connection, shape: Shape.Shape): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    // Children first: a parent that is dropped looks for the rows that refer to it.
    beside(shape).tables.toReversed(),
    ({ name }) => connection.executeRaw(`DROP TABLE IF EXISTS ${quote(name)}`, []),
    { discard: true }
  )

/**
 * Takes every row away: the walk brought none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const empty: (connection: Connection, shape: Shape.Shape) => Effect.Effect<Completed, SqlError> =
  Effect.fnUntraced(function* (connection, shape) {
    const deleted = yield* changes(connection, `DELETE FROM ${quote(shape.tables[0]!.name)}`)
    return { inserted: 0, updated: 0, unchanged: 0, deleted, dropped: 0 }
  })

/**
 * Makes the table what was filled beside it, and drops that.
 *
 * @since 0.1.0
 * @category combinators
 */
export const swap: (connection: Connection, shape: Shape.Shape, layout: Layout) => Effect.Effect<Completed, SqlError> =
  Effect.fnUntraced(function* (connection, shape, layout) {
    const counts = yield* layout.columns.length > 0
      ? byKey(connection, shape, layout)
      : byContent(connection, shape, layout)
    yield* drop(connection, shape)
    return { ...counts, dropped: 0 }
  })

// --- internal ---

type Counts = Omit<Completed, "dropped">

const changes = (connection: Connection, statement: string): Effect.Effect<number, SqlError> =>
  Effect.zipRight(
    connection.executeRaw(statement, []),
    // Rows that go with their parent are not counted by SQLite either.
    Effect.map(connection.executeValues("SELECT changes()", []), ([row]) => Number(row?.[0]))
  )

const byKey: (connection: Connection, shape: Shape.Shape, layout: Layout) => Effect.Effect<Counts, SqlError> =
  Effect.fnUntraced(function* (connection, shape, layout) {
    const next = beside(shape)
    const [own, other] = [quote(shape.tables[0]!.name), quote(next.tables[0]!.name)]
    const keys = keyColumns(shape, layout, 0)
    const same = keys.map((name) => `n.${quote(name)} = t.${quote(name)}`).join(" AND ")
    // A row that was marked as gone is there again, and has changed by that.
    const alike =
      `n."_sluice_hash" = t."_sluice_hash"` + (layout.marks === true ? ` AND t.${quote(deletedAt)} IS NULL` : "")
    const both = `FROM ${other} AS n JOIN ${own} AS t ON ${same}`
    const deleted = yield* changes(
      connection,
      `DELETE FROM ${own} AS t WHERE NOT EXISTS (SELECT 1 FROM ${other} AS n WHERE ${same})`
    )
    for (const table of shape.tables.keys()) {
      if (shape.tables[table]!.parent !== 0) continue
      const parents = parentColumns(shape, layout, table).map(quote).join(", ")
      yield* connection.executeRaw(
        `DELETE FROM ${quote(shape.tables[table]!.name)} WHERE (${parents}) IN
          (SELECT ${keys.map((name) => `n.${quote(name)}`).join(", ")} ${both} WHERE NOT (${alike}))`,
        []
      )
    }
    const unchanged = yield* changes(
      connection,
      `DELETE FROM ${other} AS n WHERE EXISTS (SELECT 1 FROM ${own} AS t WHERE ${same} AND ${alike})`
    )
    const [updates] = yield* connection.executeValues(`SELECT count(*) ${both}`, [])
    const updated = Number(updates?.[0])
    const isKey = new Set(keys)
    const set = boundColumns(shape, layout, 0)
      .filter((name) => !isKey.has(name))
      .map((name) => `${quote(name)} = excluded.${quote(name)}`)
    const conflict = ` WHERE true ON CONFLICT (${keys.map(quote).join(", ")}) DO UPDATE SET ${set.join(", ")}`
    const written = yield* move(connection, shape, layout, { conflict, base: 0 })
    return { inserted: written - updated, updated, unchanged, deleted }
  })

const byContent: (connection: Connection, shape: Shape.Shape, layout: Layout) => Effect.Effect<Counts, SqlError> =
  Effect.fnUntraced(function* (connection, shape, layout) {
    const [own, other] = [quote(shape.tables[0]!.name), quote(beside(shape).tables[0]!.name)]
    // Copies of one content are numbered, so that as many of them stay as there are on the other side.
    const numbered = (table: string, against: string, which: string) =>
      `SELECT r.id FROM (SELECT "_sluice_id" AS id, "_sluice_hash" AS hash,
          row_number() OVER (PARTITION BY "_sluice_hash" ORDER BY "_sluice_id") AS nth FROM ${table}) AS r
        LEFT JOIN (SELECT "_sluice_hash" AS hash, count(*) AS copies FROM ${against} GROUP BY 1) AS g ON g.hash = r.hash
        WHERE r.nth ${which} coalesce(g.copies, 0)`
    const deleted = yield* changes(
      connection,
      `DELETE FROM ${own} WHERE "_sluice_id" IN (${numbered(own, other, ">")})`
    )
    const unchanged = yield* changes(
      connection,
      `DELETE FROM ${other} WHERE "_sluice_id" IN (${numbered(other, own, "<=")})`
    )
    const [last] = yield* connection.executeValues(`SELECT coalesce(max("_sluice_id"), 0) FROM ${own}`, [])
    const inserted = yield* move(connection, shape, layout, { conflict: "", base: Number(last?.[0]) })
    return { inserted, updated: 0, unchanged, deleted }
  })

/** Copies every row from beside, parents before children; the number of the root's. */
const move: (
  connection: Connection,
  shape: Shape.Shape,
  layout: Layout,
  options: { readonly conflict: string; /** Added to rows' numbers. */ readonly base: number }
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, shape, layout, { base, conflict }) {
  const next = beside(shape)
  let written = 0
  for (const [table, { name }] of shape.tables.entries()) {
    const columns = boundColumns(shape, layout, table)
    const reference = keyColumns(shape, layout, table)[0]!
    const from = columns.map((column) =>
      base > 0 && column === reference ? `${quote(column)} + ${base}` : quote(column)
    )
    const count = yield* changes(
      connection,
      `INSERT INTO ${quote(name)} (${columns.map(quote).join(", ")}) SELECT ${from.join(", ")} FROM ${quote(next.tables[table]!.name)}${table === 0 ? conflict : ""}`
    )
    if (table === 0) written = count
  }
  return written
})
