/**
 * What decoding may make of a row, back as what JSON could hold: `Date`, `Option`, classes, sets and maps by their contents.
 *
 * Stage Row, pure. Only for rows that a schema has rebuilt; a row that came from JSON needs none of this. Dates become ISO
 * 8601 texts, which `Flatten` stores as timestamps. What cannot be stored is refused, never dropped.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

/**
 * A value that has no place in a table.
 *
 * @since 0.1.0
 * @category models
 */
export class NotStorable {
  readonly path: ReadonlyArray<string>
  readonly what: string
  constructor(path: ReadonlyArray<string>, what: string) {
    this.path = path
    this.what = what
  }
}

/**
 * The plain value. Throws a `NotStorable`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const of = (value: unknown, path: ReadonlyArray<string> = []): unknown => {
  if (typeof value === "function" || typeof value === "symbol") throw new NotStorable(path, `a ${typeof value}`)
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map((item, i) => of(item, [...path, String(i)]))
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? fields(value, path) : instance(value, path)
}

/**
 * Whether a key `__proto__` is anywhere in a JSON value. A schema that rebuilds its objects loses it, and worse: takes it
 * for the object's prototype.
 *
 * @since 0.1.0
 * @category accessors
 */
export const hasPrototypeKey = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, "__proto__") || Object.values(value).some(hasPrototypeKey))

// --- internal ---

const fields = (value: object, path: ReadonlyArray<string>): unknown =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, of(inner, [...path, key])]))

const instance = (value: object, path: ReadonlyArray<string>): unknown => {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new NotStorable(path, "an invalid date")
    return value.toISOString()
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw new NotStorable(path, "a value of bytes")
  if (Option.isOption(value)) return of(Option.getOrNull(value), path)
  if (BigDecimal.isBigDecimal(value)) return BigDecimal.format(value)
  if (isIterable(value)) return of(Array.from(value), path)
  if ("toJSON" in value && typeof value.toJSON === "function") return of(value.toJSON(), path)
  return fields(value, path)
}

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value
