/**
 * What is declared of columns by name, found by the names columns have: dlt's column hints.
 *
 * Stage Row, pure. A hint is of a column of the resource's table (`MessageID`, `message_id`, `address.city`, `address__city`)
 * or, behind `[]`, of a child table (`items[].price`; `tags[]` for the `value` of a list of scalars). `items__price` may be
 * either, as the rows show.
 */
import type { Column } from "../Resource/Column.ts"
import type { Limits } from "./Decimal.ts"
import * as Name from "./Name.ts"
import { type ColumnType, storage } from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Hint {
  /** `undefined`: as the values show. */
  readonly type: ColumnType | undefined
  /** A row without it is refused. */
  readonly required: boolean
  readonly limits: Limits | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Hints {
  readonly of: (table: string, column: string) => Hint | undefined
  /** The columns of a table that are there whether or not a row has them. */
  readonly from: (table: string) => ReadonlyArray<Named>
  /** As `from`, for names that may be of an object or of a list, once `tables` show which. */
  readonly settled: (
    tables: ReadonlyArray<{ readonly name: string }>
  ) => ReadonlyArray<Named & { readonly table: number }>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Named {
  readonly column: string
  readonly hint: Hint
}

/**
 * `table`: the resource's own. `json`: top-level fields kept as JSON.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (columns: ReadonlyArray<Column>, json: ReadonlyArray<string>, table: string): Hints => {
  const byTable = new Map<string, Map<string, Entry>>()
  const add = (table: string, column: string, hint: Hint, made: Entry["made"]) => {
    const inTable = byTable.get(table) ?? new Map<string, Entry>()
    inTable.set(column, { hint, made })
    byTable.set(table, inTable)
  }
  for (const field of json) add(table, Name.path(field), { type: "json", required: false, limits: undefined }, "now")
  for (const column of columns) {
    const hint = of(column)
    const parts = column.name.split(/\[\*?\]/).map((part, i) => (i === 0 ? part : part.replace(/^\./, "")))
    const last = parts.at(-1)!
    const into = [table, ...parts.slice(0, -1).map((part) => named(part, "list"))].join("__")
    const name = named(last, "value")
    // A key of the API may hold a dot itself; its column has another name, and comes with its first row.
    if (last.includes(".")) add(into, Name.path(last), { ...hint, required: false }, "never")
    const isOpen = parts.length === 1 && name.includes("__") && !last.includes(".") && !hint.required
    add(into, name, hint, hint.type === undefined && !hint.required ? "never" : isOpen ? "later" : "now")
  }
  const all = (table: string, when: Entry["made"]) =>
    [...(byTable.get(table) ?? [])].flatMap(([column, { hint, made }]) => (made === when ? [{ column, hint }] : []))
  return {
    of: (into, column) => {
      const own = byTable.get(into)?.get(column)?.hint
      if (own !== undefined || !into.startsWith(`${table}__`)) return own
      const above = byTable.get(table)?.get(`${into.slice(table.length + 2)}__${column}`)?.hint
      return above === undefined ? undefined : { ...above, required: false }
    },
    from: (table) => all(table, "now"),
    settled: (tables) =>
      all(table, "later").map(({ column, hint }) => {
        const whole = `${table}__${column}`
        const at = tables.findLastIndex(({ name }, i) => i > 0 && whole.startsWith(`${name}__`))
        return at < 0
          ? { table: 0, column, hint }
          : { table: at, column: whole.slice(tables[at]!.name.length + 2), hint }
      })
  }
}

/**
 * Whether everything that a column of an earlier run holds is of the other type as well.
 *
 * @since 0.1.0
 * @category accessors
 */
export const mayBecome = (
  { exact, fixed, type }: { readonly exact: boolean; readonly fixed: boolean; readonly type: ColumnType },
  to: ColumnType
): boolean => {
  if (fixed) return type === "integer" && to === "text"
  if (type === "unknown") return true
  if (type === "integer") return to === "text" || to === "decimal" || to === "wei" || (to === "real" && !exact)
  return (type === "boolean" && to === "integer") || (to === "text" && storage(type) === "TEXT")
}

// --- internal ---

interface Entry {
  readonly hint: Hint
  /** When its column is made, if no row brings it. */
  readonly made: "now" | "later" | "never"
}

const of = ({ dataType, nullable, precision, scale, timezone }: Column): Hint => ({
  type:
    dataType === undefined ? undefined : dataType === "timestamp" && timezone === false ? "datetime" : types[dataType],
  required: nullable === false,
  limits: dataType === "decimal" && (precision ?? scale) !== undefined ? { precision, scale } : undefined
})

const types = {
  text: "text",
  bigint: "integer",
  double: "real",
  bool: "boolean",
  timestamp: "timestamp",
  date: "date",
  time: "time",
  decimal: "decimal",
  json: "json",
  binary: "binary",
  wei: "wei"
} as const satisfies Record<NonNullable<Column["dataType"]>, ColumnType>

const named = (path: string, empty: string): string => (path === "" ? empty : path.split(".").map(Name.path).join("__"))
