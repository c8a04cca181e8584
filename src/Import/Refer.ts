/**
 * Code that stands where a text is wanted → `${NAME}`: a value that the environment gives instead.
 *
 * Says so, and whether somebody has to find out what the value is.
 */
import * as Secrets from "../Spec/Secrets.ts"
import type * as Finding from "./Finding.ts"
import * as Value from "./Value.ts"
import * as Variables from "./Variables.ts"

/**
 * Where the code stands.
 *
 * @since 0.1.0
 * @category models
 */
export interface Where {
  readonly path: string
  /** What to call the variable where the code has no name. */
  readonly wish: string
  /** A place for a credential: that its value comes from outside goes without saying. */
  readonly credential?: boolean | undefined
  readonly target?: Finding.Target
}

/**
 * `undefined`: a function, which no value can stand for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const refer = (log: Finding.Log, code: Value.Code, where: Where): Value.Text | undefined => {
  const { at, name, source, what } = code
  if (what === "function") return undefined
  const wish = name ?? where.wish
  const origin = what === "secret" ? `${source} ${wish}` : `${what} ${source}`
  const variable = log.variables.name(origin, wish)
  const text = Value.text(`\${${variable}}`, at)
  if (what === "secret") return text
  const known =
    what === "argument" || (what === "name" && (where.credential === true || Secrets.isCredentialName(wish)))
  if (known)
    log.repair(
      "variable",
      at,
      where.path,
      `\`${source}\` is taken from the environment variable ${variable}`,
      where.target
    )
  else if (what === "name")
    log.todo(
      "code",
      at,
      where.path,
      `\`${source}\` has no literal value in this file: set the environment variable ${variable}`,
      where.target
    )
  else
    log.todo(
      "code",
      at,
      where.path,
      `\`${source}\` is computed by code: set the environment variable ${variable} to its value`,
      where.target
    )
  return text
}

/**
 * The reference for a literal text that is a secret. The text itself goes nowhere.
 *
 * @since 0.1.0
 * @category combinators
 */
export const hide = (log: Finding.Log, characters: string, at: number, where: Where): Value.Text => {
  const variable = log.variables.name(`literal ${characters}`, where.wish)
  const placeholder = Variables.isPlaceholder(characters) || characters.trim() === ""
  log.warn(
    "secret",
    at,
    where.path,
    placeholder
      ? `a placeholder became the environment variable ${variable}`
      : `a credential stands in the file itself: it was not copied, set the environment variable ${variable}, and replace the credential if others could see the file`,
    where.target
  )
  return Value.text(`\${${variable}}`, at)
}
