import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RejectsView from "../../src/Cli/RejectsView.ts"
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

describe("RejectsView", () => {
  it.effect("counts one row as one", () =>
    Effect.gen(function* () {
      assert.include(yield* RejectsView.replay(replay(1), view()), "partial: 1 row remains; ")
      assert.include(yield* RejectsView.replay(replay(2, ["n stays real"]), view()), "partial: 2 rows remain; ")
      assert.include(yield* RejectsView.replay(replay(2, ["n stays real"]), view()), "· orders  n stays real")
    })
  )
})
