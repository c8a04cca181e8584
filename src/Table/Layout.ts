/**
 * How the table of a resource is laid out beside its data: what identifies a row, whether rows are versions, which indexes help.
 *
 * Stage Table, pure. A resource by `scd2` keeps numbered versions, whatever its key; any other one is laid out by its key.
 */
import * as Either from "effect/Either"
import type { Write } from "../Resource/Write.ts"
import * as Key from "../Row/Key.ts"
import * as Name from "../Row/Name.ts"
import type * as Shape from "../Row/Shape.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Layout {
  /** Indices of the root's columns that are its primary key; empty where rows are numbered. */
  readonly columns: ReadonlyArray<number>
  /** The columns of a version's life, where rows are versions. */
  readonly history?: History | undefined
  /** Rows that are gone are marked, in a column of their own. */
  readonly marks?: boolean | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface History {
  readonly validFrom: string
  readonly validTo: string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (write: Write, key: Pick<Key.Key, "columns">, marks = false): Layout =>
  versioned(write)
    ? {
        columns: [],
        history: { validFrom: Name.path(write.history.validFrom), validTo: Name.path(write.history.validTo) }
      }
    : { columns: key.columns, ...(marks ? { marks } : {}) }

/**
 * When a row was found to be gone; null while it is there.
 *
 * @since 0.1.0
 * @category defaults
 */
export const deletedAt = "_sluice_deleted_at"

/**
 * Whether rows are kept as versions.
 *
 * @since 0.1.0
 * @category accessors
 */
export const versioned = ({ disposition, strategy }: Write): boolean => disposition === "merge" && strategy === "scd2"

/**
 * The fields that rows are removed, or retired, by as a group.
 *
 * @since 0.1.0
 * @category accessors
 */
export const mergeKey = ({ disposition, mergeKey, strategy }: Write): ReadonlyArray<string> =>
  disposition === "merge" && (strategy === "delete-insert" || strategy === "scd2") ? mergeKey : []

/**
 * Columns of the root by the fields' names; `undefined` while not all of them have been seen.
 *
 * @since 0.1.0
 * @category accessors
 */
export const find = (shape: Shape.Shape, fields: ReadonlyArray<string>): ReadonlyArray<number> | undefined =>
  fields.length === 0 ? undefined : Either.getOrUndefined(Key.match(shape.tables[0]!.columns, fields))

/**
 * Groups of columns of the root that rows are looked up by, beside its primary key.
 *
 * @since 0.1.0
 * @category accessors
 */
export const lookups = (
  shape: Shape.Shape,
  key: Pick<Key.Key, "columns">,
  write: Write
): ReadonlyArray<ReadonlyArray<string>> => {
  const names = (columns: ReadonlyArray<number> = []) => columns.map((index) => shape.tables[0]!.columns[index]!.name)
  const group = names(find(shape, mergeKey(write)))
  const all = versioned(write) ? [group, ["_sluice_hash"], names(key.columns)] : [group]
  return all.filter((columns) => columns.length > 0)
}
