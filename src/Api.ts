/**
 * One upstream API as typed configuration: base URL, auth, limits and retry policy.
 *
 * First stage of a row's path (`Api → Fetch → Page → Row → Table`). Everything later reads the upstream from here,
 * and the origin that credentials may travel to is fixed here. Sends nothing.
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as AllowedHost from "./Api/AllowedHost.ts"
import * as Auth from "./Api/Auth.ts"
import * as Header from "./Api/Header.ts"
import * as Limits from "./Api/Limits.ts"
import * as RetryPolicy from "./Api/RetryPolicy.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Api extends Context.Tag("sluice/Api")<
  Api,
  {
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
  }
>() {}

/**
 * @since 0.1.0
 * @category errors
 */
export class ApiError extends Schema.TaggedError<ApiError>("sluice/ApiError")("ApiError", {
  reason: Schema.Literal("InvalidBaseUrl", "InvalidLimit", "InvalidAllowedHost", "InvalidAuth", "InvalidHeader"),
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
  Effect.gen(function* () {
    const auth = options.auth ?? Auth.none
    const secrets = [...Auth.secrets(auth), ...(options.secrets ?? [])]
    const baseUrl = yield* parseBaseUrl(options.baseUrl, secrets)
    const limits = Limits.make(options.limits)
    const retry = RetryPolicy.make(options.retry)
    yield* wholeNumber("limits.concurrency", limits.concurrency, 1)
    yield* positive("limits.maxBodyBytes", limits.maxBodyBytes)
    if (limits.rate !== undefined) yield* positive("limits.rate", limits.rate)
    yield* positive("limits.timeout (ms)", Duration.toMillis(limits.timeout))
    yield* wholeNumber("retry.maxRetries", retry.maxRetries, 0)
    yield* positive("retry.factor", retry.factor)
    for (const host of options.allowedHosts ?? []) {
      if (AllowedHost.parse(host) !== undefined) continue
      const detail = `${JSON.stringify(host)} is not a host such as cdn.example.com or cdn.example.com:8443`
      return yield* new ApiError({ reason: "InvalidAllowedHost", detail: `allowed host ${detail}` })
    }
    const unsendable = Auth.problem(auth, baseUrl)
    if (unsendable !== undefined) return yield* new ApiError({ reason: "InvalidAuth", detail: unsendable })
    const badHeader = Header.problemOf(options.headers ?? {})
    if (badHeader !== undefined) return yield* new ApiError({ reason: "InvalidHeader", detail: badHeader })
    return {
      baseUrl,
      auth,
      headers: options.headers ?? {},
      retry,
      limits,
      allowedHosts: options.allowedHosts ?? [],
      secrets
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
  value > 0 ? Effect.void : invalidLimit(`${name} must be more than 0, is ${value}`)

const wholeNumber = (name: string, value: number, least: number) =>
  Number.isInteger(value) && value >= least
    ? Effect.void
    : invalidLimit(`${name} must be a whole number, ${least} or more, is ${value}`)

const invalidLimit = (detail: string) => Effect.fail(new ApiError({ reason: "InvalidLimit", detail }))

const parseBaseUrl = (text: string, secrets: ReadonlyArray<Redacted.Redacted<string>>) => {
  const fail = (why: string) => Effect.fail(new ApiError({ reason: "InvalidBaseUrl", detail: `base URL ${why}` }))
  if (!URL.canParse(text)) {
    // A variable mixed up with another puts a token here.
    const holdsSecret = secrets.some((secret) => Redacted.value(secret) !== "" && text.includes(Redacted.value(secret)))
    return fail(`${holdsSecret ? "***" : JSON.stringify(text)} is not an absolute URL such as https://api.example.com`)
  }
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail(`must be http or https, is ${url.protocol}`)
  // A credential in the URL would travel into every log line and receipt that names it.
  if (url.username !== "" || url.password !== "") return fail("must not hold a user name or password; use auth")
  return Effect.succeed(url)
}
