/**
 * How many refused rows a resource may have in a run before it is the API, or the schema, that is wrong; and which of earlier runs
 * are still out when it ends.
 *
 * Says when a walk is over for its rejects, and that a resource is not whole while some are open. Keeps and removes none: stage
 * Table does.
 */
import * as Effect from "effect/Effect"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import { RowError } from "../Row/RowError.ts"
import type * as Table from "../Table.ts"
import type { TableError } from "../Table/TableError.ts"
import * as Draft from "./Draft.ts"
import * as Refused from "./Refused.ts"

/**
 * The share of a run's rows that may be refused where the resource does not say it; one row always may.
 *
 * @since 0.1.0
 * @category defaults
 */
export const defaultRatio = 0.1

/**
 * From so many rows on every page is judged; a walk with fewer only by its last page: a bad first page may be chance.
 *
 * @since 0.1.0
 * @category defaults
 */
export const enoughRows = 100

/**
 * Fails when a page makes the refused rows of the run more than the resource allows. The page is not to be merged then; what it
 * refused is kept, to be looked at.
 *
 * @since 0.1.0
 * @category combinators
 */
export const judge = (
  walk: { readonly resource: Resource; readonly session: Table.Session; readonly draft: Draft.Draft },
  page: {
    readonly batch: Row.Batch
    readonly index: number
    readonly fetched: number
    readonly isLast: boolean
    /** What earlier runs of the walk read, and refused: what was too much for them is so for this one. */
    readonly before: Pick<Table.Checkpoint, "rows" | "rejected"> | undefined
  }
): Effect.Effect<void, RowError | TableError> => {
  const { draft, resource, session } = walk
  if (draft.refused.rows + page.batch.rejects.length === 0) return Effect.void
  const own = { ...Refused.add(draft.refused, page.batch.rejects), fetched: draft.line.rows.fetched + page.fetched }
  const fetched = (page.before?.rows ?? 0) + own.fetched
  const refused = { ...own, rows: (page.before?.rejected ?? 0) + own.rows }
  if (!(page.isLast || fetched >= enoughRows)) return Effect.void
  // What earlier runs refused is no reason to fail one that is mended.
  if (isAllowed(resource, own.rows, own.fetched) || isAllowed(resource, refused.rows, fetched)) return Effect.void
  const error = tooMany(resource, refused, fetched, "the page that made them too many is not stored: it is read again")
  return Effect.zipRight(session.rejects.keep(page), Effect.fail(error))
}

/**
 * The same for a child whose parents are all done: which of their pages was the last is known only now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const judgeAll = (resource: Resource, draft: Draft.Draft): Effect.Effect<void, RowError> => {
  const { fetched } = draft.line.rows
  return isAllowed(resource, draft.refused.rows, fetched)
    ? Effect.void
    : Effect.fail(tooMany(resource, draft.refused, fetched, "the rows that fitted are stored"))
}

/**
 * Looks, at the end of a resource, for rows that are still in quarantine: with them it is not everything.
 *
 * @since 0.1.0
 * @category combinators
 */
export const look = (draft: Draft.Draft, session: Table.Session): Effect.Effect<void, TableError> =>
  Effect.map(session.rejects.count, ({ earlier, over }) => {
    draft.earlier = earlier
    const { orphans } = draft
    if (orphans > 0)
      Draft.doubt(
        draft,
        `${orphans} ${orphans === 1 ? "parent" : "parents"} of it ${orphans === 1 ? "was" : "were"} refused`
      )
    if (earlier > 0)
      Draft.doubt(
        draft,
        `${earlier} ${earlier === 1 ? "row" : "rows"} that earlier runs refused ${earlier === 1 ? "is" : "are"} still out`
      )
    if (over > 0)
      Draft.notice(
        draft,
        over === 1
          ? "1 row that was refused before is over: it came again and was stored, or is gone"
          : `${over} rows that were refused before are over: they came again and were stored, or are gone`
      )
  })

// --- internal ---

const isAllowed = ({ maxRejectRatio }: Resource, refused: number, fetched: number): boolean =>
  // What is written is taken literally.
  maxRejectRatio === undefined ? refused <= 1 || refused <= defaultRatio * fetched : refused <= maxRejectRatio * fetched

const tooMany = (
  { maxRejectRatio, name }: Resource,
  refused: Refused.Refused,
  fetched: number,
  what: string
): RowError => {
  const [most, times] = [...refused.reasons].reduce((a, b) => (b[1] > a[1] ? b : a))
  const share = `${Number(((100 * refused.rows) / fetched).toFixed(1))} %`
  const allowed =
    maxRejectRatio === undefined
      ? `a tenth is allowed where max_reject_ratio is not set`
      : `max_reject_ratio allows ${maxRejectRatio}`
  return new RowError({
    reason: "Rejects",
    detail:
      `${refused.rows} of ${fetched} rows were refused (${share}; ${allowed}): most often ${most} (${times === 1 ? "once" : `${times} times`}); ` +
      `${what}. sluice rejects list --resource ${name} shows them; correct the schema or columns and sync again, or raise max_reject_ratio`
  })
}
