/**
 * A decoded row as cells: columns of its own table, rows of its child tables, and the digest of both.
 *
 * Stage Row, no I/O. The hot loop of every sync: one pass over a row's keys, nothing allocated but the cells. A value that
 * does not fit rejects its row and leaves the shape as it was.
 */
import * as Bounds from "./Bounds.ts"
import * as Coerce from "./Coerce.ts"
import type { Gate } from "./Contract.ts"
import type { Problem } from "./Decode.ts"
import { isObject } from "./Fields.ts"
import { Digest } from "./Hash.ts"
import { isMended, malformed, withoutKey } from "./Keyless.ts"
import { cells } from "./Slot.ts"
import type { Column, Level, Slot, Slots } from "./Slots.ts"
import { RowError } from "./RowError.ts"
import { coerce, type ColumnType, describe, infer, kind, Misfit, type SqlValue, storage } from "./Value.ts"

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
 * In place of a row that the schema contract leaves out.
 *
 * @since 0.1.0
 * @category models
 */
export const discarded: unique symbol = Symbol.for("sluice/Row/Flatten/discarded")

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
  private readonly gate: Gate
  private children: Array<ChildRow> = []
  private lastTable = 0
  private inOrder = true
  private problem: Problem | undefined
  /** The row at hand, of whatever table, is to be left out. */
  private isDropped = false

  constructor(slots: Slots, maxNesting: number, keyOf: KeyOf, gate: Gate) {
    this.slots = slots
    this.maxNesting = maxNesting
    this.keyOf = keyOf
    this.gate = gate
  }

  /** May throw a `RowError` for what the contract freezes. */
  row(row: unknown): FlatRow | Problem | typeof discarded {
    this.children = []
    this.lastTable = 0
    this.inOrder = true
    this.problem = undefined
    this.isDropped = false
    const { slots } = this
    const values = cells(slots.tables[0]!, 0)
    try {
      this.fill(slots.root, isObject(row) ? row : { value: row }, values, 0)
    } catch (error) {
      if (!(error instanceof RowError) || !refusing.has(error.reason)) throw error
      this.problem ??= { path: "", reason: error.detail }
      this.isDropped = false
    }
    if (this.isDropped) {
      slots.rollback()
      this.gate.rowDone(false)
      this.gate.dropRows(1)
      return discarded
    }
    const root = slots.tables[0]!
    if (root.required.length > 0) this.require(0, values, 0)
    const problem = this.problem ?? withoutKey(root.columns, this.keyOf(values), values)
    this.gate.rowDone(problem === undefined)
    if (problem !== undefined) {
      slots.rollback()
      return problem
    }
    slots.commit()
    // Keys of a JSON object have no order, so rows must not differ by it; within a table children are in order already.
    if (!this.inOrder) this.children.sort((a, b) => a.table - b.table)
    return { values, children: this.children, digest: this.digest(values) }
  }

  private fill(level: Level, object: Record<string, unknown>, values: Array<SqlValue>, offset: number): void {
    for (const key in object) {
      const slot = level.slots.get(key) ?? this.slots.slot(level, key)
      const value = slot.pair ? this.slots.masks.second(this.slots.tables, level, slot, object) : object[key]
      this.place(level, slot, value, values, offset)
    }
  }

  private place(level: Level, slot: Slot, value: unknown, values: Array<SqlValue>, offset: number): void {
    if (value === null || value === undefined) {
      if (slot.column < 0 && !this.slots.holds(slot) && this.takesColumns(level.table))
        this.slots.column(level.table, slot, "unknown", false)
      return
    }
    const column =
      slot.column >= 0
        ? this.slots.tables[level.table]!.columns[slot.column]!
        : slot.json
          ? this.newColumn(level, slot, "json", true)
          : undefined
    if (typeof value === "object" && !slot.json && column?.type !== "json") {
      if (level.nesting < this.maxNesting) {
        if (Array.isArray(value)) this.list(level, slot, value, values, offset)
        else this.fill(slot.object ?? this.slots.object(level, slot), value as Record<string, unknown>, values, offset)
        return
      }
    }
    const plain =
      slot.mask !== undefined || typeof value === "object"
        ? this.slots.masks.cell(this.slots.tables, level, slot, value)
        : value
    const into = column ?? (slot.json ? undefined : this.newColumn(level, slot, infer(plain), false))
    if (into === undefined) return
    const cell = coerce(into.type, plain)
    if (cell instanceof Misfit) {
      this.unfit({ level, slot, column: into, value: plain, values, offset }, cell.wider)
      return
    }
    if (typeof cell === "bigint" && !into.exact && into.type === "integer") this.slots.markExact(into)
    if (into.isKey && isMended(into, plain, cell))
      this.problem ??= malformed(this.where(level.table, slot.path, values, offset), into)
    const at = offset + slot.column
    while (values.length < at) values.push(null)
    if ((values[at] ?? null) !== null) this.twice(level, slot, into, values, offset)
    values[at] = cell
  }

  /** `above`: cells of the row that holds the list, the first `depth` of which are its own place in the lists around it. */
  private list(
    level: Level,
    slot: Slot,
    items: ReadonlyArray<unknown>,
    above: ReadonlyArray<SqlValue>,
    depth: number
  ): void {
    if (items.length === 0) return
    Bounds.items(this.children.length + items.length)
    const into = slot.list ?? this.newList(level, slot, items.length)
    if (into === undefined) return
    const { required } = this.slots.tables[into.table]!
    const isDropped = this.isDropped
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      const values = cells(this.slots.tables[into.table]!, depth + 1)
      for (let p = 0; p < depth; p++) values[p] = above[p]!
      values[depth] = i
      const before = this.children.length
      this.children.push({ table: into.table, values })
      if (into.table < this.lastTable) this.inOrder = false
      this.lastTable = into.table
      if (isObject(item)) this.fill(into, item, values, depth + 1)
      else {
        const staysJson = Array.isArray(item) && into.nesting + 1 >= this.maxNesting
        this.place(into, staysJson ? into.inner! : into.item!, item, values, depth + 1)
      }
      if (this.isDropped && !isDropped) {
        // A child row goes with the rows below it; its parent stays.
        this.children.length = before
        this.isDropped = false
        this.gate.dropRows(1)
      } else if (required.length > 0) this.require(into.table, values, depth + 1)
    }
  }

  private newColumn(level: Level, slot: Slot, type: ColumnType, declared: boolean): Column | undefined {
    if (this.takesColumns(level.table) || !this.slots.isNew(level.table, slot))
      return this.slots.column(level.table, slot, type, declared)
    this.refuse("columns", `the new column ${this.slots.tables[level.table]!.name}.${slot.name}`)
    return undefined
  }

  private newList(level: Level, slot: Slot, rows: number): Level | undefined {
    if (this.gate.mode("tables") === "evolve") return this.slots.list(level, slot)
    this.gate.refuse("tables", `the new table ${this.slots.tables[level.table]!.name}__${slot.name}`)
    this.gate.dropRows(rows)
    return undefined
  }

  private takesColumns(table: number): boolean {
    return this.gate.mode("columns") === "evolve" || !this.slots.tables[table]!.closed
  }

  private refuse(entity: "columns" | "data_type", what: string): void {
    if (this.gate.refuse(entity, what) === "row") this.isDropped = true
    else this.gate.dropValue()
  }

  /** A value that is not of its column's type. Rare, so it may take its time. */
  private unfit(place: Place, wider: ColumnType | undefined): void {
    const { column, level, value } = place
    const where = `${this.slots.tables[level.table]!.name}.${column.name}`
    if (column.type === "unknown") {
      if (this.takesColumns(level.table) || column.hinted) this.widen(place, wider)
      else this.refuse("columns", `a first value of ${where}`)
      return
    }
    const parsed = Coerce.parse(column, value)
    if (parsed !== undefined) {
      this.put(place, column, place.slot.column, parsed)
      return
    }
    if (this.gate.mode("data_type") !== "evolve") {
      this.refuse("data_type", `${describe(value)} in the ${column.type} column ${where}`)
      return
    }
    if (!this.gate.contract.variants || column.isKey) {
      this.widen(place, wider)
      return
    }
    const named = kind(value)
    // Every text is one, not only date-times where the first was one.
    const type = named === "text" ? "text" : infer(value)
    const variant = this.slots.variant(level.table, column, named, type)
    const cell = coerce(variant.column.type, value)
    const fitting = cell instanceof Misfit ? Coerce.parse(variant.column, value) : cell
    if (fitting === undefined) this.misfit(place, variant.column)
    else this.put(place, variant.column, variant.index, fitting)
  }

  private widen(place: Place, wider: ColumnType | undefined): void {
    const { column, slot, value } = place
    // A guess from the first value was wrong: what is no date-time stays as it is. Were the column to become text, date-times
    // would be stored in one form before and another after.
    if (column.type === "timestamp" && !column.declared && wider === "text") {
      this.put(place, column, slot.column, coerce("text", value) as SqlValue)
      return
    }
    if (wider === undefined || !this.mayWiden(column, wider)) {
      this.misfit(place, column)
      return
    }
    if (storage(column.type) !== "TEXT" && storage(wider) === "TEXT") this.widenedToText = true
    this.slots.retype(column, wider)
    const cell = coerce(wider, value)
    const fitting = cell instanceof Misfit ? Coerce.parse(column, value) : cell
    if (fitting === undefined) this.misfit(place, column)
    else this.put(place, column, slot.column, fitting)
  }

  private put({ level, offset, slot, values }: Place, column: Column, index: number, cell: SqlValue): void {
    if (typeof cell === "bigint" && !column.exact && column.type === "integer") this.slots.markExact(column)
    const at = offset + index
    while (values.length < at) values.push(null)
    if ((values[at] ?? null) !== null) this.twice(level, slot, column, values, offset)
    values[at] = cell
  }

  private misfit({ level, offset, slot, value, values }: Place, column: Column): void {
    this.problem ??= {
      path: this.where(level.table, slot.path, values, offset),
      reason: `${describe(value)} does not fit the ${column.type} column ${column.name}${column.fixed ? keyStays : ""}`
    }
  }

  private twice(level: Level, slot: Slot, column: Column, values: ReadonlyArray<SqlValue>, offset: number): void {
    this.problem ??= {
      path: this.where(level.table, slot.path, values, offset),
      reason: `the row has two of the keys ${column.sources.join(", ")}, which all become the column ${column.name}`
    }
  }

  private require(table: number, values: ReadonlyArray<SqlValue>, offset: number): void {
    const { columns, required } = this.slots.tables[table]!
    for (const index of required) {
      if ((values[offset + index] ?? null) !== null) continue
      const { name, path } = columns[index]!
      this.problem ??= {
        path: this.where(table, path, values, offset),
        reason: `the column ${name} is null or missing, and is not nullable`
      }
    }
  }

  private mayWiden(column: Column, wider: Column["type"]): boolean {
    // A key turns into text as a whole, for an id too large for INTEGER; into REAL, where ids could meet, never.
    if (column.fixed && wider !== "text" && storage(column.type) !== storage(wider)) return false
    if (column.type === "unknown") return true
    // An integer too large for INTEGER is the one case in which a declared column gives way: it must arrive exact.
    if (column.declared) return column.type === "integer" && wider === "text"
    return !(wider === "real" && column.exact)
  }

  /** A place in the row as it came, e.g. `To.0.Email`: of the cells, the first `depth` are positions in lists. */
  private where(table: number, from: ReadonlyArray<string>, values: ReadonlyArray<SqlValue>, depth: number): string {
    const path: Array<SqlValue> = [...from]
    let at = table
    for (let i = depth - 1; i >= 0; i--) {
      const { parent, path: above } = this.slots.tables[at]!
      path.unshift(...above, values[i]!)
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

/** What is wrong with names of one row is no reason to refuse others: a reserved name, two lists that become one table. */
const refusing: ReadonlySet<RowError["reason"]> = new Set(["NameCollision", "Bounds"])

const keyStays = ", which is part of the primary key"

/** A value with everything that says where it is from and where it goes. */
interface Place {
  readonly level: Level
  readonly slot: Slot
  readonly column: Column
  readonly value: unknown
  readonly values: Array<SqlValue>
  readonly offset: number
}
