/**
 * What is said of one column beside what its values show: dlt's column hints.
 *
 * Part of what is declared. Stage Row acts on it.
 */

/**
 * dlt's names of types. What a value must be, and what is stored:
 *
 * - `text` `bigint` `double` `bool` as inferred ones, but digits, words and hexadecimal in texts are read too
 * - `timestamp` UTC of fixed width, also from a date or seconds since 1970 · `date` `YYYY-MM-DD` · `time` `HH:MM:SS.nnnnnnnnn`
 * - `decimal` exact digits as text · `wei` the same without a fraction · `json` one JSON text · `binary` a BLOB, of Base64 or `0x…`
 *
 * @since 0.1.0
 * @category models
 */
export type DataType =
  | "text"
  | "bigint"
  | "double"
  | "bool"
  | "timestamp"
  | "date"
  | "time"
  | "decimal"
  | "json"
  | "binary"
  | "wei"

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  /**
   * Field as the API writes it, or its column: `MessageID`, `message_id`, `address.city`, `address__city`. `items[].price` is of
   * the list `items`, `tags[]` of what a list of scalars holds.
   */
  readonly name: string
  /** `undefined`: as its values show. */
  readonly dataType?: DataType | undefined
  /** `false`: a row without it is refused. `true` unless said otherwise. */
  readonly nullable?: boolean | undefined
  /** Of a `decimal`: digits at most, in all. A value with more refuses its row. */
  readonly precision?: number | undefined
  /** Of a `decimal`: digits behind the point, written always; nothing is rounded. */
  readonly scale?: number | undefined
  /** `false`: a timestamp is UTC without its `Z`. */
  readonly timezone?: boolean | undefined
  readonly unique?: boolean | undefined
  readonly description?: string | undefined
}
