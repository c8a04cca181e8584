/**
 * Decodes one row by its Effect Schema: a compiled check for rows that are right, the Schema itself for the others.
 *
 * Stage Row, pure. Where a schema only validates, a row that passes the check is its own decoded value, so nothing is
 * rebuilt; the Schema decides every other case and words every reject. Never throws on data.
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as Field from "./Field.ts"

/**
 * Where in a row it went wrong and why.
 *
 * @since 0.1.0
 * @category models
 */
export interface Problem {
  /** Dotted path from the row, e.g. `To.0.Email`; empty for the row itself. */
  readonly path: string
  readonly reason: string
}

/**
 * Compile once per resource; keys the schema does not know are kept.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (schema: Schema.Schema.AnyNoContext): ((row: unknown) => Either.Either<unknown, Problem>) => {
  const accepts = checker(schema.ast)
  const decode = ParseResult.decodeUnknownEither(schema, { errors: "first", onExcessProperty: "preserve" })
  const slow = (row: unknown) => Either.mapLeft(decode(row), problem)
  return accepts === undefined ? slow : (row) => (accepts(row) ? Either.right(row) : slow(row))
}

// --- internal ---

type Check = (value: unknown) => boolean

/** The text of a parse issue may quote the value: the reject holds the row anyway, but a notice must stay short. */
const problem = (issue: ParseResult.ParseIssue | ParseResult.ParseError): Problem => {
  const [first] =
    "issue" in issue && issue instanceof ParseResult.ParseError
      ? ParseResult.ArrayFormatter.formatErrorSync(issue)
      : ParseResult.ArrayFormatter.formatIssueSync(issue as ParseResult.ParseIssue)
  return {
    path: first?.path.map(String).join(".") ?? "",
    reason: (first?.message ?? "does not match the schema").slice(0, 300)
  }
}

/** `undefined` when decoding may change the value or cannot be checked here. */
const checker = (ast: AST.AST): Check | undefined => {
  switch (ast._tag) {
    case "StringKeyword":
      return (value) => typeof value === "string"
    case "NumberKeyword":
      return (value) => typeof value === "number"
    case "BooleanKeyword":
      return (value) => typeof value === "boolean"
    case "BigIntKeyword":
      return (value) => typeof value === "bigint"
    case "UnknownKeyword":
    case "AnyKeyword":
      return () => true
    case "UndefinedKeyword":
      return (value) => value === undefined
    case "Literal":
      return (value) => value === ast.literal
    case "Refinement":
      return refinement(ast)
    case "Union": {
      const members = ast.types.map(checker)
      return members.every((member) => member !== undefined)
        ? (value) => members.some((accepts) => accepts(value))
        : undefined
    }
    case "TupleType":
      return list(ast)
    case "TypeLiteral":
      return struct(ast)
    default:
      return undefined
  }
}

const refinement = (ast: AST.Refinement): Check | undefined => {
  // Flatten parses every timestamp anyway and rejects what is none: once is enough on the hot path.
  if (Field.columnTypeOf(ast) === "timestamp") return (value) => typeof value === "string"
  const from = checker(ast.from)
  return from === undefined
    ? undefined
    : (value) => from(value) && Option.isNone(ast.filter(value, AST.defaultParseOption, ast))
}

const list = (ast: AST.TupleType): Check | undefined => {
  const [rest] = ast.rest
  if (ast.elements.length > 0 || ast.rest.length !== 1 || rest === undefined) return undefined
  const item = checker(rest.type)
  return item === undefined ? undefined : (value) => Array.isArray(value) && value.every(item)
}

const struct = (ast: AST.TypeLiteral): Check | undefined => {
  if (ast.indexSignatures.length > 0) return record(ast)
  const names: Array<string> = []
  const checks: Array<Check> = []
  const optional: Array<boolean> = []
  for (const field of ast.propertySignatures) {
    const check = checker(field.type)
    if (check === undefined) return undefined
    names.push(String(field.name))
    checks.push(check)
    optional.push(field.isOptional)
  }
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false
    const row = value as Record<string, unknown>
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      const field = row[name]
      if (field === undefined ? !(optional[i]! || (name in row && checks[i]!(field))) : !checks[i]!(field)) return false
    }
    return true
  }
}

const record = (ast: AST.TypeLiteral): Check | undefined => {
  const [signature] = ast.indexSignatures
  if (
    ast.propertySignatures.length > 0 ||
    ast.indexSignatures.length !== 1 ||
    signature?.parameter._tag !== "StringKeyword"
  ) {
    return undefined
  }
  const each = checker(signature.type)
  return each === undefined
    ? undefined
    : (value) =>
        typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(each)
}
