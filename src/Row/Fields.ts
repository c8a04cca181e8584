/**
 * Changes one field of a row by its path of keys, in a copy: what is not on the path is shared with the row that came.
 *
 * Stage Row, pure. A list on the way is passed through to each of its elements, so that nothing in it escapes. Knows no
 * JSONPath; decides nothing about the values.
 */
import * as Name from "./Name.ts"

/**
 * In place of a value: the field goes.
 *
 * @since 0.1.0
 * @category models
 */
export const removed: unique symbol = Symbol.for("sluice/Row/Fields/removed")

/**
 * The keys of a path: `address.city`, with or without a leading `$`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keys = (path: string): ReadonlyArray<string> => path.replace(/^\$\.?/, "").split(".")

/**
 * The row with `change` applied to every value at the path. What is not there stays so.
 *
 * A key is found by its exact name, then by the name of its column: `email` is `Email` where there is no `email`. A field to
 * be hidden must not be missed for the case of a letter.
 *
 * @since 0.1.0
 * @category combinators
 */
export const update = (row: unknown, path: ReadonlyArray<string>, change: (value: unknown) => unknown): unknown =>
  descend(row, path, 0, change)

/**
 * The row with a value at the path; objects on the way are made, and what is no object gives way to one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const set = (row: unknown, path: ReadonlyArray<string>, value: unknown): unknown => put(row, path, 0, value)

/**
 * The value at the path; `undefined` where it is missing, or a list lies on the way.
 *
 * @since 0.1.0
 * @category accessors
 */
export const get = (row: unknown, path: ReadonlyArray<string>): unknown => {
  let value = row
  for (const name of path) {
    if (!isObject(value)) return undefined
    const key = find(value, name)
    if (key === undefined) return undefined
    value = value[key]
  }
  return value
}

/**
 * The object, or each in a list of them, with some of its keys by other names, in their places. A key that had the name goes.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rename = (value: unknown, names: ReadonlyArray<readonly [from: string, to: string]>): unknown => {
  if (Array.isArray(value)) return mapItems(value, (item) => rename(item, names))
  if (!isObject(value)) return value
  const to = new Map<string, string>()
  for (const [from, name] of names) {
    const key = find(value, from)
    if (key !== undefined) to.set(key, name)
  }
  if (to.size === 0) return value
  const taken = new Set(to.values())
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const name = to.get(key)
      return name === undefined && taken.has(key) ? [] : [[name ?? key, inner]]
    })
  )
}

/**
 * Only these fields of an object.
 *
 * @since 0.1.0
 * @category combinators
 */
export const pick = (object: Record<string, unknown>, names: ReadonlyArray<string>): Record<string, unknown> => {
  const kept = new Set(names.map((name) => find(object, name)))
  return Object.fromEntries(Object.entries(object).filter(([key]) => kept.has(key)))
}

/**
 * @since 0.1.0
 * @category refinements
 */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// --- internal ---

const descend = (
  value: unknown,
  path: ReadonlyArray<string>,
  at: number,
  change: (value: unknown) => unknown
): unknown => {
  if (at === path.length) return change(value)
  if (Array.isArray(value)) return mapItems(value, (item) => descend(item, path, at, change))
  if (!isObject(value)) return value
  const key = find(value, path[at]!)
  if (key === undefined) return value
  const before = value[key]
  const after = descend(before, path, at + 1, change)
  if (after === removed) {
    const { [key]: _, ...rest } = value
    return rest
  }
  // A computed key is an own property whatever its name, `__proto__` among them; so is what is spread.
  return after === before ? value : { ...value, [key]: after }
}

const put = (value: unknown, path: ReadonlyArray<string>, at: number, to: unknown): unknown => {
  if (at === path.length) return to
  if (Array.isArray(value)) return value.map((item) => put(item, path, at, to))
  const object = isObject(value) ? value : {}
  const key = find(object, path[at]!) ?? path[at]!
  return { ...object, [key]: put(object[key], path, at + 1, to) }
}

const mapItems = (items: ReadonlyArray<unknown>, change: (item: unknown) => unknown): ReadonlyArray<unknown> => {
  let same = true
  const changed = items.map((item) => {
    const after = change(item)
    if (after !== item) same = false
    return after
  })
  return same ? items : changed
}

const find = (object: Record<string, unknown>, name: string): string | undefined => {
  if (Object.hasOwn(object, name)) return name
  const column = columnOf(name)
  for (const key in object) if (columnOf(key) === column) return key
  return undefined
}

const columns = new Map<string, string>()

/** Rows repeat their keys by the thousand, and naming takes longer than looking up. */
const columnOf = (key: string): string => {
  const known = columns.get(key)
  if (known !== undefined) return known
  if (columns.size >= 10_000) columns.clear()
  const name = Name.path(key)
  columns.set(key, name)
  return name
}
