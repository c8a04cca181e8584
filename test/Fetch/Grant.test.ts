/** The grants over real sockets, with real keys: what a server that checks them says. */
import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { jwtVerify } from "jose"
import { generateKeyPairSync } from "node:crypto"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"
import * as Fetch from "../../src/Fetch.ts"
import { get } from "./support.ts"

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })

const passphrase = "0pen-5esame"
const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString()

const keys: Readonly<Record<string, { readonly privateKey: string; readonly passphrase?: string }>> = {
  "PKCS#8": { privateKey: pkcs8 },
  "PKCS#8 in one line": { privateKey: pkcs8.trim().replaceAll("\n", "\\n") },
  "PKCS#8 with Windows line ends": { privateKey: pkcs8.replaceAll("\n", "\r\n") },
  "PKCS#8, a passphrase that is not needed": { privateKey: pkcs8, passphrase },
  "encrypted PKCS#8": {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString(),
    passphrase
  },
  "PKCS#1": { privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString() },
  "encrypted PKCS#1": {
    privateKey: privateKey.export({ type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase }).toString(),
    passphrase
  }
}

interface Live {
  readonly url: string
  readonly seen: Array<{ readonly path: string; readonly headers: Http.IncomingHttpHeaders; readonly body: string }>
}

type Answer = (
  path: string,
  body: string,
  headers: Http.IncomingHttpHeaders
) => Promise<readonly [status: number, body: unknown, headers?: Record<string, string>]>

const serve = (answer: Answer) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<Live & { readonly server: Http.Server }>((resume) => {
        const seen: Live["seen"] = []
        const server = Http.createServer((request, response) => {
          let body = ""
          request.setEncoding("utf8").on("data", (part: string) => (body += part))
          request.on("end", () => {
            const path = request.url ?? ""
            seen.push({ path, headers: request.headers, body })
            void answer(path, body, request.headers).then(([status, json, headers]) =>
              response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json))
            )
          })
        })
        server.listen(0, "127.0.0.1", () =>
          resume(Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server }))
        )
      }),
      ({ server }) =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    ({ seen, url }): Live => ({ seen, url })
  )

const ask = (baseUrl: string, auth: Auth.Auth, times = 1) =>
  Effect.flatMap(Fetch.Fetch, ({ send }) =>
    Effect.forEach(Array.from({ length: times }), () => send(get("rows")), { concurrency: "unbounded" })
  ).pipe(
    Effect.provide(
      Fetch.layer.pipe(
        Layer.provide(Api.layer({ baseUrl, auth, retry: { maxRetries: 0 } })),
        Layer.provide(FetchHttpClient.layer)
      )
    )
  )

describe("OAuth JWT", () => {
  /** An authorization server and an API in one: a token only for an assertion that verifies, rows only for a token. */
  const checking: Answer = async (path, body, headers) => {
    if (path !== "/token") return headers.authorization === "Bearer jwt-t0k3n" ? [200, [1]] : [401, {}]
    const form = new URLSearchParams(body)
    if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return [400, { error: "grant" }]
    try {
      await jwtVerify(form.get("assertion") ?? "", publicKey, {
        algorithms: ["RS256"],
        audience: `http://${headers.host}/token`,
        issuer: "the-client",
        subject: "the-client",
        maxTokenAge: 60,
        requiredClaims: ["exp", "iat"]
      })
      return [200, { access_token: "jwt-t0k3n", token_type: "Bearer", expires_in: 3600 }]
    } catch (error) {
      return [400, { error: "invalid_grant", error_description: String(error) }]
    }
  }

  for (const [name, key] of Object.entries(keys)) {
    it.scopedLive(`an assertion that verifies, from ${name}`, () =>
      Effect.gen(function* () {
        const server = yield* serve(checking)
        const auth = Auth.oauthJwt({
          ...key,
          tokenUrl: `${server.url}/token`,
          clientId: "the-client",
          scopes: ["a", "b"],
          headers: { "X-Own": "1" }
        })
        const answers = yield* ask(server.url, auth, 4)
        assert.deepStrictEqual(
          answers.map(({ body }) => body),
          [[1], [1], [1], [1]]
        )
        const [request, ...others] = server.seen.filter(({ path }) => path === "/token")
        assert.lengthOf(others, 0)
        assert.strictEqual(request?.headers["x-own"], "1")
        const form = new URLSearchParams(request?.body)
        assert.deepStrictEqual([...form.keys()].sort(), ["assertion", "grant_type"])
        const { payload, protectedHeader } = yield* Effect.promise(() => jwtVerify(form.get("assertion")!, publicKey))
        assert.deepStrictEqual(protectedHeader, { alg: "RS256", typ: "JWT" })
        assert.strictEqual(payload["scope"], "a b")
        assert.strictEqual(payload.exp! - payload.iat!, 3600)
        const now = yield* Clock.currentTimeMillis
        assert.isAtMost(Math.abs(payload.iat! - now / 1000), 60)
      })
    )
  }

  it.scopedLive("a passphrase that is not the key's own asks nobody", () =>
    Effect.gen(function* () {
      const server = yield* serve(checking)
      const auth = Auth.oauthJwt({
        privateKey: keys["encrypted PKCS#8"]!.privateKey,
        passphrase: "wr0ng-passphrase",
        tokenUrl: `${server.url}/token`,
        clientId: "the-client"
      })
      const error = yield* Effect.flip(ask(server.url, auth))
      assert.include(error.message, "or the passphrase is not its own")
      assert.notInclude(error.message, "wr0ng")
      assert.lengthOf(server.seen, 0)
    })
  )
})

describe("keys that cannot sign with RS256", () => {
  const pem = { type: "pkcs8", format: "pem" } as const
  const others = {
    "an elliptic curve": generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem).toString(),
    "too short a modulus": generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export(pem).toString()
  }
  for (const [name, key] of Object.entries(others)) {
    it.scopedLive(`are named, and nobody is asked: ${name}`, () =>
      Effect.gen(function* () {
        const server = yield* serve(async () => [200, { access_token: "t0k3n" }])
        const auth = Auth.oauthJwt({ privateKey: key, tokenUrl: `${server.url}/token`, clientId: "me" })
        const error = yield* Effect.flip(ask(server.url, auth))
        assert.match(error.message, /no access token: the private key .*RSA key/)
        assert.lengthOf(server.seen, 0)
      })
    )
  }
})

describe("OAuth client credentials", () => {
  const auth = (tokenUrl: string) =>
    Auth.oauth2ClientCredentials({ tokenUrl, clientId: "me", clientSecret: "cl13nt-5ecr3t" })

  it.scopedLive("a token URL on an origin of its own: it alone sees the secret, the API alone the token", () =>
    Effect.gen(function* () {
      const tokens = yield* serve(async () => [200, { access_token: "t0k3n" }])
      const rows = yield* serve(async (_, __, headers) =>
        headers.authorization === "Bearer t0k3n" ? [200, [1]] : [401, {}]
      )
      const [answer] = yield* ask(rows.url, auth(`${tokens.url}/token?tenant=7`))
      assert.deepStrictEqual(answer?.body, [1])
      assert.deepStrictEqual(
        tokens.seen.map(({ path }) => path),
        ["/token?tenant=7"]
      )
      assert.notInclude(JSON.stringify(rows.seen), "cl13nt-5ecr3t")
      assert.notInclude(JSON.stringify(tokens.seen), "t0k3n")
    })
  )

  it.scopedLive("no redirect of the token request is followed, not even to the API", () =>
    Effect.gen(function* () {
      const thief = yield* serve(async () => [200, { access_token: "t0k3n" }])
      for (const status of [301, 302, 303, 307, 308]) {
        const tokens = yield* serve(async () => [status, {}, { location: `${thief.url}/token` }])
        const error = yield* Effect.flip(ask(thief.url, auth(`${tokens.url}/token`)))
        assert.include(error.message, "is never redirected")
        assert.lengthOf(tokens.seen, 1)
      }
      assert.lengthOf(thief.seen, 0)
    })
  )
})
