/**
 * One writer per database file: held for a whole sync, free the moment its process is gone, `kill -9` included.
 *
 * Stage Table. The lock is SQLite's own write lock on a small database beside the file, `<file>-lock`, which the
 * operating system releases. Who holds it stands in that database too and is committed before the lock is taken for
 * good, so a second process can read it under the lock; what a killed process left there is never asked, since only the
 * lock decides. The file stays. `Owner` is the second guard, in the database itself. Does not keep other programs from reading or writing the database.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as DatabaseFile from "./DatabaseFile.ts"
import * as Driver from "./Driver.ts"
import * as TableError from "./TableError.ts"

/**
 * What the error of a second writer says about the first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Holder {
  readonly pid?: number | undefined
  readonly host?: string | undefined
  readonly run?: string | undefined
  /** ISO 8601. */
  readonly startedAt: string
  /** What is at work, without secrets: `sluice sync postmark`. */
  readonly command: string
}

/**
 * Holds the lock until the scope closes, or fails at once with `Locked` and the holder's facts. Gives what tells the lock's file
 * from any other one that was ever in its place, where the system has a number for it. Nothing to hold for `:memory:`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const hold = (
  filename: string,
  holder: Holder
): Effect.Effect<
  string | undefined,
  TableError.TableError,
  Scope.Scope | Driver.Driver | FileSystem.FileSystem | Path.Path
> =>
  filename === ":memory:"
    ? Effect.succeed(undefined)
    : Effect.uninterruptible(
        Effect.gen(function* () {
          const driver = yield* Driver.Driver
          const fs = yield* FileSystem.FileSystem
          // Two names of one file are one lock.
          const real = yield* Effect.orElseSucceed(fs.realPath(filename), () => filename)
          const lock = yield* DatabaseFile.prepare(`${real}-lock`)
          const sql = yield* driver.open({ filename: lock, busyTimeoutMillis: 0 })
          const other = yield* Effect.flatMap(sql.reserve, (connection) => take(connection, holder, 2)).pipe(
            TableError.refail({ file: lock, doing: "taking the lock of the database" })
          )
          if (other !== undefined) {
            return yield* new TableError.TableError({ reason: "Locked", file: filename, detail: other })
          }
          return yield* fs.stat(lock).pipe(
            Effect.map(({ dev, ino }) => (Option.isNone(ino) || ino.value === 0 ? undefined : `${dev}:${ino.value}`)),
            Effect.orElseSucceed(() => undefined)
          )
        })
      )

/**
 * A holder in words, from its process, host, run, start and command.
 *
 * @since 0.1.0
 * @category accessors
 */
export const sentence = ([pid, host, run, startedAt, command]: ReadonlyArray<unknown>): string =>
  `${command}${pid === null ? "" : `, process ${pid}`}${host === null ? "" : ` on ${host}`}, since ${startedAt}` +
  (run === null ? "" : `, run ${run}`)

// --- internal ---

/**
 * Gives `undefined` when the lock is held, or else who holds it.
 *
 * EXCLUSIVE first: nobody reads the facts before they are ours. IMMEDIATE then: others can read them but not take the
 * lock. Between the two another process may win; then it is the holder. A reader of the facts can be in the way for a
 * moment without holding anything, hence a second attempt.
 */
const take = (
  connection: Connection,
  holder: Holder,
  attempts: number
): Effect.Effect<string | undefined, SqlError, Scope.Scope> => {
  const run = (text: string, params: ReadonlyArray<unknown> = []) => connection.executeRaw(text, params)
  return Effect.gen(function* () {
    yield* run("BEGIN EXCLUSIVE")
    yield* run(table)
    yield* run("REPLACE INTO holder VALUES (1, ?, ?, ?, ?, ?)", [
      holder.pid,
      holder.host,
      holder.run,
      holder.startedAt,
      holder.command
    ])
    yield* run("COMMIT")
    yield* run("BEGIN IMMEDIATE")
    yield* Effect.addFinalizer(() => Effect.ignore(run("ROLLBACK")))
    return undefined
  }).pipe(
    Effect.catchIf(
      (error) => TableError.fromSql(error).isRetryable,
      () =>
        Effect.flatMap(describe(connection), (other) =>
          attempts > 1 ? take(connection, holder, attempts - 1) : Effect.succeed(other)
        )
    )
  )
}

const table =
  "CREATE TABLE IF NOT EXISTS holder " +
  "(id INTEGER PRIMARY KEY, pid INTEGER, host TEXT, run TEXT, started_at TEXT, command TEXT) STRICT"

/** Waits, unlike the lock itself: whoever writes its facts at this moment has done so in a few milliseconds. */
const describe = (connection: Connection): Effect.Effect<string> =>
  connection.executeRaw("PRAGMA busy_timeout = 500", []).pipe(
    Effect.zipRight(connection.executeValues("SELECT pid, host, run, started_at, command FROM holder", [])),
    Effect.map(([row]) => (row === undefined ? nameless : sentence(row))),
    Effect.orElseSucceed(() => nameless),
    Effect.ensuring(Effect.ignore(connection.executeRaw("PRAGMA busy_timeout = 0", [])))
  )

const nameless = "its process has not said yet who it is"
