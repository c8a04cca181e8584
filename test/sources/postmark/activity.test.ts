/** Suppressions: stored as the sandbox has them, and what goes away at Postmark is marked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Suppression from "../../../src/sandbox/Data/Suppression.ts"
import type { World } from "../../../src/sandbox/World.ts"
import { type Row, twice } from "./support.ts"

const sends = [
  [0, "outbound"],
  [2, "broadcast"],
  [3, "product-news"],
  [4, "stream-4"]
] as const

const held = (world: World) =>
  sends
    .flatMap(([index, stream]) =>
      Suppression.suppressions(world, index).map(({ row }) => `${stream} ${row.EmailAddress} ${row.SuppressionReason}`)
    )
    .toSorted()

const stored = (rows: ReadonlyArray<Row> = []) =>
  rows.map((row) => `${row["message_stream"]} ${row["email_address"]} ${row["suppression_reason"]}`).toSorted()

describe("suppressions", () => {
  it.effect("of every stream that sends, archived ones too, with its name and the server's", () =>
    Effect.gen(function* () {
      const { dump, first, requests, second, world } = yield* twice(["suppressions"], { otherBounces: 70 })
      assert.deepStrictEqual([first.status, second.status], ["complete", "complete"])
      assert.isAbove(held(world).length, 60)
      assert.deepStrictEqual(stored(dump["suppressions"]), held(world))
      assert.deepStrictEqual([...new Set(dump["suppressions"]!.map((row) => row["server_id"]))], [900_123])
      assert.notProperty(dump, "sending_streams")
      assert.deepStrictEqual(
        [...new Set(requests.map(({ path }) => path))],
        ["/message-streams", ...sends.map(([, stream]) => `/message-streams/${stream}/suppressions/dump`)]
      )
      assert.strictEqual(second.resources.find(({ name }) => name === "suppressions")!.rows.inserted, 0)
    })
  )

  it.effect("one that is taken back at Postmark stays, marked as deleted", () =>
    Effect.gen(function* () {
      const { dump, first, second, world } = yield* twice(["suppressions"], {}, (gateway) =>
        gateway.change({ bounces: 12 })
      )
      assert.deepStrictEqual([first.status, second.status], ["complete", "complete"])
      const rows = dump["suppressions"]!
      const gone = rows.filter((row) => row["_sluice_deleted_at"] !== null)
      assert.isAbove(gone.length, 0)
      assert.strictEqual(rows.length, first.resources.find(({ name }) => name === "suppressions")!.rows.inserted)
      assert.deepStrictEqual(stored(rows.filter((row) => row["_sluice_deleted_at"] === null)), held(world))
    })
  )
})
