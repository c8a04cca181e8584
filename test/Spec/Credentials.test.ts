import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import { auth, mistakes, parse } from "./fixture.ts"

const read = (flow: string, env: Readonly<Record<string, string>>, name?: string) =>
  Effect.map(
    parse(`${name === undefined ? "" : `name: ${name}\n`}${auth(flow)}`, { env, file: "/etc/sluice/my-shop.yaml" }),
    ({ api }) => ({ auth: api.auth ?? Auth.none, secrets: (api.secrets ?? []).map(Redacted.value) })
  )

describe("credentials", () => {
  it.effect("in short form are taken from the environment by their names", () =>
    Effect.gen(function* () {
      for (const [flow, env, expected] of [
        ["bearer", { TOKEN: "t" }, Auth.bearer("t")],
        ["{ type: bearer }", { TOKEN: "t" }, Auth.bearer("t")],
        ["{ type: bearer, token: null }", { TOKEN: "t" }, Auth.bearer("t")],
        ["{}", { TOKEN: "t" }, Auth.bearer("t")],
        ["api_key", { API_KEY: "k" }, Auth.apiKey({ name: "Authorization", value: "k" })],
        [
          "{ type: api_key, name: q, location: query }",
          { API_KEY: "k" },
          Auth.apiKey({ name: "q", value: "k", location: "query" })
        ],
        ["http_basic", { USERNAME: "u", PASSWORD: "p" }, Auth.httpBasic({ username: "u", password: "p" })],
        [
          "oauth2_client_credentials",
          { ACCESS_TOKEN_URL: "https://x.com/token", CLIENT_ID: "i", CLIENT_SECRET: "s" },
          Auth.oauth2ClientCredentials({ tokenUrl: "https://x.com/token", clientId: "i", clientSecret: "s" })
        ]
      ] as const) {
        assert.deepStrictEqual((yield* read(flow, env)).auth, expected, flow)
      }
    })
  )

  it.effect("prefer the variable that names the source", () =>
    Effect.gen(function* () {
      const env = { TOKEN: "t", MY_SHOP__TOKEN: "mine", OTHER__TOKEN: "other", EMPTY__TOKEN: "" }
      assert.deepStrictEqual((yield* read("bearer", env)).auth, Auth.bearer("mine"))
      assert.deepStrictEqual((yield* read("bearer", env, "other")).auth, Auth.bearer("other"))
      assert.deepStrictEqual((yield* read("bearer", env, "none")).auth, Auth.bearer("t"))
      assert.deepStrictEqual((yield* read("bearer", env, "empty")).auth, Auth.bearer("t"))
      for (const name of ["SOURCES__REST_API__CREDENTIALS__TOKEN", "SOURCES__CREDENTIALS__TOKEN", "CREDENTIALS__TOKEN"])
        assert.deepStrictEqual((yield* read("bearer", { [name]: "dlt's" })).auth, Auth.bearer("dlt's"))
    })
  )

  it.effect("that are nowhere are named, with what was tried", () =>
    Effect.gen(function* () {
      const error = yield* mistakes(auth("{ type: http_basic, username: u }"), { file: "my-shop.yaml" })
      assert.strictEqual(error.reason, "MissingSecret")
      assert.match(
        error.message,
        /my-shop\.yaml:3:3 client\.auth\.password: `password` is missing, and neither MY_SHOP__PASSWORD nor PASSWORD is set/
      )
    })
  )

  it.effect("with a misspelt key are that mistake alone", () =>
    Effect.gen(function* () {
      const error = yield* mistakes(auth("{ type: bearer, tokken: x }"))
      assert.deepStrictEqual(
        error.issues.map(({ hint, path }) => [path, hint]),
        [["client.auth.tokken", "did you mean `token`?"]]
      )
    })
  )

  it.effect("of every kind in long form", () =>
    Effect.gen(function* () {
      const env = { A: "secret-a", B: "secret-b", C: "public-c" }
      const basic = yield* read('{ type: http_basic, username: "${C}", password: "${A}" }', env)
      assert.deepStrictEqual(basic.auth, Auth.httpBasic({ username: "public-c", password: "secret-a" }))
      assert.include(basic.secrets, "secret-a")
      assert.notInclude(basic.secrets, "public-c")
      const empty = yield* read('{ type: http_basic, username: "${A}", password: "" }', env)
      assert.deepStrictEqual(empty.auth, Auth.httpBasic({ username: "secret-a", password: "" }))
      const cookie = yield* read('{ type: api_key, name: session, api_key: "${A}", location: cookie }', env)
      assert.deepStrictEqual(cookie.auth, Auth.apiKey({ name: "session", value: "secret-a", location: "cookie" }))
      const oauth = yield* read(
        '{ type: oauth2_client_credentials, access_token_url: https://x.com/t, client_id: "${C}", client_secret: "${A}", access_token_request_data: { scope: read, audience: "${B}" }, default_token_expiration: 10m, auth_method: basic }',
        env
      )
      assert.deepStrictEqual(
        oauth.auth,
        Auth.oauth2ClientCredentials({
          tokenUrl: "https://x.com/t",
          clientId: "public-c",
          clientSecret: "secret-a",
          requestData: { scope: "read", audience: "secret-b" },
          defaultExpiration: "10 minutes",
          authMethod: "basic"
        })
      )
      const jwt = yield* read(
        '{ type: oauth_jwt, auth_endpoint: https://x.com/t, client_id: "${C}", private_key: "${A}", private_key_passphrase: "${B}", scopes: [a, b], headers: { X-T: acme } }',
        env
      )
      assert.deepStrictEqual(
        jwt.auth,
        Auth.oauthJwt({
          tokenUrl: "https://x.com/t",
          clientId: "public-c",
          privateKey: "secret-a",
          passphrase: "secret-b",
          scopes: ["a", "b"],
          headers: { "X-T": "acme" }
        })
      )
      for (const { secrets } of [oauth, jwt]) {
        assert.includeMembers([...secrets], ["secret-a", "secret-b"])
        assert.notInclude(secrets, "public-c")
      }
    })
  )

  it.effect("of one endpoint and of the defaults too", () =>
    Effect.gen(function* () {
      const source = yield* parse(
        "client: { base_url: https://api.example.com }\nresource_defaults: { endpoint: { auth: bearer } }\nresources: [a, { name: b, endpoint: { auth: api_key } }]",
        { env: { TOKEN: "t", API_KEY: "k" } }
      )
      assert.deepStrictEqual(
        source.resources.map((resource) => resource.auth),
        [Auth.bearer("t"), Auth.apiKey({ name: "Authorization", value: "k" })]
      )
      // A null is no credentials; without a word those of the client are sent.
      const none = yield* parse(
        "client: { base_url: https://api.example.com, auth: bearer }\nresources: [a, { name: b, endpoint: { auth: null } }]",
        { env: { TOKEN: "t" } }
      )
      assert.deepStrictEqual(
        none.resources.map((resource) => resource.auth),
        [undefined, Auth.none]
      )
    })
  )
})
