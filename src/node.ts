/**
 * sluice on Node: the platform every stage needs, and the whole pipeline as one Layer.
 *
 * SQLite is better-sqlite3 through @effect/sql-sqlite-node; where that cannot be loaded, the runtime's own node:sqlite (Node 22.16 and later).
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Layer from "effect/Layer"
import type * as Api from "./Api.ts"
import type * as Fetch from "./Fetch.ts"
import * as Host from "./Host.ts"
import type * as Sync from "./Sync.ts"
import type * as Table from "./Table.ts"
import * as AutoDriver from "./Table/AutoDriver.ts"
import * as Process from "./Table/Process.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * File system, paths, SQLite driver and HTTP client of Node.
 *
 * @since 0.1.0
 * @category layers
 */
export const platform: Layer.Layer<Host.Platform, TableError> = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  FetchHttpClient.layer,
  Process.layer,
  AutoDriver.layer
)

/**
 * The pipeline for one API into one database file.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Host.Options
): Layer.Layer<Sync.Sync | Fetch.Fetch | Table.Table, Api.ApiError | TableError> =>
  Host.layer(options).pipe(Layer.provide(platform))
