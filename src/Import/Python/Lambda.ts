/**
 * Small functions that say exactly what a declarative step says: a comparison, fields left out or set, a conversion of dates.
 *
 * Everything else stays code. Better to leave one open than to guess what it does.
 */
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import type { Evaluator } from "./Evaluator.ts"
import { noLocals } from "./Evaluator.ts"
import * as Predicate from "./Predicate.ts"
import type * as Scope from "./Scope.ts"

/**
 * What a lambda or a function definition does to its one argument.
 *
 * @since 0.1.0
 * @category constructors
 */
export const meaning = (to: Evaluator, node: Python.Node, scope: Scope.Scope): Value.Meaning | undefined => {
  const list = node.getChild("ParamList")
  const parameters = list === null ? [] : Python.groups(list).filter(([first]) => first?.name === "VariableName")
  const row = parameters[0]?.[0]
  if (row === undefined || parameters.length !== 1) return undefined
  const name = to.slice(row)
  if (node.name === "LambdaExpression") {
    const body = Python.children(node).at(-1)
    return body === undefined ? undefined : expression(to, body, name, scope)
  }
  const statements = Python.children(node.getChild("Body") ?? node).filter(
    (each) => each.name !== ":" && !(each.name === "ExpressionStatement" && each.firstChild?.name === "String")
  )
  const [only] = statements
  const result = only?.name === "ReturnStatement" ? Python.children(only)[1] : undefined
  if (statements.length === 1) return result === undefined ? undefined : expression(to, result, name, scope)
  const map = changes(to, statements, name, scope)
  return map === undefined ? undefined : { map }
}

// --- internal ---

const expression = (to: Evaluator, body: Python.Node, row: string, scope: Scope.Scope): Value.Meaning => ({
  filter: Predicate.of(to, body, row, scope),
  map: mapping(to, body, row, scope),
  convert: conversion(to.slice(body), row)
})

/** How the argument, a date, comes out. */
const conversion = (source: string, row: string): string | undefined => {
  const text = source.replace(/\s+/g, "")
  const inner = `(?:${row}|(?:pendulum\\.(?:parse|instance|from_timestamp)|ensure_pendulum_datetime|(?:datetime\\.)?datetime\\.fromisoformat)\\((?:int\\(|str\\()?${row}\\)?\\))`
  const is = (pattern: string) => new RegExp(`^(?:${pattern})$`).test(text)
  if (
    is(
      `(?:int\\()?${inner}\\.timestamp\\(\\)\\)?|(?:str\\()?${inner}\\.int_timestamp\\)?|str\\(int\\(${inner}\\.timestamp\\(\\)\\)\\)`
    )
  )
    return "epoch_s"
  if (
    is(
      `int\\(${inner}\\.timestamp\\(\\)\\*1000\\)|${inner}\\.int_timestamp\\*1000|int\\(${inner}\\.timestamp\\(\\)\\)\\*1000`
    )
  )
    return "epoch_ms"
  if (is(`${inner}\\.(?:isoformat|to_iso8601_string|to_rfc3339_string)\\(\\)`)) return "iso"
  if (
    is(
      `${inner}\\.(?:strftime\\(["']%Y-%m-%d["']\\)|to_date_string\\(\\)|date\\(\\)\\.isoformat\\(\\)|format\\(["']YYYY-MM-DD["']\\))`
    )
  )
    return "date"
  return undefined
}

/** `{**row, "k": 1}`, `{k: v for k, v in row.items() if k not in (…)}`, `{"a": row["a"]}`. */
const mapping = (to: Evaluator, body: Python.Node, row: string, scope: Scope.Scope): Value.Dict | undefined => {
  const at = to.at(body)
  if (body.name === "DictionaryComprehensionExpression") {
    const text = to.slice(body).replace(/\s+/g, " ")
    const shape = new RegExp(
      `^\\{ ?(\\w+) ?: ?(\\w+) for \\(?(\\w+), ?(\\w+)\\)? in ${row}\\.items\\(\\) if (\\w+) (not in|in|!=) ([\\s\\S]+?) ?\\}$`
    ).exec(text)
    if (shape === null || shape[1] !== shape[3] || shape[2] !== shape[4] || shape[5] !== shape[1]) return undefined
    const last = Python.children(body).findLast(({ name }) => name === "BinaryExpression")
    const set = last === undefined ? undefined : Python.children(last).at(-1)
    const names = set === undefined ? undefined : to.value(set, scope, noLocals)
    const items =
      names?._tag === "List" ? names.items : names?._tag === "Text" && shape[6] === "!=" ? [names] : undefined
    if (items === undefined || !items.every((item) => item._tag === "Text")) return undefined
    return Value.dict([[shape[6] === "in" ? "keep" : "drop", Value.list(items, at)]], at)
  }
  if (body.name !== "DictionaryExpression") return undefined
  const set = Value.dict([], at)
  const keep: Array<Value.Value> = []
  const renames = Value.dict([], at)
  let spread = false
  for (const [first, second, third] of Python.groups(body)) {
    if (first?.name === "**" && second !== undefined && to.slice(second) === row) {
      if (set.entries.length > 0 || keep.length > 0) return undefined
      spread = true
      continue
    }
    const key = first?.name === "String" ? Value.textOf(to.value(first, scope, noLocals)) : undefined
    if (key === undefined || second?.name !== ":" || third === undefined) return undefined
    const from = Predicate.path(to, third, row)
    if (from !== undefined) {
      if (spread || from.includes(".")) return undefined
      keep.push(Value.text(from, at))
      if (from !== key) Value.set(renames, from, Value.text(key, at))
    } else {
      const value = to.value(third, scope, noLocals)
      if (!isData(value)) return undefined
      Value.set(set, key, value)
    }
  }
  if (!spread && keep.length === 0) return undefined
  if (spread) return set.entries.length === 0 ? undefined : Value.dict([["set", set]], at)
  // Renaming comes before keeping.
  const kept = keep.map((name) => Value.get(renames, Value.textOf(name) ?? "") ?? name)
  if (set.entries.length > 0) kept.push(...set.entries.map((each) => Value.text(each.key, at)))
  return Value.dict(
    [
      ...(renames.entries.length > 0 ? [["rename", renames] as const] : []),
      ["keep", Value.list(kept, at)] as const,
      ...(set.entries.length > 0 ? [["set", set] as const] : [])
    ],
    at
  )
}

/** `row.pop("a")`, `del row["a"]`, `row["a"] = 1`, `row["b"] = row.pop("a")`, `return row`. */
const changes = (
  to: Evaluator,
  statements: ReadonlyArray<Python.Node>,
  row: string,
  scope: Scope.Scope
): Value.Dict | undefined => {
  const last = statements.at(-1)
  if (last?.name !== "ReturnStatement" || to.slice(last).trim() !== `return ${row}`) return undefined
  const at = to.at(last)
  const drop: Array<Value.Value> = []
  const set = Value.dict([], at)
  const rename = Value.dict([], at)
  for (const statement of statements.slice(0, -1)) {
    const text = to.slice(statement).replace(/\s+/g, " ").trim()
    const pattern = (body: string) => new RegExp(`^${body.replaceAll("ROW", row)}$`).exec(text)
    const dropped = pattern(`(?:ROW\\.pop\\( ?(["'])(\\w+)\\1(?:, ?None)? ?\\)|del ROW\\[ ?(["'])(\\w+)\\3 ?\\])`)
    const renamed = pattern(`ROW\\[(["'])(\\w+)\\1\\] = ROW\\.pop\\( ?(["'])(\\w+)\\3(?:, ?None)? ?\\)`)
    const key = pattern(`ROW\\[(["'])(\\w+)\\1\\] = .+`)
    if (dropped !== null) drop.push(Value.text(dropped[2] ?? dropped[4] ?? "", at))
    else if (renamed !== null) Value.set(rename, renamed[4] ?? "", Value.text(renamed[2] ?? "", at))
    else if (key !== null) {
      const assigned = Python.children(statement).at(-1)
      const value = assigned === undefined ? undefined : to.value(assigned, scope, noLocals)
      if (value === undefined || !isData(value)) return undefined
      Value.set(set, key[2] ?? "", value)
    } else return undefined
  }
  const parts = [
    ...(rename.entries.length > 0 ? [["rename", rename] as const] : []),
    ...(drop.length > 0 ? [["drop", Value.list(drop, at)] as const] : []),
    ...(set.entries.length > 0 ? [["set", set] as const] : [])
  ]
  return parts.length === 0 ? undefined : Value.dict(parts, at)
}

const isData = (value: Value.Value): boolean =>
  value._tag === "Scalar" ||
  (value._tag === "Text" && !Value.hasReference(value.text)) ||
  (value._tag === "List" && value.items.every(isData)) ||
  (value._tag === "Dict" && value.entries.every((each) => isData(each.value)))
