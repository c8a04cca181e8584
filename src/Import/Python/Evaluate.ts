/**
 * Expressions of Python that are literals, or come down to literals in the same file → values. Nothing is run.
 *
 * What depends on anything else comes out as `Code`. Work is bounded: a file cannot make this take long.
 */
import type * as Finding from "../Finding.ts"
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import * as Call from "./Call.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Format from "./Format.ts"
import * as Lambda from "./Lambda.ts"
import * as Literal from "./Literal.ts"
import * as Loop from "./Loop.ts"
import * as Name from "./Name.ts"
import * as Operator from "./Operator.ts"
import * as Outside from "./Outside.ts"
import * as Scope from "./Scope.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (program: Python.Program, log: Finding.Log): Evaluator => {
  let steps = 0
  let depth = 0
  let nesting = 0
  const slice = (node: Python.Node) => program.text.slice(node.from, node.to)
  const at = (node: Python.Node) => program.at(node.from)
  const evaluator: Evaluator = {
    program,
    log,
    scope: Scope.of(program),
    following: new Set(),
    slice,
    at,
    code: (node, what = "expression", name) => Value.code(what, slice(node), at(node), { name }),
    value: (node, scope, locals) => {
      if (++steps > maxSteps || depth > maxDepth || nesting > maxNesting) return evaluator.code(node)
      const nests = /^(?:Array|Tuple|Set|Dictionary)/.test(node.name) ? 1 : 0
      depth++
      nesting += nests
      try {
        const value = evaluate(evaluator, node, scope, locals)
        return value._tag === "Text" && value.text.length > maxText ? evaluator.code(node) : value
      } finally {
        depth--
        nesting -= nests
      }
    }
  }
  return evaluator
}

// --- internal ---

const maxSteps = 40_000
const maxText = 100_000
const maxDepth = 200
/** A configuration is read no deeper than this. */
const maxNesting = 90

const evaluate = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const at = to.at(node)
  switch (node.name) {
    case "String": {
      const characters = Literal.string(to.slice(node))
      return characters === undefined ? to.code(node) : Value.text(Format.notation(characters), at)
    }
    case "ContinuedString": {
      const parts = Python.children(node).map((part) => to.value(part, scope, locals))
      const texts = parts.flatMap((part) => (part._tag === "Text" ? [part.text] : []))
      return texts.length === parts.length ? Value.text(texts.join(""), at) : to.code(node)
    }
    case "FormatString":
      return Format.interpolated(to, node, scope, locals)
    case "Number": {
      const number = Literal.number(to.slice(node))
      return number === undefined ? to.code(node) : Value.scalar(number, at, /^(?!0x)[^x]*[.e]/i.test(to.slice(node)))
    }
    case "Boolean":
      return Value.scalar(to.slice(node) === "True", at)
    case "None":
      return Value.scalar(null, at)
    case "VariableName":
      return Name.resolve(to, node, scope, locals)
    case "ParenthesizedExpression": {
      const inner = Python.groups(node)[0]?.[0]
      return inner === undefined ? to.code(node) : to.value(inner, scope, locals)
    }
    case "ArrayExpression":
    case "TupleExpression":
    case "SetExpression":
      return Value.list(
        Python.groups(node).flatMap((group) => items(to, group, scope, locals)),
        at
      )
    case "DictionaryExpression":
      return dictionary(to, node, scope, locals)
    case "ArrayComprehensionExpression":
    case "ComprehensionExpression":
    case "SetComprehensionExpression": {
      // A bracket that only looks like a comprehension is a list that is not finished.
      const items = Loop.comprehension(to, node, scope, locals, (inner, [item]) =>
        item === undefined ? [] : [to.value(item, scope, inner)]
      )
      return items === undefined ? to.code(node) : Value.list(items, at)
    }
    case "DictionaryComprehensionExpression": {
      const pairs = Loop.comprehension(to, node, scope, locals, (inner, [key, value]) => {
        const name = key === undefined ? undefined : Format.keyOf(to.value(key, scope, inner))
        return name === undefined || value === undefined ? [] : [[name, to.value(value, scope, inner)] as const]
      })
      return pairs === undefined ? dictionary(to, node, scope, locals) : Value.dict(unique(pairs), at)
    }
    case "MemberExpression":
      return Outside.member(to, node, scope, locals)
    case "CallExpression":
      return Call.call(to, node, scope, locals)
    case "LambdaExpression":
      return Value.code("function", to.slice(node), at, { meaning: Lambda.meaning(to, node, scope) })
    case "UnaryExpression":
    case "BinaryExpression":
    case "ConditionalExpression":
      return Operator.apply(to, node, scope, locals)
    case "ArgList": {
      // Of `x.update(a=1)`.
      const named = Python.groups(node).flatMap(([key, sign, value]) =>
        key !== undefined && sign?.name === "AssignOp" && value !== undefined
          ? [[to.slice(key), to.value(value, scope, locals)] as const]
          : []
      )
      return Value.dict(named, at)
    }
    case "NamedExpression": {
      const inner = Python.children(node).at(-1)
      return inner === undefined ? to.code(node) : to.value(inner, scope, locals)
    }
    default:
      return to.code(node)
  }
}

/** An element, or those of `*rest`. */
const items = (
  to: Evaluator,
  group: ReadonlyArray<Python.Node>,
  scope: Scope.Scope,
  locals: Locals
): ReadonlyArray<Value.Value> => {
  const [first, second] = group
  if (first === undefined) return []
  if (first.name === "*" && second !== undefined) {
    const rest = to.value(second, scope, locals)
    return rest._tag === "List" ? rest.items : [to.code(second)]
  }
  if (first.type.isError) return []
  if (isLeftOut(to, first)) return []
  return [to.value(first, scope, locals)]
}

const dictionary = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Dict => {
  const dict = Value.dict([], to.at(node))
  for (const group of Python.groups(node)) {
    const [first, second] = group
    if (first === undefined || isLeftOut(to, first)) continue
    if (first.name === "**" && second !== undefined) {
      const rest = to.value(second, scope, locals)
      if (rest._tag === "Dict") for (const each of rest.entries) Value.set(dict, each.key, each.value, each.at)
      else to.log.todo("code", to.at(second), "", `\`${to.slice(second)}\` is spread into an object, and is no literal`)
      continue
    }
    const colon = group.findIndex(({ name }) => name === ":")
    const value = group.slice(colon + 1).find((each) => !each.type.isError)
    const key = Format.keyOf(to.value(first, scope, locals))
    if (colon < 0 || value === undefined || key === undefined) {
      to.log.todo("syntax", to.at(first), "", "cannot be read as a key and its value")
      continue
    }
    Value.set(dict, key, to.value(value, scope, locals), to.at(first))
  }
  return dict
}

/** `...` stands for what somebody did not write down. */
const isLeftOut = (to: Evaluator, node: Python.Node): boolean => {
  if (node.name !== "Ellipsis" && to.slice(node) !== "...") return false
  to.log.warn("ignored", to.at(node), "", "`...` stands for something that was left out of the document")
  return true
}

const unique = (pairs: ReadonlyArray<readonly [string, Value.Value]>) => [...new Map(pairs)]
