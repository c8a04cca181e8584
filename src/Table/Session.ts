/**
 * One resource within one run: what its tables are, and the transaction each of its pages is.
 *
 * Stage Table. Everything a page leaves behind is written here, on one connection between BEGIN and COMMIT: tables grown,
 * rows, child rows, rejects, counts, checkpoint. Never waits for anything but the database in between.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Sink from "effect/Sink"
import type * as Row from "../Row.ts"
import * as Json from "../Fetch/Json.ts"
import type { State } from "../Row/Cursor.ts"
import { ofText } from "../Row/Hash.ts"
import type * as Key from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import type { Checkpoint, Merge, Merged, Opening, Session } from "../Table.ts"
import * as Bookkeeping from "./Bookkeeping.ts"
import { evolve, quote } from "./Ddl.ts"
import * as Merger from "./Merge.ts"
import * as Parents from "./Parents.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const open = (
  sql: SqlClient.SqlClient,
  file: string,
  opening: Opening
): Effect.Effect<Session, TableError.TableError> =>
  Effect.gen(function* () {
    const context = { file, resource: opening.resource }
    const transact = <A>(
      use: (connection: Connection, now: string) => Effect.Effect<A, SqlError | TableError.TableError>
    ) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Transaction.immediate(sql, (connection) => use(connection, new Date(now).toISOString()), context)
      )
    const saved = yield* transact((connection, now) => load(connection, opening, now))
    // What the database holds; moves on only after a commit.
    let shape = saved.shape
    let prepared: Merger.Prepared | undefined

    const grow = (connection: Connection, now: string, batch: Row.Batch) =>
      Effect.gen(function* () {
        if (batch.key === undefined) return undefined
        if (prepared !== undefined && prepared.shape === batch.shape) return prepared
        if (batch.shape !== shape) yield* alter(connection, opening, shape, batch.shape, batch.key, now)
        return Merger.prepare(batch.shape, batch.key)
      })
    const settle = (ready: Merger.Prepared | undefined) => {
      if (ready === undefined) return
      prepared = ready
      shape = ready.shape
    }

    let conflicted = false
    const merge = (page: Merge) =>
      transact((connection, now) =>
        Effect.gen(function* () {
          const ready = yield* grow(connection, now, page.batch)
          const seen = page.batch.key?.inferred === true ? opening : undefined
          const plan =
            ready === undefined
              ? undefined
              : yield* Merger.merge(connection, ready, page.batch.rows, { run: opening.run, seen })
          if (plan?.conflict !== undefined) {
            conflicted = true
            return yield* new TableError.TableError({
              reason: "Constraint",
              ...context,
              detail:
                `two different rows share ${page.batch.key!.fields.join(", ")} = ${plan.conflict}, which was inferred as the key; ` +
                "declare the primary_key of this resource. The page was rolled back; the next run starts over"
            })
          }
          const rejects = [
            ...page.batch.rejects.map((reject) => ({ resource: opening.resource, ...reject })),
            ...(page.queue ?? []).flatMap((queued) =>
              queued.rejects.map((reject) => ({ resource: queued.resource, ...reject }))
            )
          ]
          for (const { path, raw, reason, resource } of rejects) {
            yield* connection.executeRaw(Bookkeeping.saveReject, [
              opening.source,
              resource,
              opening.run,
              page.index,
              path,
              reason,
              raw,
              ofText(raw),
              now
            ])
          }
          const merged: Merged = {
            inserted: plan?.inserted ?? 0,
            updated: plan?.updated ?? 0,
            unchanged: plan?.unchanged ?? 0,
            rejected: page.batch.rejects.length,
            deleted: 0,
            dropped: 0
          }
          yield* keepBooks(connection, opening, page, merged, now)
          return { merged, ready }
        })
      ).pipe(
        // Gone on from its checkpoint, the walk would meet the same two rows for ever, even once the API has mended them.
        Effect.tapError(() =>
          conflicted ? transact((connection, now) => forget(connection, opening, now)) : Effect.void
        ),
        Effect.map(({ merged, ready }) => {
          settle(ready)
          return merged
        }),
        Effect.tap((merged) => page.done?.(merged) ?? Effect.void),
        // A page is either whole or absent, also when the program is told to stop.
        Effect.uninterruptible,
        Effect.withSpan("Table.merge", {
          captureStackTrace: false,
          attributes: { "sluice.resource": opening.resource, "sluice.page": page.index, "sluice.rows": page.fetched }
        })
      )

    return {
      saved: { shape: saved.shape, key: saved.key },
      checkpoint: saved.checkpoint,
      cursor: saved.cursor,
      parents: Parents.make(sql, file, opening),
      restart: transact((connection, now) => forget(connection, opening, now, unfinished(saved))),
      declare: (batch) =>
        Effect.map(
          transact((connection, now) => grow(connection, now, batch)),
          settle
        ),
      merge,
      complete: Effect.succeed({ inserted: 0, updated: 0, unchanged: 0, deleted: 0, dropped: 0 }),
      stored: count(sql, opening.table).pipe(TableError.refail(context)),
      sink: Sink.forEach(merge)
    }
  })

// --- internal ---

const count = (sql: SqlClient.SqlClient, table: string): Effect.Effect<number, SqlError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      Effect.map(connection.executeValues(`SELECT count(*) FROM ${quote(table)}`, []), ([row]) => Number(row?.[0]))
    )
  )

const load = (connection: Connection, opening: Opening, now: string) =>
  Effect.gen(function* () {
    yield* connection.executeRaw(
      `INSERT OR IGNORE INTO "_sluice_resources" ("run", "resource", "table_name", "status", "updated_at") VALUES (?, ?, ?, 'running', ?)`,
      [opening.run, opening.resource, opening.table, now]
    )
    const at = [opening.source, opening.resource]
    const shapes = yield* connection.executeValues(
      `SELECT "shape" FROM "_sluice_schema" WHERE "source" = ? AND "resource" = ? ORDER BY "version" DESC LIMIT 1`,
      at
    )
    const states = yield* connection.executeValues(
      `SELECT "primary_key", "primary_key_inferred", "checkpoint", "cursor" FROM "_sluice_state" WHERE "source" = ? AND "resource" = ?`,
      at
    )
    const [fields, inferred, checkpoint, cursor] = states[0] ?? [null, 0, null, null]
    const parse = <A>(text: unknown) =>
      typeof text === "string" ? (Either.getOrThrow(Json.parse(text)) as A) : undefined
    const names = parse<ReadonlyArray<string>>(fields)
    const shape = parse<Shape.Shape>(shapes[0]?.[0])
    // Under another table_name the resource starts anew: neither shape nor key of the old table bind it.
    const same = shape !== undefined && shape.tables[0]!.name === opening.table
    const saved = {
      shape: same ? shape : undefined,
      key: same && names !== undefined ? ({ fields: names, inferred: inferred === 1 } satisfies Key.Pinned) : undefined,
      checkpoint: parse<Checkpoint>(checkpoint),
      cursor: parse<State>(cursor)
    }
    if (!opening.fresh && saved.checkpoint !== undefined) return saved
    yield* forget(connection, opening, now, unfinished(saved))
    if (opening.fresh) {
      yield* Parents.clear(connection, opening)
      yield* connection.executeRaw(
        `UPDATE "_sluice_state" SET "cursor" = NULL WHERE "source" = ? AND "resource" = ?`,
        at
      )
    }
    return { ...saved, checkpoint: undefined, cursor: opening.fresh ? undefined : saved.cursor }
  })

/** What a walk that starts over must take out again, since nothing tells its rows from those to come: rows without a key. */
const unfinished = (saved: {
  readonly shape: Shape.Shape | undefined
  readonly key: Key.Pinned | undefined
  readonly checkpoint: Checkpoint | undefined
}): Unfinished | undefined => {
  const { checkpoint, key, shape } = saved
  return checkpoint === undefined || shape === undefined || key === undefined || key.fields.length > 0
    ? undefined
    : { table: shape.tables[0]!.name, runs: checkpoint.runs }
}

interface Unfinished {
  readonly table: string
  readonly runs: ReadonlyArray<string>
}

const forget = (connection: Connection, opening: Opening, now: string, walk?: Unfinished) =>
  Effect.gen(function* () {
    if (walk !== undefined) {
      yield* connection.executeRaw(
        `DELETE FROM ${quote(walk.table)} WHERE "_sluice_run" IN (SELECT "value" FROM json_each(?))`,
        [JSON.stringify(walk.runs)]
      )
    }
    yield* connection.executeRaw(
      `UPDATE "_sluice_state" SET "checkpoint" = NULL, "updated_at" = ? WHERE "source" = ? AND "resource" = ?`,
      [now, opening.source, opening.resource]
    )
    yield* connection.executeRaw(`DELETE FROM "_sluice_seen" WHERE "source" = ? AND "resource" = ?`, [
      opening.source,
      opening.resource
    ])
  })

const alter = (
  connection: Connection,
  opening: Opening,
  before: Shape.Shape | undefined,
  after: Shape.Shape,
  key: Key.Key,
  now: string
) =>
  Effect.gen(function* () {
    const made = new Set(before?.tables.map(({ name }) => name))
    for (const { name } of after.tables) {
      if (made.has(name)) continue
      const foreign = yield* connection.executeValues(`SELECT type FROM sqlite_master WHERE lower(name) = lower(?)`, [
        name
      ])
      if (foreign[0] !== undefined) {
        return yield* new TableError.TableError({
          reason: "Schema",
          resource: opening.resource,
          detail: `a ${foreign[0][0]} named ${name} is there already and is not this resource's; choose another table_name or file`
        })
      }
    }
    for (const statement of evolve(before, after, key)) {
      yield* connection.executeRaw(statement, []).pipe(
        TableError.refail({
          resource: opening.resource,
          otherwise: "Schema",
          doing: statement.split("\n")[0]!.slice(0, 120)
        })
      )
    }
    yield* connection.executeRaw(
      `INSERT INTO "_sluice_schema" ("source", "resource", "version", "shape", "run", "created_at")
        SELECT ?, ?, coalesce(max("version"), 0) + 1, ?, ?, ? FROM "_sluice_schema" WHERE "source" = ? AND "resource" = ?`,
      [opening.source, opening.resource, JSON.stringify(after), opening.run, now, opening.source, opening.resource]
    )
  })

const keepBooks = (connection: Connection, opening: Opening, page: Merge, merged: Merged, now: string) =>
  Effect.gen(function* () {
    const { checkpoint, fetched, retries, total } = page
    const key = page.batch.key
    const fields = key === undefined ? null : JSON.stringify(key.fields)
    const inferred = key?.inferred === true ? 1 : 0
    yield* connection.executeRaw(Bookkeeping.countPage, [
      1,
      retries,
      fetched,
      merged.inserted,
      merged.updated,
      merged.unchanged,
      merged.rejected,
      total ?? null,
      fields ?? "[]",
      inferred,
      now,
      opening.run,
      opening.resource
    ])
    yield* connection.executeRaw(Bookkeeping.saveState, [
      opening.source,
      opening.resource,
      fields,
      inferred,
      checkpoint === undefined ? null : Json.stringify(checkpoint),
      opening.run,
      now,
      page.cursor === undefined ? null : Json.stringify(page.cursor)
    ])
    if (page.queue !== undefined) yield* Parents.enqueue(connection, opening, page.queue, now)
    if (page.parent !== undefined) yield* Parents.stand(connection, opening, page.parent, now)
    if (checkpoint === undefined && inferred === 1) {
      yield* connection.executeRaw(`DELETE FROM "_sluice_seen" WHERE "source" = ? AND "resource" = ?`, [
        opening.source,
        opening.resource
      ])
    }
  })
