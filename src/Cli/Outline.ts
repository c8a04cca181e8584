/**
 * A request as people read it before it is sent: method, URL, headers and body, with credentials as `***` and placeholders of the
 * parent's rows as they are written. Pure; sends nothing.
 */
import type * as Api from "../Api.ts"
import * as Auth from "../Api/Auth.ts"
import type * as Fetch from "../Fetch.ts"
import * as Outgoing from "../Fetch/Outgoing.ts"
import type { Redactor } from "../Fetch/Redact.ts"
import * as Url from "../Fetch/Url.ts"
import type * as Page from "../Page.ts"
import * as Request from "../Page/Request.ts"
import type { Resource } from "../Resource.ts"
import type { Cursor } from "../Row/Cursor.ts"
import * as Binding from "../Sync/Binding.ts"
import * as Either from "effect/Either"

/**
 * @since 0.1.0
 * @category models
 */
export interface Outline {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as a form, or as it is. */
  readonly data?: Fetch.Request["data"]
  /** Asked for a token first. */
  readonly token_url?: string | undefined
}

/**
 * A URL that cannot be made of base URL and path is told as text.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  api: Api.Api["Type"],
  resource: Resource,
  at: { readonly position: Page.Position; readonly cursor: Cursor["values"] | undefined },
  redactor: Redactor
): Either.Either<Outline, string> => {
  const needs = Binding.needs(resource)
  const placeholders = (needs?.paths ?? []).map((path) => [path, `{resources.${needs!.parent}.${path}}`] as const)
  const bound = Binding.request(resource, { parent: Object.fromEntries(placeholders), cursor: at.cursor })
  const request = Request.apply(bound, at.position)
  const auth = request.auth ?? api.auth
  const credential = masked(auth)
  const readable = (text: string) =>
    placeholders.reduce(
      (text, [, written]) =>
        [encodeURIComponent(written), new URLSearchParams([["", written]]).toString().slice(1)].reduce(
          (text, encoded) => text.replaceAll(encoded, written),
          text
        ),
      text
    )
  return Either.map(Url.make(api.baseUrl, request.path, request.query), (url) => {
    const outgoing = Outgoing.make(api, request)
    return {
      method: outgoing.method,
      url: readable(redactor.url(Url.withQuery(url, credential.query))),
      headers: redactor.json({ ...outgoing.headers, ...credential.headers }) as Outline["headers"],
      ...(request.body === undefined ? {} : { body: redactor.json(request.body) }),
      ...(request.data === undefined ? {} : { data: redactor.json(request.data) as Fetch.Request["data"] }),
      ...(Auth.isOAuth(auth) ? { token_url: redactor.url(auth.tokenUrl) } : {})
    }
  })
}

// --- internal ---

/** Where the credential goes, and not what it is. */
const masked = (
  auth: Auth.Auth
): { readonly headers: Record<string, string>; readonly query: Record<string, string> } => {
  switch (auth._tag) {
    case "None":
      return { headers: {}, query: {} }
    case "ApiKey":
      switch (auth.location) {
        case "query":
          return { headers: {}, query: { [auth.name]: "***" } }
        case "cookie":
          return { headers: { cookie: `${auth.name}=***` }, query: {} }
        case "header":
          return { headers: { [auth.name.toLowerCase()]: "***" }, query: {} }
      }
    case "HttpBasic":
      return { headers: { authorization: "Basic ***" }, query: {} }
    default:
      return { headers: { authorization: "Bearer ***" }, query: {} }
  }
}
