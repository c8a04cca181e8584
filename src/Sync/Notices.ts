/**
 * What is said of a resource as a whole, behind the notices of its pages: what was left out, why it took so long, what was
 * refused.
 *
 * Stage Sync, pure. `Draft` collects what it is made of.
 */
import type { Batch } from "../Row.ts"
import * as Refused from "./Refused.ts"
import { amounts } from "./Words.ts"

/**
 * What `Draft` has of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Counts {
  /** Notices beyond those that a receipt has room for. */
  readonly unsaid: number
  /** Rows that processing steps and the incremental range left out. */
  readonly filtered: number
  readonly discarded: Batch["discarded"]
  /** The longest that the API held a request back, in milliseconds. */
  readonly held: number
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const behind = (of: Counts & Parameters<typeof Refused.notices>[0]): ReadonlyArray<string> => {
  const { discarded, filtered, held, unsaid } = of
  const out = filtered === 1 ? "1 row" : `${filtered} rows`
  return [
    ...(unsaid === 0 ? [] : [`${unsaid} more notices like these`]),
    ...(filtered <= 0 ? [] : [`${out} left out by processing steps or the incremental range`]),
    ...(discarded.rows + discarded.values === 0 ? [] : [`schema_contract left out: ${amounts(discarded)}`]),
    ...(held < worthTelling
      ? []
      : [
          `the API limits how often it is asked: a request waited ${Math.round(held / 1000)} s for it, and none waited longer`
        ]),
    ...Refused.notices(of)
  ]
}

// --- internal ---

/** Shorter waits are nothing to wonder about; in milliseconds. */
const worthTelling = 3000
