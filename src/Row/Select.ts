/**
 * Finds the rows in a response body by a resource's selector.
 *
 * Stage Row, pure. A selector is a dotted path; one that matches nothing is an error, never quietly no rows.
 */
import * as Either from "effect/Either"
import * as Read from "../Page/Read.ts"
import { RowError } from "./RowError.ts"
import { describe } from "./Value.ts"

/**
 * The rows: a list as it is, a single object as one row. An empty body has none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const select = (
  options: { readonly selector: string | undefined; readonly selectorRequired: boolean },
  body: unknown
): Either.Either<ReadonlyArray<unknown>, RowError> => {
  if (body === undefined || body === null) return Either.right([])
  const { selector, selectorRequired } = options
  const found = selector === undefined ? body : Read.at(body, selector)
  if (Array.isArray(found)) return Either.right(found)
  if (typeof found === "object" && found !== null) return Either.right([found])
  if (!selectorRequired || (found === undefined && isEmpty(body))) return Either.right([])
  const what = found === undefined ? "matches nothing" : found === null ? "is null" : "is neither a list nor an object"
  return Either.left(
    new RowError({
      reason: "Selector",
      detail:
        `data_selector ${JSON.stringify(selector ?? "$")} ${what} in the body (${outline(body)}); ` +
        "correct it, or set data_selector_required: false if rows may be absent"
    })
  )
}

// --- internal ---

const isEmpty = (body: unknown) => typeof body === "object" && body !== null && Object.keys(body).length === 0

/** Key names only, and none at length: values may be anybody's data. */
const outline = (body: unknown): string => {
  if (Array.isArray(body)) return `a list of ${body.length}`
  if (typeof body !== "object" || body === null) return describe(body)
  const names = Object.keys(body).map((name) => plain(name.length > 40 ? `${name.slice(0, 40)}…` : name))
  return `its keys: ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`
}

/** A key is the API's to choose, and what it says may be shown on a terminal. */
const plain = (name: string) => name.replaceAll(/\p{C}/gu, "�")
