/**
 * What a database remembers of a source's resources between runs, read and forgotten: checkpoint, key, cursor, waiting parents.
 *
 * Stage Table. Reads tables of older versions, too: what they do not have is not there. Rows stay; only a walk without a key
 * that was not finished takes its rows along, since the next walk would add them again.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Shape from "../Row/Shape.ts"
import * as Appended from "./Appended.ts"
import * as Archive from "./Archive.ts"
import { quote } from "./Ddl.ts"
import * as Deletes from "./Deletes.ts"
import * as Rejects from "./Rejects.ts"
import * as Replace from "./Replace.ts"
import * as Seen from "./Seen.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface State {
  readonly source: string
  readonly resource: string
  /** Tables and columns as they are; `undefined` where none were made. */
  readonly shape: Shape.Shape | undefined
  /** The table has the column in which rows are marked as gone. */
  readonly marks: boolean
  readonly primaryKey: ReadonlyArray<string> | undefined
  readonly primaryKeyInferred: boolean
  /** Where an unfinished walk goes on. */
  readonly checkpoint: unknown
  /** How far an incremental resource has come. */
  readonly cursor: unknown
  /** Rows of the parent, by what became of their walks; `undefined` where the resource has none. */
  readonly parents: Readonly<Record<string, number>> | undefined
  readonly run: string | undefined
  readonly updatedAt: string | undefined
  /** The last run that read everything from its first page on. */
  readonly complete: Complete | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Complete {
  readonly run: string
  readonly at: string
  readonly requests: number
  readonly pages: number
  readonly total: number | undefined
}

/**
 * Every resource the database knows, or those of one source; the order of their first runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  sql: SqlClient.SqlClient,
  source?: string
): Effect.Effect<ReadonlyArray<State>, TableError.TableError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      Effect.gen(function* () {
        const hasParents = yield* exists(connection, "_sluice_parents")
        const all = yield* records(connection, known)
        const mine = all.filter((row) => source === undefined || row["source"] === source)
        const parents = hasParents ? yield* records(connection, waiting) : []
        const isWhole = (yield* hasColumn(connection, "_sluice_resources", "resumed")) ? `p."resumed" = 0` : unresumed
        const isSync = (yield* hasColumn(connection, "_sluice_runs", "command")) ? `r."command" = 'sync'` : "1"
        const complete = yield* records(connection, completed(`${isWhole} AND ${isSync}`))
        return yield* Effect.forEach(mine, (row) => {
          const ofIt = (other: Row) => other["source"] === row["source"] && other["resource"] === row["resource"]
          const read = state(row, parents.filter(ofIt), complete.find(ofIt))
          return Effect.map(Deletes.marked(connection, read.shape), (marks) => ({ ...read, marks }))
        })
      })
    )
  ).pipe(TableError.refail({ doing: "reading the state" }))

/**
 * What was forgotten of one resource.
 *
 * @since 0.1.0
 * @category models
 */
export interface Forgotten {
  readonly source: string
  readonly resource: string
  readonly checkpoint: boolean
  readonly cursor: boolean
  /** Rows of the parent in the queue: taken out, or all to be asked for again, from the start. */
  readonly parents: number
  readonly requeued: boolean
  /** Rows without a key that an unfinished walk had added. */
  readonly rows: number
  /** Its table had been dropped: the key and the shape that it was made with no longer bind it. */
  readonly table: boolean
}

/**
 * Forgets checkpoints and cursors in one transaction; the next run reads from the first page. Parents in the queue of a child
 * are asked for again; with `all`, where every resource is forgotten, they leave it, since their own walks bring them again.
 * Where the table is not there any more, it is made anew.
 *
 * @since 0.1.0
 * @category combinators
 */
export const forget = (
  sql: SqlClient.SqlClient,
  states: ReadonlyArray<State>,
  options: { readonly all: boolean }
): Effect.Effect<ReadonlyArray<Forgotten>, TableError.TableError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Transaction.immediate(
      sql,
      (connection) =>
        Effect.gen(function* () {
          const hasParents = yield* exists(connection, "_sluice_parents")
          const hasCursor = yield* hasColumn(connection, "_sluice_state", "cursor")
          return yield* Effect.forEach(states, (state) =>
            forgetOne(connection, state, { ...options, hasParents, hasCursor, now: new Date(now).toISOString() })
          )
        }),
      { doing: "forgetting the state", transaction: "state" }
    )
  )

// --- internal ---

type Row = Readonly<Record<string, unknown>>

const records = (connection: Connection, statement: string): Effect.Effect<ReadonlyArray<Row>, SqlError> =>
  Effect.map(connection.execute(statement, [], undefined), (rows) => rows.filter(Predicate.isRecord))

const exists = (connection: Connection, table: string) =>
  Effect.map(
    connection.executeValues(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [table]),
    (rows) => rows.length > 0
  )

const hasColumn = (connection: Connection, table: string, column: string) =>
  Effect.map(
    connection.executeValues(`SELECT 1 FROM pragma_table_info(?) WHERE name = ?`, [table, column]),
    (rows) => rows.length > 0
  )

// The columns by `s.*`: a database of an earlier version has fewer of them.
const known = `WITH shapes AS (
  SELECT "source", "resource", "shape", row_number() OVER (PARTITION BY "source", "resource" ORDER BY "version" DESC) AS nth
  FROM "_sluice_schema"
), names AS (
  SELECT "source", "resource" FROM "_sluice_state" UNION SELECT "source", "resource" FROM "_sluice_schema"
), firsts AS (
  SELECT r."source", p."resource", min(p."rowid") AS place
  FROM "_sluice_resources" p JOIN "_sluice_runs" r USING ("run") GROUP BY r."source", p."resource"
)
SELECT s.*, n."source" AS "source", n."resource" AS "resource", t."shape" AS "shape"
FROM names n
LEFT JOIN "_sluice_state" s USING ("source", "resource")
LEFT JOIN shapes t ON t."source" = n."source" AND t."resource" = n."resource" AND t.nth = 1
LEFT JOIN firsts f ON f."source" = n."source" AND f."resource" = n."resource"
ORDER BY n."source", f.place, n."resource"`

const waiting = `SELECT "source", "resource", "status", count(*) AS "n" FROM "_sluice_parents"
GROUP BY "source", "resource", "status" ORDER BY "source", "resource", "status"`

// A run that went on where another one stopped did not read everything itself. Before there was a column, its notice said so.
const unresumed = `p."notices" NOT LIKE '%"resumed after page %'`

const completed = (
  isWhole: string
) => `SELECT "source", "resource", "run", "updated_at", "requests", "pages", "reported_total" FROM (
  SELECT r."source", p.*, row_number() OVER (PARTITION BY r."source", p."resource" ORDER BY p."run" DESC) AS nth
  FROM "_sluice_resources" p JOIN "_sluice_runs" r USING ("run")
  WHERE p."status" = 'complete' AND ${isWhole}
) WHERE nth = 1`

const state = (row: Row, parents: ReadonlyArray<Row>, complete: Row | undefined): Omit<State, "marks"> => ({
  source: String(row["source"]),
  resource: String(row["resource"]),
  shape: parse<Shape.Shape>(row["shape"]),
  primaryKey: parse<ReadonlyArray<string>>(row["primary_key"]),
  primaryKeyInferred: row["primary_key_inferred"] === 1,
  checkpoint: parse(row["checkpoint"]),
  cursor: parse(row["cursor"]),
  parents:
    parents.length === 0
      ? undefined
      : Object.fromEntries(parents.map(({ n, status }) => [String(status), Number(n)] as const)),
  run: text(row["run"]),
  updatedAt: text(row["updated_at"]),
  complete:
    complete === undefined
      ? undefined
      : {
          run: String(complete["run"]),
          at: String(complete["updated_at"]),
          requests: Number(complete["requests"]),
          pages: Number(complete["pages"]),
          total: complete["reported_total"] === null ? undefined : Number(complete["reported_total"])
        }
})

const text = (value: unknown) => (typeof value === "string" ? value : undefined)

/** Text that another version wrote may be anything. */
const parse = <A = unknown>(value: unknown): A | undefined => {
  if (typeof value !== "string") return undefined
  try {
    return JSON.parse(value) as A
  } catch {
    return undefined
  }
}

const forgetOne = (
  connection: Connection,
  state: State,
  options: { readonly all: boolean; readonly hasParents: boolean; readonly hasCursor: boolean; readonly now: string }
): Effect.Effect<Forgotten, SqlError> =>
  Effect.gen(function* () {
    const at = [state.source, state.resource]
    const count = (statement: string, parameters: ReadonlyArray<unknown>) =>
      Effect.map(connection.executeValues(statement, parameters), ([row]) => Number(row?.[0] ?? 0))
    const added = (yield* exists(connection, "_sluice_appended"))
      ? yield* Appended.takeBack(connection, { ...state, table: state.shape?.tables[0]?.name })
      : 0
    const rows = added + (yield* forgetRows(connection, state))
    const parents = options.hasParents
      ? yield* count(`SELECT count(*) FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ?`, at)
      : 0
    if (parents > 0) {
      yield* options.all
        ? connection.executeRaw(`DELETE FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ?`, at)
        : connection.executeRaw(
            `UPDATE "_sluice_parents" SET "status" = 'pending', "checkpoint" = NULL, "cursor" = NULL, "updated_at" = ? ` +
              `WHERE "source" = ? AND "resource" = ?`,
            [options.now, ...at]
          )
    }
    yield* Seen.forget(connection, state)
    if (state.shape !== undefined) yield* Replace.drop(connection, state.shape)
    const table = yield* forgetTable(connection, state)
    const what = { source: state.source, resource: state.resource, all: options.all, dropped: table }
    yield* Archive.reset(connection, { ...what, at: options.now })
    yield* connection.executeRaw(
      `UPDATE "_sluice_state" SET "checkpoint" = NULL, ${options.hasCursor ? `"cursor" = NULL, ` : ""}${table ? `"primary_key" = NULL, ` : ""}` +
        `"updated_at" = ? WHERE "source" = ? AND "resource" = ?`,
      [options.now, ...at]
    )
    return {
      source: state.source,
      resource: state.resource,
      checkpoint: state.checkpoint !== undefined,
      cursor: state.cursor !== undefined,
      parents,
      requeued: parents > 0 && !options.all,
      rows,
      table
    }
  })

/** The rows of lists go with the table whose rows they belonged to. */
const forgetTable = (connection: Connection, { resource, shape, source }: State): Effect.Effect<boolean, SqlError> =>
  Effect.gen(function* () {
    const [root, ...children] = shape?.tables ?? []
    if (root === undefined || (yield* exists(connection, root.name))) return false
    for (const { name } of children.toReversed()) {
      yield* connection.executeRaw(`DROP TABLE IF EXISTS ${quote(name)}`, [])
    }
    yield* connection.executeRaw(`DELETE FROM "_sluice_schema" WHERE "source" = ? AND "resource" = ?`, [
      source,
      resource
    ])
    return true
  })

/** What a table of rows without a key has beside its data. */
const own = ["_sluice_id", "_sluice_run", "_sluice_hash"]

const forgetRows = (
  connection: Connection,
  { checkpoint, primaryKey, resource, shape, source }: State
): Effect.Effect<number, SqlError> =>
  Effect.gen(function* () {
    const runs = Predicate.hasProperty(checkpoint, "runs") && Array.isArray(checkpoint.runs) ? checkpoint.runs : []
    const table = shape?.tables[0]?.name
    if (runs.length === 0 || table === undefined || primaryKey?.length !== 0) return 0
    // A table of versions has columns of its own beside these; its rows are known again.
    const [width] = yield* connection.executeValues(`SELECT count(*) FROM pragma_table_info(?)`, [table])
    if (Number(width?.[0]) !== shape!.tables[0]!.columns.length + own.length) return 0
    const where = `WHERE "_sluice_run" IN (SELECT "value" FROM json_each(?))`
    const parameters = [JSON.stringify(runs)]
    const [counted] = yield* connection.executeValues(`SELECT count(*) FROM ${quote(table)} ${where}`, parameters)
    yield* connection.executeRaw(`DELETE FROM ${quote(table)} ${where}`, parameters)
    if (yield* exists(connection, "_sluice_rejects"))
      yield* Rejects.withdraw(connection, { source, resource }, runs.map(String))
    return Number(counted?.[0] ?? 0)
  })
