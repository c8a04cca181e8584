import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as Secrets from "../../src/Spec/Secrets.ts"
import { client, files, parse } from "./fixture.ts"

const resolve = (
  value: unknown,
  env: Readonly<Record<string, string>> = {},
  contents: Readonly<Record<string, string>> = {}
) =>
  Secrets.resolve(value, "/etc/sluice").pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(env)))),
    Effect.provide(files(contents)),
    Effect.map((resolved) => ({ ...resolved, secrets: resolved.secrets.map(Redacted.value) }))
  )

describe("Secrets", () => {
  it.effect("replaces references wherever they stand", () =>
    Effect.gen(function* () {
      const value = { a: "x${A}", b: [{ c: { $env: "B" } }, 5, null], d: "plain" }
      const { problems, value: replaced } = yield* resolve(value, { A: "1", B: "2" })
      assert.deepStrictEqual(problems, [])
      assert.deepStrictEqual(replaced, { a: "x1", b: [{ c: "2" }, 5, null], d: "plain" })
    })
  )

  it.effect("reads files relative to the configuration, without the line break at the end", () =>
    Effect.gen(function* () {
      const value = { auth: { api_key: { $file: "secrets/key.txt" } }, a: { $file: "/run/${NAME}" } }
      const {
        problems,
        secrets,
        value: replaced
      } = yield* resolve(value, { NAME: "x" }, { "/etc/sluice/secrets/key.txt": "k-123\r\n", "/run/x": " y\n\n" })
      assert.deepStrictEqual(problems, [])
      assert.deepStrictEqual(replaced, { auth: { api_key: "k-123" }, a: " y\n" })
      assert.deepStrictEqual(secrets, ["k-123", " y\n"])
    })
  )

  it.effect("names everything that is missing, at once", () =>
    Effect.gen(function* () {
      const value = { auth: { api_key: "${A}" }, headers: { x: "${EMPTY}" }, b: { $file: "no.txt" }, c: "${A}${B}" }
      const { holes, problems } = yield* resolve(value, { EMPTY: "" })
      assert.deepStrictEqual(
        problems.map(({ kind, message, path }) => [path.join("."), kind, message]),
        [
          ["auth.api_key", "secret", "the environment variable A is not set"],
          ["headers.x", "secret", "the environment variable EMPTY is empty"],
          ["b", "secret", "the file no.txt does not exist"],
          ["c", "secret", "the environment variable A is not set"],
          ["c", "secret", "the environment variable B is not set"]
        ]
      )
      assert.deepStrictEqual(
        holes.map((hole) => hole.join(".")),
        ["auth.api_key", "headers.x", "b", "c"]
      )
    })
  )

  it.effect("knows a secret by its place or its name, and nothing else for one", () =>
    Effect.gen(function* () {
      const value = {
        client: {
          base_url: "${BASE_URL}",
          auth: { name: "${HEADER}", api_key: "${FIRST}" },
          headers: { "X-Tenant": "t-${TENANT}" }
        },
        resources: [
          {
            endpoint: { path: "/v1/${ACCOUNT}", params: { since: "${SINCE}", token: "${SECOND}", q: "${MY_API_KEY}" } }
          }
        ]
      }
      const env = {
        BASE_URL: "https://x",
        HEADER: "X-Key",
        FIRST: "s1",
        TENANT: "s2",
        ACCOUNT: "acc",
        SINCE: "2024-01-01",
        SECOND: "s3",
        MY_API_KEY: "s4"
      }
      const { secrets } = yield* resolve(value, env)
      assert.deepStrictEqual([...secrets].toSorted(), ["s1", "s2", "s3", "s4"])
    })
  )

  it("tells names of credentials from others", () => {
    for (const name of [
      "API_KEY",
      "apikey",
      "X-Api-Key",
      "POSTMARK_SERVER_TOKEN",
      "clientSecret",
      "PASSWORD",
      "Authorization",
      "auth",
      "key",
      "Cookie"
    ]) {
      assert.isTrue(Secrets.isCredentialName(name), name)
    }
    for (const name of ["SINCE", "author", "primary_key", "PAGE", "monkey", "keyboard", "path", "oauthless"])
      assert.isFalse(Secrets.isCredentialName(name), name)
  })

  it.effect("gives every secret to the source: of auth, headers and single resources", () =>
    Effect.gen(function* () {
      const source = yield* parse(
        [
          "client:",
          "  base_url: https://api.example.com",
          "  auth: { type: api_key, api_key: literal-key }",
          '  headers: { Authorization: Bearer literal-bearer, X-Plain: hello, X-Env: "v-${VALUE}" }',
          "resources:",
          "  - name: a",
          "    endpoint:",
          "      paginator: single_page",
          "      auth: { type: api_key, api_key: { $env: OTHER }, location: query }",
          "      headers: { X-Token: literal-token }"
        ].join("\n"),
        { env: { VALUE: "env-value", OTHER: "other-key" } }
      )
      const known = (source.api.secrets ?? []).map(Redacted.value)
      for (const secret of ["literal-bearer", "env-value", "other-key", "literal-token"]) assert.include(known, secret)
      assert.notInclude(known, "hello")
      assert.notInclude(JSON.stringify(source.api.auth), "literal-key")
      assert.notInclude(JSON.stringify(source.resources[0]?.auth), "other-key")
    })
  )

  it.effect("takes what is written out in a query or body for one where its name leaves no doubt", () =>
    Effect.gen(function* () {
      const source = yield* parse(
        [
          client,
          "resource_defaults: { endpoint: { params: { api_key: literal-key-0 } } }",
          "resources:",
          "  - { name: a, endpoint: { path: a, params: { access_token: literal-key-1, key: first_name, token: next, page_token: literal-key-x } } }",
          "  - { name: b, endpoint: { path: b, method: POST, json: { password: literal-key-2, secret: [1], q: literal-key-x } } }",
          "  - { name: c, endpoint: { path: c, method: POST, data: [[client_secret, literal-key-3], [a, b]] } }",
          '  - { name: d, endpoint: { path: d, params: { token: "{resources.a.some_token}" } } }'
        ].join("\n")
      )
      assert.deepStrictEqual([...new Set((source.api.secrets ?? []).map(Redacted.value))].toSorted(), [
        "literal-key-0",
        "literal-key-1",
        "literal-key-2",
        "literal-key-3"
      ])
    })
  )

  it.effect("written out in a path, a base URL, or deep in a body is one; a word or a number of the data is none", () =>
    Effect.gen(function* () {
      const source = yield* parse(
        `client: { base_url: "https://x.com/v1?api_key=in-the-base-url&v=12345678" }\nresources: [{ name: a, endpoint: { path: "/a?access_token=in-a-path%2F1&page_token=not-a-secret#x", method: POST, json: { a: [{ b: { client_secret: deep-in-a-body, password: s3cr3t } }], token: page, auth: { api_key: 1234567 } } } }]`
      )
      assert.sameMembers((source.api.secrets ?? []).map(Redacted.value), [
        "in-the-base-url",
        "in-a-path/1",
        "deep-in-a-body",
        "s3cr3t"
      ])
    })
  )

  it.effect("never shows a value, whatever is wrong around it", () =>
    Effect.gen(function* () {
      const secret = "sk-live-0123456789"
      const texts = [
        'client: { base_url: "${S}" }\nresources: [a, a]',
        `client: { base_url: "https://u:${secret}@x.com" }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", auth: ${secret} }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", auth: { type: api_key, api_key: [${secret}] } }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", auth: { type: api_key, api_key: "${secret}\\n" } }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", auth: { type: api_key, token: ${secret} } }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", headers: { A: "${secret}\\n", B: [${secret}] } }\nresources: [a, a]`,
        `client: { base_url: "https://x.com", headers: ${secret} }\nresources: [a, a]`,
        'client: { base_url: "https://x.com", auth: { type: "${S}", api_key: x, location: "${S}" } }\nresources: [a, a]',
        `${client}\nresources: [{ name: a, endpoint: { paginator: "\${S}", data_selector: "\${S}", method: "\${S}", params: "\${S}", json: "\${S}" } }]`,
        `${client}\nresources: [{ name: a, on_bad_row: "\${S}", primary_key: { $file: key }, write_disposition: "\${S}", columns: { a: "\${S}" } }]`,
        'client: { base_url: "https://x.com", auth: { type: api_key, api_key: "${S}\\n", name: "${S} x" } }\nresources: [a, a]',
        `${client}\nresources: [{ name: a, primary_key: "\${S},b", endpoint: { data_selector: ["\${S}", b] } }]`,
        `${client}\nresources: [{ name: "\${S}" }, "\${S}", { name: "\${S}" }]`,
        `${client}\nresources: ["\${S}", { name: b, endpoint: "/{resources.nobody.id}" }, { name: c, table_name: "\${S}" }]`,
        `${client}\nresources: [a, { name: b, endpoint: { path: "/{x}", params: { x: { type: resolve, resource: "\${S}", field: "\${S}" }, "y": "{z \${S}}" } } }]`,
        `${client}\nresources: [{ name: a, processing_steps: [{ filter: { path: "\${S}[", op: matches, value: "(\${S}" } }] }]`,
        `${client}\nresources: [{ name: a, processing_steps: [{ filter: { path: a, op: matches, value: "(\${S}" } }] }]`,
        `${client}\nresources: [a, a, { name: b, endpoint: { paginator: { type: cursor, cursor_path: "url.\${S}" }, incremental: { cursor_path: "\${S}[" } } }]`,
        `${client}\nresources: [{ name: a, endpoint: { path: "\${S}{x}", params: { token: { x: ${secret} } } } }]`
      ]
      for (const text of texts) {
        const error = yield* Effect.flip(parse(text, { env: { S: secret }, files: { "/etc/sluice/key": secret } }))
        assert.notInclude(error.message + JSON.stringify(error) + String(error.stack), secret, text)
      }
    })
  )
})
