/**
 * The program of `embed.ts`, tested without a network and without a file: every stage is the real one.
 */
import { SqlClient } from "@effect/sql"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Api, Fetch, Host, RetryPolicy } from "sluice"
import { api, memoryTable, page, status } from "sluice/testing"
import { billing, nightly } from "./embed.ts"

it.live("keeps going after a 429, and stores the rows", () => {
  const source = billing("https://api.test", "secret")
  const script = api([
    status(429, { retryAfter: 0 }),
    page(
      [
        { id: 1, total: 9.5, paidAt: null },
        { id: 2, total: 12, paidAt: "2026-01-02T03:04:05+01:00" }
      ],
      { field: "data", total: 2 }
    )
  ])
  const layer = Host.layerSync.pipe(
    Layer.provideMerge(Layer.merge(Fetch.layer, memoryTable)),
    Layer.provide(
      Layer.merge(script.layer, Api.layer({ ...source.api, retry: { ...RetryPolicy.defaults, baseDelay: 0 } }))
    )
  )
  return Effect.gen(function* () {
    const receipt = yield* nightly(source)
    assert.deepInclude(receipt.resources[0], {
      status: "complete",
      requests: 1,
      retries: 1,
      stop_reason: "total_reached"
    })
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql`SELECT id, paid_at FROM invoices ORDER BY id`.values
    assert.deepStrictEqual(
      rows.map((row) => [...row]),
      [
        [1, null],
        [2, "2026-01-02T02:04:05.000000000Z"]
      ]
    )
    yield* script.verify
  }).pipe(Effect.provide(layer))
})
