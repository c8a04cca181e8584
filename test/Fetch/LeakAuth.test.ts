/** Against servers that repeat all they were sent, in every place and form: what of it comes out of Fetch. */
import { HttpClient, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Redacted, TestClock } from "effect"
import { generateKeyPairSync } from "node:crypto"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"
import * as Fetch from "../../src/Fetch.ts"
import { around, collector } from "./collector.ts"
import { get, options } from "./support.ts"

const clientSecret = "cl13nt/5ecr3t+for&me ü"
const password = "pa55/w0rd+ü"
const passphrase = "0pen-5esame/ü"
const extra = "r3fresh-t0ken/+1"
const accessToken = "acc3ss-t0ken/+="
const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
  .toString()

const tokenUrl = "https://auth.example.com/token"

const auths: Readonly<Record<string, Auth.Auth>> = {
  "a bearer token": Auth.bearer(accessToken),
  "a basic pair": Auth.httpBasic({ username: "anna", password }),
  "a basic key": Auth.httpBasic({ username: Redacted.make(clientSecret), password: "" }),
  "a cookie": Auth.apiKey({ name: "sid", value: accessToken, location: "cookie" }),
  "a client's secret in the form": Auth.oauth2ClientCredentials({
    tokenUrl,
    clientId: "me",
    clientSecret,
    requestData: { refresh_token: extra }
  }),
  "a client's secret in a Basic header": Auth.oauth2ClientCredentials({
    tokenUrl,
    clientId: "me/you",
    clientSecret,
    requestData: { hush: Redacted.make(extra) },
    authMethod: "basic"
  }),
  "a private key": Auth.oauthJwt({ tokenUrl, clientId: "me", privateKey: pem, passphrase })
}

const base64 = (text: string) => Buffer.from(text).toString("base64")

/** Beginnings and ends in every form; all of them is what must not be found. */
const tracesOf = (secret: string): ReadonlyArray<string> => {
  const forms = [secret, encodeURIComponent(secret), new URLSearchParams([["", secret]]).toString().slice(1)]
  return [...forms, base64(secret), JSON.stringify(secret).slice(1, -1)].flatMap((form) => [
    form.slice(0, 9),
    form.slice(-9).replace(/=+$/, "")
  ])
}

/** Lines of the key, which need no beginning. */
const keyTraces = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"))

/** How the two servers behave: `said` is all that they were sent. */
type Server = (said: string, who: "token" | "api") => Response

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })

const grant = (said: string) => json(200, { access_token: accessToken, expires_in: 5, note: said })

const header = (said: string) => encodeURIComponent(said)

const servers: Readonly<Record<string, Server>> = {
  "answers with rows": (said, who) =>
    who === "token" ? grant(said) : json(200, { said, [said]: [said] }, { "x-echo": header(said) }),
  "refuses each token": (said, who) => (who === "token" ? grant(said) : json(401, { message: said, code: said })),
  "fails in plain text": (said, who) => (who === "token" ? grant(said) : new Response(said, { status: 503 })),
  "refuses the client": (said) => json(400, { error: said, error_description: said }),
  "is down": (said) => json(503, { error_description: said }),
  "sends no JSON": (said) => new Response(said, { status: 200 }),
  "refuses with a 200": (said) => json(200, { error: said }),
  "gives no usable token": (said, who) =>
    who === "token" ? json(200, { access_token: 1, said }) : json(418, { detail: said }),
  redirects: (said) =>
    new Response(null, { status: 302, headers: { location: `https://evil.example/${header(said)}` } })
}

const echoing = (server: Server, sent: Array<string>) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.sync(() => {
        const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
        const { authorization = "", cookie = "" } = request.headers
        const form = [...new URLSearchParams(body).values()]
        const pair = Buffer.from(authorization.replace("Basic ", ""), "base64").toString()
        const said = [authorization, cookie, body, ...form, ...(authorization.startsWith("Basic") ? [pair] : [])]
        sent.push(...said.filter((part) => part.length > 8))
        const everything = said.flatMap((part) => [part, encodeURIComponent(part)]).join(" | ")
        return HttpClientResponse.fromWeb(request, server(everything, url.href.startsWith(tokenUrl) ? "token" : "api"))
      })
    )
  )

describe("no credential leaves Fetch", () => {
  for (const [kind, auth] of Object.entries(auths)) {
    it.effect(`${kind}, whatever the servers repeat of it`, () =>
      Effect.gen(function* () {
        const { layer, out, put } = collector()
        const sent: Array<string> = []
        for (const server of Object.values(servers)) {
          const program = Effect.flatMap(Fetch.Fetch, ({ redact, send }) =>
            Effect.gen(function* () {
              for (let i = 0; i < 2; i++) {
                const exit = yield* Effect.exit(send(get("x", { method: "POST", data: [["a", "1"]] })))
                put(exit)
                if (Exit.isFailure(exit)) {
                  put(Option.getOrThrow(Cause.failureOption(exit.cause)))
                  out.push(Cause.pretty(exit.cause, { renderErrorCause: true }))
                } else out.push(JSON.stringify(exit.value))
              }
              put(redact)
              put(auth)
            })
          )
          const talkative = Layer.effect(
            HttpClient.HttpClient,
            Effect.map(
              HttpClient.HttpClient,
              HttpClient.tapRequest((request) => Effect.logInfo("asking", request))
            )
          )
          const fetch = Fetch.layer.pipe(
            Layer.provide(Api.layer(options({ auth, retry: { maxRetries: 1, baseDelay: 1 } }))),
            Layer.provide(talkative),
            Layer.provide(echoing(server, sent))
          )
          const fiber = yield* Effect.fork(Effect.provide(program, Layer.merge(fetch, layer)))
          for (let i = 0; i < 500 && (yield* fiber.poll)._tag === "None"; i++) {
            yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
            yield* TestClock.adjust("1 second")
          }
          yield* fiber.await
        }
        const printed = out.join("\n")
        // Each request's credential as it was sent, whole: the assertion, the Basic header, the cookie.
        const whole = sent.filter((part) => part !== "client_credentials" && !part.startsWith("urn:ietf:"))
        const known = [clientSecret, password, passphrase, extra, accessToken].flatMap(tracesOf)
        for (const trace of [...known, ...keyTraces, ...whole])
          assert.isFalse(printed.includes(trace), `${trace} in ${around(printed, trace)}`)
        // The net was out: something was repeated, and there were errors, logs and answers to look through.
        assert.isAbove(whole.length, 0)
        assert.include(printed, "***")
        assert.include(printed, "trying again")
        assert.include(printed, "asking")
        assert.notInclude(printed, "Fiber terminated")
      })
    )
  }
})
