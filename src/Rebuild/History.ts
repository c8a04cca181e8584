/**
 * What an archive knows of a source: its runs in order, what each one asked for, and the pages that are missing.
 *
 * Reads the database; bodies stay where they are. That a page is missing is told by the books, which count every page in the
 * transaction that kept it.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Archive from "../Table/Archive.ts"
import type { TableError } from "../Table/TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface History {
  readonly events: ReadonlyArray<Event>
  /** A line for every run and resource that read a page, archived or not. */
  readonly lines: ReadonlyArray<Line>
}

/**
 * @since 0.1.0
 * @category models
 */
export type Event =
  | {
      readonly _tag: "Run"
      readonly run: string
      readonly at: string
      readonly resources: ReadonlyArray<string>
      readonly fullRefresh: boolean
      readonly limitPages: number | undefined
      /** Digest of the headers of its client; of runs by older versions not known. */
      readonly headers: string | undefined
      /** Its receipt was never written. */
      readonly isKilled: boolean
    }
  | {
      readonly _tag: "Reset"
      readonly resource: string
      readonly all: boolean
      /** Its table had been dropped. */
      readonly dropped: boolean
    }

/**
 * @since 0.1.0
 * @category models
 */
export interface Line {
  readonly run: string
  readonly resource: string
  readonly status: string
  /** Pages that were merged. */
  readonly pages: number
  /** Those of them that are kept. */
  readonly kept: number
}

/**
 * One answer, without its body.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly id: number
  readonly resource: string
  readonly parent: string | undefined
  readonly kind: "page" | "again" | "end" | "restart"
  readonly page: number
  readonly ends: boolean
  readonly request: string
  readonly method: string
  readonly url: string
  readonly location: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly outcome: unknown
  readonly masked: ReadonlyArray<string>
  readonly bytes: number
  /** When its page was merged, in ms. */
  readonly at: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (sql: SqlClient.SqlClient, source: string): Effect.Effect<History, TableError> =>
  Effect.gen(function* () {
    const events = yield* Archive.read(
      sql,
      `SELECT "kind", "run", "at", "detail" FROM "_sluice_archive_log" WHERE "source" = ? AND "kind" IN ('run', 'reset') ORDER BY "id"`,
      [source]
    )
    // Rows that were stored from the rejects came with the answers of other runs, and come so again.
    const killed = yield* Archive.read(
      sql,
      `SELECT "run" FROM "_sluice_runs" WHERE "source" = ? AND "finished_at" IS NULL`,
      [source]
    )
    const killedRuns = new Set(killed.map(([run]) => String(run)))
    const told = yield* Archive.read(
      sql,
      `SELECT 1 FROM pragma_table_info('_sluice_runs') WHERE "name" = 'command'`,
      []
    )
    const lines = yield* Archive.read(sql, told.length > 0 ? `${pages}${notReplays}${order}` : pages + order, [source])
    return {
      events: events.map(([kind, run, at, detail]) =>
        event(String(kind), { run: String(run), at: String(at), isKilled: killedRuns.has(String(run)) }, String(detail))
      ),
      lines: lines.map(([run, resource, status, pages, kept]) => ({
        run: String(run),
        resource: String(resource),
        status: String(status),
        pages: Number(pages),
        kept: Number(kept)
      }))
    }
  })

/**
 * The answers of one run, in the order of their pages.
 *
 * @since 0.1.0
 * @category constructors
 */
export const entries = (
  sql: SqlClient.SqlClient,
  source: string,
  run: string
): Effect.Effect<ReadonlyArray<Entry>, TableError> =>
  Effect.map(
    Archive.read(
      sql,
      `SELECT "id", "resource", "parent", "kind", "page", "ends", "request", "method", "url", "location", "status", "headers",
        "outcome", "masked", "bytes", "fetched_at" FROM "_sluice_archive" WHERE "source" = ? AND "run" = ? ORDER BY "id"`,
      [source, run]
    ),
    (rows) =>
      rows.map((row): Entry => {
        const text = (at: number) => String(row[at])
        return {
          id: Number(row[0]),
          resource: text(1),
          parent: row[2] === null ? undefined : text(2),
          kind: text(3) as Entry["kind"],
          page: Number(row[4]),
          ends: Number(row[5]) === 1,
          request: text(6),
          method: text(7),
          url: text(8),
          location: text(9),
          status: Number(row[10]),
          headers: JSON.parse(text(11)),
          outcome: row[12] === null ? undefined : JSON.parse(text(12)),
          masked: JSON.parse(text(13)),
          bytes: Number(row[14]),
          at: Date.parse(text(15))
        }
      })
  )

// --- internal ---

const pages = `SELECT p."run", p."resource", p."status", p."pages",
    (SELECT count(*) FROM "_sluice_archive" a
      WHERE a."source" = r."source" AND a."run" = p."run" AND a."resource" = p."resource" AND a."kind" = 'page')
  FROM "_sluice_resources" p JOIN "_sluice_runs" r USING ("run") WHERE r."source" = ?`

const notReplays = ` AND coalesce(r."command", '') <> 'replay'`

const order = ` ORDER BY r."rowid"`

const event = (
  kind: string,
  of: { readonly run: string; readonly at: string; readonly isKilled: boolean },
  detail: string
): Event => {
  const told = JSON.parse(detail) as Readonly<Record<string, unknown>>
  return kind === "reset"
    ? {
        _tag: "Reset",
        resource: String(told["resource"]),
        all: told["all"] === true,
        dropped: told["dropped"] === true
      }
    : {
        _tag: "Run",
        ...of,
        resources: Array.isArray(told["resources"]) ? told["resources"].map(String) : [],
        fullRefresh: told["fullRefresh"] === true,
        limitPages: typeof told["limitPages"] === "number" ? told["limitPages"] : undefined,
        headers: typeof told["headers"] === "string" ? told["headers"] : undefined
      }
}
