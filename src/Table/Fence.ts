/**
 * No write of ours after the database has become another process's: every write transaction begins by looking at the lock's row.
 *
 * Stage Table. One read by primary key in each transaction, none for a database that nobody has locked. Takes no lock itself:
 * `Owner` does, and raises the fence for the client it took it with.
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as TableError from "./TableError.ts"

/**
 * From now on, until the scope closes, the client's transactions fail with `Locked` unless the lock's row is of this owner.
 *
 * @since 0.1.0
 * @category constructors
 */
export const raise = (sql: SqlClient, owner: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => void owners.set(sql, owner)),
    () => Effect.sync(() => owners.delete(sql))
  )

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (
  sql: SqlClient,
  connection: Connection
): Effect.Effect<void, SqlError | TableError.TableError> => {
  const owner = owners.get(sql)
  return owner === undefined ? Effect.void : ours(connection, owner)
}

/**
 * Fails with `Locked` where the lock's row is not of this owner, or is gone.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ours = (connection: Connection, owner: string): Effect.Effect<void, SqlError | TableError.TableError> =>
  Effect.flatMap(connection.executeValues(`SELECT "owner" FROM "_sluice_lock" WHERE "id" = 1`, []), ([row]) =>
    row?.[0] === owner ? Effect.void : Effect.flatMap(connection.executeValues(taker, []), ([other]) => lost(other))
  )

// --- internal ---

/** Which client writes for which owner. Of a client that is dropped nothing is kept. */
const owners = new WeakMap<SqlClient, string>()

const taker = `SELECT "command", "pid", "host", "acquired_at" FROM "_sluice_lock" WHERE "id" = 1`

const lost = (other: ReadonlyArray<unknown> | undefined) => {
  const [command, pid, host, since] = other ?? []
  const detail =
    other === undefined
      ? "the lock of this process was removed from the database, so another one may have written to it"
      : `it was taken over by ${command}${pid === null ? "" : `, process ${pid}`}${host === null ? "" : ` on ${host}`}, since ${since}`
  return Effect.fail(
    new TableError.TableError({
      reason: "Locked",
      detail: `${detail}; every page so far is saved, nothing was written since`
    })
  )
}
