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
  const names = source.resources.map(({ name }) => name)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const meant = Suggest.closest(unknown, names)
    return Effect.fail(
      CliError.usage(
        `${source.name} has no resource ${JSON.stringify(unknown)}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
        `It has ${names.join(", ")}.`
      )
    )
  }
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
