/**
 * What is said of one column beside what its values show: dlt's column hints.
 *
 * Part of what is declared. Stage Row acts on it.
 */

/**
 * dlt's names of types.
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
  /** Field as the API writes it, or its column: `MessageID`, `message_id`, `address__city`. */
  readonly name: string
  /** `undefined`: as its values show. */
  readonly dataType?: DataType | undefined
  /** `false`: a row without it is refused. `true` unless said otherwise. */
  readonly nullable?: boolean | undefined
  readonly precision?: number | undefined
  readonly scale?: number | undefined
  /** `false`: a timestamp is kept as wall-clock time. */
  readonly timezone?: boolean | undefined
  readonly unique?: boolean | undefined
  readonly description?: string | undefined
}
