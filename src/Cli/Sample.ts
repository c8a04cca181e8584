/**
 * The rows of one page as tables: what `preview` shows. From cells, names and positions that stage Row gives. Pure.
 */
import type { Position } from "../Page.ts"
import type { FlatRow } from "../Row/Flatten.ts"
import * as Shape from "../Row/Shape.ts"
import type { SqlValue } from "../Row/Value.ts"
import type { Source } from "../Source.ts"
import type { Look, Outcome } from "./FirstPage.ts"
import * as Notices from "./Notices.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Sample {
  readonly source: string
  readonly resource: string
  /** The row of the parent that was asked for. */
  readonly parent: string | null
  readonly paginator: string
  readonly selector: string | null
  readonly primary_key: ReadonlyArray<string>
  readonly primary_key_inferred: boolean
  readonly rows: {
    readonly fetched: number
    /** Left out by processing steps or the incremental range. */
    readonly filtered: number
    readonly rejected: number
    /** Those below. */
    readonly shown: number
  }
  /** The resource's own table first, then those of its lists. */
  readonly tables: ReadonlyArray<Table>
  readonly rejects: ReadonlyArray<{ readonly path: string; readonly reason: string }>
  readonly notices: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly name: string
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>
  /** Rows on the page. */
  readonly count: number
  /** Of the first rows of the resource; an integer beyond 2^53 is text here. */
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number | null>>>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (source: Source, outcome: Outcome & Look, most: number): Sample => {
  const { batch, fetched, parent, prepared, resource } = outcome
  const rows = batch.rows.slice(0, most)
  return {
    source: source.name,
    resource: resource.name,
    parent: parent ?? null,
    paginator: resource.paginator.type === "auto" ? detected(fetched.next) : resource.paginator.type,
    selector: fetched.selector ?? null,
    primary_key: batch.key?.fields ?? resource.primaryKey.fields,
    primary_key_inferred: batch.key?.inferred ?? false,
    rows: {
      fetched: fetched.rows.length,
      filtered: Math.max(0, prepared.filtered),
      rejected: batch.rejects.length,
      shown: rows.length
    },
    tables: batch.shape.tables.map((table, index) =>
      index === 0
        ? {
            name: table.name,
            columns: columns(table),
            count: batch.rows.length,
            rows: rows.map((row) => record(names(table), row.values))
          }
        : child(batch.shape, index, batch.rows, rows)
    ),
    rejects: batch.rejects.slice(0, most).map(({ path, reason }) => ({ path, reason })),
    notices: Notices.of(outcome)
  }
}

// --- internal ---

const detected = (next: Position | undefined) => `${next?.detected?.type ?? "single_page"} (detected)`

const columns = ({ columns }: Shape.Table) => columns.map(({ name, type }) => ({ name, type }))

const names = ({ columns }: Shape.Table) => columns.map(({ name }) => name)

const record = (names: ReadonlyArray<string>, values: ReadonlyArray<SqlValue>, from = 0) =>
  Object.fromEntries(names.map((name, i) => [name, cell(values[from + i] ?? null)]))

/** JSON has no bigint. */
const cell = (value: SqlValue): string | number | null => {
  if (typeof value === "bigint") return String(value)
  return value instanceof Uint8Array
    ? `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}`
    : value
}

/** A row of a list says which of the rows above it belongs to, 0-based, and its position there. */
const child = (
  shape: Shape.Shape,
  index: number,
  all: ReadonlyArray<FlatRow>,
  shown: ReadonlyArray<FlatRow>
): Table => {
  const table = shape.tables[index]!
  const depth = Shape.depth(shape, index)
  const own = (row: FlatRow) => row.children.filter((child) => child.table === index)
  const positions = [...Array.from({ length: depth - 1 }, (_, i) => `_parent_idx${i === 0 ? "" : `_${i + 1}`}`), "_idx"]
  return {
    name: table.name,
    columns: columns(table),
    count: all.reduce((sum, row) => sum + own(row).length, 0),
    rows: shown.flatMap((row, at) =>
      own(row).map(({ values }) => ({ _row: at, ...record(positions, values), ...record(names(table), values, depth) }))
    )
  }
}
