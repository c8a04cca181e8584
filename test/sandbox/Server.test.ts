import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Exit, Scope } from "effect"
import type * as Fault from "../../src/sandbox/Fault.ts"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"
import { server as token } from "./fixture.ts"

interface Got {
  readonly status: number
  readonly headers: Headers
  /** `undefined` when the body broke off. */
  readonly text: string | undefined
}

const get = (url: string, init: RequestInit = { headers: token }): Effect.Effect<Got | "refused"> =>
  Effect.promise(() =>
    fetch(url, init).then(
      (response) =>
        response.text().then(
          (text) => ({ status: response.status, headers: response.headers, text }),
          () => ({ status: response.status, headers: response.headers, text: undefined })
        ),
      () => "refused" as const
    )
  )

const got = (url: string, init?: RequestInit) =>
  Effect.filterOrDie(
    get(url, init),
    (answer): answer is Got => answer !== "refused",
    () => new Error(`${url} was refused`)
  )

const faulty = (kind: Fault.Kind, value?: number) => Sandbox.serve({ faults: [{ kind, at: [1], value }] })

describe("Server", () => {
  it.scopedLive("serves on a free port of the loopback interface, and tells what a client needs", () =>
    Effect.gen(function* () {
      const server = yield* Sandbox.serve({ messages: 5 })
      assert.strictEqual(server.url, `http://127.0.0.1:${server.port}`)
      assert.deepStrictEqual(server.environment, {
        POSTMARK_SERVER_TOKEN: Sandbox.tokens.serverToken,
        POSTMARK_ACCOUNT_TOKEN: Sandbox.tokens.accountToken,
        POSTMARK_BASE_URL: server.url
      })
      const { headers, status, text } = yield* got(`${server.url}/messages/outbound?count=500&offset=0`)
      assert.strictEqual(status, 200)
      assert.strictEqual(headers.get("content-type"), "application/json; charset=utf-8")
      assert.strictEqual(Number(headers.get("content-length")), Buffer.byteLength(text ?? ""))
      assert.strictEqual(JSON.parse(text ?? "").Messages.length, 5)
      assert.strictEqual(yield* server.requestCount, 1)
    })
  )

  it.scopedLive("the spec's shape has its own variables", () =>
    Effect.gen(function* () {
      const server = yield* Sandbox.serve({ shape: "spec" })
      assert.deepStrictEqual(server.environment, {
        API_KEY: Sandbox.tokens.apiKey,
        API_BASE_URL: server.url,
        POSTMARK_API_KEY: Sandbox.tokens.apiKey,
        POSTMARK_BASE_URL: server.url
      })
      assert.strictEqual(
        (yield* got(`${server.url}/v1/bounces`, { headers: { api_key: Sandbox.tokens.apiKey } })).status,
        200
      )
    })
  )

  it.scopedLive("reset cuts the connection inside the body, and only for that request", () =>
    Effect.gen(function* () {
      const server = yield* faulty("reset")
      const first = yield* get(`${server.url}/bounces?count=300&offset=0`)
      assert.isTrue(first === "refused" || (first.status === 200 && first.text === undefined))
      assert.strictEqual(
        JSON.parse((yield* got(`${server.url}/bounces?count=300&offset=0`)).text ?? "").Bounces.length,
        300
      )
    })
  )

  it.scopedLive("truncated is a whole HTTP answer with half a JSON", () =>
    Effect.gen(function* () {
      const server = yield* faulty("truncated")
      const { headers, status, text } = yield* got(`${server.url}/bounces?count=300&offset=0`)
      assert.strictEqual(status, 200)
      assert.strictEqual(Number(headers.get("content-length")), Buffer.byteLength(text ?? ""))
      assert.isDefined(text)
      assert.throws(() => JSON.parse(text ?? ""))
    })
  )

  it.scopedLive("HTML, Retry-After and a delay arrive as such", () =>
    Effect.gen(function* () {
      const html = yield* got((yield* faulty("502-html")).url + "/bounces?count=1&offset=0")
      assert.strictEqual(html.status, 502)
      assert.match(html.headers.get("content-type") ?? "", /^text\/html/)
      const after = yield* got((yield* faulty("429-retry-after", 7)).url + "/bounces?count=1&offset=0")
      assert.strictEqual(after.headers.get("retry-after"), "7")
      const before = performance.now()
      yield* got((yield* faulty("delay", 120)).url + "/bounces?count=1&offset=0")
      assert.isTrue(performance.now() - before >= 115)
    })
  )

  it.scopedLive("a port in use is a clear error", () =>
    Effect.gen(function* () {
      const { port } = yield* Sandbox.serve()
      const error = yield* Effect.flip(Sandbox.serve({ port }))
      assert.strictEqual(error.reason, "PortInUse")
      assert.strictEqual(
        error.message,
        `port ${port} on 127.0.0.1 is in use by another program; choose another port, or 0 for any free one`
      )
    })
  )

  it.scopedLive(
    "so are an address that is not this machine's, a port that is none, and options that make no world",
    () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(Sandbox.serve({ host: "192.0.2.1" }))).reason, "Listen")
        assert.strictEqual((yield* Effect.flip(Sandbox.serve({ port: 70_000 }))).reason, "Option")
        assert.strictEqual((yield* Effect.flip(Sandbox.serve({ messages: -1 }))).reason, "Option")
      })
  )

  it.live(
    "closing ends at once, with idle connections, an unread body and a waiting request left open; the port is free",
    () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const server = yield* Scope.extend(
          Sandbox.serve({ faults: [{ kind: "delay", value: 60_000, path: "/domains", rate: 1 }] }),
          scope
        )
        yield* got(`${server.url}/bounces?count=1&offset=0`)
        yield* Effect.promise(() => fetch(`${server.url}/messages/outbound?count=500&offset=0`, { headers: token }))
        const waiting = yield* Effect.fork(get(`${server.url}/domains?count=1&offset=0`))
        yield* Effect.sleep("50 millis")
        const before = performance.now()
        yield* Scope.close(scope, Exit.void)
        assert.isTrue(performance.now() - before < 900, `${performance.now() - before} ms`)
        assert.strictEqual(yield* waiting, "refused")
        assert.strictEqual(yield* get(`${server.url}/bounces?count=1&offset=0`), "refused")
        assert.isTrue(Either.isRight(yield* Effect.either(Effect.scoped(Sandbox.serve({ port: server.port })))))
      })
  )

  it.scopedLive("another process can drive it under /__sandbox/, unless that is switched off", () =>
    Effect.gen(function* () {
      const server = yield* Sandbox.serve()
      const post = { method: "POST", body: JSON.stringify({ messages: 4 }) }
      assert.strictEqual(
        JSON.parse((yield* got(`${server.url}/__sandbox/insert`, post)).text ?? "").rows.messages,
        1204
      )
      assert.strictEqual((yield* server.world).inserted.messages, 4)
      assert.strictEqual(
        (yield* got(`${server.url}/__sandbox/insert`, { ...post, body: " ".repeat(200_000) + post.body })).status,
        422
      )
      assert.strictEqual(yield* server.requestCount, 0)
      const closed = yield* Sandbox.serve({ control: false })
      assert.strictEqual((yield* got(`${closed.url}/__sandbox/stats`)).status, 404)
    })
  )

  it.scopedLive("many requests at once are all answered", () =>
    Effect.gen(function* () {
      const server = yield* Sandbox.serve()
      const offsets = Array.from({ length: 60 }, (_, n) => n * 5)
      const answers = yield* Effect.forEach(
        offsets,
        (offset) => got(`${server.url}/bounces?count=5&offset=${offset}`),
        {
          concurrency: 20
        }
      )
      const ids = answers.flatMap(({ text }) => [...(text ?? "").matchAll(/"ID":(\d+)/g)].map((match) => match[1]))
      assert.strictEqual(new Set(ids).size, 300)
    })
  )
})
