/** A database file that is synced with its answers kept, rebuilt without a network, and compared with what it was. */
import { FileSystem } from "@effect/platform"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as SqlClient from "@effect/sql/SqlClient"
import { Effect, Either, Layer, type Scope } from "effect"
import {
  Api,
  AutoDriver,
  Fetch,
  Host,
  Rebuild,
  type RebuildError,
  type Resource,
  Source,
  Sync,
  type SyncError,
  type TableError
} from "sluice"
import { type Served, serve } from "../Sync/support.ts"

export const services = Layer.mergeAll(AutoDriver.layer, NodeFileSystem.layer, NodePath.layer)

export const source = (...resources: ReadonlyArray<Resource.Resource>) =>
  Source.make({ name: "test", api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } }, resources })

/** What bodies of tests may need. */
export type Services = Layer.Layer.Success<typeof services> | Scope.Scope

/** A file in a folder of its own, gone with the test. */
export const file = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  return `${yield* fs.makeTempDirectoryScoped({ prefix: "sluice-" })}/test.db`
})

const stages = (db: string, of: Source.Source, served: Served) =>
  Host.layerSync.pipe(
    Layer.provideMerge(Host.layerTable({ db })),
    Layer.provideMerge(Fetch.layer),
    Layer.provide(Layer.merge(served.layer, Api.layer(of.api)))
  )

/** A run that keeps its answers, unless told otherwise. */
export const sync = (db: string, of: Source.Source, served: Served, options: Sync.Options = {}) =>
  Effect.flatMap(Sync.Sync, (stage) => stage.run(of, { archive: true, ...options })).pipe(
    Effect.provide(stages(db, of, served))
  )

/** As if the process had been killed with its `requests`-th request under way. */
export const killed = (
  db: string,
  of: Source.Source,
  answer: Parameters<typeof serve>[0],
  requests: number,
  options: Sync.Options = {}
) => {
  let asked = 0
  let kill = () => {}
  const gate = new Promise<void>((done) => {
    kill = done
  })
  const served = serve((request) => {
    asked++
    if (asked >= requests) kill()
    return answer(request)
  })
  const run = Effect.raceFirst(
    sync(db, of, served, options),
    Effect.promise(() => gate).pipe(Effect.zipRight(Effect.yieldNow()), Effect.zipRight(Effect.interrupt))
  )
  return Effect.exit(run).pipe(
    Effect.zipRight(
      query(
        db,
        "UPDATE _sluice_resources SET status = 'running' WHERE status = 'interrupted'",
        "UPDATE _sluice_runs SET status = 'running' WHERE status = 'interrupted'"
      )
    )
  )
}

/** Needs no `HttpClient`, and is given none; the runtime's own would be the end of the test. */
export const rebuild = (db: string, of: Source.Source, ...resources: ReadonlyArray<string>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const fetch = globalThis.fetch
      globalThis.fetch = () => {
        throw new Error("a rebuild sent a request")
      }
      return fetch
    }),
    () => Rebuild.run(of, { db, resources }).pipe(Effect.provide(Host.layerTable({ db }))),
    (fetch) => Effect.sync(() => void (globalThis.fetch = fetch))
  )

/** What it refuses with. */
export const refused = (db: string, of: Source.Source, ...resources: ReadonlyArray<string>) =>
  Effect.map(Effect.either(rebuild(db, of, ...resources)), (done): RebuildError | SyncError | TableError => {
    if (Either.isRight(done)) throw new Error("it was rebuilt")
    return done.left
  })

export const query = (db: string, ...statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.map(
      Effect.forEach(statements, (statement) => sql.unsafe(statement).values),
      (all) => (all.at(-1) ?? []).map((row) => [...row])
    )
  ).pipe(Effect.provide(Host.layerTable({ db })))

/** Every table but the archive and the receipts, with every column but the moments at which books were written. */
export const dump = (db: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const tables = yield* sql.unsafe<{ name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`
    )
    const all: Record<string, unknown> = {}
    for (const { name, sql: text } of tables) {
      if (aside.test(name)) continue
      const rows = yield* sql.unsafe<Record<string, unknown>>(`SELECT * FROM "${name}"`)
      const isBook = name.startsWith("_sluice_") && !name.startsWith("_sluice_next_")
      const kept = rows.map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([column]) => !isBook || !moments.has(column))
            // Whether a parent that waits was tried before the run was killed makes no difference to any later one.
            .map(([column, value]) => [
              column,
              name === "_sluice_parents" && value === "failed"
                ? "pending"
                : column === "checkpoint" && typeof value === "string"
                  ? value.replaceAll(/"at":"[^"]*"/g, "")
                  : value
            ])
            .map(([column, value]) => [column, column === "checkpoint" ? timeless(value) : value])
        )
      )
      const lines = kept.map((row) =>
        JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}n` : value))
      )
      all[name] = isBook ? lines.toSorted() : [text, ...lines]
    }
    return all
  }).pipe(Effect.provide(Host.layerTable({ db })))

const aside = /^_sluice_(?:archive|archive_log|runs|resources|meta|lock)$/

/** The time of its last page stands in a checkpoint, too. */
const timeless = (checkpoint: unknown) =>
  typeof checkpoint === "string" ? checkpoint.replace(/"at":"[^"]*",?/, "") : checkpoint

const moments = new Set(["updated_at", "created_at", "id"])
