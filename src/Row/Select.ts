/**
 * Finds the rows in a response body by a resource's selector, or finds the selector in the first body.
 *
 * Stage Row, pure but for what is kept over the pages of one walk. A selector is a JSONPath; one that matches nothing is an
 * error, never quietly no rows. Looks at no row's fields.
 */
import * as Either from "effect/Either"
import type { Selected } from "../Page.ts"
import * as Path from "../Page/Path.ts"
import * as Bounds from "./Bounds.ts"
import { RowError } from "./RowError.ts"
import * as Lists from "./Select/Lists.ts"
import { describe } from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly selector: string | undefined
  readonly selectorRequired: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Selector {
  /**
   * Bodies in the order of their pages: the first one that holds anything decides where the rows of all are. Gives the
   * selector in force, which a resumed walk is to go on with, as soon as there is one.
   */
  readonly select: (body: unknown) => Either.Either<Selected, RowError>
}

/**
 * One per walk. `pinned` is the selector that an earlier run of the walk found.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options, pinned?: string): Selector => {
  const declared = options.selector?.trim() === "" ? undefined : options.selector
  let frozen = declared ?? pinned
  return {
    select: (body) => {
      if (body === undefined || body === null) return Either.right({ rows: [], selector: frozen, absent: true })
      if (frozen !== undefined) return at(frozen, options, declared === undefined, body)
      // An empty list is one; an empty object only has none.
      if (isEmpty(body)) return Either.right({ rows: [], selector: frozen, absent: !Array.isArray(body) })
      const detected = Lists.choose(body)
      frozen = detected.selector
      return Either.map(at(frozen, options, true, body), (found) => ({ ...found, notice: detected.notice }))
    }
  }
}

// --- internal ---

const at = (selector: string, options: Options, detected: boolean, body: unknown): Either.Either<Selected, RowError> =>
  Path.compile(selector).pipe(
    Either.mapLeft((why) => new RowError({ reason: "Selector", detail: `data_selector is not a JSONPath: ${why}` })),
    Either.flatMap((path): Either.Either<Selected, RowError> => {
      const matches = path.all(body)
      const elements = path.elements(body)
      const right = (rows: ReadonlyArray<unknown>): Either.Either<Selected, RowError> =>
        rows.length > Bounds.maxRows
          ? Either.left(tooMany(rows.length))
          : Either.right({ rows, selector, ...(elements === undefined ? {} : { elements }) })
      if (matches.length > 1) return right(matches.flatMap(each))
      const [match] = matches
      if (Array.isArray(match) || match === null) return right(match ?? [])
      if (match !== undefined) {
        const rows = [typeof match === "object" ? match : { value: match }]
        // A path that may match several times has found a list of one.
        return path.segments === undefined ? right(rows) : Either.right({ rows, selector, single: true })
      }
      const absent = !options.selectorRequired || isEmpty(body) || path.mayMissIn(body)
      // Nobody wrote a found selector: that a later body has no list at all is how some APIs say that it has no rows.
      if (absent || (detected && Lists.all(body).length === 0)) {
        return Either.map(right([]), (none) => ({ ...none, absent: (elements ?? 0) === 0 }))
      }
      return Either.left(
        new RowError({
          reason: "Selector",
          detail:
            `data_selector ${JSON.stringify(selector)} matches nothing in the body (${outline(body)}); ` +
            "correct it, or set data_selector_required: false if rows may be absent"
        })
      )
    })
  )

const tooMany = (rows: number) =>
  new RowError({
    reason: "Bounds",
    detail: `one page holds ${rows} rows, more than the ${Bounds.maxRows} that are taken at once; ask for smaller pages`
  })

/** Of several matches a list is a list of rows, not a row: `groups[*].items`. */
const each = (match: unknown): ReadonlyArray<unknown> => (Array.isArray(match) ? match : match === null ? [] : [match])

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
