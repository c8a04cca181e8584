import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck, Redacted } from "effect"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"

const client = (more: Partial<Parameters<typeof Auth.oauth2ClientCredentials>[0]> = {}) =>
  Auth.oauth2ClientCredentials({
    tokenUrl: "https://auth.example.com/token",
    clientId: "the-client",
    clientSecret: "cl13nt-5ecr3t",
    ...more
  })

const pem = "-----BEGIN PRIVATE KEY-----\nTUlJRXZR\nSUJBREFO\n-----END PRIVATE KEY-----\n"

const jwt = (more: Partial<Parameters<typeof Auth.oauthJwt>[0]> = {}) =>
  Auth.oauthJwt({ tokenUrl: "https://auth.example.com/token", clientId: "me", privateKey: pem, ...more })

const values = (auth: Auth.Auth) => Auth.secrets(auth).map(Redacted.value)

describe("Auth.apply", () => {
  it("bearer, with a newline from a file taken off", () =>
    assert.deepStrictEqual(Auth.apply(Auth.bearer("t0k3n\n")), {
      headers: { Authorization: "Bearer t0k3n" },
      query: {}
    }))

  it("an API key as a cookie", () =>
    assert.deepStrictEqual(Auth.apply(Auth.apiKey({ name: "sid", value: "a=b", location: "cookie" })), {
      headers: { Cookie: "sid=a=b" },
      query: {}
    }))

  it("basic is base64 of UTF-8, whatever user name and password hold", () =>
    FastCheck.assert(
      FastCheck.property(
        FastCheck.string({ unit: "grapheme" }).filter((user) => !user.includes(":") && !/[\r\n]$/.test(user)),
        FastCheck.string({ unit: "grapheme" }).filter((password) => !/[\r\n]$/.test(password)),
        (username, password) => {
          const { headers } = Auth.apply(Auth.httpBasic({ username, password }))
          const sent = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers["Authorization"] ?? "")?.[1]
          return Buffer.from(sent ?? "", "base64").toString("utf8") === `${username}:${password}`
        }
      )
    ))

  it("OAuth carries the token it is given, and nothing before it has one", () => {
    for (const auth of [client(), jwt()]) {
      assert.deepStrictEqual(Auth.apply(auth), { headers: {}, query: {} })
      assert.deepStrictEqual(Auth.apply(auth, Redacted.make("abc")).headers, { Authorization: "Bearer abc" })
    }
  })
})

describe("Auth.secrets", () => {
  it("of a basic pair: the password and the pair, and the user name where that is the key", () => {
    assert.deepStrictEqual(values(Auth.httpBasic({ username: "anna", password: "pa55word" })), [
      "pa55word",
      "anna:pa55word"
    ])
    assert.include(values(Auth.httpBasic({ username: "5ecr3t-key", password: "" })), "5ecr3t-key")
    assert.include(values(Auth.httpBasic({ username: "5ecr3t-key", password: "X" })), "5ecr3t-key")
    assert.include(values(Auth.httpBasic({ username: Redacted.make("anna"), password: "pa55word" })), "anna")
  })

  it("of an OAuth client: the secret, data that is one, and what goes into a Basic header", () => {
    const requestData = { scope: "read", refresh_token: "r3fresh", audience: Redacted.make("hidden") }
    assert.deepStrictEqual(values(client({ requestData })), ["cl13nt-5ecr3t", "r3fresh", "hidden"])
    assert.includeMembers(values(client({ authMethod: "basic", clientSecret: "a+b c" })), [
      "the-client:a+b c",
      "the-client:a%2Bb+c"
    ])
  })

  it("of a private key: as it is, as PEM, without line breaks, and the passphrase", () => {
    const oneLine = pem.trim().replaceAll("\n", "\\n")
    assert.deepStrictEqual(values(jwt({ privateKey: oneLine, passphrase: "open" })), [
      oneLine,
      pem.trim(),
      "TUlJRXZRSUJBREFO",
      "open"
    ])
  })

  it("never prints one", () => {
    const all = [
      Auth.bearer("5ecr3t"),
      Auth.httpBasic({ username: Redacted.make("5ecr3t-user"), password: "5ecr3t" }),
      client({ clientSecret: "5ecr3t", requestData: { x: Redacted.make("5ecr3t") } }),
      jwt({ privateKey: pem.replace("TUlJ", "5ecr3t"), passphrase: "5ecr3t" })
    ]
    for (const auth of all) assert.notInclude(String(auth) + JSON.stringify(auth), "5ecr3t")
  })
})

describe("Auth.problem", () => {
  it("is none for what can be sent", () => {
    const fine = [
      Auth.none,
      Auth.bearer("t"),
      Auth.httpBasic({ username: "", password: "pat" }),
      Auth.httpBasic({ username: "key", password: "" }),
      client(),
      client({ clientSecret: "", requestData: { client_secret: "elsewhere" } }),
      jwt()
    ]
    for (const auth of fine) assert.isUndefined(Auth.problem(auth))
  })

  const bad: ReadonlyArray<readonly [auth: Auth.Auth, says: string]> = [
    [Auth.bearer(" \n"), "the bearer token is empty"],
    [Auth.bearer("5ecr3t\n5ecr3t"), "the header Authorization holds a character"],
    [Auth.httpBasic({ username: "", password: "" }), "both empty"],
    [Auth.httpBasic({ username: "a:b", password: "5ecr3t" }), "the user name holds a colon"],
    [Auth.httpBasic({ username: "a", password: "5ecr3t\0" }), "a control character"],
    [Auth.apiKey({ name: "sid", value: "5ecr3t; x=y", location: "cookie" }), "the cookie sid holds a character"],
    [Auth.apiKey({ name: "s=d", value: "5ecr3t", location: "cookie" }), "is not a name for a cookie"],
    [client({ tokenUrl: "auth/5ecr3t" }), "the token URL is not an absolute URL"],
    [client({ tokenUrl: "ftp://5ecr3t.example" }), "the token URL must be http or https"],
    [client({ tokenUrl: "https://a:5ecr3t@b.example" }), "must not hold a user name or password"],
    [client({ clientId: " " }), "has no id"],
    [client({ clientSecret: " " }), "secret is empty"],
    [jwt({ privateKey: "5ecr3t" }), "the private key is not a PEM text"],
    [jwt({ privateKey: "-----BEGIN PUBLIC KEY-----\n5ecr3t" }), "the private key is not a PEM text"],
    [jwt({ privateKey: pem.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") }), "there is no passphrase"],
    [jwt({ headers: { "X Y": "5ecr3t" } }), '"X Y" is not a name for a header']
  ]
  for (const [auth, says] of bad) {
    it(`${auth._tag}: ${says}`, () => {
      const said = Auth.problem(auth) ?? ""
      assert.include(said, says)
      assert.notInclude(said, "5ecr3t")
    })
  }

  it.effect("a client's secret goes over plain http only on this machine, or where the API is http too", () =>
    Effect.gen(function* () {
      const made = (baseUrl: string, tokenUrl: string) =>
        Effect.match(Api.make({ baseUrl, auth: client({ tokenUrl }) }), {
          onFailure: ({ detail, reason }) => `${reason}: ${detail}`,
          onSuccess: () => "fine"
        })
      const refused = "InvalidAuth: the token URL is http, but the base URL is https"
      assert.include(yield* made("https://api.example.com", "http://auth.example.com/t"), refused)
      assert.include(yield* made("https://api.example.com", "http://127.0.0.1.example.com/t"), refused)
      for (const host of ["localhost", "127.0.0.1:8080", "[::1]", "LOCALHOST.", "a.localhost"])
        assert.strictEqual(yield* made("https://api.example.com", `http://${host}/t`), "fine", host)
      assert.strictEqual(yield* made("http://api.example.com", "http://auth.example.com/t"), "fine")
      assert.strictEqual(yield* made("http://api.example.com", "https://auth.example.com/t"), "fine")
    })
  )
})
