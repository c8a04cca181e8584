/** Serves cases over loopback, each under its own name, and is the configuration that asks for them. */
import { Effect } from "effect"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import type { Case } from "./Case.ts"

export const serve = (cases: ReadonlyArray<Case>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<Http.Server>((resume) => {
        const asked = new Map<string, number>()
        const byName = new Map(cases.map((each) => [each.name, each]))
        const server = Http.createServer({ maxHeaderSize: 16_384 }, (request, response) => {
          const url = new URL(request.url!, "http://x")
          const name = url.pathname.split("/")[1]!
          const nth = asked.get(name) ?? 0
          asked.set(name, nth + 1)
          const text = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) => {
            for (const [header, value] of Object.entries(headers)) response.setHeader(header, value)
            response.end(body)
          }
          byName.get(name)!.answer({
            request,
            response,
            query: url.searchParams,
            nth,
            json: (value, headers) => text(JSON.stringify(value), { "content-type": "application/json", ...headers }),
            text,
            raw: (bytes) => response.socket?.end(bytes)
          })
        })
        // A client that lets go is no failure of ours.
        server.on("connection", (socket) => socket.on("error", () => {}))
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )

export const configuration = (url: string, cases: ReadonlyArray<Case>): string =>
  JSON.stringify({
    client: {
      base_url: url,
      retry: { max_retries: 1, base_delay: "10ms", jitter: false },
      limits: { timeout: "1500ms", max_body_bytes: 1_000_000 }
    },
    resource_defaults: { write_disposition: "merge" },
    resources: cases.map(({ endpoint, name, resource }) => ({
      name,
      primary_key: "id",
      max_reject_ratio: 1,
      endpoint: { path: name, paginator: "single_page", ...endpoint },
      ...resource
    }))
  })
