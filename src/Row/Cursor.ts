/**
 * The incremental cursor of a walk: where it starts, which rows lie within, and how far the rows have come.
 *
 * Stage Row, pure. A row at the start value is kept, also when an earlier run has seen it: its content may have changed. Only
 * where rows are appended, one that is known as it is goes. Moves no state: `Sync` does, with the page that proves it.
 */
import * as Json from "../Fetch/Json.ts"
import * as Path from "../Page/Path.ts"
import type { CursorValue, Incremental } from "../Resource/Incremental.ts"
import * as Order from "./CursorOrder.ts"
import type { Problem } from "./Decode.ts"
import { ofText } from "./Hash.ts"

/**
 * What a finished walk leaves for the next one: plain JSON.
 *
 * @since 0.1.0
 * @category models
 */
export interface State {
  /** What the value is of: a state of another cursor is void. */
  readonly by: string
  readonly value: CursorValue
  /** Digests of the rows at `value`, of `mostAtBoundary` rows at most. */
  readonly boundary?: ReadonlyArray<number> | undefined
  /** Moved by walks that did not store their rows: where it stood when they last were, if they ever were. */
  readonly stored?: State | null | undefined
}

/**
 * Where a walk whose rows are stored begins.
 *
 * @since 0.1.0
 * @category accessors
 */
export const stored = (state: State | undefined): State | undefined =>
  state?.stored === undefined ? state : (state.stored ?? undefined)

/**
 * Where a walk leaves it whose rows are not, but may be in another run.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unstored = (state: State, before: State | undefined): State => ({
  ...state,
  stored: stored(before) ?? null
})

/**
 * Beyond it, rows of one and the same cursor value may be appended again by the next run.
 *
 * @since 0.1.0
 * @category defaults
 */
export const mostAtBoundary = 10_000

/**
 * How far an unfinished walk has come; part of its checkpoint.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reached {
  /** The state the walk began from. */
  readonly from: State | undefined
  /** The largest value so far: the state it leaves when it is complete, if it was not interrupted. */
  readonly to: State | undefined
  /** Where it stood when it was first interrupted: a row read before may have changed since, and be of a later value now. */
  readonly cap?: State | undefined
}

/**
 * The state that a complete walk leaves.
 *
 * @since 0.1.0
 * @category accessors
 */
export const settled = ({ cap, to }: Reached): State | undefined => cap ?? to

/**
 * A page's rows that lie in the walk's range.
 *
 * @since 0.1.0
 * @category models
 */
export interface Kept {
  readonly rows: ReadonlyArray<unknown>
  /** Those that no earlier run has seen as they are. */
  readonly fresh: ReadonlyArray<unknown>
  readonly problems: ReadonlyArray<{ readonly row: unknown; readonly problem: Problem }>
  /** Rows left out since they lie outside of the range, or were appended by an earlier run. */
  readonly outside: number
  /** By the declared order, no row in range can follow. */
  readonly isOver: boolean
  /** By this page, the rows do come in the order that was declared. */
  readonly isOrdered: boolean
  /** More rows share the last value than are told apart. */
  readonly isFull: boolean
  /** No row of the page has the cursor, and that is not allowed. */
  readonly missing: boolean
  /** How far the walk has come with this page. */
  readonly reached: Reached
}

/**
 * The state that a walk begins from: none for a window with an end, which neither reads nor writes one, and none of another cursor.
 *
 * @since 0.1.0
 * @category accessors
 */
export const start = (incremental: Incremental, saved: State | undefined): State | undefined =>
  incremental.endValue !== undefined || saved?.by !== byOf(incremental) ? undefined : saved

/**
 * The cursor of one walk.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cursor {
  readonly incremental: Incremental
  /** What placeholders and parameters stand for, before conversion. */
  readonly values: Readonly<Partial<Record<"start_value" | "initial_value" | "last_value" | "end_value", CursorValue>>>
  /** Takes pages in order, and moves on by their rows. */
  readonly page: (rows: ReadonlyArray<unknown>) => Kept
}

/**
 * `appends`: rows of the resource are added without a key, so that a row seen again would be there twice.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  incremental: Incremental,
  options: {
    readonly reached: Reached | undefined
    readonly from: State | undefined
    readonly appends: boolean
    /** Fields that are not the row's own: when they change, it is the same row. */
    readonly inherited?: ReadonlyArray<string> | undefined
  }
): Cursor => {
  const isWindow = incremental.endValue !== undefined
  const by = byOf(incremental)
  const from = start(incremental, options.reached?.from ?? options.from)
  const startsAt = startValue(incremental, from)
  const tells = !isWindow && incremental.lag === undefined && incremental.rangeStart === "closed"
  const { reached } = options
  const cap = reached === undefined || isWindow || options.appends ? undefined : (reached.cap ?? reached.to)
  const known = new Set(from?.boundary)
  const begun = isWindow ? undefined : (options.reached?.to ?? from)
  let to = begun?.value
  let boundary = new Set(begun?.boundary)
  let last: CursorValue | undefined
  let isOrdered = true
  const isBefore = (value: CursorValue, than: CursorValue) =>
    incremental.lastValue === "max" ? Order.compare(value, than) < 0 : Order.compare(value, than) > 0

  const belowStart = (value: CursorValue) =>
    startsAt !== undefined &&
    (isBefore(value, startsAt) || (incremental.rangeStart === "open" && Order.compare(value, startsAt) === 0))
  const beyondEnd = (value: CursorValue) =>
    incremental.endValue !== undefined &&
    (isBefore(incremental.endValue, value) ||
      (incremental.rangeEnd === "open" && Order.compare(value, incremental.endValue) === 0))

  const at = Path.unsafeCompile(incremental.cursorPath).first
  const { inherited = [] } = options
  const digest = (row: unknown) =>
    ofText(
      Json.stringify(
        inherited.length === 0 || typeof row !== "object" || row === null
          ? row
          : Object.fromEntries(Object.entries(row).filter(([name]) => !inherited.includes(name)))
      )
    )
  const page = (rows: ReadonlyArray<unknown>): Kept => {
    const kept: Array<unknown> = []
    const fresh: Array<unknown> = []
    const problems: Array<Kept["problems"][number]> = []
    // At the last value so far; a page of rising values would take the digest of every row for nothing.
    let atLast: Array<unknown> = []
    let isOver = false
    for (const row of rows) {
      const value = Order.valueOf(at(row))
      if (value === undefined) {
        if (incremental.onMissing === "include") {
          kept.push(row)
          fresh.push(row)
        } else if (incremental.onMissing === "raise") problems.push({ row, problem: missing(incremental) })
        continue
      }
      const mixed = Order.mismatch(value, startsAt ?? to)
      if (mixed !== undefined) {
        problems.push({ row, problem: { path: incremental.cursorPath, reason: mixed } })
        continue
      }
      if (incremental.rowOrder !== undefined && last !== undefined) {
        const order = Order.compare(last, value)
        isOrdered &&= incremental.rowOrder === "asc" ? order <= 0 : order >= 0
      }
      last = value
      const isBelow = belowStart(value)
      const isBeyond = beyondEnd(value)
      // In the order of the rows, what lies behind the range ends the walk.
      if (incremental.rowOrder === "asc") isOver ||= incremental.lastValue === "max" ? isBeyond : isBelow
      if (incremental.rowOrder === "desc") isOver ||= incremental.lastValue === "max" ? isBelow : isBeyond
      if (isBelow || isBeyond) continue
      const isKnown = tells && from !== undefined && Order.compare(value, from.value) === 0 && known.has(digest(row))
      if (isKnown && options.appends) continue
      kept.push(row)
      if (!isKnown) fresh.push(row)
      if (isWindow) continue
      if (to === undefined || isBefore(to, value)) {
        to = value
        boundary = new Set()
        atLast = []
      }
      if (tells && Order.compare(value, to) === 0) atLast.push(row)
    }
    for (const row of atLast) {
      if (boundary.size >= mostAtBoundary) break
      boundary.add(digest(row))
    }
    return {
      rows: kept,
      fresh,
      problems,
      outside: rows.length - kept.length - problems.length,
      // An order that does not hold proves nothing.
      isOver: isOver && isOrdered,
      isOrdered,
      isFull: options.appends && boundary.size >= mostAtBoundary,
      missing: rows.length > 0 && problems.length === rows.length,
      reached: {
        from,
        to: to === undefined ? undefined : { by, value: to, ...(tells ? { boundary: [...boundary] } : {}) },
        ...(cap === undefined ? {} : { cap })
      }
    }
  }
  return {
    incremental,
    values: defined({
      start_value: startsAt,
      initial_value: incremental.initialValue,
      last_value: from?.value ?? incremental.initialValue,
      end_value: incremental.endValue
    }),
    page
  }
}

// --- internal ---

const byOf = ({ cursorPath, lastValue }: Incremental): string => `${lastValue} ${cursorPath}`

const startValue = (incremental: Incremental, from: State | undefined): CursorValue | undefined => {
  const { initialValue, lag, lastValue } = incremental
  if (from === undefined) return initialValue
  if (lag === undefined || lag === 0) return from.value
  const lagged = Order.shift(from.value, lastValue === "max" ? -lag : lag)
  if (initialValue === undefined) return lagged
  // The lag never reaches back beyond the initial value.
  const order = Order.compare(lagged, initialValue)
  return (lastValue === "max" ? order < 0 : order > 0) ? initialValue : lagged
}

const missing = ({ cursorPath }: Incremental): Problem => ({
  path: cursorPath,
  reason: "the cursor of the incremental is null or missing"
})

const defined = <A extends object>(values: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof A]?: Exclude<A[K], undefined>
  }
