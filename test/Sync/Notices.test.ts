import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, TestClock } from "effect"
import { Resource, SinglePage } from "sluice"
import * as Notices from "../../src/Sync/Notices.ts"
import * as Refused from "../../src/Sync/Refused.ts"
import { line, run, serve, source, stages } from "./support.ts"

const resource = Resource.make({ name: "items", path: "/items", paginator: SinglePage.make(), primaryKey: "id" })

const none = {
  resource,
  refused: Refused.none,
  orphans: 0,
  earlier: 0,
  unsaid: 0,
  filtered: 0,
  discarded: { rows: 0, values: 0 },
  held: 0
}

describe("Notices.behind", () => {
  it("tells of a wait from some seconds on", () => {
    assert.deepStrictEqual(Notices.behind({ ...none, held: 2999 }), [])
    assert.deepStrictEqual(Notices.behind({ ...none, held: 17_200 }), [
      "the API limits how often it is asked: a request waited 17 s for it, and none waited longer"
    ])
  })

  it("tells what was left out before what was refused", () => {
    const filtered = Notices.behind({ ...none, filtered: 2, discarded: { rows: 1, values: 2 }, unsaid: 3, orphans: 1 })
    assert.deepStrictEqual(
      filtered.map((text) => text.slice(0, 24)),
      ["3 more notices like thes", "2 rows left out by proce", "schema_contract left out", "1 parent of it was refus"]
    )
  })
})

describe("a receipt", () => {
  it.effect("names the resource that the API had wait, and not the one that was read before", () =>
    Effect.gen(function* () {
      const of = source(
        resource,
        Resource.make({ name: "others", path: "/others", paginator: SinglePage.make(), primaryKey: "id" })
      )
      const served = serve(({ path }) => ({
        body: [{ id: 1 }],
        headers: path === "/items" ? { "ratelimit-remaining": "0", "ratelimit-reset": "17" } : {}
      }))
      const fiber = yield* run(of, { concurrency: 1 }).pipe(Effect.provide(stages(served, of)), Effect.fork)
      for (let i = 0; i < 400 && (yield* fiber.poll)._tag === "None"; i++) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        if (served.asked.length > 0) yield* TestClock.adjust("100 millis")
      }
      const receipt = yield* Fiber.join(fiber)
      const told = (name: string) => line(receipt, name).notices.filter((text) => text.startsWith("the API limits"))
      assert.deepStrictEqual(told("items"), [])
      assert.match(told("others").join(), /^the API limits how often it is asked: a request waited 1[67] s for it/)
      assert.strictEqual(receipt.status, "complete")
    })
  )
})
