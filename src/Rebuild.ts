/**
 * A source's tables made anew from the answers that were kept, without a request: after another schema, key or step.
 *
 * Does every archived run once more, in order, into a database beside, and puts the tables in place in one transaction: killed
 * at any moment, it leaves the old ones or the new ones. Comes to nothing, and says why, where the archive has a hole or the
 * configuration asks what was never asked.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { RebuildError } from "./Rebuild/RebuildError.ts"
import * as Align from "./Rebuild/Align.ts"
import * as Check from "./Rebuild/Check.ts"
import * as History from "./Rebuild/History.ts"
import * as Replay from "./Rebuild/Replay.ts"
import type { Source } from "./Source.ts"
import type * as Sync from "./Sync.ts"
import type { SyncError } from "./Sync/SyncError.ts"
import * as Table from "./Table.ts"
import * as DatabaseFile from "./Table/DatabaseFile.ts"
import type * as Driver from "./Table/Driver.ts"
import * as Swap from "./Table/Swap.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The database file that the `SqlClient` has open. */
  readonly db: string
  /** Names of the resources to rebuild; all that were read when absent or empty. */
  readonly resources?: ReadonlyArray<string> | undefined
  readonly onProgress?: Sync.Options["onProgress"]
}

/**
 * What was done.
 *
 * @since 0.1.0
 * @category models
 */
export interface Report {
  readonly source: string
  readonly db: string
  readonly runs: number
  readonly pages: number
  readonly resources: ReadonlyArray<Rebuilt>
  readonly notices: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Rebuilt {
  readonly name: string
  readonly table: string
  readonly pages: number
  readonly rows: { readonly before: number | null; readonly after: number | null }
}

/**
 * Needs the database opened for writing, by nobody else: `Host.layerTable`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  source: Source,
  options: Options
): Effect.Effect<
  Report,
  RebuildError | SyncError | TableError,
  SqlClient.SqlClient | Table.Table | Driver.Driver | FileSystem.FileSystem | Path.Path
> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* Table.Table
    const history = yield* History.read(sql, source.name)
    const plan = yield* Check.plan(source, history, options.resources ?? [])
    const fresh = yield* beside(`${options.db}-rebuild`)
    const table = yield* Table.make({ database: options.db }).pipe(Effect.provideService(SqlClient.SqlClient, fresh))
    let runs = 0
    for (const event of history.events) {
      if (event._tag === "Reset") {
        yield* Align.reset(fresh, plan.source, event)
        continue
      }
      if (!Check.takes(plan, event)) continue
      const kept = yield* History.entries(sql, source.name, event.run)
      const entries = kept.filter(({ resource }) => plan.taken.has(resource))
      yield* Check.masks(plan.source, entries)
      yield* Align.run(fresh, plan.source, { resources: event.resources, entries })
      const replayed = yield* Replay.run(plan.source, {
        archive: sql,
        table,
        event,
        entries,
        lines: history.lines.filter(({ resource }) => plan.taken.has(resource)),
        onProgress: options.onProgress
      })
      runs++
      if (replayed.problem !== undefined) {
        const { detail, reason } = replayed.problem
        const hint = reason === "NotAsked" ? "; rebuild re-decodes what was read, it cannot ask again: sync can" : ""
        return yield* new RebuildError({ reason, source: source.name, detail: `run ${event.run}, ${detail}${hint}` })
      }
    }
    const swapped = yield* Swap.swap(sql, { from: fresh, source: source.name, resources: plan.names })
    const pagesOf = (name: string) =>
      history.lines.reduce((sum, { kept, resource }) => (resource === name ? sum + kept : sum), 0)
    return {
      source: source.name,
      db: options.db,
      runs,
      pages: plan.names.reduce((sum, name) => sum + pagesOf(name), 0),
      resources: swapped.resources.map(({ after, before, resource, table }) => ({
        name: resource,
        table,
        pages: pagesOf(resource),
        rows: { before: before ?? null, after: after ?? null }
      })),
      notices: [...plan.notices, ...swapped.notices]
    }
  }).pipe(
    Effect.scoped,
    Effect.withSpan("Rebuild.run", { attributes: { "sluice.source": source.name }, captureStackTrace: false })
  )

// --- internal ---

/** An empty database; what an earlier rebuild left there when it was killed goes first. */
const beside = (
  file: string
): Effect.Effect<SqlClient.SqlClient, TableError, Scope.Scope | Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const remove = Effect.forEach(
      ["", "-wal", "-shm"],
      (ending) => Effect.ignore(fs.remove(file + ending, { force: true })),
      { discard: true }
    )
    yield* remove
    yield* Effect.addFinalizer(() => remove)
    return yield* DatabaseFile.open(file)
  })
