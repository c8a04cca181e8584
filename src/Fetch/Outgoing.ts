/**
 * Turns a request of ours into one of the HTTP client's: URL, headers, body, and the credential, unwrapped at this
 * moment.
 *
 * Stage Fetch. What it builds lives as long as one hop of one attempt, so a rotated key is used at once and no key is
 * kept. Does not decide which hosts may be asked.
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpMethod from "@effect/platform/HttpMethod"
import type * as Redacted from "effect/Redacted"
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
  /** For kinds of auth that need one. */
  readonly accessToken?: Redacted.Redacted<string> | undefined
  readonly body: Body | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Body {
  readonly text: string
  /** Where the headers do not say. */
  readonly contentType: string
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
  if (request.body !== undefined && request.data !== undefined) {
    return "a request has one body: JSON, or else form or raw data"
  }
  if ((method === "GET" || method === "HEAD") && bodyOf(request) !== undefined) {
    return `a ${method} request cannot carry a body; use POST, or query parameters`
  }
  return Auth.problem(request.auth ?? api.auth, api.baseUrl) ?? Header.problemOf(request.headers ?? {})
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (api: Api["Type"], request: Request): Outgoing => ({
  method: request.method.toUpperCase() as HttpMethod.HttpMethod,
  headers: { ...defaults, ...lowerCase(api.headers), ...lowerCase(request.headers ?? {}) },
  auth: request.auth ?? api.auth,
  body: bodyOf(request)
})

/**
 * A form for a token URL: without the headers of the API, which are not meant for it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const form = (fields: URLSearchParams, headers: Readonly<Record<string, string>>): Outgoing => ({
  method: "POST",
  headers: { ...defaults, ...lowerCase(headers), "content-type": formType },
  auth: Auth.none,
  body: { text: fields.toString(), contentType: formType }
})

/**
 * Only for a URL that the origin guard has passed: the credential goes with it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toClientRequest = (outgoing: Outgoing, url: URL): HttpClientRequest.HttpClientRequest => {
  const credential = Auth.apply(outgoing.auth, outgoing.accessToken)
  const { cookie, ...own } = lowerCase(credential.headers)
  const cookies = cookie === undefined ? {} : { cookie: joinCookies(outgoing.headers["cookie"], cookie) }
  // As text: given a URL, the client would take the query apart and write it anew in its own encoding.
  const request = HttpClientRequest.make(outgoing.method)(Url.withQuery(url, credential.query).href, {
    headers: { ...outgoing.headers, ...own, ...cookies }
  })
  const { body } = outgoing
  return body === undefined
    ? request
    : HttpClientRequest.bodyText(request, body.text, outgoing.headers["content-type"] ?? body.contentType)
}

// --- internal ---

const defaults = { accept: "application/json", "user-agent": `sluice/${version}` }

const formType = "application/x-www-form-urlencoded"

const bodyOf = ({ body, data }: Request): Body | undefined => {
  if (body !== undefined) return { text: Json.stringify(body), contentType: "application/json" }
  if (data === undefined) return undefined
  if (typeof data === "string") return { text: data, contentType: "text/plain;charset=UTF-8" }
  return { text: new URLSearchParams(data.map(([name, value]) => [name, value])).toString(), contentType: formType }
}

// The credential takes the place of a cookie of its name: it is sent once.
const joinCookies = (others: string | undefined, credential: string) => {
  const name = credential.slice(0, credential.indexOf("=") + 1)
  const kept = (others ?? "").split(";").map((cookie) => cookie.trim())
  return [...kept.filter((cookie) => cookie !== "" && !cookie.startsWith(name)), credential].join("; ")
}

const isMethod = (method: string) => /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
