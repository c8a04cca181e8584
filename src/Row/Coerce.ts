/**
 * A value that is not of its column's type, as one that is: the texts, numbers and dates that dlt too takes for each other.
 *
 * Stage Row, pure; asked only after `Value.coerce` said no. Loses nothing that counts: numbers are not rounded, and what a
 * hint asked for (a date of a date-time, UTC without its zone) is done. Decides nothing about what becomes of what fits not.
 */
import * as Json from "../Fetch/Json.ts"
import * as Decimal from "./Decimal.ts"
import * as Moment from "./Moment.ts"
import { type ColumnType, fitsInt64, type SqlValue } from "./Value.ts"
import * as Words from "./Words.ts"

/**
 * Where a value is to go.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly type: ColumnType
  /** Its type was asked for, not seen: what reads as a number is one, whatever its zeros in front. */
  readonly declared: boolean
  /** Holds a key: two spellings of a number must not become one row. */
  readonly isKey: boolean
  readonly limits: Decimal.Limits | undefined
}

/**
 * The cell, or `undefined` where the value (not null) is none of that type.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parse = ({ declared, isKey, limits, type }: Target, value: unknown): SqlValue | undefined => {
  if (isKey && !declared) return undefined
  switch (type) {
    case "text":
      return typeof value === "object" ? Json.stringify(value) : undefined
    case "integer":
      return integer(value, declared)
    case "real":
      return Words.double(value)
    case "boolean":
      return boolean(value, declared)
    case "timestamp":
      return Moment.timestamp(value)
    case "datetime":
      return Moment.timestamp(value)?.slice(0, -1)
    case "date":
      return Moment.date(value)
    case "time":
      return Moment.time(value)
    case "decimal":
      return decimal(value, limits ?? {})
    case "wei":
      return decimal(value, { scale: 0 })
    case "binary":
      return binary(value)
    default:
      return undefined
  }
}

// --- internal ---

const integer = (value: unknown, declared: boolean): SqlValue | undefined => {
  // Where nobody said it is a number, `007` may be a code.
  if (!declared && typeof value === "string" && /^\s*[+-]?0\d/.test(value)) return undefined
  const number = Words.integer(value)
  return typeof number === "bigint" && !fitsInt64(number) ? undefined : number
}

const boolean = (value: unknown, declared: boolean): SqlValue | undefined => {
  if (!declared && typeof value !== "string") return undefined
  const is = Words.yesOrNo(value)
  return is === undefined ? undefined : Number(is)
}

const decimal = (value: unknown, limits: Decimal.Limits): SqlValue | undefined => {
  const number = typeof value === "string" ? (Words.integer(value) ?? value) : value
  if (typeof number !== "string" && typeof number !== "number" && typeof number !== "bigint") return undefined
  const exact = Decimal.canonical(number)
  return exact === undefined ? undefined : Decimal.within(exact, limits)
}

/** Hexadecimal with `0x`, or Base64 with its padding. */
const binary = (value: unknown): SqlValue | undefined => {
  if (typeof value !== "string") return undefined
  const hex = /^0x((?:[\da-f]{2})*)$/i.exec(value)?.[1]
  if (hex !== undefined) return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(value)) return undefined
  return Uint8Array.from(atob(value), (byte) => byte.charCodeAt(0))
}
