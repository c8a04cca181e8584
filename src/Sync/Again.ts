/**
 * The second look at a list that moved while it was read: when it is right, how far it goes, and what it came to.
 *
 * At most one for each walk of a run, so that no API is busy enough to keep a run going. It is a walk like the first one, and its
 * checkpoint says so, so that a later run goes on with it.
 */
import * as Effect from "effect/Effect"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import type * as Table from "../Table.ts"
import type { TableError } from "../Table/TableError.ts"
import * as Draft from "./Draft.ts"
import * as Movement from "./Movement.ts"
import type { Moved } from "./Resume.ts"
import type * as Walk from "./Walk.ts"

/**
 * A walk that has come to its end by itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface First {
  readonly resource: Resource
  readonly key: Row.Batch["key"]
  /** Its rows are stored. */
  readonly stored: boolean
  readonly isChild: boolean
  readonly byPlace: boolean
  readonly moves: Table.Moves
  readonly rows: number
  readonly total: number | undefined
}

/**
 * How far a list that moved is to be read again: to a page that brings nothing new (`front`), or to its end (`whole`). `undefined`:
 * it did not move, in so far as that matters at the end, or before it. A text: why it cannot be read again.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = (first: First, isEnd: boolean): "front" | "whole" | { readonly not: string } | undefined => {
  const { byPlace, key, moves, resource, rows, total } = first
  const { fell, rose, twice } = moves
  const keyed = key !== undefined && key.columns.length > 0
  // Rows without a key may be the same, and rows of a cursor are where they are.
  const isShort = !isEnd || (total !== undefined && rows < total)
  const rises = rose > 0 && (byPlace ? keyed || twice > 0 || !first.stored : isShort)
  const comesTwice = twice > 0 && keyed && resource.write.dedupSort === undefined
  if (fell === 0 && !rises && !comesTwice) return undefined
  if (!first.stored) return "whole"
  const { disposition, strategy } = resource.write
  const isVersioned = disposition === "merge" && strategy === "scd2"
  const isKnownAgain =
    disposition !== "append" && (keyed || (!first.isChild && (disposition === "replace" || isVersioned)))
  if (!isKnownAgain) return { not: "its rows have no key, and read again they would be there twice" }
  if (first.isChild && key?.inferred === true) return { not: "its key is inferred, and a row may have changed" }
  const takesAway =
    disposition === "replace" || isVersioned || resource.write.mergeKey.length > 0 || resource.deletes.mode !== "ignore"
  const isGrowth = fell === 0 && (rose > 0 || total === undefined)
  // A look that stops before it has come to the later row would leave the earlier one.
  const isLast = moves.differ !== true || resource.write.dedupSort !== undefined
  return isGrowth && !takesAway && isLast ? "front" : "whole"
}

/**
 * Where the second look begins.
 *
 * @since 0.1.0
 * @category constructors
 */
export const checkpoint = (
  first: First,
  kind: "front" | "whole",
  last: Pick<Table.Checkpoint, "at" | "fingerprint" | "runs" | "reached" | "selector" | "rejected" | "doubt"> & {
    readonly reason: string
  }
): Table.Checkpoint => {
  const { moves, resource, rows, total } = first
  const { reason, ...kept } = last
  const isFront = kind === "front"
  const owed = reason === "out_of_range" || total === undefined ? 0 : total - (rows - moves.twice)
  return {
    ...kept,
    position: resource.paginator.first,
    index: 0,
    rows: 0,
    total: undefined,
    rejected: isFront ? kept.rejected : 0,
    doubt: isFront ? kept.doubt : undefined,
    shrunk: false,
    again: { kind, reason, moves, owed: Math.max(moves.twice, owed), found: 0, total }
  }
}

/**
 * Whether a page of a second look is the last one that is needed: it brought nothing, and as many rows were found as had been
 * missed. `found`: on the pages before it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isQuiet = (
  again: NonNullable<Table.Checkpoint["again"]>,
  page: { readonly rows: number; readonly total: number | undefined; readonly found: number },
  merged: Table.Merged
): boolean => {
  const since = page.total === undefined || again.total === undefined ? 0 : Math.max(0, page.total - again.total)
  return again.kind === "front" && page.rows > 0 && news(merged) === 0 && page.found >= again.owed + since
}

/**
 * Rows of a page that were not there as they are.
 *
 * @since 0.1.0
 * @category accessors
 */
export const news = ({ deleted, inserted, updated }: Table.Merged): number => inserted + updated + deleted

/**
 * Why a second look is no better than the first one. Rows that came twice just as often as then are of the list, not of its moving.
 *
 * @since 0.1.0
 * @category accessors
 */
export const unrest = (
  again: NonNullable<Table.Checkpoint["again"]>,
  { fell, rose, twice }: Table.Moves,
  isWhole: boolean
): ReadonlyArray<string> => {
  const isSame = twice === again.moves.twice && rose === 0
  const moves = { fell, rose: isWhole ? rose : 0, twice: isWhole && !isSame ? twice : 0 }
  return moves.fell + moves.rose + moves.twice === 0
    ? []
    : [
        `the list was read twice, and moved both times: the second time ${Movement.words(moves)}; run again when it is quieter`
      ]
}

/**
 * A walk that has ended, and once more where it asks for that. `restart` forgets what the first look remembers of its rows; a
 * child's cannot, since they are those of all parents.
 *
 * @since 0.1.0
 * @category combinators
 */
export const after = <E>(
  ended: Walk.Ended,
  context: {
    readonly draft: Draft.Draft
    readonly limitPages: number | undefined
    readonly restart: Effect.Effect<void, TableError>
    readonly look: (from: Table.Checkpoint, limitPages: number | undefined) => Effect.Effect<Walk.Ended, E | Moved>
  }
): Effect.Effect<Walk.Ended, E | Moved | TableError> => {
  const { again } = ended
  if (again?.again === undefined) return Effect.succeed(ended)
  const { draft, limitPages, look, restart } = context
  const moved = Movement.words(again.again.moves)
  if (limitPages !== undefined && limitPages <= 0) {
    const why = `${moved}, and --limit-pages left no page to read it again`
    Draft.notice(draft, `${why}: the next run does`)
    return Effect.succeed({ reason: "limit_pages", complete: false, completeness: { proven: false, why } })
  }
  const far = again.again.kind === "front" ? "from its start up to what is known" : "from its start to its end"
  Draft.notice(draft, `${moved}: the list was read once more, ${far}`)
  return Effect.zipRight(restart, look(again, limitPages))
}
