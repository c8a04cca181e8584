/**
 * One request in, one decoded JSON body out, or a typed error: the only stage that talks HTTP.
 *
 * Second stage of a row's path. Applies auth at request time, pins the origin, times out, bounds and drains bodies, keeps
 * integers exact, retries by policy and scrubs what it reports. Knows no pages and no rows.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Auth from "./Api/Auth.ts"
import type * as RetryPolicy from "./Api/RetryPolicy.ts"
import type { FetchError } from "./Fetch/FetchError.ts"
import type * as Redact from "./Fetch/Redact.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Fetch extends Context.Tag("sluice/Fetch")<Fetch, {
  /** Sends a request, retries included. The answer has status 200–299 and a body that is JSON or empty. */
  readonly send: (request: Request) => Effect.Effect<Response, FetchError>
  /** Takes every configured secret out of a text or a JSON value. */
  readonly redact: Redact.Redactor
}>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly method: string
  /** Joined to the base URL, or an absolute URL on an allowed origin. */
  readonly path: string
  /** Query parameters in order; a parameter may repeat. */
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON when it is not `undefined`. */
  readonly body?: unknown
  /** Instead of the API's own auth. */
  readonly auth?: Auth.Auth | undefined
  /** Instead of the API's own policy. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Response {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, integers beyond 2^53 as `bigint`; `undefined` when the body was empty. Secrets are already masked. */
  readonly body: unknown
  /** Bytes of body read, after decompression. */
  readonly bytes: number
  /** Requests sent for this answer: 1 plus the retries. */
  readonly attempts: number
  /** Redacted URL of the request. */
  readonly url: string
}
