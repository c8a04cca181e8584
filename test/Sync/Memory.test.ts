/** What a run holds on to: the pages under way, and none of those that are stored. */
import { setImmediate } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Offset, Resource } from "sluice"
import { run, serve, source, stages } from "./support.ts"

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const pages = 200

describe("memory of a run", () => {
  it.effect("pages that are stored are let go", () => {
    const came: Array<WeakRef<object>> = []
    const things = Resource.make({
      name: "things",
      path: "/things",
      primaryKey: "id",
      paginator: Offset.make({ limit: 1, totalPath: "total" }),
      processing: [
        {
          map: (row) => {
            came.push(new WeakRef(row as object))
            return row
          }
        }
      ]
    })
    const of = source(things)
    let most = 0
    const served = serve(({ query }) => {
      const offset = Number(query["offset"])
      if (offset % 50 === 49) {
        collect()
        most = Math.max(most, came.filter((ref) => ref.deref() !== undefined).length)
      }
      return { body: { total: pages, things: [{ id: offset }] } }
    })
    return Effect.gen(function* () {
      // What was looked at through a reference stays until the event loop has come round.
      yield* Effect.promise(() => setImmediate())
      yield* run(of)
      assert.strictEqual(came.length, pages)
      assert.isAtMost(most, 12, "rows of stored pages are held")
    }).pipe(Effect.provide(stages(served, of)))
  })
})
