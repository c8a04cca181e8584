/**
 * What a walk does to the rows of a page before they are decoded: its parent's fields, processing steps, the cursor's range,
 * and what its children need of them.
 *
 * Pure, but a walk's own: pages are given in order, each once.
 */
import * as Either from "effect/Either"
import * as Digits from "../Fetch/Digits.ts"
import * as Json from "../Fetch/Json.ts"
import * as Path from "../Page/Path.ts"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import { type Cursor, type Kept, mostAtBoundary, type Reached } from "../Row/Cursor.ts"
import * as Process from "../Row/Process.ts"
import { RowError } from "../Row/RowError.ts"
import type { Queued } from "../Table/Parents.ts"
import type * as Family from "./Family.ts"
import * as Origin from "./Origin.ts"

/**
 * A page's rows, ready to be decoded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Prepared {
  readonly rows: ReadonlyArray<unknown>
  readonly refused: ReadonlyArray<Row.Refused>
  /** What is to be known of the row at an index, should it be refused. */
  readonly origin: (index: number) => Row.Origin
  /** What the children of the resource are to fetch. */
  readonly queue: ReadonlyArray<Queued>
  /** Rows that came, and that steps and range left out (`filtered`), or made more of (below 0). */
  readonly filtered: number
  readonly reached: Reached | undefined
  /** By the cursor, no later page can hold a row in range. */
  readonly isOver: boolean
  readonly isOrdered: boolean
  readonly notice: string | undefined
}

/**
 * `shown`: rows in a reject, and fields of them in the queue.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  resource: Resource,
  walk: {
    readonly cursor: Cursor | undefined
    readonly inherited: Readonly<Record<string, unknown>>
    readonly children: ReadonlyArray<Family.Child>
    /** The next walk does not bring the same rows again. */
    readonly passes: boolean
    readonly shown: Pick<Row.Compiled, "raw" | "veiled">
  }
): ((rows: ReadonlyArray<unknown>) => Either.Either<Prepared, RowError>) => {
  const { cursor } = walk
  const process = resource.processing.length === 0 ? undefined : Process.compile(resource.processing)
  const origins = Origin.make(resource, walk.shown.raw)
  const inherits = Object.keys(walk.inherited).length > 0
  const queue = walk.children.map((child) => queueing(child, walk.passes, walk.shown))
  const page = (came: ReadonlyArray<unknown>): Either.Either<Prepared, RowError> => {
    const refused: Array<Row.Refused> = []
    const made: Array<number> = []
    const whole = inherits ? came.map((row) => inherit(row, walk.inherited)) : came
    const processed = process === undefined ? whole : steps(process, whole, { origins, refused, made })
    const kept = cursor?.page(processed)
    const from = { came: whole, made, processed }
    const problems = kept?.problems ?? []
    const bad = Origin.places(
      problems.map(({ row }) => row),
      processed
    )
    for (const [i, problem] of problems.entries())
      refused.push({ ...problem, at: bad[i], origin: origins.processed(from, bad[i]!, "cursor") })
    if (kept?.missing === true) {
      const names = fieldsOf(processed[0])
      const detail =
        `incremental.cursor_path ${JSON.stringify(cursor?.incremental.cursorPath)}: ${kept.problems[0]?.problem.reason} in every row of a page` +
        (names === "" ? "" : `; a row has ${names}`)
      return Either.left(new RowError({ reason: "Cursor", detail }))
    }
    const rows = kept?.rows ?? processed
    const fresh = kept?.fresh ?? processed
    let at: ReadonlyArray<number> | undefined
    const place = (index: number) => (rows === processed ? index : (at ??= Origin.places(rows, processed))[index]!)
    return Either.right({
      rows,
      refused: refused.length < 2 && rows === processed ? refused : inOrder(refused, rows, processed),
      origin: (index) => origins.processed(from, place(index)),
      // Of a row that an earlier run has seen as it is, the children were fetched then.
      queue: fresh.length === 0 ? [] : queue.map((take) => take(fresh)),
      filtered: came.length - rows.length - refused.length,
      reached: kept?.reached,
      isOver: kept?.isOver ?? false,
      isOrdered: kept?.isOrdered ?? true,
      notice: kept === undefined ? undefined : noticeOf(kept, cursor?.incremental.rowOrder)
    })
  }
  // The Stream asks whether a page is the last one before the page is stored: its rows must move the cursor once.
  const seen = new WeakMap<ReadonlyArray<unknown>, Either.Either<Prepared, RowError>>()
  return (rows) => {
    const known = seen.get(rows)
    if (known !== undefined) return known
    const made = page(rows)
    seen.set(rows, made)
    return made
  }
}

/**
 * What a child's queue gets of its parent's rows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const queueing = (
  { include, needs, resource }: Family.Child,
  afresh: boolean,
  { raw, veiled }: Pick<Row.Compiled, "raw" | "veiled">
) => {
  const paths = needs.paths.map((path) => [path, Path.unsafeCompile(path).first] as const)
  return (rows: ReadonlyArray<unknown>): Queued => {
    const parents: Array<string> = []
    const rejects: Array<Queued["rejects"][number]> = []
    for (const row of rows) {
      const values = paths.map(([path, first]) => [path, usable(first(row), needs.nullable.includes(path))] as const)
      const object = typeof row === "object" && row !== null ? (row as Record<string, unknown>) : {}
      const without =
        values.find(([, value]) => value === undefined)?.[0] ?? include.find((name) => !Object.hasOwn(object, name))
      if (without !== undefined) {
        rejects.push({
          path: without,
          reason: `the row of ${needs.parent} has no such value: ${resource} cannot be fetched for it`,
          raw: raw(row)
        })
        continue
      }
      // A request needs its values as they are; what goes along into the child's rows is masked as in the parent's own.
      const fields = include.map((name) => [name, object[name]] as const)
      parents.push(
        Json.stringify({
          values: Object.fromEntries(values),
          ...(fields.length === 0 ? {} : { include: veiled(Object.fromEntries(fields)) })
        })
      )
    }
    return { resource, parents, afresh, rejects }
  }
}

// --- internal ---

const noticeOf = ({ isFull, isOrdered }: Kept, order: string | undefined): string | undefined => {
  if (!isOrdered)
    return `rows do not come in the order that incremental.row_order declares (${order}): every page is read`
  return isFull
    ? `more than ${mostAtBoundary} rows share the last value of the cursor: the next run may append some of them again; with a primary key and merge it would not`
    : undefined
}

const steps = (
  process: ReturnType<typeof Process.compile>,
  rows: ReadonlyArray<unknown>,
  page: { readonly origins: Origin.Origins; readonly refused: Array<Row.Refused>; readonly made: Array<number> }
): ReadonlyArray<unknown> => {
  const { made, origins, refused } = page
  const all: Array<unknown> = []
  for (const [i, row] of rows.entries()) {
    const result = process(row)
    if (Either.isRight(result)) for (const one of result.right) all.push(one)
    else refused.push({ ...origins.failed(row, i), problem: result.left, at: all.length })
    made.push(Either.isRight(result) ? result.right.length : 0)
  }
  return all
}

/** As they came among the rows that are left. */
const inOrder = (
  refused: ReadonlyArray<Row.Refused>,
  rows: ReadonlyArray<unknown>,
  processed: ReadonlyArray<unknown>
): ReadonlyArray<Row.Refused> => {
  if (refused.length === 0) return refused
  const places = Origin.places(rows, processed)
  return refused
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .map((one) => ({ ...one, at: places.filter((place) => place < (one.at ?? 0)).length }))
}

const inherit = (row: unknown, fields: Readonly<Record<string, unknown>>): unknown =>
  typeof row === "object" && row !== null && !Array.isArray(row)
    ? Digits.carry(row, { ...row, ...fields })
    : { value: row, ...fields }

/** Two dots would lead out of the path they are put into, however they are encoded. */
const usable = (value: unknown, mayBeNull: boolean): unknown =>
  (value === null && !mayBeNull) || value === "." || value === ".." ? undefined : value

const fieldsOf = (row: unknown): string =>
  typeof row === "object" && row !== null
    ? Object.keys(row)
        .slice(0, 20)
        .map((name) => name.replaceAll(/\p{C}/gu, "\ufffd").slice(0, 40))
        .join(", ")
    : ""
