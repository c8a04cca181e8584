/**
 * Loops and comprehensions over literal lists, one round after the other.
 */
import * as Python from "../Python.ts"
import type * as Value from "../Value.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Operator from "./Operator.ts"
import type * as Scope from "./Scope.ts"

/**
 * What the elements of a comprehension come to; `undefined`: it is none, or goes over something that is no literal.
 *
 * @since 0.1.0
 * @category combinators
 */
export const comprehension = <A>(
  to: Evaluator,
  node: Python.Node,
  scope: Scope.Scope,
  locals: Locals,
  each: (locals: Locals, head: ReadonlyArray<Python.Node>) => ReadonlyArray<A>
): ReadonlyArray<A> | undefined => {
  const parts = Python.children(node).filter(({ name }) => !/^[[\](){}]$/.test(name))
  const start = parts.findIndex(({ name }) => name === "for")
  if (start < 0) return undefined
  const head = parts.slice(0, start).filter(({ name }) => name !== ":")
  let rounds: ReadonlyArray<Locals> = [locals]
  for (let index = start; index < parts.length;) {
    const end = parts.findIndex(({ name }, at) => at > index && (name === "for" || name === "if"))
    const clause = parts.slice(index, end < 0 ? undefined : end)
    if (clause[0]?.name === "if") {
      const test = clause[1]
      if (test === undefined) return undefined
      const kept: Array<Locals> = []
      for (const round of rounds) {
        const holds = Operator.truth(to, test, scope, round)
        if (holds === undefined) return undefined
        if (holds) kept.push(round)
      }
      rounds = kept
    } else {
      const next: Array<Locals> = []
      for (const round of rounds) {
        const some = over(to, clause, scope, round)
        if (some === undefined || next.length + some.length > maxRounds) return undefined
        next.push(...some)
      }
      rounds = next
    }
    index = end < 0 ? parts.length : end
  }
  return rounds.flatMap((round) => each(round, head))
}

/**
 * The rounds of nested `for` statements; none when one of them goes over something that is no literal.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rounds = (
  to: Evaluator,
  loops: ReadonlyArray<Python.Node>,
  scope: Scope.Scope,
  locals: Locals
): ReadonlyArray<Locals> =>
  loops.reduce<ReadonlyArray<Locals>>(
    (all, loop) =>
      all.slice(0, maxRounds).flatMap((round) => {
        const clause = Python.children(loop).filter(({ name }) => name !== "Body" && name !== "else")
        const found = over(to, clause, scope, round)
        if (found === undefined)
          to.log.todo("code", to.at(loop), "", "a loop over something that is no literal: what it builds is left out")
        return found ?? []
      }),
    [locals]
  )

// --- internal ---

const maxRounds = 10_000

/** `for a, b in items`. */
const over = (
  to: Evaluator,
  clause: ReadonlyArray<Python.Node>,
  scope: Scope.Scope,
  locals: Locals
): ReadonlyArray<Locals> | undefined => {
  const split = clause.findIndex(({ name }) => name === "in")
  const source = clause[split + 1]
  if (split < 0 || source === undefined) return undefined
  const targets = clause
    .slice(1, split)
    .flatMap((node) => (node.name === "TupleExpression" ? Python.groups(node).flat() : [node]))
    .filter(({ name }) => name === "VariableName")
    .map(to.slice)
  const values = to.value(source, scope, locals)
  if (values._tag === "Code" || values._tag === "Scalar" || values._tag === "Text" || targets.length === 0)
    return undefined
  const items: ReadonlyArray<Value.Value> =
    values._tag === "List"
      ? values.items
      : values.entries.map(({ at, key }) => ({ _tag: "Text" as const, text: key, at }))
  return items.map((item) => {
    const inner = new Map(locals)
    const [only] = targets
    if (targets.length === 1 && only !== undefined) inner.set(only, item)
    else if (item._tag === "List")
      for (const [index, name] of targets.entries()) {
        const part = item.items[index]
        if (part !== undefined) inner.set(name, part)
      }
    return inner
  })
}
