/**
 * A decoded row as cells: columns of its own table, rows of its child tables, and the digest of both.
 *
 * Stage Row, no I/O. The hot loop of every sync: one pass over a row's keys, nothing allocated but the cells. A value that
 * does not fit rejects its row and leaves the shape as it was.
 */
import type { Problem } from "./Decode.ts"
import { Digest } from "./Hash.ts"
import * as Mask from "./Mask.ts"
import type { Column, Level, Slot, Slots } from "./Slots.ts"
import { coerce, describe, infer, Misfit, type SqlValue, storage } from "./Value.ts"

/**
 * A row of a child table. `values` starts with the positions in the lists above it and in its own, then the columns.
 *
 * @since 0.1.0
 * @category models
 */
export interface ChildRow {
  readonly table: number
  readonly values: Array<SqlValue>
}

/**
 * A row of the resource's table with the child rows below it, parents before children. Cells beyond the end are null.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlatRow {
  readonly values: Array<SqlValue>
  readonly children: Array<ChildRow>
  digest: number
}

/**
 * The columns of the key, as far as it is known once a row has its cells: no row without one is stored.
 *
 * @since 0.1.0
 * @category models
 */
export type KeyOf = (values: ReadonlyArray<SqlValue>) => ReadonlyArray<number> | undefined

/**
 * The problem of a row without its key.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keyMissing = (column: Pick<Column, "path">): Problem => ({
  path: column.path.join("."),
  reason: "the primary key is null or missing"
})

/**
 * @since 0.1.0
 * @category models
 */
export class Flattener {
  /** Set when a column was widened to text: cells of this page already read may still hold numbers. */
  widenedToText = false
  private readonly slots: Slots
  private readonly maxNesting: number
  private readonly hash = new Digest()
  private readonly keyOf: KeyOf
  private children: Array<ChildRow> = []
  private lastTable = 0
  private inOrder = true
  private problem: Problem | undefined

  constructor(slots: Slots, maxNesting: number, keyOf: KeyOf) {
    this.slots = slots
    this.maxNesting = maxNesting
    this.keyOf = keyOf
  }

  /** May throw a `RowError` on a reserved name, or on two lists that become one table. */
  row(row: unknown): FlatRow | Problem {
    this.children = []
    this.lastTable = 0
    this.inOrder = true
    this.problem = undefined
    const values: Array<SqlValue> = []
    const { slots } = this
    this.fill(slots.root, isObject(row) ? row : { value: row }, values, 0, noPositions)
    const problem = this.problem ?? withoutKey(slots.tables[0]!.columns, this.keyOf(values), values)
    if (problem !== undefined) {
      slots.rollback()
      return problem
    }
    slots.commit()
    // Keys of a JSON object have no order, so rows must not differ by it; within a table children are in order already.
    if (!this.inOrder) this.children.sort((a, b) => a.table - b.table)
    return { values, children: this.children, digest: this.digest(values) }
  }

  private fill(
    level: Level,
    object: Record<string, unknown>,
    values: Array<SqlValue>,
    offset: number,
    positions: ReadonlyArray<SqlValue>
  ): void {
    for (const key in object) {
      const slot = level.slots.get(key) ?? this.slots.slot(level, key)
      this.place(level, slot, object[key], values, offset, positions)
    }
  }

  private place(
    level: Level,
    slot: Slot,
    value: unknown,
    values: Array<SqlValue>,
    offset: number,
    positions: ReadonlyArray<SqlValue>
  ): void {
    if (value === null || value === undefined) {
      if (slot.column < 0 && !this.slots.holds(slot)) this.slots.column(level.table, slot, "unknown", false)
      return
    }
    const column =
      slot.column >= 0
        ? this.slots.tables[level.table]!.columns[slot.column]!
        : slot.json
          ? this.slots.column(level.table, slot, "json", true)
          : undefined
    if (typeof value === "object" && !slot.json && column?.type !== "json") {
      if (level.nesting < this.maxNesting) {
        if (Array.isArray(value)) this.list(level, slot, value, positions)
        else
          this.fill(
            slot.object ?? this.slots.object(level, slot),
            value as Record<string, unknown>,
            values,
            offset,
            positions
          )
        return
      }
    }
    const plain = slot.mask ? Mask.value(value) : value
    const seen = column ?? this.slots.column(level.table, slot, infer(plain), false)
    const cell = this.cell(seen, plain)
    const at = offset + slot.column
    while (values.length < at) values.push(null)
    if (cell === misfit) {
      this.problem ??= {
        path: this.where(level.table, slot, positions),
        reason: `${describe(plain)} does not fit the ${seen.type} column ${seen.name}${seen.fixed ? keyStays : ""}`
      }
      return
    }
    if ((values[at] ?? null) !== null) {
      this.problem ??= {
        path: this.where(level.table, slot, positions),
        reason: `the row has two of the keys ${seen.sources.join(", ")}, which all become the column ${seen.name}`
      }
    }
    values[at] = cell
  }

  private list(level: Level, slot: Slot, items: ReadonlyArray<unknown>, positions: ReadonlyArray<SqlValue>): void {
    if (items.length === 0) return
    const into = slot.list ?? this.slots.list(level, slot)
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      const at = [...positions, i]
      const values: Array<SqlValue> = [...at]
      this.children.push({ table: into.table, values })
      if (into.table < this.lastTable) this.inOrder = false
      this.lastTable = into.table
      if (isObject(item)) this.fill(into, item, values, at.length, at)
      else this.place(into, into.item!, item, values, at.length, at)
    }
  }

  private cell(column: Column, value: unknown): SqlValue | typeof misfit {
    let cell = coerce(column.type, value)
    if (cell instanceof Misfit) {
      const wider = cell.wider
      // A guess from the first value was wrong: what is no date-time stays as it is. Were the column to become text, date-times
      // would be stored in one form before and another after.
      if (column.type === "timestamp" && !column.declared && wider === "text") return coerce("text", value) as SqlValue
      if (wider === undefined || !this.mayWiden(column, wider)) return misfit
      if (storage(column.type) !== "TEXT" && storage(wider) === "TEXT") this.widenedToText = true
      this.slots.retype(column, wider)
      cell = coerce(wider, value)
      if (cell instanceof Misfit) return misfit
    }
    if (typeof cell === "bigint" && !column.exact && column.type === "integer") this.slots.markExact(column)
    return cell
  }

  private mayWiden(column: Column, wider: Column["type"]): boolean {
    // A key turns into text as a whole, for an id too large for INTEGER; into REAL, where ids could meet, never.
    if (column.fixed && wider !== "text" && storage(column.type) !== storage(wider)) return false
    if (column.type === "unknown") return true
    // An integer too large for INTEGER is the one case in which a declared column gives way: it must arrive exact.
    if (column.declared) return column.type === "integer" && wider === "text"
    return !(wider === "real" && column.exact)
  }

  /** A place in the row as it came, e.g. `To.0.Email`. */
  private where(table: number, slot: Slot, positions: ReadonlyArray<SqlValue>): string {
    const path: Array<SqlValue> = [...slot.path]
    let at = table
    for (let depth = positions.length - 1; depth >= 0; depth--) {
      const { parent, path: above } = this.slots.tables[at]!
      path.unshift(...above, positions[depth]!)
      at = parent
    }
    return path.join(".")
  }

  private digest(values: ReadonlyArray<SqlValue>): number {
    const hash = this.hash
    hash.reset()
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (value === null) continue
      hash.mark(i)
      hash.value(value)
    }
    for (const child of this.children) {
      hash.mark(-1 - child.table)
      for (let i = 0; i < child.values.length; i++) {
        const value = child.values[i]!
        if (value === null) continue
        hash.mark(i)
        hash.value(value)
      }
    }
    return hash.digest()
  }
}

// --- internal ---

const noPositions: ReadonlyArray<SqlValue> = []

const keyStays = ", which is part of the primary key"

/** In place of a cell that fits nowhere. */
const misfit = Symbol("misfit")

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const withoutKey = (
  columns: ReadonlyArray<Column>,
  key: ReadonlyArray<number> | undefined,
  values: ReadonlyArray<SqlValue>
): Problem | undefined => {
  if (key === undefined) return undefined
  for (const index of key) if ((values[index] ?? null) === null) return keyMissing(columns[index]!)
  return undefined
}
