/**
 * Who writes to a database, as a row in the database itself: `_sluice_lock`, with a heartbeat.
 *
 * Stage Table. Behind the lock that the operating system holds (`Lock`): this one also holds where that file was removed, and
 * between machines. A dead owner's row is taken over, a live one's is named. Keeps no reader away.
 */
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Driver from "./Driver.ts"
import * as Fence from "./Fence.ts"
import * as Lock from "./Lock.ts"
import * as Process from "./Process.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * How often an owner gives a sign of life, and after how long without one it counts as dead where nothing else tells.
 *
 * @since 0.1.0
 * @category defaults
 */
export const defaults = { everyMillis: 5000, deadAfterMillis: 30_000 } as const

/**
 * The lock's row.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  /** Random: no two owners are ever the same. */
  readonly owner: string
  readonly pid: number | null
  readonly host: string | null
  readonly command: string
  readonly run: string | null
  /** Which lock file it holds, so that whoever holds the same one knows it is gone. */
  readonly lock_file: string | null
  readonly acquired_at: string
  readonly heartbeat_at: string
}

/**
 * A lock that is held.
 *
 * @since 0.1.0
 * @category models
 */
export interface Owner {
  /** Whose lock was taken over, if one was. */
  readonly tookOver: string | undefined
  /** Writes which run is at work, for those who ask. */
  readonly note: (run: string) => Effect.Effect<void>
  /** Fails when the lock is found to be another's; gives nothing else. */
  readonly lost: Effect.Effect<never, TableError.TableError>
}

/**
 * Takes the row, or fails with `Locked` and the name of its live owner; keeps it until the scope closes, and every transaction of
 * the client within it. `lockFile`: what `Lock.hold` gave.
 *
 * @since 0.1.0
 * @category constructors
 */
export const hold = (
  sql: SqlClient,
  file: string,
  holder: Lock.Holder & { readonly lockFile?: string | undefined }
): Effect.Effect<Owner, TableError.TableError, Scope.Scope> =>
  Effect.gen(function* () {
    const facts = yield* Process.Process
    const owner = globalThis.crypto.randomUUID()
    const found = yield* Effect.acquireRelease(
      Transaction.immediate(sql, (connection) => claim(connection, file, { ...holder, owner, facts }), {
        file,
        transaction: "owner"
      }).pipe(Effect.tap(() => Effect.sync(() => here.add(owner)))),
      () =>
        Effect.zipRight(
          release(sql, owner),
          Effect.sync(() => here.delete(owner))
        )
    )
    yield* Fence.raise(sql, owner)
    const lost = yield* Deferred.make<never, TableError.TableError>()
    yield* beat(sql, owner).pipe(
      Effect.catchAll((error) => (error.reason === "Locked" ? Deferred.fail(lost, error) : Effect.void)),
      Effect.schedule(Schedule.spaced(defaults.everyMillis)),
      Effect.forkScoped,
      Effect.interruptible
    )
    return {
      tookOver: found,
      note: (run) => write(sql, `UPDATE "_sluice_lock" SET "run" = ? WHERE "owner" = ?`, [run, owner]),
      lost: Effect.mapError(Deferred.await(lost), (error) => new TableError.TableError({ ...error, file }))
    }
  })

/**
 * The row of whoever is at work, or was when it was killed; `undefined` where there is none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const read = (connection: Connection) =>
  Effect.map(
    connection.executeValues(
      `SELECT "owner", "pid", "host", "command", "run", "lock_file", "acquired_at", "heartbeat_at" FROM "_sluice_lock" WHERE "id" = 1`,
      []
    ),
    ([row]): Row | undefined => {
      if (row === undefined) return undefined
      const [owner, pid, host, command, run, lock_file, acquired_at, heartbeat_at] = row as Array<never>
      return { owner, pid, host, command, run, lock_file, acquired_at, heartbeat_at } as unknown as Row
    }
  )

/**
 * Whether an owner is at work, as far as can be told from here. The process of this machine that is gone is dead at once, and so is
 * one whose lock file the asker holds; of any other one the heartbeat tells.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isLive = (
  row: Row,
  asker: { readonly facts: Process.Facts; readonly now: number; readonly lockFile?: string | undefined }
): boolean => {
  if (here.has(row.owner)) return true
  const { facts, lockFile, now } = asker
  if (row.host === (facts.host ?? null)) {
    // Of our own number it was an earlier process, or one in a container of its own.
    const alive = row.pid === null || row.pid === facts.pid ? undefined : facts.isAlive(row.pid)
    if (alive === false) return false
    if (alive === undefined && lockFile !== undefined && row.lock_file === lockFile) return false
  }
  // A clock may have been set back: of a sign of life from the future nothing can be told, either.
  return Math.abs(now - Date.parse(row.heartbeat_at)) < defaults.deadAfterMillis
}

/**
 * `sluice sync postmark, process 4711 on mill, since 2026-11-23T12:00:00.000Z, last seen 2 s ago`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const sentence = (row: Row, now: number): string => {
  const seen = Math.round((now - Date.parse(row.heartbeat_at)) / 1000)
  return (
    Lock.sentence([row.pid, row.host, row.run, row.acquired_at, row.command]) +
    `, last seen ${seen < 0 ? `at ${row.heartbeat_at}` : `${seen} s ago`}`
  )
}

// --- internal ---

/** The owners within this process: they are alive for certain, whatever their rows say. */
const here = new Set<string>()

/** In one transaction, gives who was taken over. */
const claim = (
  connection: Connection,
  file: string,
  me: Lock.Holder & {
    readonly owner: string
    readonly facts: Process.Facts
    readonly lockFile?: string | undefined
  }
) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const other = yield* read(connection)
    if (other !== undefined && isLive(other, { facts: me.facts, now, lockFile: me.lockFile })) {
      return yield* new TableError.TableError({
        reason: "Locked",
        file,
        detail: `${sentence(other, now)}; without a sign of life for ${defaults.deadAfterMillis / 1000} s it counts as dead`
      })
    }
    const at = new Date(now).toISOString()
    yield* connection.executeRaw(`REPLACE INTO "_sluice_lock" VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`, [
      me.owner,
      me.pid,
      me.host,
      me.command,
      me.run,
      me.lockFile,
      at,
      at
    ])
    return other === undefined ? undefined : sentence(other, now)
  })

/** One statement, tried once: a database that is busy now is not waited for, since the next beat is soon. */
const beat = (sql: SqlClient, owner: string): Effect.Effect<void, TableError.TableError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.scoped(
      Effect.flatMap(sql.reserve, (connection) =>
        connection
          .executeRaw(`UPDATE "_sluice_lock" SET "heartbeat_at" = ? WHERE "id" = 1 AND "owner" = ?`, [
            new Date(now).toISOString(),
            owner
          ])
          .pipe(Effect.zipRight(Fence.ours(connection, owner)))
      )
    )
  ).pipe(TableError.refail())

const write = (sql: SqlClient, text: string, parameters: ReadonlyArray<unknown>): Effect.Effect<void> =>
  Effect.scoped(Effect.flatMap(sql.reserve, (connection) => connection.executeRaw(text, parameters))).pipe(
    TableError.refail(),
    Driver.retryBusy,
    Effect.ignore
  )

/** Left behind where the database is busy for long: the process will be gone, and that is seen. */
const release = (sql: SqlClient, owner: string) => write(sql, `DELETE FROM "_sluice_lock" WHERE "owner" = ?`, [owner])
