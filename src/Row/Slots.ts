/**
 * The working form of a `Shape`: for every key of a row, the column, object or child table its value goes to.
 *
 * Stage Row, no I/O. Mutable, because a page of rows grows it as it is read; every change can be undone, so that a rejected
 * row leaves no column and no type behind. `Flatten` walks it, `shape()` gives back the plain data.
 */
import type { Resource } from "../Resource.ts"
import * as Bounds from "./Bounds.ts"
import * as Hint from "./Hint.ts"
import { type Declared, type Hidden, isValue, Masks } from "./Masks.ts"
import * as Name from "./Name.ts"
import { RowError } from "./RowError.ts"
import type * as Shape from "./Shape.ts"
import { type Column, type Level, listPath, type Slot, type Table, keysTo, toShape } from "./Slot.ts"
import type { ColumnType } from "./Value.ts"

export type { Column, Level, Slot } from "./Slot.ts"

/**
 * @since 0.1.0
 * @category models
 */
export class Slots {
  readonly root: Level
  readonly tables: Array<Table> = []
  readonly masks: Masks
  private readonly isKey: (name: string) => boolean
  private readonly hints: Hint.Hints
  private undo: Array<() => unknown> = []
  private growing = false
  private grown = false
  private notices: Array<string> = []

  /** `evolving`: the walk that made the tables is still under way. `needed`: paths that children's requests are made of. */
  constructor(
    shape: Shape.Shape,
    resource: Declared & Pick<Resource, "json" | "columns">,
    evolving = false,
    needed: ReadonlyArray<string> = []
  ) {
    this.masks = new Masks(resource, needed)
    const keys = new Set(resource.primaryKey.fields.map((field) => Name.path(field.replaceAll(".", "__"))))
    this.isKey = (name) => keys.has(name)
    this.hints = Hint.compile(resource.columns, resource.json, shape.tables[0]!.name)
    const levels: Array<Level> = []
    for (const table of shape.tables) {
      const parent = levels[table.parent]
      const slot = parent === undefined ? undefined : this.find(parent, table.path)
      const closed = !evolving && table.columns.some(({ type, unclaimed }) => type !== "unknown" && unclaimed !== true)
      const level =
        slot === undefined ? this.addTable(table.name, -1, [], 0, undefined, closed) : this.open(parent!, slot, closed)
      levels.push(level)
      for (const column of table.columns) {
        const index = this.add(level.table, column)
        if (column.variant === true || column.unclaimed === true) continue
        const isInner = column.path.length === 0 && column.name === "list"
        ;(isInner ? level.inner! : this.find(level, column.path)).column = index
      }
    }
    this.root = levels[0]!
    this.commit()
    this.grown = false
  }

  /** Gives hinted columns their types, and makes those that are not there. After everything else is declared. */
  declareHinted(): void {
    this.tables.forEach((table, index) => {
      for (const column of table.columns) {
        const type = this.hintedType(table, column.name, keysTo(this.tables, index, column.path))
        if (type === undefined || column.variant) continue
        if (column.type !== type) {
          if (!Hint.mayBecome(column, type)) {
            this.notices.push(
              `the column ${column.name} stays ${column.type}: what it holds is not ${type}, which columns now says it is; to have it so, start the table over, or rebuild it from an archive`
            )
            continue
          }
          this.retype(column, type)
        }
        if (column.declared) continue
        column.declared = true
        this.grow(() => (column.declared = false))
      }
      this.addHinted(index)
    })
  }

  /** Makes the columns of which rows had to show in which table they are. */
  settleHinted(): void {
    for (const named of this.hints.settled(this.tables)) this.addHinted(named.table, [named])
    this.commit()
  }

  /** The slot of a key, made when it is new. */
  slot(level: Level, key: string): Slot {
    return level.slots.get(key) ?? this.addSlot(level, key)
  }

  /** The slot at a path of keys; the empty path is the item of a list itself. */
  find(level: Level, path: ReadonlyArray<string>): Slot {
    if (path.length === 0) return level.item!
    let at = level
    let slot = this.slot(at, path[0]!)
    for (const key of path.slice(1)) {
      at = this.object(at, slot)
      slot = this.slot(at, key)
    }
    return slot
  }

  /** Whether columns or tables stand for what a slot holds, so that a null in it needs no column of its own. */
  holds(slot: Slot): boolean {
    if (slot.column >= 0 || slot.list !== undefined) return true
    if (slot.object === undefined) return false
    for (const below of slot.object.slots.values()) if (this.holds(below)) return true
    return false
  }

  object(level: Level, slot: Slot): Level {
    if (slot.object !== undefined) return slot.object
    const made: Level = {
      table: level.table,
      path: slot.path,
      prefix: `${slot.name}__`,
      nesting: level.nesting + 1,
      slots: new Map(),
      mask: slot.mask,
      item: undefined,
      inner: undefined
    }
    this.change(() => (slot.object = undefined))
    slot.object = made
    return made
  }

  list(level: Level, slot: Slot): Level {
    if (slot.list !== undefined) return slot.list
    const made = this.open(level, slot, false)
    this.addHinted(made.table)
    return made
  }

  /**
   * Gives a slot its column. Another key of that name, seen in other rows, shares it: `Flatten` refuses a row that has both.
   */
  column(table: number, slot: Slot, type: ColumnType, declared: boolean): Column {
    const { columns, names, parent } = this.tables[table]!
    const other = names.get(slot.name)
    this.change(() => (slot.column = -1))
    if (other !== undefined) {
      slot.column = other
      this.lead(columns[other]!, slot)
      return columns[other]!
    }
    if ((parent < 0 ? reserved : reservedInChild).test(slot.name)) {
      throw new RowError({
        reason: "NameCollision",
        detail: `the key ${quoted(slot.path)} would become the column ${slot.name}, a name sluice keeps for itself`
      })
    }
    const hinted = this.hintedType(this.tables[table]!, slot.name, keysTo(this.tables, table, slot.path))
    slot.column = this.add(table, {
      name: slot.name,
      path: slot.path,
      type: hinted ?? type,
      declared: declared || hinted !== undefined
    })
    return columns[slot.column]!
  }

  /** Whether a value in a slot would be the first of a new column. */
  isNew(table: number, slot: Slot): boolean {
    return slot.column < 0 && !this.tables[table]!.names.has(slot.name)
  }

  /** The column for what does not fit another one, by what it is in dlt's words. */
  variant(
    table: number,
    of: Column,
    kind: string,
    type: ColumnType
  ): { readonly column: Column; readonly index: number } {
    const { columns, names } = this.tables[table]!
    const name = `${of.name}__v_${kind}`
    const index = names.get(name) ?? this.add(table, { name, path: of.path, type, declared: false, variant: true })
    return { column: columns[index]!, index }
  }

  retype(column: Column, type: ColumnType): void {
    const before = column.type
    column.type = type
    this.grow(() => (column.type = before))
  }

  markExact(column: Column): void {
    column.exact = true
    this.grow(() => (column.exact = false))
  }

  /** The table is made with these columns as its key. */
  fix(key: ReadonlyArray<number>): void {
    for (const index of key) this.tables[0]!.columns[index]!.fixed = true
  }

  /** The changes since the last commit stay. */
  commit(): void {
    if (this.undo.length === 0) return
    this.undo = []
    this.grown ||= this.growing
    this.growing = false
  }

  /** The changes since the last commit never were. */
  rollback(): void {
    for (const undo of this.undo.reverse()) undo()
    this.undo = []
    this.growing = false
  }

  /** Plain data again; the same object as `before` when nothing grew since. */
  shape(before: Shape.Shape): Shape.Shape {
    if (!this.grown) return before
    this.grown = false
    return toShape(this.tables)
  }

  /** What a reader of the receipt should know of columns since the last call, e.g. that two keys share one. */
  takeNotices(): ReadonlyArray<string> {
    const { notices } = this
    if (notices.length > 0) this.notices = []
    return notices
  }

  private change(undo: () => unknown): void {
    this.undo.push(undo)
  }

  /** A change that the shape shows. */
  private grow(undo: () => unknown): void {
    this.change(undo)
    this.growing = true
  }

  private addSlot(level: Level, key: string): Slot {
    Bounds.name(key, level.prefix)
    const path = [...level.path, key]
    const name = level.prefix + Name.path(key)
    const mask = this.masks.at(keysTo(this.tables, level.table, path), level.mask)
    const slot: Slot = {
      key,
      path,
      name,
      mask,
      pair: mask === undefined && isValue(key),
      json: this.hints.of(this.tables[level.table]!.name, name)?.type === "json",
      column: -1,
      object: undefined,
      list: undefined
    }
    level.slots.set(key, slot)
    // Keys of refused rows are forgotten: an API may think of new ones without end.
    this.change(() => level.slots.delete(key))
    return slot
  }

  private hintedType(table: Table, name: string, keys: ReadonlyArray<string>): ColumnType | undefined {
    const type = this.hints.of(table.name, name)?.type
    if (type === undefined) return undefined
    const mask = keys.reduce<Hidden | undefined>((above, _, i) => this.masks.at(keys.slice(0, i + 1), above), undefined)
    return typeUnder(mask, type)
  }

  private addHinted(table: number, columns = this.hints.from(this.tables[table]!.name)): void {
    for (const { column: name, hint } of columns) {
      if (this.tables[table]!.names.has(name)) continue
      const type = this.hintedType(this.tables[table]!, name, keysTo(this.tables, table, [name]))
      const declared = hint.type !== undefined
      this.add(table, { name, path: [name], type: type ?? "unknown", declared, unclaimed: true })
    }
  }

  private add(table: number, made: Shape.Column): number {
    const { columns, name: into, names, parent, required } = this.tables[table]!
    const hint = this.hints.of(into, made.name)
    const isKey = parent < 0 && this.isKey(made.name)
    if (isKey && made.type === "binary") {
      throw new RowError({
        reason: "Hint",
        detail: `columns: ${made.name} is part of the primary key, and cannot be binary`
      })
    }
    Bounds.column(this.tables, table)
    const index = columns.length
    columns.push({
      name: made.name,
      path: made.path,
      type: made.type,
      declared: made.declared,
      exact: made.exact ?? false,
      fixed: false,
      isKey,
      hinted: hint !== undefined,
      limits: hint?.limits,
      unclaimed: made.unclaimed ?? false,
      variant: made.variant ?? false,
      sources: made.unclaimed === true ? [] : [quoted(made.path)]
    })
    names.set(made.name, index)
    // Made with its table, so a row that is refused cannot take it back.
    if (hint?.required === true) required.push(index)
    this.grow(() => {
      columns.pop()
      names.delete(made.name)
    })
    return index
  }

  /** Another key leads to a column. */
  private lead(column: Column, slot: Slot): void {
    column.sources.push(quoted(slot.path))
    this.change(() => void column.sources.pop())
    if (!column.unclaimed) {
      this.notices.push(`the keys ${column.sources.join(" and ")} share the column ${slot.name}`)
      this.change(() => void this.notices.pop())
      return
    }
    const { path } = column
    column.path = slot.path
    column.unclaimed = false
    this.grow(() => {
      column.path = path
      column.unclaimed = true
    })
  }

  private open(level: Level, slot: Slot, closed: boolean): Level {
    const name = `${this.tables[level.table]!.name}__${slot.path.length === 0 ? "list" : slot.name}`
    const other = this.tables.find((table) => table.name === name)
    if (other !== undefined) {
      throw new RowError({
        reason: "NameCollision",
        detail:
          `the lists at "${listPath(this.tables, other.parent, other.path)}" and ` +
          `"${listPath(this.tables, level.table, slot.path)}" both become the table ${name}`
      })
    }
    // A list in a list counts twice in dlt, which makes a row of it in between.
    const nesting = this.tables[level.table]!.nesting + (slot.path.length === 0 ? 2 : 1)
    const made = this.addTable(name, level.table, slot.path, nesting, slot.mask, closed)
    this.change(() => (slot.list = undefined))
    slot.list = made
    return made
  }

  private addTable(
    name: string,
    parent: number,
    path: ReadonlyArray<string>,
    nesting: number,
    mask: Hidden | undefined,
    closed: boolean
  ): Level {
    Bounds.table(this.tables)
    const index = this.tables.length
    this.tables.push({ name, parent, path, nesting, columns: [], names: new Map(), required: [], blank: [], closed })
    if (parent >= 0) this.grow(() => (this.tables.length = index))
    const item = (name: string, json: boolean): Slot | undefined =>
      parent < 0
        ? undefined
        : { key: name, path: [], name, mask, pair: false, json, column: -1, object: undefined, list: undefined }
    return {
      table: index,
      path: [],
      prefix: "",
      nesting,
      slots: new Map(),
      mask,
      item: item("value", false),
      inner: item("list", true)
    }
  }
}

/**
 * The type of a column that is said to be of another one: masks are text. Numbers under `tokens` are counts, and stay.
 *
 * @since 0.1.0
 * @category combinators
 */
export const typeUnder = (mask: Hidden | undefined, type: ColumnType): ColumnType =>
  type !== "json" && (mask === "declared" || mask === "secret") ? "text" : type

// --- internal ---

const reserved = /^_sluice/
const reservedInChild = /^(_sluice|_parent_)|^_idx$/

const quoted = (path: ReadonlyArray<string>): string => JSON.stringify(path.join("."))
