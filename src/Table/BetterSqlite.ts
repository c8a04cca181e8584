/**
 * The `SqlClient` of `@effect/sql-sqlite-node` (better-sqlite3): Node, from 20.19 on.
 *
 * Stage Table, one of two drivers. An optional dependency with a native part: imported only when asked, and tried
 * before it is given out. What that client does differently from `NodeSqlite` is evened out here: `SafeIntegers` sticks
 * to a cached statement and is ignored by `executeValues`, a failed compilation is cached, booleans and dates are
 * refused, text that is not well-formed is stored as bytes that are not UTF-8, failures to open are defects.
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Driver from "./Driver.ts"
import * as TableError from "./TableError.ts"

/**
 * Fails with `NoDriver` where better-sqlite3 is not installed or was not built for this runtime.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerDriver: Layer.Layer<Driver.Driver, TableError.TableError> = Layer.effect(
  Driver.Driver,
  Effect.suspend(() => load).pipe(
    // The native part is loaded by the first open, not by the import.
    Effect.tap((sqlite) => Effect.scoped(open(sqlite, { filename: ":memory:" }))),
    Effect.mapError(
      (error) =>
        new TableError.TableError({
          reason: "NoDriver",
          detail: `better-sqlite3 does not load (${error.detail.replace(/\s+/g, " ")})`,
          cause: error
        })
    ),
    Effect.map((sqlite) => ({ name: "better-sqlite3" as const, open: (options) => open(sqlite, options) }))
  )
)

// --- internal ---

type Sqlite = typeof import("@effect/sql-sqlite-node/SqliteClient")

const load: Effect.Effect<Sqlite, TableError.TableError> = Effect.tryPromise({
  try: () => import("@effect/sql-sqlite-node/SqliteClient"),
  catch: (cause) => TableError.fromSql(cause)
})

const open = (sqlite: Sqlite, options: Driver.Options) => {
  const context: TableError.Context = { file: options.filename, otherwise: "CannotOpen" }
  const timeout = options.busyTimeoutMillis ?? Driver.defaults.busyTimeoutMillis
  return sqlite.make({ filename: options.filename, readonly: options.readonly ?? false, disableWAL: true }).pipe(
    Effect.provideServiceEffect(Reactivity.Reactivity, Reactivity.make),
    Effect.catchAllDefect((defect) => Effect.fail(TableError.fromSql(defect, context))),
    // Reserved for good: whose turn it is is decided in `Driver.client`.
    Effect.flatMap((theirs) => theirs.reserve),
    Effect.tap((connection) => connection.executeRaw(`PRAGMA busy_timeout = ${timeout}`, [])),
    Effect.flatMap((connection) => Driver.client(even(connection))),
    TableError.refail(context)
  )
}

const even = (theirs: Connection): Connection => {
  // Their cache keeps a failed compilation for ten minutes, also when the table exists by then. White space at the end
  // makes another text of it; a tab keeps the statements that read bigints apart from those that read numbers.
  const failures = new Map<string, number>()
  const run = <A>(
    text: string,
    params: ReadonlyArray<unknown>,
    use: (text: string, params: ReadonlyArray<Driver.Bindable>, bigints: boolean) => Effect.Effect<A, SqlError>
  ): Effect.Effect<A, SqlError> =>
    Effect.withFiberRuntime((fiber) => {
      const bigints = Context.get(fiber.currentContext, SqlClient.SafeIntegers)
      const failed = failures.get(text) ?? 0
      try {
        const effect = use(
          `${text}${" ".repeat(failed)}${bigints ? "\t" : ""}`,
          wellFormed(Driver.bindable(params)),
          bigints
        )
        return Effect.tapError(effect, (error) => Effect.sync(() => noteFailure(failures, text, error)))
      } catch (cause) {
        return Effect.fail(new SqlError({ message: "Failed to execute statement", cause }))
      }
    })
  return {
    execute: (text, params, transform) => run(text, params, (text, params) => theirs.execute(text, params, transform)),
    executeRaw: (text, params) => run(text, params, (text, params) => theirs.executeRaw(text, params)),
    executeValues: (text, params) =>
      run(text, params, (text, params, bigints) => {
        const values = theirs.executeValues(text, params)
        return bigints ? Effect.zipRight(readBigints(theirs, text, params.length), values) : values
      }),
    executeUnprepared: (text, params, transform) =>
      run(text, params ?? [], (text, params) => theirs.executeUnprepared(text, params, transform)),
    executeStream: () =>
      Stream.fail(new SqlError({ message: "SQLite statements do not stream; read by key, in pages" }))
  }
}

/**
 * Only `execute` sets a statement to read bigints, and the statement is out of reach: it is asked to run with a wrong
 * number of parameters, which sets it and then refuses before anything is executed. Each time, since their cache
 * forgets; it costs 25 µs, where `execute` reads bigints at no cost.
 */
const readBigints = (theirs: Connection, text: string, params: number) =>
  Effect.ignore(theirs.execute(text, params === 0 ? [null] : [], undefined))

const noteFailure = (failures: Map<string, number>, text: string, error: SqlError) => {
  if (!error.message.startsWith("Failed to prepare")) return
  if (failures.size > 1000) failures.clear()
  failures.set(text, (failures.get(text) ?? 0) + 1)
}

/** ES2024, on every runtime we support; the compiler's library is older. */
interface Text {
  readonly isWellFormed: () => boolean
  readonly toWellFormed: () => string
}

const isBroken = (value: Driver.Bindable) => typeof value === "string" && !(value as unknown as Text).isWellFormed()

const wellFormed = (params: ReadonlyArray<Driver.Bindable>): ReadonlyArray<Driver.Bindable> =>
  params.some(isBroken)
    ? params.map((value) => (typeof value === "string" ? (value as unknown as Text).toWellFormed() : value))
    : params
