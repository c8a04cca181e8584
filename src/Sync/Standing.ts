/**
 * Where a walk, or the parent it belongs to, stands after a page: the parts of its checkpoint and its cursor. Pure.
 */
import type * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import * as Cursor from "../Row/Cursor.ts"
import type * as Table from "../Table.ts"
import * as Binding from "./Binding.ts"
import type * as Prepare from "./Prepare.ts"
import type { Draft } from "./Draft.ts"
import type { Start, Walk } from "./Walk.ts"

/**
 * Where the cursor stands with a page: moved by the page that proves it, or by the last one where rows come in no order.
 *
 * @since 0.1.0
 * @category accessors
 */
export const cursor = (
  resource: Resource,
  { step }: Page.Fetched,
  { isOrdered, reached }: Prepare.Prepared,
  missing: ReadonlyArray<string>
): Cursor.State | undefined => {
  const isWhole = step._tag === "Stop" && step.complete && missing.length === 0
  // An API that is not asked from the cursor on cannot be gone on with from there.
  const isProved = resource.incremental?.rowOrder === "asc" && isOrdered && Binding.asksFrom(resource)
  if (reached === undefined) return undefined
  return isProved ? reached.to : isWhole ? Cursor.settled(reached) : undefined
}

/**
 * The cursor as it is saved. A resource that is not selected is stored only when it is asked for by name, and then from where it
 * last was.
 *
 * @since 0.1.0
 * @category accessors
 */
export const left = (
  { job, resource }: Walk,
  { cursor }: Pick<Start, "cursor">,
  to: Cursor.State | undefined
): Cursor.State | undefined =>
  to === undefined || job.draft.stored || resource.selected ? to : Cursor.unstored(to, cursor)

/**
 * And as a walk begins from it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const begin = ({ stored }: Draft, saved: Cursor.State | undefined): Cursor.State | undefined =>
  stored ? Cursor.stored(saved) : saved

/**
 * Whether rows of a parent may be missing for another reason than that the configuration wants no more of them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isShort = ({ step }: Page.Fetched, missing: ReadonlyArray<string>): boolean =>
  step._tag === "Stop" && step.reason !== "maximum_reached" && (!step.complete || missing.length > 0)

/**
 * A child's own mark that its walk over all parents is under way.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (walk: Walk, at: string): Table.Checkpoint => ({
  position: {},
  at,
  index: walk.job.draft.line.pages + 1,
  rows: walk.job.draft.line.rows.fetched,
  fingerprint: walk.mark,
  runs: walk.runs,
  total: undefined,
  rejected: 0,
  shrunk: false,
  ...unsure(walk)
})

/**
 * What a checkpoint says of the doubts of its walk.
 *
 * @since 0.1.0
 * @category accessors
 */
export const unsure = ({ unsure }: Walk): Pick<Table.Checkpoint, "unsure"> =>
  unsure.length === 0 ? {} : { unsure: [...unsure] }
