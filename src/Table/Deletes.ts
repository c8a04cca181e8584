/**
 * Rows that a whole walk did not bring: they are marked, or taken away, where `deletes` says so.
 *
 * Stage Table. Told by what `_sluice_seen` remembers of the walk, in the transaction that ends it. Refuses where too many rows would
 * vanish, or none came. Whether the walk read everything is not known here: who completes it has to know.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { FlatRow } from "../Row/Flatten.ts"
import type * as Shape from "../Row/Shape.ts"
import * as Timestamp from "../Row/Timestamp.ts"
import type { SqlValue } from "../Row/Value.ts"
import type { Opening } from "../Table.ts"
import { keyColumns, quote } from "./Ddl.ts"
import * as Layout from "./Layout.ts"
import type { Prepared } from "./Merge.ts"
import { keyOf } from "./Plan.ts"
import * as Seen from "./Seen.ts"
import { TableError } from "./TableError.ts"

/**
 * Whether a table has the column in which rows are marked, and whether it is to have it. Once made it stays: a row that comes
 * again is there, whatever the configuration says by then.
 *
 * @since 0.1.0
 * @category models
 */
export interface Marks {
  readonly there: boolean
  readonly wanted: boolean
}

/**
 * Whether absent rows are looked for at all.
 *
 * @since 0.1.0
 * @category accessors
 */
export const acts = ({ deletes }: Pick<Opening, "deletes">): boolean =>
  deletes !== undefined && deletes.mode !== "ignore"

/**
 * @since 0.1.0
 * @category constructors
 */
export const marks = ({ deletes, write }: Pick<Opening, "deletes" | "write">, there: boolean): Marks => ({
  there,
  wanted: !Layout.versioned(write) && (there || (deletes?.mode === "soft" && write.disposition === "merge"))
})

/**
 * Whether a table has the column in which rows are marked. No field of an API becomes a column of that name.
 *
 * @since 0.1.0
 * @category accessors
 */
export const marked = (connection: Connection, shape: Shape.Shape | undefined): Effect.Effect<boolean, SqlError> => {
  const root = shape?.tables[0]
  if (root === undefined) return Effect.succeed(false)
  return Effect.map(
    connection.executeValues(`SELECT 1 FROM pragma_table_info(?) WHERE "name" = ?`, [root.name, Layout.deletedAt]),
    (rows) => rows.length > 0
  )
}

/**
 * Remembers the rows of a page, and the keys of those that were refused: what the table holds of them stays.
 *
 * @since 0.1.0
 * @category combinators
 */
export const remember: (
  connection: Connection,
  opening: Opening,
  into: Prepared,
  page: { readonly rows: ReadonlyArray<FlatRow>; readonly present: ReadonlyArray<ReadonlyArray<SqlValue>> }
) => Effect.Effect<void, SqlError> = Effect.fnUntraced(function* (connection, opening, into, { present, rows }) {
  const all = [...rows.map((row) => keyOf(into.key, row)), ...present]
  if (all.length > 0) yield* Seen.keys(connection, opening, into, all)
})

/**
 * What became of rows that were not brought.
 *
 * @since 0.1.0
 * @category models
 */
export interface Judged {
  readonly deleted: number
  /** Rows are known to be gone, or may be, and stay: the table is not in step with the API. */
  readonly withheld: boolean
  readonly notice: string | undefined
}

/**
 * The end of a whole walk.
 *
 * @since 0.1.0
 * @category combinators
 */
export const complete: (
  connection: Connection,
  opening: Opening,
  into: Prepared,
  now: string
) => Effect.Effect<Judged, SqlError | TableError> = Effect.fnUntraced(function* (connection, opening, into, now) {
  const { mode, maxRatio } = opening.deletes!
  const at = [opening.source, opening.resource]
  const root = into.shape.tables[0]!
  const table = quote(root.name)
  const isLive = into.key.marks === true ? `t.${quote(Layout.deletedAt)} IS NULL` : "true"
  const isAbsent = Seen.absent(Seen.text(keyColumns(into.shape, into.key, 0), "t"))
  const number = (statement: string, parameters: ReadonlyArray<unknown>) =>
    Effect.map(connection.executeValues(statement, parameters), ([row]) => (row ?? []).map((cell) => Number(cell ?? 0)))

  const [live = 0] = yield* number(`SELECT count(*) FROM ${table} AS t WHERE ${isLive}`, [])
  const [came = 0] = yield* number(
    `SELECT count(*) FROM "_sluice_seen" AS s WHERE s."source" = ? AND s."resource" = ?`,
    at
  )
  // Nothing to compare with, and the likeliest reason for an empty list is not that everything is gone.
  if (came === 0) {
    return live === 0 ? nothing : withheld(`no row came, and the table holds ${live}: nothing was deleted`)
  }
  const { isLate, min } = yield* window(connection, opening, into, isAbsent)
  const [gone = 0, aged = 0] = yield* number(
    `SELECT count(*) FILTER (WHERE late), count(*) FILTER (WHERE NOT late)
      FROM (SELECT ifnull(${isLate}, false) AS late FROM ${table} AS t WHERE ${isLive} AND ${isAbsent})`,
    [...min, ...at]
  )
  const there = live - aged
  // 0.29 of 100 is a little less than 29.
  if (gone > maxRatio * there + 1e-9) {
    return withheld(
      `${gone} of ${there} rows did not come any more, and max_delete_ratio (${maxRatio}) allows ${Math.floor(maxRatio * there + 1e-9)}: ` +
        "nothing was deleted; if they are gone indeed, run once with `max_delete_ratio: 1`"
    )
  }
  if (mode === "soft") {
    if (gone === 0) return nothing
    yield* connection.executeRaw(
      `UPDATE ${table} AS t SET ${quote(Layout.deletedAt)} = ?, "_sluice_run" = ? WHERE ${isLive} AND ${isAbsent} AND ${isLate}`,
      [Timestamp.normalise(now) ?? now, opening.run, ...at, ...min]
    )
    return judged(gone, `${rows(gone)} that the API does not have any more: marked in ${Layout.deletedAt}`)
  }
  // Rows that were only marked, under an earlier configuration, were found to be gone then.
  const isOld = into.key.marks === true ? ` OR t.${quote(Layout.deletedAt)} IS NOT NULL` : ""
  yield* connection.executeRaw(`DELETE FROM ${table} AS t WHERE ${isAbsent} AND (${isLate}${isOld})`, [...at, ...min])
  const [deleted = 0] = yield* number("SELECT changes()", [])
  return deleted === 0 ? nothing : judged(deleted, `${rows(deleted)} that the API does not have any more: deleted`)
})

// --- internal ---

const nothing: Judged = { deleted: 0, withheld: false, notice: undefined }
const withheld = (notice: string): Judged => ({ deleted: 0, withheld: true, notice })
const judged = (deleted: number, notice: string): Judged => ({ deleted, withheld: false, notice })
const rows = (count: number) => (count === 1 ? "1 row" : `${count} rows`)

/** Types whose values can be told to come before others as they are stored. */
const ordered: ReadonlySet<string> = new Set(["timestamp", "date", "integer", "real"])

/**
 * The condition that a row of the table is not older than all that came: what is older has left the API's window by its age. One
 * that does not say how old it is stays.
 */
const window: (
  connection: Connection,
  opening: Opening,
  into: Prepared,
  isAbsent: string
) => Effect.Effect<{ readonly isLate: string; readonly min: ReadonlyArray<unknown> }, SqlError | TableError> =
  Effect.fnUntraced(function* (connection, { deletes, resource, source }, into, isAbsent) {
    const field = deletes?.agedBy
    if (field === undefined) return { isLate: "true", min: [] }
    const refused = (detail: string) =>
      new TableError({
        reason: "Constraint",
        resource,
        detail: `deletes.aged_by ${field}: ${detail}; nothing was deleted`
      })
    const root = into.shape.tables[0]!
    const index = Layout.find(into.shape, [field])?.[0]
    if (index === undefined) return yield* refused("no row has had such a field")
    const { name, type } = root.columns[index]!
    if (type === "unknown") return yield* refused("it is null in every row")
    if (!ordered.has(type)) {
      return yield* refused(
        `its values are ${type}, and must be timestamps or numbers; \`columns\` may say that they are`
      )
    }
    const cell = `t.${quote(name)}`
    // What is no date is kept as it is in a column of dates, and sorts anywhere.
    const isValue =
      type === "timestamp" || type === "date" ? `${cell} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'` : "true"
    const [row] = yield* connection.executeValues(
      `SELECT min(${cell}) FROM ${quote(root.name)} AS t WHERE NOT (${isAbsent}) AND ${isValue}`,
      [source, resource]
    )
    return { isLate: `(${cell} >= ? AND ${isValue})`, min: [row?.[0] ?? null] }
  })
