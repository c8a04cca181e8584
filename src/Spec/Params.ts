/**
 * `params` and `json` as they go into a request. Pure.
 */
import type { Endpoint } from "./Grammar/Endpoint.ts"
import * as Placeholder from "./Placeholder.ts"

/**
 * How a number was written in the file: `2.0`, where the number itself is 2.
 *
 * @since 0.1.0
 * @category models
 */
export type Text = (name: string, index: number | undefined) => string | undefined

/**
 * A list repeats its name, `null` is not sent, `true` is `true` (dlt sends Python's `True`).
 *
 * @since 0.1.0
 * @category combinators
 */
export const query = (
  params: NonNullable<Endpoint["params"]>,
  text: Text
): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(params).flatMap(([name, value]) => {
    const values: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
    return values.flatMap((each, index) => {
      if (each === null || each === undefined) return []
      if (typeof each === "string") return [[name, Placeholder.unescape(each)] as const]
      const digits = typeof each === "number" ? text(name, Array.isArray(value) ? index : undefined) : undefined
      return [[name, digits !== undefined && /^-?\d+\.\d+$/.test(digits) ? digits : String(each)] as const]
    })
  })

/**
 * A query written into the path goes before the parameters, where a paginator can replace what it sets itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export const split = (
  path: string
): { readonly path: string; readonly query: ReadonlyArray<readonly [name: string, value: string]> } => {
  const [sent = ""] = path.split("#", 1)
  const mark = sent.indexOf("?")
  return mark < 0
    ? { path: sent, query: [] }
    : { path: sent.slice(0, mark), query: [...new URLSearchParams(sent.slice(mark + 1))] }
}

/**
 * The body with doubled braces made single in every text.
 *
 * @since 0.1.0
 * @category combinators
 */
export const body = (value: unknown): unknown => {
  if (typeof value === "string") return Placeholder.unescape(value)
  if (Array.isArray(value)) return value.map(body)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, body(child)]))
}
