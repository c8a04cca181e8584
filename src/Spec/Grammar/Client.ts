/**
 * `client`: the API itself. Address, headers, credentials, and how hard it may be asked.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as AllowedHost from "../../Api/AllowedHost.ts"
import * as ApiLimits from "../../Api/Limits.ts"
import * as RetryPolicy from "../../Api/RetryPolicy.ts"
import * as Lore from "../Lore.ts"
import { Auth } from "./Auth.ts"
import { Paginator } from "./Paginator.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Retry = Schema.Struct({
  max_retries: Value.key(Value.Whole(0), {
    description: "Further attempts after the first.",
    default: RetryPolicy.defaults.maxRetries,
    example: "5",
    own: true
  }),
  factor: Value.key(Value.AtLeast(1), {
    description: "Each delay is the one before times this.",
    default: RetryPolicy.defaults.factor,
    example: "1.5",
    own: true
  }),
  base_delay: Value.key(Value.Time, {
    description: "Delay before the first retry.",
    default: RetryPolicy.defaults.baseDelay,
    example: "500ms",
    own: true
  }),
  max_delay: Value.key(Value.Time, {
    description: "No computed delay is longer.",
    default: RetryPolicy.defaults.maxDelay,
    example: "2m",
    own: true
  }),
  max_retry_after: Value.key(Value.Time, {
    description: "The longest Retry-After that is waited for.",
    default: RetryPolicy.defaults.maxRetryAfter,
    example: "1h",
    own: true
  }),
  jitter: Value.key(Schema.Boolean, {
    description: "Spread the delays a little.",
    default: RetryPolicy.defaults.jitter,
    example: "false",
    own: true
  }),
  statuses: Value.key(
    Schema.Array(
      Schema.Number.pipe(
        Schema.filter((status) => Number.isInteger(status) && status >= 400 && status <= 599, {
          jsonSchema: { type: "integer", minimum: 400, maximum: 599 },
          ...Lore.lore({ expected: "an HTTP status from 400 to 599" })
        })
      )
    ).annotations(Lore.lore({ expected: "a list of HTTP statuses such as [429, 503]" })),
    {
      description: "Statuses worth another try, beside network errors and timeouts.",
      default: RetryPolicy.defaults.statuses,
      example: "[429, 503]",
      own: true
    }
  )
}).annotations({
  identifier: "Retry",
  ...Lore.lore({
    expected: "an object such as { max_retries: 3, base_delay: 1s }",
    instead: {
      attempts: "did you mean `max_retries`? It counts the attempts after the first",
      max_attempts: "did you mean `max_retries`? It counts the attempts after the first",
      retries: "max_retries",
      times: "max_retries",
      backoff_factor: "factor",
      multiplier: "factor",
      delay: "base_delay",
      initial_delay: "base_delay",
      min_delay: "base_delay",
      max_backoff: "max_delay",
      status_codes: "statuses",
      codes: "statuses",
      retry_on: "statuses"
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export const Limits = Schema.Struct({
  concurrency: Value.key(Value.Whole(1), {
    description: "Requests under way at once, at most.",
    default: ApiLimits.defaults.concurrency,
    example: "4",
    own: true
  }),
  rate: Value.key(Value.AtLeast(0), {
    description: "Requests started per second, at most; what the API says is kept to anyway.",
    example: "2.5",
    own: true
  }),
  timeout: Value.key(Value.Time.pipe(Schema.filter((time) => Duration.toMillis(time) > 0 || "is no time at all")), {
    description: "Time for one attempt.",
    default: ApiLimits.defaults.timeout,
    example: "30s",
    own: true
  }),
  max_body_bytes: Value.key(Value.Whole(1), {
    description: "Largest answer, after decompression. It holds a value for every 12 bytes at most, or a million.",
    default: ApiLimits.defaults.maxBodyBytes,
    example: "1000000",
    own: true
  })
}).annotations({
  identifier: "Limits",
  ...Lore.lore({
    expected: "an object such as { concurrency: 4, timeout: 30s }",
    instead: {
      rate_limit: "rate",
      rps: "rate",
      requests_per_second: "rate",
      request_timeout: "timeout",
      max_concurrency: "concurrency",
      parallel: "concurrency",
      max_bytes: "max_body_bytes"
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export const Client = Schema.Struct({
  base_url: Value.required(Value.NonEmptyText.pipe(Schema.filter(checkBaseUrl)), {
    description: "Address of the API; the credentials go to no other host, beside allowed_hosts.",
    example: "https://api.example.com/v1"
  }),
  auth: Value.key(Auth, {
    description: "Credentials of every request that has none of its own.",
    example: '{ type: bearer, token: "${TOKEN}" }'
  }),
  headers: Value.key(Value.Headers, {
    description: "Sent with every request, as they are written: no placeholders.",
    example: "{ Accept: application/json }"
  }),
  paginator: Value.key(Paginator, {
    description: "For every endpoint that has none of its own.",
    example: "header_link"
  }),
  retry: Value.key(Retry, {
    description: "When a failed request is tried again.",
    example: "{ max_retries: 5, base_delay: 2s }",
    own: true
  }),
  limits: Value.key(Limits, {
    description: "How hard the API may be asked.",
    example: "{ rate: 2, timeout: 30s }",
    own: true
  }),
  allowed_hosts: Value.key(
    Schema.Array(
      Value.Text.pipe(
        Schema.filter(
          (host) =>
            AllowedHost.parse(host) !== undefined ||
            "is not a host\nwrite `api.example.com` or `api.example.com:8443`, without scheme and path"
        )
      )
    ),
    {
      description: "Further hosts that links and redirects may lead to, with the credentials.",
      example: "[cdn.example.com]",
      own: true
    }
  )
}).annotations({
  identifier: "Client",
  ...Lore.lore({
    instead: {
      url: "base_url",
      base: "base_url",
      host: "base_url",
      api_url: "base_url",
      authentication: "auth",
      authorization: "auth",
      credentials: "auth",
      pagination: "paginator",
      pager: "paginator",
      retries: "retry",
      retry_policy: "retry",
      error_handler: "did you mean `retry`? Statuses to let pass are `response_actions` of an endpoint",
      backoff: "retry",
      session: "a session of your own needs a TypeScript source; time and size of requests are `limits`",
      rate_limit: "did you mean `limits.rate`?"
    },
    elsewhere: {
      ...Lore.under("client.retry", Object.keys(Retry.fields)),
      ...Lore.under("client.limits", Object.keys(Limits.fields)),
      ...Lore.under("client.auth", ["api_key", "token", "type", "location", "name"]),
      params: "resource_defaults.endpoint.params",
      resources: "resources",
      resource_defaults: "resource_defaults"
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Client = typeof Client.Type

// --- internal ---

/** Says nothing of the value: a URL may hold a credential. */
function checkBaseUrl(text: string): string | undefined {
  const example = "write it as https://api.example.com"
  if (!/^https?:\/\//i.test(text)) return `is not an http or https URL\n${example}`
  if (/[{}]/.test(text)) return `cannot hold placeholders\na value from the environment is written "\${NAME}"`
  if (!URL.canParse(text)) return `is not a URL\n${example}`
  const url = new URL(text)
  if (url.username !== "" || url.password !== "") return "holds a user name or a password\nuse `client.auth`"
  return url.hash === "" ? undefined : "holds a fragment (`#…`), which is never sent"
}
