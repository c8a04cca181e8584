/**
 * What a walk came to with its last page: whether it is everything, as far as the table and the API tell.
 *
 * Asks the table for its rows, at most. Decides no stop.
 */
import * as Effect from "effect/Effect"
import type * as Page from "../Page.ts"
import type * as Table from "../Table.ts"
import type * as Again from "./Again.ts"
import * as Completeness from "./Completeness.ts"
import * as Coverage from "./Coverage.ts"
import * as Movement from "./Movement.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly first: Again.First
  /** The last page. */
  readonly fetched: Page.Fetched
  readonly second: Table.Again | undefined
  readonly doubt: string | undefined
  readonly since: unknown
  readonly runs: ReadonlyArray<string>
  readonly firstTotal: number | undefined
  /** Refused rows, which the table does not hold. */
  readonly rejected: number
}

/**
 * `over`: a second look that needs no more pages; `lost`: why it is not everything all the same.
 *
 * @since 0.1.0
 * @category constructors
 */
export const judge = (told: Told, over: boolean, lost: ReadonlyArray<string>): Table.Ended => {
  const { doubt, fetched, first, runs, second, since } = told
  const { key, moves, resource } = first
  const step = end(told, over)
  const moved = second?.moves ?? (moves === Movement.none ? undefined : moves)
  const completeness = Completeness.ofWalk({
    resource,
    step,
    index: fetched.index,
    single: fetched.single === true,
    rows: first.rows,
    total: first.total,
    lost,
    doubt,
    byPlace: first.byPlace,
    keyed: key !== undefined && key.columns.length > 0,
    runs,
    since,
    moved: moved === undefined ? undefined : Movement.words(moved),
    again: second === undefined ? "no" : over ? "front" : moves.twice > 0 ? "twice" : "whole"
  })
  return { reason: step.reason, complete: step.complete && lost.length === 0, completeness }
}

/**
 * Why it is not everything, by what the table holds as well.
 *
 * @since 0.1.0
 * @category accessors
 */
export const lost = (
  told: Told,
  over: boolean,
  known: ReadonlyArray<string>,
  stored: Table.Session["stored"]
): Effect.Effect<ReadonlyArray<string>> =>
  end(told, over).complete && known.length === 0 && isCounted(told.first)
    ? Coverage.tooFew(told.first.resource, told, { firstTotal: told.firstTotal, stored })
    : Effect.succeed(known)

/**
 * Of a walk that lost nothing: whether rows came twice, where that tells something.
 *
 * @since 0.1.0
 * @category accessors
 */
export const cameTwice = (told: Told, stored: Table.Session["stored"]): Effect.Effect<boolean> => {
  const { first, rejected } = told
  return isCounted(first)
    ? Coverage.cameTwice(first.resource, { rejected, rows: first.rows, total: first.total }, stored)
    : Effect.succeed(false)
}

// --- internal ---

const end = ({ fetched, second }: Told, over: boolean): Completeness.Facts["step"] =>
  !over && fetched.step._tag === "Stop"
    ? fetched.step
    : { _tag: "Stop", reason: (second?.reason ?? "error") as Page.StopReason, complete: true }

/** Whether the table must hold as many rows as the API reports: not so where a run takes only some, or makes others of them. */
const isCounted = ({ isChild, key, resource, stored }: Again.First) =>
  !isChild &&
  stored &&
  key !== undefined &&
  key.columns.length > 0 &&
  resource.processing.length === 0 &&
  resource.incremental === undefined &&
  resource.windows === undefined &&
  resource.write.disposition !== "append" &&
  resource.write.hardDelete === undefined &&
  resource.contract.columns !== "discard_row" &&
  resource.contract.dataType !== "discard_row"
