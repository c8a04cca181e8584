/**
 * The ends that several paginators have in common.
 *
 * Stage Page, pure.
 */
import type { Step } from "../Page.ts"

/**
 * There is something at the place of a cursor or a link that is none: the page counts, the walk does not go on.
 *
 * @since 0.1.0
 * @category constructors
 */
export const broken = (notice: string, total?: number): Step => ({
  _tag: "Stop",
  reason: "error",
  complete: false,
  total,
  notice
})

/**
 * There is no next page; `missing` says how that cannot be all.
 *
 * @since 0.1.0
 * @category constructors
 */
export const noNext = (missing: string | undefined, total?: number, doubt?: string): Step => ({
  _tag: "Stop",
  reason: "no_next",
  complete: missing === undefined,
  total,
  notice: missing,
  ...(doubt === undefined ? {} : { doubt })
})

/**
 * What an API answers that numbers its pages and is asked for one behind the last. `owed`: it had said that there is one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const beyond = (status: number, what: string, owed: boolean): Step | undefined =>
  status === 404 || status === 416
    ? {
        _tag: "Stop",
        reason: "out_of_range",
        complete: !owed,
        notice: owed
          ? `the API said that there is more, but answered ${status} for ${what}`
          : `the API answered ${status} for ${what}: taken for the end`
      }
    : undefined

/**
 * What a value is, for a message that must not hold it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const kindOf = (value: unknown): string =>
  Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : typeof value === "boolean"
        ? "a yes or no"
        : typeof value === "string"
          ? "a text"
          : "a number"
