/**
 * Lets a resource's tables grow to the shape its rows have taken, on a connection that is inside a transaction.
 *
 * Stage Table. Where a column or a whole table has to be made anew, views, triggers and indexes that others made step aside for
 * the moment and come back as they were. Refuses tables that are somebody else's, or were made for another kind of writing.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Key } from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import type { Opening } from "../Table.ts"
import * as Ddl from "./Ddl.ts"
import { boundColumns, evolve, index, keyColumns, quote, rewrites } from "./Ddl.ts"
import type * as Deletes from "./Deletes.ts"
import * as Layout from "./Layout.ts"
import * as Replace from "./Replace.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const alter: (
  connection: Connection,
  opening: Opening,
  change: {
    readonly before: Shape.Shape | undefined
    readonly after: Shape.Shape
    readonly key: Key
    readonly marks: Deletes.Marks
    /** The first one in this run. */
    readonly isFirst: boolean
    readonly now: string
  }
) => Effect.Effect<void, SqlError | TableError.TableError> = Effect.fnUntraced(function* (
  connection,
  opening,
  { after, before, isFirst, key, marks, now }
) {
  const layout = Layout.make(opening.write, key, marks.wanted)
  if (before !== undefined && isFirst) {
    yield* check(connection, opening, before, Layout.make(opening.write, key, marks.there))
    if (marks.wanted && !marks.there) yield* execute(connection, opening, Ddl.mark(before.tables[0]!.name))
  }
  if (before !== after) {
    yield* refuse(connection, opening, before, after, layout)
    const beside = opening.write.disposition === "replace" && (yield* Replace.isThere(connection, after))
    yield* aside(
      connection,
      rewrites(before, after) ? after.tables.map(({ name }) => name) : [],
      Effect.forEach(evolve(before, after, layout), (statement) => execute(connection, opening, statement), {
        discard: true
      })
    )
    if (beside) yield* Replace.grow(connection, before, after, layout)
    yield* note(connection, opening, { shape: JSON.stringify(after), now, isGrown: before !== undefined })
  }
  if (before !== after || isFirst) {
    for (const columns of Layout.lookups(after, key, opening.write)) {
      yield* execute(connection, opening, index(after.tables[0]!.name, columns))
    }
  }
})

// --- internal ---

/** A version for each run that changed the shape: one for each page would hold all of its columns again, a thousand times over. */
const note = (
  connection: Connection,
  { resource, run, source }: Opening,
  { isGrown, now, shape }: { readonly shape: string; readonly now: string; readonly isGrown: boolean }
) =>
  Effect.gen(function* () {
    const of = [source, resource]
    if (isGrown) {
      yield* connection.executeRaw(
        `UPDATE "_sluice_schema" SET "shape" = ?, "created_at" = ? WHERE "source" = ? AND "resource" = ? AND "run" = ?
          AND "version" = (SELECT max("version") FROM "_sluice_schema" WHERE "source" = ? AND "resource" = ?)`,
        [shape, now, ...of, run, ...of]
      )
      const [row] = yield* connection.executeValues("SELECT changes()", [])
      if (Number(row?.[0]) > 0) return
    }
    yield* connection.executeRaw(
      `INSERT INTO "_sluice_schema" ("source", "resource", "version", "shape", "run", "created_at")
        SELECT ?, ?, coalesce(max("version"), 0) + 1, ?, ?, ? FROM "_sluice_schema" WHERE "source" = ? AND "resource" = ?`,
      [...of, shape, run, now, ...of]
    )
  })

const execute = (connection: Connection, { resource }: Opening, statement: string) =>
  connection
    .executeRaw(statement, [])
    .pipe(TableError.refail({ resource, otherwise: "Schema", doing: statement.split("\n")[0]!.slice(0, 120) }))

/** Tables to come whose names are taken, and columns of versions whose names are. */
const refuse = (
  connection: Connection,
  { resource }: Opening,
  before: Shape.Shape | undefined,
  after: Shape.Shape,
  { history }: Layout.Layout
) =>
  Effect.gen(function* () {
    const refused = (detail: string) => new TableError.TableError({ reason: "Schema", resource, detail })
    for (const name of history === undefined ? [] : [history.validFrom, history.validTo]) {
      if (after.tables[0]!.columns.some((column) => column.name === name)) {
        return yield* refused(
          `the rows have a field that becomes the column ${name}, which says how long a version of a row is valid; ` +
            "choose other validity_column_names"
        )
      }
    }
    const made = new Set(before?.tables.map(({ name }) => name))
    for (const { name } of after.tables) {
      if (made.has(name)) continue
      const foreign = yield* connection.executeValues(`SELECT type FROM sqlite_master WHERE lower(name) = lower(?)`, [
        name
      ])
      if (foreign[0] !== undefined) {
        return yield* refused(
          `a ${foreign[0][0]} named ${name} is there already and is not this resource's; choose another table_name or file`
        )
      }
    }
  })

/** A table of versions is laid out otherwise than one of rows, and no data can be carried from one to the other unasked. */
const check = (connection: Connection, { resource }: Opening, shape: Shape.Shape, layout: Layout.Layout) =>
  Effect.gen(function* () {
    const table = shape.tables[0]!.name
    const found = yield* connection.executeValues(
      `SELECT "name", "notnull" = 1 AND "dflt_value" IS NULL FROM pragma_table_info(?)`,
      [table]
    )
    const needed = [...keyColumns(shape, layout, 0), ...boundColumns(shape, layout, 0)]
    const names = new Set(found.map(([name]) => String(name)))
    if (found.length === 0) {
      return yield* new TableError.TableError({
        reason: "Schema",
        resource,
        detail: `the table ${table} is not there any more; reset the resource's state, and the next sync makes it anew`
      })
    }
    const fits =
      needed.every((name) => names.has(name)) &&
      found.every(([name, required]) => Number(required) === 0 || needed.includes(String(name)))
    if (!fits) {
      return yield* new TableError.TableError({
        reason: "Schema",
        resource,
        detail:
          `the table ${table} was made for another write disposition; choose another table_name, ` +
          "or drop the table and reset the resource's state"
      })
    }
  })

/**
 * SQLite drops no column that an index, a view or a trigger names, and no view may miss a table while another one is renamed.
 * Nothing in here is seen by others before the commit.
 */
const aside = <E>(
  connection: Connection,
  tables: ReadonlyArray<string>,
  change: Effect.Effect<void, E>
): Effect.Effect<void, E | SqlError> =>
  tables.length === 0
    ? change
    : Effect.gen(function* () {
        const found = yield* connection.executeValues(
          `SELECT "type", "name", "sql" FROM sqlite_master WHERE "sql" IS NOT NULL AND ("type" IN ('view', 'trigger')
            OR "type" = 'index' AND "tbl_name" IN (SELECT "value" FROM json_each(?)))
            ORDER BY CASE "type" WHEN 'trigger' THEN 0 WHEN 'view' THEN 1 ELSE 2 END, "rowid"`,
          [JSON.stringify(tables)]
        )
        for (const [type, name] of found) {
          yield* connection.executeRaw(`DROP ${String(type)} IF EXISTS ${quote(String(name))}`, [])
        }
        yield* change
        const views = found.filter(([type]) => type === "view")
        const others = found.filter(([type]) => type !== "view")
        // Triggers last: one may stand on a view.
        for (const [, , sql] of [...views, ...others.toReversed()]) yield* connection.executeRaw(String(sql), [])
      })
