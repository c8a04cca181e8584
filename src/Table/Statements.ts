/**
 * Multi-row statements of a few fixed sizes, so that a page is written by a handful of cached prepared statements.
 *
 * Stage Table. Sizes are powers of two below the variable limit; a text repeats exactly, which the drivers' statement cache
 * is keyed by. Knows SQL text and parameters, not rows' meaning.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Shape from "../Row/Shape.ts"
import type { SqlValue } from "../Row/Value.ts"
import { boundColumns, keyColumns, quote } from "./Ddl.ts"
import type { Layout } from "./Layout.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Rows {
  readonly statement: (rows: number) => string
  readonly width: number
  readonly count: number
  readonly fill: (row: number, into: Array<SqlValue>) => void
}

/**
 * Writes `count` rows of `width` cells: `fill` appends one row's cells. No statement for no rows.
 *
 * @since 0.1.0
 * @category combinators
 */
export const writeMany: (connection: Connection, rows: Rows) => Effect.Effect<void, SqlError> = Effect.fnUntraced(
  function* (connection, { count, fill, statement, width }) {
    let row = 0
    for (const size of sizes(count, width)) {
      const parameters: Array<SqlValue> = []
      for (const end = row + size; row < end; row++) fill(row, parameters)
      yield* connection.executeRaw(statement(size), parameters)
    }
  }
)

/**
 * The sizes that `count` rows are written in: full ones, then the binary digits of the rest.
 *
 * @since 0.1.0
 * @category accessors
 */
export const sizes = (count: number, width: number): ReadonlyArray<number> => {
  const most = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(maxRows, Math.floor(maxVariables / Math.max(1, width))))))
  const full = Array.from({ length: Math.floor(count / most) }, () => most)
  let rest = count % most
  for (let size = most / 2; rest > 0; size /= 2) {
    if (rest < size) continue
    full.push(size)
    rest -= size
  }
  return full
}

/**
 * Insert, or for a row whose key is there already: replace every cell.
 *
 * @since 0.1.0
 * @category constructors
 */
export const upsert = (shape: Shape.Shape, key: Layout, table: number): ((rows: number) => string) => {
  const columns = boundColumns(shape, key, table)
  const keys = keyColumns(shape, key, table)
  const isKey = new Set(keys)
  const set = columns.filter((name) => !isKey.has(name)).map((name) => `${quote(name)} = excluded.${quote(name)}`)
  const conflict = set.length === 0 ? "DO NOTHING" : `DO UPDATE SET ${set.join(", ")}`
  return texts(
    (rows) => `${insertText(shape, key, table, rows)} ON CONFLICT (${keys.map(quote).join(", ")}) ${conflict}`
  )
}

/**
 * Insert rows whose key is known to be free.
 *
 * @since 0.1.0
 * @category constructors
 */
export const insert = (shape: Shape.Shape, key: Layout, table: number): ((rows: number) => string) =>
  texts((rows) => insertText(shape, key, table, rows))

// --- internal ---

/** SQLite's own default limit; better-sqlite3 and node:sqlite keep it. */
const maxVariables = 32_766
const maxRows = 64

const texts = (make: (rows: number) => string): ((rows: number) => string) => {
  const made = new Map<number, string>()
  return (rows) => {
    const known = made.get(rows)
    if (known !== undefined) return known
    const text = make(rows)
    made.set(rows, text)
    return text
  }
}

/**
 * `OR FAIL`, since whoever writes here rolls back on any error: a statement that must undo its own rows keeps a copy of every
 * database page it touches.
 */
const insertText = (shape: Shape.Shape, key: Layout, table: number, rows: number): string => {
  const columns = boundColumns(shape, key, table)
  const row = `(${columns.map(() => "?").join(",")})`
  return (
    `INSERT OR FAIL INTO ${quote(shape.tables[table]!.name)} (${columns.map(quote).join(", ")}) VALUES ` +
    Array.from({ length: rows }, () => row).join(",")
  )
}
