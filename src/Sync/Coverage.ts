/**
 * Whether a walk that came to its end read everything there was, over all the runs it took.
 *
 * Counts what pages say and what became of them. Decides no stop: paginators do, and the guard; but has the last word on
 * `complete`.
 */
import * as Effect from "effect/Effect"
import type * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import { acts } from "../Resource/Deletes.ts"
import type * as Row from "../Row.ts"
import { ofText } from "../Row/Hash.ts"
import * as Key from "../Row/Key.ts"
import type * as Table from "../Table.ts"

/**
 * What is known of a walk so far; part of its checkpoint.
 *
 * @since 0.1.0
 * @category models
 */
export type Walked = Pick<Table.Checkpoint, "rows" | "rejected" | "shrunk" | "total">

/**
 * Adds up the pages of a walk, from where its earlier runs left it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const counter = (from: Walked | undefined) => {
  let walked: Walked = from ?? { rows: 0, rejected: 0, shrunk: false, total: undefined }
  let firstTotal = from?.total
  return (batch: Row.Batch, { rows, step }: Page.Fetched): Walked & { readonly firstTotal: number | undefined } => {
    const { total } = step
    firstTotal ??= total
    walked = {
      rows: walked.rows + rows.length,
      rejected: walked.rejected + batch.rejects.length,
      shrunk: walked.shrunk || (total !== undefined && walked.total !== undefined && total < walked.total),
      total: total === undefined ? walked.total : Math.max(walked.total ?? 0, total)
    }
    return { ...walked, firstTotal }
  }
}

/**
 * Whether a page holds just the rows of the two before it, however they look today: an endpoint that ignores paging and stamps
 * each answer with the time. A total bounds a walk anyway; twice may be chance, when a whole page of rows came in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const repetition = () => {
  let last: number | undefined
  let times = 0
  return ({ key, rows }: Row.Batch, { step }: Page.Fetched): boolean => {
    if (key === undefined || key.columns.length === 0 || rows.length === 0 || step.total !== undefined) return false
    const keys = ofText(
      rows
        .map(({ values }) => Key.identity(key.columns.map((index) => values[index] ?? null)))
        .sort()
        .join("\n")
    )
    times = keys === last ? times + 1 : 0
    last = keys
    return times >= 2
  }
}

/**
 * What a page leaves open, or out: a walk with such a page proves nothing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const doubt = ({ discarded }: Row.Batch, { absent, index, selector }: Page.Fetched): string | undefined => {
  const at = selector === undefined ? "no list" : `nothing at ${selector}`
  if (absent === true) return `page ${index + 1} had ${at}, which was taken for no rows`
  if (discarded.rows + discarded.values > 0) return "schema_contract left out rows or values"
  return undefined
}

/**
 * Why a walk that came to its end is not everything all the same, whichever of its runs it happened in. Refused rows are not lost
 * but set aside, and as long as they are the resource is not complete (`Quarantine`): of one run or of several, the walk is whole.
 *
 * @since 0.1.0
 * @category accessors
 */
export const whatIsMissing = (resource: Resource, walked: Walked): ReadonlyArray<string> => {
  const { rows, shrunk, total } = walked
  const read = rows + skipped(resource)
  return [
    // Rows that left the list during an offset walk shift the later ones over a page boundary, unseen.
    ...(shrunk ? [`the total fell from ${total} during the walk: rows may have been passed over; run again`] : []),
    ...(!shrunk && total !== undefined && read < total ? [`the API reported ${total} rows, the walk read ${read}`] : [])
  ]
}

/**
 * Rows that came twice are counted twice, and may have come in place of others: an endpoint that ignores the offset, or lists
 * in no fixed order. Those that came in during the walk are left to the next one, hence the total it began with.
 *
 * @since 0.1.0
 * @category accessors
 */
export const tooFew = (
  resource: Resource,
  { rejected }: Pick<Walked, "rejected">,
  { firstTotal, stored }: { readonly firstTotal: number | undefined; readonly stored: Table.Session["stored"] }
): Effect.Effect<ReadonlyArray<string>> =>
  firstTotal === undefined
    ? Effect.succeed([])
    : stored.pipe(
        Effect.map((held) =>
          held + rejected + skipped(resource) < firstTotal
            ? [
                `the API reported ${firstTotal} rows, the table holds ${held}: rows came twice, and others may be missing; ` +
                  "run again, and if it stays so: is the key one that tells all rows apart, does the endpoint heed the offset?"
              ]
            : []
        ),
        Effect.orElseSucceed(() => [])
      )

/**
 * The same where no total was reported, and absent rows are looked for: the list moved while it was read by pages, and a row may have
 * gone from those to come to those that were read.
 *
 * @since 0.1.0
 * @category accessors
 */
export const cameTwice = (
  { deletes, write }: Resource,
  { rejected, rows, total }: Pick<Walked, "rejected" | "rows" | "total">,
  stored: Table.Session["stored"]
): Effect.Effect<boolean> =>
  !acts(deletes) || total !== undefined || write.dedupSort !== undefined
    ? Effect.succeed(false)
    : stored.pipe(
        Effect.map((brought) => brought + rejected < rows),
        Effect.orElseSucceed(() => true)
      )

// --- internal ---

/** Rows before the first one that was asked for. */
const skipped = (resource: Resource): number => {
  const start = resource.paginator.options["offset"]
  return typeof start === "number" ? start : 0
}
