/**
 * Reads a row schema's columns and child tables off its AST: what is declared exists even when no row ever fills it.
 *
 * Stage Row, pure. The one file that walks `SchemaAST` for structure. Decides no names and no SQL.
 */
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as Field from "./Field.ts"
import type { ColumnType } from "./Value.ts"

/**
 * A place in a row that the schema declares.
 *
 * @since 0.1.0
 * @category models
 */
export type Declared =
  | { readonly _tag: "Column"; readonly path: ReadonlyArray<string>; readonly type: ColumnType }
  | { readonly _tag: "List"; readonly path: ReadonlyArray<string>; readonly items: ReadonlyArray<Declared> }

/**
 * In the order of the schema's fields, as `Flatten` stores what decoding gives: objects and lists that lie `maxNesting`
 * deep are JSON columns. A field of unknown type declares nothing: its column comes with its first value.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fromSchema = (schema: Schema.Schema.AnyNoContext, maxNesting: number): ReadonlyArray<Declared> => {
  const root: Place = { path: [], level: 0, row: 0, maxNesting }
  return walk(AST.typeAST(schema.ast), root).flatMap((one) => {
    if (one.path.length > 0) return [one]
    // A row that is no object is stored as `value`; one of free keys has no column of its own.
    return one._tag === "Column" && one.type === "json" ? [] : [{ ...one, path: ["value"] }]
  })
}

// --- internal ---

interface Place {
  /** From the row of the table, or of the child table. */
  readonly path: ReadonlyArray<string>
  /** Objects and lists above. */
  readonly level: number
  /** The level of the table's rows. */
  readonly row: number
  readonly maxNesting: number
}

const walk = (ast: AST.AST, at: Place): ReadonlyArray<Declared> => {
  const annotated = Field.columnTypeOf(ast)
  if (annotated !== undefined) return column(at, annotated)
  switch (ast._tag) {
    case "StringKeyword":
    case "TemplateLiteral":
      return column(at, "text")
    case "NumberKeyword":
      return column(at, "real")
    case "BooleanKeyword":
      return column(at, "boolean")
    case "BigIntKeyword":
      return column(at, "integer")
    case "Literal":
      return ast.literal === null ? [] : column(at, literalType(ast.literal))
    case "Enums":
      return distinct(ast.enums.flatMap(([, value]) => column(at, literalType(value))))
    case "Refinement":
      return isInteger(ast) ? column(at, "integer") : walk(ast.from, at)
    case "Declaration":
      return declaration(ast, at)
    case "TypeLiteral":
      return struct(ast, at)
    case "TupleType":
      return list([...ast.elements.map(({ type }) => type), ...ast.rest.map(({ type }) => type)], at)
    case "Union":
      return distinct(ast.types.flatMap((member) => walk(member, at)))
    default:
      return []
  }
}

const column = ({ path }: Place, type: ColumnType): ReadonlyArray<Declared> => [{ _tag: "Column", path, type }]

const struct = (ast: AST.TypeLiteral, at: Place): ReadonlyArray<Declared> => {
  const isRow = at.path.length === 0
  if (!isRow && (ast.indexSignatures.length > 0 || at.level >= at.maxNesting)) return column(at, "json")
  if (isRow && ast.propertySignatures.length === 0 && ast.indexSignatures.length > 0) return column(at, "json")
  const level = isRow ? at.level : at.level + 1
  return ast.propertySignatures.flatMap(({ name, type }) =>
    walk(type, { ...at, path: [...at.path, String(name)], level })
  )
}

const list = (items: ReadonlyArray<AST.AST>, at: Place): ReadonlyArray<Declared> => {
  // Counted as `Slots` does. What of it stays JSON is a column of another name, that comes with its first value.
  const isInner = at.row > 0 && at.path.length === 0
  if (isInner && at.level + 1 >= at.maxNesting) return []
  if (at.level >= at.maxNesting) return column(at, "json")
  const row = at.row + (isInner ? 2 : 1)
  const item: Place = { path: [], level: row, row, maxNesting: at.maxNesting }
  return [{ _tag: "List", path: at.path, items: distinct(items.flatMap((type) => walk(type, item))) }]
}

/** Types that are no JSON, by what `Plain` makes of them. */
const declaration = (ast: AST.Declaration, at: Place): ReadonlyArray<Declared> => {
  const surrogate = AST.getSurrogateAnnotation(ast)
  if (Option.isSome(surrogate)) return walk(AST.typeAST(surrogate.value), at)
  const name = Option.getOrUndefined(AST.getTypeConstructorAnnotation(ast))?._tag ?? ""
  const [held] = ast.typeParameters
  if (name === "Date" || name === "effect/DateTime.Utc") return column(at, "timestamp")
  if (name === "effect/BigDecimal") return column(at, "text")
  if (name === "effect/Option" && held !== undefined) return walk(held, at)
  if (/(Set|Chunk|List)$/.test(name) && held !== undefined) return list([held], at)
  return []
}

const literalType = (literal: AST.LiteralValue): ColumnType => {
  switch (typeof literal) {
    case "boolean":
      return "boolean"
    case "bigint":
      return "integer"
    case "number":
      return Number.isSafeInteger(literal) ? "integer" : "real"
    default:
      return "text"
  }
}

const isInteger = (ast: AST.AST): boolean => {
  const json = ast.annotations[AST.JSONSchemaAnnotationId]
  return typeof json === "object" && json !== null && "type" in json && json.type === "integer"
}

const numbers = new Set<ColumnType>(["integer", "real"])

/** One column per path: members of a union that disagree on its type make it text. */
const distinct = (declared: ReadonlyArray<Declared>): ReadonlyArray<Declared> => {
  const byPlace = new Map<string, Declared>()
  for (const one of declared) {
    const place = `${one._tag}:${JSON.stringify(one.path)}`
    const other = byPlace.get(place)
    if (other === undefined) byPlace.set(place, one)
    else if (other._tag === "Column" && one._tag === "Column" && other.type !== one.type) {
      byPlace.set(place, { ...one, type: numbers.has(other.type) && numbers.has(one.type) ? "real" : "text" })
    } else if (other._tag === "List" && one._tag === "List") {
      byPlace.set(place, { ...one, items: distinct([...other.items, ...one.items]) })
    }
  }
  return [...byPlace.values()]
}
