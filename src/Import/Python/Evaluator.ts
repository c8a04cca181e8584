/**
 * What the parts that read Python's expressions share: the program, the log, and the way back to the whole.
 */
import type * as Finding from "../Finding.ts"
import type * as Python from "../Python.ts"
import type * as Value from "../Value.ts"
import type * as Scope from "./Scope.ts"

/**
 * Names that are bound for a while: arguments of a function, the variable of a loop.
 *
 * @since 0.1.0
 * @category models
 */
export type Locals = ReadonlyMap<string, Value.Value>

/**
 * @since 0.1.0
 * @category models
 */
export interface Evaluator {
  readonly program: Python.Program
  readonly log: Finding.Log
  readonly scope: Scope.Scope
  readonly slice: (node: Python.Node) => string
  /** The place of a node in the document. */
  readonly at: (node: Python.Node) => number
  readonly value: (node: Python.Node, scope: Scope.Scope, locals: Locals) => Value.Value
  /** Code for a node nobody can say more about. */
  readonly code: (node: Python.Node, what?: Value.Code["what"], name?: string) => Value.Code
  /** Bindings that are being read: a name that leads back to itself has no value. */
  readonly following: Set<Scope.Binding>
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const noLocals: Locals = new Map()
