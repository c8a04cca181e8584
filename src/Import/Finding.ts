/**
 * What an import did and what it leaves to do: findings with their place in the input, collected while a document is read.
 *
 * Outside the row's path. Texts never hold a value that may be a secret.
 */
import type * as Value from "./Value.ts"
import * as Variables from "./Variables.ts"

/**
 * One thing that was repaired, is left open, or is worth knowing. Line and column are 1-based, in the imported file; the path
 * is that of the configuration.
 *
 * - `renamed`, `moved`, `mapped` said in the words of the grammar · `dropped` has no meaning here · `added` was missing
 * - `variable`, `secret` a value that comes from the environment now · `prose` taken from the text around the configuration
 * - `unbound`, `code`, `unsupported` cannot be expressed · `syntax` cannot be read · `check` the result is refused
 * - `ignored` something beside the configuration
 *
 * @since 0.1.0
 * @category models
 */
export interface Finding {
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
  readonly kind: Kind
}

/**
 * @since 0.1.0
 * @category models
 */
export type Kind =
  | "renamed"
  | "moved"
  | "mapped"
  | "dropped"
  | "added"
  | "variable"
  | "secret"
  | "prose"
  | "unbound"
  | "code"
  | "unsupported"
  | "syntax"
  | "check"
  | "ignored"

/**
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Where a comment goes: above a key, or above an object.
 *
 * @since 0.1.0
 * @category models
 */
export type Target = Pick<Value.Entry, "notes"> | undefined

/**
 * The findings of one import.
 *
 * @since 0.1.0
 * @category models
 */
export interface Log {
  readonly variables: Variables.Variables
  readonly repairs: ReadonlyArray<Finding>
  readonly open: ReadonlyArray<Finding>
  readonly warnings: ReadonlyArray<Finding>
  /** Said in other words: nothing is left to do. */
  readonly repair: (kind: Kind, at: number, path: string, message: string, target?: Target) => void
  /** To be filled in by hand. */
  readonly todo: (kind: Kind, at: number, path: string, message: string, target?: Target) => void
  readonly warn: (kind: Kind, at: number, path: string, message: string, target?: Target) => void
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const log = (document: string): Log => {
  const starts = [0]
  for (let index = document.indexOf("\n"); index >= 0; index = document.indexOf("\n", index + 1)) starts.push(index + 1)
  const place = (at: number): Place => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
  const seen = new Set<string>()
  const add =
    (to: Array<Finding>, prefix: string): Log["repair"] =>
    (kind, at, path, message, target) => {
      target?.notes.push(`${prefix}${message}`)
      const finding = { ...place(at), path, message, kind }
      const id = `${finding.line}:${finding.column} ${path} ${message}`
      if (seen.has(id)) return
      seen.add(id)
      to.push(finding)
    }
  const repairs: Array<Finding> = []
  const open: Array<Finding> = []
  const warnings: Array<Finding> = []
  return {
    variables: Variables.make(),
    repairs,
    open,
    warnings,
    repair: add(repairs, ""),
    todo: add(open, "TODO: "),
    warn: add(warnings, "")
  }
}

/**
 * In the order of the document.
 *
 * @since 0.1.0
 * @category combinators
 */
export const sorted = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
