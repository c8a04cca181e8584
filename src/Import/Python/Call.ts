/**
 * Calls that come down to a literal: dlt's classes, the environment, methods of texts, lists and dates, functions of the same
 * file that only return one.
 */
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import * as Class from "./Class.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Format from "./Format.ts"
import * as Moment from "./Moment.ts"
import * as Outside from "./Outside.ts"
import * as Scope from "./Scope.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const call = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const at = to.at(node)
  const callee = node.firstChild
  const list = node.getChild("ArgList")
  if (callee === null || list === null) return to.code(node, "call")
  const chain = Outside.dotted(to, callee)
  const last = chain?.split(".").at(-1) ?? ""
  const given = () => arguments_(to, list, scope, locals)

  const store = storeCall(chain)
  if (store !== undefined) {
    const { named, values } = given()
    const key = Format.keyOf(values[0] ?? to.code(node))
    if (key === undefined) return to.code(node, "call")
    const reference = Outside.reference(to, store, key, at)
    const fallback = values[1] ?? Value.get(named, "default")
    if (fallback?._tag === "Text" || (fallback?._tag === "Scalar" && fallback.value !== null))
      to.log.warn("variable", at, "", `the default of ${reference.text} was left out: set the variable`)
    return reference
  }
  const local = Scope.find(scope, ({ functions }) => chain !== undefined && functions.has(chain))?.functions.get(
    chain ?? ""
  )
  if (local !== undefined) return returned(to, node, local, given()) ?? to.code(node, "call", chain)
  const { named, values } = given()
  const known = Class.instance(last, values, named, at)
  if (known !== undefined) return known
  const [first] = values
  switch (chain) {
    case "dict": {
      const dict = first === undefined ? Value.dict([], at) : asDict(first)
      if (dict === undefined) return to.code(node, "call")
      for (const each of named.entries) Value.set(dict, each.key, each.value, each.at)
      return dict
    }
    case "list":
    case "tuple":
    case "set":
      return first === undefined ? Value.list([], at) : first._tag === "List" ? first : to.code(node, "call")
    case "str":
    case "cast":
    case "typing.cast":
    case "TSecretValue":
    case "TSecretStrValue":
    case "copy.deepcopy":
    case "deepcopy":
    case "copy.copy": {
      const of = values.at(-1)
      const text = chain === "str" && of?._tag === "Scalar" ? Format.written(to, of, "value") : undefined
      return text !== undefined ? Value.text(text, at) : (of ?? to.code(node, "call"))
    }
    case "int":
    case "float": {
      if (first?._tag === "Code") return first
      const number = Value.numberOf(first)
      if (number !== undefined)
        return Value.scalar(chain === "int" ? Math.trunc(number) : number, at, chain === "float")
      return first?._tag === "Text" && Value.hasReference(first.text) ? first : to.code(node, "call")
    }
    case "range": {
      const [from = 0, end = 0, step = 1] = ((numbers) => (numbers.length === 1 ? [0, ...numbers] : numbers))(
        values.map((value) => Value.numberOf(value) ?? Number.NaN)
      )
      if (!Number.isInteger(from) || !Number.isInteger(end) || !Number.isInteger(step) || step === 0)
        return to.code(node, "call")
      const count = Math.max(0, Math.ceil((end - from) / step))
      return count > 10_000
        ? to.code(node, "call")
        : Value.list(
            Array.from({ length: count }, (_, index) => Value.scalar(from + index * step, at)),
            at
          )
    }
    default:
  }
  const moment = momentOf(to, node, scope, locals)
  if (moment !== undefined) return Value.text(Moment.iso(moment), at)
  if (callee.name === "MemberExpression" && callee.getChild("[") === null) {
    const result = method(to, node, callee, values, named, scope, locals)
    if (result !== undefined) return result
  }
  const asked = ["key", "name", "secret_name"].flatMap((key) => Value.textOf(Value.get(named, key)) ?? [])[0]
  return to.code(node, "call", general.test(last) ? nameable(asked ?? Value.textOf(first)) : nameOf(last))
}

// --- internal ---

/** Texts that multiply end here. */
const maxText = 1_000_000

interface Arguments {
  readonly values: ReadonlyArray<Value.Value>
  readonly named: Value.Dict
}

const arguments_ = (to: Evaluator, list: Python.Node, scope: Scope.Scope, locals: Locals): Arguments => {
  const values: Array<Value.Value> = []
  const named = Value.dict([], to.at(list))
  for (const group of Python.groups(list)) {
    const [first, sign, value] = group
    if (first === undefined || first.type.isError) continue
    if ((first.name === "*" || first.name === "**") && sign !== undefined) {
      const rest = to.value(sign, scope, locals)
      if (rest._tag === "List") values.push(...rest.items)
      else if (rest._tag === "Dict") for (const each of rest.entries) Value.set(named, each.key, each.value, each.at)
    } else if (sign?.name === "AssignOp" && value !== undefined)
      Value.set(named, to.slice(first), to.value(value, scope, locals), to.at(first))
    else values.push(to.value(first, scope, locals))
  }
  return { values, named }
}

const storeCall = (chain: string | undefined): string | undefined => {
  if (chain === undefined) return undefined
  if (chain === "os.getenv" || chain === "getenv" || chain === "env" || chain === "env.str") return "os.environ"
  return chain.endsWith(".get") ? Outside.storeOf(chain.slice(0, -".get".length)) : undefined
}

/** `get_access_token` says what it gives. */
const nameOf = (callee: string) =>
  callee.replace(/^_*(?:get|fetch|load|return|read|create|make|generate|obtain|request)_+/i, "")

/** Methods that say nothing of what they give; what they are asked for may. */
const general =
  /^$|^(?:get|get_secret|get_value|getenv|decode|encode|b64encode|json|read|read_text|text|strip|value|format|isoformat|strftime|replace|split|join|str|result|loads?|dumps|call|run|item|pop|first|eval|open)$/

const nameable = (text: string | undefined) =>
  text !== undefined && /^[A-Za-z][\w./-]{1,60}$/.test(text) ? text.replaceAll("/", ".") : undefined

const asDict = (value: Value.Value): Value.Dict | undefined => {
  if (value._tag === "Dict") return value
  if (value._tag !== "List") return undefined
  const pairs = value.items.map((item) => {
    const key = item._tag === "List" && item.items[0] !== undefined ? Format.keyOf(item.items[0]) : undefined
    const of = item._tag === "List" ? item.items[1] : undefined
    return key === undefined || of === undefined ? undefined : ([key, of] as const)
  })
  return pairs.some((pair) => pair === undefined)
    ? undefined
    : Value.dict(
        pairs.flatMap((pair) => (pair === undefined ? [] : [pair])),
        value.at
      )
}

/** What a function of this file gives, when all it does is to name values and return one. */
const returned = (to: Evaluator, node: Python.Node, scope: Scope.Scope, given: Arguments): Value.Value | undefined => {
  const statements = Python.children(scope.owner?.getChild("Body") ?? node).filter(({ name }) => name !== ":")
  const returns = statements.filter(({ name }) => name === "ReturnStatement")
  const [only] = returns
  const plain = statements.every(({ name }) =>
    /^(?:Return|Assign|Expression|Update|For|Pass)Statement$|^FunctionDefinition$/.test(name)
  )
  const expression = only === undefined ? undefined : Python.children(only)[1]
  if (returns.length !== 1 || !plain || expression === undefined) return undefined
  const locals = new Map<string, Value.Value>()
  for (const [index, [name, fallback]] of [...scope.parameters].entries()) {
    const value = Value.get(given.named, name) ?? given.values[index]
    if (value !== undefined) locals.set(name, value)
    else if (fallback !== undefined) locals.set(name, to.value(fallback, scope.parent ?? scope, locals))
  }
  const { dict, list } = scope.rest
  if (list !== undefined) locals.set(list, Value.list(given.values.slice(scope.parameters.size), to.at(node)))
  if (dict !== undefined) {
    const others = given.named.entries.filter(({ key }) => !scope.parameters.has(key))
    locals.set(dict, { ...given.named, entries: others })
  }
  return to.value(expression, scope, locals)
}

/** A date written as a call, or a text that `parse` is given. */
const momentOf = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Moment.Moment | undefined => {
  if (node.name === "VariableName") {
    const owner = Scope.find(scope, ({ bindings }) => bindings.has(to.slice(node)))
    const binding = owner?.bindings.get(to.slice(node))?.findLast(({ kind }) => kind === "is")
    return binding?.value.name === "CallExpression" ? momentOf(to, binding.value, owner ?? scope, locals) : undefined
  }
  const chain = node.name === "CallExpression" ? Outside.dotted(to, node.firstChild) : undefined
  const list = node.getChild("ArgList")
  if (chain === undefined || list === null) return undefined
  if (/^(?:pendulum|parser|dateutil\.parser)\.parse$|\.fromisoformat$|^ensure_pendulum_datetime$/.test(chain)) {
    const text = Value.textOf(arguments_(to, list, scope, locals).values[0])
    return text === undefined ? undefined : Moment.parse(text)
  }
  if (!/(?:^|\.)(?:datetime|date|DateTime|Date)$/.test(chain)) return undefined
  const { named, values } = arguments_(to, list, scope, locals)
  const numbers = [
    ...values.slice(0, 6).map(Value.numberOf),
    ...["year", "month", "day", "hour", "minute", "second"]
      .slice(values.length)
      .map((name) => Value.numberOf(Value.get(named, name)))
  ]
  const count = numbers.findIndex((number) => number === undefined)
  const known = numbers.slice(0, count < 0 ? undefined : count).flatMap((number) => number ?? [])
  const zone = Value.get(named, "tzinfo") ?? Value.get(named, "tz")
  return Moment.make(chain, known, zone !== undefined)
}

const method = (
  to: Evaluator,
  node: Python.Node,
  callee: Python.Node,
  values: ReadonlyArray<Value.Value>,
  named: Value.Dict,
  scope: Scope.Scope,
  locals: Locals
): Value.Value | undefined => {
  const at = to.at(node)
  const property = callee.getChild("PropertyName")
  const base = callee.firstChild
  if (property === null || base === null) return undefined
  const name = to.slice(property)
  const [first, second] = values
  const moment = momentOf(to, base, scope, locals)
  if (moment !== undefined) {
    const result = Moment.method(moment, name, Value.textOf(first))
    return result === undefined ? undefined : Value.from(result, at)
  }
  const of = to.value(base, scope, locals)
  if (of._tag === "Text") {
    if (name === "format") return Format.braces(to, of, values, named)
    if (name === "join" && first?._tag === "List" && first.items.length * (of.text.length + 1) < maxText) {
      const parts = first.items.map((item) => Format.written(to, item, "value"))
      return parts.includes(undefined) ? undefined : Value.text(parts.join(of.text), at)
    }
    if (Value.hasReference(of.text)) return name === "strip" || name === "rstrip" ? of : undefined
    const a = Value.textOf(first)
    const b = Value.textOf(second)
    if (name === "replace" && a !== undefined && b !== undefined && of.text.length * (b.length + 1) < maxText)
      return Value.text(of.text.replaceAll(a, b), at)
    if (name === "split") {
      const parts = a === undefined ? of.text.trim().split(/\s+/) : of.text.split(a)
      return Value.list(
        parts.map((part) => Value.text(part, at)),
        at
      )
    }
    const change = first === undefined ? texts[name] : a === "/" ? slashes[name] : undefined
    return change === undefined ? undefined : Value.text(change(of.text), at)
  }
  if (of._tag === "Dict") {
    if (name === "get") {
      const key = first === undefined ? undefined : Format.keyOf(first)
      return key === undefined ? undefined : (Value.get(of, key) ?? second ?? Value.scalar(null, at))
    }
    if (name === "copy") return of
    if (name === "items")
      return Value.list(
        of.entries.map((each) => Value.list([Value.text(each.key, each.at), each.value], each.at)),
        at
      )
    if (name === "keys")
      return Value.list(
        of.entries.map((each) => Value.text(each.key, each.at)),
        at
      )
    if (name === "values")
      return Value.list(
        of.entries.map((each) => each.value),
        at
      )
  }
  return of._tag === "List" && name === "copy" ? of : undefined
}

const texts: Readonly<Record<string, (text: string) => string>> = {
  strip: (text) => text.trim(),
  lstrip: (text) => text.trimStart(),
  rstrip: (text) => text.trimEnd(),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase()
}

const slashes: Readonly<Record<string, (text: string) => string>> = {
  strip: (text) => text.replace(/^\/+|\/+$/g, ""),
  lstrip: (text) => text.replace(/^\/+/, ""),
  rstrip: (text) => text.replace(/\/+$/, "")
}
