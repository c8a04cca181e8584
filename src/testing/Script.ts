/**
 * A scripted API in place of the network: an `HttpClient` that gives the replies it was told, in order, and records
 * what was asked.
 *
 * Part of the test kit, at the lowest true seam: everything of Fetch above it is the real thing. A request the script
 * does not have is a defect that names it, there and when the Layer ends. Make one for each test; it counts.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Expectation, Reply } from "./Reply.ts"

/**
 * A request as it reached the network: nothing is masked, so that a test can see what was really sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly path: string
  /** The last value of each parameter. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Script {
  readonly layer: Layer.Layer<HttpClient.HttpClient>
  /** Every request so far, unasked-for ones included. */
  readonly requests: ReadonlyArray<Sent>
  /** Dies when a reply was not asked for, or a request was refused: the last line of a test. */
  readonly verify: Effect.Effect<void>
}

/**
 * One list of replies for all requests, or a list for each path (`"/bounces"` also matches `/v1/bounces`) where
 * resources are fetched side by side.
 *
 * @since 0.1.0
 * @category constructors
 */
export const api = (script: ReadonlyArray<Reply> | Readonly<Record<string, ReadonlyArray<Reply>>>): Script => {
  const tracks = isList(script)
    ? [{ path: "", replies: [...script], used: 0 }]
    : Object.entries(script).map(([path, replies]) => ({
        path: path.startsWith("/") ? path : `/${path}`,
        replies: [...replies],
        used: 0
      }))
  // The longest path that fits, so that "/messages/opens" is not taken for "/opens".
  tracks.sort((a, b) => b.path.length - a.path.length)
  const requests: Array<Sent> = []
  const refusals: Array<string> = []

  const next = (sent: Sent): Reply | string => {
    const track = tracks.find(({ path }) => sent.path.endsWith(path))
    if (track === undefined)
      return `no replies for its path; there are some for ${tracks.map((one) => one.path).join(", ")}`
    const reply = track.replies[track.used]
    if (reply === undefined) return `all ${track.used} replies${track.path && ` for ${track.path}`} are given`
    const mismatch = reply.when === undefined ? undefined : mismatchOf(reply.when, sent)
    if (mismatch !== undefined) return `reply ${track.used + 1} expects ${mismatch}`
    track.used++
    return reply
  }

  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const sent = view(request, url)
      requests.push(sent)
      const reply = next(sent)
      if (typeof reply === "string") {
        refusals.push(`unexpected request ${sent.method} ${sent.url}: ${reply}`)
        return Effect.dieMessage(refusals.at(-1)!)
      }
      const answer =
        reply.reset === "no-answer"
          ? Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: resetError() }))
          : Effect.sync(() => HttpClientResponse.fromWeb(request, webResponse(reply)))
      return reply.delay === undefined ? answer : Effect.delay(answer, reply.delay)
    })
  )

  const verify = Effect.suspend(() => {
    const left = tracks.flatMap(({ path, replies, used }) =>
      used === replies.length
        ? []
        : [`${replies.length - used} of ${replies.length} replies${path && ` for ${path}`} were not asked for`]
    )
    const wrong = [...refusals, ...left]
    return wrong.length === 0 ? Effect.void : Effect.dieMessage(wrong.join("; "))
  })

  // Whatever the program makes of the defect, a test that asked for too much does not pass.
  const layer = Layer.scoped(
    HttpClient.HttpClient,
    Effect.suspend(() => {
      const before = refusals.length
      return Effect.acquireRelease(Effect.succeed(client), () =>
        refusals.length === before ? Effect.void : Effect.dieMessage(refusals.slice(before).join("; "))
      )
    })
  )
  return { layer, requests, verify }
}

// --- internal ---

const isList = (
  script: ReadonlyArray<Reply> | Readonly<Record<string, ReadonlyArray<Reply>>>
): script is ReadonlyArray<Reply> => Array.isArray(script)

const view = (request: HttpClientRequest.HttpClientRequest, url: URL): Sent => ({
  method: request.method,
  url: url.href,
  path: url.pathname,
  query: Object.fromEntries(url.searchParams),
  headers: { ...request.headers },
  body: request.body._tag === "Uint8Array" ? parsed(new TextDecoder().decode(request.body.body)) : undefined
})

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const mismatchOf = (when: Expectation, sent: Sent): string | undefined => {
  if (when.method !== undefined && when.method !== sent.method) return `the method ${when.method}`
  if (when.path !== undefined && when.path !== sent.path) return `the path ${when.path}`
  for (const [name, value] of Object.entries(when.query ?? {})) {
    if (sent.query[name] !== value) return `the parameter ${name}=${value}`
  }
  for (const [name, value] of Object.entries(when.headers ?? {})) {
    if (sent.headers[name.toLowerCase()] !== value) return `the header ${name}: ${value}`
  }
  return undefined
}

const webResponse = ({ body, headers, reset, status }: Reply): Response => {
  const withoutBody = status === 204 || status === 205 || status === 304
  return new Response(withoutBody ? null : reset === "mid-body" ? breakingOff(body) : body, { status, headers })
}

const breakingOff = (body: string) => {
  const parts = [new TextEncoder().encode(body)]
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const part = parts.shift()
      if (part === undefined) controller.error(resetError())
      else controller.enqueue(part)
    }
  })
}

const resetError = () =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) })
