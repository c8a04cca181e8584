/**
 * What is to be known of a row that is refused, beside the row: how far it had come, and what its processing steps were given.
 *
 * A row that steps made cannot be made again by other steps; so what came is kept with it, unless the steps hide some of it.
 * Pure; looks at rows of a page only once one of them is refused.
 */
import * as Json from "../Fetch/Json.ts"
import type { Resource } from "../Resource.ts"
import type { Step } from "../Resource/Process.ts"
import type * as Row from "../Row.ts"
import { ofText } from "../Row/Hash.ts"
import * as Process from "../Row/Process.ts"

/**
 * Tells steps from others; functions by their text.
 *
 * @since 0.1.0
 * @category accessors
 */
export const digest = (steps: ReadonlyArray<Step>): number | undefined =>
  steps.length === 0
    ? undefined
    : ofText(JSON.stringify(steps, (_, value: unknown) => (typeof value === "function" ? String(value) : value)))

/**
 * A page's rows before and after the steps: `made[i]` rows were made of `came[i]`, in that order.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page {
  readonly came: ReadonlyArray<unknown>
  readonly made: ReadonlyArray<number>
  readonly processed: ReadonlyArray<unknown>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Origins {
  /** Of the row at an index of those that came, on which a step failed, and as what it may be shown. */
  readonly failed: (row: unknown, place: number) => { readonly row: unknown; readonly origin: Row.Origin }
  /** Of the processed row at an index. */
  readonly processed: (page: Page, index: number, stage?: Row.Stage) => Row.Origin
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (resource: Resource, raw: (row: unknown) => string): Origins => {
  const steps = digest(resource.processing)
  const veil = Process.veil(resource.processing)
  const hides = (row: unknown) => veil(row) !== row && raw(veil(row)) !== raw(row)
  const keyed = resource.write.disposition !== "append" && resource.primaryKey.fields.length > 0
  return {
    failed: (row, place) => {
      const isHidden = hides(row)
      return { row: isHidden ? veil(row) : row, origin: { stage: isHidden ? "hidden" : "came", steps, place } }
    },
    processed: ({ came, made }, index, stage) => {
      const of = stage === undefined ? {} : { stage }
      if (steps === undefined) return { ...of, place: index }
      let at = 0
      for (let end = 0; at < made.length; at++) {
        end += made[at]!
        if (index < end) break
      }
      const row = came[at]
      // Rows without a key that were made of the same one are stored, and would be stored twice.
      const isKept = row !== undefined && (keyed || made[at] === 1) && !hides(row)
      return { ...of, steps, place: at, came: isKept ? raw(row) : undefined }
    }
  }
}

/**
 * The places of some of a list's values in it; they are in its order.
 *
 * @since 0.1.0
 * @category accessors
 */
export const places = (some: ReadonlyArray<unknown>, all: ReadonlyArray<unknown>): ReadonlyArray<number> => {
  let at = 0
  return some.map((one) => {
    while (at < all.length && !Object.is(all[at], one)) at++
    return at++
  })
}

/**
 * A row of a reject as it was.
 *
 * @since 0.1.0
 * @category accessors
 */
export const parse = (text: string): unknown => {
  const parsed = Json.parse(text)
  if (parsed._tag === "Left") throw new Error("a row in _sluice_rejects is not JSON")
  return parsed.right
}
