/**
 * The tables of docs/CONFIG.md, made of the grammar: every key with its type, default, example and dlt's name.
 */
import { Duration, Option, SchemaAST as AST } from "effect"
import { Config } from "../../../src/Spec/Grammar.ts"
import * as Lore from "../../../src/Spec/Lore.ts"

export interface Key {
  readonly name: string
  readonly type: string
  readonly fallback: string
  readonly example: string
  readonly dlt: string
  readonly description: string
}

/** Objects of the grammar by their names, in the order they are met. */
export const objects = (): ReadonlyMap<string, ReadonlyArray<Key>> => {
  const found = new Map<string, ReadonlyArray<Key>>()
  const seen = new Set<AST.AST>()
  const visit = (ast: AST.AST): void => {
    if (seen.has(ast)) return
    seen.add(ast)
    if (AST.isRefinement(ast) || AST.isTransformation(ast)) return visit(ast.from)
    if (AST.isSuspend(ast)) return visit(ast.f())
    if (AST.isUnion(ast)) return ast.types.forEach(visit)
    if (AST.isTupleType(ast))
      return [...ast.elements.map(({ type }) => type), ...ast.rest.map(({ type }) => type)].forEach(visit)
    if (!AST.isTypeLiteral(ast)) return
    const name = identifier(ast)
    if (name !== undefined && !found.has(name)) found.set(name, ast.propertySignatures.map(key))
    ast.propertySignatures.forEach(({ type }) => visit(type))
    ast.indexSignatures.forEach(({ type }) => visit(type))
  }
  visit(Config.ast)
  return found
}

export const table = (keys: ReadonlyArray<Key>): string =>
  [
    "| key | type | default | example | dlt | |",
    "|---|---|---|---|---|---|",
    ...keys.map(
      ({ description, dlt, example, fallback, name, type }) =>
        `| \`${name}\` | ${type} | ${fallback} | ${example} | ${dlt} | ${cell(description)} |`
    )
  ].join("\n")

/** Every part between `<!-- table: Name -->` and `<!-- /table -->` made anew. */
export const fill = (text: string): string => {
  const all = objects()
  return text.replaceAll(
    /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- \/table -->)/g,
    (_, open: string, name: string, close: string) => {
      const keys = all.get(name)
      if (keys === undefined) throw new Error(`the grammar has no object ${name}`)
      return `${open}\n${table(keys)}\n\n${close}`
    }
  )
}

const identifier = (ast: AST.AST): string | undefined => Option.getOrUndefined(AST.getIdentifierAnnotation(ast))

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const code = (text: string) => `\`${cell(text)}\``

const key = (signature: AST.PropertySignature): Key => {
  const lore = Lore.get(signature)
  const fallback = AST.getDefaultAnnotation(signature)
  return {
    name: String(signature.name),
    type: words(signature.type),
    fallback: Option.isSome(fallback) ? code(shown(fallback.value)) : signature.isOptional ? "–" : "required",
    example: lore?.example === undefined ? "" : code(lore.example),
    dlt: lore?.own === true ? "–" : "same",
    description: Option.getOrElse(AST.getDescriptionAnnotation(signature), () => "")
  }
}

const shown = (value: unknown): string => {
  if (Duration.isDuration(value)) return Duration.format(value)
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`
  return String(value)
}

/** Names of objects with a section of their own. */
const sections: Readonly<Record<string, string>> = {
  Auth: "auth",
  Paginator: "paginator",
  Client: "client",
  Retry: "retry",
  Limits: "limits",
  Endpoint: "endpoint",
  Resource: "resource",
  ResourceDefaults: "resource_defaults",
  Incremental: "incremental",
  Convert: "convert",
  ResponseAction: "response_actions",
  WriteDisposition: "write_disposition",
  SchemaContract: "schema_contract",
  Column: "columns",
  ProcessingStep: "processing_steps",
  Predicate: "filter",
  Changes: "map",
  Param: "params",
  Data: "data"
}

const words = (ast: AST.AST): string => {
  const name = identifier(ast)
  if (name !== undefined && sections[name] !== undefined) return `[${sections[name]}](#${sections[name]})`
  if (name === "Text") return "text"
  switch (ast._tag) {
    case "Literal":
      return ast.literal === null ? "null" : ast.literal === "" ? '`""`' : `\`${String(ast.literal)}\``
    case "StringKeyword":
      return "text"
    case "NumberKeyword":
    case "BigIntKeyword":
      return "number"
    case "BooleanKeyword":
      return "boolean"
    case "UnknownKeyword":
      return "anything"
    case "TypeLiteral":
      return ast.indexSignatures.length > 0 && ast.propertySignatures.length === 0
        ? `object of ${words(ast.indexSignatures[0]!.type)}`
        : "object"
    case "TupleType":
      return ast.elements.length > 0
        ? `list of ${ast.elements.length} (${words(ast.elements[0]!.type)})`
        : `list of ${words(ast.rest[0]!.type)}`
    case "Refinement": {
      const expected = Lore.get(ast)?.expected
      return expected !== undefined && /^a (whole )?(number|duration)/.test(expected)
        ? expected.replace(/^a /, "").replace(/ such as.*/, "")
        : expected === "a JSONPath such as `data.items`"
          ? "JSONPath"
          : words(ast.from)
    }
    case "Transformation":
      return words(ast.from)
    case "Suspend":
      return words(ast.f())
    case "Declaration":
      return "number"
    case "Union":
      return [
        ...new Set(
          ast.types
            .filter(
              (member) => member._tag !== "UndefinedKeyword" && !(AST.isLiteral(member) && member.literal === null)
            )
            .map(words)
        )
      ].join(", ")
    default:
      return ast._tag
  }
}
