/**
 * `params`, `headers` and `data` as texts, before placeholders are looked at. Pure.
 */
import type { Endpoint } from "../Grammar/Endpoint.ts"

/**
 * How a number was written in the file: `2.0`, where the number itself is 2.
 *
 * @since 0.1.0
 * @category models
 */
export type Text = (name: string, index: number | undefined) => string | undefined

/**
 * @since 0.1.0
 * @category models
 */
export type Pair = readonly [name: string, value: string]

/**
 * A list repeats its name, `null` is not sent, `true` is `true` (dlt sends Python's `True`). Parameters with a `type` are no
 * parameters by themselves, and those that `skip` names went into the path.
 *
 * @since 0.1.0
 * @category combinators
 */
export const query = (
  params: NonNullable<Endpoint["params"]>,
  text: Text,
  skip: (name: string) => boolean
): ReadonlyArray<Pair> =>
  Object.entries(params).flatMap(([name, value]): ReadonlyArray<Pair> => {
    if (skip(name)) return []
    if (Array.isArray(value)) {
      return value.flatMap((each: unknown, index) =>
        each === null || each === undefined ? [] : [[name, scalar(each, text(name, index))] as const]
      )
    }
    return value === null || typeof value === "object" ? [] : [[name, scalar(value, text(name, undefined))]]
  })

/**
 * A value as it is sent; a number as it was written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const scalar = (value: unknown, digits: string | undefined): string =>
  typeof value === "number" && digits !== undefined && /^-?\d+\.\d+$/.test(digits) ? digits : String(value)

/**
 * @since 0.1.0
 * @category combinators
 */
export const texts = (values: NonNullable<Endpoint["headers"]>): ReadonlyArray<Pair> =>
  Object.entries(values).flatMap(([name, value]): ReadonlyArray<Pair> =>
    value === null ? [] : [[name, String(value)]]
  )

/**
 * A form as pairs; a text as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const data = (value: Endpoint["data"]): string | ReadonlyArray<Pair> | undefined => {
  if (value === null || value === undefined || typeof value === "string") return value ?? undefined
  const entries: ReadonlyArray<readonly [string, unknown]> = isPairs(value) ? value : Object.entries(value)
  return entries.flatMap(([name, each]) =>
    (Array.isArray(each) ? (each as ReadonlyArray<unknown>) : [each]).flatMap((one): ReadonlyArray<Pair> =>
      one === null || one === undefined ? [] : [[name, String(one)]]
    )
  )
}

// --- internal ---

const isPairs = (value: object): value is ReadonlyArray<readonly [string, unknown]> => Array.isArray(value)
