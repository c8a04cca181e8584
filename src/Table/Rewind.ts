/**
 * Takes walks back to their start in a database that is being rebuilt, as the ones of the original had gone back.
 *
 * Stage Table. The cursor stays where it is: only the place in the walk is given up, and with it the rows that nothing tells from
 * those to come.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quote } from "./Ddl.ts"
import * as State from "./State.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const walk = (sql: SqlClient.SqlClient, state: State.State): Effect.Effect<void, TableError.TableError> =>
  Effect.gen(function* () {
    const { checkpoint, resource, source } = state
    // Where the cursor moved with the rows, the next walk begins anew by itself, and they stay.
    if (checkpoint === undefined || (Predicate.hasProperty(checkpoint, "kept") && checkpoint.kept === true)) return
    const at = [source, resource]
    const [row] = yield* query(sql, `SELECT "cursor" FROM "_sluice_state" WHERE "source" = ? AND "resource" = ?`, at)
    yield* State.forget(sql, [state], { all: false })
    const cursor = row?.[0] ?? null
    yield* query(sql, `UPDATE "_sluice_state" SET "cursor" = ? WHERE "source" = ? AND "resource" = ?`, [cursor, ...at])
  })

/**
 * A child whose parents were all asked for again, those too that were done. Its next run does that itself, with all that belongs
 * to it, once the place where it stands is of no configuration.
 *
 * @since 0.1.0
 * @category combinators
 */
export const queue = (
  sql: SqlClient.SqlClient,
  { resource, source }: State.State
): Effect.Effect<void, TableError.TableError> =>
  Effect.asVoid(
    query(
      sql,
      `UPDATE "_sluice_state" SET "checkpoint" = json_set("checkpoint", '$.fingerprint', json('{}'))
        WHERE "source" = ? AND "resource" = ? AND "checkpoint" IS NOT NULL`,
      [source, resource]
    )
  )

/**
 * The parents of which some pages were read, and others not.
 *
 * @since 0.1.0
 * @category accessors
 */
export const begun = (
  sql: SqlClient.SqlClient,
  { resource, source }: State.State
): Effect.Effect<ReadonlyArray<string>, TableError.TableError> =>
  Effect.map(
    query(
      sql,
      `SELECT "parent" FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ? AND "checkpoint" IS NOT NULL`,
      [source, resource]
    ),
    (rows) => rows.map(([parent]) => String(parent))
  )

/**
 * @since 0.1.0
 * @category combinators
 */
export const parent = (
  sql: SqlClient.SqlClient,
  { resource, source }: State.State,
  line: string
): Effect.Effect<void, TableError.TableError> =>
  Effect.asVoid(
    query(
      sql,
      `UPDATE "_sluice_parents" SET "checkpoint" = NULL WHERE "source" = ? AND "resource" = ? AND "parent" = ?`,
      [source, resource, line]
    )
  )

/**
 * Somebody had dropped the table.
 *
 * @since 0.1.0
 * @category combinators
 */
export const drop = (sql: SqlClient.SqlClient, { shape }: State.State): Effect.Effect<void, TableError.TableError> =>
  Effect.forEach(
    (shape?.tables ?? []).toReversed(),
    ({ name }) => query(sql, `DROP TABLE IF EXISTS ${quote(name)}`, []),
    { discard: true }
  )

// --- internal ---

const query = (sql: SqlClient.SqlClient, statement: string, parameters: ReadonlyArray<unknown>) =>
  Effect.scoped(Effect.flatMap(sql.reserve, (connection) => connection.executeValues(statement, parameters))).pipe(
    TableError.refail({ doing: "taking a walk back" })
  )
