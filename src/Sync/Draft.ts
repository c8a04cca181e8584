/**
 * A resource's line of the receipt while it is being written.
 *
 * Mutable, and changed in single steps only: by its resource, whose walks may run side by side, by its parent for parents that
 * are refused, and, when a run is interrupted, by what concludes it. `receipt` reads it as plain data at any moment.
 */
import * as Effect from "effect/Effect"
import type { FetchError } from "../Fetch/FetchError.ts"
import type { Fetched } from "../Page.ts"
import type { PageError } from "../Page/PageError.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import type { Batch } from "../Row.ts"
import type { RowError } from "../Row/RowError.ts"
import * as Name from "../Row/Name.ts"
import type { Completed, Doubt, Merged } from "../Table.ts"
import type { TableError } from "../Table/TableError.ts"
import * as Completeness from "./Completeness.ts"
import type { Job } from "./Job.ts"
import * as Notices from "./Notices.ts"
import * as Refused from "./Refused.ts"
import { printable } from "./Words.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Draft {
  readonly resource: Resource
  /** Its rows are stored, not only read for its children. */
  readonly stored: boolean
  settled: boolean
  /** Notices beyond those that a receipt has room for. */
  unsaid: number
  /** The walk came to its end by itself: no page is left to be read. */
  ended: boolean
  /** The runs that the walk took, this one last. */
  runs: ReadonlyArray<string>
  /** And it was, provably, everything. */
  proved: boolean
  /** By a cursor of its own or of an ancestor, a row that has come is passed: the next walk does not bring it again. */
  passes: boolean
  /** By such a cursor, this run did not ask for every row: parents of a child that is new may have passed before. */
  later: boolean
  /** Why the walk cannot tell which rows are gone. */
  unsure: ReadonlyArray<Doubt>
  /** Rows that are gone, or may be, were kept. */
  withheld: boolean
  /** An answer, of it or of its parent, was passed over, as `response_actions` say. */
  ignored: boolean
  /** Rows that processing steps and the incremental range left out. */
  filtered: number
  /** Rows, also of child tables, and values that the schema contract left out. */
  discarded: Batch["discarded"]
  /** Rows of the walk that earlier runs have fetched. */
  before: number
  /** What its walk, or those of its parents, came to. */
  walk: Receipt.Completeness | undefined
  /** What speaks against its being everything, beside the walk. */
  doubts: ReadonlyArray<string>
  /** The rows of its own that were refused in the run. */
  refused: Refused.Refused
  /** Parents for which it cannot be asked. */
  orphans: number
  /** Rows that earlier runs refused and that are still in quarantine at its end. */
  earlier: number
  /** The longest that the API held a request of it back, in milliseconds. */
  held: number
  line: Omit<Receipt.Resource, "completeness">
}

/**
 * What can end a resource's walk.
 *
 * @since 0.1.0
 * @category models
 */
export type Failure = FetchError | PageError | RowError | TableError

/**
 * Until it is concluded a resource counts as interrupted, whatever ends the program.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (resource: Resource, stored = true): Draft => ({
  resource,
  stored,
  settled: false,
  unsaid: 0,
  ended: false,
  proved: false,
  passes: resource.incremental !== undefined,
  later: false,
  runs: [],
  unsure: [],
  withheld: false,
  ignored: false,
  filtered: 0,
  discarded: { rows: 0, values: 0 },
  before: 0,
  walk: undefined,
  doubts: [],
  refused: Refused.none,
  orphans: 0,
  earlier: 0,
  held: 0,
  line: {
    name: resource.name,
    table: Name.path(resource.table),
    status: "interrupted",
    primary_key: resource.primaryKey.fields,
    primary_key_inferred: false,
    requests: 0,
    retries: 0,
    pages: 0,
    rows: { fetched: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0, deleted: 0 },
    reported_total: null,
    stop_reason: null,
    cursor: null,
    notices: [],
    error: null,
    duration_ms: 0
  }
})

/**
 * @since 0.1.0
 * @category accessors
 */
export const receipt = (draft: Draft): Receipt.Resource => {
  const { line } = draft
  return {
    ...line,
    completeness: completeness(draft),
    notices: [...line.notices, ...Notices.behind(draft)].map(printable),
    error: line.error === null ? null : { ...line.error, message: printable(line.error.message) }
  }
}

/**
 * As far as the resource has come: whether it is everything, and why.
 *
 * @since 0.1.0
 * @category accessors
 */
export const completeness = (draft: Draft): Receipt.Completeness => {
  const { proven, why } = Completeness.ofLine(draft.line, draft)
  return { proven, why: printable(why) }
}

/**
 * The same of what was read, whatever was kept beside it: what a child's walk rests on.
 *
 * @since 0.1.0
 * @category accessors
 */
export const reading = (draft: Draft): Receipt.Completeness =>
  draft.withheld && draft.walk?.proven === true && draft.line.rows.rejected === 0 ? draft.walk : completeness(draft)

/**
 * Something speaks against its being everything that its walk does not know of. Its status stays what it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const doubt = (draft: Draft, why: string): void => {
  draft.doubts = [...draft.doubts, why]
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const settle = (draft: Draft): void => {
  draft.settled = true
}

/**
 * Each notice once, and of hundreds of parents not one for each.
 *
 * @since 0.1.0
 * @category combinators
 */
export const notice = (draft: Draft, text: string | undefined): void => {
  if (text === undefined || draft.line.notices.includes(text)) return
  if (draft.line.notices.length >= mostNotices) {
    draft.unsaid++
    return
  }
  draft.line = { ...draft.line, notices: [...draft.line.notices, text] }
}

/**
 * Adds a committed page.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page = (
  draft: Draft,
  fetched: Fetched,
  batch: Batch,
  merged: Merged,
  walk: { readonly filtered: number; readonly cursor: unknown }
): void => {
  const { line } = draft
  draft.filtered += walk.filtered
  draft.held = Math.max(draft.held, fetched.held ?? 0)
  draft.refused = Refused.add(draft.refused, batch.rejects)
  if (fetched.step._tag === "Stop" && fetched.step.reason === "ignored") draft.ignored = true
  draft.discarded = {
    rows: draft.discarded.rows + batch.discarded.rows,
    values: draft.discarded.values + batch.discarded.values
  }
  const { rows } = line
  draft.line = {
    ...line,
    primary_key: batch.key?.fields ?? line.primary_key,
    primary_key_inferred: batch.key?.inferred ?? false,
    requests: line.requests + 1,
    retries: line.retries + fetched.attempts - 1,
    pages: line.pages + 1,
    rows: {
      fetched: rows.fetched + fetched.rows.length,
      inserted: rows.inserted + merged.inserted,
      updated: rows.updated + merged.updated,
      unchanged: rows.unchanged + merged.unchanged,
      rejected: rows.rejected + merged.rejected,
      deleted: rows.deleted + merged.deleted
    },
    reported_total: fetched.step.total ?? line.reported_total,
    cursor: walk.cursor ?? null
  }
  for (const text of fetched.notices) notice(draft, text)
  for (const text of batch.notices) notice(draft, text)
}

/**
 * A page was asked for again only to see whether it is still the same.
 *
 * @since 0.1.0
 * @category combinators
 */
export const look = (draft: Draft, fetched: Fetched): void => {
  const { line } = draft
  draft.line = { ...line, requests: line.requests + 1, retries: line.retries + fetched.attempts - 1 }
}

/**
 * A request that came to nothing, of a resource that goes on without it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const attempted = (draft: Draft, error: Failure): void =>
  unused(draft, error._tag === "FetchError" ? error.attempts : 0)

/**
 * Requests were sent for an answer that no page is made of.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unused = (draft: Draft, attempts: number): void => {
  if (attempts === 0) return
  const { line } = draft
  draft.line = { ...line, requests: line.requests + 1, retries: line.retries + attempts - 1 }
}

/**
 * The walk came to its end, or to a cap.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stop = (
  draft: Draft,
  options: {
    readonly reason: Receipt.Resource["stop_reason"]
    readonly complete: boolean
    readonly completeness: Receipt.Completeness
  }
): void => {
  draft.walk = options.completeness
  const whole = options.complete && draft.line.rows.rejected + draft.orphans + draft.earlier === 0 && !draft.withheld
  draft.line = { ...draft.line, status: whole ? "complete" : "partial", stop_reason: options.reason }
}

/**
 * The whole walk was put in place: rows that a replaced table had and the new one has not are deleted.
 *
 * @since 0.1.0
 * @category combinators
 */
export const completed = (draft: Draft, { deleted, inserted, judged, unchanged, updated }: Completed): void => {
  const { rows } = draft.line
  draft.line = {
    ...draft.line,
    rows: {
      ...rows,
      inserted: rows.inserted + inserted,
      updated: rows.updated + updated,
      unchanged: rows.unchanged + unchanged,
      deleted: rows.deleted + deleted
    }
  }
  notice(draft, judged?.notice)
  if (judged?.withheld === true) draft.withheld = true
}

/**
 * Parents for which a child cannot be fetched: they are refused as the child's, but are no rows of its own.
 *
 * @since 0.1.0
 * @category combinators
 */
export const orphans = (
  drafts: ReadonlyArray<Draft>,
  child: string,
  rejects: ReadonlyArray<{ readonly path: string; readonly reason: string }>
): void => {
  const draft = drafts.find(({ resource }) => resource.name === child)
  const [first] = rejects
  if (draft === undefined || first === undefined) return
  draft.orphans += rejects.length
  notice(draft, `a parent was refused at ${first.path}: ${first.reason}`)
}

/**
 * Tells whoever follows the run where the resource stands.
 *
 * @since 0.1.0
 * @category combinators
 */
export const progress = ({ draft, options }: Job, state: "running" | "done"): Effect.Effect<void> =>
  options.onProgress?.({
    resource: draft.resource.name,
    pages: draft.line.pages,
    rows: draft.line.rows.fetched,
    before: draft.before,
    total: draft.line.reported_total ?? undefined,
    state
  }) ?? Effect.void

/**
 * @since 0.1.0
 * @category combinators
 */
export const skip = (draft: Draft, why: string): void => {
  draft.line = { ...draft.line, status: "skipped" }
  notice(draft, why)
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const fail = (draft: Draft, error: Failure): void => {
  attempted(draft, error)
  draft.line = {
    ...draft.line,
    status: "failed",
    stop_reason: "error",
    error: { stage: stages[error._tag], reason: error.reason, message: error.message }
  }
}

/**
 * A bug ended the resource: ours, or one in a paginator or schema that a program brought along.
 *
 * @since 0.1.0
 * @category combinators
 */
export const crash = (draft: Draft, defect: unknown, redact: (text: string) => string): void => {
  // Before it is cut short: half a secret is one that nobody finds.
  const message = redact(defect instanceof Error ? `${defect.name}: ${defect.message}` : String(defect))
  draft.line = {
    ...draft.line,
    status: "failed",
    stop_reason: "error",
    error: { stage: "sync", reason: "Defect", message: `a defect ended this resource: ${message.slice(0, 512)}` }
  }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const took = (draft: Draft, millis: number): void => {
  draft.line = { ...draft.line, duration_ms: millis }
}

// --- internal ---

const mostNotices = 25

const stages = { FetchError: "fetch", PageError: "page", RowError: "row", TableError: "table" } as const
