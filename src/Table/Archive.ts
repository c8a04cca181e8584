/**
 * The answers that pages were made of, kept in the database itself: `_sluice_archive`, and the order of runs beside them.
 *
 * Stage Table. An answer is written in the transaction of its page: what is in the tables is in the archive, and nothing else
 * is. Compressed and masked by then. Reads them back for a rebuild; decodes nothing.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Opening } from "../Table.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const tables: ReadonlyArray<string> = [
  `CREATE TABLE IF NOT EXISTS "_sluice_archive" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "run" TEXT NOT NULL,
  "parent" TEXT,
  "kind" TEXT NOT NULL,
  "page" INTEGER NOT NULL,
  "ends" INTEGER NOT NULL,
  "request" TEXT NOT NULL,
  "method" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "location" TEXT NOT NULL,
  "status" INTEGER NOT NULL,
  "headers" TEXT NOT NULL,
  "outcome" TEXT,
  "masked" TEXT NOT NULL,
  "body" BLOB,
  "bytes" INTEGER NOT NULL,
  "fetched_at" TEXT NOT NULL
) STRICT`,
  `CREATE INDEX IF NOT EXISTS "_sluice_archive_run" ON "_sluice_archive" ("source", "run", "resource")`,
  `CREATE TABLE IF NOT EXISTS "_sluice_archive_log" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "source" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "run" TEXT,
  "at" TEXT NOT NULL,
  "detail" TEXT NOT NULL
) STRICT`
]

/**
 * An answer to be kept.
 *
 * - `page` made the page that is merged with it · `again` was looked at, to see whether a walk may be gone on with
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly kind: "page" | "again"
  /** Of a child, a digest of what the request takes from the parent's row. */
  readonly parent: string | undefined
  readonly page: number
  /** No page follows it. */
  readonly ends: boolean
  readonly request: string
  readonly method: string
  readonly url: string
  readonly location: string
  readonly status: number
  /** JSON texts. */
  readonly headers: string
  readonly outcome: string | undefined
  /** JSON list of the fields of rows that are masked in it. */
  readonly masked: string
  /** gzip of JSON. */
  readonly body: Uint8Array | undefined
  /** Length of the JSON. */
  readonly bytes: number
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const save = (
  connection: Connection,
  opening: Opening,
  entries: ReadonlyArray<Entry>,
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    entries,
    (entry) =>
      connection.executeRaw(insert, [
        opening.source,
        opening.resource,
        opening.run,
        entry.parent ?? null,
        entry.kind,
        entry.page,
        entry.ends ? 1 : 0,
        entry.request,
        entry.method,
        entry.url,
        entry.location,
        entry.status,
        entry.headers,
        entry.outcome ?? null,
        entry.masked,
        entry.body ?? null,
        entry.bytes,
        now
      ]),
    { discard: true }
  )

/**
 * That the end of a walk was done, which tells it from a run that was killed just before; or that a walk started over.
 *
 * @since 0.1.0
 * @category combinators
 */
export const mark = (
  connection: Connection,
  { resource, run, source }: Opening,
  kind: "end" | "restart",
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(insert, [
      source,
      resource,
      run,
      null,
      kind,
      0,
      1,
      "",
      "",
      "",
      "",
      0,
      "{}",
      null,
      "[]",
      null,
      0,
      now
    ])
  )

/**
 * A run that keeps its answers begins; `detail`: what it was asked for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const begin = (
  connection: Connection,
  run: { readonly source: string; readonly run: string; readonly at: string; readonly detail: string }
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(connection.executeRaw(log, [run.source, "run", run.run, run.at, run.detail]))

/**
 * State is forgotten between runs, where there are runs that kept their answers.
 *
 * @since 0.1.0
 * @category combinators
 */
export const reset = (
  connection: Connection,
  what: {
    readonly source: string
    readonly resource: string
    readonly all: boolean
    /** Its table had been dropped. */
    readonly dropped: boolean
    readonly at: string
  }
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const found = yield* connection.executeValues(
      `SELECT 1 FROM sqlite_master WHERE name = '_sluice_archive_log' AND type = 'table'`,
      []
    )
    if (found.length === 0) return
    const runs = yield* connection.executeValues(
      `SELECT 1 FROM "_sluice_archive_log" WHERE "source" = ? AND "kind" = 'run' LIMIT 1`,
      [what.source]
    )
    if (runs.length === 0) return
    const detail = JSON.stringify({ resource: what.resource, all: what.all, dropped: what.dropped })
    yield* connection.executeRaw(log, [what.source, "reset", null, what.at, detail])
  })

/**
 * @since 0.1.0
 * @category combinators
 */
export const rebuilt = (
  connection: Connection,
  what: { readonly source: string; readonly resources: ReadonlyArray<string>; readonly at: string }
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(log, [what.source, "rebuild", null, what.at, JSON.stringify({ resources: what.resources })])
  )

/**
 * Whether any run of a source has kept its answers.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isKept = (sql: SqlClient.SqlClient, source: string): Effect.Effect<boolean, TableError.TableError> =>
  Effect.map(
    read(sql, `SELECT 1 FROM "_sluice_archive_log" WHERE "source" = ? AND "kind" = 'run' LIMIT 1`, [source]),
    (rows) => rows.length > 0
  )

/**
 * The body of one entry, as it was kept.
 *
 * @since 0.1.0
 * @category accessors
 */
export const body = (
  sql: SqlClient.SqlClient,
  id: number
): Effect.Effect<Uint8Array | undefined, TableError.TableError> =>
  Effect.map(read(sql, `SELECT "body" FROM "_sluice_archive" WHERE "id" = ?`, [id]), ([row]) =>
    row?.[0] instanceof Uint8Array ? row[0] : undefined
  )

/**
 * @since 0.1.0
 * @category combinators
 */
export const read = (
  sql: SqlClient.SqlClient,
  statement: string,
  parameters: ReadonlyArray<unknown>
): Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>, TableError.TableError> =>
  Effect.scoped(Effect.flatMap(sql.reserve, (connection) => connection.executeValues(statement, parameters))).pipe(
    TableError.refail({ doing: "reading the archive" })
  )

// --- internal ---

const insert = `INSERT INTO "_sluice_archive" ("source", "resource", "run", "parent", "kind", "page", "ends", "request", "method", "url",
  "location", "status", "headers", "outcome", "masked", "body", "bytes", "fetched_at")
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const log = `INSERT INTO "_sluice_archive_log" ("source", "kind", "run", "at", "detail") VALUES (?, ?, ?, ?, ?)`
