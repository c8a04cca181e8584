/**
 * `client`: the API itself. Address, headers, credentials, and how hard it may be asked.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as AllowedHost from "../../Api/AllowedHost.ts"
import * as Lore from "../Lore.ts"
import { Auth } from "./Auth.ts"
import { Paginator } from "./Paginator.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Retry = Schema.Struct({
  max_retries: Schema.optional(Value.Whole(0)).annotations({
    description: "Further attempts after the first.",
    default: 3
  }),
  factor: Schema.optional(Value.AtLeast(1)).annotations({
    description: "Each delay is the one before times this.",
    default: 2
  }),
  base_delay: Schema.optional(Value.Time).annotations({
    description: "Delay before the first retry; 1s unless said otherwise."
  }),
  max_delay: Schema.optional(Value.Time).annotations({
    description: "No computed delay is longer; 60s unless said otherwise."
  }),
  max_retry_after: Schema.optional(Value.Time).annotations({
    description: "The longest Retry-After that is waited for; 5m unless said otherwise."
  }),
  jitter: Schema.optional(Schema.Boolean).annotations({ description: "Spread the delays a little.", default: true }),
  statuses: Schema.optional(
    Schema.Array(
      Schema.Number.pipe(
        Schema.filter((status) => Number.isInteger(status) && status >= 400 && status <= 599, {
          jsonSchema: { type: "integer", minimum: 400, maximum: 599 },
          ...Lore.lore({ expected: "an HTTP status from 400 to 599" })
        })
      )
    ).annotations(Lore.lore({ expected: "a list of HTTP statuses such as [429, 503]" }))
  ).annotations({
    description: "Statuses worth another try, beside network errors and timeouts.",
    default: [429, 500, 502, 503, 504]
  })
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
  concurrency: Schema.optional(Value.Whole(1)).annotations({ description: "Requests under way at once.", default: 8 }),
  rate: Schema.optional(Schema.NullOr(Value.AtLeast(0))).annotations({
    description: "Requests started per second; unlimited if left out."
  }),
  timeout: Schema.optional(
    Value.Time.pipe(Schema.filter((time) => Duration.toMillis(time) > 0 || "is no time at all"))
  ).annotations({ description: "Time for one attempt; 60s unless said otherwise." }),
  max_body_bytes: Schema.optional(Value.Whole(1)).annotations({
    description: "Largest response body.",
    default: 64 * 1024 * 1024
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
  base_url: Schema.propertySignature(Value.NonEmptyText.pipe(Schema.filter(checkBaseUrl))).annotations({
    description: "Address of the API; the credentials go to no other host, beside allowed_hosts."
  }),
  auth: Schema.optional(Schema.NullOr(Auth)).annotations({
    description: "Credentials of every request that has none of its own."
  }),
  headers: Schema.optional(Schema.NullOr(Value.Headers)).annotations({ description: "Sent with every request." }),
  paginator: Schema.optional(Schema.NullOr(Paginator)).annotations({
    description: "For every endpoint that has none of its own."
  }),
  retry: Schema.optional(Schema.NullOr(Retry)).annotations({ description: "When a failed request is tried again." }),
  limits: Schema.optional(Schema.NullOr(Limits)).annotations({ description: "How hard the API may be asked." }),
  allowed_hosts: Schema.optional(
    Schema.NullOr(
      Schema.Array(
        Value.Text.pipe(
          Schema.filter(
            (host) =>
              AllowedHost.parse(host) !== undefined ||
              "is not a host\nwrite `api.example.com` or `api.example.com:8443`, without scheme and path"
          )
        )
      )
    )
  ).annotations({ description: "Further hosts that links and redirects may lead to, with the credentials." })
}).annotations({
  identifier: "Client",
  ...Lore.lore({
    notYet: ["session"],
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
      error_handler: "retry",
      backoff: "retry",
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
