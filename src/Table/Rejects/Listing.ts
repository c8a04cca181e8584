/**
 * What is in quarantine, for whoever looks into a database: counts by reason, and the latest rows.
 *
 * Stage Table. Reads only, also a database of an earlier version, whose rejects say less.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import * as TableError from "../TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Listing {
  readonly total: number
  /** The most frequent first. */
  readonly groups: ReadonlyArray<Group>
  /** The latest first. */
  readonly rejects: ReadonlyArray<Entry>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Group {
  readonly source: string
  readonly resource: string
  readonly path: string
  readonly reason: string
  readonly rows: number
  readonly last_at: string
}

/**
 * A refused row, in the words of the table's columns.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly id: number
  readonly source: string
  readonly resource: string
  readonly state: string
  readonly stage: string
  readonly path: string
  readonly reason: string
  readonly run: string
  readonly page: number
  readonly times: number
  readonly rejected_at: string
  /** JSON text: numbers in it are as the API wrote them. */
  readonly raw: string
}

/**
 * Of all sources and resources where none are named.
 *
 * @since 0.1.0
 * @category accessors
 */
export const read = (
  sql: SqlClient.SqlClient,
  of: {
    readonly source: string | undefined
    readonly resources: ReadonlyArray<string>
    readonly limit: number
  }
): Effect.Effect<Listing, TableError.TableError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      Effect.gen(function* () {
        const which = `WHERE (? IS NULL OR "source" = ?) AND (json_array_length(?) = 0 OR "resource" IN (SELECT "value" FROM json_each(?)))`
        const names = JSON.stringify(of.resources)
        const parameters = [of.source ?? null, of.source ?? null, names, names]
        const ask = (statement: string, more: ReadonlyArray<unknown> = []) =>
          records(connection, statement, [...parameters, ...more])
        const groups = yield* ask(
          `SELECT "source", "resource", "path", "reason", count(*) AS "rows", max("rejected_at") AS "last_at"
            FROM "_sluice_rejects" ${which} GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4`
        )
        // All columns, for those that an earlier version has not.
        const rejects = yield* ask(`SELECT * FROM "_sluice_rejects" ${which} ORDER BY "id" DESC LIMIT ?`, [of.limit])
        return {
          total: groups.reduce((sum, group) => sum + Number(group["rows"]), 0),
          groups: groups.map(group),
          rejects: rejects.map(entry)
        }
      })
    )
  ).pipe(TableError.refail({ doing: "reading the rejects" }))

// --- internal ---

type Row = Readonly<Record<string, unknown>>

const records = (connection: Connection, statement: string, parameters: ReadonlyArray<unknown>) =>
  Effect.map(connection.execute(statement, parameters, undefined), (rows) => rows as ReadonlyArray<Row>)

const text = (row: Row, name: string) => String(row[name])

const group = (row: Row): Group => ({
  source: text(row, "source"),
  resource: text(row, "resource"),
  path: text(row, "path"),
  reason: text(row, "reason"),
  rows: Number(row["rows"]),
  last_at: text(row, "last_at")
})

const entry = (row: Row): Entry => ({
  id: Number(row["id"]),
  source: text(row, "source"),
  resource: text(row, "resource"),
  state: text({ state: "open", ...row }, "state"),
  stage: text({ stage: "row", ...row }, "stage"),
  path: text(row, "path"),
  reason: text(row, "reason"),
  run: text(row, "run"),
  page: Number(row["page"]),
  times: Number(row["times"] ?? 1),
  rejected_at: text(row, "rejected_at"),
  raw: text(row, "raw")
})
