/**
 * The quarantine of one resource: rows that could not be stored, kept in `_sluice_rejects` until they are stored or over.
 *
 * Stage Table. Everything here happens in a transaction of `Session`'s: a row is refused with its page, is over with the page
 * that brings its key again, and leaves with the page that stores it. Decodes nothing: `Sync/Replay` does.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Write } from "../Resource/Write.ts"
import type * as Row from "../Row.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import { ofText } from "../Row/Hash.ts"
import type { Merge, Opening } from "../Table.ts"
import * as Identity from "./Rejects/Identity.ts"
import * as TableError from "./TableError.ts"

/**
 * A row in quarantine.
 *
 * @since 0.1.0
 * @category models
 */
export interface Stored extends Row.Reject {
  readonly id: number
  /** The run that refused it last. */
  readonly run: string
  readonly page: number
  /** How often one walk refused it: rows without a key may come twice. */
  readonly times: number
}

/**
 * What a page of a replay says beside its rows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Replayed {
  /** The run whose rows these are: versions begin with it. */
  readonly run: string
  /** Of each row of the batch, the reject that it was. */
  readonly of: ReadonlyArray<Pick<Stored, "id" | "run">>
  /** Rejects that leave. */
  readonly settled: ReadonlyArray<number>
  /** Rejects that stay, as they are refused now. */
  readonly still: ReadonlyArray<{ readonly id: number; readonly path: string; readonly reason: string }>
  /** Of rows with one key the one that comes first by this stays. */
  readonly dedup: Write["dedupSort"]
}

/**
 * How many rows are open, and how many were found to be over, by a page or by the end of a walk.
 *
 * @since 0.1.0
 * @category models
 */
export interface Count {
  readonly open: number
  /** Of these, refused by earlier runs. */
  readonly earlier: number
  /** Beside them: of a page that was not stored, and comes again. */
  readonly again: number
  readonly over: number
}

/**
 * Takes out what an earlier run found to be over. What is left.
 *
 * @since 0.1.0
 * @category combinators
 */
export const load: (connection: Connection, opening: Opening) => Effect.Effect<Count, SqlError> = Effect.fnUntraced(
  function* (connection, opening) {
    const at = [opening.source, opening.resource]
    yield* connection.executeRaw(`DELETE FROM "_sluice_rejects" WHERE ${mine} AND "state" = 'over'`, at)
    const over = yield* changes(connection)
    return { ...(yield* open(connection, opening)), over }
  }
)

/**
 * Rows that wait to be stored, those of a page that comes again left out.
 *
 * @since 0.1.0
 * @category accessors
 */
export const open = (
  connection: Connection,
  { resource, run, source }: Opening
): Effect.Effect<Omit<Count, "over">, SqlError> =>
  Effect.map(
    connection.executeValues(
      `SELECT count(CASE "state" WHEN 'open' THEN 1 END), count(CASE WHEN "state" = 'open' AND "run" <> ? THEN 1 END),
        count(CASE "state" WHEN 'again' THEN 1 END) FROM "_sluice_rejects" WHERE ${mine}`,
      [run, source, resource]
    ),
    ([row]) => ({ open: Number(row?.[0]), earlier: Number(row?.[1]), again: Number(row?.[2]) })
  )

/**
 * The part of a page: what its rows put an end to, what it refuses, and of a replay what leaves and what stays. `known`: what
 * there is, as far as this session knows.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page: (
  connection: Connection,
  opening: Opening,
  page: Merge,
  walk: {
    readonly runs: ReadonlyArray<string>
    readonly now: string
    readonly known: Count
    /** Rows of the batch that were merged. */
    readonly rows: ReadonlyArray<FlatRow>
  }
) => Effect.Effect<Pick<Count, "open" | "over">, SqlError> = Effect.fnUntraced(
  function* (connection, opening, page, walk) {
    const { batch, index, queue, replay } = page
    let over = 0
    if (replay !== undefined || walk.known.open + walk.known.again > 0) {
      const at = [opening.source, opening.resource]
      // Their page is read again by now, this one or one to come.
      if (replay === undefined)
        yield* connection.executeRaw(
          `DELETE FROM "_sluice_rejects" WHERE ${mine} AND "state" = 'again' AND "run" <> ?`,
          [...at, opening.run]
        )
      yield* Identity.tell(connection, opening, batch)
      if (replay === undefined) over += yield* Identity.supersede(connection, opening, batch, walk)
      else {
        yield* leave(connection, replay)
        over += yield* Identity.replace(connection, opening, { ...page, replay }, walk.rows)
      }
    }
    const parents = (queue ?? []).flatMap((queued) =>
      queued.rejects.map((reject) => ({ resource: queued.resource, stage: "parent" as const, ...reject }))
    )
    const own = batch.rejects.map((reject) => ({ resource: opening.resource, ...reject }))
    if (own.length + parents.length > 0) {
      const later = Identity.later(batch)
      for (const reject of [...own, ...parents]) {
        const key = reject.resource === opening.resource ? Identity.ofReject(batch, reject) : undefined
        const state = key !== undefined && later(key, "after" in reject ? reject.after : undefined) ? "over" : "open"
        yield* save(connection, opening, reject, { ...walk, index, key, state })
      }
    }
    return { open: own.length, over }
  }
)

/**
 * Keeps what a page refused that is not stored for it: to be looked at, while the page itself comes again.
 *
 * @since 0.1.0
 * @category combinators
 */
export const keep = (
  connection: Connection,
  opening: Opening,
  rejects: ReadonlyArray<Row.Reject>,
  page: { readonly index: number; readonly now: string }
): Effect.Effect<void, SqlError> =>
  Effect.forEach(
    rejects,
    (reject) =>
      save(connection, opening, { resource: opening.resource, ...reject }, { ...page, runs: [], state: "again" }),
    { discard: true }
  )

/**
 * A walk that read everything did not refuse these again: they are stored, or gone. Their number.
 *
 * @since 0.1.0
 * @category combinators
 */
export const whole: (
  connection: Connection,
  opening: Opening,
  runs: ReadonlyArray<string>
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, { resource, source }, runs) {
  const old = `${mine} AND "run" NOT IN (SELECT "value" FROM json_each(?))`
  const of = [source, resource, JSON.stringify(runs)]
  const over = yield* number(connection, `SELECT count(*) FROM "_sluice_rejects" WHERE ${old} AND "state" = 'open'`, of)
  yield* connection.executeRaw(`DELETE FROM "_sluice_rejects" WHERE ${old}`, of)
  return over
})

/**
 * The rows of an unfinished walk are taken out, and so is what it refused: both come again.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withdraw = (
  connection: Connection,
  { resource, source }: { readonly source: string; readonly resource: string },
  runs: ReadonlyArray<string>
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    connection.executeRaw(
      `DELETE FROM "_sluice_rejects" WHERE ${mine} AND "run" IN (SELECT "value" FROM json_each(?))`,
      [source, resource, JSON.stringify(runs)]
    )
  )

/**
 * Those behind `after` that wait, in the order they were refused in.
 *
 * @since 0.1.0
 * @category accessors
 */
export const list = (
  connection: Connection,
  { resource, source }: Opening,
  after: number,
  most: number
): Effect.Effect<ReadonlyArray<Stored>, SqlError> =>
  Effect.map(
    connection.executeValues(
      `SELECT "id", "run", "page", "path", "reason", "raw", "stage", "times", "came", "steps" FROM "_sluice_rejects"
        WHERE ${mine} AND "state" = 'open' AND "id" > ? ORDER BY "id" LIMIT ?`,
      [source, resource, after, most]
    ),
    (rows) =>
      rows.map(([id, run, page, path, reason, raw, stage, times, came, steps]) => ({
        id: Number(id),
        run: String(run),
        page: Number(page),
        path: String(path),
        reason: String(reason),
        raw: String(raw),
        stage: String(stage) as Row.Stage,
        times: Number(times),
        came: came === null ? undefined : String(came),
        steps: steps === null ? undefined : Number(steps)
      }))
  )

/**
 * The resources of a source that have rows in quarantine, in the order of the first of them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const resources = (
  sql: SqlClient.SqlClient,
  source: string
): Effect.Effect<ReadonlyArray<{ readonly resource: string; readonly rows: number }>, TableError.TableError> =>
  Effect.scoped(
    Effect.flatMap(sql.reserve, (connection) =>
      connection.executeValues(
        `SELECT "resource", count(*) FROM "_sluice_rejects" WHERE "source" = ? GROUP BY "resource" ORDER BY min("id")`,
        [source]
      )
    )
  ).pipe(
    Effect.map((rows) => rows.map(([resource, count]) => ({ resource: String(resource), rows: Number(count) }))),
    TableError.refail({ doing: "reading the rejects" })
  )

/**
 * How the rows of a replay go into the table: as those of the walk they belong to would have gone, but one by one. What the end of
 * that walk did is done.
 *
 * @since 0.1.0
 * @category combinators
 */
export const plain = (write: Write): Write => ({
  ...write,
  ...(write.disposition === "replace"
    ? { disposition: "merge" as const, strategy: "upsert" as const, hardDelete: undefined }
    : {}),
  mergeKey: [],
  dedupSort: undefined
})

// --- internal ---

const mine = `"source" = ? AND "resource" = ?`

const number = (connection: Connection, statement: string, parameters: ReadonlyArray<unknown>) =>
  Effect.map(connection.executeValues(statement, parameters), ([row]) => Number(row?.[0] ?? 0))

const changes = (connection: Connection) => number(connection, "SELECT changes()", [])

/** Written anew when it comes again: the order of ids is the order of time. */
const save = (
  connection: Connection,
  opening: Opening,
  reject: Row.Reject & { readonly resource: string },
  as: {
    readonly index: number
    readonly runs: ReadonlyArray<string>
    readonly now: string
    readonly state: "open" | "over" | "again"
    readonly key?: string | undefined
  }
) => {
  const { came, path, raw, reason, resource, stage, steps } = reject
  const at = [opening.source, resource, ofText(raw)]
  return connection.executeRaw(
    `INSERT OR REPLACE INTO "_sluice_rejects" ("source", "resource", "digest", "times", "run", "page", "path", "reason", "raw",
        "rejected_at", "state", "stage", "key", "came", "steps")
      VALUES (?, ?, ?, 1 + coalesce((SELECT "times" FROM "_sluice_rejects" WHERE ${mine} AND "digest" = ?
        AND "state" <> 'again' AND "run" IN (SELECT "value" FROM json_each(?))), 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...at,
      ...at,
      JSON.stringify(as.runs),
      opening.run,
      as.index,
      path,
      reason,
      raw,
      as.now,
      as.state,
      stage ?? "row",
      as.key ?? null,
      came ?? null,
      steps ?? null
    ]
  )
}

const leave: (connection: Connection, replay: Replayed) => Effect.Effect<void, SqlError> = Effect.fnUntraced(function* (
  connection,
  { settled, still }
) {
  yield* connection.executeRaw(`DELETE FROM "_sluice_rejects" WHERE "id" IN (SELECT "value" FROM json_each(?))`, [
    JSON.stringify(settled)
  ])
  for (const { id, path, reason } of still)
    yield* connection.executeRaw(`UPDATE "_sluice_rejects" SET "path" = ?, "reason" = ? WHERE "id" = ?`, [
      path,
      reason,
      id
    ])
})
