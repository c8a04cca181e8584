/**
 * An archive and what is made anew of it, on one driver: answers as bytes, tables exchanged with those of another file.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { HttpClient } from "@effect/platform"
import { Api, Fetch, Host, Offset, Rebuild, Resource, Source, Sync } from "sluice"
import { api, page } from "sluice/testing"
import type { Driver } from "../../src/Table/Driver.ts"
import type { TableError } from "../../src/Table/TableError.ts"
import { databases } from "./Databases.ts"

const things = (options: Partial<Resource.Options> = {}) =>
  Source.make({
    name: "test",
    api: { baseUrl: "https://api.test" },
    resources: [
      Resource.make({
        name: "things",
        path: "/things",
        selector: "items",
        primaryKey: "id",
        paginator: Offset.make({ limit: 2, totalPath: "total" }),
        ...options
      })
    ]
  })

const rows = [1, 2, 3].map((id) => ({ id, name: `thing ${id}`, at: "2026-01-02", tags: ["a", "b"] }))

/** A run of a scripted API that keeps its answers; another source's table beside it. */
const synced = (db: string, of: Source.Source) =>
  Effect.flatMap(Sync.Sync, (sync) => sync.run(of, { archive: true })).pipe(
    Effect.provide(
      Host.layerSync.pipe(
        Layer.provideMerge(Host.layerTable({ db })),
        Layer.provide(Fetch.layer),
        Layer.provide(
          Layer.merge(
            Api.layer(of.api),
            Layer.unwrapEffect(
              Effect.sync(
                (): Layer.Layer<HttpClient.HttpClient> =>
                  api(
                    [0, 2].map((from) =>
                      page(rows.slice(from, from + 2), { field: "items", total: 3, totalField: "total" })
                    )
                  ).layer
              )
            )
          )
        )
      )
    )
  )

/** `absent`: why there is no such driver on this runtime; its tests are then shown as skipped, with the reason. */
export const suite = (name: string, driver: Layer.Layer<Driver, TableError>, absent?: string): void => {
  const { using } = databases(driver)
  const rebuilt = (db: string, of: Source.Source) =>
    Effect.gen(function* () {
      const report = yield* Effect.exit(Rebuild.run(of, { db }))
      // Off while the tables are exchanged, and in force again, whatever came of it.
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`PRAGMA foreign_keys`.values, [[1]])
      return yield* report
    }).pipe(Effect.provide(Host.layerTable({ db })))
  describe.skipIf(absent !== undefined)(
    `the archive over ${name}${absent === undefined ? "" : `, not here: ${absent}`}`,
    () => {
      it.scopedLive(
        "gives the same tables again, and others for another configuration",
        using(({ directory, sql }) =>
          Effect.gen(function* () {
            const db = `${directory}/things.db`
            yield* synced(db, things())
            yield* sql.unsafe(`ATTACH DATABASE '${db}' AS "made"`)
            const all = sql.unsafe<Record<string, unknown>>("SELECT * FROM made.things ORDER BY id")
            const before = yield* all
            assert.lengthOf(before, 3)
            assert.deepInclude(yield* rebuilt(db, things()), { runs: 1, pages: 2 })
            assert.deepStrictEqual(yield* all, before)
            yield* rebuilt(db, things({ maxTableNesting: 0 }))
            // A statement of its own: a runtime may remember which columns `*` was.
            const [first] = yield* sql.unsafe<{ readonly tags: string }>("SELECT tags FROM made.things ORDER BY id")
            assert.strictEqual(first?.tags, '["a","b"]')
            assert.lengthOf(yield* sql`SELECT 1 FROM made.sqlite_master WHERE name = 'things__tags'`, 0)
          })
        )
      )

      it.scopedLive(
        "leaves what is somebody else's, and names what cannot be kept",
        using(({ directory, sql }) =>
          Effect.gen(function* () {
            const db = `${directory}/things.db`
            yield* synced(db, things())
            yield* sql.unsafe(`ATTACH DATABASE '${db}' AS "made"`)
            for (const statement of [
              "CREATE TABLE made.own (id INTEGER PRIMARY KEY, thing INTEGER REFERENCES things (id) ON DELETE CASCADE)",
              "INSERT INTO made.own VALUES (7, 1)",
              "CREATE VIEW made.named AS SELECT id, name FROM things",
              "CREATE INDEX made.by_name ON things (name)",
              "CREATE INDEX made.by_at ON things (at)",
              "CREATE TRIGGER made.noted AFTER INSERT ON things BEGIN INSERT INTO own (thing) VALUES (new.id); END"
            ])
              yield* sql.unsafe(statement)
            const report = yield* rebuilt(db, things({ processing: [{ map: { drop: ["at"] } }] }))
            assert.lengthOf(report.notices, 1)
            assert.match(report.notices[0]!, /^the index by_at on things could not be made again: /)
            assert.deepStrictEqual(yield* sql.unsafe("SELECT id, thing FROM made.own").values, [[7, 1]])
            assert.lengthOf(yield* sql.unsafe("SELECT * FROM made.named"), 3)
            const kept = yield* sql.unsafe(
              "SELECT name FROM made.sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
            ).values
            const names = kept.flat().filter((object) => !String(object).startsWith("_sluice_"))
            assert.deepStrictEqual(names.toSorted(), ["by_name", "noted"])
            const error = yield* Effect.flip(rebuilt(db, things({ table: "own" })))
            assert.match(error.message, /the table own is somebody else's/)
            assert.lengthOf(yield* sql.unsafe("SELECT * FROM made.things"), 3)
          })
        )
      )
    }
  )
}
