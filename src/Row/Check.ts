/**
 * A schema that only validates, as a function that says yes: what most rows are, told without rebuilding them.
 *
 * Stage Row, pure. Says yes only where the Schema would take the value and leave it as it is; what a no means is the
 * Schema's to say. Fields of plain types are told by their kind alone, without a call.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * `undefined` when decoding may change a value, or cannot be checked here.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (ast: AST.AST): ((value: unknown) => boolean) | undefined => {
  const check = of(ast)
  return check === undefined ? undefined : (value) => passes(check, value)
}

// --- internal ---

type Test = (value: unknown) => boolean

interface Check {
  /** Kinds that pass whatever the value. */
  readonly kinds: number
  /** Asked of the other kinds. */
  readonly test: Test | undefined
}

const string = 1
const number = 2
const boolean = 4
const bigint = 8
const nothing = 16
const nil = 32

const kindOf = (value: unknown): number => {
  switch (typeof value) {
    case "string":
      return string
    case "number":
      return number
    case "boolean":
      return boolean
    case "bigint":
      return bigint
    case "undefined":
      return nothing
    default:
      return value === null ? nil : 0
  }
}

const passes = ({ kinds, test }: Check, value: unknown): boolean =>
  (kinds & kindOf(value)) !== 0 || (test !== undefined && test(value))

const ofKind = (kinds: number): Check => ({ kinds, test: undefined })
const ofTest = (test: Test | undefined): Check | undefined => (test === undefined ? undefined : { kinds: 0, test })

const of = (ast: AST.AST): Check | undefined => {
  // Options of its own may drop keys or refuse them.
  if (Option.isSome(AST.getParseOptionsAnnotation(ast))) return undefined
  switch (ast._tag) {
    case "StringKeyword":
      return ofKind(string)
    case "NumberKeyword":
      return ofKind(number)
    case "BooleanKeyword":
      return ofKind(boolean)
    case "BigIntKeyword":
      return ofKind(bigint)
    case "UndefinedKeyword":
      return ofKind(nothing)
    case "UnknownKeyword":
    case "AnyKeyword":
      return { kinds: -1, test: () => true }
    case "Literal":
      return ast.literal === null ? ofKind(nil) : ofTest((value) => value === ast.literal)
    case "Refinement":
      return ofTest(refinement(ast))
    case "Union":
      return union(ast)
    case "TupleType":
      return ofTest(list(ast))
    case "TypeLiteral":
      return ofTest(ast.indexSignatures.length > 0 ? record(ast) : struct(ast))
    default:
      return undefined
  }
}

const refinement = (ast: AST.Refinement): Test | undefined => {
  if (ast.annotations[AST.SchemaIdAnnotationId] === Schema.IntSchemaId && ast.from._tag === "NumberKeyword") {
    return Number.isSafeInteger
  }
  const from = of(ast.from)
  return from === undefined
    ? undefined
    : (value) => passes(from, value) && Option.isNone(ast.filter(value, AST.defaultParseOption, ast))
}

const union = (ast: AST.Union): Check | undefined => {
  let kinds = 0
  const tests: Array<Test> = []
  for (const type of ast.types) {
    const member = of(type)
    if (member === undefined) return undefined
    kinds |= member.kinds
    if (member.test !== undefined) tests.push(member.test)
  }
  const [only] = tests
  return { kinds, test: tests.length < 2 ? only : (value) => tests.some((test) => test(value)) }
}

const list = (ast: AST.TupleType): Test | undefined => {
  const [rest] = ast.rest
  if (ast.elements.length > 0 || ast.rest.length !== 1 || rest === undefined) return undefined
  const item = of(rest.type)
  if (item === undefined) return undefined
  return (value) => {
    if (!Array.isArray(value)) return false
    for (let i = 0; i < value.length; i++) if (!passes(item, value[i])) return false
    return true
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const struct = (ast: AST.TypeLiteral): Test | undefined => {
  const names: Array<string> = []
  const checks: Array<Check> = []
  const optional: Array<boolean> = []
  for (const field of ast.propertySignatures) {
    const check = of(field.type)
    if (check === undefined || typeof field.name !== "string") return undefined
    names.push(field.name)
    checks.push(check)
    optional.push(field.isOptional)
  }
  return (value) => {
    if (!isRecord(value)) return false
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      const field = value[name]
      if (field === undefined && !(name in value)) {
        if (!optional[i]!) return false
      } else if (!passes(checks[i]!, field)) return false
    }
    return true
  }
}

const record = (ast: AST.TypeLiteral): Test | undefined => {
  const [signature] = ast.indexSignatures
  const isPlain =
    ast.propertySignatures.length === 0 &&
    ast.indexSignatures.length === 1 &&
    signature?.parameter._tag === "StringKeyword"
  const each = isPlain ? of(signature.type) : undefined
  return each === undefined
    ? undefined
    : (value) => isRecord(value) && Object.values(value).every((inner) => passes(each, inner))
}
