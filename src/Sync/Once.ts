/**
 * Rows that nothing tells from those of another walk must be added once by a run, also when it dies behind the last page.
 *
 * Such a walk stays in the books as one that has ended until the run's receipt is written. The next run, finding it there, takes
 * it for its own and adds nothing; once the receipt is written, another run is another walk.
 */
import type { Resource } from "../Resource.ts"
import type * as Table from "../Table.ts"
import { mergeKey } from "../Table/Layout.ts"
import * as Draft from "./Draft.ts"

/**
 * Whether a second walk would double the rows of the first: a cursor, a key, versions or a table that is replaced would know them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const doubles = ({ incremental, primaryKey, write }: Resource): boolean =>
  incremental === undefined &&
  (write.disposition === "append" ||
    (write.disposition === "merge" &&
      write.strategy !== "scd2" &&
      primaryKey.fields.length === 0 &&
      mergeKey(write).length === 0))

/**
 * Whether every row that comes is added, since nothing tells it from another.
 *
 * @since 0.1.0
 * @category accessors
 */
export const appends = (resource: Resource): boolean =>
  resource.write.disposition === "append" || resource.primaryKey.fields.length === 0

/**
 * Takes over how the walk of an earlier run ended, the rows of which are all there.
 *
 * @since 0.1.0
 * @category combinators
 */
export const takeOver = (draft: Draft.Draft, from: Table.Checkpoint, ended: Table.Ended): Table.Ended => {
  Draft.notice(
    draft,
    `run ${from.runs.at(-1)} had read all of it when it was interrupted: its rows are not added a second time`
  )
  return ended
}
