/**
 * Rows of one database file copied into another, as they are, some hundred at a time.
 *
 * Stage Table. Through the program and not by `ATTACH`, which Deno refuses. Texts go as bytes: some drivers read them only up to
 * a NUL. Integers go exact.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import { quote } from "./Ddl.ts"

/**
 * `of`: only the rows of a resource, in one of sluice's own tables; its numbers are given anew.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rows = (
  from: Connection,
  to: Connection,
  table: string,
  of?: { readonly source: string; readonly resource: string }
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const info = yield* from.executeValues(`SELECT "name", "type", "pk" FROM pragma_table_info(?) ORDER BY "cid"`, [
      table
    ])
    const all = info.map(([name, type, key]): Column => ({
      name: String(name),
      isText: type === "TEXT",
      key: Number(key)
    }))
    const [sql] = yield* from.executeValues(`SELECT "sql" FROM sqlite_master WHERE "type" = 'table' AND "name" = ?`, [
      table
    ])
    const rowid = /\bWITHOUT\s+ROWID\b[^)]*$/i.test(String(sql?.[0]))
      ? undefined
      : ["rowid", "_rowid_", "oid"].find((name) => !all.some((column) => column.name.toLowerCase() === name))
    // In the order they came, where the table has one.
    const key: ReadonlyArray<Column> =
      rowid === undefined
        ? all.filter((column) => column.key > 0).toSorted((a, b) => a.key - b.key)
        : [{ name: rowid, isText: false, key: 1 }]
    const taken = of === undefined ? all : all.filter(({ name }) => name !== "id")
    const size = Math.max(1, Math.min(500, Math.floor(mostVariables / taken.length)))
    const wheres = of === undefined ? [] : [`"source" = ?`, `"resource" = ?`]
    const fixed = of === undefined ? [] : [of.source, of.resource]
    const behind = `(${names(key)}) > (${key.map(bound).join(", ")})`
    const select = (conditions: ReadonlyArray<string>) =>
      `SELECT ${[...taken, ...key].map(read).join(", ")} FROM ${quote(table)}` +
      `${conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`} ORDER BY ${names(key)} LIMIT ${size}`
    let last: ReadonlyArray<unknown> | undefined
    for (;;) {
      const found: ReadonlyArray<ReadonlyArray<unknown>> = yield* from.executeValues(
        select(last === undefined ? wheres : [...wheres, behind]),
        [...fixed, ...(last ?? [])]
      )
      if (found.length > 0) {
        const line = `(${taken.map(bound).join(", ")})`
        yield* to.executeRaw(
          `INSERT INTO ${quote(table)} (${names(taken)}) VALUES ${found.map(() => line).join(", ")}`,
          found.flatMap((row) => row.slice(0, taken.length))
        )
      }
      if (found.length < size) return
      last = found.at(-1)!.slice(taken.length)
    }
  }).pipe(Effect.provideService(SqlClient.SafeIntegers, true))

// --- internal ---

interface Column {
  readonly name: string
  readonly isText: boolean
  /** Its place in the primary key, from 1; every table has one. */
  readonly key: number
}

/** SQLite takes 32,766 in a statement. */
const mostVariables = 32_000

const names = (columns: ReadonlyArray<Column>) => columns.map(({ name }) => quote(name)).join(", ")

const read = ({ isText, name }: Column) => (isText ? `CAST(${quote(name)} AS BLOB)` : quote(name))

const bound = ({ isText }: Column) => (isText ? "CAST(? AS TEXT)" : "?")
