/**
 * Which rows the unfinished walks of parents have added to a table where nothing tells rows apart: `_sluice_appended`.
 *
 * Stage Table. A range of row numbers for each page, written and taken out in the page's own transaction, so that a parent's walk
 * that starts over takes back its own rows and no others. Of keyed rows nothing is kept. Begins and commits nothing.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Opening } from "../Table.ts"
import { quote } from "./Ddl.ts"
import * as Layout from "./Layout.ts"
import type { Standing } from "./Parents.ts"
import type { Ready } from "./Writer.ts"

/**
 * The number of the last row before a page is written; `undefined` where rows are told apart.
 *
 * @since 0.1.0
 * @category accessors
 */
export const last = (
  connection: Connection,
  { write }: Opening,
  ready: Ready | undefined
): Effect.Effect<number | undefined, SqlError> =>
  ready === undefined || ready.key.columns.length > 0 || Layout.versioned(write) || write.disposition === "replace"
    ? Effect.succeed(undefined)
    : Effect.map(
        connection.executeValues(
          `SELECT coalesce(max("_sluice_id"), 0) FROM ${quote(ready.shape.tables[0]!.name)}`,
          []
        ),
        ([row]) => Number(row?.[0])
      )

/**
 * After it: the rows of a parent that is not done may have to be taken back; those of one that is, or that its cursor has passed,
 * may not.
 *
 * @since 0.1.0
 * @category combinators
 */
export const note = (
  connection: Connection,
  opening: Opening,
  { checkpoint, cursor, isShort, parent }: Standing,
  page: { readonly ready: Ready | undefined; readonly before: number | undefined }
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const { before, ready } = page
    if (ready !== undefined && before === undefined) return
    const isOpen = (checkpoint !== undefined || isShort === true) && cursor === undefined
    if (!isOpen) return yield* settle(connection, opening, parent)
    const now = yield* last(connection, opening, ready)
    if (before === undefined || now === undefined || now <= before) return
    yield* connection.executeRaw(`INSERT INTO "_sluice_appended" VALUES (?, ?, ?, ?, ?)`, [
      opening.source,
      opening.resource,
      parent,
      before + 1,
      now
    ])
  })

/**
 * Takes rows out of the table: those of one parent, or, without one, of all. Gives their number.
 *
 * @since 0.1.0
 * @category combinators
 */
export const takeBack = (
  connection: Connection,
  of: { readonly source: string; readonly resource: string; readonly table: string | undefined },
  parent?: string
): Effect.Effect<number, SqlError> =>
  Effect.gen(function* () {
    const [text, at] = where(of, parent)
    const some = yield* connection.executeValues(`SELECT 1 FROM "_sluice_appended" WHERE ${text} LIMIT 1`, at)
    if (some.length === 0) return 0
    const there = yield* connection.executeValues(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [
      of.table
    ])
    let count = 0
    if (of.table !== undefined && there.length > 0) {
      const rows = `SELECT t."_sluice_id" FROM "_sluice_appended" AS a CROSS JOIN ${quote(of.table)} AS t
        ON t."_sluice_id" BETWEEN a."first" AND a."last" WHERE ${text}`
      const [counted] = yield* connection.executeValues(`SELECT count(*) FROM (${rows})`, at)
      count = Number(counted?.[0])
      yield* connection.executeRaw(`DELETE FROM ${quote(of.table)} WHERE "_sluice_id" IN (${rows})`, at)
    }
    yield* settle(connection, of, parent)
    return count
  })

// --- internal ---

const where = ({ resource, source }: Pick<Opening, "source" | "resource">, parent: string | undefined) =>
  parent === undefined
    ? ([`"source" = ? AND "resource" = ?`, [source, resource]] as const)
    : ([`"source" = ? AND "resource" = ? AND "parent" = ?`, [source, resource, parent]] as const)

const settle = (connection: Connection, of: Pick<Opening, "source" | "resource">, parent?: string) => {
  const [text, at] = where(of, parent)
  return Effect.asVoid(connection.executeRaw(`DELETE FROM "_sluice_appended" WHERE ${text}`, at))
}
