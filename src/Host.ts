/**
 * The stages composed over what a runtime gives: a file system, an SQLite driver, an `HttpClient`.
 *
 * `node.ts`, `bun.ts` and `deno.ts` provide exactly that and nothing else; an Effect program with layers of its own can
 * start here instead. Holds the lock of the database for as long as the layer lives.
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Path from "@effect/platform/Path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Api from "./Api.ts"
import * as FailPoint from "./FailPoint.ts"
import * as Fetch from "./Fetch.ts"
import * as Page from "./Page.ts"
import * as Row from "./Row.ts"
import * as Sync from "./Sync.ts"
import * as Table from "./Table.ts"
import * as DatabaseFile from "./Table/DatabaseFile.ts"
import type * as Driver from "./Table/Driver.ts"
import * as Lock from "./Table/Lock.ts"
import * as Owner from "./Table/Owner.ts"
import * as Process from "./Table/Process.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * What a runtime entry provides.
 *
 * @since 0.1.0
 * @category models
 */
export type Platform = Driver.Driver | FileSystem.FileSystem | Path.Path | HttpClient.HttpClient

/**
 * @since 0.1.0
 * @category models
 */
export interface DatabaseOptions {
  /** Path of the SQLite file, made if it is not there; `:memory:` for none. */
  readonly db: string
  /** Named to whoever finds the file locked; no secrets. */
  readonly command?: string | undefined
  /** Where the platform does not say it. */
  readonly pid?: number | undefined
  /** Told what is worth a word while the database is opened; a warning in the log unless given. */
  readonly notify?: ((text: string) => Effect.Effect<void>) | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends DatabaseOptions {
  readonly api: Api.Options
  /** In place of the one that asks the API. */
  readonly fetch?: Layer.Layer<Fetch.Fetch, never, Api.Api | HttpClient.HttpClient> | undefined
}

/**
 * The database opened for writing, by us alone, and stage Table on it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerTable = (
  options: DatabaseOptions
): Layer.Layer<Table.Table | SqlClient.SqlClient, TableError, Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Layer.scopedContext(
    Effect.gen(function* () {
      const { db } = options
      const sql = yield* DatabaseFile.open(db)
      const process = yield* Process.Process
      const now = yield* Clock.currentTimeMillis
      const holder: Lock.Holder = {
        pid: options.pid ?? process.pid,
        host: process.host,
        startedAt: new Date(now).toISOString(),
        command: options.command ?? "a program that embeds sluice"
      }
      const lockFile = yield* Lock.hold(db, holder)
      const table = yield* Table.make({ database: db }).pipe(Effect.provideService(SqlClient.SqlClient, sql))
      const owner = db === ":memory:" ? undefined : yield* Owner.hold(sql, db, { ...holder, lockFile })
      if (owner?.tookOver !== undefined) {
        yield* (options.notify ?? Effect.logWarning)(`took over the lock of ${owner.tookOver}`)
      }
      yield* FailPoint.at("lock")
      const stays = yield* DatabaseFile.stays(db)
      return Context.make(SqlClient.SqlClient, sql).pipe(
        Context.add(Table.Table, {
          ...table,
          begin: (run) => Effect.zipLeft(table.begin(run), owner?.note(run.run) ?? Effect.void),
          end: (receipt) => Effect.zipRight(table.end(receipt), stays),
          lost: owner?.lost
        })
      )
    })
  )

/**
 * Every stage between an API and a table; needs the two ends.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSync: Layer.Layer<Sync.Sync, never, Fetch.Fetch | Table.Table> = Sync.layer().pipe(
  Layer.provide(Layer.merge(Page.layer(), Row.layer()))
)

/**
 * The whole pipeline for one API into one database file.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options
): Layer.Layer<Sync.Sync | Fetch.Fetch | Table.Table | SqlClient.SqlClient, Api.ApiError | TableError, Platform> =>
  layerSync.pipe(
    Layer.provideMerge(
      Layer.merge((options.fetch ?? Fetch.layer).pipe(Layer.provide(Api.layer(options.api))), layerTable(options))
    )
  )
