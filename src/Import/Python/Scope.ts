/**
 * Which name means what: the assignments, functions and classes of a file, and the statements that add to a value later.
 *
 * Pure, over the tree. Reads no values: `Python/Evaluate` does, in the order given here.
 */
import * as Python from "../Python.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Scope {
  readonly parent: Scope | undefined
  /** The function, or `undefined` for the file. */
  readonly owner: Python.Node | undefined
  readonly name: string | undefined
  readonly parameters: ReadonlyMap<string, Python.Node | undefined>
  /** `*args` and `**options`. */
  readonly rest: { readonly list: string | undefined; readonly dict: string | undefined }
  /** A decorator of dlt stands above the function. */
  readonly decorated: boolean
  readonly bindings: ReadonlyMap<string, ReadonlyArray<Binding>>
  readonly functions: ReadonlyMap<string, Scope>
  readonly classes: ReadonlyMap<string, Python.Node>
  readonly imports: ReadonlySet<string>
}

/**
 * - `is` the name gets a value · `at` something in it does, `x["a"]["b"] = …` · `append`, `extend`, `update`, `add` it grows
 *
 * @since 0.1.0
 * @category models
 */
export interface Binding {
  readonly kind: "is" | "at" | "append" | "extend" | "update" | "add"
  readonly keys: ReadonlyArray<Python.Node>
  readonly value: Python.Node
  /** Loops around it, outermost first. */
  readonly loops: ReadonlyArray<Python.Node>
  /** Whether it happens depends on something. */
  readonly conditional: boolean
  readonly at: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const of = (program: Python.Program): Scope => {
  const root = draft(undefined, undefined, undefined, false)
  collect(program, Python.children(program.root), root, [], false)
  return root
}

/**
 * The innermost scope around a place.
 *
 * @since 0.1.0
 * @category accessors
 */
export const around = (scope: Scope, offset: number): Scope => {
  for (const inner of scope.functions.values()) {
    if (inner.owner !== undefined && inner.owner.from <= offset && offset < inner.owner.to) return around(inner, offset)
  }
  return scope
}

/**
 * The scope that knows a name, from the inside out.
 *
 * @since 0.1.0
 * @category accessors
 */
export const find = (scope: Scope | undefined, knows: (scope: Scope) => boolean): Scope | undefined =>
  scope === undefined || knows(scope) ? scope : find(scope.parent, knows)

// --- internal ---

interface Draft extends Scope {
  readonly parameters: Map<string, Python.Node | undefined>
  readonly rest: { list: string | undefined; dict: string | undefined }
  readonly bindings: Map<string, Array<Binding>>
  readonly functions: Map<string, Scope>
  readonly classes: Map<string, Python.Node>
  readonly imports: Set<string>
}

const draft = (
  parent: Scope | undefined,
  owner: Python.Node | undefined,
  name: string | undefined,
  decorated: boolean
): Draft => ({
  parent,
  owner,
  name,
  decorated,
  parameters: new Map(),
  rest: { list: undefined, dict: undefined },
  bindings: new Map(),
  functions: new Map(),
  classes: new Map(),
  imports: new Set()
})

const collect = (
  program: Python.Program,
  nodes: ReadonlyArray<Python.Node>,
  scope: Draft,
  loops: ReadonlyArray<Python.Node>,
  conditional: boolean
): void => {
  const slice = (node: Python.Node) => program.text.slice(node.from, node.to)
  const bind = (name: string, kind: Binding["kind"], keys: ReadonlyArray<Python.Node>, value: Python.Node) => {
    const all = scope.bindings.get(name) ?? []
    all.push({ kind, keys, value, loops, conditional, at: value.from })
    scope.bindings.set(name, all)
  }
  const assign = (target: Python.Node, value: Python.Node, kind: "is" | "add") => {
    if (target.name === "VariableName") return bind(slice(target), kind, [], value)
    const path = subscripts(target)
    if (path !== undefined) bind(slice(path.base), kind === "is" ? "at" : "add", path.keys, value)
  }
  for (const node of nodes) {
    switch (node.name) {
      case "DecoratedStatement": {
        const all = Python.children(node)
        const inner = all.filter(({ name }) => name !== "Decorator")
        const decorated = all.some((each) => each.name === "Decorator" && /^@\s*dlt\b/.test(slice(each)))
        for (const each of inner) {
          if (each.name === "FunctionDefinition") define(program, each, scope, decorated)
          else collect(program, [each], scope, loops, conditional)
        }
        break
      }
      case "FunctionDefinition":
        define(program, node, scope, false)
        break
      case "ClassDefinition": {
        const name = node.getChild("VariableName")
        if (name !== null) scope.classes.set(slice(name), node)
        break
      }
      case "ImportStatement":
        for (const name of node.getChildren("VariableName")) scope.imports.add(slice(name))
        break
      case "AssignStatement": {
        const parts = Python.children(node).filter(({ name }) => name !== "TypeDef")
        const signs = parts.flatMap(({ name }, index) => (name === "AssignOp" ? [index] : []))
        const end = signs.at(-1)
        if (end === undefined) break
        const values = parts.slice(end + 1).filter(({ name }) => name !== ",")
        const targets = [0, ...signs.map((index) => index + 1)]
          .slice(0, -1)
          .map((from, index) => parts.slice(from, signs[index]).filter(({ name }) => name !== ","))
        for (const group of targets) {
          const [target, ...more] = group
          const [value] = values
          if (target === undefined || value === undefined) continue
          if (more.length === 0 && values.length === 1) assign(target, value, "is")
          else if (group.length === values.length)
            for (const [index, each] of group.entries()) assign(each, values[index] ?? value, "is")
        }
        break
      }
      case "UpdateStatement": {
        const [target, sign, value] = Python.children(node)
        if (target !== undefined && value !== undefined && sign !== undefined && /^[+|]=$/.test(slice(sign)))
          assign(target, value, "add")
        break
      }
      case "ExpressionStatement": {
        const call = node.getChild("CallExpression")
        const member = call?.firstChild
        const list = call?.getChild("ArgList")
        const method = member?.getChild("PropertyName")
        const base = member?.firstChild
        if (member?.name !== "MemberExpression" || list == null || method == null || base == null) break
        const kind = slice(method)
        const argument = Python.groups(list)[0]?.[0]
        const path = base.name === "VariableName" ? { base, keys: [] } : subscripts(base)
        if (
          (kind === "append" || kind === "extend" || kind === "update") &&
          argument !== undefined &&
          path !== undefined
        )
          bind(slice(path.base), kind, path.keys, kind === "update" && isKeywords(list) ? list : argument)
        break
      }
      case "ForStatement":
        for (const body of node.getChildren("Body"))
          collect(program, Python.children(body), scope, [...loops, node], conditional)
        break
      case "IfStatement":
      case "WhileStatement":
      case "MatchStatement":
        // `if __name__ == "__main__":` is where a script starts.
        for (const body of node.getChildren("Body"))
          collect(program, Python.children(body), scope, loops, !/^if\s+__name__\b/.test(slice(node)))
        break
      case "TryStatement":
      case "WithStatement":
        for (const body of node.getChildren("Body")) collect(program, Python.children(body), scope, loops, conditional)
        break
      default:
    }
  }
}

const define = (program: Python.Program, node: Python.Node, scope: Draft, decorated: boolean): void => {
  const slice = (of: Python.Node) => program.text.slice(of.from, of.to)
  const name = node.getChild("VariableName")
  const list = node.getChild("ParamList")
  const inner = draft(scope, node, name === null ? undefined : slice(name), decorated)
  if (list !== null) {
    for (const group of Python.groups(list)) {
      const parameter = group.find((each) => each.name === "VariableName")
      if (parameter === undefined) continue
      if (group[0]?.name === "*") inner.rest.list = slice(parameter)
      if (group[0]?.name === "**") inner.rest.dict = slice(parameter)
      if (group[0]?.name === "*" || group[0]?.name === "**") continue
      const sign = group.findIndex((each) => each.name === "AssignOp")
      inner.parameters.set(slice(parameter), sign < 0 ? undefined : group[sign + 1])
    }
  }
  for (const body of node.getChildren("Body")) collect(program, Python.children(body), inner, [], false)
  scope.functions.set(name === null ? `at ${node.from}` : slice(name), inner)
}

/** `x["a"]["b"]` as its name and its keys. */
const subscripts = (
  node: Python.Node
): { readonly base: Python.Node; readonly keys: ReadonlyArray<Python.Node> } | undefined => {
  if (node.name === "VariableName") return { base: node, keys: [] }
  if (node.name !== "MemberExpression" || node.getChild("[") === null) return undefined
  const [base, ...rest] = Python.children(node).filter(({ name }) => name !== "[" && name !== "]")
  const key = rest[0]
  if (base === undefined || key === undefined || rest.length !== 1) return undefined
  const outer = subscripts(base)
  return outer === undefined ? undefined : { base: outer.base, keys: [...outer.keys, key] }
}

const isKeywords = (list: Python.Node) => list.getChild("AssignOp") !== null
