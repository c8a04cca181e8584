/**
 * How a resource's rows go into its table: dlt's write dispositions and merge strategies, as one value.
 *
 * Part of what is declared. Stage Table acts on it; decides nothing about keys or columns itself.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Write {
  /**
   * - `append` every row is added · `replace` the table becomes what the walk read, at once when it is complete · `merge` by
   *   `strategy` · `skip` rows are read, for the children of the resource, and not stored
   */
  readonly disposition: "append" | "replace" | "merge" | "skip"
  /**
   * - `delete-insert` a row replaces the one of its primary key, and at the end of a whole walk rows go that share a merge key
   *   with its rows and were not among them · `upsert` the same without merge keys · `insert-only` rows whose key is known are
   *   left as they are · `scd2` rows are kept as versions
   */
  readonly strategy: "upsert" | "delete-insert" | "insert-only" | "scd2"
  /** The rows of a walk are known to be free of duplicates: `dedupSort` is not looked at. */
  readonly deduplicated: boolean
  /** Rows that share these fields are replaced, or retired, as a group; one that lacks any of them belongs to none. */
  readonly mergeKey: ReadonlyArray<string>
  /** Field that marks its row as deleted, to a merge: `true`, or for another type than boolean any value but null. */
  readonly hardDelete: string | undefined
  /** Of rows that share a key within a walk, the one that comes first by this stays; the last one, where nothing is said. */
  readonly dedupSort: { readonly field: string; readonly order: "asc" | "desc" } | undefined
  readonly history: History
}

/**
 * Names and stamps of `scd2`.
 *
 * @since 0.1.0
 * @category models
 */
export interface History {
  readonly validFrom: string
  readonly validTo: string
  /** What `validTo` of a row in force holds; `null` unless said otherwise. */
  readonly activeTimestamp: string | null
  /** The stamp of new and of retired versions; the start of the run unless said otherwise. */
  readonly boundaryTimestamp: string | undefined
  /** Field of the API that tells versions apart, instead of the row's content. */
  readonly rowVersion: string | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export type Options = Partial<Omit<Write, "history">> & { readonly history?: Partial<History> | undefined }

/**
 * `merge` by `delete-insert` unless said otherwise.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Write => ({
  disposition: options.disposition ?? "merge",
  strategy: options.strategy ?? "delete-insert",
  deduplicated: options.deduplicated ?? false,
  mergeKey: options.mergeKey ?? [],
  hardDelete: options.hardDelete,
  dedupSort: options.dedupSort,
  history: {
    validFrom: options.history?.validFrom ?? "_sluice_valid_from",
    validTo: options.history?.validTo ?? "_sluice_valid_to",
    activeTimestamp: options.history?.activeTimestamp ?? null,
    boundaryTimestamp: options.history?.boundaryTimestamp,
    rowVersion: options.history?.rowVersion
  }
})
