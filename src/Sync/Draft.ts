/**
 * A resource's line of the receipt while it is being written.
 *
 * Mutable, and touched only by the fiber of its resource and, when a run is interrupted, by the one that concludes it.
 * `receipt` reads it as plain data at any moment.
 */
import type { FetchError } from "../Fetch/FetchError.ts"
import type { Fetched } from "../Page.ts"
import type { PageError } from "../Page/PageError.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import type { Batch } from "../Row.ts"
import type { RowError } from "../Row/RowError.ts"
import * as Name from "../Row/Name.ts"
import type { Merged } from "../Table.ts"
import type { TableError } from "../Table/TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Draft {
  readonly resource: Resource
  settled: boolean
  /** Rows of the walk that earlier runs have fetched. */
  before: number
  line: Receipt.Resource
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
export const make = (resource: Resource): Draft => ({
  resource,
  settled: false,
  before: 0,
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
export const receipt = ({ line }: Draft): Receipt.Resource => {
  const { rejected } = line.rows
  const what = rejected === 1 ? "1 row was refused: it is" : `${rejected} rows were refused: they are`
  const refused = rejected === 0 ? [] : [`${what} in _sluice_rejects, each with its reason`]
  return {
    ...line,
    notices: [...line.notices, ...refused].map(printable),
    error: line.error === null ? null : { ...line.error, message: printable(line.error.message) }
  }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const settle = (draft: Draft): void => {
  draft.settled = true
}

/**
 * Each notice once.
 *
 * @since 0.1.0
 * @category combinators
 */
export const notice = (draft: Draft, text: string | undefined): void => {
  if (text === undefined || draft.line.notices.includes(text)) return
  draft.line = { ...draft.line, notices: [...draft.line.notices, text] }
}

/**
 * Adds a committed page.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page = (draft: Draft, fetched: Fetched, batch: Batch, merged: Merged): void => {
  const { line } = draft
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
      deleted: rows.deleted
    },
    reported_total: fetched.step.total ?? line.reported_total,
    cursor: fetched.next ?? null
  }
  notice(draft, fetched.step.notice)
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
 * The walk came to its end, or to a cap.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stop = (
  draft: Draft,
  options: { readonly reason: Receipt.Resource["stop_reason"]; readonly complete: boolean }
): void => {
  const whole = options.complete && draft.line.rows.rejected === 0
  draft.line = { ...draft.line, status: whole ? "complete" : "partial", stop_reason: options.reason }
}

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
  const attempts = error._tag === "FetchError" ? error.attempts : 0
  draft.line = {
    ...draft.line,
    status: "failed",
    stop_reason: "error",
    requests: draft.line.requests + (attempts > 0 ? 1 : 0),
    retries: draft.line.retries + Math.max(0, attempts - 1),
    error: { stage: stages[error._tag], reason: error.reason, message: error.message }
  }
}

/**
 * A bug ended the resource: ours, or one in a paginator or schema that a program brought along.
 *
 * @since 0.1.0
 * @category combinators
 */
export const crash = (draft: Draft, defect: unknown): void => {
  const message = defect instanceof Error ? `${defect.name}: ${defect.message}` : String(defect)
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

/** Keys and messages are an API's to choose, and a terminal obeys what it is shown. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, "\ufffd")

const stages = { FetchError: "fetch", PageError: "page", RowError: "row", TableError: "table" } as const
