/**
 * One request in, one decoded JSON body out, or a typed error: the only stage that talks HTTP.
 *
 * Second stage of a row's path. Applies auth at request time, pins the origin, times out, bounds and drains bodies,
 * keeps integers exact, retries by policy and scrubs what it reports. Knows no pages and no rows.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Api from "./Api.ts"
import * as Auth from "./Api/Auth.ts"
import type * as RetryPolicy from "./Api/RetryPolicy.ts"
import * as FailPoint from "./FailPoint.ts"
import type * as Action from "./Fetch/Action.ts"
import * as Answer from "./Fetch/Answer.ts"
import * as Exchange from "./Fetch/Exchange.ts"
import * as Failure from "./Fetch/Failure.ts"
import type { FetchError } from "./Fetch/FetchError.ts"
import * as Grant from "./Fetch/Grant.ts"
import * as Limiter from "./Fetch/Limiter.ts"
import * as Origin from "./Fetch/Origin.ts"
import * as Outgoing from "./Fetch/Outgoing.ts"
import * as Redact from "./Fetch/Redact.ts"
import * as Retry from "./Fetch/Retry.ts"
import * as Token from "./Fetch/Token.ts"
import * as Url from "./Fetch/Url.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Fetch extends Context.Tag("sluice/Fetch")<
  Fetch,
  {
    /** Sends a request, retries included. The answer has status 200–299 and a body that is JSON or empty. */
    readonly send: (request: Request) => Effect.Effect<Response, FetchError>
    /** Takes every configured secret out of a text or a JSON value. */
    readonly redact: Redact.Redactor
    /** Why a path or URL is not asked, or `undefined` when it may be. Sends nothing. */
    readonly refuses: (path: string) => string | undefined
    /** Base URL of the API that this Fetch, with its credentials and limits, was made for. */
    readonly baseUrl: URL
  }
>() {}

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
  /**
   * Instead of `body`: pairs are sent as a form, a text as it is. A text is `text/plain` unless a header says what it
   * is.
   */
  readonly data?: string | ReadonlyArray<readonly [name: string, value: string]> | undefined
  /** Instead of the API's own auth. */
  readonly auth?: Auth.Auth | undefined
  /** Instead of the API's own policy. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /** What certain answers mean, before the policy looks at them; the first that holds counts. */
  readonly actions?: ReadonlyArray<Action.Action> | undefined
  /** Who asks; nothing of it is sent. */
  readonly owner?: Owner | undefined
  /** Told of every attempt as it is sent, also of one that is broken off before it is answered. */
  readonly sent?: (() => void) | undefined
}

/**
 * Whose walk a request belongs to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Owner {
  readonly resource: string
  /** Of a child, a digest of what the request takes from the parent's row. */
  readonly parent?: string | undefined
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
  /** How long the API itself held this request back at most, in milliseconds, by its quota or by asking to wait. */
  readonly held?: number | undefined
  /** Redacted URL of the request. */
  readonly url: string
  /** Where the answer came from, for links relative to it: may hold a secret in its query, so it is never printed. */
  readonly location: Redacted.Redacted<URL>
  /** A response action ended the walk with this answer; `body` is then `undefined`. */
  readonly action?: { readonly kind: "ignore" | "stop"; readonly notice: string } | undefined
}

/**
 * One Fetch per API: its limits are shared by all who hold it. A `FetchHttpClient.RequestInit` in the context (a
 * dispatcher, a cache mode) is kept, but redirects are always followed here and not by the client.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<Fetch["Type"], never, Api.Api | HttpClient.HttpClient> = Effect.gen(function* () {
  const api = yield* Api.Api
  const init = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  const redactor = Redact.growing(api.secrets, queryNames(api.auth))
  const limiter = Limiter.make(api.limits)
  const tokens = Token.make()
  const settings: Grant.Settings = {
    client: Exchange.client(yield* HttpClient.HttpClient, Option.getOrUndefined(init)),
    guard: Origin.guard(api.baseUrl, api.allowedHosts),
    limits: api.limits,
    redactor
  }

  const send = (request: Request): Effect.Effect<Response, FetchError> =>
    Effect.suspend(() => {
      const auth = request.auth ?? api.auth
      const policy = request.retry ?? api.retry
      const actions = request.actions ?? []
      redactor.add(Auth.secrets(auth), queryNames(auth))
      const prepared = prepare(api, request, settings.guard)
      if (Either.isLeft(prepared)) {
        const about = { method: request.method, url: request.path, attempts: 0 }
        return Effect.fail(Failure.toError(prepared.left, about, redactor))
      }
      const { outgoing, url } = prepared.right
      const about = { method: outgoing.method, url, attempts: 0, held: 0 }
      const keep = (status: number) => actions.some(({ statusCode }) => statusCode === status)
      const rules = learning(policy, actions)
      const exchange = (ticket: Limiter.Ticket, accessToken?: Redacted.Redacted<string>) =>
        Effect.suspend(() => {
          about.attempts++
          request.sent?.()
          about.held = Math.max(about.held, ticket.held)
          // Another host, behind a redirect or a link, has limits of its own.
          const observe = (head: Exchange.Head) => {
            if (head.url.origin === api.baseUrl.origin) limiter.learn(ticket, { ...rules(head.status), ...head })
          }
          return FailPoint.at("request").pipe(
            Effect.zipRight(Exchange.attempt(settings, { ...outgoing, accessToken }, url, keep, observe)),
            Effect.zipLeft(FailPoint.at("body")),
            Effect.flatMap((raw) => Answer.read(raw, { policy, actions, redactor }))
          )
        })
      // The turn is taken anew for each attempt, so that nobody waits for a request that only waits itself.
      const attempt = Auth.isOAuth(auth)
        ? Token.using(
            tokens,
            auth,
            Grant.obtain(settings, auth, policy),
            (token, ticket) => exchange(ticket, token),
            limiter
          )
        : limiter.place(limiter.start((ticket) => exchange(ticket)))
      const onRetry = (failure: Failure.Failure) => {
        const asked = failure.retryAfter === undefined ? 0 : Duration.toMillis(failure.retryAfter)
        about.held = Math.max(about.held, asked)
        return logRetry(about, failure, redactor)
      }
      return Retry.run(attempt, policy, onRetry).pipe(
        Effect.mapBoth({
          onFailure: (failure) => Failure.toError(failure, about, redactor),
          onSuccess: ({ location, ...answer }): Response => ({
            ...answer,
            attempts: about.attempts,
            ...(about.held > 0 ? { held: about.held } : {}),
            url: redactor.url(url),
            location: Redacted.make(location)
          })
        }),
        traced(about.method, redactor.url(url))
      )
    })

  const refuses = (path: string) =>
    Either.match(Url.make(api.baseUrl, path, []), { onLeft: (why) => why, onRight: settings.guard })
  return { send, redact: redactor, refuses, baseUrl: api.baseUrl }
})

/**
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Fetch, never, Api.Api | HttpClient.HttpClient> = Layer.effect(Fetch, make)

/**
 * The API and its Fetch together, from configuration.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<Api.Options>
): Layer.Layer<Api.Api | Fetch, Api.ApiError | ConfigError, HttpClient.HttpClient> =>
  Layer.provideMerge(layer, Api.layerConfig(options))

// --- internal ---

const queryNames = (auth: Auth.Auth) => (auth._tag === "ApiKey" && auth.location === "query" ? [auth.name] : [])

const prepare = (
  api: Api.Api["Type"],
  request: Request,
  guard: Origin.Guard
): Either.Either<{ readonly outgoing: Outgoing.Outgoing; readonly url: URL }, Failure.Failure> => {
  const unsendable = Outgoing.problem(api, request)
  if (unsendable !== undefined) return Either.left(Failure.make("Transport", unsendable, false))
  return Url.make(api.baseUrl, request.path, request.query).pipe(
    Either.filterOrLeft(
      (url) => guard(url) === undefined,
      (url) => guard(url)!
    ),
    Either.mapBoth({
      onLeft: (why) => Failure.make("Origin", `not sent: ${why}`),
      onRight: (url) => ({ outgoing: Outgoing.make(api, request), url })
    })
  )
}

/** What the limiter goes by: the bounds that hold for the request itself. */
const learning = (policy: RetryPolicy.RetryPolicy, actions: ReadonlyArray<Action.Action>) => {
  const { baseDelay, factor, jitter, maxDelay, maxRetryAfter } = policy
  const longest = Duration.toMillis(maxRetryAfter)
  return (status: number): Pick<Limiter.Answer, "isOverruled" | "longest" | "backOff"> => {
    const action = actions.find(({ statusCode }) => statusCode === status)?.action
    const own = action?.kind === "retry" ? action.delay : undefined
    // No longer than the request itself waits at least: its jitter may take a fifth off.
    const delay = own === undefined ? Duration.toMillis(baseDelay) * (jitter ? 0.8 : 1) : Duration.toMillis(own)
    const backOff = { delay, factor: own === undefined ? factor : 1, longest: Duration.toMillis(maxDelay) }
    return { isOverruled: own !== undefined, longest, backOff }
  }
}

const logRetry = (about: Failure.About, failure: Failure.Failure, redactor: Redact.Redactor) => {
  const wait = failure.retryAfter === undefined ? "" : `, after the ${Duration.format(failure.retryAfter)} asked for`
  return Effect.logDebug(`${Failure.toError(failure, about, redactor).message}; trying again${wait}`).pipe(
    Effect.annotateLogs({ package: "sluice", module: "Fetch" })
  )
}

// Only what is safe to print: the HTTP client's own span would hold every header and the whole query.
const traced = (method: string, url: string) => (send: Effect.Effect<Response, FetchError>) =>
  Effect.suspend(() => {
    let answer: Response | undefined
    return send.pipe(
      Effect.tapBoth({
        onFailure: (error) => annotate(error.status, error.attempts),
        onSuccess: (response) => annotate(response.status, response.attempts)
      }),
      // Past the span, not through it: an ended span keeps its result, and with it every page until the next full
      // garbage collection. That cost a third of the time of a page of 250 KB.
      Effect.map((response) => {
        answer = response
      }),
      Effect.withSpan("Fetch.send", {
        kind: "client",
        captureStackTrace: false,
        attributes: { "http.request.method": method, "url.full": url }
      }),
      Effect.map(() => answer!)
    )
  })

const annotate = (status: number | undefined, attempts: number) =>
  Effect.annotateCurrentSpan({
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    "sluice.attempts": attempts
  })
