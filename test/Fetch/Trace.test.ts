/** Who traces a program is nobody's business but its own: over real sockets, with the real client and a tracer at work. */
import { FetchHttpClient, HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"
import * as Fetch from "../../src/Fetch.ts"
import { collector } from "./collector.ts"
import { get } from "./support.ts"

const server = Effect.acquireRelease(
  Effect.async<{ readonly url: string; readonly seen: Array<Http.IncomingMessage>; readonly server: Http.Server }>(
    (resume) => {
      const seen: Array<Http.IncomingMessage> = []
      const server = Http.createServer((request, response) => {
        seen.push(request)
        response.setHeader("content-type", "application/json")
        if (request.url === "/moved") response.writeHead(302, { location: "/rows" })
        response.end(request.url === "/token" ? '{"access_token":"t0ken-t0ken","token_type":"bearer"}' : "[]")
      })
      server.listen(0, "127.0.0.1", () =>
        resume(Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server }))
      )
    }
  ),
  ({ server }) =>
    Effect.async<void>((resume) => {
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
)

const isTrace = (name: string) =>
  /^(traceparent|tracestate|b3|x-b3-.*|baggage|uber-trace-id|x-amzn-trace-id)$/i.test(name)

describe("a traced program", () => {
  it.scopedLive("tells neither the API nor the token URL of its traces", () =>
    Effect.gen(function* () {
      const { seen, url } = yield* server
      const { layer, spans } = collector()
      const auth = Auth.oauth2ClientCredentials({
        tokenUrl: `${url}/token`,
        clientId: "me",
        clientSecret: "s3cret-s3cret"
      })
      const fetch = Fetch.layer.pipe(
        Layer.provide(Api.layer({ baseUrl: url, auth, retry: { maxRetries: 0 } })),
        Layer.provide(FetchHttpClient.layer)
      )
      yield* Effect.flatMap(Fetch.Fetch, ({ send }) =>
        Effect.forEach(["rows", "moved"], (path) => send(get(path)))
      ).pipe(Effect.withSpan("outer"), Effect.provide(Layer.merge(fetch, layer)))
      assert.deepStrictEqual(
        seen.map((request) => request.url),
        ["/token", "/rows", "/moved", "/rows"]
      )
      for (const { headers } of seen) assert.deepStrictEqual(Object.keys(headers).filter(isTrace), [])
      assert.includeMembers(
        spans.map(({ name }) => name),
        ["outer", "Fetch.send", "Fetch.token"]
      )
      // The net is not torn: the client as it comes tells of them.
      yield* Effect.flatMap(HttpClient.HttpClient, (client) => client.get(`${url}/rows`)).pipe(
        Effect.withSpan("outer"),
        Effect.scoped,
        Effect.provide(Layer.merge(FetchHttpClient.layer, layer))
      )
      assert.deepStrictEqual(Object.keys(seen.at(-1)!.headers).filter(isTrace).sort(), ["b3", "traceparent"])
    })
  )
})
