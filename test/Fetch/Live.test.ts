/** Over real sockets: what a scripted client cannot show. Loopback only; real time, in milliseconds. */
import { FetchHttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import * as Api from "../../src/Api.ts"
import * as Fetch from "../../src/Fetch.ts"
import { apiKey, get, token } from "./support.ts"

const serve = (handler: Http.RequestListener) =>
  Effect.acquireRelease(
    Effect.async<Live>((resume) => {
      const requests: Array<Http.IncomingMessage> = []
      let opened = 0
      const server = Http.createServer((request, response) => {
        requests.push(request)
        handler(request, response)
      })
      server.on("connection", () => opened++)
      server.listen(0, "127.0.0.1", () =>
        resume(
          Effect.succeed({
            url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
            connections: () => opened,
            requests,
            server
          })
        )
      )
    }),
    ({ server }) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )

interface Live {
  readonly url: string
  readonly connections: () => number
  readonly requests: Array<Http.IncomingMessage>
  readonly server: Http.Server
}

const open = ({ server }: Live) =>
  Effect.async<number>((resume) => {
    server.getConnections((_, count) => resume(Effect.succeed(count)))
  })

// Node opens a spare connection in place of one that it had to close; what counts is those that carried a request.
const letGo = ({ requests }: Live) => Effect.sync(() => requests.every(({ socket }) => socket.destroyed))

const from = (baseUrl: string, request: Fetch.Request, more: Partial<Api.Options> = {}) =>
  Effect.flatMap(Fetch.Fetch, ({ send }) => send(request)).pipe(Effect.provide(fetchOf(baseUrl, more)))

const fetchOf = (baseUrl: string, more: Partial<Api.Options> = {}) =>
  Fetch.layer.pipe(
    Layer.provide(
      Api.layer({
        baseUrl,
        auth: apiKey,
        ...more,
        retry: { maxRetries: 0, baseDelay: 1, jitter: false, ...more.retry }
      })
    ),
    Layer.provide(FetchHttpClient.layer)
  )

const facts = (error: unknown): Record<string, unknown> => ({ ...(error as object) })

const eventually = (condition: Effect.Effect<boolean>) =>
  Effect.gen(function* () {
    for (let i = 0; i < 200; i++) {
      if (yield* condition) return
      yield* Effect.sleep(10)
    }
    assert.fail("did not come true within 2 seconds")
  })

describe("Fetch over sockets", () => {
  it.scopedLive("asks, decodes and keeps the connection", () =>
    Effect.gen(function* () {
      const server = yield* serve((request, response) => {
        response.setHeader("content-type", "application/json")
        if (request.url?.startsWith("/gzip"))
          return response.setHeader("content-encoding", "gzip").end(gzipSync('[1,"ü"]'))
        if (request.url === "/chunked") {
          response.write("[1,")
          return response.end('"ü"]')
        }
        response.end('[1,"ü"]')
      })
      const program = Effect.flatMap(Fetch.Fetch, ({ send }) =>
        Effect.forEach(["/a", "/gzip", "/chunked", "/b", "/c", "/chunked"], (path) => send(get(path)))
      )
      const all = yield* Effect.provide(program, fetchOf(server.url))
      for (const { body, bytes } of all) assert.deepStrictEqual([body, bytes], [[1, "ü"], 8])
      // Two, since a request may start before the runtime has put the last connection back.
      assert.isAtMost(server.connections(), 2)
      const sent = server.requests[0]!.headers
      assert.strictEqual(sent["x-token"], token)
      assert.strictEqual(sent.accept, "application/json")
      assert.match(String(sent["user-agent"]), /^sluice\//)
      assert.isUndefined(sent["traceparent"] ?? sent["b3"])
    })
  )

  it.scopedLive("neither a redirect nor a link takes the token to another origin", () =>
    Effect.gen(function* () {
      const thief = yield* serve((_, response) => response.end("[]"))
      const server = yield* serve((request, response) => {
        const code = Number(new URL(request.url!, "http://x").searchParams.get("code"))
        response.writeHead(code, { location: `${thief.url}/stolen?${request.url!.split("?")[1]}` }).end()
      })
      for (const code of [301, 302, 303, 307, 308]) {
        const error = yield* Effect.flip(from(server.url, get("x", { query: [["code", String(code)]] })))
        assert.deepInclude(facts(error), { reason: "Origin", isRetryable: false })
      }
      assert.deepInclude(facts(yield* Effect.flip(from(server.url, get(`${thief.url}/next`)))), {
        reason: "Origin",
        attempts: 0
      })
      assert.strictEqual(server.requests.length, 5)
      assert.strictEqual(thief.requests.length, 0)
      // The servers are what they seem: where the host is allowed, the redirect is followed.
      yield* from(server.url, get("x", { query: [["code", "302"]] }), { allowedHosts: [new URL(thief.url).host] })
      assert.strictEqual(thief.requests.length, 1)
      assert.strictEqual(thief.requests[0]!.headers["x-token"], token)
    })
  )

  it.scopedLive("a body that drips runs out of time, and its connection is let go", () =>
    Effect.gen(function* () {
      const server = yield* serve((_, response) => {
        response.write("[")
        const timer = setInterval(() => response.write("1,"), 20)
        response.on("close", () => clearInterval(timer))
      })
      const error = yield* Effect.flip(from(server.url, get("x"), { limits: { timeout: 200 } }))
      assert.deepInclude(facts(error), { reason: "Timeout", isRetryable: true, attempts: 1 })
      yield* eventually(letGo(server))
    })
  )

  it.scopedLive("a body without end is cut off, also one that was small before it was unpacked", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc(20_000_000, " "))
      const server = yield* serve((request, response) => {
        if (request.url === "/bomb")
          return response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.length }).end(bomb)
        if (request.url === "/length")
          return response.writeHead(200, { "content-length": 1_000_001 }).end(Buffer.alloc(1_000_001, " "))
        const timer = setInterval(() => response.write(Buffer.alloc(64 * 1024, " ")), 1)
        response.on("close", () => clearInterval(timer))
      })
      for (const path of ["/endless", "/bomb", "/length"]) {
        const error = yield* Effect.flip(from(server.url, get(path), { limits: { maxBodyBytes: 1_000_000 } }))
        assert.deepInclude(facts(error), { reason: "BodyTooLarge", attempts: 1, isRetryable: false }, path)
      }
      yield* eventually(Effect.sync(() => server.requests[0]!.socket.destroyed))
    })
  )

  for (const kind of ["whole", "chunked", "huge", "redirect"] as const) {
    it.scopedLive(`twenty failed attempts leave no sockets behind (${kind} bodies)`, () =>
      Effect.gen(function* () {
        const body = Buffer.alloc(kind === "huge" ? 1_000_000 : 40_000, "x")
        const server = yield* serve((_, response) => {
          response.writeHead(
            kind === "redirect" ? 302 : 500,
            kind === "whole" ? { "content-length": body.length } : { location: "ftp://x/" }
          )
          response.write(body)
          response.end()
        })
        const program = Effect.flatMap(Fetch.Fetch, ({ send }) =>
          Effect.forEach(Array.from({ length: 20 }), () => Effect.flip(send(get("x"))))
        )
        const errors = yield* Effect.provide(program, fetchOf(server.url))
        assert.strictEqual(errors.length, 20)
        assert.strictEqual(server.requests.length, 20)
        yield* eventually(Effect.map(open(server), (count) => count <= 2))
        // A body that is read to its end keeps its connection for the next request.
        if (kind !== "huge") assert.isAtMost(server.connections(), 2)
      })
    )
  }

  it.scopedLive("interrupting a request closes its connection, before the answer and in the middle of it", () =>
    Effect.gen(function* () {
      for (const path of ["/silent", "/dripping"]) {
        const server = yield* serve((_, response) => {
          if (path === "/dripping") response.write("[1")
        })
        const fiber = yield* Effect.fork(from(server.url, get(path)))
        yield* eventually(Effect.sync(() => server.requests.length === 1))
        // Long enough for the first part of the body to arrive.
        yield* Effect.sleep(50)
        assert.isFalse(server.requests[0]!.socket.destroyed)
        yield* Fiber.interrupt(fiber)
        yield* eventually(letGo(server))
      }
    })
  )

  it.scopedLive("a connection lost in the middle of a body is tried again", () =>
    Effect.gen(function* () {
      let count = 0
      const server = yield* serve((_, response) => {
        count++
        if (count > 2) return response.end("[1]")
        if (count === 1) response.writeHead(200, { "content-length": 100 })
        response.write("[1, ")
        setTimeout(() => response.destroy(), 20)
      })
      const { attempts, body } = yield* from(server.url, get("x"), { retry: { maxRetries: 3 } })
      assert.deepStrictEqual([attempts, body], [3, [1]])
      count = 0
      const error = yield* Effect.flip(from(server.url, get("x")))
      assert.deepInclude(facts(error), {
        reason: "Body",
        status: 200,
        detail: "the answer broke off: connection reset"
      })
    })
  )

  it.scopedLive("an error whose body does not end is still that error", () =>
    Effect.gen(function* () {
      const server = yield* serve((_, response) => {
        response.writeHead(401, { "content-length": 1000 })
        response.write('{"Message":')
        setTimeout(() => response.destroy(), 20)
      })
      assert.deepInclude(facts(yield* Effect.flip(from(server.url, get("x")))), {
        reason: "Status",
        status: 401,
        isRetryable: false
      })
    })
  )

  it.scopedLive("nobody listens: one clear line", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(
        Effect.map(
          serve(() => {}),
          ({ url }) => url
        )
      )
      const error = yield* Effect.flip(from(gone, get("x"), { retry: { maxRetries: 1 } }))
      assert.strictEqual(error.message, `GET ${gone}/x: connection refused, after 2 attempts`)
      const unknown = yield* Effect.flip(from("http://no-such-host.invalid", get("x")))
      assert.match(unknown.message, /^GET http:\/\/no-such-host\.invalid\/x: host not found/)
    })
  )
})
