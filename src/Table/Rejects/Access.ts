/**
 * The quarantine as a `Session` offers it: to count and list what is in it, and to keep what a page refused that is not stored.
 *
 * Stage Table. Each call is a connection of its own; what belongs to a page is in the page's transaction (`Rejects.page`).
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Opening, Session } from "../../Table.ts"
import * as Rejects from "../Rejects.ts"
import * as TableError from "../TableError.ts"
import * as Transaction from "../Transaction.ts"

/**
 * `over`: how many rows this session has found to be over.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  sql: SqlClient.SqlClient,
  opening: Opening,
  file: string,
  known: { readonly waits: boolean; readonly over: () => number }
): Session["rejects"] => {
  const context = { file, resource: opening.resource }
  const reading = <A>(use: (connection: Connection) => Effect.Effect<A, SqlError>) =>
    Effect.scoped(Effect.flatMap(sql.reserve, use)).pipe(TableError.refail(context))
  return {
    count: Effect.suspend(() =>
      reading((connection) =>
        Effect.map(Rejects.open(connection, opening), (open) => ({ ...open, over: known.over() }))
      )
    ),
    list: (after, most) => reading((connection) => Rejects.list(connection, opening, after, most)),
    keep: ({ batch, index }) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Transaction.immediate(
          sql,
          (connection) => Rejects.keep(connection, opening, batch.rejects, { index, now: new Date(now).toISOString() }),
          context
        )
      ),
    waits: known.waits
  }
}
