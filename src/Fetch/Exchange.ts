/**
 * One attempt: send, follow redirects that stay inside the pin, read the body to its end. No retry, no waiting.
 *
 * Stage Fetch, internal to it. An answer of any status is a success here; `Answer` says what it means. Fails with a
 * `Failure` where no answer came.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Limits from "../Api/Limits.ts"
import * as Body from "./Body.ts"
import * as Failure from "./Failure.ts"
import type * as Origin from "./Origin.ts"
import * as Outgoing from "./Outgoing.ts"
import type * as Redact from "./Redact.ts"
import * as Transport from "./Transport.ts"

/**
 * A complete answer of any status, as it came: nothing is masked, nothing decided.
 *
 * @since 0.1.0
 * @category models
 */
export interface Raw {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  /** Where it came from, behind any redirects; without a credential that is sent in the query. */
  readonly location: URL
}

/**
 * What all attempts of one Fetch have in common.
 *
 * @since 0.1.0
 * @category models
 */
export interface Settings {
  readonly client: HttpClient.HttpClient
  readonly guard: Origin.Guard
  readonly limits: Limits.Limits
  readonly redactor: Redact.BodyRedactor
}

/**
 * A client that leaves redirects to us, sends no trace headers and opens no span of its own: that one would hold the
 * URL with its query and every header.
 *
 * @since 0.1.0
 * @category constructors
 */
export const client = (base: HttpClient.HttpClient, init: globalThis.RequestInit | undefined): HttpClient.HttpClient =>
  base.pipe(
    HttpClient.withTracerPropagation(false),
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.transformResponse(Effect.provideService(FetchHttpClient.RequestInit, { ...init, redirect: "manual" }))
  )

/**
 * An answer's status and headers, before its body is read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Who answered: behind a redirect, another one than was asked. */
  readonly url: URL
}

/**
 * `keep` names redirects that are answers to the caller, and not followed. `observe` is told of each answer, redirects too.
 *
 * @since 0.1.0
 * @category constructors
 */
export const attempt = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  url: URL,
  keep: (status: number) => boolean = () => false,
  observe: (head: Head) => void = () => {}
): Effect.Effect<Raw, Failure.Failure> => {
  const { limits, redactor } = settings
  return exchange(settings, outgoing, url, { keep, observe }, 0).pipe(
    // Before the timeout: that one runs the attempt in a fiber, and a fiber that fails is logged with its cause.
    Effect.mapError((failure) => Failure.scrub(failure, redactor)),
    Effect.timeoutFail({
      duration: limits.timeout,
      onTimeout: () => Failure.make("Timeout", `no complete answer within ${Duration.format(limits.timeout)}`)
    }),
    Effect.withUnhandledErrorLogLevel(Option.none()),
    Effect.locallyWith(Headers.currentRedactedNames, (names) =>
      outgoing.auth._tag === "ApiKey" ? [...names, outgoing.auth.name.toLowerCase()] : names
    )
  )
}

// --- internal ---

const maxHops = 5
const maxErrorBytes = 64 * 1024

const exchange = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  url: URL,
  caller: { readonly keep: (status: number) => boolean; readonly observe: (head: Head) => void },
  hops: number
): Effect.Effect<Raw, Failure.Failure> =>
  settings.client.execute(Outgoing.toClientRequest(outgoing, url)).pipe(
    Effect.mapError(transport),
    Effect.flatMap((response) => {
      const { headers, status } = response
      caller.observe({ status, headers, url })
      const target = headers["location"]
      if (isRedirect(status) && target !== undefined && !caller.keep(status)) {
        return Effect.zipRight(
          readError(response),
          Effect.flatMap(hop(settings, outgoing, url, target, hops), (next) =>
            exchange(settings, outgoing, next, caller, hops + 1)
          )
        )
      }
      const body = status >= 200 && status < 300 ? readSuccess(response, settings.limits) : readError(response)
      return Effect.map(body, (bytes): Raw => ({ status, headers, bytes, location: url }))
    })
  )

const transport = (error: HttpClientError.HttpClientError) => {
  const { detail, transient } = Transport.describe(error.cause ?? error)
  return Failure.make("Transport", detail, transient)
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

const hop = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  from: URL,
  location: string,
  hops: number
): Effect.Effect<URL, Failure.Failure> => {
  const fail = (why: string) => Effect.fail(Failure.make("Origin", why))
  if (!URL.canParse(location, from.href)) return fail("redirected to something that is not a URL")
  const next = new URL(location, from.href)
  next.hash = ""
  const refused = settings.guard(next)
  if (refused !== undefined)
    return fail(`redirected to ${settings.redactor.url(next)}, which is not followed: ${refused}`)
  if (outgoing.method !== "GET") return fail(`redirected to ${settings.redactor.url(next)}; only a GET is redirected`)
  return hops >= maxHops ? fail(`redirected more than ${maxHops} times`) : Effect.succeed(next)
}

const readSuccess = (response: HttpClientResponse.HttpClientResponse, limits: Limits.Limits) =>
  Body.read(response, limits.maxBodyBytes).pipe(
    Effect.mapError((error) => `the answer broke off: ${Transport.describe(error.cause ?? error).detail}`),
    Effect.mapError((why) => ({ ...Failure.make("Body", why), status: response.status })),
    Effect.filterOrFail(
      ({ complete }) => complete,
      () => Failure.make("BodyTooLarge", `the answer is larger than ${limits.maxBodyBytes} bytes`)
    ),
    Effect.map(({ bytes }) => bytes),
    Effect.filterOrFail(
      (bytes) => !Body.isCrowded(bytes, limits.maxBodyBytes),
      () =>
        Failure.make(
          "BodyTooLarge",
          `the answer holds more than ${Body.mostValues(limits.maxBodyBytes)} values; ask for smaller pages, or raise max_body_bytes`
        )
    )
  )

// The status is what counts: an error's body may be slow or broken, and is then taken as far as it came.
const readError = (response: HttpClientResponse.HttpClientResponse) =>
  Body.read(response, maxErrorBytes).pipe(
    Effect.match({ onFailure: () => nothing, onSuccess: ({ bytes }) => bytes }),
    Effect.timeoutTo({ duration: "5 seconds", onSuccess: (bytes) => bytes, onTimeout: () => nothing })
  )

const nothing = new Uint8Array()
