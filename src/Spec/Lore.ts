/**
 * What the grammar knows beyond its types: names people write instead of the right ones, where a misplaced key belongs.
 * Carried by the schemas as an annotation, read by `Explain`.
 */
import * as AST from "effect/SchemaAST"

/**
 * On an object schema the names are keys; on literals and on unions told apart by `type` they are values.
 *
 * @since 0.1.0
 * @category models
 */
export interface Lore {
  /** What is expected, in words; overrides what the type says. */
  readonly expected?: string | undefined
  /** What people write, and what they mean. */
  readonly instead?: Readonly<Record<string, string>> | undefined
  /** A key, and the path it belongs to. */
  readonly elsewhere?: Readonly<Record<string, string>> | undefined
  /** A more useful answer to a value of a wrong shape. */
  readonly say?: ((found: unknown) => Said | undefined) | undefined
  /** A more useful answer to an unknown key of this object; `found` is the object as written. */
  readonly unknown?: ((key: string, found: Readonly<Record<string, unknown>>) => Said | undefined) | undefined
  /** Of a member of a union: whether a value is meant for it. */
  readonly fits?: ((found: unknown) => boolean) | undefined
  /** How a key may look in a file, for the documentation. */
  readonly example?: string | undefined
  /** A key that is not dlt's. */
  readonly own?: boolean | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Said {
  readonly message: string
  readonly hint?: string | undefined
}

/**
 * The annotation that carries a lore: `schema.annotations(Lore.lore({ … }))`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lore = (value: Lore): { readonly [key: symbol]: Lore } => ({ [id]: value })

/**
 * @since 0.1.0
 * @category accessors
 */
export const get = (ast: AST.Annotated): Lore | undefined => ast.annotations[id] as Lore | undefined

/**
 * The answer of a schema or of a member of a union to a value of a wrong shape.
 *
 * @since 0.1.0
 * @category accessors
 */
export const say = (ast: AST.AST, found: unknown): Said | undefined => {
  const own = get(ast)?.say?.(found)
  if (own !== undefined) return own
  if (AST.isRefinement(ast) || AST.isTransformation(ast)) return say(ast.from, found)
  if (AST.isSuspend(ast)) return say(ast.f(), found)
  if (!AST.isUnion(ast)) return undefined
  for (const member of ast.types) {
    const said = say(member, found)
    if (said !== undefined) return said
  }
  return undefined
}

/**
 * Whether a member of a union says that a value is meant for it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fits = (ast: AST.AST, found: unknown): boolean => {
  if (get(ast)?.fits?.(found) === true) return true
  return (AST.isRefinement(ast) || AST.isTransformation(ast)) && fits(ast.from, found)
}

/**
 * Several keys that belong to one place: `{ path: "endpoint.path", … }`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const under = (place: string, keys: ReadonlyArray<string>): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, `${place}.${key}`]))

/**
 * What a schema expects, in words.
 *
 * @since 0.1.0
 * @category accessors
 */
export const expected = (ast: AST.AST): string => {
  const words = get(ast)?.expected
  if (words !== undefined) return words
  switch (ast._tag) {
    case "Literal":
      return `\`${ast.literal}\``
    case "StringKeyword":
      return "a text"
    case "NumberKeyword":
      return "a number"
    case "BooleanKeyword":
      return "true or false"
    case "TypeLiteral":
      return "an object"
    case "TupleType":
      return "a list"
    case "Refinement":
    case "Transformation":
      return expected(ast.from)
    case "Suspend":
      return expected(ast.f())
    case "UnknownKeyword":
      return "any value"
    case "Union":
      return [...new Set(ast.types.filter((member) => !isNothing(member)).map(expected))].join(" or ")
    default:
      return "something else"
  }
}

/**
 * Whether a schema takes values of the shape of `found`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const takes = (ast: AST.AST, found: unknown): boolean => {
  switch (ast._tag) {
    case "Literal":
      return ast.literal === null || found === null ? ast.literal === found : typeof ast.literal === typeof found
    case "StringKeyword":
      return typeof found === "string"
    case "NumberKeyword":
      return typeof found === "number"
    case "BooleanKeyword":
      return typeof found === "boolean"
    case "TypeLiteral":
      return typeof found === "object" && found !== null && !Array.isArray(found)
    case "TupleType":
      return Array.isArray(found)
    case "Refinement":
    case "Transformation":
      return takes(ast.from, found)
    case "Suspend":
      return takes(ast.f(), found)
    case "UnknownKeyword":
      return true
    case "Union":
      return ast.types.some((member) => takes(member, found))
    default:
      return false
  }
}

// --- internal ---

const id = Symbol.for("sluice/Spec/Lore")

const isNothing = (ast: AST.AST) => ast._tag === "UndefinedKeyword" || (ast._tag === "Literal" && ast.literal === null)
