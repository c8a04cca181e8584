/**
 * What can be said of rows that a walk did not bring: whether they are gone, or only not seen.
 *
 * Pure. A walk may be whole and still not tell, when an answer was ignored or a row left out whose key is not known; such doubts
 * are kept in its checkpoint, for they hold for all of its runs. Decides about no row.
 */
import * as Either from "effect/Either"
import * as AST from "effect/SchemaAST"
import * as Json from "../Fetch/Json.ts"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import type { Column } from "../Row/Shape.ts"
import type { SqlValue } from "../Row/Value.ts"
import type { Doubt } from "../Table.ts"
import type { Prepared } from "./Prepare.ts"

/**
 * The doubts of a walk, added to while it goes on.
 *
 * @since 0.1.0
 * @category models
 */
export type Doubts = Array<Doubt>

/**
 * @since 0.1.0
 * @category combinators
 */
export const doubt = (doubts: Doubts, text: string, passes: boolean): void => {
  if (!doubts.some((other) => other.text === text && other.passes === passes)) doubts.push({ text, passes })
}

/**
 * Adds the doubts that a page gives rise to; the keys of its refused rows, as far as they are known.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page = (
  doubts: Doubts,
  resource: Resource,
  { batch, prepared }: { readonly batch: Row.Batch; readonly prepared: Prepared }
): ReadonlyArray<ReadonlyArray<SqlValue>> => {
  if (prepared.refused.length > 0) doubt(doubts, "rows were refused before their key was known", true)
  if (prepared.queue.some(({ rejects }) => rejects.length > 0)) doubt(doubts, "parents were refused", true)
  if (batch.discarded.rows > 0) doubt(doubts, "schema_contract left rows out", false)
  const keys = batch.rejects.map(({ raw }) => keyOf(resource, batch, raw))
  const known = keys.filter((key) => key !== undefined)
  if (known.length < keys.length) doubt(doubts, "rows were refused whose key cannot be told", false)
  return known
}

/**
 * The doubts of a parent that are doubts of its children.
 *
 * @since 0.1.0
 * @category accessors
 */
export const inherited = (doubts: ReadonlyArray<Doubt>, parent: string): ReadonlyArray<Doubt> =>
  doubts.filter(({ passes }) => passes).map(({ text }) => ({ text: `${parent}: ${text}`, passes: true }))

// --- internal ---

/** The key of a refused row as the table would hold it; `undefined` where that is not certain. */
const keyOf = (resource: Resource, { key, shape }: Row.Batch, raw: string): ReadonlyArray<SqlValue> | undefined => {
  if (key === undefined || key.columns.length === 0 || key.inferred) return undefined
  // Of rows with one key one is chosen by a value that this row is not known to have.
  if (resource.write.dedupSort !== undefined) return undefined
  const row = Either.getOrUndefined(Json.parse(raw))
  const cells: Array<SqlValue> = []
  for (const index of key.columns) {
    const column = shape.tables[0]!.columns[index]!
    if (resource.schema !== undefined && !isUntouched(resource.schema.ast, column.path)) return undefined
    const cell = cellOf(column, at(row, column.path))
    if (cell === undefined) return undefined
    cells.push(cell)
  }
  return cells
}

const at = (row: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    row
  )

/** Only values that are stored as they come: any other one may be stored in another spelling. */
const cellOf = ({ type }: Column, value: unknown): SqlValue | undefined => {
  const isInteger = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))
  if (type === "integer") {
    if (isInteger) return value
    return typeof value === "string" && /^(?:0|-?[1-9]\d{0,17})$/.test(value) ? value : undefined
  }
  if (type !== "text") return undefined
  if (isInteger) return String(value)
  // What was masked is not the key.
  return typeof value === "string" && !value.includes("***") ? value : undefined
}

/** Whether a schema leaves a field as it comes, under its own name. */
const isUntouched = (ast: AST.AST, [name, ...inner]: ReadonlyArray<string>): boolean => {
  if (name === undefined) return isPlain(ast)
  if (AST.isRefinement(ast)) return isUntouched(ast.from, [name, ...inner])
  if (AST.isTransformation(ast)) {
    const { from, transformation } = ast
    return (
      AST.isTypeLiteralTransformation(transformation) &&
      transformation.propertySignatureTransformations.every((each) => each.from !== name && each.to !== name) &&
      isUntouched(from, [name, ...inner])
    )
  }
  if (!AST.isTypeLiteral(ast)) return false
  const field = ast.propertySignatures.find((each) => each.name === name)
  // A field that is not declared passes as it is, or not at all.
  return field === undefined || isUntouched(field.type, inner)
}

const isPlain = (ast: AST.AST): boolean => {
  if (AST.isRefinement(ast)) return isPlain(ast.from)
  if (AST.isUnion(ast)) return ast.types.every(isPlain)
  return !AST.isTransformation(ast) && !AST.isSuspend(ast) && !AST.isDeclaration(ast)
}
