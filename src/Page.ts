/**
 * From one response to the next request: paginators, and a resource's Stream of pages.
 *
 * Third stage of a row's path. A paginator is data and two pure answers: where a walk starts, and what follows a page.
 * Guards every walk against loops. Knows nothing of what rows mean.
 */

/**
 * What a paginator adds to a resource's request: plain JSON, so that it can be a checkpoint.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position {
  /** Query parameters set for this page, over those of the request. */
  readonly query?: Readonly<Record<string, string | number>> | undefined
  /** Dotted paths set in the JSON body for this page. */
  readonly body?: Readonly<Record<string, string | number>> | undefined
  /** Replaces path and query altogether (next links). Subject to the origin pin. */
  readonly url?: string | undefined
}

/**
 * What a paginator may look at to decide what follows.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Rows the selector found on this page, before any decoding. */
  readonly rows: number
}

/**
 * Why a walk over an endpoint ended.
 *
 * @since 0.1.0
 * @category models
 */
export type StopReason =
  | "total_reached"
  | "short_page"
  | "empty_page"
  | "no_next"
  | "single_page"
  | "has_more_false"
  | "maximum_reached"
  | "limit_pages"
  | "page_repeated"
  | "out_of_range"
  | "ignored"
  | "error"

/**
 * @since 0.1.0
 * @category models
 */
export type Step =
  | { readonly _tag: "Continue"; readonly position: Position; readonly total?: number | undefined; readonly notice?: string | undefined }
  | {
    readonly _tag: "Stop"
    readonly reason: StopReason
    /** `false` when rows are known or likely to be missing. */
    readonly complete: boolean
    readonly total?: number | undefined
    readonly notice?: string | undefined
  }

/**
 * Any object of this shape is a paginator; `next` must be pure.
 *
 * @since 0.1.0
 * @category models
 */
export interface Paginator {
  /** The grammar's name of it: `offset`, `single_page`, or your own. */
  readonly type: string
  /** Part of a checkpoint's fingerprint: must change when the walk would. */
  readonly options: Readonly<Record<string, unknown>>
  readonly first: Position
  readonly next: (page: View, last: Position) => Step
}
