/** An API as a function, and everything but the network real: for tests of whole runs. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as SqlClient from "@effect/sql/SqlClient"
import { Effect, Layer } from "effect"
import { Api, Fetch, Host, type Receipt, type Resource, Source, Sync } from "sluice"
import { memoryTable } from "sluice/testing"

export interface Asked {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Answer {
  readonly status?: number
  readonly body?: unknown
  /** Instead of a body, as it stands. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Served {
  readonly layer: Layer.Layer<HttpClient.HttpClient>
  /** `/path?query` of every request, in order. */
  readonly asked: Array<string>
  /** The host of each of them. */
  readonly hosts: Array<string>
  /** Requests under way at once, at most. */
  most: number
}

/** `answer` may change from run to run; a request takes `turns` of the scheduler, so that others can overtake it. */
export const serve = (answer: (asked: Asked) => Answer, turns: (url: URL) => number = () => 2): Served => {
  let underway = 0
  const served: Served = {
    asked: [],
    hosts: [],
    most: 0,
    layer: Layer.sync(HttpClient.HttpClient, () =>
      HttpClient.make((request, url) =>
        Effect.gen(function* () {
          served.asked.push(url.pathname + url.search)
          served.hosts.push(url.host)
          underway++
          served.most = Math.max(served.most, underway)
          yield* Effect.ensuring(
            Effect.repeatN(
              Effect.promise(() => new Promise((done) => setImmediate(done))),
              turns(url) - 1
            ),
            Effect.sync(() => void underway--)
          )
          const text = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : undefined
          const reply = answer({
            path: url.pathname,
            query: Object.fromEntries(url.searchParams),
            body: text === undefined || !text.startsWith("{") ? text : JSON.parse(text)
          })
          const status = reply.status ?? 200
          return HttpClientResponse.fromWeb(
            request,
            new Response(reply.text ?? (reply.body === undefined ? null : JSON.stringify(reply.body)), {
              status,
              headers: { "content-type": "application/json", ...reply.headers }
            })
          )
        })
      )
    )
  }
  return served
}

export const source = (...resources: ReadonlyArray<Resource.Resource>) =>
  Source.make({
    name: "test",
    api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } },
    resources
  })

export const stages = (served: Served, of: Source.Source) =>
  Host.layerSync.pipe(
    Layer.provideMerge(memoryTable),
    Layer.provideMerge(Fetch.layer),
    Layer.provide(Layer.merge(served.layer, Api.layer(of.api)))
  )

export const run = (of: Source.Source, options?: Sync.Options) =>
  Effect.flatMap(Sync.Sync, (sync) => sync.run(of, options))

export const rows = (text: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.map(sql.unsafe(text).values, (all) => all.map((row) => [...row])))

export const line = (receipt: Receipt.Receipt, name: string): Receipt.Resource => {
  const found = receipt.resources.find((each) => each.name === name)
  if (found === undefined) throw new Error(`the receipt has no ${name}`)
  return found
}

export const replay = (of: Source.Source, options?: Pick<Sync.Options, "resources">) =>
  Effect.flatMap(Sync.Sync, (sync) => sync.replay(of, options))
