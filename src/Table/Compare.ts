/**
 * Two databases, row by row: what one holds and the other does not.
 *
 * Stage Table, read only. Leaves out which run brought a row and when, and numbers of sluice's own: two ways to the same rows
 * are the same. The books of runs are not compared, since they say what was done, not what is there.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Json from "../Fetch/Json.ts"
import type * as Shape from "../Row/Shape.ts"
import { quote } from "./Ddl.ts"
import * as Driver from "./Driver.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Difference {
  readonly table: string
  /** The one that has it. */
  readonly only: "first" | "second"
  /** A row as its columns and values, or `columns: …` where the tables themselves differ. */
  readonly what: string
  /** How many more of it. */
  readonly times: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Columns that hold the time of a run, beside sluice's own: only whether they are null is compared. */
  readonly times?: ReadonlyArray<string> | undefined
}

/**
 * Databases by file name, or as an open client.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = (
  first: string | SqlClient.SqlClient,
  second: string | SqlClient.SqlClient,
  options: Options = {}
): Effect.Effect<ReadonlyArray<Difference>, TableError.TableError, Driver.Driver> =>
  Effect.scoped(
    Effect.gen(function* () {
      const one = yield* content(first, options)
      const other = yield* content(second, options)
      const tables = [...new Set([...one.keys(), ...other.keys()])].toSorted()
      return tables.flatMap((table) => [
        ...more("first", table, one.get(table), other.get(table)),
        ...more("second", table, other.get(table), one.get(table))
      ])
    })
  )

// --- internal ---

/** Rows as text, and how often each is there. */
type Rows = ReadonlyMap<string, number>

const more = (
  only: Difference["only"],
  table: string,
  here: Rows = new Map(),
  there: Rows = new Map()
): ReadonlyArray<Difference> =>
  [...here].flatMap(([what, count]) => {
    const times = count - (there.get(what) ?? 0)
    return times > 0 ? [{ table, only, what, times }] : []
  })

const content = (
  database: string | SqlClient.SqlClient,
  options: Options
): Effect.Effect<ReadonlyMap<string, Rows>, TableError.TableError, Driver.Driver | Scope.Scope> =>
  Effect.gen(function* () {
    const file = typeof database === "string" ? database : undefined
    const sql =
      typeof database === "string"
        ? yield* Effect.flatMap(Driver.Driver, (driver) => driver.open({ filename: database, readonly: true }))
        : database
    return yield* Effect.scoped(Effect.flatMap(sql.reserve, (connection) => read(connection, options))).pipe(
      TableError.refail({ file, doing: "comparing" })
    )
  })

const read = (connection: Connection, options: Options) =>
  Effect.gen(function* () {
    const names = yield* connection.executeValues(
      `SELECT "name" FROM sqlite_master WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
      []
    )
    const tables = new Map<string, Rows>()
    for (const [name] of names) {
      const table = String(name)
      if (!books.has(table)) tables.set(table, yield* rowsOf(connection, table, options))
    }
    return tables
  })

/** What was done and by whom, and the answers it was made of. */
const books = new Set(["_sluice_runs", "_sluice_resources", "_sluice_lock", "_sluice_archive", "_sluice_archive_log"])

const rowsOf = (connection: Connection, table: string, options: Options) =>
  Effect.gen(function* () {
    const info = yield* connection.executeValues(
      `SELECT "name", "type", "notnull", "pk" FROM pragma_table_info(?) ORDER BY "name"`,
      [table]
    )
    const rows = new Map<string, number>([[`columns: ${info.map((column) => column.join(" ")).join(", ")}`, 1]])
    const root = yield* rootOf(connection, table)
    const columns = info
      .map(([column]) => String(column))
      .flatMap((column) => expression(table, column, root, options) ?? [])
    const found = yield* connection.executeValues(
      `SELECT ${columns.map(({ sql }) => sql).join(", ") || "1"} FROM ${quote(table)} AS "t"${latest(
        table,
        info.map(([column]) => String(column))
      )}`,
      []
    )
    for (const values of found) {
      const text = columns.map(({ name, show }, i) => `${name}=${show(String(values[i]))}`).join(", ")
      rows.set(text, (rows.get(text) ?? 0) + 1)
    }
    return rows
  })

interface Column {
  readonly name: string
  readonly sql: string
  readonly show: (text: string) => string
}

const plain = (text: string) => text

/** How a column is read; `undefined` where it is not compared. */
const expression = (
  table: string,
  name: string,
  root: string | undefined,
  { times = [] }: Options
): Column | undefined => {
  const column = `"t".${quote(name)}`
  const isOwn = table.startsWith("_sluice_") && !table.startsWith("_sluice_next_")
  if (isOwn ? ["run", "id", "page", "version"].includes(name) : name === "_sluice_run") return undefined
  if ((isOwn && name.endsWith("_at")) || ownTime.test(name) || times.includes(name)) {
    return { name, sql: `CASE WHEN ${column} IS NULL THEN 'NULL' ELSE 'a time' END`, show: plain }
  }
  // A number in order of arrival. What tells such rows apart is their content, child rows included.
  if (name === "_sluice_id") return undefined
  if (name.endsWith("_sluice_id") && root !== undefined) {
    const digest = `SELECT "r"."_sluice_hash" FROM ${quote(root)} AS "r" WHERE "r"."_sluice_id" = ${column}`
    return { name, sql: `ifnull((${digest}), 'no such row')`, show: plain }
  }
  if (table === "_sluice_schema" && name === "shape") return { name, sql: column, show: unordered }
  const value = name === "checkpoint" && isOwn ? `json_remove(${column}, '$.runs')` : column
  // Of a text with a NUL `quote` shows only the beginning, and of bytes `json_quote` nothing.
  return {
    name,
    sql: `CASE typeof(${value}) WHEN 'text' THEN json_quote('' || ${value}) ELSE quote(${value}) END`,
    show: plain
  }
}

const ownTime = /^_sluice_(?:.*_at|valid_from|valid_to)$/

/** Of shapes only what holds now: how many steps led there depends on which pages came first. */
const latest = (table: string, columns: ReadonlyArray<string>) =>
  // A refused row that another one stands for is as good as gone: the next run takes it out.
  table === "_sluice_rejects" && columns.includes("state")
    ? ` WHERE "state" <> 'over'`
    : table === "_sluice_schema"
      ? ` WHERE "version" = (SELECT max("version") FROM "_sluice_schema" AS "l" WHERE "l"."source" = "t"."source" AND "l"."resource" = "t"."resource")`
      : ""

/** The table whose rows a child table's rows belong to, over any number of lists in lists. */
const rootOf = (connection: Connection, table: string) =>
  Effect.gen(function* () {
    let root = table
    for (let depth = 0; depth < 64; depth++) {
      const [parent] = yield* connection.executeValues(`SELECT "table" FROM pragma_foreign_key_list(?) LIMIT 1`, [root])
      if (parent === undefined) break
      root = String(parent[0])
    }
    return root === table ? undefined : root
  })

/** Tables and columns of a shape stand in the order they came. */
const unordered = (text: string): string => {
  const { tables } = JSON.parse(text) as Shape.Shape
  return Json.stringify(
    tables
      .map(({ columns, name, parent, path }) => ({
        name,
        parent: tables[parent]?.name,
        path,
        columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  )
}
