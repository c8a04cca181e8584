import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { AutoDriver, Host, Offset, Rebuild, Resource, type Sync } from "sluice"
import { crash } from "sluice/testing"
import { run, serve, source } from "../Sync/support.ts"

const of = source(
  Resource.make({
    name: "log",
    path: "/log",
    selector: "items",
    writeDisposition: "append",
    paginator: Offset.make({ limit: 2, totalPath: "total" })
  })
)

const served = serve(({ query }) => {
  const from = Number(query["offset"] ?? 0)
  return { body: { items: [1, 2, 3, 4, 5].slice(from, from + 2).map((id) => ({ id })), total: 5 } }
})

const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer, served.layer)

describe("a rebuild", () => {
  for (const at of ["line.begin", "line.committed", "receipt.begin"] as const) {
    it.scopedLive(`adds the rows of a walk once whose run died behind its last page, at ${at}`, () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const db = `${yield* fs.makeTempDirectoryScoped()}/log.db`
        const within = <A, E>(program: Effect.Effect<A, E, Sync.Sync | SqlClient.SqlClient>) =>
          Effect.provide(program, Layer.provide(Host.layer({ db, api: of.api }), platform))
        yield* crash({ at })(within(run(of, { archive: true }))).pipe(
          Effect.provide(Logger.remove(Logger.defaultLogger))
        )
        yield* within(run(of, { archive: true }))
        const count = within(
          Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe("SELECT count(*) AS n FROM log").values)
        )
        assert.deepStrictEqual([...(yield* count)], [[5]])
        yield* Effect.provide(
          Rebuild.run(of, { db }),
          Layer.provideMerge(Layer.provide(Host.layerTable({ db }), platform), platform)
        )
        assert.deepStrictEqual([...(yield* count)], [[5]])
        // One more run is one more walk, also when it is done once more.
        yield* within(run(of, { archive: true }))
        yield* Effect.provide(
          Rebuild.run(of, { db }),
          Layer.provideMerge(Layer.provide(Host.layerTable({ db }), platform), platform)
        )
        assert.deepStrictEqual([...(yield* count)], [[10]])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})
