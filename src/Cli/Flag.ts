/**
 * Options that several commands share, and numbers that say which option was wrong.
 *
 * @effect/cli's own integers accept any number and do not name their option in an error.
 */
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as ValidationError from "@effect/cli/ValidationError"
import * as Effect from "effect/Effect"

/**
 * A whole number, written with digits only.
 *
 * @since 0.1.0
 * @category constructors
 */
export const whole = (name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): Options.Options<number> =>
  checked(
    name,
    "N",
    (text) => {
      const value = Number(text)
      return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined
    },
    most === Number.MAX_SAFE_INTEGER ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const json: Options.Options<boolean> = Options.boolean("json").pipe(
  Options.withDescription("Print one JSON document on stdout instead of a table.")
)

/**
 * An option whose text is read by `read`; `undefined` refuses it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const checked = <A>(
  name: string,
  value: string,
  read: (text: string) => A | undefined,
  expected: string
): Options.Options<A> =>
  Options.text(name).pipe(
    Options.withPseudoName(value),
    Options.mapEffect((text) => {
      const got = read(text)
      return got === undefined
        ? Effect.fail(
            ValidationError.invalidValue(HelpDoc.p(`--${name} must be ${expected}, is ${JSON.stringify(text)}`))
          )
        : Effect.succeed(got)
    })
  )
