/**
 * Short forms of `auth` written out: `auth: bearer`, an `auth` without `type`, and fields that are left out. dlt finds such
 * values by name; so does this, in the environment: `<SOURCE>__TOKEN`, then `TOKEN`, then dlt's own names.
 *
 * Looks names up and puts references in their place; `Secrets` reads the values. No value is ever part of a problem.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as AST from "effect/SchemaAST"
import * as Grammar from "./Grammar/Auth.ts"
import type * as Problem from "./Problem.ts"

/**
 * The same values with every `auth` in long form.
 *
 * @since 0.1.0
 * @category constructors
 */
export const complete = (
  value: unknown,
  source: string
): Effect.Effect<{ readonly value: unknown; readonly problems: ReadonlyArray<Problem.Problem> }> =>
  Effect.gen(function* () {
    const problems: Array<Problem.Problem> = []
    let completed = value
    for (const path of places(value)) {
      const long = written(at(value, path))
      if (long === undefined) continue
      const fields: Record<string, unknown> = { ...long }
      for (const name of fieldsOf(long)) {
        if (fields[name] !== undefined && fields[name] !== null) continue
        const names = [`${constant(source)}__${constant(name)}`, constant(name)]
        const found = yield* firstSet([...names, ...dlt.map((section) => `${section}__${constant(name)}`)])
        // A stand-in for what is missing lets the rest of the object be checked.
        fields[name] = found === undefined ? "https://missing.invalid" : { $env: found }
        if (found === undefined) {
          problems.push({
            path: [...path, name],
            at: "key",
            kind: "secret",
            message: `\`${name}\` is missing, and neither ${names.join(" nor ")} is set in the environment`,
            hint: `write \`${name}: "\${NAME}"\`, or set one of them`
          })
        }
      }
      completed = put(completed, path, fields)
    }
    return { value: completed, problems }
  })

// --- internal ---

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const at = (value: unknown, path: Problem.Path): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    value
  )

const places = (value: unknown): ReadonlyArray<Problem.Path> => {
  const resources = at(value, ["resources"])
  return [
    ["client", "auth"],
    ["resource_defaults", "endpoint", "auth"],
    ...(Array.isArray(resources) ? resources.map((_, index) => ["resources", index, "endpoint", "auth"]) : [])
  ].filter((path) => at(value, path) != null)
}

/** Where dlt looks for credentials of its source, for those who have them set. */
const dlt = ["SOURCES__REST_API__CREDENTIALS", "SOURCES__CREDENTIALS", "CREDENTIALS"]

/** `undefined`: not a form that anything may be left out of. */
const written = (auth: unknown): Fields | undefined => {
  if (typeof auth === "string") return Object.hasOwn(Grammar.lookedUp, auth) ? { type: auth } : undefined
  if (!isFields(auth) || "$env" in auth || "$file" in auth) return undefined
  const type = auth.type ?? "bearer"
  if (typeof type !== "string" || !Object.hasOwn(Grammar.lookedUp, type)) return undefined
  // With a key that is not known the one that is missing is probably misspelt: the grammar tells.
  const known = knownTo(type)
  return Object.keys(auth).every((key) => known.has(key)) ? { ...auth, type } : undefined
}

const fieldsOf = (auth: Fields): ReadonlyArray<string> => Grammar.lookedUp[String(auth.type)] ?? []

const knownTo = (type: string): ReadonlySet<string> => {
  const [, ...members] = Grammar.Auth.members
  const keys = members.map((member) => AST.getPropertySignatures(AST.encodedAST(member.ast)))
  const meant = keys.find((signatures) =>
    signatures.some(({ name, type: ast }) => name === "type" && AST.isLiteral(ast) && ast.literal === type)
  )
  return new Set((meant ?? []).map(({ name }) => String(name)))
}

const constant = (text: string) =>
  text
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^(?=\d)/, "_")
    .toUpperCase()

const firstSet = (names: ReadonlyArray<string>): Effect.Effect<string | undefined> =>
  Effect.gen(function* () {
    for (const name of names) {
      const found = yield* Effect.either(Config.string(name))
      if (Either.isRight(found) && found.right !== "") return name
    }
    return undefined
  })

const put = (value: unknown, path: Problem.Path, to: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? put(item, rest, to) : item))
  return isFields(value) ? { ...value, [key]: put(value[String(key)], rest, to) } : value
}
