/**
 * Which way a resource's rows go into its tables, by its write disposition: one page of them, and the end of their walk.
 *
 * Stage Table. Chooses between `Merge`, `Versions` and `Replace`, and lets them remember in `Seen` what the end needs to know. Nothing
 * is taken away for being absent before a walk is known to be whole. Begins and commits nothing, and keeps no books.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Write } from "../Resource/Write.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import * as Key from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import type { Completed, Merge as Page, Merged, Opening } from "../Table.ts"
import { keyColumns, quote } from "./Ddl.ts"
import * as Dedup from "./Dedup.ts"
import * as Deletes from "./Deletes.ts"
import * as Layout from "./Layout.ts"
import * as Merge from "./Merge.ts"
import * as Plan from "./Plan.ts"
import * as Replace from "./Replace.ts"
import * as Seen from "./Seen.ts"
import { TableError } from "./TableError.ts"
import * as Versions from "./Versions.ts"

/**
 * Everything about the tables' shape that one page needs; made again when the shape changes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ready {
  readonly shape: Shape.Shape
  readonly key: Key.Key
  /** The tables that are written into: the resource's own, or those beside them. */
  readonly into: Merge.Prepared
  readonly marked: ((row: FlatRow) => boolean) | undefined
  /** Columns of the merge key; `undefined` while it has not been seen. */
  readonly group: ReadonlyArray<number> | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const prepare = (write: Write, shape: Shape.Shape, key: Key.Key, marks = false): Ready => ({
  shape,
  key,
  into: Merge.prepare(write.disposition === "replace" ? Replace.beside(shape) : shape, Layout.make(write, key, marks)),
  marked: marked(write, shape, key),
  group: Layout.find(shape, Layout.mergeKey(write))
})

/**
 * What a page's rows came to, or the key that two different ones share where it was only inferred.
 *
 * @since 0.1.0
 * @category models
 */
export interface Outcome extends Omit<Merged, "rejected"> {
  readonly conflict?: string | undefined
}

/**
 * Of a walk.
 *
 * @since 0.1.0
 * @category models
 */
export interface Walk {
  /** The runs it took so far, the present one last. */
  readonly runs: ReadonlyArray<string>
  readonly now: string
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const merge = (
  connection: Connection,
  opening: Opening,
  ready: Ready,
  rows: ReadonlyArray<FlatRow>,
  walk: Walk
): Effect.Effect<Outcome, SqlError> => {
  const { write } = opening
  if (write.disposition === "replace") return stage(connection, opening, ready, rows)
  if (Layout.versioned(write)) return versions(connection, opening, ready, rows, walk)
  return isPlain(write) ? plain(connection, opening, ready, rows) : chosen(connection, opening, ready, rows)
}

/**
 * What of a page's rows must be known until the walk is completed, beside what was written: those that were refused are not gone.
 *
 * @since 0.1.0
 * @category combinators
 */
export const remember = (
  connection: Connection,
  opening: Opening,
  { into, key }: Ready,
  { batch, present = [] }: Pick<Page, "batch" | "present">
): Effect.Effect<void, SqlError> => {
  const { write } = opening
  if (Deletes.acts(opening)) return Deletes.remember(connection, opening, into, { rows: batch.rows, present })
  if (!Layout.versioned(write)) return Effect.void
  return Versions.keep(connection, into, present, { at: opening, key, write })
}

/**
 * The end of a whole walk. `ready` is `undefined` where the resource has no tables yet.
 *
 * @since 0.1.0
 * @category combinators
 */
export const complete: (
  connection: Connection,
  opening: Opening,
  ready: Ready | undefined,
  walk: Walk
) => Effect.Effect<Completed, SqlError | TableError> = Effect.fnUntraced(function* (connection, opening, ready, walk) {
  if (ready === undefined) return nothing
  const { write } = opening
  const mergeKey = Layout.mergeKey(write)
  if (mergeKey.length > 0 && ready.group === undefined && (yield* holds(connection, ready))) {
    return yield* new TableError({
      reason: "Constraint",
      resource: opening.resource,
      detail: `merge_key ${mergeKey.join(", ")}: no row has had all of these fields; nothing was removed`
    })
  }
  const group = ready.group?.map((index) => ready.shape.tables[0]!.columns[index]!.name) ?? []
  let done: Completed = nothing
  if (write.disposition === "replace") {
    done = (yield* Replace.isThere(connection, ready.shape))
      ? yield* Replace.swap(connection, ready.shape, ready.into.key)
      : yield* Replace.empty(connection, ready.shape)
  } else if (Layout.versioned(write)) {
    const boundary = yield* Versions.boundary(connection, write, walk.runs[0]!, walk.now)
    const options = { at: opening, write, run: opening.run, runs: walk.runs, boundary }
    done = { ...nothing, deleted: yield* Versions.complete(connection, ready.into, group, options) }
  } else if (group.length > 0) {
    done = { ...nothing, deleted: yield* sweep(connection, opening, ready, group) }
  }
  if (Deletes.acts(opening)) {
    const judged = yield* Deletes.complete(connection, opening, ready.into, walk.now)
    done = { ...done, deleted: done.deleted + judged.deleted, judged }
  }
  if (remembers(opening)) yield* Seen.forget(connection, opening)
  return done
})

/**
 * Whether what a walk has brought must be known until it is completed.
 *
 * @since 0.1.0
 * @category accessors
 */
export const remembers = (opening: Pick<Opening, "deletes" | "write">): boolean =>
  Deletes.acts(opening) || byWriting(opening.write)

/**
 * How many rows a resource holds; where absent ones are to go, how many of them the walk has brought.
 *
 * @since 0.1.0
 * @category accessors
 */
export const count: (connection: Connection, opening: Opening, ready: Ready) => Effect.Effect<number, SqlError> =
  Effect.fnUntraced(function* (connection, opening, ready) {
    const { write } = opening
    if (write.disposition === "replace" && !(yield* Replace.isThere(connection, ready.shape))) return 0
    const [row] =
      Deletes.acts(opening) || Layout.versioned(write) || Layout.mergeKey(write).length > 0
        ? yield* Seen.count(connection, opening, Layout.versioned(write) ? "versions" : "rows")
        : yield* connection.executeValues(`SELECT count(*) FROM ${quote(ready.into.shape.tables[0]!.name)}`, [])
    return Number(row?.[0])
  })

// --- internal ---

const nothing: Completed = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, dropped: 0 }

const byWriting = (write: Write): boolean =>
  Layout.versioned(write) || Layout.mergeKey(write).length > 0 || write.dedupSort !== undefined

const isPlain = (write: Write): boolean =>
  write.disposition !== "merge" ||
  (write.strategy !== "insert-only" && write.hardDelete === undefined && !byWriting(write))

/** Marks mean something to a merge, and only where a key says whose. */
const marked = (write: Write, shape: Shape.Shape, key: Key.Key): Ready["marked"] => {
  if (write.disposition !== "merge" || write.hardDelete === undefined) return undefined
  if (key.columns.length === 0 && Layout.mergeKey(write).length === 0) return undefined
  const column = Layout.find(shape, [write.hardDelete])?.[0]
  if (column === undefined) return undefined
  return shape.tables[0]!.columns[column]!.type === "boolean"
    ? ({ values }) => values[column] === 1
    : ({ values }) => (values[column] ?? null) !== null
}

const plain = (connection: Connection, opening: Opening, { into, key }: Ready, rows: ReadonlyArray<FlatRow>) =>
  Merge.merge(connection, into, rows, { run: opening.run, seen: key.inferred ? opening : undefined })

const chosen: (
  connection: Connection,
  opening: Opening,
  ready: Ready,
  rows: ReadonlyArray<FlatRow>
) => Effect.Effect<Outcome, SqlError> = Effect.fnUntraced(function* (connection, opening, ready, rows) {
  const { write } = opening
  const { group, into, marked } = ready
  const dedup = Dedup.options(opening, write, ready.shape, into.key)
  const choice = dedup === undefined ? undefined : yield* Dedup.choose(connection, rows, dedup)
  const taken = choice?.rows ?? rows
  const keeps =
    write.strategy === "insert-only" && write.disposition === "merge"
      ? (id: string) => choice?.again.has(id) !== true
      : undefined
  const options = { run: opening.run, seen: ready.key.inferred && dedup === undefined ? opening : undefined }
  const plan = yield* Merge.merge(connection, into, taken, { ...options, marked, keeps })
  if (plan.conflict !== undefined) return plan
  if (dedup !== undefined) {
    const written = new Set(plan.writes)
    const kept = (row: FlatRow) => !written.has(row) && !choice!.again.has(Key.identity(Plan.keyOf(into.key, row)))
    const left = new Set(keeps === undefined ? [] : taken.filter(kept))
    yield* Dedup.remember(connection, taken, dedup, left)
  }
  if (Layout.mergeKey(write).length > 0 && rows.length > 0) {
    if (group !== undefined) yield* Seen.groups(connection, opening, group, rows)
    const numbers = plan.writes.map((_, index) => [plan.firstId + index])
    const keys = into.key.columns.length > 0 ? taken.map((row) => Plan.keyOf(into.key, row)) : numbers
    yield* Seen.rows(connection, opening, into, keys)
  }
  return { ...plan, dropped: plan.dropped + (choice?.dropped ?? 0) }
})

const versions: (
  connection: Connection,
  opening: Opening,
  ready: Ready,
  rows: ReadonlyArray<FlatRow>,
  walk: Walk
) => Effect.Effect<Outcome, SqlError> = Effect.fnUntraced(function* (connection, opening, ready, rows, walk) {
  if (rows.length === 0) return nothing
  const { run, write } = opening
  const boundary = yield* Versions.boundary(connection, write, walk.runs[0]!, walk.now)
  const { key, marked } = ready
  const options = { at: opening, write, key, run, runs: walk.runs, boundary, marked }
  const merged = yield* Versions.merge(connection, ready.into, rows, options)
  if (ready.group !== undefined) yield* Seen.groups(connection, opening, ready.group, rows)
  return merged
})

/** Counted when it is put in place: what a page adds beside the table is nothing to it yet. */
const stage: (
  connection: Connection,
  opening: Opening,
  ready: Ready,
  rows: ReadonlyArray<FlatRow>
) => Effect.Effect<Outcome, SqlError> = Effect.fnUntraced(function* (connection, opening, ready, rows) {
  if (rows.length === 0) return nothing
  if (!(yield* Replace.isThere(connection, ready.shape)))
    yield* Replace.grow(connection, undefined, ready.shape, ready.into.key)
  const plan = yield* chosen(connection, opening, ready, rows)
  return { ...nothing, dropped: rows.length - plan.inserted, conflict: plan.conflict }
})

const holds = (connection: Connection, { shape }: Ready) =>
  Effect.map(
    connection.executeValues(`SELECT 1 FROM ${quote(shape.tables[0]!.name)} LIMIT 1`, []),
    (rows) => rows.length > 0
  )

/** Takes away what shares a merge key with the walk's rows and did not come in it. */
const sweep: (
  connection: Connection,
  opening: Opening,
  ready: Ready,
  group: ReadonlyArray<string>
) => Effect.Effect<number, SqlError> = Effect.fnUntraced(function* (connection, opening, { into }, group) {
  const table = into.shape.tables[0]!.name
  const isAbsent = Seen.absent(Seen.text(keyColumns(into.shape, into.key, 0), "t"))
  const at = [opening.source, opening.resource]
  yield* connection.executeRaw(
    `DELETE FROM ${quote(table)} WHERE "_rowid_" IN (${Seen.grouped(table, group, isAbsent)})`,
    [...at, ...at]
  )
  return Number((yield* connection.executeValues("SELECT changes()", []))[0]?.[0])
})
