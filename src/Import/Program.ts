/**
 * Configurations in a Python program: literals with `client` and `resources`, and what `rest_api_source` is given.
 */
import type { Block } from "./Block.ts"
import * as Finding from "./Finding.ts"
import type { Found } from "./Found.ts"
import * as Python from "./Python.ts"
import * as Evaluate from "./Python/Evaluate.ts"
import { type Evaluator, noLocals } from "./Python/Evaluator.ts"
import * as Name from "./Python/Name.ts"
import * as Outside from "./Python/Outside.ts"
import * as Scope from "./Python/Scope.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const find = (block: Block, log: Finding.Log): ReadonlyArray<Found> => {
  const program = Python.parse(block)
  // Only what is said of the configuration that is taken counts, so all are read on paper first.
  const paper = Evaluate.make(program, Finding.log(""))
  const real = Evaluate.make(program, log)
  const literals: Array<Python.Node> = []
  const calls: Array<Python.Node> = []
  Python.walk(program.root, (node) => {
    if (isLiteral(paper, node)) literals.push(node)
    else if (node.name === "CallExpression") calls.push(node)
  })
  const found = new Map<number, Found>()
  // Which run is meant can only be told when there is one.
  const all = calls.filter((call) =>
    /(?<!^(?:asyncio|subprocess|app|uvicorn))\.run$/.test(Outside.dotted(paper, call.firstChild) ?? "")
  )
  const runs = (all.length === 1 ? all : []).flatMap((call) => {
    const value = keywordValue(paper, call, /\.run$/, "write_disposition")
    return value === undefined ? [] : [entry("write_disposition", value)]
  })
  const add = (read: (to: Evaluator) => Value.Value, name: string | undefined, around: ReadonlyArray<Value.Entry>) => {
    const value = read(paper)
    if (value._tag !== "Dict" || Value.get(value, "resources") === undefined) return
    const there = found.get(value.at)
    const take = () => {
      const config = read(real)
      beside(real, calls, log)
      complain(program, log)
      return config._tag === "Dict" ? config : value
    }
    if (there === undefined) found.set(value.at, { config: value, name, around: [...around, ...runs], take })
    else if (there.name === undefined && name !== undefined) found.set(value.at, { ...there, name })
  }
  const pipeline = calls.flatMap((call) => keyword(paper, call, /(?:^|\.)pipeline$/, "pipeline_name") ?? [])[0]
  for (const call of calls) {
    if (!entryPoint.test(Outside.dotted(paper, call.firstChild) ?? "")) continue
    const argument = config(paper, call)
    if (argument === undefined) continue
    const scope = Scope.around(paper.scope, call.from)
    add(
      (to) => to.value(argument, Scope.around(to.scope, call.from), noLocals),
      keyword(paper, call, entryPoint, "name") ?? sourceName(paper, scope) ?? pipeline,
      [...settings(paper, call), ...decorator(paper, scope)]
    )
  }
  for (const literal of literals) {
    if (found.has(paper.at(literal))) continue
    const target = literal.parent?.name === "AssignStatement" ? literal.parent.firstChild : null
    add(
      (to) => {
        const scope = Scope.around(to.scope, literal.from)
        return target?.name === "VariableName" && scope.bindings.has(to.slice(target))
          ? Name.final(to, target, scope)
          : to.value(literal, scope, noLocals)
      },
      sourceName(paper, Scope.around(paper.scope, literal.from)) ?? pipeline,
      decorator(paper, Scope.around(paper.scope, literal.from))
    )
  }
  return [...found.values()]
}

// --- internal ---

const entryPoint = /(?:^|\.)rest_api(?:_source|_resources|_config)?$/

/** An object that has both keys, or one of them and something spread into it. */
const isLiteral = (to: Evaluator, node: Python.Node): boolean => {
  if (node.name === "DictionaryExpression" || node.name === "DictionaryComprehensionExpression") {
    const groups = Python.groups(node)
    const keys = new Set(groups.map(([key]) => (key?.name === "String" ? to.slice(key).slice(1, -1) : "")))
    const spread = groups.some(([first]) => first?.name === "**")
    return keys.has("resources") && (keys.has("client") || spread)
  }
  if (node.name !== "CallExpression") return false
  const list = node.getChild("ArgList")
  const name = Outside.dotted(to, node.firstChild) ?? ""
  if (list === null || !/^dict$|RESTAPIConfig$/.test(name)) return false
  const keys = new Set(Python.groups(list).map(([key]) => (key === undefined ? "" : to.slice(key))))
  return keys.has("client") && keys.has("resources")
}

const complain = (program: Python.Program, log: Finding.Log): void => {
  const [first, ...more] = program.errors
  if (first === undefined) return
  const also = more.length > 0 ? `, nor in ${more.length} more ${more.length === 1 ? "place" : "places"}` : ""
  log.warn(
    "syntax",
    first,
    "",
    `is not Python here${also}: what could be read was taken, compare the result with the document`
  )
}

const config = (to: Evaluator, call: Python.Node): Python.Node | undefined => {
  const list = call.getChild("ArgList")
  const groups = list === null ? [] : Python.groups(list)
  const named = groups.find(
    ([key, sign]) => sign?.name === "AssignOp" && key !== undefined && to.slice(key) === "config"
  )
  const first = groups.find(([, sign]) => sign?.name !== "AssignOp")
  const keys = new Set(groups.map(([key]) => (key === undefined ? "" : to.slice(key))))
  // `rest_api(client=…, resources=…)`: the arguments are the configuration.
  const spread = list !== null && keys.has("client") && keys.has("resources") ? list : undefined
  return named?.[2] ?? first?.[0] ?? spread
}

const keywordValue = (to: Evaluator, call: Python.Node, callee: RegExp, name: string): Value.Value | undefined => {
  const list = call.getChild("ArgList")
  if (list === null || !callee.test(Outside.dotted(to, call.firstChild) ?? "")) return undefined
  const group = Python.groups(list).find(([key]) => key !== undefined && to.slice(key) === name)
  return group?.[2] === undefined ? undefined : to.value(group[2], Scope.around(to.scope, call.from), noLocals)
}

const keyword = (to: Evaluator, call: Python.Node, callee: RegExp, name: string): string | undefined => {
  const value = keywordValue(to, call, callee, name)
  return value === undefined ? undefined : plainText(value)
}

const entry = (key: string, value: Value.Value): Value.Entry => ({ key, at: value.at, value, notes: [] })

/** Arguments of `rest_api_source` and of `@dlt.source` that hold for every resource. */
const settings = (to: Evaluator, node: Python.Node): ReadonlyArray<Value.Entry> => {
  const list = node.getChild("ArgList")
  return (list === null ? [] : Python.groups(list)).flatMap(([key, , value]) => {
    const name = key === undefined ? "" : to.slice(key)
    if (value === undefined || !/^(?:max_table_nesting|schema_contract|parallelized)$/.test(name)) return []
    const found = to.value(value, to.scope, noLocals)
    return found._tag === "Code" || Value.isNull(found) ? [] : [entry(name, found)]
  })
}

const decorators = (to: Evaluator, scope: Scope.Scope): ReadonlyArray<Python.Node> =>
  (Scope.find(scope, ({ decorated }) => decorated)?.owner?.parent?.getChildren("Decorator") ?? []).filter((node) =>
    /^@\s*dlt\s*\.\s*source\b/.test(to.slice(node))
  )

const decorator = (to: Evaluator, scope: Scope.Scope) => decorators(to, scope).flatMap((node) => settings(to, node))

/** `@dlt.source(name="github")` above `def …`, or the function's own name. */
const sourceName = (to: Evaluator, scope: Scope.Scope): string | undefined => {
  for (const node of decorators(to, scope)) {
    const list = node.getChild("ArgList")
    const group = (list === null ? [] : Python.groups(list)).find(
      ([key]) => key !== undefined && to.slice(key) === "name"
    )
    if (group?.[2] !== undefined) return plainText(to.value(group[2], to.scope, noLocals))
  }
  return Scope.find(scope, ({ decorated }) => decorated)?.name
}

const plainText = (value: Value.Value): string | undefined => {
  const text = Value.textOf(value)
  return text === undefined || Value.hasReference(text) || text.trim() === "" ? undefined : text
}

/** What the program does to the source after it is configured. */
const beside = (to: Evaluator, calls: ReadonlyArray<Python.Node>, log: Finding.Log): void => {
  for (const call of calls) {
    const property = call.firstChild?.getChild("PropertyName")
    const method = property == null ? "" : to.slice(property)
    if (/^(?:add_map|add_filter|add_yield_map|apply_hints)$/.test(method))
      log.todo(
        "code",
        to.at(property ?? call),
        "",
        `\`.${method}(…)\` changes the rows outside of the configuration: say it in \`processing_steps\` or in the resource`
      )
    else if (/^(?:with_resources|add_limit)$/.test(method))
      log.warn(
        "ignored",
        to.at(property ?? call),
        "",
        `\`.${method}(…)\` narrows a run: use --resource and --limit-pages`
      )
  }
}
