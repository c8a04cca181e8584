/**
 * Decodes one row by its Effect Schema: a compiled check for rows that are right, the Schema itself for the others.
 *
 * Stage Row, pure. Where a schema only validates, a row that passes the check is its own decoded value, so nothing is
 * rebuilt; the Schema decides every other case and words every reject. Reasons quote no value: they are read in receipts
 * and logs, where a row's data has no business. Never throws on data.
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import * as Check from "./Check.ts"
import * as Plain from "./Plain.ts"
import { describe } from "./Value.ts"

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
  const accepts = Check.compile(schema.ast)
  const decode = ParseResult.decodeUnknownEither(schema, { errors: "first", onExcessProperty: "preserve" })
  const slow = (row: unknown) =>
    Either.flatMap(
      Either.mapLeft(decode(row), (error) => problem(error, row)),
      (decoded) => storable(decoded, row)
    )
  return accepts === undefined ? slow : (row) => (accepts(row) ? Either.right(row) : slow(row))
}

// --- internal ---

const problem = (error: ParseResult.ParseIssue | ParseResult.ParseError, row: unknown): Problem => {
  const issue = error instanceof ParseResult.ParseError ? error.issue : error
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(issue)
  const path = first?.path.map(String) ?? []
  return {
    path: path.join("."),
    reason: withoutValue(first?.message ?? "does not match the schema", valueAt(row, path))
  }
}

/** The Schema's own words end in, or quote, the value. */
const withoutValue = (message: string, value: unknown): string => {
  const text = message.replace(/, actual [\s\S]*$/, `, found ${describe(value)}`)
  const unquoted =
    typeof value === "string" && value !== "" ? text.replaceAll(JSON.stringify(value), describe(value)) : text
  return unquoted.slice(0, 300)
}

const valueAt = (row: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    row
  )

const storable = (decoded: unknown, row: unknown): Either.Either<unknown, Problem> => {
  if (Plain.hasPrototypeKey(row)) {
    return Either.left({ path: "", reason: "holds a key __proto__, which a schema that changes rows cannot keep" })
  }
  return Either.try({
    try: () => Plain.of(decoded),
    catch: (error) => {
      if (error instanceof Plain.NotStorable) {
        return { path: error.path.join("."), reason: `${error.what} cannot be stored` }
      }
      throw error
    }
  })
}
