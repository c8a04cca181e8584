/**
 * What is done to each row between the API and its table: filters, maps and explosions, as data or as functions.
 *
 * Part of what is declared. `Row/Process` runs them, in the order they are written.
 */

/**
 * A comparison on a value of the row. With several matches of the path, one that holds is enough; with none, only `missing`,
 * `ne` and `not_in` hold. To `exists` and `missing` a null is not there. `matches` is RE2's syntax, and finds its pattern
 * anywhere in the text.
 *
 * @since 0.1.0
 * @category models
 */
export interface Comparison {
  /** JSONPath in the row. */
  readonly path: string
  readonly op:
    | "eq"
    | "ne"
    | "lt"
    | "le"
    | "gt"
    | "ge"
    | "in"
    | "not_in"
    | "contains"
    | "starts_with"
    | "ends_with"
    | "matches"
    | "exists"
    | "missing"
  readonly value?: unknown
}

/**
 * @since 0.1.0
 * @category models
 */
export type Predicate =
  | Comparison
  | { readonly all: ReadonlyArray<Predicate> }
  | { readonly any: ReadonlyArray<Predicate> }
  | { readonly not: Predicate }

/**
 * Changes of a row, applied in the order of the fields here. Names are paths of object keys (`address.city`); a list on the
 * way is passed through to each of its elements. `cast` to `json` reads a text of JSON, the others refuse what does not fit.
 *
 * @since 0.1.0
 * @category models
 */
export interface Changes {
  /** From old to new name. */
  readonly rename?: Readonly<Record<string, string>> | undefined
  readonly drop?: ReadonlyArray<string> | undefined
  /** Only these top-level fields stay. */
  readonly keep?: ReadonlyArray<string> | undefined
  readonly set?: Readonly<Record<string, unknown>> | undefined
  readonly cast?: Readonly<Record<string, "text" | "integer" | "float" | "boolean" | "json">> | undefined
  /** Replaced by the SHA-256 of the text, in hexadecimal; of a list, each element. */
  readonly hash?: ReadonlyArray<string> | undefined
  /** Makes `hash` HMAC-SHA-256 with this key: short values cannot be found by trying. */
  readonly hashSalt?: string | undefined
  /** Replaced by `***`. */
  readonly redact?: ReadonlyArray<string> | undefined
}

/**
 * One step. `explode` makes a row of each element of a list: an object's fields go over those of the row, anything else
 * takes the list's place; a row whose list is empty or missing stays as it is without `explode`'s field.
 *
 * @since 0.1.0
 * @category models
 */
export type Step =
  | { readonly filter: Predicate | ((row: unknown) => boolean) }
  | { readonly map: Changes | ((row: unknown) => unknown) }
  | { readonly explode: string | ((row: unknown) => Iterable<unknown>) }
