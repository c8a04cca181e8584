/**
 * One write transaction, whole or not at all: what a page is merged in.
 *
 * Stage Table. Takes the write lock at its beginning, so nothing inside fails on another writer. Gives the connection
 * to its body instead of setting a context: statements of the body go through that connection, and a statement through
 * the client would wait for ever for the body's own turn. Not nestable. Forks nothing, and the body should send nothing
 * over the network.
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as FailPoint from "../FailPoint.ts"
import * as Driver from "./Driver.ts"
import * as Fence from "./Fence.ts"
import * as TableError from "./TableError.ts"

/**
 * `BEGIN IMMEDIATE`, the body, `COMMIT`; `ROLLBACK` when the body or the commit fails. A lock held by another process
 * is waited for by `Driver.busy`, with other fibers running. From BEGIN on an interrupt waits for the end. Fails with `Locked` where
 * the database was ours to write and is no longer.
 *
 * @since 0.1.0
 * @category combinators
 */
export const immediate = <A, E, R>(
  sql: SqlClient,
  use: (connection: Connection) => Effect.Effect<A, E, R>,
  context?: Context
): Effect.Effect<A, Exclude<E, SqlError> | TableError.TableError, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.scoped(
      Effect.flatMap(restore(sql.reserve), (connection) =>
        Effect.flatMap(FailPoint.FailPoint, (point) => {
          const by = passing(point, context?.transaction)
          return by("begin").pipe(
            Effect.zipRight(begin(connection, restore)),
            Effect.zipRight(
              Effect.exit(
                Fence.check(sql, connection).pipe(
                  Effect.zipRight(
                    Effect.suspend(() => use(point.armed ? watched(connection, by("statement")) : connection))
                  ),
                  Effect.zipLeft(by("commit"))
                )
              )
            ),
            Effect.flatMap((exit) => end(connection, exit)),
            Effect.zipLeft(by("committed"))
          )
        })
      )
    )
  ).pipe(TableError.refail(context))

/**
 * @since 0.1.0
 * @category models
 */
export interface Context extends TableError.Context {
  /** Under which name it has fail points; without one it has none. */
  readonly transaction?: FailPoint.Transaction | undefined
}

// --- internal ---

const passing =
  (point: FailPoint.Point, transaction: FailPoint.Transaction | undefined) =>
  (step: FailPoint.Step): Effect.Effect<void> =>
    transaction === undefined ? Effect.void : Effect.suspend(() => point.at(`${transaction}.${step}`))

/** Comes by the fail point before every statement. */
const watched = (connection: Connection, by: Effect.Effect<void>): Connection => ({
  execute: (text, parameters, transform) => Effect.zipRight(by, connection.execute(text, parameters, transform)),
  executeRaw: (text, parameters) => Effect.zipRight(by, connection.executeRaw(text, parameters)),
  executeValues: (text, parameters) => Effect.zipRight(by, connection.executeValues(text, parameters)),
  executeUnprepared: (text, parameters, transform) =>
    Effect.zipRight(by, connection.executeUnprepared(text, parameters, transform)),
  executeStream: (text, parameters, transform) => connection.executeStream(text, parameters, transform)
})

type Restore = <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

const beginImmediate = (connection: Connection) => connection.executeRaw("BEGIN IMMEDIATE", [])

/** Only the pauses can be interrupted: an interrupt between a BEGIN that worked and the body would leave it open. */
const begin = (connection: Connection, restore: Restore): Effect.Effect<void, SqlError> =>
  Effect.catchAll(Effect.asVoid(beginImmediate(connection)), (first) =>
    Effect.flatMap(Schedule.driver(Driver.busy), (driver) => {
      const again = (error: SqlError): Effect.Effect<void, SqlError> =>
        !TableError.fromSql(error).isRetryable
          ? Effect.fail(error)
          : Effect.matchEffect(restore(driver.next(error)), {
              onFailure: () => Effect.fail(error),
              onSuccess: () => Effect.catchAll(Effect.asVoid(beginImmediate(connection)), again)
            })
      return again(first)
    })
  )

const end = <A, E>(connection: Connection, exit: Exit.Exit<A, E>): Effect.Effect<A, E | SqlError> =>
  Exit.isSuccess(exit)
    ? connection.executeRaw("COMMIT", []).pipe(
        Effect.tapErrorCause(() => rollback(connection)),
        Effect.zipRight(exit)
      )
    : Effect.zipRight(rollback(connection), exit)

/** SQLite may have rolled back by itself, and then there is none to roll back: the first error is the one to report. */
const rollback = (connection: Connection) => Effect.ignore(connection.executeRaw("ROLLBACK", []))
