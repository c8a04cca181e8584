/** Servers in this process that remember all they were sent: the API, and one that should have heard nothing. */
import { Effect } from "effect"
import * as Http from "node:http"
import * as Https from "node:https"
import type { AddressInfo } from "node:net"
import type { Certificate } from "./Certificate.ts"

export interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: Http.IncomingHttpHeaders
  readonly body: string
}

export interface Recorder {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly heard: Array<Heard>
  /** Connections, also those on which nothing was asked. */
  readonly connections: () => number
}

export type Answer = (heard: Heard) => {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is. */
  readonly body?: unknown
}

export const serve = (
  answer: Answer,
  options: { readonly host?: string; readonly port?: number; readonly tls?: Certificate } = {}
) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<{ readonly server: Http.Server; readonly self: Recorder }, Error>((resume) => {
        const heard: Array<Heard> = []
        let opened = 0
        const listener: Http.RequestListener = (request, response) => {
          let body = ""
          request.setEncoding("utf8").on("data", (part: string) => (body += part))
          request.on("end", () => {
            const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body }
            heard.push(one)
            const said = answer(one)
            response.writeHead(said.status ?? 200, { "content-type": "application/json", ...said.headers })
            response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body ?? []))
          })
        }
        const { host = "127.0.0.1", port = 0, tls } = options
        const server = tls === undefined ? Http.createServer(listener) : Https.createServer(tls, listener)
        server.on("connection", () => opened++)
        server.on("error", (error) => resume(Effect.fail(error)))
        server.listen(port, host, () => {
          const at = (server.address() as AddressInfo).port
          const named = host.includes(":") ? `[${host}]` : host
          const self = {
            url: `${tls === undefined ? "http" : "https"}://${named}:${at}`,
            host: `${named}:${at}`,
            port: at,
            heard,
            connections: () => opened
          }
          resume(Effect.succeed({ server, self }))
        })
      }),
      ({ server }) =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    ({ self }) => self
  )
