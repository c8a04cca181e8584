/**
 * Operators between literals: sums of texts, numbers and lists, unions of objects, comparisons, choices.
 */
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Format from "./Format.ts"
import type * as Scope from "./Scope.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const apply = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const parts = Python.children(node)
  const value = (part: Python.Node | undefined) => (part === undefined ? to.code(node) : to.value(part, scope, locals))
  if (node.name === "ConditionalExpression") {
    const [yes, , test, , no] = parts
    const holds = test === undefined ? undefined : truth(to, test, scope, locals)
    if (holds === undefined) {
      to.log.warn(
        "ignored",
        to.at(node),
        "",
        "a choice that only the running program can make: the first value was taken"
      )
      return value(yes)
    }
    return value(holds ? yes : no)
  }
  if (node.name === "UnaryExpression") {
    const [sign, operand] = parts
    const of = value(operand)
    const word = sign === undefined ? "" : to.slice(sign)
    if (word === "not") {
      const holds = operand === undefined ? undefined : truth(to, operand, scope, locals)
      return holds === undefined ? to.code(node) : Value.scalar(!holds, to.at(node))
    }
    if (of._tag === "Scalar" && (typeof of.value === "number" || typeof of.value === "bigint")) {
      if (word === "-") return Value.scalar(-of.value, to.at(node), of.float)
      if (word === "+") return of
    }
    return to.code(node)
  }
  const [left] = parts
  const right = parts.length > 2 ? parts.at(-1) : undefined
  const word = parts.slice(1, -1).map(to.slice).join(" ")
  const a = value(left)
  if (word === "or" || word === "and") {
    // `os.getenv("X") or "default"`: the name of the variable is worth more than the fallback.
    const holds = isTrue(a)
    if (holds === undefined && a._tag === "Code") return a
    if (word === "or" && holds === undefined && a._tag === "Text")
      to.log.warn("variable", to.at(node), "", `the default of ${a.text} was left out: set the variable`)
    return (word === "or") === (holds ?? true) ? a : value(right)
  }
  const b = value(right)
  return operate(to, word, a, b) ?? comparison(to, node, word, a, b) ?? unknown(to, node, a, b)
}

/**
 * `a + b` of two texts, lists or objects.
 *
 * @since 0.1.0
 * @category combinators
 */
export const joined = (a: Value.Value, b: Value.Value): Value.Value | undefined => {
  if (a._tag === "Text" && b._tag === "Text") return Value.text(a.text + b.text, a.at)
  if (a._tag === "List" && b._tag === "List") return Value.list([...a.items, ...b.items], a.at)
  if (a._tag !== "Dict" || b._tag !== "Dict") return undefined
  const both = Value.dict([], a.at)
  for (const each of [...a.entries, ...b.entries]) Value.set(both, each.key, each.value, each.at)
  return both
}

/**
 * Whether a condition holds; `undefined`: it cannot be told.
 *
 * @since 0.1.0
 * @category accessors
 */
export const truth = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): boolean | undefined =>
  isTrue(to.value(node, scope, locals))

// --- internal ---

const isTrue = (value: Value.Value): boolean | undefined => {
  switch (value._tag) {
    case "Text":
      return Value.hasReference(value.text) ? undefined : value.text !== ""
    case "Scalar":
      return Boolean(value.value)
    case "List":
      return value.items.length > 0
    case "Dict":
      return value.entries.length > 0
    case "Code":
      return undefined
  }
}

const operate = (to: Evaluator, word: string, a: Value.Value, b: Value.Value): Value.Value | undefined => {
  if (word === "%" && a._tag === "Text") return Format.percent(to, a, b)
  if (word === "+") {
    const sum = joined(a, b)
    if (sum !== undefined && sum._tag !== "Dict") return sum
    // A text and something the environment gives.
    if ((a._tag === "Text" && b._tag === "Code") || (a._tag === "Code" && b._tag === "Text")) {
      const texts = [a, b].map((part) => Format.written(to, part, "value"))
      return texts.includes(undefined) ? undefined : Value.text(texts.join(""), a.at)
    }
  }
  if (word === "|") return a._tag === "Dict" && b._tag === "Dict" ? joined(a, b) : undefined
  if (
    word === "*" &&
    a._tag === "Text" &&
    b._tag === "Scalar" &&
    typeof b.value === "number" &&
    b.value * a.text.length < 1_000
  )
    return Value.text(a.text.repeat(Math.max(0, b.value)), a.at)
  if (a._tag !== "Scalar" || b._tag !== "Scalar" || typeof a.value !== "number" || typeof b.value !== "number")
    return undefined
  const result = arithmetic[word]?.(a.value, b.value)
  return result === undefined || !Number.isFinite(result)
    ? undefined
    : Value.scalar(result, a.at, word === "/" || a.float === true || b.float === true)
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "**": (a, b) => a ** b
}

const comparison = (
  to: Evaluator,
  node: Python.Node,
  word: string,
  a: Value.Value,
  b: Value.Value
): Value.Value | undefined => {
  const plain = (value: Value.Value) =>
    value._tag === "Text" && !Value.hasReference(value.text)
      ? value.text
      : value._tag === "Scalar"
        ? value.value
        : undefined
  const x = plain(a)
  const y = plain(b)
  const say = (holds: boolean) => Value.scalar(holds, to.at(node))
  if (x !== undefined && y !== undefined) {
    if (word === "==" || word === "is") return say(x === y)
    if (word === "!=" || word === "is not") return say(x !== y)
  }
  if (x !== undefined && (word === "in" || word === "not in") && (b._tag === "List" || b._tag === "Dict")) {
    const inside =
      b._tag === "List" ? b.items.some((item) => plain(item) === x) : b.entries.some(({ key }) => key === x)
    return say(inside === (word === "in"))
  }
  return undefined
}

const unknown = (to: Evaluator, node: Python.Node, a: Value.Value, b: Value.Value): Value.Code => {
  const named = [a, b].find((side): side is Value.Code => side._tag === "Code" && side.name !== undefined)
  return to.code(node, "expression", named?.name)
}
