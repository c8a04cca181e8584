/**
 * `processing_steps` whose functions say what a declarative step says; the others are left out and listed.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"
import * as Template from "./Template.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const repair = (resource: Value.Dict, log: Finding.Log, path: string): void => {
  Keys.pick(resource, "processing_steps", ["steps", "transformations"], log, path)
  const entry = Value.entry(resource, "processing_steps")
  if (entry === undefined) return
  const at = Keys.join(path, "processing_steps")
  const list =
    entry.value._tag === "List"
      ? entry.value
      : entry.value._tag === "Dict"
        ? Value.list([entry.value], entry.at)
        : undefined
  if (list === undefined) {
    Value.take(resource, "processing_steps")
    if (!Value.isNull(entry.value))
      log.todo(
        "code",
        entry.at,
        at,
        "the steps are no literal list: write them as `filter`, `map` and `explode`",
        resource
      )
    return
  }
  const steps: Array<Value.Value> = []
  for (const [index, item] of list.items.entries()) {
    const place = Keys.join(at, index)
    if (item._tag !== "Dict") {
      log.todo("code", item.at, place, "is no step: write it as `filter`, `map` or `explode`", resource)
      continue
    }
    for (const { at: where, key, value } of item.entries) {
      const step = said(key, value, where, log, Keys.join(place, key), entry)
      if (step !== undefined) steps.push(step)
    }
  }
  if (steps.length > 0) entry.value = Value.list(steps, entry.at)
  else {
    Value.take(resource, "processing_steps")
    resource.notes.push(...entry.notes)
  }
}

/**
 * Airbyte's `record_filter` as a step; `undefined` when its condition is more than a comparison.
 *
 * @since 0.1.0
 * @category constructors
 */
export const filter = (
  entry: Value.Entry,
  log: Finding.Log,
  path: string,
  owner: Value.Dict
): Value.Value | undefined => {
  const condition = Value.textOf(entry.value._tag === "Dict" ? Value.get(entry.value, "condition") : entry.value) ?? ""
  const found =
    /^\s*\{\{\s*record\s*((?:\.\w+|\[\s*["'][^"']+["']\s*\]|\.get\(\s*["'][^"']+["']\s*\))+)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*\}\}\s*$/.exec(
      condition
    )
  const names = found === null ? undefined : Template.names(found[1] ?? "")
  const op = ({ "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const)[found?.[2] ?? ""]
  const value = literal(found?.[3] ?? "")
  if (names === undefined || op === undefined || value === undefined) {
    log.todo(
      "unsupported",
      entry.at,
      Keys.join(path, "processing_steps"),
      "the condition of `record_filter` is no simple comparison: write it as a `filter` step",
      owner
    )
    return undefined
  }
  log.repair("mapped", entry.at, Keys.join(path, "processing_steps"), "`record_filter` is a `filter` step", owner)
  return Value.from(
    { filter: { path: names.map(Template.segment).join(".").replaceAll(".[", "["), op, value } },
    entry.at
  )
}

// --- internal ---

const literal = (text: string): string | number | boolean | null | undefined => {
  const quoted = /^(["'])([^"']*)\1$/.exec(text)?.[2]
  if (quoted !== undefined) return quoted
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  return ({ true: true, True: true, false: false, False: false, none: null, None: null, null: null } as const)[text]
}

const said = (
  key: string,
  value: Value.Value,
  at: number,
  log: Finding.Log,
  path: string,
  entry: Value.Entry
): Value.Value | undefined => {
  if (value._tag !== "Code") {
    if (key === "filter" || key === "map" || key === "explode") return Value.dict([[key, value]], at)
    log.repair("dropped", at, path, `\`${key}\` is no step: left out`, entry)
    return undefined
  }
  const meant = key === "filter" ? value.meaning?.filter : key === "map" ? value.meaning?.map : undefined
  if (meant !== undefined) {
    log.repair("mapped", at, path, `\`${value.source}\` as data`, entry)
    return Value.dict([[key, meant]], at)
  }
  const how =
    key === "filter"
      ? "`filter: { path, op, value }`"
      : key === "map"
        ? "`map: { rename, drop, set, cast }`"
        : "`explode: <list>`"
  log.todo(
    "code",
    at,
    path,
    `\`${key}: ${value.source}\` is a function and was left out: write it as ${how}, or the source in TypeScript`,
    entry
  )
  return undefined
}
