import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { at, problems, read, withAuth, withClient } from "../support.ts"

const bearer = { type: "bearer", token: "${TOKEN}" }
const key = (rest: Readonly<Record<string, unknown>> = {}) => ({ type: "api_key", api_key: "${API_KEY}", ...rest })
const basic = { type: "http_basic", username: "${USERNAME}", password: "${PASSWORD}" }
const oauth = {
  type: "oauth2_client_credentials",
  access_token_url: "https://auth.example.com/token",
  client_id: "${CLIENT_ID}",
  client_secret: "${CLIENT_SECRET}"
}

/** What is written, and what it means; all of these leave nothing open. */
const means: ReadonlyArray<readonly [written: string, auth: unknown]> = [
  [`{"type": "bearer", "token": dlt.secrets["token"]}`, bearer],
  [`{"token": dlt.secrets["sources.shop.token"]}`, bearer],
  [`{"type": "bearer", "api_key": dlt.secrets["token"], "location": "header"}`, bearer],
  [`{"type": "bearer", "token": f"Bearer {dlt.secrets['token']}"}`, bearer],
  [`{"type": "bearer"}`, bearer],
  [`"bearer"`, bearer],
  [`{"Type": "Bearer", "Token": dlt.secrets["token"]}`, bearer],
  [`[{"type": "bearer", "token": dlt.secrets["token"]}]`, bearer],
  [`{"type": "bearer", "token": "Bearer {{ config['token'] }}"}`, bearer],
  [
    `{"type": "api_key", "name": "Authorization", "api_key": "Bearer {{ config['api_key'] }}"}`,
    key({ name: "Authorization", api_key: "Bearer ${API_KEY}" })
  ],
  [
    `{"type": "api_key", "name": "Authorization", "api_key": "Token 0123456789"}`,
    key({ name: "Authorization", api_key: "Token ${API_KEY}" })
  ],
  [`{"type": "token", "token": os.environ["TOKEN"]}`, bearer],
  [`BearerTokenAuth(os.getenv("TOKEN"))`, bearer],
  [`BearerTokenAuth(token=dlt.secrets.get("token"))`, bearer],
  [`dlt.secrets["token"]`, bearer],
  [
    `{"type": "bearer", "token": dlt.secrets["token"], "prefix": "Token"}`,
    { type: "api_key", name: "Authorization", api_key: "Token ${TOKEN}" }
  ],
  [`{"type": "api_key", "name": "X-Key", "api_key": dlt.secrets["api_key"]}`, key({ name: "X-Key" })],
  [`{"type": "apikey", "key": dlt.secrets["api_key"]}`, key()],
  [
    `{"type": "apiKey", "in": "query", "name": "k", "value": dlt.secrets["api_key"]}`,
    key({ name: "k", location: "query" })
  ],
  [`{"type": "apikey", "key": "X-Key", "value": dlt.secrets["api_key"]}`, key({ name: "X-Key" })],
  [`{"type": "api_key", "header": "X-Key", "token": dlt.secrets["api_key"]}`, key({ name: "X-Key" })],
  [`{"type": "api_key", "header_name": "X-Key", "api_key": "my_api_key"}`, key({ name: "X-Key" })],
  [`{"type": "api_key", "key_name": "X-Key"}`, key({ name: "X-Key" })],
  [`{"type": "query", "name": "key", "value": dlt.secrets["api_key"]}`, key({ name: "key", location: "query" })],
  [`{"type": "query", "api_key": dlt.secrets["api_key"]}`, key({ name: "api_key", location: "query" })],
  [`{"type": "header", "headers": {"X-Key": dlt.secrets["api_key"]}}`, key({ name: "X-Key", location: "header" })],
  [`{"type": "custom_header", "name": "X-Key", "value": dlt.secrets["api_key"]}`, key({ name: "X-Key" })],
  [`{"type": "custom", "header": "X-Key", "value": dlt.secrets["api_key"]}`, key({ name: "X-Key" })],
  [`{"type": "cookie", "name": "sid", "value": dlt.secrets["api_key"]}`, key({ name: "sid", location: "cookie" })],
  [`APIKeyAuth("X-Key", dlt.secrets["api_key"], "query")`, key({ name: "X-Key", location: "query" })],
  [`{"type": "basic", "username": dlt.secrets["username"], "password": dlt.secrets["password"]}`, basic],
  [`{"type": "basic", "user": "<username>", "pass": "<password>"}`, basic],
  [`HTTPBasicAuth(dlt.secrets["username"], dlt.secrets["password"])`, basic],
  [
    `{"type": "http_basic", "username": "api", "password": dlt.secrets["password"]}`,
    { type: "http_basic", username: "api", password: "${PASSWORD}" }
  ],
  [`{"type": "basic", "username": "", "password": ""}`, { ...basic, password: "" }],
  [`{"type": "basic", "credentials": {"username": "me", "password": "<password>"}}`, { ...basic, username: "me" }],
  [`("api", "x")`, { type: "http_basic", username: "api", password: "x" }],
  [
    `{"type": "basic", "api_key": dlt.secrets["api_key"]}`,
    { type: "http_basic", username: "${API_KEY}", password: "" }
  ],
  [
    `{"type": "oauth2", "token_url": "https://auth.example.com/token", "client_id": dlt.secrets["client_id"], "client_secret": dlt.secrets["client_secret"]}`,
    oauth
  ],
  [
    `OAuth2ClientCredentials("https://auth.example.com/token", dlt.secrets["client_id"], dlt.secrets["client_secret"])`,
    oauth
  ],
  [
    `{"type": "oauth2", "access_token_url": "https://auth.example.com/token", "scopes": ["a", "b"], "grant_type": "client_credentials"}`,
    { ...oauth, access_token_request_data: { scope: "a b" } }
  ],
  [
    `{"type": "oauth2", "token_refresh_endpoint": "https://auth.example.com/token", "refresh_token": dlt.secrets["refresh_token"]}`,
    { ...oauth, access_token_request_data: { grant_type: "refresh_token", refresh_token: "${REFRESH_TOKEN}" } }
  ],
  [`{"type": "oauth2", "access_token": dlt.secrets["token"]}`, bearer],
  [`{"type": "none"}`, undefined],
  [`None`, undefined]
]

describe("Repair.Auth", () => {
  for (const [written, auth] of means)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withAuth(written))
        assert.deepStrictEqual(at(result.config, "client", "auth"), auth)
        assert.deepStrictEqual([result.open, yield* problems(result)], [[], []])
      })
    )

  for (const written of [
    `{"type": "aws_sigv4", "access_key": dlt.secrets["a"], "secret_key": dlt.secrets["b"]}`,
    `{"type": "hmac", "key": dlt.secrets["a"]}`,
    `{"type": "oauth1", "consumer_key": dlt.secrets["a"]}`,
    `{"type": "session_token", "login_url": "https://api.example.com/login"}`,
    `{"type": "api_key", "api_key": dlt.secrets["a"], "location": "body"}`,
    `MyOwnAuth(1)`
  ])
    it.effect(`open: ${written}`, () =>
      Effect.gen(function* () {
        const result = read(withAuth(written))
        assert.isUndefined(at(result.config, "client", "auth"))
        assert.lengthOf(result.open, 1)
        assert.include(result.imported.yaml, "# TODO: ")
        assert.deepStrictEqual(yield* problems(result), [])
      })
    )

  it("an address that is missing is a variable, and open", () => {
    const { config, open } = read(withAuth(`{"type": "oauth2", "client_id": "a", "client_secret": "b"}`))
    assert.strictEqual(at(config, "client", "auth", "access_token_url"), "${ACCESS_TOKEN_URL}")
    assert.lengthOf(open, 1)
  })

  it("no credential of the document comes through", () => {
    const secret = "s3cr3t-Abcdefghij-0123456789"
    for (const client of [
      `"auth": {"type": "bearer", "token": "${secret}"}`,
      `"auth": {"type": "api_key", "name": "X", "api_key": "${secret}"}`,
      `"auth": HttpBasicAuth("me", "${secret}")`,
      `"auth": {"type": "oauth2", "token_url": "https://a.example", "client_id": "x", "client_secret": "${secret}"}`,
      `"headers": {"Authorization": "Bearer ${secret}"}`,
      `"headers": {"X-Api-Key": "${secret}"}`,
      `"params": {"api_key": "${secret}"}`
    ]) {
      const { imported } = read(withClient(client))
      assert.notInclude(JSON.stringify(imported), secret, client)
      assert.match(imported.yaml, /\$\{[A-Z_]+\}/, client)
      assert.deepInclude(
        imported.warnings.map(({ kind }) => kind),
        "secret"
      )
    }
    const { imported } = read(
      `rest_api_source({"client": {"base_url": "https://me:${secret}@api.example.com"}, "resources": [{"name": "a", "endpoint": "a?token=${secret}"}]})`
    )
    assert.notInclude(JSON.stringify(imported), secret)
  })

  it("two secrets never share a variable, one secret always does", () => {
    const { imported } = read(
      `{"client": {"base_url": "https://api.example.com", "auth": {"type": "http_basic", "username": dlt.secrets["a.token"], "password": dlt.secrets["b.token"]}, "headers": {"X": dlt.secrets["a.token"]}}, "resources": ["a"]}`
    )
    assert.deepStrictEqual(imported.variables, ["TOKEN", "B_TOKEN"])
    assert.include(imported.yaml, 'X: "${TOKEN}"')
  })
})
