/**
 * How an SQLite file is opened on this runtime, and the settings every connection gets, checked after they are set.
 *
 * Stage Table. `NodeSqlite` and `BetterSqlite` are the drivers, `AutoDriver` chooses one; all above sees only the
 * `SqlClient`. Gives one connection per `open`: a second handle to `:memory:` is a second database. Creates no file and
 * no folder (`DatabaseFile` does) and knows no tables.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { makeCompilerSqlite } from "@effect/sql/Statement"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Driver extends Context.Tag("sluice/Table/Driver")<
  Driver,
  {
    readonly name: "better-sqlite3" | "node:sqlite"
    /** Opens a database and closes it with the scope. Sets the busy timeout; the rest is for `configure`. */
    readonly open: (options: Options) => Effect.Effect<SqlClient.SqlClient, TableError.TableError, Scope.Scope>
  }
>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Absolute, or `:memory:`. */
  readonly filename: string
  readonly readonly?: boolean | undefined
  /**
   * How long SQLite itself waits for a lock, 100 unless said otherwise. No fiber runs meanwhile, so it is short;
   * `retryBusy` waits longer.
   */
  readonly busyTimeoutMillis?: number | undefined
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults = { busyTimeoutMillis: 100 } as const

/**
 * How long a lock of another process is waited for: about ten tries a second, for five seconds. Other fibers run in
 * between.
 *
 * @since 0.1.0
 * @category defaults
 */
export const busy: Schedule.Schedule<unknown> = Schedule.spaced("100 millis").pipe(
  Schedule.jittered,
  Schedule.upTo("5 seconds")
)

/**
 * @since 0.1.0
 * @category combinators
 */
export const retryBusy = <A, R>(
  self: Effect.Effect<A, TableError.TableError, R>
): Effect.Effect<A, TableError.TableError, R> =>
  Effect.retry(self, { schedule: busy, while: (error) => error.isRetryable })

/**
 * WAL (where there is a file to write), `synchronous=NORMAL`, foreign keys on, a short busy timeout; where it is to be written
 * a cache and a log for rows whose keys lie anywhere (a quarter less time than with SQLite's own 2 MB and 1,000 pages): set,
 * read back, and a typed failure when one did not take. The first thing to read the file, so a file that is no database fails
 * here, untouched.
 *
 * @since 0.1.0
 * @category combinators
 */
export const configure = (sql: SqlClient.SqlClient, options: Options): Effect.Effect<void, TableError.TableError> => {
  const { filename: file, readonly = false, busyTimeoutMillis = defaults.busyTimeoutMillis } = options
  const context: TableError.Context = { file, otherwise: "CannotOpen" }
  return Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) => {
      const pragma = (text: string) =>
        Effect.map(connection.executeValues(`PRAGMA ${text}`, []), (rows) => rows[0]?.[0])
      const ensure = (name: string, set: string, wanted: number | string) =>
        pragma(`${name} = ${set}`).pipe(
          Effect.zipRight(pragma(name)),
          Effect.filterOrFail(
            (got) => got === wanted,
            (got) =>
              new TableError.TableError({
                reason: "CannotOpen",
                file,
                detail:
                  name === "journal_mode"
                    ? `its journal cannot be switched from ${got} to ${set}; a network drive cannot hold a database`
                    : `SQLite keeps ${name} at ${got} where ${set} was asked for`
              })
          )
        )
      return Effect.gen(function* () {
        yield* ensure("busy_timeout", String(busyTimeoutMillis), busyTimeoutMillis)
        if (!readonly && file !== ":memory:") yield* ensure("journal_mode", "wal", "wal")
        yield* ensure("synchronous", "normal", 1)
        yield* ensure("foreign_keys", "on", 1)
        if (!readonly) {
          yield* ensure("wal_autocheckpoint", "8000", 8000)
          yield* ensure("cache_size", "-16384", -16384)
        }
      })
    })
  ).pipe(TableError.refail(context), retryBusy)
}

/**
 * A `SqlClient` over one connection that one fiber at a time may use: `reserve` and every statement wait for their
 * turn. For drivers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const client = (connection: Connection): Effect.Effect<SqlClient.SqlClient> => {
  const turn = Effect.unsafeMakeSemaphore(1)
  const acquirer = Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.scope, (scope) =>
      restore(turn.take(1)).pipe(Effect.zipRight(Scope.addFinalizer(scope, turn.release(1))), Effect.as(connection))
    )
  )
  return SqlClient.make({
    acquirer,
    transactionAcquirer: acquirer,
    compiler: makeCompilerSqlite(),
    beginTransaction: "BEGIN IMMEDIATE",
    spanAttributes: [["db.system.name", "sqlite"]]
  }).pipe(Effect.provideServiceEffect(Reactivity.Reactivity, Reactivity.make))
}

/**
 * Parameters as both drivers take them: `undefined` is NULL, booleans are 0 and 1, a date is its ISO text. Throws on
 * anything SQLite has no type for, which drivers would bind as NULL or take for named parameters. For drivers.
 *
 * @since 0.1.0
 * @category combinators
 */
export const bindable = (params: ReadonlyArray<unknown>): ReadonlyArray<Bindable> =>
  params.every(isBindable) ? params : params.map(toBindable)

/**
 * @since 0.1.0
 * @category models
 */
export type Bindable = string | number | bigint | Uint8Array | null

// --- internal ---

const isBindable = (value: unknown): value is Bindable =>
  typeof value === "string" ||
  typeof value === "number" ||
  value === null ||
  typeof value === "bigint" ||
  value instanceof Uint8Array

const toBindable = (value: unknown, index: number): Bindable => {
  if (isBindable(value)) return value
  if (value === undefined) return null
  if (typeof value === "boolean") return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  throw new TypeError(`parameter ${index + 1} is of type ${typeof value}; SQLite takes text, numbers, bytes and null`)
}
