/**
 * Puts resources' tables and books of one database file in place of those of another, in one transaction.
 *
 * Stage Table. What is not theirs stays: other resources, the archive, receipts, views, tables of somebody's own. Indexes and
 * triggers that somebody made on their tables are made again where the new columns allow it. The other file is only read.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Shape from "../Row/Shape.ts"
import * as Archive from "./Archive.ts"
import * as Copy from "./Copy.ts"
import { quote } from "./Ddl.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Swapped {
  readonly resource: string
  readonly table: string
  /** `undefined`: there is no such table. */
  readonly before: number | undefined
  readonly after: number | undefined
}

/**
 * `from`: the database that holds the tables to come.
 *
 * @since 0.1.0
 * @category combinators
 */
export const swap = (
  sql: SqlClient.SqlClient,
  what: { readonly from: SqlClient.SqlClient; readonly source: string; readonly resources: ReadonlyArray<string> }
): Effect.Effect<
  { readonly resources: ReadonlyArray<Swapped>; readonly notices: ReadonlyArray<string> },
  TableError.TableError
> =>
  Effect.gen(function* () {
    const now = new Date(yield* Clock.currentTimeMillis).toISOString()
    const from = yield* what.from.reserve
    return yield* Transaction.immediate(sql, (to) => replace({ from, to }, { ...what, now }), context)
  }).pipe(Effect.scoped, TableError.refail(context), unbound(sql))

// --- internal ---

const context: Transaction.Context = { doing: "putting the rebuilt tables in place", transaction: "swap" }

/** With foreign keys off, or a table that is dropped would take rows of others along; that is no matter of a transaction. */
const unbound =
  (sql: SqlClient.SqlClient) =>
  <A>(use: Effect.Effect<A, TableError.TableError>): Effect.Effect<A, TableError.TableError> => {
    const statement = (text: string) =>
      Effect.scoped(Effect.flatMap(sql.reserve, (connection) => connection.executeRaw(text, [])))
    return Effect.acquireUseRelease(
      statement("PRAGMA foreign_keys = OFF").pipe(TableError.refail(context)),
      () => use,
      () => Effect.ignore(statement("PRAGMA foreign_keys = ON"))
    )
  }

interface Files {
  readonly from: Connection
  readonly to: Connection
}

interface What {
  readonly source: string
  readonly resources: ReadonlyArray<string>
  readonly now: string
}

const replace = ({ from, to }: Files, { now, resources, source }: What) =>
  Effect.gen(function* () {
    const shapes = yield* shapesOf(to)
    const isOurs = (shape: Shaped) => shape.source === source && resources.includes(shape.resource)
    const others = new Set(shapes.filter((shape) => !isOurs(shape)).flatMap(({ tables }) => tables))
    const here = yield* objects(to)
    const there = yield* objects(from)
    const own = shapes.filter(isOurs).flatMap(({ tables }) => tables)
    const staged = (tables: ReadonlyArray<string>) => tables.flatMap((name) => [name, `_sluice_next_${name}`])
    const old = new Set(staged(own).filter((name) => here.tables.has(name) && !others.has(name)))
    const fresh = (yield* shapesOf(from)).filter(isOurs)
    const made = [...new Set(staged(fresh.flatMap(({ tables }) => tables)))].filter((name) => there.tables.has(name))
    const taken = made.find((name) => here.tables.has(name) && !old.has(name))
    if (taken !== undefined) {
      return yield* new TableError.TableError({
        reason: "Schema",
        detail: `the table ${taken} is somebody else's: name another with table_name, or rename that one`
      })
    }
    const swapped: Array<Swapped> = []
    for (const resource of resources) {
      const root = fresh.findLast((shape) => shape.resource === resource)?.tables[0]
      const before = shapes.findLast((shape) => isOurs(shape) && shape.resource === resource)?.tables[0]
      const table = root ?? before ?? resource
      swapped.push({
        resource,
        table,
        before: before !== undefined && old.has(before) ? yield* count(to, before) : undefined,
        after: root !== undefined && made.includes(root) ? yield* count(from, root) : undefined
      })
    }
    const kept = new Set(made)
    const extras = here.extras.filter(({ name, table }) => old.has(table) && !name.startsWith("_sluice_"))
    for (const name of old) yield* to.executeRaw(`DROP TABLE ${quote(name)}`, [])
    for (const name of made) {
      yield* to.executeRaw(there.tables.get(name)!, [])
      yield* Copy.rows(from, to, name)
    }
    for (const { sql, table } of there.extras) if (kept.has(table)) yield* to.executeRaw(sql, [])
    const notices: Array<string> = []
    for (const { kind, name, sql, table } of extras) {
      const error = kept.has(table)
        ? yield* Effect.match(to.executeRaw(sql, []), {
            onSuccess: () => undefined,
            onFailure: (error) => TableError.fromSql(error).detail
          })
        : `there is no table ${table} any more`
      if (error !== undefined) notices.push(`the ${kind} ${name} on ${table} could not be made again: ${error}`)
    }
    yield* books({ from, to }, resources, source)
    yield* Archive.rebuilt(to, { source, resources, at: now })
    return { resources: swapped, notices }
  })

interface Shaped {
  readonly source: string
  readonly resource: string
  readonly tables: ReadonlyArray<string>
}

/** Every shape that resources have had, in the order they had them. */
const shapesOf = (connection: Connection): Effect.Effect<ReadonlyArray<Shaped>, SqlError> =>
  Effect.map(
    connection.executeValues(
      `SELECT "source", "resource", "shape" FROM "_sluice_schema" ORDER BY "source", "resource", "version"`,
      []
    ),
    (rows) =>
      rows.map(([source, resource, shape]) => ({
        source: String(source),
        resource: String(resource),
        tables: (JSON.parse(String(shape)) as Shape.Shape).tables.map(({ name }) => name)
      }))
  )

interface Extra {
  readonly kind: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

const objects = (connection: Connection) =>
  Effect.map(
    connection.executeValues(
      `SELECT "type", "name", "tbl_name", "sql" FROM sqlite_master WHERE "sql" IS NOT NULL ORDER BY "rowid"`,
      []
    ),
    (rows) => {
      const all = rows.map(([kind, name, table, sql]): Extra => ({
        kind: String(kind),
        name: String(name),
        table: String(table),
        sql: String(sql)
      }))
      return {
        tables: new Map(all.flatMap(({ kind, name, sql }) => (kind === "table" ? [[name, sql] as const] : []))),
        extras: all.filter(({ kind }) => kind === "index" || kind === "trigger")
      }
    }
  )

const count = (connection: Connection, table: string) =>
  Effect.map(connection.executeValues(`SELECT count(*) FROM ${quote(table)}`, []), ([row]) => Number(row?.[0]))

/** All that sluice's own tables say of the resources, but for the archive; receipts are of runs, and stay. */
const books = ({ from, to }: Files, resources: ReadonlyArray<string>, source: string) =>
  Effect.gen(function* () {
    const tables = yield* from.executeValues(
      `SELECT m."name" FROM sqlite_master m WHERE m."type" = 'table' AND m."name" LIKE '\\_sluice\\_%' ESCAPE '\\'
        AND m."name" NOT LIKE '\\_sluice\\_archive%' ESCAPE '\\'
        AND (SELECT count(*) FROM pragma_table_info(m."name") WHERE "name" IN ('source', 'resource')) = 2`,
      []
    )
    for (const [table] of tables) {
      const name = String(table)
      for (const resource of resources) {
        const of = [source, resource]
        const mine = `"source" = ? AND "resource" = ?`
        if (name === "_sluice_rejects") yield* rejects({ from, to }, of, mine)
        else yield* to.executeRaw(`DELETE FROM ${quote(name)} WHERE ${mine}`, of)
        yield* Copy.rows(from, to, name, { source, resource })
        // The order of ids is the order of time: what waits for its page was refused last.
        if (name === "_sluice_rejects")
          yield* to.executeRaw(
            `UPDATE "_sluice_rejects" SET "id" = "id" + (SELECT max("id") FROM "_sluice_rejects") WHERE ${mine} AND "state" = 'again'`,
            of
          )
      }
    }
  })

/** Those of a page that was not stored stay: it is in no archive, and only the next sync brings it again. */
const rejects = ({ from, to }: Files, of: ReadonlyArray<string>, mine: string) =>
  Effect.gen(function* () {
    const made = yield* from.executeValues(`SELECT CAST("digest" AS TEXT) FROM "_sluice_rejects" WHERE ${mine}`, of)
    yield* to.executeRaw(
      `DELETE FROM "_sluice_rejects" WHERE ${mine}
        AND ("state" <> 'again' OR CAST("digest" AS TEXT) IN (SELECT "value" FROM json_each(?)))`,
      [...of, JSON.stringify(made.map(([digest]) => digest))]
    )
  })
