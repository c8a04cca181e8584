/**
 * Where a paginator writes its value: a query parameter, or a path in the body.
 *
 * Stage Page, pure.
 */
import type { Position } from "../Page.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Place = { readonly param: string } | { readonly bodyPath: string }

/**
 * The body path where one is given, else the parameter. Throws a `RangeError` for two places, or an empty one: a mistake in the
 * program, since `Spec` checks configuration files before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  who: string,
  fallback: string,
  { bodyPath, param }: { readonly param?: string | undefined; readonly bodyPath?: string | undefined }
): Place => {
  if (bodyPath !== undefined && param !== undefined) throw new RangeError(`${who}: a parameter and a body path`)
  if (bodyPath === "" || param === "") throw new RangeError(`${who}: needs a parameter or a body path`)
  return bodyPath === undefined ? { param: param ?? fallback } : { bodyPath }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const position = (place: Place, value: string | number): Position =>
  "param" in place ? { query: { [place.param]: value } } : { body: { [place.bodyPath]: value } }

/**
 * What a position holds there.
 *
 * @since 0.1.0
 * @category accessors
 */
export const value = (place: Place, { body, query }: Position): string | number | undefined =>
  "param" in place ? query?.[place.param] : body?.[place.bodyPath]
