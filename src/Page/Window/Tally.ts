/**
 * What a walk in windows knows of itself: the bounds that are left, and rows against totals, per window and of those that were split.
 *
 * Stage Page, pure; plain JSON, as part of a position. Decides no bound.
 */
import type { Step } from "../../Page.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Tally {
  /** The first two are those of the window at hand; each further one ends a window that is to come. */
  readonly bounds: ReadonlyArray<number>
  readonly end: number
  /** Rows of the window at hand, and its total. */
  readonly read: number
  readonly total?: number | undefined
  /** It moved while it was read, and is read once more. */
  readonly again: boolean
  /** Windows done, and their totals; `sum` is missing once one of them had none. */
  readonly windows: number
  readonly sum?: number | undefined
  /** Rows passed on of windows that were then read anew. */
  readonly extra: number
  /** Windows that were split and are not done: where they end, what they held, what their parts held so far. */
  readonly spans: ReadonlyArray<readonly [until: number, total: number, sum: number]>
  /** Windows that hold more than can be read. */
  readonly capped: number
  /** Why it is not everything: of the first window that is not. */
  readonly why?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const begin = (from: number, to: number, end: number): Tally => ({
  bounds: [from, to],
  end,
  read: 0,
  again: false,
  windows: 0,
  sum: 0,
  extra: 0,
  spans: [],
  capped: 0
})

/**
 * The window at hand is at its first page.
 *
 * @since 0.1.0
 * @category combinators
 */
export const anew = (tally: Tally): Tally => ({ ...tally, read: 0, total: undefined, again: false })

/**
 * @since 0.1.0
 * @category combinators
 */
export const split = (tally: Tally, middle: number, total: number | undefined): Tally => {
  const [from = 0, to = 0, ...rest] = tally.bounds
  return anew({
    ...tally,
    bounds: [from, middle, to, ...rest],
    extra: tally.extra + tally.read,
    spans: total === undefined ? tally.spans : [...tally.spans, [to, total, 0]]
  })
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const hasMoved = ({ total }: Tally, now: number | undefined): boolean =>
  total !== undefined && now !== undefined && total !== now

/**
 * Of an API that answers every window with the whole list, as the second half of one that holds all its rows shows: what to say.
 *
 * @since 0.1.0
 * @category accessors
 */
export const heedless = ({ bounds: [, to], spans, total }: Tally) => {
  const span = spans.find(([until, whole, sum]) => until === to && whole === total && sum >= whole)
  return span === undefined
    ? undefined
    : (from: string, to: string) =>
        `both halves of a window hold all of its ${span[1]} rows: the API seems to ignore ${from} and ${to}; are these the names it knows, and the format it reads?`
}

/**
 * How the window at hand ended; `shown` is its range, `isCapped` that there is more of it than can be read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Closing {
  readonly shown: string
  readonly end: Extract<Step, { readonly _tag: "Stop" }>
  readonly isCapped: boolean
  readonly cap: number
}

/**
 * The window at hand is done.
 *
 * @since 0.1.0
 * @category combinators
 */
export const close = (tally: Tally, of: Closing): { readonly tally: Tally; readonly notice: string | undefined } => {
  const { end, isCapped } = of
  const { read, total } = tally
  const [, to] = tally.bounds
  const spans = tally.spans.map(([until, whole, sum]) => [until, whole, sum + (total ?? read)] as const)
  const short = spans.find(([until, whole, sum]) => until === to && sum < whole)
  const why = missing(tally, of, short)
  return {
    notice: why ?? end.notice,
    tally: {
      ...tally,
      windows: tally.windows + 1,
      sum: tally.sum === undefined || total === undefined ? undefined : tally.sum + total,
      spans: spans.filter(([until]) => until !== to),
      capped: tally.capped + (isCapped ? 1 : 0),
      why: tally.why ?? why
    }
  }
}

/**
 * The last window is done: the totals of all are that of the walk.
 *
 * @since 0.1.0
 * @category constructors
 */
export const end = (tally: Tally, last: Extract<Step, { readonly _tag: "Stop" }>): Step => {
  const { capped, extra, sum, why, windows } = tally
  const read = windows === 1 ? "read in 1 window of time" : `read in ${windows} windows of time`
  if (why !== undefined) {
    const beyond = capped === 0 ? "" : `, ${capped} of them beyond the cap`
    const reason = capped > 0 ? "maximum_reached" : "error"
    return { _tag: "Stop", reason, complete: false, notice: `${read}${beyond}; ${why}` }
  }
  const total = sum === undefined ? undefined : sum + extra
  return {
    _tag: "Stop",
    reason: total === undefined ? last.reason : "total_reached",
    complete: true,
    total,
    notice: read,
    ...(total === undefined ? { doubt: `${read}, and the API reports no total of each` } : {})
  }
}

// --- internal ---

/** Why the window is not everything there is to it, if so; `short`: the one it is the last part of held more. */
const missing = (
  { read, total }: Tally,
  { cap, end, isCapped, shown }: Closing,
  short: Tally["spans"][number] | undefined
): string | undefined => {
  if (isCapped) {
    const what =
      total === undefined
        ? `there are more rows than the first ${read} that`
        : `of ${total} rows only the first ${read}`
    return `${shown}: ${what} can be read, the API gives ${cap} at most and the window cannot be split further`
  }
  if (!end.complete) return `${shown}: ${end.notice ?? `it ended by ${end.reason}`}`
  if (total !== undefined && read !== total) return `${shown}: the API reported ${total} rows, ${read} were read`
  return short === undefined
    ? undefined
    : `up to ${shown}: the API reported ${short[1]} rows, but only ${short[2]} in the parts of that window`
}
