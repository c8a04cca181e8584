/**
 * The first page of each resource, taken through Fetch, Page and Row as a sync would, and what can be told from it.
 *
 * Never fails: what goes wrong with a resource is its finding. Needs no database.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Api from "../Api.ts"
import * as Fetch from "../Fetch.ts"
import * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import * as Row from "../Row.ts"
import type { Source } from "../Source.ts"
import * as Pipeline from "../Sync/Pipeline.ts"
import * as CheckView from "./CheckView.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const all = (
  source: Source
): Effect.Effect<ReadonlyArray<CheckView.Finding>, Api.ApiError, HttpClient.HttpClient> =>
  Effect.forEach(source.resources, one, { concurrency: 4 }).pipe(
    Effect.provide(
      Layer.merge(Page.layer(), Row.layer()).pipe(Layer.provide(Fetch.layer), Layer.provide(Api.layer(source.api)))
    )
  )

// --- internal ---

const one = (resource: Resource) =>
  resource.unavailable === undefined
    ? Effect.flatMap(Clock.currentTimeMillis, (started) => timed(resource, started))
    : Effect.succeed(CheckView.unasked(resource))

const timed = (resource: Resource, started: number) =>
  Effect.gen(function* () {
    const finding = yield* read(resource)
    const took = (yield* Clock.currentTimeMillis) - started
    return { ...finding, duration_ms: took }
  })

const read = (resource: Resource) =>
  Effect.gen(function* () {
    const page = yield* Page.Page
    const row = yield* Row.Row
    const first = yield* Stream.runHead(
      page.stream({
        request: Pipeline.request(resource),
        paginator: resource.paginator,
        select: (body) => row.select(resource, body),
        limitPages: 1
      })
    )
    const fetched = Option.getOrThrow(first)
    const batch = yield* Effect.flatMap(row.compile(resource), (compiled) => compiled.page(fetched.rows))
    return CheckView.found(resource, fetched, batch)
  }).pipe(Effect.catchAll((error) => Effect.succeed(CheckView.failed(resource, error))))
