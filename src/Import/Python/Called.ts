/**
 * What the only call of a function in the file gives for a parameter: `shop_source("https://…", page_size=50)`.
 */
import * as Python from "../Python.ts"
import type * as Value from "../Value.ts"
import { type Evaluator, noLocals } from "./Evaluator.ts"
import * as Scope from "./Scope.ts"

/**
 * `undefined`: there is no call, or more than one, or it says nothing literal.
 *
 * @since 0.1.0
 * @category accessors
 */
export const argument = (to: Evaluator, of: Scope.Scope, parameter: string): Value.Value | undefined => {
  const { name, owner } = of
  if (name === undefined || owner === undefined) return undefined
  const calls = (callsIn(to).get(name) ?? []).filter(({ from }) => from < owner.from || from >= owner.to)
  const [call] = calls
  const list = call?.getChild("ArgList")
  if (call === undefined || calls.length > 1 || list == null) return undefined
  const groups = Python.groups(list)
  if (groups.some(([first]) => first?.name === "*" || first?.name === "**")) return undefined
  const named = groups.find(
    ([key, sign]) => sign?.name === "AssignOp" && key !== undefined && to.slice(key) === parameter
  )
  const placed = groups.filter(([, sign]) => sign?.name !== "AssignOp")
  const node = named?.[2] ?? placed[[...of.parameters.keys()].indexOf(parameter)]?.[0]
  if (node === undefined) return undefined
  const value = to.value(node, Scope.around(to.scope, call.from), noLocals)
  return value._tag === "Code" ? undefined : value
}

// --- internal ---

const known = new WeakMap<Python.Program, ReadonlyMap<string, ReadonlyArray<Python.Node>>>()

const callsIn = (to: Evaluator): ReadonlyMap<string, ReadonlyArray<Python.Node>> => {
  const there = known.get(to.program)
  if (there !== undefined) return there
  const calls = new Map<string, Array<Python.Node>>()
  Python.walk(to.program.root, (node) => {
    const callee = node.name === "CallExpression" ? node.firstChild : null
    if (callee?.name !== "VariableName") return
    const name = to.slice(callee)
    calls.set(name, [...(calls.get(name) ?? []), node])
  })
  known.set(to.program, calls)
  return calls
}
