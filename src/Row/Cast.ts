/**
 * A value of a row as another JSON type, as a `map` step asks for.
 *
 * Stage Row, pure. For rows that are still JSON: what a column makes of a value is `Coerce`'s.
 */
import * as Either from "effect/Either"
import * as Json from "../Fetch/Json.ts"
import * as Words from "./Words.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Type = "text" | "integer" | "float" | "boolean" | "json"

/**
 * `undefined` where the value (not null) is none of that type.
 *
 * @since 0.1.0
 * @category combinators
 */
export const to = (type: Type, value: unknown): unknown => {
  switch (type) {
    case "text":
      return typeof value === "string" ? value : typeof value === "object" ? Json.stringify(value) : String(value)
    case "integer":
      return typeof value === "boolean" ? Number(value) : Words.integer(value)
    case "float":
      return typeof value === "boolean" ? Number(value) : Words.double(value)
    case "boolean":
      return Words.yesOrNo(value)
    case "json":
      return typeof value === "string" ? Either.getOrUndefined(Json.parse(value)) : value
  }
}
