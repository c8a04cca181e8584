/** Suppressions, opens, clicks and inbound messages: stored as the sandbox has them, and what goes away at Postmark is marked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Engagement from "../../../src/sandbox/Data/Engagement.ts"
import * as Inbound from "../../../src/sandbox/Data/Inbound.ts"
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

describe("opens and clicks", () => {
  it.effect("come whole, one row each, with what Postmark cannot tell as null", () =>
    Effect.gen(function* () {
      const { dump, first, second, world } = yield* twice(["opens", "clicks"], { messages: 4000 })
      assert.deepStrictEqual([first.status, second.status], ["complete", "complete"])
      const { clicks, opens } = Engagement.ofStream(world, 0)
      assert.isAbove(opens.length, 500)
      const key = (row: Row) => [row["message_id"], row["recipient"], row["original_link"]].join(" ")
      assert.deepStrictEqual(
        dump["opens"]!.map(key).toSorted(),
        opens.map(({ MessageID, Recipient }) => `${MessageID} ${Recipient} `).toSorted()
      )
      assert.deepStrictEqual(
        dump["clicks"]!.map(key).toSorted(),
        clicks.map(({ MessageID, OriginalLink, Recipient }) => `${MessageID} ${Recipient} ${OriginalLink}`).toSorted()
      )
      assert.isAbove(new Set(clicks.map(({ MessageID, Recipient }) => `${MessageID} ${Recipient}`)).size, 20)
      const city = (rows: ReadonlyArray<Row>) => rows.filter((row) => row["geo__city"] === "Amsterdam").length
      assert.strictEqual(city(dump["opens"]!), opens.filter(({ Geo }) => Geo?.["City"] === "Amsterdam").length)
      assert.strictEqual(
        dump["opens"]!.filter((row) => row["client__name"] === null).length,
        opens.filter(({ Client }) => Client === undefined).length
      )
      for (const line of second.resources) assert.deepStrictEqual([line.rows.inserted, line.rows.updated], [0, 0])
    })
  )

  it.effect("beyond what Postmark lists, the receipt says how many are missing", () =>
    Effect.gen(function* () {
      const { dump, first } = yield* twice(["opens", "clicks"], { messages: 45_000, bounces: 0 })
      const [opens, clicks] = first.resources
      assert.notStrictEqual(opens!.status, "complete")
      assert.match(opens!.notices.join(), /10000 of \d{5}/)
      assert.lengthOf(dump["opens"]!, 10_000)
      assert.strictEqual(clicks!.status, "complete")
    })
  )
})

describe("inbound messages", () => {
  it.effect("that were processed come whole, with their addresses and files in tables of their own", () =>
    Effect.gen(function* () {
      const { dump, first, second, world } = yield* twice(["inbound_messages"], { messages: 5000 })
      assert.deepStrictEqual([first.status, second.status], ["complete", "complete"])
      const all = Array.from({ length: Inbound.timeline(world).count }, (_, serial) => Inbound.inbound(world, serial))
      const processed = all.filter(({ Status }) => Status === "Processed")
      assert.isTrue(processed.length > 1000 && processed.length < all.length)
      assert.deepStrictEqual(
        dump["inbound_messages"]!.map((row) => `${row["message_id"]} ${row["date"]}`).toSorted(),
        processed.map((row) => `${row.MessageID} ${row.Date}`).toSorted()
      )
      const [row] = processed
      assert.deepInclude(
        dump["inbound_messages"]!.find(({ message_id }) => message_id === row!.MessageID)!,
        {
          from_full__email: row!.From,
          mailbox_hash: row!.MailboxHash,
          status: "Processed"
        }
      )
      assert.lengthOf(dump["inbound_messages__to_full"]!, processed.length)
      assert.lengthOf(
        dump["inbound_messages__attachments"]!,
        processed.flatMap(({ Attachments }) => Attachments).length
      )
      for (const line of second.resources) assert.deepStrictEqual([line.rows.inserted, line.rows.updated], [0, 0])
    })
  )
})
