/**
 * An answer as an archive keeps it: all that a page is made of, and what it is found again by.
 *
 * Stage Page, pure. Secrets of the configuration are masked by then; fields that are masked in rows are not yet. Stores
 * nothing.
 */
import * as Redacted from "effect/Redacted"
import type * as Fetch from "../Fetch.ts"
import type { FetchError } from "../Fetch/FetchError.ts"
import * as Signature from "../Fetch/Signature.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Kept {
  /** What the request is known again by. */
  readonly request: string
  readonly method: string
  /** Redacted. */
  readonly url: string
  /** Where the answer came from behind redirects, without its query. Redacted. */
  readonly location: string
  readonly status: number
  /** Those that paginators read. */
  readonly headers: Readonly<Record<string, string>>
  /** `undefined` when the answer had none, or its end of the walk was told by something else. */
  readonly body: unknown
  /** The rows in it, each the object that is in the body. */
  readonly rows: ReadonlyArray<unknown>
  readonly outcome: Outcome | undefined
}

/**
 * What an answer came to that is not simply a page of rows.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  /** A response action ended the walk with it. */
  | { readonly _tag: "Action"; readonly kind: "ignore" | "stop"; readonly notice: string }
  /** Its status is an error, by which the paginator knew the end. */
  | {
      readonly _tag: "Refused"
      readonly reason: FetchError["reason"]
      readonly code?: string | undefined
      readonly detail: string
      readonly isRetryable: boolean
    }

/**
 * @since 0.1.0
 * @category constructors
 */
export const response = (
  fetch: Fetch.Fetch["Type"],
  request: Fetch.Request,
  from: {
    readonly response: Fetch.Response
    readonly rows: ReadonlyArray<unknown>
    readonly options: Readonly<Record<string, unknown>>
  }
): Kept => {
  const { action, body, headers, location, status, url } = from.response
  const { origin, pathname } = Redacted.value(location)
  return {
    request: Signature.of(request, fetch),
    method: request.method,
    url,
    location: fetch.redact.url(origin + pathname),
    status,
    headers: needed(headers, from.options),
    body,
    rows: from.rows,
    outcome: action === undefined ? undefined : { _tag: "Action", ...action }
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const refused = (fetch: Fetch.Fetch["Type"], request: Fetch.Request, error: FetchError): Kept => ({
  request: Signature.of(request, fetch),
  method: error.method,
  url: error.url,
  location: error.url.split("?")[0]!,
  status: error.status ?? 0,
  headers: {},
  body: undefined,
  rows: [],
  outcome: {
    _tag: "Refused",
    reason: error.reason,
    code: error.code,
    detail: error.detail,
    isRetryable: error.isRetryable
  }
})

// --- internal ---

/** What is about paging by its name, and what the paginator names itself. Nothing else: a header may be a session's key. */
const needed = (
  headers: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>>
): Readonly<Record<string, string>> => {
  const named = new Set(
    Object.values(options).flatMap((option) => (typeof option === "string" ? [option.toLowerCase()] : []))
  )
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => named.has(name) || (paging.test(name) && !credential.test(name)))
  )
}

const paging =
  /^(?:link|content-range)$|(?:^|-)(?:total|count|pages?|next|prev|previous|cursor|offset|limit|more)(?:-|$)/

const credential = /token|auth|secret|key|cookie|session/
