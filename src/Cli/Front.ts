/**
 * What is asked for, and the answers that no command is needed for: the version and the pages of help.
 *
 * Pure. Shares nothing with the rest that takes time to load; everything else about a command line is `Cli`'s.
 */
import type * as Either from "effect/Either"
import * as Argv from "./Argv.ts"
import { manual } from "./Manual.ts"
import * as Sheet from "./Sheet.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (argv: ReadonlyArray<string>): Either.Either<Argv.Invocation, Argv.Refusal> =>
  Argv.parse(argv, manual.grammars)

/**
 * The text to print, or `undefined` when it takes more than that.
 *
 * @since 0.1.0
 * @category combinators
 */
export const answer = (invocation: Argv.Invocation, view: View.View): string | undefined => {
  switch (invocation._tag) {
    case "Version":
      return manual.version
    case "Help": {
      const page = invocation.command === undefined ? manual.overview : manual.pages[invocation.command]
      return Sheet.render(page ?? manual.overview, view)
    }
    default:
      return undefined
  }
}
