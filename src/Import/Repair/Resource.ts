/**
 * One of `resources`, or `resource_defaults`: keys in their places, a name, and everything below.
 */
import * as Grammar from "../../Spec/Grammar/Resource.ts"
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Columns from "./Columns.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Keys from "./Keys.ts"
import * as Steps from "./Steps.ts"
import * as Template from "./Template.ts"

/**
 * `undefined`: it cannot be written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  value: Value.Value,
  log: Finding.Log,
  path: string,
  resources: ReadonlySet<string>,
  defaults: ReadonlySet<string>,
  owner: Value.Dict
): Value.Value | undefined => {
  if (value._tag === "Code" && value.what === "name" && !value.imported && value.name !== undefined) {
    log.repair("mapped", value.at, path, `\`${value.name}\` is bound nowhere: taken for the name of a resource`, owner)
    return Value.text(value.name, value.at)
  }
  if (value._tag === "Text") {
    const verb = /^\s*(GET|POST)\s+(\S+)\s*$/i.exec(value.text)
    if (verb !== null) {
      const [, method = "", address = ""] = verb
      log.repair("mapped", value.at, path, "a method and a path are an endpoint", owner)
      const made = Value.from({ name: nameOf(address), endpoint: { path: address, method } }, value.at)
      return repair(made, log, path, resources, defaults, owner)
    }
    const text = Template.repair(
      value.text,
      value.at,
      log,
      path,
      owner,
      { ...Template.noNames, resources },
      { bare: true }
    )
    return text === value.text ? value : Value.from({ name: nameOf(value.text), endpoint: { path: text } }, value.at)
  }
  if (value._tag !== "Dict") {
    log.todo(
      "code",
      value.at,
      path,
      value._tag === "Code"
        ? `\`${value.source}\` is a resource made by code and was left out: write it as an object`
        : "is no resource",
      owner
    )
    return undefined
  }
  settle(value, log, path)
  repairOne(value, log, path, resources, defaults)
  return value
}

/**
 * `resource_defaults`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const defaults = (dict: Value.Dict, log: Finding.Log, path: string, resources: ReadonlySet<string>): void => {
  settle(dict, log, path)
  const name = Value.take(dict, "name")
  if (name !== undefined)
    log.repair("dropped", name.at, Keys.join(path, "name"), "defaults have no name: left out", dict)
  repairOne(dict, log, path, resources, new Set())
}

/**
 * Names every resource, before anything that refers to one is read: those without a name get the end of their path.
 *
 * @since 0.1.0
 * @category combinators
 */
export const names = (list: Value.List, log: Finding.Log, path: string): ReadonlySet<string> => {
  const taken = new Set<string>()
  for (const [index, item] of list.items.entries()) {
    const place = Keys.join(path, index)
    if (item._tag === "Text") taken.add(item.text)
    if (item._tag !== "Dict") continue
    Keys.pick(item, "name", ["resource_name", "resource", "id", "stream_name", "table"], log, place)
    const entry = Value.entry(item, "name")
    const written =
      entry?.value._tag === "Code"
        ? entry.value.name
        : entry?.value._tag === "Scalar" && !Value.isNull(entry.value)
          ? String(entry.value.value)
          : Value.textOf(entry?.value)
    const endpoint = Value.get(item, "endpoint")
    const address =
      Value.textOf(endpoint) ??
      (endpoint?._tag === "Dict" ? Value.textOf(Value.get(endpoint, "path")) : Value.textOf(Value.get(item, "path")))
    const base = written?.trim() ? written : address === undefined ? `resource_${index + 1}` : nameOf(address)
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
    taken.add(name)
    if (entry?.value._tag === "Text" && entry.value.text === name) continue
    const made = Value.set(item, "name", Value.text(name, entry?.at ?? item.at))
    if (written === undefined || written.trim() === "")
      log.repair("added", item.at, Keys.join(place, "name"), `the resource had no name: \`${name}\``, made)
    else if (name !== base)
      log.repair(
        "renamed",
        made.at,
        Keys.join(place, "name"),
        `there is a resource \`${base}\` already: this one is \`${name}\``,
        made
      )
    else if (entry?.value._tag === "Code")
      log.todo(
        "code",
        made.at,
        Keys.join(place, "name"),
        `the name is no literal: \`${name}\` was put in its place`,
        made
      )
  }
  return taken
}

// --- internal ---

const known = Keys.known("a resource", Grammar.Resource, Grammar.Resource.fields)

/** What names a path: its last part that is no placeholder. */
const nameOf = (path: string): string => {
  const parts = path
    .replace(/^https?:\/\/[^/]*/, "")
    .replace(/[?#][\s\S]*$/, "")
    .replace(/\$?\{+[^{}]*\}+|<[^<>]*>|(?<=\/):\w+/g, "")
    .split("/")
    .filter((part) => /\w/.test(part))
  return (parts.at(-1) ?? "resource").replace(/\.(?:json|xml|php|aspx?)$/, "").replace(/[^\w-]+/g, "_")
}

const below = new Set([
  ...Endpoint.fields,
  "url",
  "http_method",
  "query_params",
  "body",
  "pagination",
  "pager",
  "error_handler",
  "partition_router",
  "record_selector",
  "record_filter",
  "incremental_sync"
])

/** Keys of the endpoint beside it, and keys of the resource inside of it. */
const settle = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const endpoint = Value.entry(dict, "endpoint")
  const inside = dict.entries.filter(({ key }) => below.has(key) && !Grammar.keys.includes(key))
  if (endpoint !== undefined && endpoint.value._tag === "Text" && inside.length > 0)
    endpoint.value = Value.dict([["path", endpoint.value]], endpoint.at)
  if (endpoint !== undefined && endpoint.value._tag === "Code") {
    Value.take(dict, "endpoint")
    log.todo(
      "code",
      endpoint.at,
      Keys.join(path, "endpoint"),
      `\`${endpoint.value.source}\` is no literal: write the endpoint`,
      dict
    )
  }
  if (endpoint !== undefined && Value.isNull(endpoint.value)) Value.take(dict, "endpoint")
  for (const each of inside) {
    Value.take(dict, each.key)
    const to = Value.ensure(dict, "endpoint", each.at)
    if (Value.entry(to, each.key) !== undefined) {
      log.repair(
        "dropped",
        each.at,
        path,
        `\`${each.key}\` beside \`endpoint\` is said inside of it, too: left out`,
        dict
      )
      continue
    }
    const made = Value.set(to, each.key, each.value, each.at)
    log.repair(
      "moved",
      each.at,
      Keys.join(`${path}.endpoint`, each.key),
      `\`${each.key}\` belongs into \`endpoint\``,
      made
    )
  }
  const own = Value.dictAt(dict, "endpoint")
  if (own === undefined) return
  for (const each of Value.snapshot(own)) {
    if (!Grammar.keys.includes(each.key) || each.key === "endpoint" || Endpoint.fields.includes(each.key)) continue
    Value.take(own, each.key)
    if (Value.entry(dict, each.key) !== undefined) {
      if (each.key !== "name")
        log.repair(
          "dropped",
          each.at,
          Keys.join(path, "endpoint"),
          `\`${each.key}\` is said beside \`endpoint\`, too: left out`,
          dict
        )
      continue
    }
    const made = Value.set(dict, each.key, each.value, each.at)
    log.repair("moved", each.at, Keys.join(path, each.key), `\`${each.key}\` belongs beside \`endpoint\``, made)
  }
}

const repairOne = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  resources: ReadonlySet<string>,
  defaults: ReadonlySet<string>
) => {
  const endpoint = Value.entry(dict, "endpoint")
  if (endpoint?.value._tag === "Text") {
    const made = Value.dict([["path", endpoint.value]], endpoint.at)
    Endpoint.repair(made, log, Keys.join(path, "endpoint"), resources, defaults)
    const text = Value.textOf(Value.get(made, "path"))
    if (made.entries.length > 1 || text !== endpoint.value.text) endpoint.value = made
  } else if (endpoint?.value._tag === "Dict") {
    Endpoint.repair(endpoint.value, log, Keys.join(path, "endpoint"), resources, defaults)
    const filter = Value.take(endpoint.value, "record_filter")
    const step = filter === undefined ? undefined : Steps.filter(filter, log, path, dict)
    Steps.repair(dict, log, path)
    if (step !== undefined) {
      const steps = Value.get(dict, "processing_steps")
      if (steps?._tag === "List") steps.items.unshift(step)
      else Value.set(dict, "processing_steps", Value.list([step], step.at))
    }
  }
  if (endpoint?.value._tag !== "Dict") Steps.repair(dict, log, path)
  Columns.keys(dict, log, path)
  Columns.disposition(dict, log, path)
  Columns.columns(dict, log, path)
  include(dict, log, path)
  for (const key of ["selected", "parallelized", "max_table_nesting"]) literal(dict, key, log, path)
  const table = Value.entry(dict, "table_name")
  if (table !== undefined && table.value._tag === "Code") {
    Value.take(dict, "table_name")
    log.todo(
      "code",
      table.at,
      Keys.join(path, "table_name"),
      `\`${table.value.source}\` is code: all rows go into one table`,
      dict
    )
  }
  Keys.tidy(dict, known, log, path)
  for (const each of Value.snapshot(dict)) {
    if (Value.isNull(each.value) && each.key !== "primary_key" && each.key !== "write_disposition")
      Value.take(dict, each.key)
    else if (each.value._tag === "Code") {
      Value.take(dict, each.key)
      log.todo("code", each.at, Keys.join(path, each.key), `\`${each.value.source}\` is code: left out`, dict)
    }
  }
  dict.entries.sort((a, b) => order(a.key) - order(b.key))
}

const order = (key: string) =>
  key === "endpoint" ? 2 : key === "name" ? 0 : key === "table_name" ? 1 : 3 + Grammar.keys.indexOf(key)

const include = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, "include_from_parent")
  if (entry === undefined || entry.value._tag !== "Text") return
  entry.value = Value.list([entry.value], entry.at)
  log.repair("mapped", entry.at, Keys.join(path, "include_from_parent"), "a list of names", entry)
}

const literal = (dict: Value.Dict, key: string, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, key)
  if (entry === undefined || entry.value._tag === "Scalar") return
  const number = Value.numberOf(entry.value)
  const word = Value.textOf(entry.value)?.toLowerCase()
  const meant = key === "max_table_nesting" ? number : word === "true" ? true : word === "false" ? false : undefined
  if (meant === undefined) {
    Value.take(dict, key)
    log.todo("code", entry.at, Keys.join(path, key), "is no literal value: left out", dict)
    return
  }
  entry.value = Value.scalar(meant, entry.at)
  log.repair("mapped", entry.at, Keys.join(path, key), "without quotes", entry)
}
