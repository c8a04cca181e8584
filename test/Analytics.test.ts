/**
 * The specification's own configuration, verbatim, through every stage against a server with Postmark-shaped bodies.
 */
import { readFileSync } from "node:fs"
import { SqlClient } from "@effect/sql"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { Api, Fetch, Host, Spec, Sync } from "sluice"
import { memoryTable } from "sluice/testing"
import * as Sandbox from "../src/sandbox/Sandbox.ts"

const yaml = readFileSync(new URL("../examples/analytics.yaml", import.meta.url), "utf8")

it.effect("loads all six resources, also the two that have no field id, and finds nothing new the second time", () =>
  Effect.gen(function* () {
    const source = yield* Spec.parse(yaml, { file: "analytics.yaml" }).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["API_KEY", Sandbox.tokens.apiKey]])))
    )
    const client = Sandbox.layerClient({ shape: "spec", messages: 1234, bounces: 501, seed: 3 })
    const stages = Host.layerSync.pipe(
      Layer.provideMerge(Layer.merge(Fetch.layer, memoryTable)),
      Layer.provide(Layer.merge(client, Api.layer(source.api)))
    )
    yield* Effect.gen(function* () {
      const sync = yield* Sync.Sync
      const first = yield* sync.run(source)
      assert.strictEqual(
        first.status,
        "complete",
        JSON.stringify(first.resources.map(({ error, notices }) => [error, notices]))
      )
      assert.deepStrictEqual(
        first.resources.map((one) => [
          one.name,
          one.primary_key,
          one.primary_key_inferred,
          one.requests,
          one.stop_reason
        ]),
        [
          ["deliverystats", ["Name"], true, 1, "short_page"],
          ["message_streams", ["ID"], false, 1, "total_reached"],
          ["domains", ["ID"], false, 1, "total_reached"],
          ["messages", ["MessageID"], true, 3, "total_reached"],
          ["bounces", ["ID"], false, 2, "total_reached"],
          ["servers", ["ID"], false, 1, "total_reached"]
        ]
      )
      for (const { rows } of first.resources) assert.strictEqual(rows.inserted, rows.fetched)
      const second = yield* sync.run(source)
      assert.strictEqual(second.status, "complete")
      for (const { rows } of second.resources)
        assert.deepInclude(rows, { inserted: 0, updated: 0, unchanged: rows.fetched })

      const sql = yield* SqlClient.SqlClient
      const column = (text: string) =>
        sql.unsafe(text).values.pipe(
          Effect.provideService(SqlClient.SafeIntegers, true),
          Effect.map((rows) => rows.map(([value]) => value))
        )
      assert.deepStrictEqual(yield* column("SELECT count(*) FROM messages"), [1234n])
      assert.deepStrictEqual(yield* column("SELECT max(id) FROM bounces"), [4323372036854775807n])
      // Keys of the sender's own choice become columns here, as in dlt; the built-in source keeps them as one JSON column.
      assert.includeMembers(yield* column("SELECT name FROM pragma_table_info('messages')"), [
        "metadata__plan",
        "received_at",
        "from"
      ])
      assert.deepStrictEqual(yield* column("SELECT DISTINCT length(received_at) FROM messages"), [30n])
      assert.deepStrictEqual(yield* column("SELECT count(*) FROM pragma_foreign_key_check"), [0n])
      for (const [name] of yield* sql`SELECT name FROM sqlite_master WHERE type = 'table'`.values) {
        const text = JSON.stringify(
          yield* sql
            .unsafe(`SELECT * FROM "${String(name)}"`)
            .withoutTransform.pipe(Effect.provideService(SqlClient.SafeIntegers, true)),
          (_, value) => (typeof value === "bigint" ? String(value) : value)
        )
        assert.notInclude(text, Sandbox.tokens.apiKey)
      }
    }).pipe(Effect.provide(stages))
  }).pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))
)
