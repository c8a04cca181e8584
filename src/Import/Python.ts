/**
 * Python as a tree: Lezer's grammar, which recovers from errors and never fails. Nothing is run.
 *
 * Helpers for walking it. What the nodes mean is for `Python/Scope` and `Python/Evaluate`.
 */
import { parser } from "@lezer/python"
import type { Block } from "./Block.ts"
import * as Mend from "./Python/Mend.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Node = ReturnType<typeof parser.parse>["topNode"]

/**
 * @since 0.1.0
 * @category models
 */
export interface Program {
  readonly root: Node
  readonly text: string
  /** Offset in the document. */
  readonly at: (offset: number) => number
  /** Places that are no Python, in the document. */
  readonly errors: ReadonlyArray<number>
}

/**
 * A text with errors is read again with its brackets and commas mended, and the reading with fewer errors is taken.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (block: Block): Program => {
  const text = Mend.shallow(block.text)
  const first = program(block, text)
  const errors = text === block.text ? first.errors : [block.at(0), ...first.errors]
  if (first.errors.length === 0) return { ...first, errors }
  const mended = program(block, Mend.mend(text))
  return mended.errors.length < first.errors.length ? { ...mended, errors } : { ...first, errors }
}

/**
 * Children without comments and punctuation.
 *
 * @since 0.1.0
 * @category accessors
 */
export const children = (node: Node): ReadonlyArray<Node> => {
  const found: Array<Node> = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "Comment") found.push(child)
  return found
}

/**
 * What stands between the commas of a bracketed list.
 *
 * @since 0.1.0
 * @category accessors
 */
export const groups = (node: Node): ReadonlyArray<ReadonlyArray<Node>> => {
  const found: Array<Array<Node>> = [[]]
  for (const child of children(node)) {
    if (/^[[\](){}]$/.test(child.name)) continue
    if (child.name === ",") found.push([])
    else found.at(-1)?.push(child)
  }
  return found.filter((group) => group.length > 0)
}

/**
 * Every node below, in the order of the text.
 *
 * @since 0.1.0
 * @category accessors
 */
export const walk = (root: Node, visit: (node: Node) => void): void => {
  root.cursor().iterate((ref) => visit(ref.node))
}

// --- internal ---

const program = (block: Block, text: string): Program => {
  const root = parser.parse(text).topNode
  const errors: Array<number> = []
  root.cursor().iterate((ref) => {
    if (ref.type.isError) errors.push(block.at(ref.from))
  })
  return { root, text, at: block.at, errors }
}
