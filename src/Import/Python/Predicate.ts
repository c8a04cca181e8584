/**
 * A condition on a row, `row["id"] > 5 and row["kind"] in (…)`, as the comparison that says the same.
 */
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import type { Evaluator } from "./Evaluator.ts"
import { noLocals } from "./Evaluator.ts"
import type * as Scope from "./Scope.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const of = (to: Evaluator, node: Python.Node, row: string, scope: Scope.Scope): Value.Dict | undefined => {
  const at = to.at(node)
  if (node.name === "ParenthesizedExpression") {
    const inner = Python.groups(node)[0]?.[0]
    return inner === undefined ? undefined : of(to, inner, row, scope)
  }
  const parts = Python.children(node)
  if (node.name === "UnaryExpression") {
    const [sign, operand] = parts
    if (sign === undefined || operand === undefined || to.slice(sign) !== "not") return undefined
    const inner = of(to, operand, row, scope)
    return inner === undefined ? undefined : Value.dict([["not", inner]], at)
  }
  if (node.name === "CallExpression") return starts(to, node, row, scope)
  if (node.name !== "BinaryExpression") return undefined
  const [left] = parts
  const right = parts.at(-1)
  if (left === undefined || right === undefined) return undefined
  const word = parts.slice(1, -1).map(to.slice).join(" ")
  if (word === "and" || word === "or") {
    const both = [left, right].map((side) => of(to, side, row, scope))
    const known = both.flatMap((side) => (side === undefined ? [] : [side]))
    return known.length < 2 ? undefined : Value.dict([[word === "and" ? "all" : "any", Value.list(known, at)]], at)
  }
  const a = path(to, left, row)
  const b = path(to, right, row)
  if (a !== undefined && b === undefined) return compare(at, a, word, to.value(right, scope, noLocals))
  if (b !== undefined && a === undefined) {
    const value = to.value(left, scope, noLocals)
    if (word === "in") return data(value) ? comparison(at, b, "contains", value) : undefined
    const turned = flipped[word]
    return turned === undefined ? undefined : compare(at, b, turned, value)
  }
  return undefined
}

/**
 * `row["a"]["b"]` or `row.get("a")` as a path in the row.
 *
 * @since 0.1.0
 * @category accessors
 */
export const path = (to: Evaluator, node: Python.Node, row: string): string | undefined => {
  const text = to.slice(node).replace(/\s+/g, "")
  const rest = new RegExp(
    `^${row}((?:\\[(["'])[\\w@$-]+\\2\\]|\\.get\\((["'])[\\w@$-]+\\3(?:,(?:None|\\{\\}))?\\))+)$`
  ).exec(text)?.[1]
  if (rest === undefined) return undefined
  const names = Array.from(rest.matchAll(/["']([\w@$-]+)["']/g), ([, name = ""]) => name)
  return names.every((name) => /^[A-Za-z_]\w*$/.test(name))
    ? names.join(".")
    : names
        .map((name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `['${name}']`))
        .join(".")
        .replaceAll(".[", "[")
}

// --- internal ---

const flipped: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" }

const operators: Readonly<Record<string, string>> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  in: "in",
  "not in": "not_in",
  is: "eq",
  "is not": "ne"
}

const compare = (at: number, field: string, word: string, value: Value.Value): Value.Dict | undefined => {
  const op = operators[word]
  return op === undefined || !data(value) ? undefined : comparison(at, field, op, value)
}

const comparison = (at: number, field: string, op: string, value: Value.Value): Value.Dict =>
  Value.dict(
    [
      ["path", Value.text(field, at)],
      ["op", Value.text(op, at)],
      ["value", value]
    ],
    at
  )

const starts = (to: Evaluator, node: Python.Node, row: string, scope: Scope.Scope): Value.Dict | undefined => {
  const callee = node.firstChild
  const list = node.getChild("ArgList")
  const method = callee?.getChild("PropertyName")
  const base = callee?.firstChild
  if (list === null || method == null || base == null) return undefined
  const op =
    to.slice(method) === "startswith" ? "starts_with" : to.slice(method) === "endswith" ? "ends_with" : undefined
  const field = path(to, base, row)
  const argument = Python.groups(list)[0]?.[0]
  if (op === undefined || field === undefined || argument === undefined) return undefined
  const value = to.value(argument, scope, noLocals)
  return value._tag === "Text" && data(value) ? comparison(to.at(node), field, op, value) : undefined
}

const data = (value: Value.Value): boolean =>
  value._tag === "Scalar" ||
  (value._tag === "Text" && !Value.hasReference(value.text)) ||
  (value._tag === "List" && value.items.every(data))
