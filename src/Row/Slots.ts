/**
 * The working form of a `Shape`: for every key of a row, the column, object or child table its value goes to.
 *
 * Stage Row, no I/O. Mutable, because a page of rows grows it as it is read; every change can be undone, so that a rejected
 * row leaves no column and no type behind. `Flatten` walks it, `shape()` gives back the plain data.
 */
import * as Name from "./Name.ts"
import { RowError } from "./RowError.ts"
import type * as Shape from "./Shape.ts"
import type { ColumnType } from "./Value.ts"

/**
 * Where the values of one key go; one key may hold a scalar in one row and a list in another.
 *
 * @since 0.1.0
 * @category models
 */
export interface Slot {
  readonly key: string
  readonly path: ReadonlyArray<string>
  /** Name of the column, and prefix of what lies below. */
  readonly name: string
  readonly mask: boolean
  /** Kept as one JSON text, whatever it holds. */
  readonly json: boolean
  /** Index into the table's columns; -1 while there is none. */
  column: number
  object: Level | undefined
  list: Level | undefined
}

/**
 * One object within one table: the row itself, or an object flattened into it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Level {
  readonly table: number
  readonly path: ReadonlyArray<string>
  /** `""` for the row itself, else `a__b__`. */
  readonly prefix: string
  /** Objects and lists above; compared with `maxTableNesting`. */
  readonly nesting: number
  readonly slots: Map<string, Slot>
  /** Only in child tables: where scalars in the list go, and lists in the list. */
  readonly item: Slot | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly name: string
  readonly path: ReadonlyArray<string>
  type: ColumnType
  readonly declared: boolean
  exact: boolean
  /** Part of the key of a table that is there: its storage can change to text, and to nothing else. */
  fixed: boolean
  /** Every key that has led here, quoted for messages. */
  readonly sources: Array<string>
}

interface Table {
  readonly name: string
  readonly parent: number
  readonly path: ReadonlyArray<string>
  /** That of its rows; lists in an object of a row count from the row. */
  readonly nesting: number
  readonly columns: Array<Column>
  readonly names: Map<string, number>
}

/**
 * @since 0.1.0
 * @category models
 */
export class Slots {
  readonly root: Level
  readonly tables: Array<Table> = []
  /** Whether a top-level key holds credentials. */
  readonly isMasked: (key: string) => boolean
  private readonly isJson: (key: string) => boolean
  private undo: Array<() => void> = []
  private growing = false
  private grown = false
  private shared: Array<string> = []

  constructor(
    shape: Shape.Shape,
    fields: { readonly mask: ReadonlyArray<string>; readonly json: ReadonlyArray<string> }
  ) {
    this.isMasked = Name.among(fields.mask)
    this.isJson = Name.among(fields.json)
    const levels: Array<Level> = []
    for (const table of shape.tables) {
      const parent = levels[table.parent]
      const slot = parent === undefined ? undefined : this.find(parent, table.path)
      const level = slot === undefined ? this.addTable(table.name, -1, [], 0, false) : this.list(parent!, slot)
      levels.push(level)
      for (const column of table.columns) {
        const at = this.find(level, column.path)
        this.column(level.table, at, column.type, column.declared)
        this.tables[level.table]!.columns[at.column]!.exact = column.exact ?? false
      }
    }
    this.root = levels[0]!
    this.commit()
    this.grown = false
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
      item: undefined
    }
    this.change(() => (slot.object = undefined))
    slot.object = made
    return made
  }

  list(level: Level, slot: Slot): Level {
    if (slot.list !== undefined) return slot.list
    const name = `${this.tables[level.table]!.name}__${slot.path.length === 0 ? "list" : slot.name}`
    const other = this.tables.find((table) => table.name === name)
    if (other !== undefined) {
      throw new RowError({
        reason: "NameCollision",
        detail:
          `the lists at "${this.listPath(other.parent, other.path)}" and ` +
          `"${this.listPath(level.table, slot.path)}" both become the table ${name}`
      })
    }
    const made = this.addTable(name, level.table, slot.path, this.tables[level.table]!.nesting + 1, slot.mask)
    this.change(() => (slot.list = undefined))
    slot.list = made
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
      const column = columns[other]!
      slot.column = other
      column.sources.push(quoted(slot.path))
      this.change(() => void column.sources.pop())
      this.shared.push(`the keys ${column.sources.join(" and ")} share the column ${slot.name}`)
      this.change(() => void this.shared.pop())
      return column
    }
    if ((parent < 0 ? reserved : reservedInChild).test(slot.name)) {
      throw new RowError({
        reason: "NameCollision",
        detail: `the key ${quoted(slot.path)} would become the column ${slot.name}, a name sluice keeps for itself`
      })
    }
    const column: Column = {
      name: slot.name,
      path: slot.path,
      type,
      declared,
      exact: false,
      fixed: false,
      sources: [quoted(slot.path)]
    }
    slot.column = columns.length
    columns.push(column)
    names.set(slot.name, slot.column)
    this.grow(() => {
      columns.pop()
      names.delete(slot.name)
    })
    return column
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
    return {
      tables: this.tables.map(({ columns, name, parent, path }) => ({
        name,
        parent,
        path,
        columns: columns.map(({ declared, exact, name, path, type }) => ({
          name,
          path,
          type,
          declared,
          ...(exact ? { exact } : {})
        }))
      }))
    }
  }

  /** What keys came to share a column since the last call. */
  takeShared(): ReadonlyArray<string> {
    const { shared } = this
    if (shared.length > 0) this.shared = []
    return shared
  }

  private change(undo: () => void): void {
    this.undo.push(undo)
  }

  /** A change that the shape shows. */
  private grow(undo: () => void): void {
    this.change(undo)
    this.growing = true
  }

  private addSlot(level: Level, key: string): Slot {
    const path = [...level.path, key]
    const slot: Slot = {
      key,
      path,
      name: level.prefix + Name.path(key),
      mask: this.isMasked(this.topKey(level) ?? key),
      json: level.table === 0 && level.path.length === 0 && this.isJson(key),
      column: -1,
      object: undefined,
      list: undefined
    }
    level.slots.set(key, slot)
    return slot
  }

  private addTable(name: string, parent: number, path: ReadonlyArray<string>, nesting: number, mask: boolean): Level {
    const index = this.tables.length
    this.tables.push({ name, parent, path, nesting, columns: [], names: new Map() })
    if (parent >= 0) {
      this.grow(() => {
        this.tables.length = index
      })
    }
    const item: Slot = {
      key: "value",
      path: [],
      name: "value",
      mask,
      json: false,
      column: -1,
      object: undefined,
      list: undefined
    }
    const level: Level = {
      table: index,
      path: [],
      prefix: "",
      nesting,
      slots: new Map(),
      item: parent < 0 ? undefined : item
    }
    return level
  }

  /** Where in a row a list is, e.g. `a[].b`; for messages. */
  private listPath(table: number, path: ReadonlyArray<string>): string {
    const { parent, path: above } = this.tables[table]!
    return (parent < 0 ? path : [`${this.listPath(parent, above)}[]`, ...path]).join(".")
  }

  /** The top-level key that a level lies below; `undefined` for the row itself. */
  private topKey(level: Level): string | undefined {
    let table = level.table
    let top = level.path[0]
    while (table > 0) {
      top = this.tables[table]!.path[0] ?? top
      table = this.tables[table]!.parent
    }
    return top
  }
}

// --- internal ---

const reserved = /^_sluice/
const reservedInChild = /^(_sluice|_parent_)|^_idx$/

const quoted = (path: ReadonlyArray<string>): string => JSON.stringify(path.join("."))
