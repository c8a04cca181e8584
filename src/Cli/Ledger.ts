/**
 * Reads what sluice's own tables say about a database: runs, and per resource where it stands. Writes nothing, ever.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Driver from "../Table/Driver.ts"
import * as Owner from "../Table/Owner.ts"
import * as Process from "../Table/Process.ts"
import * as Reader from "../Table/Reader.ts"
import * as TableError from "../Table/TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Ledger {
  readonly db: string
  readonly bytes: number
  /** Who writes to it; not `live`: who was killed while it did, and the next sync takes over. */
  readonly writer: Writer | null
  /** Answers that runs have kept: how many, and the bytes they take; `null` where there are none. */
  readonly archive: { readonly pages: number; readonly bytes: number } | null
  /** The latest first, ten at most. */
  readonly runs: ReadonlyArray<Run>
  readonly resources: ReadonlyArray<Resource>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Writer {
  readonly command: string
  readonly pid: number | null
  readonly host: string | null
  readonly run: string | null
  readonly acquired_at: string
  readonly heartbeat_at: string
  readonly live: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Run {
  readonly run: string
  readonly source: string
  /** `running` also when the program was killed: the next run on the file puts that right. */
  readonly status: string
  readonly started_at: string
  readonly finished_at: string | null
  /** The last sign of life. */
  readonly updated_at: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Resource {
  readonly source: string
  readonly name: string
  readonly table: string
  /** `null` when the table was never made. */
  readonly rows: number | null
  readonly last: {
    readonly run: string
    readonly status: string
    readonly at: string
    readonly error: unknown
    /** `null` while it runs, and of runs by older versions. */
    readonly completeness: { readonly proven: boolean; readonly why: string } | null
  }
  readonly last_complete: { readonly run: string; readonly at: string; readonly age_seconds: number } | null
  /** Where an unfinished walk goes on. */
  readonly checkpoint: { readonly page: number; readonly position: unknown; readonly total: number | null } | null
  readonly rejects: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  file: string
): Effect.Effect<Ledger, TableError.TableError, Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const sql = yield* open(file)
    const size = yield* Effect.orElseSucceed(
      Effect.map(fs.stat(file), (info) => Number(info.size)),
      () => 0
    )
    if (!(yield* hasTable(sql, "_sluice_runs"))) {
      return yield* new TableError.TableError({
        reason: "Schema",
        file,
        detail: "no sync has written to this database; sluice status needs one made by sluice sync"
      })
    }
    const now = yield* Clock.currentTimeMillis
    return {
      db: file,
      bytes: size,
      writer: yield* writer(sql, now),
      archive: yield* archive(sql),
      runs: yield* runs(sql),
      resources: yield* resources(sql, now)
    }
  }).pipe(TableError.refail({ file, doing: "reading the books" }), Effect.scoped)

/**
 * Whether a file is a database that sluice has written to; any other file is no error.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isLedger = (
  file: string
): Effect.Effect<boolean, never, Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.scoped(Effect.flatMap(open(file), (sql) => hasTable(sql, "_sluice_runs"))).pipe(
    Effect.orElseSucceed(() => false)
  )

/**
 * A connection for reading that leaves no file behind; fails where there is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (
  file: string
): Effect.Effect<
  SqlClient.SqlClient,
  TableError.TableError,
  Driver.Driver | FileSystem.FileSystem | Path.Path | Scope.Scope
> => Reader.open(file)

/**
 * @since 0.1.0
 * @category accessors
 */
export const hasTable = (sql: SqlClient.SqlClient, name: string) =>
  Effect.map(sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`, (rows) => rows.length > 0)

// --- internal ---

/** A replay of refused rows is a run, but no walk: it says nothing of how fresh a resource is. */
const ofSyncs = (sql: SqlClient.SqlClient) =>
  Effect.map(sql`SELECT 1 FROM pragma_table_info('_sluice_runs') WHERE name = 'command'`, ([known]) =>
    sql.literal(known === undefined ? "1" : "r.command = 'sync'")
  )

const writer = (sql: SqlClient.SqlClient, now: number) =>
  Effect.gen(function* () {
    // Written by an older version, it has none.
    if (!(yield* hasTable(sql, "_sluice_lock"))) return null
    const row = yield* Effect.scoped(Effect.flatMap(sql.reserve, Owner.read))
    if (row === undefined) return null
    const { acquired_at, command, heartbeat_at, host, pid, run } = row
    const live = Owner.isLive(row, { facts: yield* Process.Process, now })
    return { command, pid, host, run, acquired_at, heartbeat_at, live }
  })

const archive = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    if (!(yield* hasTable(sql, "_sluice_archive"))) return null
    const [row] = yield* sql<{ readonly pages: number; readonly bytes: number }>`
      SELECT count(*) AS pages, coalesce(sum(length(body)), 0) AS bytes FROM _sluice_archive WHERE kind IN ('page', 'again')`
    return row === undefined || row.pages === 0 ? null : { pages: row.pages, bytes: row.bytes }
  })

const runs = (sql: SqlClient.SqlClient) =>
  sql<Run>`
    SELECT r.run, r.source, r.status, r.started_at, r.finished_at,
      coalesce(r.finished_at, max(p.updated_at), r.started_at) AS updated_at
    FROM _sluice_runs r LEFT JOIN _sluice_resources p USING (run)
    GROUP BY r.run ORDER BY r.rowid DESC LIMIT 10`

interface Row {
  readonly source: string
  readonly resource: string
  readonly table_name: string
  readonly run: string
  readonly status: string
  readonly updated_at: string
  readonly error: string | null
  readonly proven: number | null
  readonly why: string | null
  readonly complete_run: string | null
  readonly complete_at: string | null
  readonly checkpoint: string | null
  readonly rejects: number
}

// In the order they were written: by their names they would sort by time, which may have been set back.
const resources = (sql: SqlClient.SqlClient, now: number) =>
  Effect.flatMap(
    Effect.flatMap(
      Effect.zip(ofSyncs(sql), sql`SELECT 1 FROM pragma_table_info('_sluice_resources') WHERE name = 'why'`),
      ([isSync, told]) =>
        // Files of an older format are read as they are.
        sql<Row>`
      WITH walks AS (
        SELECT r.source, p.*, p.rowid AS place,
          row_number() OVER (PARTITION BY r.source, p.resource ORDER BY r.rowid DESC) AS nth,
          row_number() OVER (PARTITION BY r.source, p.resource, p.status ORDER BY r.rowid DESC) AS nth_of_status
        FROM _sluice_resources p JOIN _sluice_runs r USING (run) WHERE p.status <> 'skipped' AND ${isSync}
      )
      SELECT w.source, w.resource, w.table_name, w.run, w.status, w.updated_at, w.error,
        ${sql.literal(told.length > 0 ? "w.proven, w.why" : "NULL AS proven, NULL AS why")},
        c.run AS complete_run, c.updated_at AS complete_at, s.checkpoint,
        (SELECT count(*) FROM _sluice_rejects j WHERE j.source = w.source AND j.resource = w.resource) AS rejects
      FROM walks w
      LEFT JOIN walks c ON c.source = w.source AND c.resource = w.resource AND c.status = 'complete' AND c.nth_of_status = 1
      LEFT JOIN _sluice_state s ON s.source = w.source AND s.resource = w.resource
      WHERE w.nth = 1 ORDER BY w.source, w.place`
    ),
    (rows) =>
      Effect.forEach(rows, (row) => Effect.map(countRows(sql, row.table_name), (count) => resource(row, count, now)))
  )

const countRows = (sql: SqlClient.SqlClient, table: string) =>
  Effect.flatMap(hasTable(sql, table), (exists) =>
    exists
      ? Effect.map(sql<{ readonly n: number }>`SELECT count(*) AS n FROM ${sql(table)}`, ([row]) => row?.n ?? 0)
      : Effect.succeed(null)
  )

const resource = (row: Row, rows: number | null, now: number): Resource => ({
  source: row.source,
  name: row.resource,
  table: row.table_name,
  rows,
  last: {
    run: row.run,
    status: row.status,
    at: row.updated_at,
    error: parse(row.error) ?? null,
    completeness: row.why === null ? null : { proven: row.proven === 1, why: row.why }
  },
  last_complete:
    row.complete_run === null || row.complete_at === null
      ? null
      : {
          run: row.complete_run,
          at: row.complete_at,
          age_seconds: Math.max(0, Math.round((now - Date.parse(row.complete_at)) / 1000))
        },
  checkpoint: checkpoint(parse(row.checkpoint)),
  rejects: row.rejects
})

const checkpoint = (value: unknown): Resource["checkpoint"] => {
  // Of a walk that has ended, and only its run has not, nothing is left to be read.
  if (typeof value !== "object" || value === null || "ended" in value) return null
  const { index, position, total } = value as Readonly<Record<string, unknown>>
  return {
    page: typeof index === "number" ? index : 0,
    position: position ?? null,
    total: typeof total === "number" ? total : null
  }
}

/** Text that another version wrote may be anything. */
const parse = (text: string | null): unknown => {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
