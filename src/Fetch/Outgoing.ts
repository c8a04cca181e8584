/**
 * Turns a request of ours into one of the HTTP client's: URL, headers, body, and the credential, unwrapped at this
 * moment.
 *
 * Stage Fetch. What it builds lives as long as one hop of one attempt, so a rotated key is used at once and no key is
 * kept. Does not decide which hosts may be asked.
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpMethod from "@effect/platform/HttpMethod"
import type { Api } from "../Api.ts"
import * as Auth from "../Api/Auth.ts"
import * as Header from "../Api/Header.ts"
import type { Request } from "../Fetch.ts"
import { version } from "../Version.ts"
import * as Json from "./Json.ts"
import * as Url from "./Url.ts"

/**
 * A request that can be sent: the method is known, headers are legal, body and method fit.
 *
 * @since 0.1.0
 * @category models
 */
export interface Outgoing {
  readonly method: HttpMethod.HttpMethod
  readonly headers: Readonly<Record<string, string>>
  readonly auth: Auth.Auth
  readonly body: string | undefined
}

/**
 * Why a request cannot be sent as it stands, before anything is tried; `undefined` when it can.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (api: Api["Type"], request: Request): string | undefined => {
  const method = request.method.toUpperCase()
  if (!isMethod(method)) return `${JSON.stringify(request.method)} is not a method that can be sent`
  if ((method === "GET" || method === "HEAD") && request.body !== undefined) {
    return `a ${method} request cannot carry a body; use POST, or query parameters`
  }
  return Auth.problem(request.auth ?? api.auth) ?? Header.problemOf(request.headers ?? {})
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (api: Api["Type"], request: Request): Outgoing => ({
  method: request.method.toUpperCase() as HttpMethod.HttpMethod,
  headers: { ...lowerCase(defaults), ...lowerCase(api.headers), ...lowerCase(request.headers ?? {}) },
  auth: request.auth ?? api.auth,
  body: request.body === undefined ? undefined : Json.stringify(request.body)
})

/**
 * Only for a URL that the origin guard has passed: the credential goes with it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toClientRequest = (outgoing: Outgoing, url: URL): HttpClientRequest.HttpClientRequest => {
  const credential = Auth.apply(outgoing.auth)
  // As text: given a URL, the client would take the query apart and write it anew in its own encoding.
  const request = HttpClientRequest.make(outgoing.method)(Url.withQuery(url, credential.query).href, {
    headers: { ...outgoing.headers, ...lowerCase(credential.headers) }
  })
  return outgoing.body === undefined
    ? request
    : HttpClientRequest.bodyText(request, outgoing.body, outgoing.headers["content-type"] ?? "application/json")
}

// --- internal ---

const defaults = { accept: "application/json", "user-agent": `sluice/${version}` }

const isMethod = (method: string) => /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
