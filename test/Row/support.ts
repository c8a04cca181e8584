/** Rows through stage Row, and what came out in a form that reads well in a test. */
import { Either } from "effect"
import { Resource, Row, SinglePage } from "sluice"
import type { FlatRow } from "../../src/Row/Flatten.ts"
import type { Pinned } from "../../src/Row/Key.ts"
import * as Shape from "../../src/Row/Shape.ts"
import type { SqlValue } from "../../src/Row/Value.ts"

export type Options = Partial<Resource.Options>

export const resource = (options: Options = {}): Resource.Resource =>
  Resource.make({ name: "t", path: "/t", paginator: SinglePage.make(), ...options })

export const compile = (options: Options = {}, saved?: Row.Saved, needed?: ReadonlyArray<string>): Row.Compiled =>
  Either.getOrThrowWith(Row.make().compile(resource(options), saved, needed), (error) => error)

/** A page, with the `RowError` thrown that it may be. */
export const page = (compiled: Row.Compiled, rows: ReadonlyArray<unknown>): Row.Batch =>
  Either.getOrThrowWith(compiled.page(rows), (error) => error)

export const batch = (rows: ReadonlyArray<unknown>, options: Options = {}): Row.Batch => page(compile(options), rows)

/** Why a page as a whole is refused. */
export const failure = (rows: ReadonlyArray<unknown>, options: Options = {}): string =>
  Either.match(
    Either.flatMap(Row.make().compile(resource(options)), (compiled) => compiled.page(rows)),
    {
      onLeft: ({ detail, reason }) => `${reason}: ${detail}`,
      onRight: () => "no failure"
    }
  )

/** Why the last row of a page is refused, while the others are not. */
export const refusal = (rows: ReadonlyArray<unknown>, options: Options = {}): string => {
  const { rejects, rows: kept } = batch(rows, options)
  return kept.length === rows.length - 1 && rejects.length === 1 ? rejects[0]!.reason : "not one refusal"
}

/** What the database would hand back after the page: plain JSON. */
export const saved = ({ key, shape }: Row.Batch): Row.Saved => ({
  shape: JSON.parse(JSON.stringify(shape)) as Shape.Shape,
  key: key === undefined ? undefined : ({ fields: key.fields, inferred: key.inferred } satisfies Pinned)
})

/** `{ table: { column: type } }`; `!` marks a declared column, `*` one that has held an integer beyond 2^53. */
export const columns = (shape: Shape.Shape): Record<string, Record<string, string>> =>
  Object.fromEntries(
    shape.tables.map((table) => [
      table.name,
      Object.fromEntries(
        table.columns.map(({ declared, exact, name, type }) => [
          name,
          `${type}${declared ? "!" : ""}${exact === true ? "*" : ""}`
        ])
      )
    ])
  )

type Cells = Record<string, SqlValue>

/** Every row of every table by column; `at` is where a child row stood in the lists above it, root row first. */
export const cells = ({ rows, shape }: Pick<Row.Batch, "rows" | "shape">): Record<string, ReadonlyArray<Cells>> => {
  const tables: Record<string, Array<Cells>> = Object.fromEntries(shape.tables.map(({ name }) => [name, []]))
  const take = (table: number, values: FlatRow["values"], offset: number, at: string) => {
    const { columns, name } = shape.tables[table]!
    const named = columns.map((column, i) => [column.name, values[offset + i] ?? null] as const)
    const seen = named.filter(([, value]) => value !== null)
    tables[name]!.push({ ...(at === "" ? {} : { at }), ...Object.fromEntries(seen) })
  }
  rows.forEach((row, i) => {
    take(0, row.values, 0, "")
    for (const child of row.children) {
      const depth = Shape.depth(shape, child.table)
      take(child.table, child.values, depth, [i, ...child.values.slice(0, depth)].join("."))
    }
  })
  return tables
}

export const digest = (row: unknown, options: Options = {}, before: ReadonlyArray<unknown> = []): number =>
  batch([...before, row], options).rows.at(-1)!.digest
