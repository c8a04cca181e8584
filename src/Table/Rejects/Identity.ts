/**
 * Which refused rows another row stands for, by their keys: one that came later, in its page, its walk, or after it.
 *
 * Stage Table. Asked only where some rows are in quarantine. A row whose key cannot be told is nobody's other version, and stays.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Json from "../../Fetch/Json.ts"
import type { Write } from "../../Resource/Write.ts"
import type * as Row from "../../Row.ts"
import type { FlatRow } from "../../Row/Flatten.ts"
import type * as Key from "../../Row/Key.ts"
import { coerce, Misfit, type SqlValue } from "../../Row/Value.ts"
import type { Merge, Opening } from "../../Table.ts"
import { quote } from "../Ddl.ts"
import * as Dedup from "../Dedup.ts"
import type { Replayed } from "../Rejects.ts"
import type { Ready } from "../Writer.ts"

/**
 * The key of a refused row as text; `undefined` where it cannot be told.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ofReject = ({ key, shape }: Row.Batch, { raw, stage }: Row.Reject): string | undefined => {
  // What steps have not been through may have its key under another name.
  if (key === undefined || key.columns.length === 0 || stage === "came" || stage === "hidden") return undefined
  const row = Either.getOrUndefined(Json.parse(raw))
  const cells = key.columns.map((index) => cellOf(row, shape.tables[0]!.columns[index]!))
  return cells.includes(null) ? undefined : text(key, cells)
}

/**
 * Rows that were refused before any row showed what the key is get it now, once in a session.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tell: (connection: Connection, opening: Opening, batch: Row.Batch) => Effect.Effect<void, SqlError> =
  Effect.fnUntraced(function* (connection, opening, batch) {
    if (batch.key === undefined || batch.key.columns.length === 0 || told.has(opening)) return
    told.add(opening)
    const rows = yield* connection.executeValues(
      `SELECT "id", "raw" FROM "_sluice_rejects" WHERE "source" = ? AND "resource" = ?
        AND "state" = 'open' AND "stage" = 'row' AND "key" IS NULL`,
      [opening.source, opening.resource]
    )
    for (const [id, raw] of rows) {
      const key = ofReject(batch, { raw: String(raw), path: "", reason: "" })
      if (key !== undefined)
        yield* connection.executeRaw(`UPDATE "_sluice_rejects" SET "key" = ? WHERE "id" = ?`, [key, id])
    }
  })

/**
 * Whether a page has a row of a key behind a refused one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const later = ({ key, rows }: Row.Batch): ((text: string, after: number | undefined) => boolean) => {
  const last = new Map(key === undefined ? [] : rows.map((row, index) => [ofRow(key, row), index]))
  return (of, after) => after !== undefined && (last.get(of) ?? -1) >= after
}

/**
 * Rows that earlier pages refused are over when a page brings their keys. Their number.
 *
 * @since 0.1.0
 * @category combinators
 */
export const supersede: (
  connection: Connection,
  opening: Opening,
  batch: Row.Batch,
  walk: { readonly runs: ReadonlyArray<string>; readonly rows: ReadonlyArray<FlatRow> }
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, opening, batch, walk) {
  const { key } = batch
  if (key === undefined || key.columns.length === 0 || walk.rows.length === 0) return 0
  const { disposition } = opening.write
  // Rows that are to replace a table replace nothing yet; and of rows that are chosen from, the later one is not always taken.
  const which =
    disposition === "replace"
      ? `AND "run" IN (SELECT "value" FROM json_each(?))`
      : opening.write.dedupSort === undefined
        ? `AND ? IS NOT NULL`
        : `AND "run" NOT IN (SELECT "value" FROM json_each(?))`
  const all = walk.rows.map((row) => ofRow(key, row))
  return yield* end(connection, opening, `${which} AND "key" IN (SELECT "value" FROM json_each(?))`, [
    JSON.stringify(walk.runs),
    JSON.stringify(all)
  ])
})

/**
 * Rows that were refused before one that a replay stores are over with it. Their number.
 *
 * @since 0.1.0
 * @category combinators
 */
export const replace: (
  connection: Connection,
  opening: Opening,
  page: Merge & { readonly replay: Replayed },
  stored: ReadonlyArray<FlatRow>
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, opening, { batch, replay }, stored) {
  const { key, rows } = batch
  // Of rows that are chosen from, one that was refused may yet be the one.
  if (key === undefined || key.columns.length === 0 || replay.dedup !== undefined) return 0
  const merged = new Set(stored)
  let over = 0
  for (const [index, row] of rows.entries()) {
    if (!merged.has(row)) continue
    over += yield* end(connection, opening, `AND "key" = ? AND "id" < ?`, [ofRow(key, row), replay.of[index]?.id])
  }
  return over
})

/**
 * The rows of a page; of a replay those that are not older than what the table holds under their keys.
 *
 * @since 0.1.0
 * @category accessors
 */
export const newest: (
  connection: Connection,
  ready: Ready | undefined,
  page: Pick<Merge, "batch" | "replay">
) => Effect.Effect<ReadonlyArray<FlatRow>, SqlError> = Effect.fnUntraced(function* (
  connection,
  ready,
  { batch, replay }
) {
  if (ready === undefined || replay === undefined) return batch.rows
  const { columns } = ready.key
  if (columns.length === 0) return batch.rows
  const root = ready.shape.tables[0]!
  const names = columns.map((index) => quote(root.columns[index]!.name))
  const choice =
    replay.dedup === undefined
      ? undefined
      : Dedup.options({ source: "", resource: "" }, { ...plainly, dedupSort: replay.dedup }, ready.shape, { columns })
  const sort = choice === undefined ? "NULL" : `t.${quote(root.columns[choice.column]!.name)}`
  // A row that a replay has put there says nothing of when it came.
  const held = `SELECT (SELECT r."_rowid_" FROM "_sluice_runs" AS r WHERE r."run" = t."_sluice_run" AND r."command" = 'sync')
      > (SELECT r."_rowid_" FROM "_sluice_runs" AS r WHERE r."run" = ?), ${sort}
    FROM ${quote(ready.into.shape.tables[0]!.name)} AS t WHERE ${names.map((name) => `t.${name} IS ?`).join(" AND ")}`
  const kept: Array<FlatRow> = []
  for (const [index, row] of batch.rows.entries()) {
    const cells = columns.map((column) => row.values[column] ?? null)
    const found = yield* connection.executeValues(held, [replay.of[index]?.run, ...cells])
    const isOld = found.some(
      ([newer, value]) =>
        Number(newer) === 1 ||
        (choice !== undefined && Dedup.before(value as SqlValue, row.values[choice.column] ?? null, choice))
    )
    if (!isOld) kept.push(row)
  }
  return kept
})

// --- internal ---

/** A transaction that fails after it is followed by a run of its own, which looks again. */
const told = new WeakSet<Opening>()

const end = (
  connection: Connection,
  { resource, source }: Opening,
  which: string,
  parameters: ReadonlyArray<unknown>
) =>
  Effect.map(
    Effect.zipRight(
      connection.executeRaw(
        `UPDATE "_sluice_rejects" SET "state" = 'over' WHERE "source" = ? AND "resource" = ? AND "state" = 'open' ${which}`,
        [source, resource, ...parameters]
      ),
      connection.executeValues("SELECT changes()", [])
    ),
    ([row]) => Number(row?.[0])
  )

const plainly: Pick<Write, "deduplicated"> = { deduplicated: false }

const text = ({ fields }: Key.Key, cells: ReadonlyArray<SqlValue>): string =>
  JSON.stringify(Object.fromEntries(fields.map((field, index) => [field, String(cells[index])])))

const ofRow = (key: Key.Key, { values }: FlatRow): string =>
  text(
    key,
    key.columns.map((index) => values[index] ?? null)
  )

const cellOf = (
  row: unknown,
  { path, type }: Pick<Row.Batch["shape"]["tables"][number]["columns"][number], "path" | "type">
) => {
  const value = path.reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    row
  )
  if (value === undefined || value === null || typeof value === "object") return null
  const cell = coerce(type, value)
  return cell instanceof Misfit ? String(value) : cell
}
