/**
 * One attempt: send, follow redirects that stay inside the pin, read the body to its end, parse. No retry, no waiting.
 *
 * Stage Fetch, internal to it. Fails with a `Failure` that says whether another attempt may help.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Limits from "../Api/Limits.ts"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
import * as Body from "./Body.ts"
import * as Classify from "./Classify.ts"
import * as ErrorBody from "./ErrorBody.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"
import type * as Origin from "./Origin.ts"
import * as Outgoing from "./Outgoing.ts"
import type * as Redact from "./Redact.ts"
import * as Transport from "./Transport.ts"

/**
 * What a successful answer brought, secrets already masked.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly bytes: number
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
 * @since 0.1.0
 * @category constructors
 */
export const attempt = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  url: URL,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<Answer, Failure.Failure> => {
  const { limits, redactor } = settings
  return exchange(settings, outgoing, url, policy, 0).pipe(
    // Before the timeout: that one runs the attempt in a fiber, and a fiber that fails is logged with its cause.
    Effect.mapError((failure) => Failure.scrub(failure, redactor)),
    Effect.timeoutFail({
      duration: limits.timeout,
      onTimeout: () => Failure.make("Timeout", `no complete answer within ${Duration.format(limits.timeout)}`)
    }),
    Effect.withUnhandledErrorLogLevel(Option.none()),
    Effect.locallyWith(Headers.currentRedactedNames, (names) =>
      outgoing.auth._tag === "ApiKey" ? [...names, outgoing.auth.name.toLowerCase()] : names
    ),
    Effect.flatMap((raw) => answer(raw, redactor))
  )
}

// --- internal ---

interface Raw {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  readonly location: URL
}

const maxHops = 5
const maxErrorBytes = 64 * 1024

const exchange = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  url: URL,
  policy: RetryPolicy.RetryPolicy,
  hops: number
): Effect.Effect<Raw, Failure.Failure> =>
  settings.client.execute(Outgoing.toClientRequest(outgoing, url)).pipe(
    Effect.mapError(transport),
    Effect.flatMap((response) => {
      const location = response.headers["location"]
      if (isRedirect(response.status) && location !== undefined) {
        return Effect.zipRight(
          readError(response),
          Effect.flatMap(hop(settings, outgoing, url, location, hops), (next) =>
            exchange(settings, outgoing, next, policy, hops + 1)
          )
        )
      }
      return response.status >= 200 && response.status < 300
        ? success(response, url, settings.limits)
        : refused(response, policy, settings.redactor)
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

const success = (response: HttpClientResponse.HttpClientResponse, location: URL, limits: Limits.Limits) =>
  Body.read(response, limits.maxBodyBytes).pipe(
    Effect.mapError((error) => `the answer broke off: ${Transport.describe(error.cause ?? error).detail}`),
    Effect.mapError((why) => ({ ...Failure.make("Body", why), status: response.status })),
    Effect.filterOrFail(
      ({ complete }) => complete,
      () => Failure.make("BodyTooLarge", `the answer is larger than ${limits.maxBodyBytes} bytes`)
    ),
    Effect.map(({ bytes }): Raw => ({ status: response.status, headers: response.headers, bytes, location }))
  )

// The status is what counts: an error's body may be slow or broken, and is then taken as far as it came.
const readError = (response: HttpClientResponse.HttpClientResponse) =>
  Body.read(response, maxErrorBytes).pipe(
    Effect.match({ onFailure: () => "", onSuccess: ({ bytes }) => new TextDecoder().decode(bytes) }),
    Effect.timeoutTo({ duration: "5 seconds", onSuccess: (text) => text, onTimeout: () => "" })
  )

const refused = (
  response: HttpClientResponse.HttpClientResponse,
  policy: RetryPolicy.RetryPolicy,
  redactor: Redact.Redactor
) =>
  Effect.flatMap(Effect.zip(readError(response), Clock.currentTimeMillis), ([text, now]) => {
    const { headers, status } = response
    const verdict = Classify.answer(status, headers, policy, now)
    const said = ErrorBody.read(redactor.text(text), headers["content-type"])
    const after = verdict._tag === "Ok" ? undefined : verdict.after
    const tooLong = verdict._tag === "Fail" && verdict.reason === "RetryAfter" && after !== undefined
    const wait = tooLong
      ? `the server asks to wait ${Duration.format(after)}, longer than ${Duration.format(policy.maxRetryAfter)}: `
      : ""
    return Effect.fail<Failure.Failure>({
      reason: tooLong ? "RetryAfter" : "Status",
      detail: wait + said.message,
      status,
      code: said.code,
      retryAfter: after,
      transient: verdict._tag === "Retry" || tooLong,
      retry: verdict._tag === "Retry"
    })
  })

const answer = (
  { bytes, headers, location, status }: Raw,
  redactor: Redact.BodyRedactor
): Effect.Effect<Answer, Failure.Failure> => {
  const broken = (why: string) => Effect.fail({ ...Failure.make("Body", why), status })
  const text = Body.text(bytes)
  if (Either.isLeft(text)) return broken(text.left)
  const masked = maskHeaders(headers, redactor)
  const about = { status, headers: masked, bytes: bytes.length, location }
  if (text.right.trim() === "") return Effect.succeed({ ...about, body: undefined })
  const parsed = Json.parse(text.right)
  if (Either.isLeft(parsed)) return broken(ErrorBody.unreadable(text.right, headers["content-type"], parsed.left))
  // Most bodies hold no secret; a look at the text is far cheaper than a walk over the value.
  const body = redactor.mayHold(text.right) ? redactor.json(parsed.right) : parsed.right
  return Effect.succeed({ ...about, body })
}

const maskHeaders = (headers: Readonly<Record<string, string>>, redactor: Redact.Redactor) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.text(value)]))
