import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RejectsView from "../../src/Cli/RejectsView.ts"
import type { Listing } from "../../src/Table/Rejects/Listing.ts"
import type { Replay } from "../../src/Sync/Replay.ts"
import { view } from "./support.ts"

const replay = (remaining: number, notices: ReadonlyArray<string> = []): Replay => ({
  run: "01JD0000000000000000000000",
  source: "shop",
  db: "shop.db",
  status: "partial",
  started_at: "2026-11-23T12:00:00.000Z",
  finished_at: "2026-11-23T12:00:00.020Z",
  resources: [
    {
      name: "orders",
      table: "orders",
      status: "partial",
      stored: 0,
      obsolete: 0,
      left_out: 0,
      queued: 0,
      remaining,
      rows: { inserted: 0, updated: 0, unchanged: 0, deleted: 0 },
      notices,
      error: null
    }
  ]
})

const refused = (raw: string): Listing => ({
  total: 1,
  groups: [
    { source: "shop", resource: "orders", path: "total", reason: "no", rows: 1, last_at: "2026-11-23T12:00:00.000Z" }
  ],
  rejects: [
    {
      id: 1,
      source: "shop",
      resource: "orders",
      state: "open",
      stage: "row",
      path: "total",
      reason: "no",
      run: "01JD0000000000000000000000",
      page: 0,
      times: 1,
      rejected_at: "2026-11-23T12:00:00.000Z",
      raw
    }
  ]
})

describe("RejectsView", () => {
  it.effect("no line is wider than the screen", () =>
    Effect.gen(function* () {
      const row = JSON.stringify({ id: 1, text: "x".repeat(500) })
      for (const columns of [80, 100, 200]) {
        const text = yield* RejectsView.list("shop.db", refused(row), view(columns))
        assert.include(text, row.slice(0, 20))
        for (const line of text.split("\n")) assert.isAtMost(line.length, columns)
      }
    })
  )

  it.effect("counts one row as one", () =>
    Effect.gen(function* () {
      assert.include(yield* RejectsView.replay(replay(1), view()), "partial: 1 row remains; ")
      assert.include(yield* RejectsView.replay(replay(2, ["n stays real"]), view()), "partial: 2 rows remain; ")
      assert.include(yield* RejectsView.replay(replay(2, ["n stays real"]), view()), "· orders  n stays real")
    })
  )
})
