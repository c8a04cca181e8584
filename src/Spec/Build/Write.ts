/**
 * Keys, columns, `write_disposition` and `schema_contract` of a configuration → what `Resource` declares of its table.
 *
 * The hints of single columns count as if they stood beside: `primary_key: true` is part of the primary key.
 */
import type { Column } from "../../Resource/Column.ts"
import type * as Contract from "../../Resource/Contract.ts"
import type * as Deletes from "../../Resource/Deletes.ts"
import type * as ResourceWrite from "../../Resource/Write.ts"
import * as Name from "../../Row/Name.ts"
import type { Merged } from "../Defaults.ts"
import type * as Grammar from "../Grammar/Column.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const primaryKey = (merged: Pick<Merged, "primary_key" | "columns">): ReadonlyArray<string> =>
  union(list(merged.primary_key), hinted(merged, "primary_key"))

/**
 * @since 0.1.0
 * @category accessors
 */
export const mergeKey = (merged: Pick<Merged, "merge_key" | "columns">): ReadonlyArray<string> =>
  union(list(merged.merge_key), hinted(merged, "merge_key"))

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  merged: Pick<Merged, "write_disposition" | "merge_key" | "columns">
): ResourceWrite.Options & { readonly disposition: ResourceWrite.Write["disposition"] } => {
  const value = merged.write_disposition ?? "append"
  const long = typeof value === "string" ? { disposition: value } : value
  const keys = mergeKey(merged)
  const sorted = Object.entries(merged.columns).find(([, column]) => column.dedup_sort != null)
  return {
    disposition: long.disposition,
    ...(long.strategy == null ? {} : { strategy: long.strategy }),
    deduplicated: long.deduplicated ?? false,
    mergeKey: keys,
    hardDelete: hinted(merged, "hard_delete")[0],
    dedupSort: sorted === undefined ? undefined : { field: sorted[0], order: sorted[1].dedup_sort ?? "asc" },
    history: {
      ...(long.validity_column_names == null
        ? {}
        : { validFrom: long.validity_column_names[0], validTo: long.validity_column_names[1] }),
      activeTimestamp: long.active_record_timestamp ?? null,
      boundaryTimestamp: long.boundary_timestamp ?? undefined,
      rowVersion: long.row_version_column_name ?? undefined
    }
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const deletes = ({
  deletes,
  max_delete_ratio: ratio
}: Pick<Merged, "deletes" | "max_delete_ratio">): Deletes.Options => ({
  mode: (typeof deletes === "string" ? deletes : deletes?.mode) ?? "ignore",
  agedBy: typeof deletes === "string" ? undefined : (deletes?.aged_by ?? undefined),
  ...(ratio == null ? {} : { maxRatio: ratio })
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const columns = (merged: Pick<Merged, "columns">): ReadonlyArray<Column> =>
  Object.entries(merged.columns).map(([name, column]) => ({
    name,
    dataType: column.data_type ?? undefined,
    nullable: column.nullable ?? undefined,
    precision: column.precision ?? undefined,
    scale: column.scale ?? undefined,
    timezone: column.timezone ?? undefined,
    unique: column.unique ?? undefined,
    description: column.description ?? undefined
  }))

/**
 * @since 0.1.0
 * @category constructors
 */
export const contract = (
  merged: Pick<Merged, "schema_contract">
): Partial<Contract.Contract> | Contract.Mode | undefined => {
  const value = merged.schema_contract ?? undefined
  if (value === undefined || typeof value === "string") return value
  return {
    tables: value.tables ?? "evolve",
    columns: value.columns ?? "evolve",
    dataType: value.data_type ?? "evolve",
    variants: value.variants ?? false
  }
}

// --- internal ---

const list = (key: string | ReadonlyArray<string> | null | undefined): ReadonlyArray<string> =>
  key == null ? [] : typeof key === "string" ? [key] : key

const hinted = (
  merged: Pick<Merged, "columns">,
  hint: "primary_key" | "merge_key" | "hard_delete"
): ReadonlyArray<string> =>
  Object.entries(merged.columns).flatMap(([name, column]: readonly [string, Grammar.Column]) =>
    column[hint] === true ? [name] : []
  )

/** By the column they become: `id` and `ID` are one key. */
const union = (first: ReadonlyArray<string>, second: ReadonlyArray<string>): ReadonlyArray<string> => {
  const byColumn = new Map<string, string>()
  for (const name of [...first, ...second]) {
    const column = Name.path(name)
    if (!byColumn.has(column)) byColumn.set(column, name)
  }
  return [...byColumn.values()]
}
