/**
 * Rows kept as versions (`scd2`): a row that changed is retired and its new version added; one that is gone is retired.
 *
 * Stage Table. A version is told by its digest: the row's content, or a field that says so. At most one version of a primary key
 * is in force. What a page replaces is retired with the page; what a walk did not bring, when the walk is complete.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Write } from "../Resource/Write.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import { ofText } from "../Row/Hash.ts"
import * as Key from "../Row/Key.ts"
import * as Timestamp from "../Row/Timestamp.ts"
import type { SqlValue } from "../Row/Value.ts"
import { quote } from "./Ddl.ts"
import * as Layouts from "./Layout.ts"
import * as Merge from "./Merge.ts"
import { keyOf } from "./Plan.ts"
import * as Seen from "./Seen.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly at: Seen.At
  readonly write: Write
  /** What tells rows apart, beside the table's own numbers. */
  readonly key: Pick<Key.Key, "columns">
  readonly run: string
  /** The runs that the walk took so far. */
  readonly runs: ReadonlyArray<string>
  /** When versions of this walk begin, and those it retires end. */
  readonly boundary: string
  readonly marked: ((row: FlatRow) => boolean) | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Merged {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly deleted: number
  readonly dropped: number
}

/**
 * When the versions of a walk begin: as declared, or at the start of its first run. Later than that of any run before it, also where
 * the clock was set back: no version ends before it began.
 *
 * @since 0.1.0
 * @category accessors
 */
export const boundary = (
  connection: Connection,
  { history }: Write,
  run: string,
  now: string
): Effect.Effect<string, SqlError> =>
  history.boundaryTimestamp !== undefined
    ? Effect.succeed(stamp(history.boundaryTimestamp))
    : Effect.map(
        connection.executeValues(
          `SELECT r."started_at", own."_rowid_" - r."_rowid_" FROM "_sluice_runs" AS own JOIN "_sluice_runs" AS r
            ON r."source" = own."source" AND r."_rowid_" <= own."_rowid_" AND r."started_at" >= own."started_at" WHERE own."run" = ?`,
          [run]
        ),
        (runs) =>
          stamp(
            runs.length === 0
              ? now
              : new Date(
                  Math.max(...runs.map(([start, since]) => Date.parse(String(start)) + Number(since)))
                ).toISOString()
          )
      )

/**
 * @since 0.1.0
 * @category combinators
 */
export const merge: (
  connection: Connection,
  prepared: Merge.Prepared,
  rows: ReadonlyArray<FlatRow>,
  options: Options
) => Effect.Effect<Merged, SqlError> = Effect.fnUntraced(function* (connection, prepared, rows, options) {
  const page = reduce(rows, prepared, options)
  if (page.rows.length === 0)
    return { inserted: 0, updated: 0, unchanged: page.unchanged, deleted: 0, dropped: page.dropped }
  const active = yield* inForce(connection, prepared, page.rows, options)
  const fresh: Array<FlatRow> = []
  const replaced: Array<Active> = []
  let { dropped, unchanged } = page
  let updated = 0
  let deleted = 0
  page.rows.forEach((row, index) => {
    const others = active.get(index) ?? []
    const marked = options.marked?.(row) === true
    const isSame = !marked && others.some((version) => version.digest === row.digest)
    for (const version of others) if (marked || version.digest !== row.digest) replaced.push(version)
    if (marked) {
      if (others.length > 0) deleted++
      else dropped++
    } else if (isSame) unchanged++
    else {
      if (others.length > 0) updated++
      fresh.push(row)
    }
  })
  yield* retire(connection, prepared, replaced, options)
  const added = options.key.columns.length > 0 ? yield* revive(connection, prepared, fresh, options) : fresh
  if (added.length > 0) {
    const life = [options.boundary, active_(options.write)]
    yield* Merge.write(connection, prepared, added, { run: options.run, more: life })
  }
  const came = page.rows.filter((row) => options.marked?.(row) !== true)
  yield* Seen.digests(
    connection,
    options.at,
    came.map(({ digest }) => digest)
  )
  return { inserted: fresh.length - updated, updated, unchanged, deleted, dropped }
})

/**
 * Rows of these keys came and were refused: they are not gone, and the versions of theirs that are in force stay so.
 *
 * @since 0.1.0
 * @category combinators
 */
export const keep = (
  connection: Connection,
  prepared: Merge.Prepared,
  present: ReadonlyArray<ReadonlyArray<SqlValue>>,
  { at, key, write }: Pick<Options, "at" | "key" | "write">
): Effect.Effect<void, SqlError> => {
  if (present.length === 0) return Effect.void
  const root = prepared.shape.tables[0]!
  const columns = key.columns.map((index) => root.columns[index]!.name)
  const which = `json_each(?) AS j CROSS JOIN ${quote(root.name)} AS t
    ON ${Merge.sameKey(columns, "t")} AND ${inForceText(prepared, write, "t")}`
  return Seen.kept(connection, at, { which, keys: Merge.keyList(present) })
}

/**
 * Retires the versions that the walk did not bring: all of them, or those under its merge keys. Their number.
 *
 * @since 0.1.0
 * @category combinators
 */
export const complete: (
  connection: Connection,
  prepared: Merge.Prepared,
  mergeKey: ReadonlyArray<string>,
  options: Omit<Options, "marked" | "key">
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, prepared, mergeKey, options) {
  const { at, write } = options
  const table = prepared.shape.tables[0]!.name
  const isAbsent = `${inForceText(prepared, write, "t")} AND ${Seen.absent(`CAST(t."_sluice_hash" AS TEXT)`)}`
  const which =
    mergeKey.length === 0
      ? `SELECT t."_sluice_id" FROM ${quote(table)} AS t WHERE ${isAbsent}`
      : Seen.grouped(table, mergeKey, isAbsent)
  const where = [at.source, at.resource]
  yield* connection.executeRaw(`${retireText(prepared)} WHERE "_sluice_id" IN (${which})`, [
    options.boundary,
    options.run,
    ...(mergeKey.length === 0 ? where : [...where, ...where])
  ])
  return Number((yield* connection.executeValues("SELECT changes()", []))[0]?.[0])
})

/**
 * The condition that a version of the table `alias` is in force.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inForceText = (prepared: Pick<Merge.Prepared, "key">, write: Write, alias: string): string => {
  const active = active_(write)
  const column = `${alias}.${quote(prepared.key.history!.validTo)}`
  return active === null ? `${column} IS NULL` : `${column} = '${active.replaceAll("'", "''")}'`
}

// --- internal ---

interface Active {
  readonly id: number
  readonly digest: number
  /** Began in this walk: no reader can have seen it at another time. */
  readonly isOfWalk: boolean
}

const stamp = (text: string): string => Timestamp.normalise(text) ?? text

const active_ = ({ history }: Write): string | null =>
  history.activeTimestamp === null ? null : stamp(history.activeTimestamp)

/** One row per key, or where there is none per version; each with the digest that tells its version. */
const reduce = (rows: ReadonlyArray<FlatRow>, { shape }: Merge.Prepared, { key, write }: Options) => {
  const version = write.history.rowVersion === undefined ? [] : (Layouts.find(shape, [write.history.rowVersion]) ?? [])
  const kept = new Map<string, FlatRow>()
  let unchanged = 0
  let dropped = 0
  for (const row of rows) {
    const named = version.length > 0 && version.every((index) => (row.values[index] ?? null) !== null)
    const own = named
      ? { ...row, digest: ofText(Key.identity(keyOf({ columns: [...key.columns, ...version] }, row))) }
      : row
    const id = key.columns.length > 0 ? Key.identity(keyOf(key, row)) : String(own.digest)
    const other = kept.get(id)
    if (other?.digest === own.digest) unchanged++
    else if (other !== undefined) dropped++
    kept.set(id, own)
  }
  return { rows: [...kept.values()], unchanged, dropped }
}

/** The versions in force of the page's rows, by their index. */
const inForce: (
  connection: Connection,
  prepared: Merge.Prepared,
  rows: ReadonlyArray<FlatRow>,
  options: Options
) => Effect.Effect<ReadonlyMap<number, ReadonlyArray<Active>>, SqlError> = Effect.fnUntraced(function* (
  connection,
  prepared,
  rows,
  { boundary, key, runs, write }
) {
  const root = prepared.shape.tables[0]!
  const columns = key.columns.map((index) => root.columns[index]!.name)
  const list = columns.length > 0 ? rows.map((row) => keyOf(key, row)) : rows.map(({ digest }) => [digest])
  const found = yield* connection.executeValues(
    `SELECT j."key", t."_sluice_id", t."_sluice_hash", t.${quote(prepared.key.history!.validFrom)}, t."_sluice_run"
        FROM json_each(?) AS j CROSS JOIN ${quote(root.name)} AS t
        ON ${Merge.sameKey(columns.length > 0 ? columns : ["_sluice_hash"], "t")} AND ${inForceText(prepared, write, "t")}`,
    [Merge.keyList(list)]
  )
  const active = new Map<number, Array<Active>>()
  for (const [index, id, digest, from, run] of found) {
    const one = {
      id: Number(id),
      digest: Number(digest),
      isOfWalk: from === boundary && runs.includes(String(run))
    }
    active.set(Number(index), [...(active.get(Number(index)) ?? []), one])
  }
  return active
})

const retireText = ({ key, shape }: Merge.Prepared): string =>
  `UPDATE ${quote(shape.tables[0]!.name)} SET ${quote(key.history!.validTo)} = ?, "_sluice_run" = ?`

const retire: (
  connection: Connection,
  prepared: Merge.Prepared,
  versions: ReadonlyArray<Active>,
  options: Options
) => Effect.Effect<void, SqlError> = Effect.fnUntraced(function* (connection, prepared, versions, options) {
  const ids = (isOfWalk: boolean) =>
    JSON.stringify(versions.filter((version) => version.isOfWalk === isOfWalk).map(({ id }) => id))
  if (versions.length === 0) return
  yield* connection.executeRaw(prepared.remove, [ids(true)])
  yield* connection.executeRaw(`${retireText(prepared)} WHERE "_sluice_id" IN (SELECT "value" FROM json_each(?))`, [
    options.boundary,
    options.run,
    ids(false)
  ])
})

/**
 * Of two rows of one key in one walk the later one wins. Where that is the version that was in force before, it is put back in force:
 * otherwise every walk over such a list would add a version. The rows that are left to add.
 */
const revive: (
  connection: Connection,
  prepared: Merge.Prepared,
  rows: ReadonlyArray<FlatRow>,
  options: Options
) => Effect.Effect<ReadonlyArray<FlatRow>, SqlError> = Effect.fnUntraced(function* (
  connection,
  prepared,
  rows,
  { boundary, key, run, runs, write }
) {
  if (rows.length === 0) return rows
  const { columns, name } = prepared.shape.tables[0]!
  const names = [...key.columns.map((index) => columns[index]!.name), "_sluice_hash"]
  const found = yield* connection.executeValues(
    `SELECT j."key", max(t."_sluice_id") FROM json_each(?) AS j CROSS JOIN ${quote(name)} AS t ON ${Merge.sameKey(names, "t")}
        WHERE t.${quote(prepared.key.history!.validTo)} = ? AND t."_sluice_run" IN (SELECT "value" FROM json_each(?)) GROUP BY 1`,
    [Merge.keyList(rows.map((row) => [...keyOf(key, row), row.digest])), boundary, JSON.stringify(runs)]
  )
  if (found.length === 0) return rows
  const revived = new Set(found.map(([index]) => Number(index)))
  yield* connection.executeRaw(`${retireText(prepared)} WHERE "_sluice_id" IN (SELECT "value" FROM json_each(?))`, [
    active_(write),
    run,
    JSON.stringify(found.map(([, id]) => Number(id)))
  ])
  return rows.filter((_, index) => !revived.has(index))
})
