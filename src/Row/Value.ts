/**
 * What a cell can hold, and how a JSON value gets there: types, inference, coercion.
 *
 * Stage Row, pure. A value that does not fit its column without loss is reported, never bent; text takes every scalar.
 */
import * as Either from "effect/Either"
import * as Json from "../Fetch/Json.ts"
import * as Timestamp from "./Timestamp.ts"

/**
 * A value every SQLite driver binds alike.
 *
 * @since 0.1.0
 * @category models
 */
export type SqlValue = string | number | bigint | Uint8Array | null

/**
 * Logical type of a column. `unknown`: only ever seen as null. `boolean` is stored as 0/1, `timestamp` and `json` as text.
 *
 * Those of the second line come from hints only, and `Coerce` makes their cells: `datetime` is a timestamp without a zone,
 * `decimal` and `wei` are texts of digits, `binary` is bytes.
 *
 * @since 0.1.0
 * @category models
 */
export type ColumnType =
  | ("text" | "integer" | "real" | "boolean" | "timestamp" | "json" | "unknown")
  | ("datetime" | "date" | "time" | "decimal" | "wei" | "binary")

/**
 * Type in a STRICT table.
 *
 * @since 0.1.0
 * @category accessors
 */
export const storage = (type: ColumnType): "TEXT" | "INTEGER" | "REAL" | "BLOB" => {
  switch (type) {
    case "integer":
    case "boolean":
      return "INTEGER"
    case "real":
      return "REAL"
    case "binary":
      return "BLOB"
    default:
      return "TEXT"
  }
}

/**
 * The type a column gets from its first value that is not null.
 *
 * @since 0.1.0
 * @category accessors
 */
export const infer = (value: unknown): ColumnType => {
  switch (typeof value) {
    case "string":
      return Timestamp.normalise(value) === undefined ? "text" : "timestamp"
    case "boolean":
      return "boolean"
    case "bigint":
      return fitsInt64(value) ? "integer" : "text"
    case "number":
      return Number.isSafeInteger(value) ? "integer" : "real"
    default:
      return "json"
  }
}

/**
 * The result of `coerce` for a value that does not fit: the wider type that would take it, or none.
 *
 * @since 0.1.0
 * @category models
 */
export class Misfit {
  readonly wider: ColumnType | undefined
  constructor(wider: ColumnType | undefined) {
    this.wider = wider
  }
}

/**
 * A JSON value (not null) as a cell of a column. Never loses: a fraction in an integer column, a word in a number column or
 * an integer too large for the type come back as a `Misfit`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const coerce = (type: ColumnType, value: unknown): SqlValue | Misfit => {
  switch (type) {
    case "text":
      return typeof value === "string" ? wellFormed(value) : typeof value === "object" ? unfit : String(value)
    case "integer":
      return integer(value)
    case "real":
      return real(value)
    case "boolean":
      return boolean(value)
    case "timestamp":
      return timestamp(value)
    case "json":
      return json(value)
    case "unknown":
      return new Misfit(infer(value))
    default:
      return unfit
  }
}

/**
 * Whether an integer is within SQLite's INTEGER.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fitsInt64 = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 63n

/**
 * The type of a JSON value in dlt's words, as a variant column's name ends: one whose every value fits the same column.
 *
 * @since 0.1.0
 * @category accessors
 */
export const kind = (value: unknown): "text" | "bool" | "bigint" | "double" | "json" => {
  switch (typeof value) {
    case "string":
      return "text"
    case "boolean":
      return "bool"
    case "bigint":
      return fitsInt64(value) ? "bigint" : "text"
    case "number":
      return Number.isSafeInteger(value) ? "bigint" : "double"
    default:
      return "json"
  }
}

/**
 * What a value is, in words that do not show it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const describe = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return value === "***" ? "a masked value (***)" : "a text"
    case "boolean":
      return "a boolean"
    case "bigint":
      return "an integer beyond 2^53"
    case "number":
      if (Number.isInteger(value)) return "an integer"
      return Number.isFinite(value) ? "a fraction" : "a number beyond the range of REAL"
    case "undefined":
      return "nothing"
    default:
      return value === null ? "null" : Array.isArray(value) ? "a list" : "an object"
  }
}

/**
 * Whether a text has no half of a surrogate pair in it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isWellFormed = (text: string): boolean => (text as string & WellFormed).isWellFormed()

// --- internal ---

/**
 * Half a surrogate pair has no UTF-8, and drivers store U+FFFD for it: here once, so that a key is looked up by what is stored.
 */
const wellFormed = (text: string): string => {
  const { isWellFormed, toWellFormed } = text as string & WellFormed
  return isWellFormed.call(text) ? text : toWellFormed.call(text)
}

/** ECMAScript 2024, in every runtime that sluice runs on. */
interface WellFormed {
  readonly isWellFormed: () => boolean
  readonly toWellFormed: () => string
}

const unfit = new Misfit(undefined)
const toReal = new Misfit("real")
const toText = new Misfit("text")

const decimal = /^-?(0|[1-9]\d*)(\.\d+)?$/

const integer = (value: unknown): SqlValue | Misfit => {
  switch (typeof value) {
    case "number":
      // `+ 0` turns -0 into 0, which some drivers would store as a REAL.
      return Number.isSafeInteger(value) ? value + 0 : toReal
    case "bigint":
      return fitsInt64(value) ? value : toText
    case "string": {
      if (!/^(0|-?[1-9]\d*)$/.test(value)) return decimal.test(value) ? toReal : unfit
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : integer(BigInt(value))
    }
    default:
      return unfit
  }
}

const real = (value: unknown): SqlValue | Misfit => {
  switch (typeof value) {
    case "number":
      // JSON knows no infinity, but 1e999 parses to one; SQLite would store NaN as null. `+ 0` turns -0 into 0.
      return Number.isFinite(value) ? value + 0 : unfit
    case "string":
      return decimal.test(value) && String(Number(value)) === value ? Number(value) : unfit
    default:
      return unfit
  }
}

const boolean = (value: unknown): SqlValue | Misfit => {
  switch (typeof value) {
    case "boolean":
      return value ? 1 : 0
    case "number":
      return value === 0 || value === 1 ? value + 0 : unfit
    case "string":
      return value === "true" ? 1 : value === "false" ? 0 : unfit
    default:
      return unfit
  }
}

/** A text that holds an object or a list is that, as it is to dlt: some APIs send their JSON as text. */
const json = (value: unknown): SqlValue => {
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    const parsed = Json.parse(value)
    if (Either.isRight(parsed)) return Json.stringify(parsed.right)
  }
  return Json.stringify(value)
}

const timestamp = (value: unknown): SqlValue | Misfit =>
  typeof value === "string" ? (Timestamp.normalise(value) ?? toText) : typeof value === "object" ? unfit : toText
