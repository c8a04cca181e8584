/**
 * Reads a row schema's columns and child tables off its AST: what is declared exists even when no row ever fills it.
 *
 * Stage Row, pure. The one file that walks `SchemaAST` for structure. Decides no names and no SQL.
 */
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
 * In the order of the schema's fields. A field of unknown type declares nothing: its column comes with its first value.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fromSchema = (schema: Schema.Schema.AnyNoContext): ReadonlyArray<Declared> =>
  walk(AST.typeAST(schema.ast), [])

// --- internal ---

const walk = (ast: AST.AST, path: ReadonlyArray<string>): ReadonlyArray<Declared> => {
  const annotated = Field.columnTypeOf(ast)
  if (annotated !== undefined) return [{ _tag: "Column", path, type: annotated }]
  switch (ast._tag) {
    case "StringKeyword":
    case "TemplateLiteral":
    case "Enums":
      return column(path, "text")
    case "NumberKeyword":
      return column(path, "real")
    case "BooleanKeyword":
      return column(path, "boolean")
    case "BigIntKeyword":
      return column(path, "integer")
    case "Literal":
      return ast.literal === null ? [] : column(path, literalType(ast.literal))
    case "Refinement":
      return isInteger(ast) ? column(path, "integer") : walk(ast.from, path)
    case "TypeLiteral":
      return ast.indexSignatures.length > 0
        ? column(path, "json")
        : ast.propertySignatures.flatMap((field) => walk(AST.typeAST(field.type), [...path, String(field.name)]))
    case "TupleType": {
      const items = [...ast.elements.map(({ type }) => type), ...ast.rest.map(({ type }) => type)]
      return [{ _tag: "List", path, items: distinct(items.flatMap((item) => walk(item, []))) }]
    }
    case "Union":
      return distinct(ast.types.flatMap((member) => walk(member, path)))
    default:
      return []
  }
}

const column = (path: ReadonlyArray<string>, type: ColumnType): ReadonlyArray<Declared> => [
  { _tag: "Column", path, type }
]

const literalType = (literal: AST.LiteralValue): ColumnType =>
  typeof literal === "string"
    ? "text"
    : typeof literal === "boolean"
      ? "boolean"
      : typeof literal === "bigint"
        ? "integer"
        : "real"

const isInteger = (ast: AST.AST): boolean => {
  const json = ast.annotations[AST.JSONSchemaAnnotationId]
  return typeof json === "object" && json !== null && "type" in json && json.type === "integer"
}

/** One column per path: members of a union that disagree on its type make it text. */
const distinct = (declared: ReadonlyArray<Declared>): ReadonlyArray<Declared> => {
  const byPlace = new Map<string, Declared>()
  for (const one of declared) {
    const place = `${one._tag}:${JSON.stringify(one.path)}`
    const other = byPlace.get(place)
    if (other === undefined) byPlace.set(place, one)
    else if (other._tag === "Column" && one._tag === "Column" && other.type !== one.type) {
      byPlace.set(place, { ...one, type: other.type === "integer" && one.type === "real" ? "real" : "text" })
    } else if (other._tag === "List" && one._tag === "List") {
      byPlace.set(place, { ...one, items: distinct([...other.items, ...one.items]) })
    }
  }
  return [...byPlace.values()]
}
