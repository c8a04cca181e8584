/**
 * A source's tables as TypeScript and as SQL. The tables are made in an SQLite in memory and read back, so that what is said of
 * them is what SQLite says.
 */
import * as Effect from "effect/Effect"
import * as Key from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import * as CatalogTable from "../Table/Catalog.ts"
import * as Ddl from "../Table/Ddl.ts"
import * as Driver from "../Table/Driver.ts"
import * as Deletes from "../Table/Deletes.ts"
import * as Layout from "../Table/Layout.ts"
import * as TableError from "../Table/TableError.ts"
import * as Types from "../Types.ts"
import type * as Blueprint from "./Blueprint.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const types = (
  blueprints: ReadonlyArray<Blueprint.Blueprint>,
  options: { readonly source: string; readonly command: string }
): Effect.Effect<string, TableError.TableError, Driver.Driver> =>
  Effect.map(Effect.forEach(blueprints, tables), (lists) => Types.render(lists.flat(), options))

/**
 * @since 0.1.0
 * @category combinators
 */
export const ddl = (blueprints: ReadonlyArray<Blueprint.Blueprint>, source: string): string =>
  [
    `-- Tables of ${source}. sluice makes them itself; this is for reading, and for tools that want them early.`,
    ...blueprints.map((blueprint) => {
      const { create, key, problem, resource, shape, table } = blueprint
      const heading = `-- ${resource.name}`
      if (problem !== undefined) return `${heading}: not known, ${line(problem.message)}`
      if (shape === undefined) return `${heading}: not stored`
      if (key === undefined) return `${heading}: the table ${line(table)} comes with its first rows, which show its key`
      return [heading, ...create.map((statement) => `${statement};`)].join("\n")
    })
  ].join("\n\n")

// --- internal ---

const line = (text: string) => text.replaceAll(/\s+/g, " ")

const tables = (
  blueprint: Blueprint.Blueprint
): Effect.Effect<ReadonlyArray<Types.Table>, TableError.TableError, Driver.Driver> => {
  const { create, key, resource, shape } = blueprint
  if (shape === undefined || shape.tables[0]!.columns.length === 0) return Effect.succeed([])
  if (key !== undefined) return read(resource.name, shape, create)
  // What identifies its rows is not known, and so neither is how child rows refer to them.
  const root: Shape.Shape = { tables: shape.tables.slice(0, 1) }
  return Effect.map(
    read(
      resource.name,
      root,
      Ddl.evolve(undefined, root, Layout.make(resource.write, Key.none, Deletes.marks(resource, false).wanted))
    ),
    (tables) =>
      tables.map((table) => ({
        ...table,
        columns: table.columns.filter(({ name }) => name !== "_sluice_id"),
        note: "Its key and the columns that are not declared come with the first rows."
      }))
  )
}

const read = (resource: string, shape: Shape.Shape, statements: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const driver = yield* Driver.Driver
    const sql = yield* driver.open({ filename: ":memory:" })
    yield* Effect.scoped(
      Effect.flatMap(sql.reserve, (connection) =>
        Effect.forEach(statements, (statement) => connection.executeRaw(statement, []), { discard: true })
      )
    ).pipe(TableError.refail({ resource, otherwise: "Schema", doing: "making the tables in memory" }))
    const found = yield* CatalogTable.read(
      sql,
      shape.tables.map(({ name }) => name)
    )
    return found.map((table): Types.Table => ({
      ...table,
      resource,
      known: shape.tables.find(({ name }) => name === table.name)?.columns ?? []
    }))
  }).pipe(Effect.scoped)
