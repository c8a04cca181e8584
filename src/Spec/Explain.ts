/**
 * Turns what a schema says about a configuration into problems a person can act on: one mistake, one message.
 *
 * A union is answered for the member that was meant (by its `type`, or by the shape of the value), never for all of them.
 * Values are shown as written in the file, and not at all where they may be secrets.
 */
import type * as ParseResult from "effect/ParseResult"
import * as AST from "effect/SchemaAST"
import * as Lore from "./Lore.ts"
import * as Problem from "./Problem.ts"
import * as Secrets from "./Secrets.ts"
import * as Suggest from "./Suggest.ts"

/**
 * `written` gives the value at a path as it stands in the file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const explain = (
  issue: ParseResult.ParseIssue,
  written: (path: Problem.Path) => unknown
): ReadonlyArray<Problem.Problem> => walk(issue, { path: [], owner: undefined, written })

/**
 * A value of the file in a few words; only its kind where it may be a secret.
 *
 * @since 0.1.0
 * @category accessors
 */
export const describe = (value: unknown, path: Problem.Path): string => {
  if (value === null || value === undefined) return "nothing"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list"
  if (typeof value === "object") return "an object"
  if (Secrets.isSecretPath(path))
    return typeof value === "string" ? "a text" : typeof value === "boolean" ? "true or false" : "a number"
  if (typeof value !== "string") return String(value)
  return value === "" ? "an empty text" : JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
}

// --- internal ---

interface Context {
  readonly path: Problem.Path
  /** The object the value is a field of. */
  readonly owner: AST.AST | undefined
  readonly written: (path: Problem.Path) => unknown
  /** Below the value that a filter is about: its lore speaks of that value. */
  readonly inFilter?: boolean
}

const walk = (issue: ParseResult.ParseIssue, context: Context): ReadonlyArray<Problem.Problem> => {
  switch (issue._tag) {
    case "Pointer":
      return walk(issue.issue, below(context, issue))
    case "Composite":
      return composite(issue, context)
    case "Refinement":
      if (issue.kind === "Predicate") return predicate(issue.issue, issue.ast, context)
      return issue.issue._tag === "Type" ? [mismatch(issue.ast, undefined, context)] : walk(issue.issue, context)
    case "Transformation":
      return issue.issue._tag === "Type" ? [mismatch(issue.ast, undefined, context)] : walk(issue.issue, context)
    case "Type":
      return [mismatch(issue.ast as AST.AST, issue.message, context)]
    case "Unexpected":
      return [unknownKey(context)]
    case "Missing":
      return [missing(issue.ast.type, context)]
    case "Forbidden":
      return [Problem.invalid(context.path, "cannot be read")]
  }
}

const below = (context: Context, pointer: ParseResult.Pointer): Context => ({
  ...context,
  path: context.path.concat(pointer.path as PropertyKey | ReadonlyArray<PropertyKey>)
})

const parts = (issue: ParseResult.Composite): ReadonlyArray<ParseResult.ParseIssue> =>
  "_tag" in issue.issues ? [issue.issues] : issue.issues

const composite = (issue: ParseResult.Composite, context: Context): ReadonlyArray<Problem.Problem> => {
  const ast = issue.ast as AST.AST
  const issues = parts(issue)
  const said = Lore.say(ast, context.written(context.path))
  if (said !== undefined) return [Problem.invalid(context.path, said.message, said.hint)]
  if (!AST.isUnion(ast)) {
    const told = issues.flatMap((each) => walk(each, { ...context, owner: ast }))
    return told.filter((problem) => !isMissing(problem) || !told.some((other) => accounts(other, problem)))
  }
  const tag = issues.find((each) => each._tag === "Pointer")
  if (tag !== undefined) return walk(tag, { ...context, owner: ast })
  const taken = issues.filter((each) => "ast" in each && Lore.takes(each.ast as AST.AST, issue.actual))
  const fitting = taken.filter((each) => "ast" in each && Lore.fits(each.ast as AST.AST, issue.actual))
  const meant = fitting.length > 0 ? fitting : taken
  const [first] = meant
  const choice = meant.length > 1 && meant.every((each) => each._tag === "Type" && AST.isLiteral(each.ast as AST.AST))
  return first === undefined || choice ? [mismatch(ast, undefined, context)] : walk(first, context)
}

/** Whether `problem`, a missing key, is what the unknown key of `other` was meant for. */
const accounts = (other: Problem.Problem, problem: Problem.Problem) =>
  other.hint === `did you mean \`${String(problem.path.at(-1))}\`?`

const isMissing = ({ message, path }: Problem.Problem) => message === missingKey(path)

/** The message of a filter, its hint after a line break, at the place the filter names. */
const predicate = (issue: ParseResult.ParseIssue, ast: AST.AST, context: Context): ReadonlyArray<Problem.Problem> => {
  if (issue._tag === "Composite") return parts(issue).flatMap((each) => predicate(each, ast, context))
  if (issue._tag === "Pointer") return predicate(issue.issue, ast, { ...below(context, issue), inFilter: true })
  // A lore sees the value as written; the filter's own message must not show the value, which may be a secret.
  const said = context.inFilter === true ? undefined : Lore.say(ast, context.written(context.path))
  if (said !== undefined) return [Problem.invalid(context.path, said.message, said.hint)]
  const message = issue._tag === "Type" ? issue.message : undefined
  if (message === undefined) return [mismatch(ast, undefined, context)]
  const [text = "", hint] = message.split("\n")
  return [Problem.invalid(context.path, text, hint)]
}

const mismatch = (ast: AST.AST, message: string | undefined, context: Context): Problem.Problem => {
  const { path } = context
  const found = context.written(path)
  const said = Lore.say(ast, found)
  if (said !== undefined) return Problem.invalid(path, said.message, said.hint)
  const options = literals(ast)
  if (message !== undefined || typeof found !== "string" || options.length === 0) {
    const told = message ?? `expected ${Lore.expected(ast)}, found ${describe(found, path)}`
    return Problem.invalid(path, told, typeof found === "string" ? unquoted(ast, found) : undefined)
  }
  const known = options.map((option) => String(option.literal))
  const lore = Lore.get(ast) ?? options.map(Lore.get).find((each) => each !== undefined)
  const hint = suggestion(found, known, lore)
  return Problem.invalid(path, `expected ${lore?.expected ?? Lore.expected(ast)}, found ${describe(found, path)}`, hint)
}

/** A number or a truth value written as a text. */
const unquoted = (ast: AST.AST, found: string): string | undefined => {
  if (/^-?\d+(\.\d+)?$/.test(found) && Lore.takes(ast, Number(found))) return `write ${found} without quotes`
  if (!Lore.takes(ast, true)) return undefined
  if (/^(true|false)$/i.test(found)) return `write ${found.toLowerCase()} without quotes`
  return /^(yes|on|no|off)$/i.test(found) ? `write ${/^(yes|on)$/i.test(found)}` : undefined
}

const literals = (ast: AST.AST): ReadonlyArray<AST.Literal> =>
  AST.isLiteral(ast)
    ? typeof ast.literal === "string"
      ? [ast]
      : []
    : AST.isUnion(ast)
      ? ast.types.flatMap(literals)
      : []

const list = (names: ReadonlyArray<string>) => names.map((name) => `\`${name}\``).join(", ")

const suggestion = (name: string, known: ReadonlyArray<string>, lore: Lore.Lore | undefined): string | undefined => {
  const meant = Suggest.lookup(name, lore?.instead) ?? Suggest.closest(name, known)
  if (meant === undefined) return undefined
  return known.includes(meant) ? `did you mean \`${meant}\`?` : meant
}

const unknownKey = ({ owner, path, written }: Context): Problem.Problem => {
  const key = String(path.at(-1))
  const known =
    owner !== undefined && AST.isTypeLiteral(owner) ? owner.propertySignatures.map(({ name }) => String(name)) : []
  const lore = owner === undefined ? undefined : Lore.get(owner)
  const elsewhere = lore?.elsewhere ?? {}
  const found = written(path.slice(0, -1))
  const said =
    typeof found === "object" && found !== null
      ? lore?.unknown?.(key, found as Readonly<Record<string, unknown>>)
      : undefined
  if (said !== undefined) return Problem.invalid(path, said.message, said.hint, "key")
  const place = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined
  if (place !== undefined)
    return Problem.invalid(path, `\`${key}\` does not belong here`, `it belongs to \`${place}\``, "key")
  return Problem.invalid(
    path,
    `unknown key \`${key}\``,
    suggestion(key, known, lore) ?? `known here: ${list(known)}`,
    "key"
  )
}

const missing = (ast: AST.AST, { path }: Context): Problem.Problem =>
  Problem.invalid(path, missingKey(path), `expected ${Lore.expected(ast)}`, "key")

const missingKey = (path: Problem.Path) => `\`${String(path.at(-1))}\` is missing`
