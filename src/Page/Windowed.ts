/**
 * A paginator that walks a list in windows of time, each with the paginator it is given, and splits those that hold too many rows.
 *
 * Stage Page, pure. What it knows of the walk is in the positions it gives, so that every checkpoint has it. The first page of a window
 * that is to be split is not passed on. Reads no clock: the range is given.
 */
import type { Paginator, Position, Step, View } from "../Page.ts"
import type { Windows } from "../Resource/Windows.ts"
import * as Tally from "./Window/Tally.ts"
import * as Window from "./Window.ts"

/**
 * `start` and `end`: of the range, in milliseconds since 1970.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  inner: Paginator,
  windows: Windows,
  range: { readonly start: number; readonly end: number }
): Paginator => {
  const line = Window.make(windows)
  const { limit } = inner.options
  /** Of a page: as much as is asked for, or else as came. */
  const sizeOf = (page: View) => Math.min(windows.cap, typeof limit === "number" ? limit : Math.max(1, page.rows))

  const place = (position: Position, tally: Tally.Tally): Position => {
    const [from = 0, to = 0] = tally.bounds
    return {
      ...position,
      query: { ...position.query, ...line.query(from, to) },
      memo: { ...position.memo, [key]: JSON.stringify(tally) }
    }
  }
  const began = (): Tally.Tally => {
    const [from, end] = line.range(range.start, range.end)
    return Tally.begin(from, line.until(from, end), end)
  }
  const tallyOf = ({ memo }: Position): Tally.Tally => {
    const kept = memo?.[key]
    return typeof kept === "string" ? (JSON.parse(kept) as Tally.Tally) : began()
  }
  const shown = ({ bounds: [from = 0, to = 0] }: Tally.Tally) => Object.values(line.query(from, to)).join(" to ")

  const close = (tally: Tally.Tally, end: Extract<Step, { readonly _tag: "Stop" }>, isCapped: boolean): Step => {
    const told = Tally.close(tally, { shown: shown(tally), end, isCapped, cap: windows.cap })
    const [, to = 0] = tally.bounds
    if (tally.bounds.length > 2 || to < tally.end) {
      const bounds = tally.bounds.length > 2 ? tally.bounds.slice(1) : [to, line.until(to, tally.end)]
      const next = Tally.anew({ ...told.tally, bounds })
      return { _tag: "Continue", position: place(inner.first, next), notice: told.notice, anew: true }
    }
    return Tally.end(told.tally, end)
  }

  const next = (page: View, last: Position): Step => {
    const tally = tallyOf(last)
    const step = inner.next(page, bare(last))
    const read = tally.read + page.rows
    const total = step.total ?? tally.total
    const hasMoved = Tally.hasMoved(tally, step.total)
    const why = hasMoved && tally.again ? `${shown(tally)}: its total changed while it was read, twice` : undefined
    const seen: Tally.Tally = { ...tally, read, total, why: tally.why ?? why }
    const size = sizeOf(page)
    // No page may reach beyond the cap, also none that holds less than it asks for.
    const most = step._tag === "Continue" ? Math.floor(windows.cap / size) * size : windows.cap
    const isFull =
      step._tag === "Continue"
        ? read + size > windows.cap
        : step.total === undefined && total === undefined && read >= windows.cap
    const isOver = isFull || (total !== undefined && total > most)
    if (isOver) {
      const heedless = Tally.heedless(seen)
      if (heedless !== undefined)
        return { _tag: "Stop", reason: "error", complete: false, notice: heedless(windows.fromParam, windows.toParam) }
      const [from = 0, to = 0] = tally.bounds
      const middle = line.split(from, to)
      if (middle !== undefined) {
        const parts = Tally.split(tally, middle, total)
        return { _tag: "Continue", position: place(inner.first, parts), again: true, anew: true }
      }
    }
    if (hasMoved && !tally.again) {
      const twice = Tally.anew({ ...tally, extra: tally.extra + read })
      return { _tag: "Continue", position: place(inner.first, { ...twice, again: true }), anew: true }
    }
    if (step._tag === "Stop") return close(seen, step, isFull)
    if (isFull) return close(seen, { _tag: "Stop", reason: "maximum_reached", complete: false }, true)
    return { ...step, position: place(step.position, seen), total: undefined }
  }

  return {
    type: inner.type,
    options: inner.options,
    first: place(inner.first, began()),
    next,
    ended: (end, last) => close(tallyOf(last), end, false),
    refused: (status, last) => {
      const step = inner.refused?.(status, bare(last))
      return step?._tag === "Stop" ? close(tallyOf(last), step, false) : step
    }
  }
}

// --- internal ---

const key = "windows"

/** A position as the inner paginator gave it. Its query may have more parameters, which it does not look at. */
const bare = (position: Position): Position => {
  const { [key]: _, ...memo } = position.memo ?? {}
  const { memo: __, ...rest } = position
  return Object.keys(memo).length === 0 ? rest : { ...rest, memo }
}
