/**
 * The books of runs: `_sluice_runs` and `_sluice_resources`, and the check that the file is one this version may write.
 *
 * Stage Table. Counts of pages are not kept here: they belong into the transaction of their page (`Session`).
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Receipt from "../Receipt.ts"
import type { Table } from "../Table.ts"
import { version } from "../Version.ts"
import * as Archive from "./Archive.ts"
import * as Bookkeeping from "./Bookkeeping.ts"
import * as Ended from "./Ended.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  sql: SqlClient.SqlClient,
  file: string
): Effect.Effect<Pick<Table["Type"], "begin" | "finish" | "end">, TableError.TableError> => {
  const write = <A>(
    transaction: Transaction.Context["transaction"],
    use: (connection: Connection) => Effect.Effect<A, TableError.TableError>
  ) => Transaction.immediate(sql, use, { transaction })
  const execute = (connection: Connection, text: string, parameters: ReadonlyArray<unknown>) =>
    connection.executeRaw(text, parameters).pipe(TableError.refail({ file, doing: "keeping the books" }))
  return Effect.as(
    write("prepare", (connection) => prepare(connection, file)),
    {
      begin: ({ archive, command = "sync", run, source, startedAt }) =>
        write("start", (connection) =>
          Effect.gen(function* () {
            // Of this source only: a program may run another one into the same database right now.
            yield* execute(
              connection,
              `UPDATE "_sluice_resources" SET "status" = 'interrupted' WHERE "status" = 'running' AND "run" IN
                (SELECT "run" FROM "_sluice_runs" WHERE "source" = ? AND "status" = 'running')`,
              [source]
            )
            yield* execute(
              connection,
              `UPDATE "_sluice_runs" SET "status" = 'interrupted' WHERE "source" = ? AND "status" = 'running'`,
              [source]
            )
            yield* execute(
              connection,
              `INSERT INTO "_sluice_runs" ("run", "source", "status", "started_at", "version", "command") VALUES (?, ?, 'running', ?, ?, ?)`,
              [run, source, startedAt, version, command]
            )
            if (archive !== undefined) {
              yield* Archive.begin(connection, { source, run, at: startedAt, detail: archive }).pipe(
                TableError.refail({ file, doing: "keeping the books" })
              )
            }
          })
        ),
      finish: (run, receipt) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          write("line", (connection) =>
            execute(connection, finishResource, resourceParameters(run, receipt, new Date(now).toISOString()))
          )
        ),
      end: (receipt) =>
        write("receipt", (connection) =>
          Effect.zipRight(
            Ended.settle(connection, receipt).pipe(TableError.refail({ file, doing: "keeping the books" })),
            execute(connection, `UPDATE "_sluice_runs" SET "status" = ?, "finished_at" = ? WHERE "run" = ?`, [
              receipt.status,
              receipt.finished_at,
              receipt.run
            ])
          )
        )
    }
  )
}

// --- internal ---

const prepare = (connection: Connection, file: string) =>
  Effect.gen(function* () {
    const known = yield* connection.executeValues(`SELECT 1 FROM sqlite_master WHERE name = '_sluice_meta'`, [])
    if (known.length > 0) {
      const rows = yield* connection.executeValues(`SELECT "value" FROM "_sluice_meta" WHERE "name" = 'format'`, [])
      const format = Number(rows[0]?.[0])
      if (format > Bookkeeping.format) {
        return yield* new TableError.TableError({
          reason: "Newer",
          file,
          detail: `its format is ${format}, this sluice (${version}) knows ${Bookkeeping.format}`
        })
      }
      for (let next = format + 1; next <= Bookkeeping.format; next++) {
        for (const statement of Bookkeeping.tables) yield* connection.executeRaw(statement, [])
        for (const statement of Bookkeeping.migrations[next] ?? []) yield* connection.executeRaw(statement, [])
        yield* connection.executeRaw(`UPDATE "_sluice_meta" SET "value" = ? WHERE "name" = 'format'`, [String(next)])
      }
      return
    }
    for (const statement of Bookkeeping.tables) yield* connection.executeRaw(statement, [])
    yield* connection.executeRaw(`INSERT INTO "_sluice_meta" ("name", "value") VALUES ('format', ?)`, [
      String(Bookkeeping.format)
    ])
  }).pipe(TableError.refail({ file, doing: "preparing sluice's own tables" }))

const finishResource = `INSERT INTO "_sluice_resources"
  ("run", "resource", "table_name", "status", "primary_key", "primary_key_inferred", "requests", "retries", "pages", "fetched",
   "inserted", "updated", "unchanged", "rejected", "deleted", "reported_total", "stop_reason", "cursor", "notices", "error",
   "duration_ms", "updated_at", "proven", "why") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT ("run", "resource") DO UPDATE SET "status" = excluded."status", "primary_key" = excluded."primary_key",
  "primary_key_inferred" = excluded."primary_key_inferred", "requests" = excluded."requests", "retries" = excluded."retries",
  "pages" = excluded."pages", "fetched" = excluded."fetched", "inserted" = excluded."inserted", "updated" = excluded."updated",
  "unchanged" = excluded."unchanged", "rejected" = excluded."rejected", "deleted" = excluded."deleted",
  "reported_total" = excluded."reported_total", "stop_reason" = excluded."stop_reason", "cursor" = excluded."cursor",
  "notices" = excluded."notices", "error" = excluded."error", "duration_ms" = excluded."duration_ms", "updated_at" = excluded."updated_at",
  "proven" = excluded."proven", "why" = excluded."why"`

const resourceParameters = (run: string, receipt: Receipt.Resource, now: string): ReadonlyArray<unknown> => [
  run,
  receipt.name,
  receipt.table,
  receipt.status,
  JSON.stringify(receipt.primary_key),
  receipt.primary_key_inferred ? 1 : 0,
  receipt.requests,
  receipt.retries,
  receipt.pages,
  receipt.rows.fetched,
  receipt.rows.inserted,
  receipt.rows.updated,
  receipt.rows.unchanged,
  receipt.rows.rejected,
  receipt.rows.deleted,
  receipt.reported_total,
  receipt.stop_reason,
  receipt.cursor === null ? null : JSON.stringify(receipt.cursor),
  JSON.stringify(receipt.notices),
  receipt.error === null ? null : JSON.stringify(receipt.error),
  receipt.duration_ms,
  now,
  receipt.completeness.proven ? 1 : 0,
  receipt.completeness.why
]
