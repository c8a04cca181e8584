/**
 * The SQL that makes and grows a resource's tables, from the shape its rows have taken.
 *
 * Stage Table, pure: text in, text out. STRICT tables; the root has the key, `_sluice_run` and `_sluice_hash`; a child table
 * has its parent's key columns, `_idx` and a foreign key that cascades. Runs nothing.
 */
import * as Shape from "../Row/Shape.ts"
import { storage } from "../Row/Value.ts"
import { deletedAt, type Layout } from "./Layout.ts"

/**
 * An identifier, quoted: names may be keywords (`from`) or hold anything.
 *
 * @since 0.1.0
 * @category combinators
 */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Columns that identify a row of a table, in order: the key of the root, or parent key and position.
 *
 * @since 0.1.0
 * @category accessors
 */
export const keyColumns = (shape: Shape.Shape, key: Layout, table: number): ReadonlyArray<string> => {
  const { columns, parent } = shape.tables[table]!
  if (parent >= 0) return [...parentColumns(shape, key, table), "_idx"]
  return key.columns.length === 0 ? ["_sluice_id"] : key.columns.map((index) => columns[index]!.name)
}

/**
 * A child table's references to its parent: `_parent_` and the parent's own key columns.
 *
 * @since 0.1.0
 * @category accessors
 */
export const parentColumns = (shape: Shape.Shape, key: Layout, table: number): ReadonlyArray<string> =>
  keyColumns(shape, key, shape.tables[table]!.parent).map((name) => `_parent_${name}`)

/**
 * Every column a row of a table is written with, in the order the merge binds them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const boundColumns = (shape: Shape.Shape, key: Layout, table: number): ReadonlyArray<string> => {
  const data = shape.tables[table]!.columns.map(({ name }) => name)
  if (shape.tables[table]!.parent >= 0) return [...keyColumns(shape, key, table), ...data]
  const life = key.history === undefined ? [] : [key.history.validFrom, key.history.validTo]
  const mark = key.marks === true ? [deletedAt] : []
  return [...(key.columns.length === 0 ? ["_sluice_id"] : []), ...data, "_sluice_run", "_sluice_hash", ...life, ...mark]
}

/**
 * `CREATE TABLE` for one table of a shape.
 *
 * @since 0.1.0
 * @category constructors
 */
export const create = (shape: Shape.Shape, key: Layout, table: number): string => {
  const { columns, name, parent } = shape.tables[table]!
  const keys = keyColumns(shape, key, table)
  const isKey = new Set(keys)
  const lines = columns.map(
    (column) => `  ${quote(column.name)} ${storage(column.type)}${isKey.has(column.name) ? " NOT NULL" : ""}`
  )
  if (parent < 0) {
    const id = key.columns.length === 0 ? [`  "_sluice_id" INTEGER NOT NULL`] : []
    const own = [`  "_sluice_run" TEXT NOT NULL`, `  "_sluice_hash" INTEGER NOT NULL`]
    if (key.history !== undefined)
      own.push(`  ${quote(key.history.validFrom)} TEXT NOT NULL`, `  ${quote(key.history.validTo)} TEXT`)
    if (key.marks === true) own.push(`  ${quote(deletedAt)} TEXT`)
    return `CREATE TABLE ${quote(name)} (\n${[...id, ...lines, ...own, `  PRIMARY KEY (${list(keys)})`].join(",\n")}\n) STRICT`
  }
  const parents = parentColumns(shape, key, table)
  const types = referenceTypes(shape, key, table)
  const head = keys.map((column, i) => `  ${quote(column)} ${types[i] ?? "INTEGER"} NOT NULL`)
  const foreign =
    `  FOREIGN KEY (${list(parents)}) REFERENCES ${quote(shape.tables[parent]!.name)} ` +
    `(${list(keyColumns(shape, key, parent))}) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED`
  // DEFERRED: a statement of many rows that may still break a reference keeps a copy of every database page it touches.
  // WITHOUT ROWID: the primary key is the table itself, so that a list's rows lie together and are stored once.
  return `CREATE TABLE ${quote(name)} (\n${[...head, ...lines, `  PRIMARY KEY (${list(keys)})`, foreign].join(",\n")}\n) STRICT, WITHOUT ROWID`
}

/**
 * Whether what leads from one shape to a later one drops columns or whole tables: what refers to them must step aside.
 *
 * @since 0.1.0
 * @category accessors
 */
export const rewrites = (before: Shape.Shape | undefined, after: Shape.Shape): boolean =>
  before?.tables.some((table, t) =>
    table.columns.some((column, c) => storage(column.type) !== storage(after.tables[t]!.columns[c]!.type))
  ) === true

/**
 * Makes an index that sluice itself looks rows up by.
 *
 * @since 0.1.0
 * @category constructors
 */
export const index = (table: string, columns: ReadonlyArray<string>): string =>
  `CREATE INDEX IF NOT EXISTS ${quote(`_sluice_${table}.${columns.join(",")}`)} ON ${quote(table)} (${list(columns)})`

/**
 * Gives a table that is there the column in which rows are marked as gone.
 *
 * @since 0.1.0
 * @category constructors
 */
export const mark = (table: string): string => `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(deletedAt)} TEXT`

/**
 * What leads from one shape to a later one: new tables, new columns, columns whose storage became wider.
 *
 * @since 0.1.0
 * @category constructors
 */
export const evolve = (before: Shape.Shape | undefined, after: Shape.Shape, key: Layout): ReadonlyArray<string> => {
  if (before === undefined || !keyWidened(before, after, key)) return grow(before, after, key)
  const same = widened(before, after)
  return [...rebuild(same, key), ...grow(same, after, key)]
}

// --- internal ---

const grow = (before: Shape.Shape | undefined, after: Shape.Shape, key: Layout): ReadonlyArray<string> =>
  after.tables.flatMap((table, index) => {
    const old = before?.tables[index]
    if (old === undefined) return [create(after, key, index)]
    return table.columns.flatMap((column, at) => {
      const was = old.columns[at]
      const add = (name: string) => `ALTER TABLE ${quote(table.name)} ADD COLUMN ${quote(name)} ${storage(column.type)}`
      if (was === undefined) return [add(column.name)]
      if (storage(was.type) === storage(column.type)) return []
      return [
        add(temporary),
        // Of a column never seen but null there is nothing to carry over.
        ...(was.type === "unknown"
          ? []
          : [
              `UPDATE ${quote(table.name)} SET ${quote(temporary)} = CAST(${quote(column.name)} AS ${storage(column.type)}) ` +
                `WHERE ${quote(column.name)} IS NOT NULL`
            ]),
        `ALTER TABLE ${quote(table.name)} DROP COLUMN ${quote(column.name)}`,
        `ALTER TABLE ${quote(table.name)} RENAME COLUMN ${quote(temporary)} TO ${quote(column.name)}`
      ]
    })
  })

const keyWidened = (before: Shape.Shape, after: Shape.Shape, key: Layout): boolean =>
  key.columns.some((index) => {
    const was = before.tables[0]!.columns[index]
    return was !== undefined && storage(was.type) !== storage(after.tables[0]!.columns[index]!.type)
  })

/** The tables and columns there are, with the types there will be. */
const widened = (before: Shape.Shape, after: Shape.Shape): Shape.Shape => ({
  tables: before.tables.map((table, t) => ({
    ...table,
    columns: table.columns.map((column, c) => ({ ...column, type: after.tables[t]!.columns[c]!.type }))
  }))
})

/**
 * SQLite changes no column of a primary key, so every table that holds the key is made anew beside the old one, filled (a
 * STRICT table converts integers to its text without loss), and takes its name.
 */
const rebuild = (shape: Shape.Shape, key: Layout): ReadonlyArray<string> => {
  const named: Shape.Shape = { tables: shape.tables.map((table, t) => ({ ...table, name: `${temporary}_${t}` })) }
  const tables = shape.tables.map(({ name }, t) => ({ name, t, made: named.tables[t]!.name }))
  return [
    ...tables.flatMap(({ made, name, t }) => {
      const columns = list(boundColumns(shape, key, t))
      return [create(named, key, t), `INSERT INTO ${quote(made)} (${columns}) SELECT ${columns} FROM ${quote(name)}`]
    }),
    // Children first: a parent that is dropped would take their rows along.
    ...tables.toReversed().map(({ name }) => `DROP TABLE ${quote(name)}`),
    ...tables.map(({ made, name }) => `ALTER TABLE ${quote(made)} RENAME TO ${quote(name)}`)
  ]
}

const temporary = "_sluice_wider"

const list = (names: ReadonlyArray<string>) => names.map(quote).join(", ")

/** Storage of the `_parent_…` columns of a table, the root's key first; positions in between are integers. */
const referenceTypes = (shape: Shape.Shape, key: Layout, table: number): ReadonlyArray<string> => {
  const root = shape.tables[0]!.columns
  const own = key.columns.length === 0 ? ["INTEGER"] : key.columns.map((index) => storage(root[index]!.type))
  return [...own, ...Array.from({ length: Shape.depth(shape, table) - 1 }, () => "INTEGER")]
}
