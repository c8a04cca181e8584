/**
 * The `SqlClient` over `node:sqlite`: Bun, Deno, and Node from 22.16 on.
 *
 * Stage Table, one of two drivers. Loads its module only when asked, so that importing this file is safe on Node 20.
 * Does not stream, and reads text only up to a NUL on Node 22 and Deno 2 (it is stored whole; `json_quote` reads it
 * whole).
 */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import * as Driver from "./Driver.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Driver.Options): Effect.Effect<SqlClient.SqlClient, TableError.TableError, Scope.Scope> =>
  Effect.flatMap(load, (sqlite) => open(sqlite, options))

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Driver.Options): Layer.Layer<SqlClient.SqlClient, TableError.TableError> =>
  Layer.scoped(SqlClient.SqlClient, make(options))

/**
 * Fails with `NoDriver` where the runtime has no `node:sqlite`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerDriver: Layer.Layer<Driver.Driver, TableError.TableError> = Layer.effect(
  Driver.Driver,
  Effect.suspend(() => load).pipe(
    Effect.map((sqlite) => ({ name: "node:sqlite" as const, open: (options) => open(sqlite, options) }))
  )
)

// --- internal ---

type Sqlite = typeof import("node:sqlite")

const load: Effect.Effect<Sqlite, TableError.TableError> = Effect.suspend(() => {
  const sqlite = quietly(() => process.getBuiltinModule?.("node:sqlite"))
  return sqlite !== undefined && "columns" in sqlite.StatementSync.prototype
    ? Effect.succeed(sqlite)
    : Effect.fail(
        new TableError.TableError({
          reason: "NoDriver",
          detail: `${process.version} has no node:sqlite that is complete enough; Node has it from 22.16 on`
        })
      )
})

/** Node 22 warns on stderr that node:sqlite is experimental, the moment it is loaded. */
const quietly = <A>(load: () => A): A => {
  const emitWarning = process.emitWarning
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

const open = (sqlite: Sqlite, options: Driver.Options) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const db = new sqlite.DatabaseSync(options.filename, { readOnly: options.readonly ?? false })
        db.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMillis ?? Driver.defaults.busyTimeoutMillis}`)
        return db
      },
      catch: (cause) => TableError.fromSql(cause, { file: options.filename, otherwise: "CannotOpen" })
    }),
    (db) => Effect.sync(() => db.close())
  ).pipe(Effect.flatMap((db) => Driver.client(connect(db))))

interface Prepared {
  readonly statement: StatementSync
  /** Whether it gives rows. */
  readonly reads: boolean
  /** How it is set now; a setting outlives the execution it was made for. */
  bigints: boolean
  arrays: boolean
}

type Mode = "rows" | "values" | "raw"

/** Of any shape to the interface of `@effect/sql`. */
type Result = Effect.Effect.Success<ReturnType<Connection["executeUnprepared"]>>

/** Statements kept prepared. A page of one resource needs about 15 texts. */
const cacheSize = 256

const connect = (db: DatabaseSync): Connection => {
  const cache = new Map<string, Prepared>()
  const cached = (text: string): Prepared => {
    let prepared = cache.get(text)
    if (prepared === undefined) {
      prepared = prepare(db, text)
      if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!)
    } else {
      // A Map keeps its order of insertion: what was used last goes to the end and is evicted last.
      cache.delete(text)
    }
    cache.set(text, prepared)
    return prepared
  }
  const run = (get: (text: string) => Prepared, text: string, params: ReadonlyArray<unknown>, mode: Mode) =>
    Effect.withFiberRuntime<Result, SqlError>((fiber) => {
      try {
        const bigints = Context.get(fiber.currentContext, SqlClient.SafeIntegers)
        return Effect.succeed(execute(get(text), params, mode, bigints))
      } catch (cause) {
        return Effect.fail(failure(cause))
      }
    })
  const rows: Connection["execute"] = (text, params, transform) => {
    const effect = run(cached, text, params, "rows")
    return transform === undefined ? effect : Effect.map(effect, transform)
  }
  return {
    execute: rows,
    executeRaw: (text, params) => run(cached, text, params, "raw"),
    executeValues: (text, params) => run(cached, text, params, "values"),
    executeUnprepared: (text, params, transform) => {
      const effect = run((text) => prepare(db, text), text, params ?? [], "rows")
      return transform === undefined ? effect : Effect.map(effect, transform)
    },
    executeStream: () =>
      Stream.fail(new SqlError({ message: "SQLite statements do not stream; read by key, in pages" }))
  }
}

const prepare = (db: DatabaseSync, text: string): Prepared => {
  // The statement prepared from nothing is a null pointer, which Deno follows.
  if (isBlank(text)) throw new RangeError("the text holds no statement")
  const statement = db.prepare(text)
  // SQLite compiles the first statement of a text and says nothing about the rest.
  if (!isBlank(text.slice(statement.sourceSQL.length))) throw new RangeError("the text holds more than one statement")
  return { statement, reads: statement.columns().length > 0, bigints: false, arrays: false }
}

const isBlank = (text: string): boolean => !/[^\s;]/.test(text.replace(/--.*|\/\*[^]*?\*\//g, ""))

const execute = (prepared: Prepared, params: ReadonlyArray<unknown>, mode: Mode, bigints: boolean): Result => {
  const { statement } = prepared
  if (prepared.bigints !== bigints) {
    statement.setReadBigInts(bigints)
    prepared.bigints = bigints
  }
  const bound = Driver.bindable(params)
  if (!prepared.reads) {
    const { changes, lastInsertRowid } = statement.run(...bound)
    // The raw result is the driver's own object; the type of the interface is only about rows.
    return mode === "raw" ? ({ changes: Number(changes), lastInsertRowid } as unknown as Result) : []
  }
  const arrays = mode === "values"
  if (prepared.arrays !== arrays) {
    statement.setReturnArrays(arrays)
    prepared.arrays = arrays
  }
  return statement.all(...bound)
}

/** The one native message that quotes a value of a row is kept out. */
const failure = (cause: unknown) =>
  Predicate.hasProperty(cause, "code") && cause.code === "ERR_OUT_OF_RANGE"
    ? new SqlError({ message: "an integer beyond 2^53 cannot be read as a number; provide SafeIntegers" })
    : new SqlError({ message: "Failed to execute statement", cause })
