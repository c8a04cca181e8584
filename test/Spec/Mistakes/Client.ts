import { type Case, inClient, ok, one } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one("client a text", `client: x\nresources: [${ok}]`, "1:9", "client", /expected an object, found "x"/),
  one(
    "base_url missing",
    `client: { headers: {} }\nresources: [${ok}]`,
    "1:1",
    "client.base_url",
    /`base_url` is missing/
  ),
  one(
    "baseUrl",
    `client: { baseUrl: https://x.com }\nresources: [${ok}]`,
    "1:11",
    "client.baseUrl",
    /unknown key/,
    /did you mean `base_url`\?/
  ),
  one(
    "base_url without scheme",
    `client: { base_url: api.x.com }\nresources: [${ok}]`,
    "1:21",
    "client.base_url",
    /not an http or https URL/,
    /https:\/\//
  ),
  one(
    "base_url with a password",
    `client: { base_url: "https://u:p@x.com" }\nresources: [${ok}]`,
    "1:21",
    "client.base_url",
    /user name or a password/,
    /client.auth/
  ),
  one(
    "base_url with a placeholder",
    `client: { base_url: "https://x.com/{v}" }\nresources: [${ok}]`,
    "1:21",
    "client.base_url",
    /placeholders/
  ),
  one(
    "error_handler",
    inClient("error_handler: {}"),
    "3:3",
    "client.error_handler",
    /unknown key/,
    /did you mean `retry`\?/
  ),
  one("session", inClient("session: {}"), "3:3", "client.session", /unknown key/, /TypeScript source/),
  one(
    "pagination",
    inClient("pagination: single_page"),
    "3:3",
    "client.pagination",
    /unknown key/,
    /did you mean `paginator`\?/
  ),
  one(
    "timeout on the client",
    inClient("timeout: 5s"),
    "3:3",
    "client.timeout",
    /does not belong here/,
    /client.limits.timeout/
  ),
  one(
    "header a number",
    inClient("headers: { X-V: 2 }"),
    "3:19",
    "client.headers.X-V",
    /expected a text, found a number/
  ),
  one(
    "header with a space",
    inClient("headers: { X V: a }"),
    "3:19",
    'client.headers["X V"]',
    /not a name for a header/
  ),
  one(
    "header with a line break",
    inClient('headers: { X: "a\\nb" }'),
    "3:17",
    "client.headers.X",
    /no header may hold/
  ),
  one(
    "allowed_hosts a URL",
    inClient('allowed_hosts: ["https://x.com/"]'),
    "3:19",
    "client.allowed_hosts[0]",
    /not a host/,
    /without scheme/
  ),
  one(
    "max_attempts",
    inClient("retry: { max_attempts: 3 }"),
    "3:12",
    "client.retry.max_attempts",
    /unknown key/,
    /`max_retries`\? It counts/
  ),
  one(
    "max_retries negative",
    inClient("retry: { max_retries: -1 }"),
    "3:25",
    "client.retry.max_retries",
    /whole number, 0 or more, found -1/
  ),
  one(
    "delay in words",
    inClient("retry: { base_delay: 5 seconds }"),
    "3:24",
    "client.retry.base_delay",
    /500ms, 1s or 2m.*found "5 seconds"/
  ),
  one(
    "status out of range",
    inClient("retry: { statuses: [429, 99] }"),
    "3:28",
    "client.retry.statuses[1]",
    /400 to 599, found 99/
  ),
  one(
    "jitter yes",
    inClient("retry: { jitter: yes }"),
    "3:20",
    "client.retry.jitter",
    /expected true or false, found "yes"/
  ),
  one(
    "concurrency 0",
    inClient("limits: { concurrency: 0 }"),
    "3:26",
    "client.limits.concurrency",
    /1 or more, found 0/
  ),
  one("timeout 0", inClient("limits: { timeout: 0 }"), "3:22", "client.limits.timeout", /no time at all/),
  one(
    "rate_limit",
    inClient("limits: { rate_limit: 5 }"),
    "3:13",
    "client.limits.rate_limit",
    /unknown key/,
    /did you mean `rate`\?/
  )
]
