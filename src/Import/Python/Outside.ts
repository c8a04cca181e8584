/**
 * Values that a program takes from outside: dlt's secrets and configuration, the environment. And what stands after a dot or
 * in brackets.
 */
import * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import * as Attribute from "./Attribute.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Format from "./Format.ts"
import type * as Scope from "./Scope.ts"

/**
 * `dlt.secrets`, `os.environ`: a chain of names; `undefined` when something else is in it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const dotted = (to: Evaluator, node: Python.Node | null | undefined): string | undefined => {
  if (node == null) return undefined
  if (node.name === "VariableName") return to.slice(node)
  if (node.name !== "MemberExpression" || node.getChild("[") !== null) return undefined
  const base = dotted(to, node.firstChild)
  const name = node.getChild("PropertyName")
  return base === undefined || name === null ? undefined : `${base}.${to.slice(name)}`
}

/**
 * The object behind `dlt.secrets` and its like, by whatever name it was imported.
 *
 * @since 0.1.0
 * @category accessors
 */
export const storeOf = (name: string | undefined): string | undefined => {
  if (name === undefined) return undefined
  if (/^(?:dlt\.)?secrets$/.test(name)) return "dlt.secrets"
  if (/^dlt\.config$/.test(name)) return "dlt.config"
  return /^(?:os\.)?environ$/.test(name) ? "os.environ" : undefined
}

/**
 * The reference for a key of such an object.
 *
 * @since 0.1.0
 * @category constructors
 */
export const reference = (to: Evaluator, store: string, key: string, at: number): Value.Text => {
  // The environment has a name for it already.
  const wish = store === "os.environ" ? key.replaceAll(".", "_") : key.replaceAll("__", ".")
  return Value.text(`\${${to.log.variables.name(`${store} ${key}`, wish)}}`, at)
}

/**
 * `a.b` and `a["b"]`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const member = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const at = to.at(node)
  const [base, ...rest] = Python.children(node).filter(({ name }) => !/^[[\].]$/.test(name))
  if (base === undefined) return to.code(node)
  if (node.getChild("[") === null) {
    const chain = dotted(to, node)
    if (chain !== undefined && /^(?:dlt\.)?(?:secrets|config)\.value$/.test(chain)) return to.code(node, "secret")
    if (chain !== undefined && storeOf(chain) !== undefined) return to.code(node)
    const attribute = Attribute.read(to, node, scope)
    if (attribute !== undefined) return attribute
    const name = node.getChild("PropertyName")
    return to.code(node, "name", name === null ? undefined : to.slice(name))
  }
  const [keyNode] = rest
  if (keyNode === undefined || rest.length > 1) return to.code(node)
  const key = to.value(keyNode, scope, locals)
  const name = Format.keyOf(key)
  const path = secret(to, node, scope, locals)
  if (path !== undefined) return reference(to, path.store, path.key, at)
  const of = to.value(base, scope, locals)
  if (of._tag === "Dict" && name !== undefined) return Value.get(of, name) ?? to.code(node, "name", name)
  if (of._tag === "List" && key._tag === "Scalar" && typeof key.value === "number")
    return of.items.at(key.value) ?? to.code(node)
  return to.code(node, of._tag === "Code" && of.what === "call" ? "call" : "name", name)
}

// --- internal ---

/** `dlt.secrets["a"]["b"]` as `a.b`. */
const secret = (
  to: Evaluator,
  node: Python.Node,
  scope: Scope.Scope,
  locals: Locals
): { readonly store: string; readonly key: string } | undefined => {
  const [base, keyNode] = Python.children(node).filter(({ name }) => !/^[[\]]$/.test(name))
  if (base === undefined || keyNode === undefined || node.getChild("[") === null) return undefined
  const key = Format.keyOf(to.value(keyNode, scope, locals))
  if (key === undefined) return undefined
  const store = storeOf(dotted(to, base))
  if (store !== undefined) return { store, key }
  const outer = base.name === "MemberExpression" ? secret(to, base, scope, locals) : undefined
  return outer === undefined ? undefined : { store: outer.store, key: `${outer.key}.${key}` }
}
