/**
 * `path`, `params` and `headers` of an endpoint: what their placeholders stand for, and values that are no values.
 */
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Incremental from "./Incremental.ts"
import * as Keys from "./Keys.ts"
import * as Template from "./Template.ts"
import * as Texts from "./Texts.ts"

/**
 * Names of parameters that a path may use as placeholders.
 *
 * @since 0.1.0
 * @category accessors
 */
export const names = (endpoint: Value.Dict): ReadonlySet<string> => {
  const params = Value.dictAt(endpoint, "params")
  return new Set(params?.entries.map(({ key }) => key))
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const path = (endpoint: Value.Dict, log: Finding.Log, at: string, all: Template.Names): void => {
  const entry = Value.entry(endpoint, "path")
  if (entry === undefined) return
  const place = Keys.join(at, "path")
  if (entry.value._tag === "Code") {
    const made = Refer.refer(log, entry.value, { path: place, wish: "path", target: entry })
    if (made === undefined) Value.drop(endpoint, "path")
    else entry.value = made
    return
  }
  const text = Value.textOf(entry.value)
  if (text === undefined) {
    Value.take(endpoint, "path")
    return
  }
  const clean = Texts.address(text, entry.at, log, place, entry)
  // `/users/:id` is another framework's placeholder.
  const braced = clean
    .replace(/(?<=\/):([A-Za-z_]\w*)(?=\/|$|\?)/g, "{$1}")
    .replace(/(?<=\/)<(?:\w+:)?([A-Za-z_]\w*)>(?=\/|$|\?)/g, "{$1}")
  const repaired = Template.repair(braced, entry.at, log, place, entry, all, { bare: true })
  if (repaired !== text) entry.value = Value.text(repaired, entry.value.at)
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const params = (endpoint: Value.Dict, log: Finding.Log, at: string, all: Template.Names): void => {
  const place = Keys.join(at, "params")
  const dict = opened(endpoint, "params", "the parameters", log, place)
  if (dict === undefined) return
  for (const each of Value.snapshot(dict)) {
    const inner = Keys.join(place, each.key)
    if (each.value._tag !== "Dict") {
      const made = Texts.repair(each.value, each.key, log, inner, each, all)
      if (made === undefined) Value.drop(dict, each.key)
      else each.value = made
      continue
    }
    const type = Value.textOf(Value.get(each.value, "type"))
    if (type === "resolve") {
      resolve(each.value, log, inner, all)
    } else if (type === "incremental" || (type === undefined && cursor(each.value))) {
      if (type === undefined) {
        each.value.entries.unshift({ key: "type", at: each.at, value: Value.text("incremental", each.at), notes: [] })
        log.repair(
          "added",
          each.at,
          inner,
          "the parameter is the start of an incremental walk: `type: incremental`",
          each
        )
      }
      const made = Incremental.repair(each.value, log, inner, dict, "param")
      if (made === undefined) Value.drop(dict, each.key)
      else each.value = made
    } else flatten(dict, each, log, inner)
  }
  if (dict.entries.length === 0 && dict.notes.length === 0) Value.take(endpoint, "params")
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const headers = (owner: Value.Dict, log: Finding.Log, at: string, all: Template.Names): void => {
  const place = Keys.join(at, "headers")
  const dict = opened(owner, "headers", "the headers", log, place)
  if (dict === undefined) return
  for (const each of Value.snapshot(dict)) {
    const inner = Keys.join(place, each.key)
    if (each.value._tag === "Dict" || each.value._tag === "List" || Value.isNull(each.value)) {
      Value.take(dict, each.key)
      log.repair("dropped", each.at, inner, "is no value of a header: left out", dict)
      continue
    }
    const made = Texts.repair(each.value, each.key, log, inner, each, all)
    if (made === undefined) Value.drop(dict, each.key)
    else each.value = made._tag === "Scalar" ? Value.text(String(made.value), made.at) : made
  }
  if (dict.entries.length === 0 && dict.notes.length === 0) Value.take(owner, "headers")
}

// --- internal ---

/** What is at a key as an object, put in the place of what stood there; what is none is left out. */
const opened = (
  owner: Value.Dict,
  key: string,
  what: string,
  log: Finding.Log,
  place: string
): Value.Dict | undefined => {
  const entry = Value.entry(owner, key)
  if (entry === undefined || Value.isNull(entry.value)) return undefined
  const dict = asDict(entry.value)
  if (dict === undefined) {
    Value.take(owner, key)
    log.todo("code", entry.at, place, `${what} are no literal object: left out`, owner)
    return undefined
  }
  entry.value = dict
  return dict
}

/** Pairs are parameters, too. */
const asDict = (value: Value.Value): Value.Dict | undefined => {
  if (value._tag === "Dict") return value
  if (value._tag !== "List") return undefined
  const dict = Value.dict([], value.at)
  for (const item of value.items) {
    const [key, of] = item._tag === "List" ? item.items : []
    const name = Value.textOf(key)
    if (name === undefined || of === undefined) return undefined
    Value.set(dict, name, of)
  }
  return dict
}

const cursor = (dict: Value.Dict) =>
  Value.get(dict, "cursor_path") !== undefined ||
  (Value.get(dict, "cursor_field") !== undefined && Value.get(dict, "initial_value") !== undefined)

const resolve = (dict: Value.Dict, log: Finding.Log, path: string, all: Template.Names) => {
  Keys.pick(dict, "resource", ["parent", "source"], log, path)
  Keys.pick(dict, "field", ["path", "key", "column"], log, path)
  const parent = Value.entry(dict, "resource")
  const name = Value.textOf(parent?.value)
  if (parent !== undefined && name !== undefined && !all.resources.has(name))
    log.todo("unbound", parent.at, Keys.join(path, "resource"), `there is no resource \`${name}\``, parent)
  Keys.tidy(
    dict,
    { what: "a parameter of type `resolve`", fields: ["type", "resource", "field"], instead: {} },
    log,
    path
  )
}

/** `{ filter: { status: open } }` → `filter[status]: open`, as most servers read it. */
const flatten = (params: Value.Dict, entry: Value.Entry, log: Finding.Log, path: string) => {
  if (entry.value._tag !== "Dict") return
  Value.take(params, entry.key)
  const spread = (prefix: string, dict: Value.Dict): ReadonlyArray<readonly [string, Value.Value]> =>
    dict.entries.flatMap(({ key, value }) =>
      value._tag === "Dict" ? spread(`${prefix}[${key}]`, value) : [[`${prefix}[${key}]`, value] as const]
    )
  for (const [key, value] of spread(entry.key, entry.value)) {
    const made = Texts.repair(value, key, log, path, undefined, Template.noNames)
    if (made === undefined) continue
    const set = Value.set(params, key, made)
    log.repair(
      "mapped",
      entry.at,
      path,
      "an object is no query parameter: its parts are, with their names in brackets",
      set
    )
  }
}
