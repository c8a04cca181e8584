import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { Offset, Resource } from "sluice"
import { line, run, serve, source, stages } from "./support.ts"

const day = 86_400_000

/** Set back by a day from its nth reading on; what counts nanoseconds goes on. */
const setBack = (nth: number): Clock.Clock => {
  const clock = Clock.make()
  let readings = 0
  const millis = () => Date.now() - (++readings > nth ? day : 0)
  return Object.assign(Object.create(clock) as Clock.Clock, {
    unsafeCurrentTimeMillis: millis,
    currentTimeMillis: Effect.sync(millis)
  })
}

describe("the time that a resource took", () => {
  it.live("is right, also when the clock is set back on the way", () => {
    const api = serve(({ query }) => {
      const from = Number(query["offset"] ?? 0)
      return { body: { items: [{ id: from }, { id: from + 1 }], total: 8 } }
    })
    const of = source(
      Resource.make({
        name: "things",
        path: "/things",
        selector: "items",
        primaryKey: "id",
        paginator: Offset.make({ limit: 2, totalPath: "total" })
      })
    )
    return Effect.forEach([2, 4, 6, 8, 10, 12], (nth) =>
      Effect.gen(function* () {
        const receipt = yield* Effect.withClock(run(of), setBack(nth))
        const { duration_ms: took, status } = line(receipt, "things")
        assert.strictEqual(status, "complete")
        assert.isTrue(took >= 0 && took < 60_000, `${took} ms, set back at reading ${nth}`)
      }).pipe(Effect.provide(stages(api, of)))
    )
  })
})
