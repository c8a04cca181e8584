import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { AutoDriver, Host, Resource, SinglePage, Source } from "sluice"
import { compare } from "sluice/testing"
import { run, serve } from "../Sync/support.ts"

const plain = [
  { id: 1, name: "a", tags: ["x", "y"] },
  { id: 2, name: "b", tags: [] },
  { id: 3, name: "a\u0000b", ratio: 0.1 }
]

const source = (given: Partial<Resource.Options> = {}) =>
  Source.make({
    name: "test",
    api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } },
    resources: [
      Resource.make({ name: "rows", path: "/rows", primaryKey: "id", paginator: SinglePage.make(), ...given })
    ]
  })

/** Syncs into a file, then looks after it. */
const made = (db: string, of: Source.Source, rows: ReadonlyArray<unknown>, ...statements: ReadonlyArray<string>) => {
  const served = serve(() => ({ body: rows.map((row) => ({ ...(row as object) })) }))
  const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer, served.layer)
  return Effect.gen(function* () {
    yield* run(of)
    const sql = yield* SqlClient.SqlClient
    for (const statement of statements) yield* sql.unsafe(statement)
  }).pipe(Effect.provide(Layer.provide(Host.layer({ db, api: of.api }), platform)))
}

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

describe("testing.compare", () => {
  it.scopedLive("two runs to the same rows are the same, in whatever order they came", () =>
    Effect.gen(function* () {
      const dir = yield* folder
      for (const writeDisposition of ["merge", "append", "replace"] as const) {
        const of = source({ writeDisposition })
        yield* made(`${dir}/a-${writeDisposition}.db`, of, plain)
        yield* made(`${dir}/b-${writeDisposition}.db`, of, plain.toReversed())
        assert.deepStrictEqual(yield* compare(`${dir}/a-${writeDisposition}.db`, `${dir}/b-${writeDisposition}.db`), [])
      }
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.scopedLive("one cell, one row, one copy of a row, one child row, a column, a table, a state that is left", () =>
    Effect.gen(function* () {
      const dir = yield* folder
      const of = source({ writeDisposition: "append", primaryKey: [] })
      yield* made(`${dir}/a.db`, of, plain)
      const changes = {
        cell: [`UPDATE rows SET name = 'c' WHERE id = 2`],
        null: [`UPDATE rows SET name = '' WHERE id = 2`, `UPDATE rows SET name = NULL WHERE id = 2`],
        nul: [`UPDATE rows SET name = 'a' || char(0) || 'c' WHERE id = 3`],
        last: [`UPDATE rows SET ratio = 0.1 + 1e-16 WHERE id = 3`],
        row: [`DELETE FROM rows WHERE id = 3`],
        child: [`UPDATE rows__tags SET value = 'z' WHERE _idx = 1`],
        moved: [`UPDATE rows__tags SET _parent__sluice_id = (SELECT _sluice_id FROM rows WHERE id = 3)`],
        column: [`ALTER TABLE rows ADD COLUMN more TEXT`],
        table: [`CREATE TABLE other (a TEXT)`],
        state: [`UPDATE _sluice_state SET checkpoint = '{"index":2,"runs":["x"]}'`],
        left: [`INSERT INTO _sluice_seen (source, resource, key, digest) VALUES ('test', 'rows', 'k', 1)`]
      }
      for (const [name, statements] of Object.entries(changes)) {
        yield* made(`${dir}/${name}.db`, of, plain, ...statements)
        assert.isAbove((yield* compare(`${dir}/a.db`, `${dir}/${name}.db`)).length, 0, name)
      }
      yield* made(`${dir}/twice.db`, of, [...plain, plain[1]])
      assert.deepStrictEqual(
        (yield* compare(`${dir}/a.db`, `${dir}/twice.db`)).map(({ only, table, times }) => ({ only, table, times })),
        [{ only: "second", table: "rows", times: 1 }]
      )
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.scopedLive("which run brought a row and when says nothing, but whether a version is in force", () =>
    Effect.gen(function* () {
      const dir = yield* folder
      const of = source({ writeDisposition: { disposition: "merge", strategy: "scd2" } })
      yield* made(`${dir}/a.db`, of, plain)
      yield* made(`${dir}/b.db`, of, plain, `UPDATE rows SET _sluice_run = 'x', _sluice_valid_from = '2001'`)
      assert.deepStrictEqual(yield* compare(`${dir}/a.db`, `${dir}/b.db`), [])
      yield* made(`${dir}/c.db`, of, plain, `UPDATE rows SET _sluice_valid_to = '2001' WHERE id = 1`)
      const [first] = yield* compare(`${dir}/a.db`, `${dir}/c.db`)
      assert.include(first?.what, "_sluice_valid_to=NULL")
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})
