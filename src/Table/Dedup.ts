/**
 * Which of a walk's rows with one key stays, where `dedup_sort` says so: the one that comes first by its field.
 *
 * Stage Table. Among a page's rows, and against those of the pages before, by what `_sluice_seen` remembers of them. Rows of
 * earlier walks are not looked at: any row of this one replaces them. Of two that sort alike the later one stays.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Json from "../Fetch/Json.ts"
import type { Write } from "../Resource/Write.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import * as Key from "../Row/Key.ts"
import type * as Shape from "../Row/Shape.ts"
import type { SqlValue } from "../Row/Value.ts"
import type { Layout } from "./Layout.ts"
import * as Layouts from "./Layout.ts"
import { keyOf } from "./Plan.ts"
import type { At } from "./Seen.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Chosen {
  readonly rows: ReadonlyArray<FlatRow>
  /** Rows that another one stands for. */
  readonly dropped: number
  /** Keys that an earlier page of the walk has written, by their identity. */
  readonly again: ReadonlySet<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly at: At
  readonly key: Layout
  /** Index of the column that decides. */
  readonly column: number
  readonly order: "asc" | "desc"
  /** The column's texts are numbers. */
  readonly isDecimal: boolean
}

/**
 * How to choose, or `undefined` where the last row wins.
 *
 * @since 0.1.0
 * @category constructors
 */
export const options = (
  at: At,
  write: Pick<Write, "dedupSort" | "deduplicated">,
  shape: Shape.Shape,
  key: Layout
): Options | undefined => {
  if (write.dedupSort === undefined || write.deduplicated || key.columns.length === 0) return undefined
  const column = Layouts.find(shape, [write.dedupSort.field])?.[0]
  if (column === undefined) return undefined
  const { type } = shape.tables[0]!.columns[column]!
  return { at, key, column, order: write.dedupSort.order, isDecimal: type === "decimal" || type === "wei" }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const choose: (
  connection: Connection,
  rows: ReadonlyArray<FlatRow>,
  options: Options
) => Effect.Effect<Chosen, SqlError> = Effect.fnUntraced(function* (connection, rows, options) {
  const { at, column, key } = options
  const best = new Map<string, FlatRow>()
  for (const row of rows) {
    const id = Key.identity(keyOf(key, row))
    const other = best.get(id)
    if (other === undefined || !before(cell(other, column), cell(row, column), options)) best.set(id, row)
  }
  const seen = yield* connection.executeValues(
    `SELECT s."key", s."sort", s."digest" FROM json_each(?) AS j CROSS JOIN "_sluice_seen" AS s
      ON s."source" = ? AND s."resource" = ? AND s."key" = j."value"`,
    [Json.stringify([...best.keys()]), at.source, at.resource]
  )
  const again = new Set<string>()
  for (const [id, sort, digest] of seen) {
    const name = String(id)
    const row = best.get(name)
    if (row === undefined) continue
    if (before(sort as SqlValue, cell(row, column), options)) best.delete(name)
    else if (Number(digest) !== leftAlone) again.add(name)
  }
  return { rows: [...best.values()], dropped: rows.length - best.size, again }
})

/**
 * Remembers what was chosen; `left` are rows whose key was there before the walk, to stay as it was.
 *
 * @since 0.1.0
 * @category combinators
 */
export const remember = (
  connection: Connection,
  rows: ReadonlyArray<FlatRow>,
  { at, column, key }: Options,
  left: ReadonlySet<FlatRow>
): Effect.Effect<void, SqlError> => {
  const lines = rows.map((row) => {
    return [Key.identity(keyOf(key, row)), left.has(row) ? leftAlone : row.digest, cell(row, column)]
  })
  return Effect.asVoid(
    connection.executeRaw(
      `INSERT INTO "_sluice_seen" ("source", "resource", "key", "digest", "sort")
        SELECT ?, ?, "value" ->> 0, "value" ->> 1, "value" ->> 2 FROM json_each(?) WHERE true
        ON CONFLICT ("source", "resource", "key") DO UPDATE SET "digest" = excluded."digest", "sort" = excluded."sort"`,
      [at.source, at.resource, Json.stringify(lines)]
    )
  )
}

/**
 * Whether a value comes strictly first. As in SQLite: null before numbers, numbers before texts.
 *
 * @since 0.1.0
 * @category accessors
 */
export const before = (a: SqlValue, b: SqlValue, { isDecimal, order }: Options): boolean => {
  const [x, y] = order === "asc" ? [a, b] : [b, a]
  const numbers = isDecimal ? Option.zipWith(decimal(x), decimal(y), BigDecimal.lessThan) : Option.none()
  return Option.getOrElse(numbers, () => less(x, y))
}

// --- internal ---

/** In place of a digest, which is never negative. */
const leftAlone = -1

const cell = (row: FlatRow, column: number): SqlValue => row.values[column] ?? null

const decimal = (value: SqlValue): Option.Option<BigDecimal.BigDecimal> =>
  typeof value === "string" ? BigDecimal.fromString(value) : Option.none()

const less = (a: SqlValue, b: SqlValue): boolean => {
  const ranks = rank(a) - rank(b)
  if (ranks !== 0 || a === null || b === null) return ranks < 0
  return a < b
}

const rank = (value: SqlValue): number => (value === null ? 0 : typeof value === "string" ? 2 : 1)
