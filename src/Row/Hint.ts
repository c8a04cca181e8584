/**
 * What is declared of columns by name, found by the names columns have: dlt's column hints.
 *
 * Stage Row, pure. A hint is of a column of the resource's table (`MessageID`, `message_id`, `address.city`, `address__city`)
 * or, behind `[]`, of a child table (`items[].price`; `tags[]` for the `value` of a list of scalars).
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
  /** The columns that are there whether or not a row has them. */
  readonly from: (table: string) => ReadonlyArray<readonly [column: string, hint: Hint]>
}

/**
 * `table`: the resource's own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (columns: ReadonlyArray<Column>, table: string): Hints => {
  const byTable = new Map<string, Map<string, { readonly hint: Hint; readonly made: boolean }>>()
  const add = (table: string, column: string, hint: Hint, made: boolean) => {
    const inTable = byTable.get(table) ?? new Map<string, { readonly hint: Hint; readonly made: boolean }>()
    inTable.set(column, { hint, made })
    byTable.set(table, inTable)
  }
  for (const column of columns) {
    const hint = of(column)
    const parts = column.name.split(/\[\*?\]/)
    const last = parts.at(-1)!.replace(/^\./, "")
    const tables = parts.slice(0, -1).map((part, i) => named(i === 0 ? part : part.replace(/^\./, ""), "list"))
    const into = [table, ...tables].join("__")
    // A key of the API may hold a dot itself; its column has another name, and comes with its first row.
    if (last.includes(".")) add(into, Name.path(last), hint, false)
    add(into, named(last, "value"), hint, hint.type !== undefined || hint.required)
  }
  return {
    of: (table, column) => byTable.get(table)?.get(column)?.hint,
    from: (table) =>
      [...(byTable.get(table) ?? [])].filter(([, { made }]) => made).map(([name, { hint }]) => [name, hint] as const)
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
