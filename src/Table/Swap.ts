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
 * @since 0.1.0
 * @category combinators
 */
export const swap = (
  sql: SqlClient.SqlClient,
  what: { readonly from: string; readonly source: string; readonly resources: ReadonlyArray<string> }
): Effect.Effect<
  { readonly resources: ReadonlyArray<Swapped>; readonly notices: ReadonlyArray<string> },
  TableError.TableError
> =>
  Effect.gen(function* () {
    const now = new Date(yield* Clock.currentTimeMillis).toISOString()
    return yield* Transaction.immediate(sql, (connection) => replace(connection, { ...what, now }), context)
  }).pipe(attached(sql, what.from))

// --- internal ---

const context: Transaction.Context = { doing: "putting the rebuilt tables in place", transaction: "swap" }

/** With foreign keys off, or a table that is dropped would take rows of others along; both are no matter of a transaction. */
const attached =
  (sql: SqlClient.SqlClient, file: string) =>
  <A>(use: Effect.Effect<A, TableError.TableError>): Effect.Effect<A, TableError.TableError> => {
    const statement = (text: string, parameters: ReadonlyArray<unknown> = []) =>
      Effect.scoped(Effect.flatMap(sql.reserve, (connection) => connection.executeRaw(text, parameters)))
    return Effect.acquireUseRelease(
      statement("PRAGMA foreign_keys = OFF").pipe(
        Effect.zipRight(statement(`ATTACH DATABASE ? AS "rebuilt"`, [file])),
        TableError.refail(context)
      ),
      () => use,
      () =>
        Effect.zipRight(
          Effect.ignore(statement(`DETACH DATABASE "rebuilt"`)),
          Effect.ignore(statement("PRAGMA foreign_keys = ON"))
        )
    )
  }

interface What {
  readonly source: string
  readonly resources: ReadonlyArray<string>
  readonly now: string
}

const replace = (connection: Connection, { now, resources, source }: What) =>
  Effect.gen(function* () {
    const shapes = yield* shapesOf(connection, "main")
    const isOurs = (shape: Shaped) => shape.source === source && resources.includes(shape.resource)
    const others = new Set(shapes.filter((shape) => !isOurs(shape)).flatMap(({ tables }) => tables))
    const here = yield* objects(connection, "main")
    const there = yield* objects(connection, "rebuilt")
    const own = shapes.filter(isOurs).flatMap(({ tables }) => tables)
    const staged = (tables: ReadonlyArray<string>) => tables.flatMap((name) => [name, `_sluice_next_${name}`])
    const old = new Set(staged(own).filter((name) => here.tables.has(name) && !others.has(name)))
    const fresh = (yield* shapesOf(connection, "rebuilt")).filter(isOurs)
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
        before: before !== undefined && old.has(before) ? yield* count(connection, "main", before) : undefined,
        after: root !== undefined && made.includes(root) ? yield* count(connection, "rebuilt", root) : undefined
      })
    }
    const kept = new Set(made)
    const extras = here.extras.filter(({ name, table }) => old.has(table) && !name.startsWith("_sluice_"))
    for (const name of old) yield* connection.executeRaw(`DROP TABLE main.${quote(name)}`, [])
    for (const name of made) {
      yield* connection.executeRaw(there.tables.get(name)!, [])
      yield* connection.executeRaw(`INSERT INTO main.${quote(name)} SELECT * FROM "rebuilt".${quote(name)}`, [])
    }
    for (const { sql, table } of there.extras) if (kept.has(table)) yield* connection.executeRaw(sql, [])
    const notices: Array<string> = []
    for (const { kind, name, sql, table } of extras) {
      const error = kept.has(table)
        ? yield* Effect.match(connection.executeRaw(sql, []), {
            onSuccess: () => undefined,
            onFailure: (error) => TableError.fromSql(error).detail
          })
        : `there is no table ${table} any more`
      if (error !== undefined) notices.push(`the ${kind} ${name} on ${table} could not be made again: ${error}`)
    }
    yield* books(connection, { now, resources, source })
    yield* Archive.rebuilt(connection, { source, resources, at: now })
    return { resources: swapped, notices }
  })

interface Shaped {
  readonly source: string
  readonly resource: string
  readonly tables: ReadonlyArray<string>
}

/** Every shape that resources have had, in the order they had them. */
const shapesOf = (
  connection: Connection,
  database: "main" | "rebuilt"
): Effect.Effect<ReadonlyArray<Shaped>, SqlError> =>
  Effect.map(
    connection.executeValues(
      `SELECT "source", "resource", "shape" FROM "${database}"."_sluice_schema" ORDER BY "source", "resource", "version"`,
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

const objects = (connection: Connection, database: "main" | "rebuilt") =>
  Effect.map(
    connection.executeValues(
      `SELECT "type", "name", "tbl_name", "sql" FROM "${database}".sqlite_master WHERE "sql" IS NOT NULL ORDER BY "rowid"`,
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

const count = (connection: Connection, database: string, table: string) =>
  Effect.map(connection.executeValues(`SELECT count(*) FROM "${database}".${quote(table)}`, []), ([row]) =>
    Number(row?.[0])
  )

/** All that sluice's own tables say of the resources, but for the archive; receipts are of runs, and stay. */
const books = (connection: Connection, { resources, source }: What) =>
  Effect.gen(function* () {
    const tables = yield* connection.executeValues(
      `SELECT m."name" FROM main.sqlite_master m WHERE m."type" = 'table' AND m."name" LIKE '\\_sluice\\_%' ESCAPE '\\'
        AND m."name" NOT LIKE '\\_sluice\\_archive%' ESCAPE '\\' AND m."name" IN (SELECT "name" FROM "rebuilt".sqlite_master)
        AND (SELECT count(*) FROM pragma_table_info(m."name") WHERE "name" IN ('source', 'resource')) = 2`,
      []
    )
    for (const [table] of tables) {
      const columns = yield* connection.executeValues(
        `SELECT "name" FROM pragma_table_info(?) WHERE "name" <> 'id' ORDER BY "cid"`,
        [table]
      )
      const hasId = yield* connection.executeValues(`SELECT 1 FROM pragma_table_info(?) WHERE "name" = 'id'`, [table])
      const names = columns.map(([name]) => quote(String(name))).join(", ")
      for (const resource of resources) {
        const at = [source, resource]
        const name = quote(String(table))
        yield* connection.executeRaw(`DELETE FROM main.${name} WHERE "source" = ? AND "resource" = ?`, at)
        yield* connection.executeRaw(
          `INSERT INTO main.${name} (${names}) SELECT ${names} FROM "rebuilt".${name}
            WHERE "source" = ? AND "resource" = ?${hasId.length > 0 ? ` ORDER BY "id"` : ""}`,
          at
        )
      }
    }
  })
