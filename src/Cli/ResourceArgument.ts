/**
 * Names of resources on the command line, checked before anything is asked.
 */
import * as Effect from "effect/Effect"
import type { Source } from "../Source.ts"
import * as Suggest from "../Spec/Suggest.ts"
import * as CliError from "./CliError.ts"

/**
 * Fails for a name the source does not have, and where none of those asked for can be had.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (source: Source, asked: ReadonlyArray<string>): Effect.Effect<void, CliError.CliError> => {
  const wrong = unknown(source, asked)
  if (wrong !== undefined) return Effect.fail(wrong)
  const selected = source.resources.filter(({ name }) => asked.includes(name))
  if (selected.length === 0 || selected.some(({ unavailable }) => unavailable === undefined)) return Effect.void
  // Asked for by name, and none of them can be had: there is nothing to be silent about.
  return Effect.fail(
    new CliError.CliError({
      reason: "Secret",
      detail: selected
        .map(({ name, unavailable }) => `${name} cannot be read: ${unavailable!.replace(/^left out: /, "")}`)
        .join("\n")
    })
  )
}

/**
 * The same for commands that ask nothing of the API: names alone.
 *
 * @since 0.1.0
 * @category combinators
 */
export const named = (source: Source, asked: ReadonlyArray<string>): Effect.Effect<void, CliError.CliError> => {
  const wrong = unknown(source, asked)
  return wrong === undefined ? Effect.void : Effect.fail(wrong)
}

/**
 * The same where no source says which resources there are, but a database does.
 *
 * @since 0.1.0
 * @category combinators
 */
export const within = (
  file: string,
  names: ReadonlyArray<string>,
  asked: ReadonlyArray<string>
): Effect.Effect<void, CliError.CliError> => {
  const it = names.length === 0 ? "It knows none: no sync has read a page into it." : `It knows ${names.join(", ")}.`
  const wrong = among(names, asked, `${file} knows no resource`, it)
  return wrong === undefined ? Effect.void : Effect.fail(wrong)
}

// --- internal ---

const unknown = (source: Source, asked: ReadonlyArray<string>): CliError.CliError | undefined => {
  const names = source.resources.map(({ name }) => name)
  return among(names, asked, `${source.name} has no resource`, `It has ${names.join(", ")}.`)
}

const among = (
  names: ReadonlyArray<string>,
  asked: ReadonlyArray<string>,
  lacks: string,
  has: string
): CliError.CliError | undefined => {
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown === undefined) return undefined
  const meant = Suggest.closest(unknown, names)
  return CliError.usage(
    `${lacks} ${JSON.stringify(unknown)}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    has
  )
}
