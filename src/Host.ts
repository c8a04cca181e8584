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
  readonly pid?: number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends DatabaseOptions {
  readonly api: Api.Options
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
  Layer.effect(
    Table.Table,
    Effect.gen(function* () {
      const table = yield* Table.make({ database: options.db })
      const stays = yield* DatabaseFile.stays(options.db)
      return { ...table, end: (receipt) => Effect.zipRight(table.end(receipt), stays) }
    })
  ).pipe(
    Layer.provideMerge(
      Layer.scoped(
        SqlClient.SqlClient,
        Effect.gen(function* () {
          const sql = yield* DatabaseFile.open(options.db)
          const now = yield* Clock.currentTimeMillis
          yield* Lock.hold(options.db, {
            pid: options.pid,
            startedAt: new Date(now).toISOString(),
            command: options.command ?? "a program that embeds sluice"
          })
          yield* FailPoint.at("lock")
          return sql
        })
      )
    )
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
    Layer.provideMerge(Layer.merge(Fetch.layer.pipe(Layer.provide(Api.layer(options.api))), layerTable(options)))
  )
