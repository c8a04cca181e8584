/**
 * A declared condition as a function of a row.
 *
 * Stage Row, pure. Says nothing of what becomes of the row. Patterns are RE2's, which take time in proportion to the text
 * and no more: a pattern cannot hang a sync, whatever the API sends.
 */
import * as Either from "effect/Either"
import { RE2JS } from "re2js"
import * as Path from "../Page/Path.ts"
import type { Comparison, Predicate } from "../Resource/Process.ts"
import * as Compare from "./Compare.ts"

/**
 * Left is what is wrong with the condition as it is written.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (predicate: Predicate): Either.Either<(row: unknown) => boolean, string> => {
  if ("all" in predicate) {
    return Either.map(Either.all(predicate.all.map(compile)), (tests) => (row) => tests.every((test) => test(row)))
  }
  if ("any" in predicate) {
    return Either.map(Either.all(predicate.any.map(compile)), (tests) => (row) => tests.some((test) => test(row)))
  }
  if ("not" in predicate) return Either.map(compile(predicate.not), (test) => (row) => !test(row))
  return comparison(predicate)
}

// --- internal ---

type Test = (found: unknown) => boolean

const comparison = (written: Comparison): Either.Either<(row: unknown) => boolean, string> => {
  const path = Path.compile(written.path)
  if (Either.isLeft(path)) return Either.left(`path: ${path.left}`)
  if (written.path.trim() === "") return Either.left("path: it is empty")
  const { all } = path.right
  if (written.op === "exists") return Either.right((row) => all(row).some(isThere))
  if (written.op === "missing") return Either.right((row) => !all(row).some(isThere))
  const missing = written.op === "ne" || written.op === "not_in"
  return Either.map(testOf(written), (test) => (row) => {
    const found = all(row)
    return found.length === 0 ? missing : found.some(test)
  })
}

/** Most APIs write `null` for what is not there; `eq: null` tells the two apart. */
const isThere: Test = (found) => found !== null && found !== undefined

const testOf = ({ op, value }: Comparison): Either.Either<Test, string> => {
  switch (op) {
    case "eq":
      return Either.right((found) => Compare.equals(found, value))
    case "ne":
      return Either.right((found) => !Compare.equals(found, value))
    case "lt":
      return ordered(op, value, (sign) => sign < 0)
    case "le":
      return ordered(op, value, (sign) => sign <= 0)
    case "gt":
      return ordered(op, value, (sign) => sign > 0)
    case "ge":
      return ordered(op, value, (sign) => sign >= 0)
    case "in":
      return listed(op, value, true)
    case "not_in":
      return listed(op, value, false)
    case "contains":
      return Either.right((found) =>
        Array.isArray(found)
          ? found.some((item) => Compare.equals(item, value))
          : typeof found === "string" && typeof value === "string" && found.includes(value)
      )
    case "starts_with":
      return text(op, value, (found, part) => found.startsWith(part))
    case "ends_with":
      return text(op, value, (found, part) => found.endsWith(part))
    case "matches":
      return pattern(value)
    default:
      return Either.left(`op: ${JSON.stringify(op)} is not known`)
  }
}

const ordered = (op: string, value: unknown, holds: (sign: number) => boolean): Either.Either<Test, string> =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? Either.right((found) => {
        const sign = Compare.order(found, value)
        return sign !== undefined && holds(sign)
      })
    : Either.left(`value: ${op} needs a number or a text`)

const listed = (op: string, value: unknown, is: boolean): Either.Either<Test, string> =>
  Array.isArray(value)
    ? Either.right((found) => value.some((item) => Compare.equals(found, item)) === is)
    : Either.left(`value: ${op} needs a list`)

const text = (op: string, value: unknown, holds: (found: string, part: string) => boolean) =>
  typeof value === "string"
    ? Either.right<Test>((found) => typeof found === "string" && holds(found, value))
    : Either.left(`value: ${op} needs a text`)

/** Of a longer text the rest is not looked at. */
const longest = 100_000

const pattern = (value: unknown): Either.Either<Test, string> =>
  typeof value === "string"
    ? Either.try({
        try: (): Test => {
          const compiled = RE2JS.compile(value)
          return (found) => typeof found === "string" && compiled.matcher(found.slice(0, longest)).find()
        },
        catch: (error) => `value: ${error instanceof Error ? error.message : "not a regular expression"}`
      })
    : Either.left("value: matches needs a regular expression as a text")
