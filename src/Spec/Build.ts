/**
 * From a decoded configuration to the typed values a TypeScript author writes: `Api.Options` and `Resource`.
 *
 * Pure. Checks what no single value can: whether the parts of a resource, put together, make a request that can work.
 */
import * as Redacted from "effect/Redacted"
import type * as Api from "../Api.ts"
import * as Auth from "../Api/Auth.ts"
import * as RetryPolicy from "../Api/RetryPolicy.ts"
import * as Origin from "../Fetch/Origin.ts"
import * as Offset from "../Page/Offset.ts"
import type { Paginator } from "../Page.ts"
import * as SinglePage from "../Page/SinglePage.ts"
import * as Resource from "../Resource.ts"
import type { Merged } from "./Defaults.ts"
import type * as Grammar from "./Grammar/Auth.ts"
import type { Client, Retry } from "./Grammar/Client.ts"
import type * as GrammarPaginator from "./Grammar/Paginator.ts"
import * as Params from "./Params.ts"
import * as Placeholder from "./Placeholder.ts"
import * as Problem from "./Problem.ts"
import * as Secrets from "./Secrets.ts"

/**
 * `secrets` are those found while references were replaced.
 *
 * @since 0.1.0
 * @category constructors
 */
export const api = (client: Client, secrets: ReadonlyArray<Redacted.Redacted<string>>): Api.Options => ({
  baseUrl: client.base_url,
  auth: client.auth == null ? undefined : auth(client.auth),
  headers: headers(client.headers),
  retry: client.retry == null ? undefined : retry(client.retry),
  limits:
    client.limits == null
      ? undefined
      : {
          concurrency: client.limits.concurrency,
          rate: client.limits.rate ?? undefined,
          timeout: client.limits.timeout,
          maxBodyBytes: client.limits.max_body_bytes
        },
  allowedHosts: client.allowed_hosts ?? undefined,
  secrets: [...secrets, ...headerSecrets(client.headers)]
})

/**
 * Secrets of one resource, which the API has to know as well, to scrub them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = ({ endpoint }: Merged): ReadonlyArray<Redacted.Redacted<string>> => [
  ...(endpoint.auth == null ? [] : Auth.secrets(auth(endpoint.auth))),
  ...headerSecrets(endpoint.headers)
]

/**
 * `keyOrigin`: whether the primary key is the resource's own. `text` gives a number as it was written.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resource = (
  merged: Merged,
  client: Client,
  keyOrigin: Resource.PrimaryKey["origin"],
  text: Params.Text
): Resource.Resource => {
  const { endpoint } = merged
  const { path, query } = Params.split(Placeholder.unescape(endpoint.path ?? merged.name))
  const key = merged.primary_key ?? []
  return Resource.make({
    name: merged.name,
    table: merged.table_name ?? undefined,
    method: endpoint.method ?? undefined,
    path,
    query: [...query, ...Params.query(endpoint.params ?? {}, text)],
    headers: headers(endpoint.headers),
    body: endpoint.json == null ? undefined : Params.body(endpoint.json),
    auth: endpoint.auth == null ? undefined : auth(endpoint.auth),
    retry:
      endpoint.retry == null
        ? undefined
        : RetryPolicy.make(retry(endpoint.retry), RetryPolicy.make(client.retry == null ? {} : retry(client.retry))),
    paginator: paginator(endpoint.paginator ?? client.paginator ?? "single_page"),
    selector: endpoint.data_selector == null || endpoint.data_selector === "$" ? undefined : endpoint.data_selector,
    selectorRequired: endpoint.data_selector_required,
    primaryKey: key.length === 0 ? undefined : { fields: typeof key === "string" ? [key] : key, origin: keyOrigin },
    writeDisposition: merged.write_disposition ?? "append",
    json: merged.json,
    maxTableNesting: merged.max_table_nesting ?? undefined,
    onBadRow: merged.on_bad_row ?? undefined,
    unavailable: merged.selected === false ? "not selected (`selected: false`)" : undefined
  })
}

/**
 * Mistakes that only show when a resource is put together; `path` is the resource's.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (merged: Merged, client: Client, path: Problem.Path): ReadonlyArray<Problem.Problem> => {
  const { endpoint } = merged
  const at = (...keys: ReadonlyArray<string>) => [...path, ...keys]
  const problems: Array<Problem.Problem> = []
  const say = (keys: ReadonlyArray<string>, message: string, hint: string) =>
    void problems.push(Problem.invalid(at(...keys), message, hint))
  const pages = endpoint.paginator ?? client.paginator
  const method = (endpoint.method ?? "GET").toUpperCase()
  if (pages == null) {
    say(
      ["endpoint", "paginator"],
      "there is no paginator, and finding one automatically is not supported yet",
      "write { type: offset, limit: 500 } or single_page"
    )
  }
  if (pages != null && pages !== "single_page" && pages.type === "offset") {
    if (endpoint.data_selector == null) {
      say(
        ["endpoint", "data_selector"],
        "finding the rows automatically is not supported yet",
        "write the key that holds them, or `$` when the answer itself is the list"
      )
    }
    if (method === "GET" && (pages.offset_body_path ?? pages.limit_body_path) != null) {
      say(
        ["endpoint", "method"],
        "a paginator that writes into the body needs a request with a body",
        "write `method: POST`"
      )
    }
  }
  if (method === "GET" && endpoint.json != null)
    say(["endpoint", "json"], "a GET request has no body", "write `method: POST`")
  if (merged.write_disposition === "merge" && (merged.primary_key ?? []).length === 0) {
    say(
      ["primary_key"],
      "`merge` needs a primary key",
      "write the field that tells two rows apart, or `write_disposition: append`"
    )
  }
  if (/^https?:\/\//i.test(endpoint.path ?? "") && !isAllowed(endpoint.path ?? "", client)) {
    say(
      ["endpoint", "path"],
      "leads to a host that credentials must not be sent to",
      "write a path below `client.base_url`, or add the host to `client.allowed_hosts`"
    )
  }
  return problems
}

// --- internal ---

const isAllowed = (path: string, client: Client) =>
  URL.canParse(path) && Origin.guard(new URL(client.base_url), client.allowed_hosts ?? [])(new URL(path)) === undefined

const auth = (value: Grammar.Auth): Auth.Auth =>
  Auth.apiKey({
    name: value.name ?? "Authorization",
    value: value.api_key,
    location: (value.location ?? "header") === "header" ? "header" : "query"
  })

const retry = (value: typeof Retry.Type): RetryPolicy.Options => ({
  maxRetries: value.max_retries,
  factor: value.factor,
  baseDelay: value.base_delay,
  maxDelay: value.max_delay,
  jitter: value.jitter,
  statuses: value.statuses,
  maxRetryAfter: value.max_retry_after
})

const headers = (value: Client["headers"]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([name, text]) => [name, Placeholder.unescape(text)]))

/** A literal in a header that is named like a credential; its scheme is no secret. */
const headerSecrets = (value: Client["headers"]): ReadonlyArray<Redacted.Redacted<string>> =>
  Object.entries(value ?? {}).flatMap(([name, text]) => {
    const bare = text.replace(/^(Bearer|Basic|Token|ApiKey)\s+/i, "").trim()
    return Secrets.isCredentialName(name) && bare !== "" ? [Redacted.make(bare)] : []
  })

const paginator = (value: GrammarPaginator.Paginator): Paginator => {
  if (value === "single_page" || value.type === "single_page") return SinglePage.make()
  return Offset.make({
    limit: value.limit,
    offset: value.offset,
    offsetParam: value.offset_param ?? undefined,
    offsetBodyPath: value.offset_body_path ?? undefined,
    limitParam: value.limit_param ?? undefined,
    limitBodyPath: value.limit_body_path ?? undefined,
    totalPath: value.total_path === "" ? null : value.total_path,
    maximumOffset: value.maximum_offset ?? undefined,
    stopAfterEmptyPage: value.stop_after_empty_page,
    hasMorePath: value.has_more_path ?? undefined
  })
}
