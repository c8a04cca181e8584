import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource } from "sluice"
import { serve } from "../Sync/support.ts"
import * as Support from "./support.ts"

const at = (minute: number) => new Date(Date.parse("2026-01-01T00:00:00Z") + minute * 60_000).toISOString()
const events = Array.from({ length: 40 }, (_, i) => ({ id: i + 1, at: at(i * i) }))

const of = Support.source(
  Resource.make({
    name: "events",
    path: "/events",
    selector: "items",
    primaryKey: "id",
    paginator: Offset.make({ limit: 3, totalPath: "total" }),
    // Its end is when the run began.
    windows: { fromParam: "from", toParam: "to", start: { at: "2026-01-01" }, cap: 10 }
  })
)

describe("a rebuild of a walk in windows", () => {
  it.scopedLive("asks for the windows of then, those that were split as well", () =>
    Effect.gen(function* () {
      const db = yield* Support.file
      const served = serve(({ query }) => {
        const found = events.filter(
          ({ at }) => at >= query["from"]!.replace("Z", "") && at <= query["to"]!.replace("Z", ".000Z")
        )
        const offset = Number(query["offset"])
        return { body: { total: found.length, items: found.slice(offset, offset + 3) } }
      })
      const receipt = yield* Support.sync(db, of, served)
      assert.isTrue(receipt.resources[0]?.completeness.proven, receipt.resources[0]?.completeness.why)
      const before = yield* Support.query(db, "SELECT id, at FROM events ORDER BY id")
      yield* Support.rebuild(db, of)
      assert.deepStrictEqual(yield* Support.query(db, "SELECT id, at FROM events ORDER BY id"), before)
    }).pipe(Effect.provide(Support.services))
  )
})
