/**
 * Which columns identify a row: the declared key matched to what rows really have, or one inferred from the first page.
 *
 * Stage Row, pure. A key is matched by the field's exact name, then by its normalised name (`id` finds `ID`).
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { PrimaryKey, Resource } from "../Resource.ts"
import type { FlatRow } from "./Flatten.ts"
import * as Name from "./Name.ts"
import { RowError } from "./RowError.ts"
import type { Column } from "./Slots.ts"
import type { SqlValue } from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Key {
  /** Indices into the root table's columns; empty for rows without a key. */
  readonly columns: ReadonlyArray<number>
  /** The fields as the API names them. */
  readonly fields: ReadonlyArray<string>
  /** Guessed from the first page, because the default key does not exist here. */
  readonly inferred: boolean
}

/**
 * The key a table was made with, as its fields.
 *
 * @since 0.1.0
 * @category models
 */
export type Pinned = Pick<Key, "fields" | "inferred">

/**
 * Rows are appended: nothing identifies them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: Key = { columns: [], fields: [], inferred: false }

/**
 * The columns of a key given by field names, or the first field that no column answers to.
 *
 * @since 0.1.0
 * @category combinators
 */
export const match = (
  columns: ReadonlyArray<Pick<Column, "name" | "path">>,
  fields: ReadonlyArray<string>
): Either.Either<ReadonlyArray<number>, string> => {
  const found: Array<number> = []
  for (const field of fields) {
    const exact = columns.findIndex((column) => column.path.join(".") === field)
    const index =
      exact >= 0 ? exact : columns.findIndex((column) => column.name === Name.path(field.replaceAll(".", "__")))
    if (index < 0) return Either.left(field)
    found.push(index)
  }
  return Either.right(found)
}

/**
 * The key of a resource as its first row with one shows it. A default key that is null here may not be this resource's at
 * all, which only the whole first page can tell.
 *
 * @since 0.1.0
 * @category constructors
 */
export const early = (
  declared: PrimaryKey,
  columns: ReadonlyArray<Column>,
  values: ReadonlyArray<SqlValue>
): Key | undefined => {
  const matched = Either.getOrUndefined(match(columns, declared.fields))
  if (matched === undefined) return undefined
  const has = matched.every((index) => (values[index] ?? null) !== null)
  return has || declared.origin === "declared" ? named(columns, matched, false) : undefined
}

/**
 * Whether a resource must have a key: rows that are replaced as a whole, as groups, or kept as versions, can do without one that
 * only came from defaults, and without the risk of a wrong guess.
 *
 * @since 0.1.0
 * @category accessors
 */
export const needed = ({ primaryKey, write }: Pick<Resource, "primaryKey" | "write">): boolean =>
  primaryKey.origin === "declared" ||
  (write.disposition === "merge" && write.strategy !== "scd2" && write.mergeKey.length === 0)

/**
 * The key of a resource none of whose first rows had one, from all of them: inferred, where only defaults gave one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resolve = (
  resource: Pick<Resource, "primaryKey" | "write">,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<FlatRow>
): Either.Either<Key, RowError> => {
  const declared = resource.primaryKey
  if (!needed(resource)) return Either.right(none)
  const inferred = infer(columns, rows)
  if (declared.origin === "default" && inferred[0] !== undefined) return Either.right(named(columns, inferred[0], true))
  const candidates = inferred.map((key) => key.map((index) => columns[index]!.path.join(".")).join(" + "))
  const seen =
    candidates.length > 0
      ? `candidates seen on the first page: ${candidates.slice(0, 5).join(", ")}`
      : `no field of the first page is unique and never null; its fields: ${columns
          .map(({ path }) => path.join("."))
          .slice(0, 20)
          .join(", ")}`
  const missing = declared.fields.find((field) => Either.isLeft(match(columns, [field])))
  const what = missing === undefined ? "no row has all of it" : `no row has a field ${JSON.stringify(missing)}`
  return Either.left(
    new RowError({ reason: "KeyMissing", detail: `primary_key ${declared.fields.join(", ")}: ${what}; ${seen}` })
  )
}

/**
 * The key as far as it is known before any row: none for rows that are appended, the one the table was made with, or the
 * declared one where a schema already has its columns. Throws a `RowError` when the declared key is not the table's.
 *
 * @since 0.1.0
 * @category constructors
 */
export const known = (
  resource: Pick<Resource, "primaryKey" | "write">,
  columns: ReadonlyArray<Column>,
  pinned: Pinned | undefined
): Key | undefined => {
  const { fields, origin } = resource.primaryKey
  const appends = resource.write.disposition === "append" || fields.length === 0
  // A column that is only named has no type yet, and as part of a key could get none any more.
  const matched = Option.filter(Either.getRight(match(columns, fields)), (found) =>
    found.every((index) => columns[index]!.type !== "unknown")
  )
  const declared = appends ? none : Option.getOrUndefined(Option.map(matched, (found) => named(columns, found, false)))
  const own = pinned === undefined ? undefined : Either.getOrUndefined(match(columns, pinned.fields))
  if (pinned === undefined || own === undefined) return declared
  if (own.length === 0 && !needed(resource)) return none
  const isSame = declared !== undefined && declared.columns.join() === own.join()
  if (isSame && origin === "declared") return declared
  const comesOrGoes = appends !== (own.length === 0)
  if (!isSame && (comesOrGoes || origin === "declared")) {
    const name = (key: ReadonlyArray<string>) => (key.length === 0 ? "none (rows are appended)" : key.join(", "))
    throw new RowError({
      reason: "KeyChanged",
      detail:
        `the table was made with the primary key ${name(pinned.fields)}, the configuration now says ` +
        `${name(declared?.fields ?? fields)}; choose another table_name, or drop the table and reset its state`
    })
  }
  return named(columns, own, pinned.inferred)
}

// --- internal ---

const named = (columns: ReadonlyArray<Column>, indices: ReadonlyArray<number>, inferred: boolean): Key => ({
  columns: indices,
  fields: indices.map((index) => columns[index]!.path.join(".")),
  inferred
})

/** Best first: single fields, then pairs, each by how much its name looks like a key. */
const infer = (columns: ReadonlyArray<Column>, all: ReadonlyArray<FlatRow>): ReadonlyArray<ReadonlyArray<number>> => {
  if (all.length === 0) return []
  // A row that came twice is one row.
  const rows = [...new Map(all.map((row) => [row.digest, row])).values()]
  const usable = columns
    .map((column, index) => ({ column, index, rank: rank(column.name) }))
    .filter(
      ({ column, index }) => keyTypes.has(column.type) && rows.every((row) => (row.values[index] ?? null) !== null)
    )
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ index }) => index)
  const singles = usable.filter((index) => unique(rows, [index])).map((index) => [index])
  if (singles.length > 0) return singles
  const pairs = usable.slice(0, maxPairFields).flatMap((a, i, all) => all.slice(i + 1).map((b) => [a, b]))
  return pairs.filter((pair) => unique(rows, pair))
}

/** 20 fields make 190 pairs, each tried on one page of rows. */
const maxPairFields = 20
const keyTypes = new Set(["text", "integer"])

const rank = (name: string): number => {
  const last = name.split("__").at(-1) ?? name
  const order = [
    last === "id" && last === name,
    last.endsWith("_id") || last === "id",
    last === "guid",
    last === "uuid",
    last === "key",
    last === "name"
  ]
  const at = order.indexOf(true)
  return at < 0 ? order.length : at
}

const unique = (rows: ReadonlyArray<FlatRow>, key: ReadonlyArray<number>): boolean =>
  new Set(rows.map((row) => identity(key.map((index) => row.values[index] ?? null)))).size === rows.length

/**
 * One text per key value, equal exactly when SQLite holds the values for the same key.
 *
 * @since 0.1.0
 * @category accessors
 */
export const identity = (values: ReadonlyArray<SqlValue>): string =>
  values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))
