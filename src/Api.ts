/**
 * One upstream API as typed configuration: base URL, auth, limits and retry policy.
 *
 * First stage of a row's path (`Api → Fetch → Page → Row → Table`). Everything later reads the upstream from here, and the
 * origin that credentials may travel to is fixed here. Sends nothing.
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Auth from "./Api/Auth.ts"
import * as Limits from "./Api/Limits.ts"
import * as RetryPolicy from "./Api/RetryPolicy.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Api extends Context.Tag("sluice/Api")<Api, {
  /** Absolute `http(s)` URL; its origin is the only one credentials are sent to, beside `allowedHosts`. */
  readonly baseUrl: URL
  /** Used by every request that does not bring its own. */
  readonly auth: Auth.Auth
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly retry: RetryPolicy.RetryPolicy
  readonly limits: Limits.Limits
  /** Further hosts (`host` or `host:port`) that links and redirects may lead to. */
  readonly allowedHosts: ReadonlyArray<string>
  /** Every secret value known to the configuration: scrubbed from whatever leaves the program. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
}>() {}

/**
 * @since 0.1.0
 * @category errors
 */
export class ApiError extends Schema.TaggedError<ApiError>("sluice/ApiError")("ApiError", {
  reason: Schema.Literal("InvalidBaseUrl", "InvalidLimit"),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return false
  }
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly baseUrl: string
  readonly auth?: Auth.Auth | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly retry?: RetryPolicy.Options | undefined
  readonly limits?: Limits.Options | undefined
  readonly allowedHosts?: ReadonlyArray<string> | undefined
  /** Secrets beside those of `auth`: tokens of single resources, interpolated headers. */
  readonly secrets?: ReadonlyArray<Redacted.Redacted<string>> | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Api["Type"], ApiError> =>
  Effect.gen(function*() {
    const baseUrl = yield* parseBaseUrl(options.baseUrl)
    const auth = options.auth ?? Auth.none
    const limits = Limits.make(options.limits)
    const retry = RetryPolicy.make(options.retry)
    yield* positive("limits.concurrency", limits.concurrency)
    yield* positive("limits.maxBodyBytes", limits.maxBodyBytes)
    if (limits.rate !== undefined) yield* positive("limits.rate", limits.rate)
    if (!(retry.maxRetries >= 0)) {
      return yield* new ApiError({ reason: "InvalidLimit", detail: `retry.maxRetries must be 0 or more, is ${retry.maxRetries}` })
    }
    return {
      baseUrl,
      auth,
      headers: options.headers ?? {},
      retry,
      limits,
      allowedHosts: options.allowedHosts ?? [],
      secrets: [...Auth.secrets(auth), ...(options.secrets ?? [])]
    }
  })

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Api, ApiError> => Layer.effect(Api, make(options))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (options: Config.Config.Wrap<Options>): Layer.Layer<Api, ApiError | ConfigError> =>
  Layer.effect(Api, Effect.flatMap(Config.unwrap(options), make))

// --- internal ---

const positive = (name: string, value: number) =>
  value > 0
    ? Effect.void
    : Effect.fail(new ApiError({ reason: "InvalidLimit", detail: `${name} must be more than 0, is ${value}` }))

const parseBaseUrl = (text: string) => {
  const fail = (why: string) => Effect.fail(new ApiError({ reason: "InvalidBaseUrl", detail: `base URL ${why}` }))
  if (!URL.canParse(text)) return fail(`${JSON.stringify(text)} is not an absolute URL such as https://api.example.com`)
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail(`must be http or https, is ${url.protocol}`)
  // A credential in the URL would travel into every log line and receipt that names it.
  if (url.username !== "" || url.password !== "") return fail("must not hold a user name or password; use auth")
  return Effect.succeed(url)
}
