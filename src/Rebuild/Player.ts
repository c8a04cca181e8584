/**
 * Stage Fetch, answered from the archive of one run: every request is found there or is an error. Sends nothing, ever.
 *
 * Tells two ends apart. Where all that was kept of a walk has been given and the run did not complete it, the walk ended there
 * as it did then. Any other request that is not found was never made: that is noted, and the rebuild comes to nothing.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type * as Fetch from "../Fetch.ts"
import { FetchError } from "../Fetch/FetchError.ts"
import * as Json from "../Fetch/Json.ts"
import * as Redact from "../Fetch/Redact.ts"
import * as Signature from "../Fetch/Signature.ts"
import type { Outcome } from "../Page/Kept.ts"
import { secrets, type Source } from "../Source.ts"
import * as Keep from "../Sync/Keep.ts"
import * as Archive from "../Table/Archive.ts"
import type * as History from "./History.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Player {
  readonly fetch: Fetch.Fetch["Type"]
  /** Requests that were never made. */
  readonly missing: ReadonlyArray<Missing>
  /** Resources of which a walk ended where it ended then. */
  readonly ended: ReadonlySet<string>
  /** The pages of a resource that were given, and those that were kept. */
  readonly given: (resource: string) => { readonly given: number; readonly kept: number }
  /** When a page was merged, in ms; of the walk's last one where this one is not known. */
  readonly mergedAt: (resource: string, parent: string | undefined, page: number) => number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Missing {
  readonly resource: string
  readonly why: string
}

/**
 * `statuses`: how each resource ended in the run, by its name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  sql: SqlClient.SqlClient,
  source: Source,
  of: {
    readonly entries: ReadonlyArray<History.Entry>
    readonly statuses: ReadonlyMap<string, string>
    readonly given?: (at: number) => void
  }
): Player => {
  const redact = Redact.make(secrets(source))
  const baseUrl = new URL(source.api.baseUrl)
  const walks = new Map<string, Walk>()
  for (const entry of of.entries) {
    if (entry.kind === "end" || entry.kind === "restart") continue
    const key = keyOf(entry.resource, entry.parent)
    const walk = walks.get(key) ?? { waiting: [], given: [] }
    walk.waiting.push(entry)
    walks.set(key, walk)
  }
  const missing: Array<Missing> = []
  const ended = new Set<string>()

  const send = (request: Fetch.Request): Effect.Effect<Fetch.Response, FetchError> =>
    Effect.suspend(() => {
      const { parent, resource = "" } = request.owner ?? {}
      const walk = walks.get(keyOf(resource, parent)) ?? { waiting: [], given: [] }
      const signature = Signature.of(request, { baseUrl, redact })
      const at = walk.waiting.findIndex((entry) => entry.request === signature)
      const [entry] = at < 0 ? [] : walk.waiting.splice(at, 1)
      const shown = `${request.method} ${entry?.url ?? redact.url(where(request, baseUrl))}`
      if (entry !== undefined) {
        walk.given.push(entry)
        of.given?.(entry.at)
        return answer(sql, entry, { ...request, ...shownOf(entry) }, (why) => missing.push({ resource, why }))
      }
      const why = told(walk, of.statuses.get(resource), shown)
      if (why === undefined) ended.add(resource)
      else missing.push({ resource, why })
      return Effect.fail(failure(request.method, redact.url(where(request, baseUrl)), why ?? "the run ended here"))
    })

  return {
    // What is played was asked for once; nothing is sent.
    fetch: { send, redact, refuses: () => undefined, baseUrl },
    missing,
    ended,
    given: (resource) => {
      const own = [...walks].filter(([key]) => key.startsWith(`${resource}\n`)).map(([, walk]) => walk)
      const pages = (entries: ReadonlyArray<History.Entry>) => entries.filter(({ kind }) => kind === "page").length
      const given = own.reduce((sum, walk) => sum + pages(walk.given), 0)
      return { given, kept: given + own.reduce((sum, { waiting }) => sum + pages(waiting), 0) }
    },
    mergedAt: (resource, parent, page) => {
      const given = walks.get(keyOf(resource, parent))?.given ?? []
      return (given.findLast((entry) => entry.kind === "page" && entry.page === page) ?? given.at(-1))?.at
    }
  }
}

// --- internal ---

interface Walk {
  readonly waiting: Array<History.Entry>
  readonly given: Array<History.Entry>
}

const keyOf = (resource: string, parent: string | undefined) => `${resource}\n${parent ?? ""}`

const where = ({ path, query }: Fetch.Request, baseUrl: URL): string => {
  const search = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")
  const url = URL.canParse(path) ? path : baseUrl.href.replace(/\/$/, "") + (path.startsWith("/") ? path : `/${path}`)
  return search === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${search}`
}

/** Why a request that is not kept should have been; `undefined` where the walk ended then. */
const told = ({ given, waiting }: Walk, status: string | undefined, shown: string): string | undefined => {
  if (waiting.length > 0) {
    return `it now asks ${shown}, where ${waiting[0]!.method} ${waiting[0]!.url} was asked`
  }
  if (status === undefined || !over.has(status)) return undefined
  const last = given.at(-1)
  if (last === undefined) return status === "complete" ? `it now asks ${shown}, which was never asked` : undefined
  return last.ends || status === "complete" ? `it now asks for more than was read: ${shown}` : undefined
}

/** Of a run that came to its end by itself; a walk that failed or was interrupted had more to ask. */
const over = new Set(["complete", "partial"])

const failure = (method: string, url: string, detail: string) =>
  new FetchError({ reason: "Transport", method, url, detail, attempts: 0, isRetryable: false })

const shownOf = ({ method, url }: History.Entry) => ({ method, url })

const answer = (
  sql: SqlClient.SqlClient,
  entry: History.Entry,
  { method, url }: { readonly method: string; readonly url: string },
  note: (why: string) => void
): Effect.Effect<Fetch.Response, FetchError> => {
  const outcome = entry.outcome as Outcome | { readonly _tag: "Withheld" } | undefined
  const lost = (why: string) =>
    Effect.suspend(() => {
      note(`${method} ${url}: ${why}`)
      return Effect.fail(failure(method, url, why))
    })
  if (outcome?._tag === "Withheld") {
    return lost("its answer was not kept, since its masked fields could not be told from the rest")
  }
  if (outcome?._tag === "Refused") {
    const { code, detail, isRetryable, reason } = outcome
    return Effect.fail(
      new FetchError({ reason, method, url, status: entry.status, code, detail, attempts: 1, isRetryable })
    )
  }
  return Archive.body(sql, entry.id).pipe(
    Effect.flatMap((bytes) => (bytes === undefined ? Effect.succeed(undefined) : Keep.decompress(bytes))),
    Effect.flatMap((text) => (text === undefined ? Either.right(undefined) : Json.parse(text))),
    Effect.map((body): Fetch.Response => ({
      status: entry.status,
      headers: entry.headers,
      body,
      bytes: entry.bytes,
      attempts: 1,
      url,
      location: Redacted.make(new URL(entry.location)),
      action: outcome === undefined ? undefined : { kind: outcome.kind, notice: outcome.notice }
    })),
    Effect.catchAll((error) => lost(`its answer cannot be read: ${typeof error === "string" ? error : error.message}`))
  )
}
