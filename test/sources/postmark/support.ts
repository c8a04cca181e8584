/** The built-in source against a sandbox in memory: two runs, something done in between, and every table as it is then. */
import * as HttpClient from "@effect/platform/HttpClient"
import { SqlClient } from "@effect/sql"
import { Effect, Layer, Redacted } from "effect"
import { Api, Fetch, Host, type Source, Sync } from "sluice"
import * as Postmark from "sluice/sources/postmark"
import { memoryTable } from "sluice/testing"
import type * as Gateway from "../../../src/sandbox/Gateway.ts"
import * as Sandbox from "../../../src/sandbox/Sandbox.ts"

export const source = Postmark.make({
  serverToken: Redacted.make(Sandbox.tokens.serverToken),
  accountToken: Redacted.make(Sandbox.tokens.accountToken)
})

/** The pipeline for a source, asking a sandbox, into memory. */
export const stages = ({ api }: Source.Source, gateway: Gateway.Gateway) =>
  Host.layerSync.pipe(
    Layer.provideMerge(Layer.merge(Fetch.layer, memoryTable)),
    Layer.provide(Layer.merge(Layer.succeed(HttpClient.HttpClient, Sandbox.client(gateway)), Api.layer(api)))
  )

export type Row = Readonly<Record<string, unknown>>

export const twice = (
  resources: ReadonlyArray<string>,
  options: Gateway.Options = {},
  between: (gateway: Gateway.Gateway) => Effect.Effect<unknown, unknown> = () => Effect.void
) =>
  Effect.gen(function* () {
    const gateway = yield* Sandbox.gateway(options)
    return yield* Effect.gen(function* () {
      const sync = yield* Sync.Sync
      const sql = yield* SqlClient.SqlClient
      const rows = (statement: string) => sql.unsafe<Record<string, unknown>>(statement).withoutTransform
      const first = yield* sync.run(source, { resources })
      yield* between(gateway)
      const second = yield* sync.run(source, { resources })
      const names = yield* rows("SELECT name FROM sqlite_master WHERE type = 'table'")
      const dump: Record<string, ReadonlyArray<Row>> = {}
      for (const { name } of names) dump[String(name)] = yield* rows(`SELECT * FROM "${String(name)}"`)
      return { first, second, dump, world: yield* gateway.world, requests: yield* gateway.requests }
    }).pipe(Effect.provide(stages(source, gateway)))
  })
