/**
 * Whether a walk read, provably, everything there is to read: one word and the facts for it, as the receipt says them.
 *
 * Pure. Only what was reported and counted is a proof: where an API says too little, a walk may be `complete` and not proven.
 * Decides no status, and stops nothing.
 */
import type * as Page from "../Page.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import { printed } from "./Words.ts"

/**
 * What is known of a walk when it has ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  readonly resource: Resource
  /** The last page. */
  readonly step: Extract<Page.Step, { readonly _tag: "Stop" }>
  /** Its 0-based number, counted on over a resume. */
  readonly index: number
  readonly single: boolean
  /** Rows the walk has fetched, over all the runs it took. */
  readonly rows: number
  readonly total: number | undefined
  /** Why it is not everything all the same. */
  readonly lost: ReadonlyArray<string>
  /** Why, on the way, something could not be told, or was left out. */
  readonly doubt: string | undefined
  /** Pages are places in a list, which rows that come and go move: an offset, the number of a page. */
  readonly byPlace: boolean
  /** Rows have a key, so that one that comes twice is noticed. */
  readonly keyed: boolean
  readonly runs: ReadonlyArray<string>
  /** The value of the cursor that rows were asked for from. */
  readonly since: unknown
  /** What became of a list that moved. */
  readonly moved: string | undefined
  /** Whether it was read a second time: up to what was known, or to its end, where rows came twice once more or not. */
  readonly again: "no" | "front" | "twice" | "whole"
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const ofWalk = (facts: Facts): Receipt.Completeness => {
  const { moved, runs, since } = facts
  const { proven, why } = judge(facts)
  const before = moved === undefined || facts.lost.length > 0 || !facts.step.complete ? "" : `${moved}; `
  const by = runs.length > 1 ? `; read by ${runs.length} runs together, the first ${runs[0]}` : ""
  const range = since === undefined ? "" : `; only rows from ${printed(since)} on were taken`
  return { proven, why: `${before}${why}${by}${range}` }
}

/**
 * Of a child: as little is proven as of the parent that is proven least.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofParents = (
  parents: number,
  ended: {
    readonly failed: number
    readonly incomplete: number
    readonly left: number
    readonly unproven: number
    /** Why the first of them is. */
    readonly first: string | undefined
  }
): Receipt.Completeness => {
  const { failed, first, incomplete, left, unproven } = ended
  const of = `of ${parentsOf(parents)}`
  if (failed > 0) return no(`${of} ${printed(failed)} failed`)
  if (unproven > 0 && first !== undefined)
    return no(unproven === 1 ? first : `${of}, ${printed(unproven)} like ${first}`)
  if (incomplete > 0) return no(`${of} ${printed(incomplete)} were not read to their end`)
  if (left > 0) return no(`${parentsOf(left)} ${left === 1 ? "is" : "are"} left for the next run`)
  return yes(parents === 0 ? "it had no parent to be read for" : `${parentsOf(parents)}, each read to its end`)
}

/**
 * Of a child whose own walks are proven: it lacks the rows of parents that nobody knows of.
 *
 * @since 0.1.0
 * @category combinators
 */
export const under = (parent: string, above: Receipt.Completeness, own: Receipt.Completeness): Receipt.Completeness =>
  above.proven ? own : no(`${own.why}, but of its parent ${parent}: ${above.why}`)

/**
 * The last word: a line that is not complete is not proven, whatever its walk was.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ofLine = (
  line: Omit<Receipt.Resource, "completeness">,
  known: {
    readonly walk: Receipt.Completeness | undefined
    readonly doubts: ReadonlyArray<string>
    /** Rows did not come any more, and were kept: too many to be believed. */
    readonly withheld?: boolean | undefined
  }
): Receipt.Completeness => {
  const { doubts, walk } = known
  const not = (why: string): Receipt.Completeness => ({ proven: false, why })
  const pages = line.pages === 1 ? "1 page" : `${printed(line.pages)} pages`
  switch (line.status) {
    case "skipped":
      return not(line.notices.at(-1) ?? "left out")
    case "interrupted":
      return not(line.pages === 0 ? "interrupted before its first page" : `interrupted after ${pages}`)
    case "failed":
      return not(line.error?.message ?? "it failed")
  }
  if (line.rows.rejected > 0) {
    return not(line.rows.rejected === 1 ? "1 row was refused" : `${printed(line.rows.rejected)} rows were refused`)
  }
  if (walk?.proven === false) return walk
  if (known.withheld === true) return not("rows did not come any more, and were kept: too many to be believed")
  const [doubt] = doubts
  if (doubt !== undefined) return not(doubt)
  if (walk === undefined) return not("nothing is known of its walk")
  return line.status === "complete" ? walk : not("not everything was read")
}

// --- internal ---

const parentsOf = (count: number) => (count === 1 ? "1 parent" : `${printed(count)} parents`)

const yes = (why: string): Receipt.Completeness => ({ proven: true, why })
const no = (why: string): Receipt.Completeness => ({ proven: false, why })

const judge = (facts: Facts): Receipt.Completeness => {
  const { again, byPlace, doubt, index, keyed, lost, moved, step } = facts
  if (!step.complete) return no(stopped(facts))
  if (lost[0] !== undefined) return no(lost[0])
  if (doubt !== undefined) return no(doubt)
  if (step.reason === "ignored") return no("an answer was passed over, as its response_actions say")
  if (again === "front") return no("it was read again from its start until nothing was new")
  const judged = facts.total === undefined ? untold(facts) : counted(facts, facts.total)
  if (!judged.proven || !byPlace || index === 0) return judged
  if (again === "twice") return no(`${judged.why}, but rows of one key came twice`)
  if (again === "no" && moved !== undefined) return no(`${judged.why}, and some may have been passed over`)
  if (!keyed) return no(`${judged.why}, but without a key no row would be noticed that came in place of another`)
  return again === "no" ? judged : yes(`read a second time, it did not move: ${judged.why}`)
}

const stopped = ({ index, step }: Facts): string => {
  if (step.reason === "limit_pages") return `stopped by --limit-pages after page ${printed(index + 1)}`
  return (
    step.notice ??
    (step.reason === "maximum_reached" ? "the configured maximum was reached" : `stopped: ${step.reason}`)
  )
}

/** By the number of rows that the API reports. */
const counted = ({ resource, rows, step }: Facts, total: number): Receipt.Completeness => {
  const what = `the API reported ${rowsOf(total)}, ${printed(rows)} ${rows === 1 ? "was" : "were"} read`
  if (rows === total) return yes(what)
  if (rows > total) return no(`${what}: one of the two is wrong`)
  // The cursor's range ended the walk, not the list.
  if (step.reason === "out_of_range") return no(`${what}: the rest lies out of the range, by its row_order`)
  const start = resource.paginator.options["offset"]
  return no(typeof start === "number" && start > 0 ? `${what}: the first ${start} were not asked for` : what)
}

const silent = "the API reports no total"

const untold = (facts: Facts): Receipt.Completeness => {
  const { byPlace, index, resource, rows, single, step } = facts
  if (step.doubt !== undefined) return no(step.doubt)
  const shifts = byPlace && index > 0 ? `; ${silent}, so that rows that left or came meanwhile may not show` : ""
  const stable = (why: string) => (shifts === "" ? yes(why) : no(why + shifts))
  switch (step.reason) {
    case "single_page":
      if (single) return yes("the endpoint is one row")
      return resource.paginator.type === "single_page"
        ? yes("the configuration says that there is one page, and nothing on it speaks of more")
        : no(`one page came, which says neither that it is all nor what follows; ${silent}`)
    case "no_next":
      return stable("the last page leads to no other")
    case "has_more_false":
      return stable("the API said that no more follow")
    case "total_reached":
      return index === 0 ? yes("the API reported one page") : stable("as many pages were read as the API reported")
    case "empty_page":
      if (index === 0 && rows === 0 && !isLater(resource)) return yes("the first page was empty")
      return no(`an empty page ended it; ${silent}`)
    case "short_page":
      return no(`a short page ended it; ${silent}`)
    case "page_repeated":
      return no(`the same page came again, and was taken for all there is; ${silent}`)
    case "out_of_range":
      return no(step.notice ?? `the rows left the range, by the order that row_order declares; ${silent}`)
    default:
      return no(`it ended by ${step.reason}; ${silent}`)
  }
}

/** The first page asked for is not the first one there is. */
const isLater = ({ paginator: { options } }: Resource): boolean =>
  [options["offset"], options["page"]].some((start) => typeof start === "number" && start > 1)

const rowsOf = (count: number) => (count === 1 ? "1 row" : `${printed(count)} rows`)
