/**
 * What becomes of rows that a provably complete walk did not bring any more.
 *
 * Part of what is declared. Stage Table acts on it at the end of such a walk, and never before.
 */
import type { Write } from "./Write.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Deletes {
  /** `ignore` they stay as they are · `soft` `_sluice_deleted_at` of the row is set · `hard` the row goes, and its child rows with it */
  readonly mode: "ignore" | "soft" | "hard"
  /**
   * Top-level field with a time or a number by which the API lets rows go out of its window: a row that lies before all those the
   * walk brought has aged out, which is no deletion.
   */
  readonly agedBy: string | undefined
  /** Of the rows that are there, the share that may vanish in one run; more is refused. From 0 to 1. */
  readonly maxRatio: number
}

/**
 * @since 0.1.0
 * @category models
 */
export type Options = Deletes["mode"] | Partial<Deletes>

/**
 * `ignore` unless said otherwise, and a fifth of the rows at most.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Deletes => {
  const given = typeof options === "string" ? { mode: options } : options
  return { mode: given.mode ?? "ignore", agedBy: given.agedBy, maxRatio: given.maxRatio ?? 0.2 }
}

/**
 * Whether absent rows are looked for at all.
 *
 * @since 0.1.0
 * @category accessors
 */
export const acts = (deletes: Deletes | undefined): boolean => deletes !== undefined && deletes.mode !== "ignore"

/**
 * What must be known of a resource to say whether absent rows can be looked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  readonly write: Pick<Write, "disposition" | "strategy" | "mergeKey">
  readonly hasKey: boolean
  readonly isIncremental: boolean
  /** It is asked for in windows of time. */
  readonly hasWindows: boolean
}

/**
 * Why absent rows cannot be looked for in such a resource, and what to do instead.
 *
 * @since 0.1.0
 * @category accessors
 */
export const unfit = ({
  hasKey,
  hasWindows,
  isIncremental,
  write
}: Subject): { readonly why: string; readonly hint: string } | undefined => {
  const { disposition, mergeKey, strategy } = write
  const leave = "write `deletes: ignore`, or leave it out"
  if (disposition === "append") return { why: "`append` adds every row that comes and takes none away", hint: merge }
  if (disposition === "replace")
    return { why: "`replace` already leaves nothing that a whole walk did not bring", hint: leave }
  if (disposition === "skip") return { why: "`skip` stores no rows", hint: leave }
  if (strategy === "scd2")
    return { why: "`scd2` already ends the versions that a whole walk did not bring", hint: leave }
  if (strategy === "insert-only") return { why: "`insert-only` leaves every row as it first came", hint: merge }
  if (!hasKey) return { why: "without a primary key no row can be known to be gone", hint: "write a `primary_key`" }
  if (mergeKey.length > 0)
    return { why: "a `merge_key` already says which absent rows go", hint: "leave one of them out" }
  if (isIncremental)
    return {
      why: "`incremental` asks for what is newer: a row that does not come may well be there",
      hint: "leave one of them out"
    }
  if (hasWindows)
    return { why: "`windows` ask for a range of time: a row before its start may well be there", hint: leave }
  return undefined
}

// --- internal ---

const merge = "write `write_disposition: merge`, or `deletes: ignore`"
