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
import type * as Row from "../Row.ts"
import * as Json from "../Fetch/Json.ts"
import type { State } from "../Row/Cursor.ts"
import type * as Key from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import type { Checkpoint, Merge, Merged, Opening, Session } from "../Table.ts"
import * as Appended from "./Appended.ts"
import * as Archive from "./Archive.ts"
import * as Bookkeeping from "./Bookkeeping.ts"
import { quote } from "./Ddl.ts"
import * as Deletes from "./Deletes.ts"
import * as Grow from "./Grow.ts"
import * as Layout from "./Layout.ts"
import * as Parents from "./Parents.ts"
import * as Renamed from "./Renamed.ts"
import * as Rejects from "./Rejects.ts"
import * as Access from "./Rejects/Access.ts"
import * as Identity from "./Rejects/Identity.ts"
import * as Replace from "./Replace.ts"
import * as Seen from "./Seen.ts"
import * as TableError from "./TableError.ts"
import * as Transaction from "./Transaction.ts"
import * as Writer from "./Writer.ts"

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
      transaction: Transaction.Context["transaction"],
      use: (connection: Connection, now: string) => Effect.Effect<A, SqlError | TableError.TableError>
    ) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Transaction.immediate(sql, (connection) => use(connection, new Date(now).toISOString()), {
          ...context,
          transaction
        })
      )
    const saved = yield* transact("open", (connection, now) => load(connection, opening, now))
    // What the database holds; moves on only after a commit.
    let shape = saved.shape
    let prepared: Writer.Ready | undefined
    // Nothing is looked for in a quarantine that is empty.
    let quarantine = saved.quarantine
    let runs = [...(saved.checkpoint?.runs ?? []), opening.run]

    const grow = (connection: Connection, now: string, batch: Row.Batch) =>
      Effect.gen(function* () {
        if (batch.key === undefined) return undefined
        if (prepared !== undefined && prepared.shape === batch.shape) return prepared
        const { marks } = saved
        const change = {
          before: shape,
          after: batch.shape,
          key: batch.key,
          marks,
          isFirst: prepared === undefined,
          now
        }
        yield* Grow.alter(connection, opening, change)
        return Writer.prepare(opening.write, batch.shape, batch.key, marks.wanted)
      })
    const settle = (ready: Writer.Ready | undefined) => {
      if (ready === undefined) return
      prepared = ready
      shape = ready.shape
    }

    let conflicted = false
    const merge = (page: Merge) =>
      transact("page", (connection, now) =>
        Effect.gen(function* () {
          const ready = yield* grow(connection, now, page.batch)
          const before = page.parent === undefined ? undefined : yield* Appended.last(connection, opening, ready)
          const { replay } = page
          const rows = yield* Identity.newest(connection, ready, page)
          const walk = { runs: replay === undefined ? runs : [replay.run, opening.run], now }
          const plan = ready === undefined ? undefined : yield* Writer.merge(connection, opening, ready, rows, walk)
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
          if (ready !== undefined && replay === undefined) yield* Writer.remember(connection, opening, ready, page)
          const refused = yield* Rejects.page(connection, opening, page, { runs, now, rows, known: quarantine })
          const merged: Merged = {
            inserted: plan?.inserted ?? 0,
            updated: plan?.updated ?? 0,
            unchanged: plan?.unchanged ?? 0,
            rejected: page.batch.rejects.length,
            deleted: plan?.deleted ?? 0,
            dropped: plan?.dropped ?? 0
          }
          const books: Merge = { ...page, ...page.ends?.(merged) }
          yield* keepBooks(connection, opening, books, merged, now)
          if (books.parent !== undefined && books.unnoted !== true) {
            yield* Appended.note(connection, opening, books.parent, { ready, before })
          }
          if (page.archive !== undefined) yield* Archive.save(connection, opening, page.archive, now)
          const over = refused.over + page.batch.rows.length - rows.length
          return { merged, ready, refused: { open: refused.open, over } }
        })
      ).pipe(
        // Gone on from its checkpoint, the walk would meet the same two rows for ever, even once the API has mended them.
        Effect.tapError(() =>
          conflicted
            ? transact("restart", (connection, now) => forget(connection, opening, now, { shape }))
            : Effect.void
        ),
        Effect.map(({ merged, ready, refused }) => {
          settle(ready)
          quarantine = { ...quarantine, open: quarantine.open + refused.open, over: quarantine.over + refused.over }
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

    const complete: Session["complete"] = ({ closes = false, proven = false } = {}) =>
      transact("complete", (connection, now) =>
        Effect.gen(function* () {
          const ready = prepared ?? known(opening, shape, saved)
          const done = yield* Writer.complete(connection, opening, ready, { runs, now })
          const { deleted, inserted, unchanged, updated } = done
          yield* connection.executeRaw(Bookkeeping.countEnd, [
            inserted,
            updated,
            unchanged,
            deleted,
            now,
            opening.run,
            opening.resource
          ])
          if (closes) yield* Parents.close(connection, opening, now)
          // Asked for from a cursor on, a row that was refused does not come again. Where absent rows are taken away, it goes too.
          const isWhole = (proven || takesAway(opening)) && saved.cursor === undefined && opening.passes !== true
          const over = isWhole ? yield* Rejects.whole(connection, opening, runs) : 0
          quarantine = { ...quarantine, over: quarantine.over + over }
          if (opening.archive === true) yield* Archive.mark(connection, opening, "end", now)
          return done
        })
      ).pipe(
        Effect.uninterruptible,
        Effect.withSpan("Table.complete", {
          captureStackTrace: false,
          attributes: { "sluice.resource": opening.resource }
        })
      )

    const taken = (connection: Connection, parent?: string) =>
      Appended.takeBack(connection, { ...opening, table: shape?.tables[0]?.name }, parent)
    const restart = (child?: { readonly keeps: boolean }) =>
      Effect.suspend(() => {
        runs = [opening.run]
        return transact("restart", (connection, now) =>
          Effect.gen(function* () {
            const walk = child?.keeps === true ? undefined : unfinished(opening, saved)
            yield* forget(connection, opening, now, { shape, walk })
            if (child !== undefined) {
              yield* taken(connection)
              yield* Parents.reset(connection, opening, now)
            }
            yield* note(connection, opening, false)
            if (opening.archive === true) yield* Archive.mark(connection, opening, "restart", now)
          })
        )
      })

    return {
      saved: { shape: saved.shape, key: saved.key, evolving: saved.evolving },
      checkpoint: saved.checkpoint,
      cursor: saved.cursor,
      parents: Parents.make(sql, file, opening),
      restart: restart(),
      restartChild: restart,
      takeBack: (parent) =>
        transact("restart", (connection, now) =>
          Effect.zipRight(taken(connection, parent), Parents.restart(connection, opening, parent, now))
        ),
      renamed: (brought) => transact("queue", (connection, now) => Renamed.settle(connection, opening, brought, now)),
      resumed: transact("resume", (connection) => note(connection, opening, true)),
      declare: (batch) =>
        Effect.map(
          transact("declare", (connection, now) => grow(connection, now, batch)),
          settle
        ),
      merge,
      rejects: Access.make(sql, opening, file, { waits: saved.waits, over: () => quarantine.over }),
      complete,
      stored: Effect.suspend(() => count(sql, opening, prepared ?? known(opening, shape, saved))).pipe(
        TableError.refail(context)
      )
    }
  })

// --- internal ---

/** The tables as an earlier run left them, where this one has brought no row. */
const known = (
  opening: Opening,
  shape: Shape.Shape | undefined,
  { key, marks }: { readonly key: Key.Pinned | undefined; readonly marks: Deletes.Marks }
): Writer.Ready | undefined => {
  if (shape === undefined || key === undefined) return undefined
  const columns = key.fields.length === 0 ? [] : Layout.find(shape, key.fields)
  return columns === undefined ? undefined : Writer.prepare(opening.write, shape, { ...key, columns }, marks.there)
}

const count = (
  sql: SqlClient.SqlClient,
  opening: Opening,
  ready: Writer.Ready | undefined
): Effect.Effect<number, SqlError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      ready === undefined ? Effect.succeed(0) : Writer.count(connection, opening, ready)
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
      `SELECT "shape", first_value("run") OVER (ORDER BY "version") FROM "_sluice_schema"
        WHERE "source" = ? AND "resource" = ? ORDER BY "version" DESC LIMIT 1`,
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
    const walk = parse<Checkpoint>(checkpoint)
    const saved = {
      evolving: same && walk?.runs.includes(String(shapes[0]?.[1])) === true,
      shape: same ? shape : undefined,
      key: same && names !== undefined ? ({ fields: names, inferred: inferred === 1 } satisfies Key.Pinned) : undefined,
      checkpoint: walk,
      marks: Deletes.marks(opening, same && (yield* Deletes.marked(connection, shape))),
      // What is replaced as a whole is read as a whole.
      cursor: opening.write.disposition === "replace" ? undefined : parse<State>(cursor),
      quarantine: yield* Rejects.load(connection, opening),
      waits: walk !== undefined || (yield* Parents.underway(connection, opening))
    }
    if (!opening.fresh && saved.waits) return saved
    yield* forget(connection, opening, now, { shape, walk: unfinished(opening, saved) })
    if (opening.fresh) {
      yield* Appended.takeBack(connection, { ...opening, table: shape?.tables[0]?.name })
      for (const child of opening.children ?? []) yield* Parents.clear(connection, opening.source, child)
      yield* connection.executeRaw(
        `UPDATE "_sluice_state" SET "cursor" = NULL WHERE "source" = ? AND "resource" = ?`,
        at
      )
    }
    return { ...saved, evolving: false, checkpoint: undefined, cursor: opening.fresh ? undefined : saved.cursor }
  })

const takesAway = ({ write }: Opening): boolean =>
  write.disposition === "replace" || Layout.versioned(write) || Layout.mergeKey(write).length > 0

/** What a walk that starts over must take out again, since nothing tells its rows from those to come: rows without a key. */
const unfinished = (
  { write }: Opening,
  saved: {
    readonly shape: Shape.Shape | undefined
    readonly key: Key.Pinned | undefined
    readonly checkpoint: Checkpoint | undefined
  }
): Unfinished | undefined => {
  const { checkpoint, key, shape } = saved
  // Of these, rows that came are known again; or they are not in the table yet.
  if (Layout.versioned(write) || write.disposition === "replace") return undefined
  if (checkpoint?.kept === true) return undefined
  return checkpoint === undefined || shape === undefined || key === undefined || key.fields.length > 0
    ? undefined
    : { table: shape.tables[0]!.name, runs: checkpoint.runs }
}

interface Unfinished {
  readonly table: string
  readonly runs: ReadonlyArray<string>
}

const forget = (
  connection: Connection,
  opening: Opening,
  now: string,
  what: { readonly shape: Shape.Shape | undefined; readonly walk?: Unfinished | undefined }
) =>
  Effect.gen(function* () {
    const { shape, walk } = what
    if (shape !== undefined) yield* Replace.drop(connection, shape)
    if (walk !== undefined) {
      yield* connection.executeRaw(
        `DELETE FROM ${quote(walk.table)} WHERE "_sluice_run" IN (SELECT "value" FROM json_each(?))`,
        [JSON.stringify(walk.runs)]
      )
      yield* Rejects.withdraw(connection, opening, walk.runs)
    }
    yield* connection.executeRaw(
      `UPDATE "_sluice_state" SET "checkpoint" = NULL, "updated_at" = ? WHERE "source" = ? AND "resource" = ?`,
      [now, opening.source, opening.resource]
    )
    yield* Seen.forget(connection, opening)
  })

const note = (connection: Connection, { resource, run }: Opening, isResumed: boolean) =>
  Effect.asVoid(
    connection.executeRaw(`UPDATE "_sluice_resources" SET "resumed" = ? WHERE "run" = ? AND "resource" = ?`, [
      isResumed ? 1 : 0,
      run,
      resource
    ])
  )

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
      merged.deleted,
      total ?? null,
      fields ?? "[]",
      inferred,
      now,
      opening.run,
      opening.resource
    ])
    if (page.queue !== undefined) yield* Parents.enqueue(connection, opening, page.queue, now)
    if (page.unnoted === true) return
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
    if (page.parent !== undefined) yield* Parents.stand(connection, opening, page.parent, now)
    if (checkpoint === undefined && inferred === 1 && !Writer.remembers(opening))
      yield* Seen.forget(connection, opening)
  })
