/**
 * `columns`, keys and dispositions: dlt's words from other tools' words for the same.
 */
import { Column } from "../../Spec/Grammar/Column.ts"
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"

/**
 * dlt's name of a type, from anybody's; `undefined`: no type anybody knows.
 *
 * @since 0.1.0
 * @category accessors
 */
export const dataType = (word: string): string | undefined => types[Keys.plain(word)]

/**
 * @since 0.1.0
 * @category combinators
 */
export const columns = (resource: Value.Dict, log: Finding.Log, path: string): void => {
  Keys.pick(resource, "columns", ["schema"], log, path)
  const entry = Value.entry(resource, "columns")
  if (entry === undefined) return
  const at = Keys.join(path, "columns")
  const properties = entry.value._tag === "Dict" ? Value.dictAt(entry.value, "properties") : undefined
  if (properties !== undefined) {
    entry.value = properties
    log.repair("mapped", properties.at, at, "the properties of a JSON Schema are columns", entry)
  }
  if (entry.value._tag === "Code") {
    const model = entry.value.meaning?.columns
    if (model === undefined) {
      Value.take(resource, "columns")
      log.todo(
        "code",
        entry.at,
        at,
        `\`${entry.value.source}\` is a class or a function: write the columns as an object`,
        resource
      )
      return
    }
    log.repair("mapped", entry.at, at, `the fields of \`${entry.value.source}\` as columns`, entry)
    entry.value = Value.copy(model)
  }
  const items =
    entry.value._tag === "Dict"
      ? entry.value.entries.map(({ key, value }) => [key, value] as const)
      : entry.value._tag === "List"
        ? entry.value.items.map((value, index) => [index, value] as const)
        : []
  if (entry.value._tag === "Text" || entry.value._tag === "Scalar") {
    Value.take(resource, "columns")
    if (!Value.isNull(entry.value)) log.todo("unsupported", entry.at, at, "are no columns", resource)
    return
  }
  for (const [key, value] of items) {
    const place = Keys.join(at, key)
    if (value._tag === "Text" && entry.value._tag === "Dict" && typeof key === "string") {
      // `{ id: integer }`
      const type = dataType(value.text)
      if (type !== undefined) {
        const made = Value.set(entry.value, key, Value.dict([["data_type", Value.text(type, value.at)]], value.at))
        log.repair("mapped", value.at, place, "a type by itself is a `data_type`", made)
      }
      continue
    }
    if (value._tag !== "Dict") continue
    Keys.pick(value, "data_type", ["type", "dtype"], log, place)
    const type = Value.entry(value, "data_type")
    const word = typeWord(type?.value)
    const format = Value.textOf(Value.get(value, "format"))
    const dated = format === "date-time" ? "timestamp" : format === "date" ? "date" : undefined
    const meant = word === undefined ? undefined : (dated ?? dataType(word))
    if (type !== undefined && meant !== undefined && meant !== Value.textOf(type.value)) {
      type.value = Value.text(meant, type.value.at)
      log.repair("mapped", type.at, Keys.join(place, "data_type"), `\`${word}\` is called \`${meant}\` here`, type)
    }
    Keys.tidy(value, known, log, place)
  }
}

/**
 * `primary_key` and `merge_key`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const keys = (resource: Value.Dict, log: Finding.Log, path: string): void => {
  Keys.pick(resource, "primary_key", ["primary_keys", "pk", "key", "unique_key"], log, path)
  for (const key of ["primary_key", "merge_key"]) {
    const entry = Value.entry(resource, key)
    if (entry === undefined) continue
    const at = Keys.join(path, key)
    if (entry.value._tag === "Code") {
      Value.take(resource, key)
      log.todo("code", entry.at, at, `\`${entry.value.source}\` is code: write the names of the fields`, resource)
      continue
    }
    const flat = flatten(entry.value)
    if (flat.length === 0) {
      Value.take(resource, key)
      if (!Value.isNull(entry.value)) log.repair("dropped", entry.at, at, `an empty \`${key}\`: left out`, resource)
      continue
    }
    const names = flat.flatMap((name) => name.split(",").map((part) => part.trim())).filter((name) => name !== "")
    const dotted = names.map((name) => (/^\w+(?:\.\w+)+$/.test(name) ? name.replaceAll(".", "__") : name))
    const changed =
      dotted.some((name, index) => name !== flat[index]) || isNested(entry.value) || dotted.length !== flat.length
    if (!changed) continue
    const [only] = dotted
    entry.value =
      dotted.length === 1 && only !== undefined
        ? Value.text(only, entry.at)
        : Value.list(
            dotted.map((name) => Value.text(name, entry.at)),
            entry.at
          )
    log.repair("mapped", entry.at, at, "the names of columns, in a list when there are several", entry)
  }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const disposition = (resource: Value.Dict, log: Finding.Log, path: string): void => {
  Keys.pick(resource, "write_disposition", ["disposition", "write_mode"], log, path)
  const entry = Value.entry(resource, "write_disposition")
  if (entry === undefined) return
  const at = Keys.join(path, "write_disposition")
  if (entry.value._tag === "Code") {
    Value.take(resource, "write_disposition")
    log.todo("code", entry.at, at, `\`${entry.value.source}\` is code: write append, merge or replace`, resource)
    return
  }
  const word = Value.textOf(entry.value)
  const meant = word === undefined ? undefined : dispositions[Keys.plain(word)]
  if (word === undefined || meant === undefined || meant === word) return
  entry.value = Value.from(meant, entry.value.at)
  log.repair(
    "mapped",
    entry.at,
    at,
    `\`${word}\` is written ${typeof meant === "string" ? `\`${meant}\`` : "as a strategy"} here`,
    entry
  )
}

// --- internal ---

const known = Keys.known("a column", Column, Column.fields)

/** Of `["null", "string"]` the one that says something. */
const typeWord = (value: Value.Value | undefined): string | undefined =>
  value?._tag === "List"
    ? value.items.map(Value.textOf).find((word) => word !== undefined && word !== "null")
    : Value.textOf(value)

const types: Readonly<Record<string, string>> = {
  text: "text",
  string: "text",
  str: "text",
  varchar: "text",
  char: "text",
  uuid: "text",
  guid: "text",
  email: "text",
  url: "text",
  uri: "text",
  enum: "text",
  null: "text",
  bigint: "bigint",
  integer: "bigint",
  int: "bigint",
  int32: "bigint",
  int64: "bigint",
  long: "bigint",
  double: "double",
  float: "double",
  number: "double",
  numeric: "double",
  real: "double",
  bool: "bool",
  boolean: "bool",
  timestamp: "timestamp",
  datetime: "timestamp",
  datetimetz: "timestamp",
  date: "date",
  time: "time",
  decimal: "decimal",
  json: "json",
  complex: "json",
  object: "json",
  dict: "json",
  dictionary: "json",
  map: "json",
  struct: "json",
  array: "json",
  list: "json",
  any: "json",
  binary: "binary",
  bytes: "binary",
  blob: "binary",
  wei: "wei"
}

const dispositions: Readonly<Record<string, unknown>> = {
  append: "append",
  insert: "append",
  merge: "merge",
  update: "merge",
  replace: "replace",
  overwrite: "replace",
  truncate: "replace",
  fullrefresh: "replace",
  skip: "skip",
  upsert: { disposition: "merge", strategy: "upsert" },
  scd2: { disposition: "merge", strategy: "scd2" },
  deleteinsert: { disposition: "merge", strategy: "delete-insert" },
  insertonly: { disposition: "merge", strategy: "insert-only" }
}

const flatten = (value: Value.Value): ReadonlyArray<string> => {
  if (value._tag === "Text") return value.text.trim() === "" ? [] : [value.text]
  return value._tag === "List" ? value.items.flatMap(flatten) : []
}

/** Airbyte's `[["id"]]`. */
const isNested = (value: Value.Value) => value._tag === "List" && value.items.some(({ _tag }) => _tag === "List")
