/**
 * What people call a type in prose → dlt's name of it. Pure.
 */
import * as Columns from "../Repair/Columns.ts"

/**
 * `undefined`: the words name no type. Objects and lists are `json`; a text that is said to be a timestamp is one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const of = (words: string, description: string, format = ""): string | undefined => {
  // `["null", "string"]`, as in a JSON Schema.
  const plain = words
    .trim()
    .toLowerCase()
    .replace(/^\[((?:[^\]]*,)?\s*["']?null["']?(?:\s*,[^\]]*)?)\]$/, "$1")
    .replace(/["']/g, "")
  if (/^(?:array|list|set|tuple|\[)/.test(plain) || plain.endsWith("[]")) return "json"
  if (/^date[\s-]?-?time|^time-?stamp|^iso[\s-]?8601/.test(plain)) return "timestamp"
  const [first = "", ...others] = plain
    .split(/[\s/|<>[\],]+/)
    .filter((word) => word !== "" && word !== "or" && word !== "nullable" && word !== "optional")
  const named = first === "null" && others[0] !== undefined ? others[0] : first
  const type = Columns.dataType(named)
  if (type === undefined) return undefined
  // "Name: text of the message" is a sentence.
  if (others.length > 4) return undefined
  if (type !== "text") return type
  if (/^date-?time$/.test(format)) return "timestamp"
  if (format === "date") return "date"
  return /\b(?:time-?stamp|date-?time)\b/i.test(`${others.join(" ")} ${description}`) ? "timestamp" : "text"
}
