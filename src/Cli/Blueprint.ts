/**
 * The tables of a source before any request: what is declared, laid over what a database knows already, as SQL.
 *
 * Uses stage Row to compile and stage Table to write SQL, as a sync does. Runs nothing and never writes.
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Resource } from "../Resource.ts"
import * as Row from "../Row.ts"
import type * as Key from "../Row/Key.ts"
import * as Name from "../Row/Name.ts"
import type { RowError } from "../Row/RowError.ts"
import type * as Shape from "../Row/Shape.ts"
import type { Source } from "../Source.ts"
import * as Ddl from "../Table/Ddl.ts"
import * as Deletes from "../Table/Deletes.ts"
import type * as Driver from "../Table/Driver.ts"
import * as Layout from "../Table/Layout.ts"
import * as State from "../Table/State.ts"
import { refail, TableError } from "../Table/TableError.ts"
import * as File from "./File.ts"
import * as Ledger from "./Ledger.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Blueprint {
  readonly resource: Resource
  /** Name of the root table. */
  readonly table: string
  /** `undefined` where rows are not stored at all. */
  readonly shape: Shape.Shape | undefined
  /** `undefined` until the first rows show what the key is: then no table is made before them. */
  readonly key: Key.Key | undefined
  /** Makes the tables in an empty database. */
  readonly create: ReadonlyArray<string>
  /** What the next sync would run before its first page. */
  readonly change: ReadonlyArray<string>
  readonly state: State.State | undefined
  /** Why the resource cannot be synced into this database. */
  readonly problem: RowError | undefined
}

/**
 * What a database knows of a source; `undefined` when there is no such file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const states = (
  file: string,
  source?: string
): Effect.Effect<
  ReadonlyArray<State.State> | undefined,
  TableError,
  Driver.Driver | FileSystem.FileSystem | Path.Path
> =>
  Effect.gen(function* () {
    if (!(yield* File.exists(file))) return undefined
    const sql = yield* Ledger.open(file)
    return (yield* Ledger.hasTable(sql, "_sluice_state")) ? yield* State.read(sql, source) : []
  }).pipe(refail({ file, doing: "reading the state" }), Effect.scoped)

/**
 * The same of a file that has to be there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const statesOf = (
  file: string,
  source?: string
): Effect.Effect<ReadonlyArray<State.State>, TableError, Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const sql = yield* Ledger.open(file)
    if (yield* Ledger.hasTable(sql, "_sluice_state")) return yield* State.read(sql, source)
    return yield* new TableError({ reason: "Schema", file, detail: "no sync has written to this database" })
  }).pipe(refail({ file, doing: "reading the state" }), Effect.scoped)

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (source: Source, states: ReadonlyArray<State.State>): ReadonlyArray<Blueprint> => {
  const row = Row.make()
  return source.resources.map((resource) =>
    one(
      row,
      resource,
      states.find((state) => state.resource === resource.name)
    )
  )
}

// --- internal ---

const one = (row: Row.Row["Type"], resource: Resource, state: State.State | undefined): Blueprint => {
  const table = Name.path(resource.table)
  const nothing = {
    resource,
    table,
    shape: undefined,
    key: undefined,
    create: [],
    change: [],
    state,
    problem: undefined
  }
  if (!resource.selected || resource.write.disposition === "skip") return nothing
  const before = state?.shape?.tables[0]?.name === table ? state.shape : undefined
  const key =
    before === undefined || state?.primaryKey === undefined
      ? undefined
      : { fields: state.primaryKey, inferred: state.primaryKeyInferred }
  const marks = Deletes.marks(resource, before !== undefined && state?.marks === true)
  const declared = Either.flatMap(row.compile(resource, { shape: before, key }), (compiled) => compiled.page([]))
  return Either.match(declared, {
    onLeft: (problem) => ({ ...nothing, problem }),
    onRight: (batch) => ({
      ...nothing,
      shape: batch.shape,
      key: batch.key,
      create: statements(resource, undefined, batch, marks.wanted),
      change: [
        ...(before !== undefined && marks.wanted && !marks.there ? [Ddl.mark(table)] : []),
        ...(batch.shape === before ? [] : statements(resource, before, batch, marks.wanted))
      ]
    })
  })
}

const statements = (resource: Resource, before: Shape.Shape | undefined, { key, shape }: Row.Batch, marks: boolean) => {
  if (key === undefined) return []
  const lookups = before === undefined ? Layout.lookups(shape, key, resource.write) : []
  return [
    ...Ddl.evolve(before, shape, Layout.make(resource.write, key, marks)),
    ...lookups.map((columns) => Ddl.index(shape.tables[0]!.name, columns))
  ]
}
