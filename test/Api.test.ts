import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Config, Effect, Layer, Redacted } from "effect"
import * as Api from "../src/Api.ts"
import * as Auth from "../src/Api/Auth.ts"

const refused = (options: Partial<Api.Options>) =>
  Effect.map(
    Effect.flip(Api.make({ baseUrl: "https://api.example.com", ...options })),
    ({ detail, reason }) => `${reason}: ${detail}`
  )

describe("Api", () => {
  it.effect("takes a base URL, and defaults for the rest", () =>
    Effect.gen(function* () {
      const api = yield* Api.make({ baseUrl: "https://api.example.com/v1" })
      assert.strictEqual(api.baseUrl.href, "https://api.example.com/v1")
      assert.deepStrictEqual(api.retry.statuses, [429, 500, 502, 503, 504])
      assert.strictEqual(api.retry.maxRetries, 3)
      assert.strictEqual(api.limits.concurrency, 8)
    })
  )

  it.effect("collects every secret", () =>
    Effect.gen(function* () {
      const api = yield* Api.make({
        baseUrl: "https://api.example.com",
        auth: Auth.apiKey({ name: "X-Token", value: "one" }),
        secrets: [Redacted.make("two")]
      })
      assert.deepStrictEqual(api.secrets.map(Redacted.value), ["one", "two"])
      assert.notInclude(String(api.auth) + JSON.stringify(api), "one")
    })
  )

  it.effect("refuses base URLs that cannot be asked", () =>
    Effect.gen(function* () {
      assert.include(
        yield* refused({ baseUrl: "api.example.com" }),
        'InvalidBaseUrl: base URL "api.example.com" is not an absolute URL'
      )
      assert.include(yield* refused({ baseUrl: "ftp://h" }), "must be http or https, is ftp:")
      assert.include(yield* refused({ baseUrl: "https://u:p@h" }), "must not hold a user name or password")
    })
  )

  it.effect("does not print a token that was written as the base URL", () =>
    Effect.gen(function* () {
      const auth = Auth.apiKey({ name: "X-Token", value: "5ecr3t-t0ken" })
      assert.include(yield* refused({ baseUrl: "5ecr3t-t0ken", auth }), "base URL *** is not an absolute URL")
    })
  )

  it.effect("refuses limits that would stop everything", () =>
    Effect.gen(function* () {
      assert.include(
        yield* refused({ limits: { concurrency: 0 } }),
        "InvalidLimit: limits.concurrency must be a whole number, 1 or more, is 0"
      )
      assert.include(yield* refused({ limits: { concurrency: 1.5 } }), "limits.concurrency")
      assert.include(yield* refused({ limits: { rate: 0 } }), "limits.rate must be more than 0")
      assert.include(yield* refused({ limits: { timeout: 0 } }), "limits.timeout")
      assert.include(yield* refused({ limits: { maxBodyBytes: Number.NaN } }), "limits.maxBodyBytes")
      assert.include(yield* refused({ retry: { maxRetries: -1 } }), "retry.maxRetries")
      assert.include(yield* refused({ retry: { factor: 0 } }), "retry.factor")
    })
  )

  it.effect("refuses hosts, headers and keys that cannot work, without showing the key", () =>
    Effect.gen(function* () {
      assert.include(
        yield* refused({ allowedHosts: ["ok.example", "https://x.example"] }),
        'InvalidAllowedHost: allowed host "https://x.example" is not a host'
      )
      assert.include(yield* refused({ headers: { "X Y": "1" } }), 'InvalidHeader: "X Y" is not a name for a header')
      assert.include(
        yield* refused({ headers: { "X-Y": "a\r\nb" } }),
        "InvalidHeader: the header X-Y holds a character"
      )
      assert.include(
        yield* refused({ auth: Auth.apiKey({ name: "X-Token", value: " \n" }) }),
        'InvalidAuth: the API key for "X-Token" is empty'
      )
      const split = yield* refused({ auth: Auth.apiKey({ name: "X-Token", value: "abc\ndef" }) })
      assert.include(split, "InvalidAuth: the header X-Token holds a character")
      assert.notInclude(split, "abc")
    })
  )

  it.effect("layerConfig reads the provider when it is built", () =>
    Effect.gen(function* () {
      const provider = ConfigProvider.fromMap(
        new Map([
          ["BASE", "https://api.example.com"],
          ["TOKEN", "5ecr3t"]
        ])
      )
      const layer = Api.layerConfig({
        baseUrl: Config.string("BASE"),
        auth: Config.map(Config.redacted("TOKEN"), (value) => Auth.apiKey({ name: "X-Token", value }))
      })
      const api = yield* Effect.provide(Api.Api, Layer.provide(layer, Layer.setConfigProvider(provider)))
      assert.deepStrictEqual(Auth.apply(api.auth), { headers: { "X-Token": "5ecr3t" }, query: {} })
    })
  )
})

describe("Auth", () => {
  it("goes into a header or a query parameter of the given name, never both", () => {
    const value = Redacted.make("k\n")
    assert.deepStrictEqual(Auth.apply(Auth.apiKey({ name: "api_key", value })), {
      headers: { api_key: "k" },
      query: {}
    })
    assert.deepStrictEqual(Auth.apply(Auth.apiKey({ name: "api_key", value, location: "query" })), {
      headers: {},
      query: { api_key: "k" }
    })
    assert.deepStrictEqual(Auth.apply(Auth.none), { headers: {}, query: {} })
    assert.deepStrictEqual(Auth.secrets(Auth.none), [])
  })
})
