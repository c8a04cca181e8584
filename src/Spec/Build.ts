/**
 * From a checked configuration to the typed values a TypeScript author writes: `Api.Options` and `Resource`.
 *
 * Pure, and decides nothing: what could be wrong was said before.
 */
import * as Redacted from "effect/Redacted"
import type * as Api from "../Api.ts"
import * as ApiAuth from "../Api/Auth.ts"
import * as RetryPolicy from "../Api/RetryPolicy.ts"
import * as Resource from "../Resource.ts"
import * as Credential from "../Row/Credential.ts"
import * as Auth from "./Build/Auth.ts"
import * as Paginator from "./Build/Paginator.ts"
import * as Params from "./Build/Params.ts"
import * as Step from "./Build/Step.ts"
import * as Windows from "./Build/Windows.ts"
import * as Write from "./Build/Write.ts"
import type { Draft } from "./Draft.ts"
import type { Client, Retry } from "./Grammar/Client.ts"
import * as Placeholder from "./Placeholder.ts"
import * as Secrets from "./Secrets.ts"

/**
 * `secrets` are those found while references were replaced.
 *
 * @since 0.1.0
 * @category constructors
 */
export const api = (client: Client, secrets: ReadonlyArray<Redacted.Redacted<string>>): Api.Options => ({
  baseUrl: client.base_url,
  auth: client.auth == null ? undefined : Auth.make(client.auth),
  headers: client.headers ?? {},
  retry: client.retry == null ? undefined : retry(client.retry),
  limits:
    client.limits == null
      ? undefined
      : {
          concurrency: client.limits.concurrency ?? undefined,
          rate: client.limits.rate ?? undefined,
          timeout: client.limits.timeout ?? undefined,
          maxBodyBytes: client.limits.max_body_bytes ?? undefined
        },
  allowedHosts: client.allowed_hosts ?? undefined,
  secrets: [...secrets, ...headerSecrets(Object.entries(client.headers ?? {})), ...inQuery(client.base_url)]
})

/**
 * Secrets of one resource, which the API has to know as well, to scrub them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = ({ merged: { endpoint } }: Draft): ReadonlyArray<Redacted.Redacted<string>> => [
  ...(endpoint.auth == null ? [] : ApiAuth.secrets(Auth.make(endpoint.auth))),
  ...headerSecrets(Params.texts(endpoint.headers ?? {})),
  ...[endpoint.params, endpoint.json, endpoint.data].flatMap((values) => writtenOut(values ?? {})),
  ...inQuery(endpoint.path ?? "")
]

/**
 * @since 0.1.0
 * @category constructors
 */
export const resource = (draft: Draft): Resource.Resource => {
  const { client, merged, request } = draft
  const { endpoint } = merged
  const key = Write.primaryKey(merged)
  return Resource.make({
    name: merged.name,
    table: merged.table_name ?? undefined,
    method: draft.method,
    path: request.path,
    query: request.query,
    headers: request.headers,
    body: request.body,
    data: request.data,
    // As in dlt, a null written there means no credentials, not those of the client.
    auth: endpoint.auth === undefined ? undefined : endpoint.auth === null ? ApiAuth.none : Auth.make(endpoint.auth),
    retry:
      endpoint.retry == null
        ? undefined
        : RetryPolicy.make(retry(endpoint.retry), RetryPolicy.make(client.retry == null ? {} : retry(client.retry))),
    actions: (endpoint.response_actions ?? []).map(Step.action),
    paginator: Paginator.make(draft.paginator.paginator),
    selector: draft.selector,
    selectorRequired: endpoint.data_selector_required ?? undefined,
    processing: (merged.processing_steps ?? []).map(Step.step),
    incremental: draft.incremental,
    windows: Windows.make(endpoint),
    includeFromParent: merged.include_from_parent ?? undefined,
    parallelized: merged.parallelized ?? undefined,
    selected: merged.selected ?? undefined,
    primaryKey: key.length === 0 ? undefined : { fields: key, origin: draft.hasOwnKey ? "declared" : "default" },
    writeDisposition: Write.make(merged),
    columns: Write.columns(merged),
    contract: Write.contract(merged),
    maxTableNesting: merged.max_table_nesting ?? undefined,
    onBadRow: merged.on_bad_row ?? undefined,
    maxRejectRatio: merged.max_reject_ratio ?? undefined,
    deletes: Write.deletes(merged),
    resumeWithin: merged.resume_within ?? undefined,
    mask: merged.mask ?? undefined,
    unmask: merged.unmask ?? undefined
  })
}

// --- internal ---

const retry = (value: typeof Retry.Type): RetryPolicy.Options => ({
  maxRetries: value.max_retries ?? undefined,
  factor: value.factor ?? undefined,
  baseDelay: value.base_delay ?? undefined,
  maxDelay: value.max_delay ?? undefined,
  jitter: value.jitter ?? undefined,
  statuses: value.statuses ?? undefined,
  maxRetryAfter: value.max_retry_after ?? undefined
})

/** A literal in a header that is named like a credential; its scheme is no secret. */
const headerSecrets = (headers: ReadonlyArray<Params.Pair>): ReadonlyArray<Redacted.Redacted<string>> =>
  headers.flatMap(([name, text]) => {
    const bare = Placeholder.plain(text)
      .replace(/^(Bearer|Basic|Token|ApiKey)\s+/i, "")
      .trim()
    return Secrets.isCredentialName(name) && bare !== "" && !isPlaceholder(bare) ? [Redacted.make(bare)] : []
  })

/**
 * A literal in a query or body, at any depth, that can hardly be anything but a credential. Unlike a header's, the value of a
 * `key` or of a short `token` may well be a word of the data, and would be taken out of all of it.
 */
const writtenOut = (values: unknown): ReadonlyArray<Redacted.Redacted<string>> => {
  if (typeof values !== "object" || values === null) return []
  const entries: ReadonlyArray<readonly [unknown, unknown]> = Array.isArray(values)
    ? values.flatMap((each: unknown) => (Array.isArray(each) ? [[each[0], each[1]] as const] : [["", each] as const]))
    : Object.entries(values)
  return entries.flatMap(([name, value]) => {
    if (typeof value === "object") return writtenOut(value)
    const bare = typeof value === "string" ? Placeholder.plain(value) : ""
    return isCredential(String(name)) && isTelling(bare) && !bare.includes("{") ? [Redacted.make(bare)] : []
  })
}

/** The same in the query of a URL, or of what begins as one. */
const inQuery = (text: string): ReadonlyArray<Redacted.Redacted<string>> =>
  writtenOut([...new URLSearchParams(text.slice(text.indexOf("?") + 1 || text.length).split("#")[0])])

const isCredential = (name: string) => credentialNames.test(name) || Credential.kind(name) !== undefined

/** Long enough, or, if it is short, no word and no number. */
const isTelling = (text: string) => text.length >= 8 || (text.length >= 5 && /\d/.test(text) && /[a-z]/i.test(text))

const credentialNames =
  /^(x[-_])?((api|app|access|auth|secret|private)[-_]?(key|token)|(client|api|app)?[-_]?secret|token|password)$/i

/** `{resources.keys.token}` is no secret itself. */
const isPlaceholder = (text: string) => /^\{[^{}]*\}$/.test(text)
