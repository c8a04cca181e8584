/**
 * What becomes of rows that a provably complete walk did not bring any more.
 *
 * Part of what is declared. Stage Table acts on it at the end of such a walk, and never before.
 */

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
