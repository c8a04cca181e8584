/**
 * The `auto` paginator: the first answer decides how the walk goes on.
 *
 * Stage Page, pure. What was found travels in the positions, so that a walk that is taken up again does not look anew. Where
 * nothing is found the first page is all, as with `single_page`.
 */
import type { Paginator, Position, Step, View } from "../Page.ts"
import * as Cursor from "./Cursor.ts"
import * as Detect from "./Detect.ts"
import * as HeaderLink from "./HeaderLink.ts"
import * as JsonLink from "./JsonLink.ts"
import * as Offset from "./Offset.ts"
import * as PageNumber from "./PageNumber.ts"
import * as SinglePage from "./SinglePage.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Paginator => ({
  type: "auto",
  options: {},
  first: {},
  next: (page, last) => {
    if (last.detected !== undefined) return goOn(last.detected, page, last)
    const found = Detect.detect(page)
    if (found === undefined) return single(page, last)
    const { options, type, why } = found
    const paginator = build({ type, options })
    // The first request had no parameters of paging: it gave the first page, by whichever number or offset.
    const step = detected(paginator.next(page, "nextUrlPath" in options ? last : paginator.first), { type, options })
    const notice = `paginator detected: ${type}, since ${why}`
    return { ...step, notice: step.notice === undefined ? notice : `${notice}; ${step.notice}` }
  },
  ahead: (page, last) => {
    const found = last.detected ?? Detect.detect(page)
    if (found === undefined) return undefined
    const paginator = build(found)
    return paginator.ahead?.(page, last.detected === undefined ? paginator.first : last)
  },
  refused: (status, last) => (last.detected === undefined ? undefined : build(last.detected).refused?.(status, last))
})

// --- internal ---

/** Nobody said that one page is all: anything that speaks against it counts. */
const single = (page: View, last: Position): Step => {
  const step = SinglePage.make().next(page, last)
  return step._tag === "Stop" && step.notice !== undefined ? { ...step, complete: false } : step
}

type Detected = NonNullable<Position["detected"]>

const goOn = (found: Detected, page: View, last: Position): Step => detected(build(found).next(page, last), found)

const detected = (step: Step, found: Detected): Step =>
  step._tag === "Stop" ? step : { ...step, position: { ...step.position, detected: found } }

/** A checkpoint is read back as it was written: the options are of the type they were made for. */
const build = ({ options, type }: Detected): Paginator => {
  if (type === "header_link") return HeaderLink.make(options)
  if (type === "json_link") return JsonLink.make(options)
  if (type === "cursor") return Cursor.make(options)
  if (type === "page_number") return PageNumber.make(options)
  if (type === "offset" && typeof options["limit"] === "number")
    return Offset.make({ ...options, limit: options["limit"] })
  return SinglePage.make()
}
