import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Option } from "effect"
import { AutoDriver, type FailPoint, Host, Offset, Resource, Source, type Sync } from "sluice"
import { compare, crash, places } from "sluice/testing"
import { run, serve } from "../Sync/support.ts"

const orders = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, lines: [{ sku: `a${i}` }, { sku: `b${i}` }] }))

/** Parents with lists, their children, and rows one of which is refused. */
const of = Source.make({
  name: "test",
  api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } },
  resources: [
    Resource.make({
      name: "orders",
      path: "/orders",
      selector: "items",
      primaryKey: "id",
      paginator: Offset.make({ limit: 2, totalPath: "total" })
    }),
    Resource.make({
      name: "events",
      path: "/orders/{resources.orders.id}/events",
      selector: "items",
      primaryKey: "id",
      paginator: Offset.make({ limit: 2, totalPath: "total" })
    }),
    Resource.make({
      name: "log",
      path: "/log",
      selector: "items",
      primaryKey: "at",
      columns: [{ name: "at", dataType: "bigint" }],
      paginator: Offset.make({ limit: 2, totalPath: "total" })
    })
  ]
})

const serving = () =>
  serve(({ path, query }) => {
    const from = Number(query["offset"] ?? 0)
    const owner = /^\/orders\/(\d+)\/events$/.exec(path)?.[1]
    const all: ReadonlyArray<unknown> =
      path === "/orders"
        ? orders
        : path === "/log"
          ? [{ at: 1 }, { at: 2, tags: ["x"] }, { at: "later" }, { at: 3 }, { at: 4 }]
          : Array.from({ length: Number(owner) % 2 === 0 ? 3 : 1 }, (_, i) => ({ id: `${owner}-${i}` }))
    return { body: { items: all.slice(from, from + 2), total: all.length } }
  })

const sync = (db: string, options?: Sync.Options) => {
  const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer, serving().layer)
  return run(of, { concurrency: 1, ...options }).pipe(
    Effect.provide(
      // A resource that dies says so.
      Layer.merge(Layer.provide(Host.layer({ db, api: of.api }), platform), Logger.remove(Logger.defaultLogger))
    )
  )
}

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

describe("testing.crash", () => {
  it.scopedLive(
    "at every place that a run comes by, halfway: the next run makes up for it",
    () =>
      Effect.gen(function* () {
        const dir = yield* folder
        const whole = yield* places(sync(`${dir}/whole.db`))
        assert.strictEqual(whole.value.status, "partial")
        const expected = [
          "lock",
          "request",
          "body",
          "start.begin",
          "page.statement",
          "queue.commit",
          "receipt.committed"
        ]
        for (const name of expected) assert.isAbove(whole.places.get(name as FailPoint.Name) ?? 0, 0, name)
        let trial = 0
        for (const [at, count] of whole.places) {
          for (const nth of [Math.ceil(count / 2)]) {
            const db = `${dir}/${trial++}.db`
            const died = yield* crash({ at, nth })(sync(db))
            assert.isTrue(Option.isNone(died), `${at}:${nth}`)
            yield* sync(db)
            assert.deepStrictEqual(yield* compare(`${dir}/whole.db`, db), [], `${at}:${nth}`)
          }
        }
      }).pipe(Effect.provide(NodeFileSystem.layer)),
    120_000
  )

  it.scopedLive("nothing of the dead run reaches the database, and one that comes to its end is no crash", () =>
    Effect.gen(function* () {
      const dir = yield* folder
      const db = `${dir}/one.db`
      assert.isTrue(Option.isNone(yield* crash({ at: "page.commit" })(sync(db, { resources: ["log"] }))))
      const ended = yield* crash({ at: "page.commit", nth: 99 })(sync(db, { resources: ["log"] }))
      assert.isTrue(Option.isSome(ended))
      assert.strictEqual(Option.getOrThrow(ended).resources[0]?.rows.inserted, 4)
      assert.notMatch(Option.getOrThrow(ended).resources[0]!.notices.join(), /resumed/)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})
