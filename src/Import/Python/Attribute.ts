/**
 * `Settings.BASE_URL` and `self.base_url`: what a class of the same file gives its attributes.
 *
 * Assignments in the body of the class, and to `self` in one of its methods when there is only one. No inheritance.
 */
import * as Python from "../Python.ts"
import type * as Value from "../Value.ts"
import { type Evaluator, noLocals } from "./Evaluator.ts"
import * as Scope from "./Scope.ts"

/**
 * `undefined`: the expression is no attribute of a class that is written here.
 *
 * @since 0.1.0
 * @category combinators
 */
export const read = (to: Evaluator, node: Python.Node, scope: Scope.Scope): Value.Value | undefined => {
  const base = node.firstChild
  const property = node.getChild("PropertyName")
  if (base?.name !== "VariableName" || property === null) return undefined
  const name = to.slice(base)
  const owner = Scope.find(scope, ({ classes }) => classes.has(name))
  const definition = /^(?:self|cls)$/.test(name) ? around(node) : owner?.classes.get(name)
  if (definition === undefined) return undefined
  const values = assigned(to, definition, to.slice(property))
  const [value] = values
  return value === undefined || values.length > 1
    ? undefined
    : to.value(value, Scope.around(to.scope, value.from), noLocals)
}

// --- internal ---

const around = (node: Python.Node): Python.Node | undefined => {
  for (let each = node.parent; each !== null; each = each.parent) if (each.name === "ClassDefinition") return each
  return undefined
}

const assigned = (to: Evaluator, definition: Python.Node, name: string): ReadonlyArray<Python.Node> => {
  const found: Array<Python.Node> = []
  Python.walk(definition, (node) => {
    if (node.name !== "AssignStatement") return
    const [target] = Python.children(node)
    const value = node.lastChild
    const written = target === undefined ? "" : to.slice(target)
    const own = around(node)?.from === definition.from && node.parent?.parent?.name === "ClassDefinition"
    if (value !== null && (own ? written === name : written === `self.${name}`)) found.push(value)
  })
  return found
}
