import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber, Layer, Ref, TestClock } from "effect"
import { Api, Fetch, Host, Offset, type Receipt, Resource, Table } from "sluice"
import { memoryTable } from "sluice/testing"
import { line, rows, run, serve, source, stages } from "./support.ts"

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

/** As a database that another process may take over, which a run watches for. */
const watched = Host.layerSync.pipe(
  Layer.provideMerge(
    Layer.effect(
      Table.Table,
      Effect.map(Table.Table, (table) => ({ ...table, lost: Effect.never }))
    )
  ),
  Layer.provideMerge(memoryTable),
  Layer.provideMerge(Fetch.layer),
  Layer.provide(Layer.merge(api.layer, Api.layer(of.api)))
)

describe("the time that a resource took", () => {
  it.live("is right, also when the clock is set back on the way", () =>
    Effect.forEach([2, 4, 6, 8, 10, 12], (nth) =>
      Effect.gen(function* () {
        const receipt = yield* Effect.withClock(run(of), setBack(nth))
        const { duration_ms: took, status } = line(receipt, "things")
        assert.strictEqual(status, "complete")
        assert.isTrue(took >= 0 && took < 60_000, `${took} ms, set back at reading ${nth}`)
      }).pipe(Effect.provide(stages(api, of)))
    )
  )

  it.effect("is that until it was interrupted, and nothing is done behind the receipt", () =>
    Effect.gen(function* () {
      const committed = yield* Deferred.make<void>()
      const said = yield* Ref.make<Receipt.Receipt | undefined>(undefined)
      const stopped = yield* Ref.make(false)
      const atReceipt = yield* Ref.make(false)
      const fiber = yield* Effect.fork(
        run(of, {
          onProgress: () =>
            Effect.zipRight(Deferred.succeed(committed, undefined), Effect.interruptible(Effect.never)).pipe(
              Effect.onInterrupt(() => Ref.set(stopped, true))
            ),
          onInterrupt: (receipt) =>
            Effect.zipRight(
              Ref.set(said, receipt),
              Effect.flatMap(Ref.get(stopped), (is) => Ref.set(atReceipt, is))
            )
        })
      )
      yield* Deferred.await(committed)
      yield* TestClock.adjust("1500 millis")
      yield* Fiber.interrupt(fiber)
      const receipt = (yield* Ref.get(said))!
      assert.deepInclude(line(receipt, "things"), { status: "interrupted", pages: 1, duration_ms: 1500 })
      assert.isTrue(yield* Ref.get(atReceipt), "the walk went on behind its receipt")
      assert.deepStrictEqual(yield* rows("SELECT status, duration_ms FROM _sluice_resources"), [["interrupted", 1500]])
    }).pipe(Effect.provide(watched))
  )
})
