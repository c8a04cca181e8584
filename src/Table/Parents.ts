/**
 * The queue between a parent and its children: one line per parent row, kept in `_sluice_parents`.
 *
 * Stage Table. Lines are written in the transaction of the parent's page and settled in that of the child's last page, so that
 * neither a crash nor a parent of any size loses one. Holds what a child needs of the row, never the row.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Json from "../Fetch/Json.ts"
import type { State } from "../Row/Cursor.ts"
import type { Checkpoint, Ended, Opening } from "../Table.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * - `pending` to be fetched · `done` fetched, while others of the walk are not · `failed` tried again by the next run · `idle`
 *   waiting for its parent's row to come again
 *
 * @since 0.1.0
 * @category models
 */
export interface Parents {
  /** In the order they came, those behind a line of the queue. Every page of them is read anew. */
  readonly pending: (after: number, most: number) => Effect.Effect<ReadonlyArray<Pending>, TableError.TableError>
  readonly count: Effect.Effect<number, TableError.TableError>
  /** This parent cannot be fetched now. */
  readonly fail: (parent: string) => Effect.Effect<void, TableError.TableError>
  /**
   * Parents that failed in an earlier run are tried again. With the runs of a walk that read every parent there is, those that
   * none of these has brought, waiting or failed, are forgotten.
   */
  readonly retry: (walk: ReadonlyArray<string> | undefined) => Effect.Effect<void, TableError.TableError>
  /** Parents that are done are to be fetched again: their rows were refused. */
  readonly again: Effect.Effect<void, TableError.TableError>
  /** Every parent is done: the next walk begins. */
  readonly close: Effect.Effect<void, TableError.TableError>
  /** The same, but only once the run's receipt is written: until then they stay done. */
  readonly end: (ended: Ended) => Effect.Effect<void, TableError.TableError>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Pending {
  readonly id: number
  /** JSON text of what the child needs of the parent's row; tells parents apart. */
  readonly parent: string
  readonly checkpoint: Checkpoint | undefined
  readonly cursor: State | undefined
  /** Rows that its unfinished walk has added, which nothing tells from those of another. */
  readonly added: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Queued {
  /** The child's name. */
  readonly resource: string
  readonly parents: ReadonlyArray<string>
  /** They do not come in the next walk: also one that is done, or half done, is to be fetched once more. */
  readonly afresh: boolean
  /** Rows of which no child can be fetched. */
  readonly rejects: ReadonlyArray<{ readonly path: string; readonly reason: string; readonly raw: string }>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Standing {
  readonly parent: string
  /** `undefined` when the page ends the parent's walk. */
  readonly checkpoint: Checkpoint | undefined
  readonly cursor: State | undefined
  /** The walk came to its end, and rows may be missing: the next run tries again. */
  readonly isShort?: boolean | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (sql: SqlClient.SqlClient, file: string, opening: Opening): Parents => {
  const at = [opening.source, opening.resource]
  const context: Transaction.Context = { file, resource: opening.resource, transaction: "queue" }
  const write = (...statements: ReadonlyArray<string>) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Transaction.immediate(
        sql,
        (connection) =>
          Effect.forEach(
            statements,
            (statement) => connection.executeRaw(statement, [new Date(now).toISOString(), ...at]),
            { discard: true }
          ),
        context
      )
    )
  const read = (statement: string, parameters: ReadonlyArray<unknown>) =>
    Effect.scoped(
      Effect.flatMap(sql.reserve, (connection) => connection.executeValues(statement, [...at, ...parameters]))
    ).pipe(TableError.refail(context))
  return {
    pending: (after, most) =>
      Effect.map(
        read(
          `SELECT "id", "parent", "checkpoint", "cursor", EXISTS (SELECT 1 FROM "_sluice_appended" AS a
              WHERE a."source" = p."source" AND a."resource" = p."resource" AND a."parent" = p."parent")
            FROM "_sluice_parents" AS p WHERE "source" = ? AND "resource" = ?
            AND "status" = 'pending' AND "id" > ? ORDER BY "id" LIMIT ?`,
          [after, most]
        ),
        (rows) =>
          rows.map(([id, parent, checkpoint, cursor, added]) => ({
            id: Number(id),
            parent: String(parent),
            checkpoint: parse<Checkpoint>(checkpoint),
            cursor: opening.write.disposition === "replace" ? undefined : parse<State>(cursor),
            added: added === 1
          }))
      ),
    count: Effect.map(
      read(`SELECT count(*) FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ? AND "status" = 'pending'`, []),
      ([row]) => Number(row?.[0])
    ),
    fail: (parent) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Transaction.immediate(
          sql,
          (connection) =>
            connection.executeRaw(
              `UPDATE "_sluice_parents" SET "status" = 'failed', "updated_at" = ?
                WHERE "source" = ? AND "resource" = ? AND "parent" = ?`,
              [new Date(now).toISOString(), ...at, parent]
            ),
          context
        )
      ),
    retry: (walk) =>
      write(
        ...(walk === undefined
          ? []
          : [
              `UPDATE "_sluice_parents" SET "status" = 'idle', "checkpoint" = NULL, "updated_at" = ? 
                WHERE "source" = ? AND "resource" = ? AND "status" IN ('failed', 'pending') AND "run" NOT IN (${walk.map(text).join(", ")})`,
              forget
            ]),
        `UPDATE "_sluice_parents" SET "status" = 'pending', "updated_at" = ? WHERE ${failed}`
      ),
    again: Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Transaction.immediate(sql, (connection) => reset(connection, opening, new Date(now).toISOString()), context)
    ),
    close: write(...closing),
    end: (ended) =>
      write(
        `UPDATE "_sluice_state" SET "checkpoint" = json_set("checkpoint", '$.ended', json('${Json.stringify(ended).replaceAll("'", "''")}')),
          "updated_at" = ? WHERE "source" = ? AND "resource" = ? AND "checkpoint" IS NOT NULL`
      )
  }
}

/**
 * Parents that are done are to be fetched again: their rows are void. In a transaction of the caller's.
 *
 * @since 0.1.0
 * @category combinators
 */
export const reset = (connection: Connection, opening: Opening, now: string): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `UPDATE "_sluice_parents" SET "status" = CASE "status" WHEN 'failed' THEN 'failed' ELSE 'pending' END, "checkpoint" = NULL,
        "updated_at" = ? WHERE "source" = ? AND "resource" = ? AND "status" IN ('pending', 'done', 'failed')`,
      [now, opening.source, opening.resource]
    )
  )

/**
 * The walk of one parent starts over, with the transaction that takes its rows out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const restart = (
  connection: Connection,
  opening: Opening,
  parent: string,
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `UPDATE "_sluice_parents" SET "checkpoint" = NULL, "updated_at" = ? WHERE "source" = ? AND "resource" = ? AND "parent" = ?`,
      [now, opening.source, opening.resource, parent]
    )
  )

/**
 * Every parent is done, in a transaction of the caller's.
 *
 * @since 0.1.0
 * @category combinators
 */
export const close = (connection: Connection, opening: Opening, now: string): Effect.Effect<void, SqlError> =>
  Effect.forEach(closing, (statement) => connection.executeRaw(statement, [now, opening.source, opening.resource]), {
    discard: true
  })

/**
 * Adds parents to the queues of children, in the transaction of the page they came on. One that is known takes its turn again,
 * unless it is done in the walk under way and comes in the next one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const enqueue = (
  connection: Connection,
  opening: Opening,
  queued: ReadonlyArray<Queued>,
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    queued,
    ({ afresh, parents, resource }) =>
      Effect.forEach(
        parents,
        (parent) =>
          connection.executeRaw(afresh ? addAfresh : add, [opening.source, resource, parent, opening.run, now]),
        { discard: true }
      ),
    { discard: true }
  )

/**
 * Writes where a parent's own walk stands after a page of its child.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stand = (
  connection: Connection,
  opening: Opening,
  { checkpoint, cursor, isShort, parent }: Standing,
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `UPDATE "_sluice_parents" SET "status" = ?, "checkpoint" = ?, "cursor" = coalesce(?, "cursor"), "updated_at" = ?
        WHERE "source" = ? AND "resource" = ? AND "parent" = ?`,
      [
        checkpoint !== undefined ? "pending" : isShort === true ? "failed" : "done",
        checkpoint === undefined ? null : Json.stringify(checkpoint),
        cursor === undefined ? null : Json.stringify(cursor),
        now,
        opening.source,
        opening.resource,
        parent
      ]
    )
  )

/**
 * Forgets every parent and its cursor: a walk from the very start.
 *
 * @since 0.1.0
 * @category combinators
 */
export const clear = (connection: Connection, source: string, resource: string): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(`DELETE FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ?`, [source, resource])
  )

/**
 * Whether a walk over parents has begun and not come to its end.
 *
 * @since 0.1.0
 * @category accessors
 */
export const underway = (connection: Connection, opening: Opening): Effect.Effect<boolean, SqlError> =>
  Effect.map(
    connection.executeValues(
      `SELECT 1 FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ?
        AND ("status" = 'done' OR "status" = 'pending' AND "checkpoint" IS NOT NULL) LIMIT 1`,
      [opening.source, opening.resource]
    ),
    (rows) => rows.length > 0
  )

// --- internal ---

/** Of a parent that is not incremental nothing is kept. The time is not needed here. */
const forget = `DELETE FROM "_sluice_parents" WHERE ? IS NOT NULL AND "source" = ? AND "resource" = ? AND "status" = 'idle' AND "cursor" IS NULL`

const closing = [
  `UPDATE "_sluice_state" SET "checkpoint" = NULL, "updated_at" = ? WHERE "source" = ? AND "resource" = ?`,
  `DELETE FROM "_sluice_seen" WHERE ? IS NOT NULL AND "source" = ? AND "resource" = ?`,
  `UPDATE "_sluice_parents" SET "status" = 'idle', "updated_at" = ? WHERE "source" = ? AND "resource" = ? AND "status" = 'done'`,
  forget
]

/** Runs are our own: ULIDs. */
const text = (run: string) => `'${run.replaceAll("'", "''")}'`

const failed = `"source" = ? AND "resource" = ? AND "status" = 'failed'`

const add = `INSERT INTO "_sluice_parents" ("source", "resource", "parent", "status", "run", "updated_at")
  VALUES (?, ?, ?, 'pending', ?, ?)
ON CONFLICT ("source", "resource", "parent") DO UPDATE SET "run" = excluded."run", "updated_at" = excluded."updated_at",
  "status" = CASE "status" WHEN 'done' THEN 'done' ELSE 'pending' END`

const addAfresh = `INSERT INTO "_sluice_parents" ("source", "resource", "parent", "status", "run", "updated_at")
  VALUES (?, ?, ?, 'pending', ?, ?)
ON CONFLICT ("source", "resource", "parent") DO UPDATE SET "status" = 'pending', "checkpoint" = NULL, "run" = excluded."run",
  "updated_at" = excluded."updated_at"`

const parse = <A>(text: unknown): A | undefined =>
  typeof text === "string" ? (Either.getOrThrow(Json.parse(text)) as A) : undefined
