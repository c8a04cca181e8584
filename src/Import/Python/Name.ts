/**
 * A name → what it is bound to, with everything that was added to it before it is used.
 */
import type * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import * as Variables from "../Variables.ts"
import * as Called from "./Called.ts"
import { type Evaluator, type Locals, noLocals } from "./Evaluator.ts"
import * as Format from "./Format.ts"
import * as Lambda from "./Lambda.ts"
import * as Loop from "./Loop.ts"
import * as Model from "./Model.ts"
import * as Operator from "./Operator.ts"
import * as Scope from "./Scope.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const resolve = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const name = to.slice(node)
  const local = locals.get(name)
  if (local !== undefined) return Value.copy(local)
  const word = words.get(name)
  if (word !== undefined) return Value.scalar(word, to.at(node))
  const owner = Scope.find(
    scope,
    ({ bindings, classes, functions, imports, parameters }) =>
      bindings.has(name) || parameters.has(name) || functions.has(name) || classes.has(name) || imports.has(name)
  )
  if (owner === undefined) return to.code(node, "name", name)
  if (owner.bindings.has(name)) return bound(to, { node, name, locals }, owner, scope)
  if (owner.parameters.has(name)) return parameter(to, node, name, owner)
  const called = owner.functions.get(name)
  if (called?.owner !== undefined)
    return Value.code("function", name, to.at(node), { name, meaning: Lambda.meaning(to, called.owner, called) })
  const model = owner.classes.get(name)
  return model === undefined
    ? { ...to.code(node, "name", name), imported: true }
    : Value.code("function", name, to.at(node), { name, meaning: { columns: Model.columns(to, model) } })
}

/**
 * What a name means at the end of its scope.
 *
 * @since 0.1.0
 * @category accessors
 */
export const final = (to: Evaluator, node: Python.Node, scope: Scope.Scope): Value.Value =>
  bound(to, { node: scope.owner?.lastChild ?? node, name: to.slice(node), locals: noLocals }, scope, {
    ...scope,
    parent: scope
  })

// --- internal ---

/** Other languages' words for Python's. */
const words: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
  ["none", null]
])

interface Use {
  readonly node: Python.Node
  readonly name: string
  readonly locals: Locals
}

const bound = (to: Evaluator, { locals, name, node }: Use, owner: Scope.Scope, scope: Scope.Scope): Value.Value => {
  const all = owner.bindings.get(name) ?? []
  // From within the same function only what stands before it counts; a function may be called after everything else.
  const before = owner === scope ? all.filter(({ at }) => at < node.from) : all
  const usable = before.some(({ kind }) => kind === "is") || owner.parameters.has(name) ? before : all
  const inner = owner === scope ? locals : noLocals
  const start = usable.findLastIndex(({ conditional, kind }) => kind === "is" && !conditional)
  const first = start >= 0 ? start : usable.findLastIndex(({ kind }) => kind === "is")
  const binding = usable[first]
  if (binding !== undefined && to.following.has(binding)) return to.code(node, "name", name)
  if (binding?.conditional === true)
    to.log.warn(
      "ignored",
      to.program.at(binding.at),
      "",
      `\`${name}\` has several values, and which one depends on something: the last one was taken`
    )
  const reading: Array<Scope.Binding> = binding === undefined ? [] : [binding]
  for (const each of reading) to.following.add(each)
  try {
    let value = Value.copy(
      binding === undefined ? parameter(to, node, name, owner) : to.value(binding.value, owner, inner)
    )
    for (const later of usable.slice(first + 1)) {
      if (to.following.has(later)) continue
      reading.push(later)
      to.following.add(later)
      if (later.conditional)
        to.log.warn("ignored", to.program.at(later.at), "", `\`${name}\` is changed here under a condition: left out`)
      else value = later.kind === "is" ? to.value(later.value, owner, inner) : grown(to, value, later, owner, inner)
    }
    // The name says more than the call it comes from.
    return value._tag === "Code" && (value.what === "call" || value.what === "expression") ? { ...value, name } : value
  } finally {
    for (const each of reading) to.following.delete(each)
  }
}

const parameter = (to: Evaluator, node: Python.Node, name: string, owner: Scope.Scope): Value.Value => {
  const fallback = owner.parameters.get(name)
  const value = fallback == null ? undefined : to.value(fallback, owner.parent ?? owner, noLocals)
  const given = Called.argument(to, owner, name)
  // A credential that stands in the call is better called by the parameter.
  const secret = value?._tag === "Code" && value.what === "secret"
  const literal = given?._tag === "Text" && !Value.hasReference(given.text) ? given.text : undefined
  if (given !== undefined && (literal === undefined || !(secret || Variables.isPlaceholder(literal)))) return given
  if (value === undefined) return to.code(node, "argument", name)
  return value._tag === "Code" ? { ...value, name } : value
}

/** The value with something added, put in place or set inside it. */
const grown = (
  to: Evaluator,
  start: Value.Value,
  binding: Scope.Binding,
  owner: Scope.Scope,
  outer: Locals
): Value.Value => {
  let value = start
  for (const locals of Loop.rounds(to, binding.loops, owner, outer)) {
    const keys = binding.keys.map((key) => Format.keyOf(to.value(key, owner, locals)))
    const target = binding.kind === "at" ? keys.slice(0, -1) : keys
    const inner = target.reduce<Value.Value | undefined>(child, value)
    const added = to.value(binding.value, owner, locals)
    const last = keys.at(-1)
    if (binding.kind === "at" && inner?._tag === "Dict" && last !== undefined) Value.set(inner, last, added)
    else if (binding.kind === "append" && inner?._tag === "List") inner.items.push(added)
    else if (binding.kind === "extend" && inner?._tag === "List" && added._tag === "List")
      inner.items.push(...added.items)
    else if (binding.kind === "update" && inner?._tag === "Dict" && added._tag === "Dict")
      for (const each of added.entries) Value.set(inner, each.key, each.value, each.at)
    else if (binding.kind === "add" && keys.length === 0) {
      const sum = Operator.joined(value, added)
      if (sum !== undefined) value = sum
    } else if (value._tag !== "Code")
      to.log.warn("ignored", to.program.at(binding.at), "", "a value is changed here in a way that cannot be followed")
  }
  return value
}

const child = (of: Value.Value | undefined, key: string | undefined): Value.Value | undefined => {
  if (of?._tag === "Dict" && key !== undefined) return Value.get(of, key)
  return of?._tag === "List" && key !== undefined ? of.items.at(Number(key)) : undefined
}
