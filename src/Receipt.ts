/**
 * What a run did, per resource, and whether that is provably everything: the last word of every `sync`.
 *
 * Plain data, encoded as the command line's JSON contract. Decides the exit code. Does not print and does not store.
 */
import * as Schema from "effect/Schema"

/**
 * @since 0.1.0
 * @category models
 */
export const Rows = Schema.Struct({
  fetched: Schema.Number,
  inserted: Schema.Number,
  updated: Schema.Number,
  unchanged: Schema.Number,
  rejected: Schema.Number,
  deleted: Schema.Number
})

/**
 * @since 0.1.0
 * @category models
 */
export const StopReason = Schema.Literal(
  "total_reached",
  "short_page",
  "empty_page",
  "no_next",
  "single_page",
  "has_more_false",
  "maximum_reached",
  "limit_pages",
  "page_repeated",
  "out_of_range",
  "ignored",
  "error"
)

/**
 * Whether a resource was read, provably, to its end, and the facts that say so or what is missing from them.
 *
 * `proven` is never true of a resource that is not `complete`; one that is may lack the proof, where an API says too little.
 *
 * @since 0.1.0
 * @category models
 */
export const Completeness = Schema.Struct({ proven: Schema.Boolean, why: Schema.String })

/**
 * @since 0.1.0
 * @category models
 */
export type Completeness = typeof Completeness.Type

/**
 * @since 0.1.0
 * @category models
 */
export const Resource = Schema.Struct({
  name: Schema.String,
  table: Schema.String,
  status: Schema.Literal("complete", "partial", "failed", "interrupted", "skipped"),
  primary_key: Schema.Array(Schema.String),
  primary_key_inferred: Schema.Boolean,
  /** Pages asked for; a retry is not counted again. */
  requests: Schema.Number,
  retries: Schema.Number,
  pages: Schema.Number,
  rows: Rows,
  reported_total: Schema.NullOr(Schema.Number),
  stop_reason: Schema.NullOr(StopReason),
  completeness: Completeness,
  cursor: Schema.NullOr(Schema.Unknown),
  notices: Schema.Array(Schema.String),
  error: Schema.NullOr(Schema.Struct({ stage: Schema.String, reason: Schema.String, message: Schema.String })),
  duration_ms: Schema.Number
})

/**
 * @since 0.1.0
 * @category models
 */
export const Receipt = Schema.Struct({
  run: Schema.String,
  source: Schema.String,
  db: Schema.String,
  status: Schema.Literal("complete", "partial", "failed", "interrupted"),
  started_at: Schema.String,
  finished_at: Schema.String,
  resources: Schema.Array(Resource)
})

/**
 * @since 0.1.0
 * @category models
 */
export type Receipt = typeof Receipt.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Resource = typeof Resource.Type

/**
 * The status of a run from those of its resources: resources left out on purpose do not spoil a complete run.
 *
 * @since 0.1.0
 * @category combinators
 */
export const status = (resources: ReadonlyArray<Resource>, interrupted: boolean): Receipt["status"] => {
  if (interrupted) return "interrupted"
  const ran = resources.filter((resource) => resource.status !== "skipped")
  if (ran.every((resource) => resource.status === "complete")) return "complete"
  // A child that had no request to make, since its parent failed, makes nothing of it better.
  const gotNothing = ({ requests, status }: Resource) => status === "failed" || (status === "partial" && requests === 0)
  return ran.some(({ status }) => status === "failed") && ran.every(gotNothing) ? "failed" : "partial"
}

/**
 * The command line's exit code for a receipt: 0 complete, 1 failed, 3 partial, 130 interrupted.
 *
 * @since 0.1.0
 * @category combinators
 */
export const exitCode = (receipt: Pick<Receipt, "status">): 0 | 1 | 3 | 130 =>
  ({ complete: 0, failed: 1, partial: 3, interrupted: 130 } as const)[receipt.status]
