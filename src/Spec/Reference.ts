/**
 * `${NAME}` inside a text, `{ $env: NAME }` and `{ $file: PATH }`: what a configuration may take from outside, as data.
 *
 * Pure. `Secrets` looks the names up.
 */
import * as Either from "effect/Either"

/**
 * @since 0.1.0
 * @category models
 */
export type Part =
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Variable"; readonly name: string }

/**
 * @since 0.1.0
 * @category models
 */
export type Reference =
  | { readonly _tag: "Text"; readonly parts: ReadonlyArray<Part> }
  | { readonly _tag: "File"; readonly parts: ReadonlyArray<Part> }

/**
 * @since 0.1.0
 * @category models
 */
export interface Malformed {
  readonly message: string
  readonly hint: string
}

/**
 * `undefined`: the value is not a reference and holds none at its own level.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (value: unknown): Either.Either<Reference, Malformed> | undefined => {
  if (typeof value === "string") {
    return value.includes("${") ? Either.map(split(value), (parts): Reference => ({ _tag: "Text", parts })) : undefined
  }
  if (typeof value !== "object" || value === null || !("$env" in value || "$file" in value)) return undefined
  const [entry, ...more] = Object.entries(value)
  if (entry === undefined || more.length > 0) {
    return Either.left({ message: "a reference has one key", hint: "write { $env: NAME } or { $file: PATH }" })
  }
  const [kind, target] = entry
  if (kind === "$env") {
    return typeof target === "string" && isName(target)
      ? Either.right({ _tag: "Text", parts: [{ _tag: "Variable", name: target }] })
      : Either.left({ message: "`$env` is not followed by the name of a variable", hint: "write { $env: API_KEY }" })
  }
  return typeof target === "string" && target.trim() !== ""
    ? Either.map(split(target), (parts): Reference => ({ _tag: "File", parts }))
    : Either.left({ message: "`$file` is not followed by a path", hint: "write { $file: secrets/api_key.txt }" })
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const variables = (reference: Reference): ReadonlyArray<string> =>
  reference.parts.flatMap((part) => (part._tag === "Variable" ? [part.name] : []))

/**
 * The text with every variable put in; `undefined` when one has no value.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fill = (parts: ReadonlyArray<Part>, lookup: (name: string) => string | undefined): string | undefined => {
  const texts = parts.map((part) => (part._tag === "Text" ? part.text : lookup(part.name)))
  return texts.includes(undefined) ? undefined : texts.join("")
}

// --- internal ---

const isName = (text: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)

const split = (text: string): Either.Either<ReadonlyArray<Part>, Malformed> => {
  const parts: Array<Part> = []
  let rest = text
  for (;;) {
    const start = rest.indexOf("${")
    if (start < 0) return Either.right(rest === "" ? parts : [...parts, { _tag: "Text", text: rest }])
    if (rest[start - 1] === "$") {
      parts.push({ _tag: "Text", text: `${rest.slice(0, start - 1)}\${` })
      rest = rest.slice(start + 2)
      continue
    }
    const end = rest.indexOf("}", start)
    const name = rest.slice(start + 2, end < 0 ? undefined : end)
    if (end < 0 || !isName(name)) {
      const isDefault = /^[A-Za-z_]\w*:?[-=?+]/.test(name)
      return Either.left({
        message: isDefault
          ? "a default inside `${…}` is not supported"
          : "`${` is not followed by the name of a variable and `}`",
        hint: isDefault
          ? 'write "${NAME}" and set the variable'
          : 'write "${NAME}", or "$${" for the characters themselves'
      })
    }
    if (start > 0) parts.push({ _tag: "Text", text: rest.slice(0, start) })
    parts.push({ _tag: "Variable", name })
    rest = rest.slice(end + 1)
  }
}
