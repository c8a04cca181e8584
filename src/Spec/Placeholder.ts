/**
 * Braces in texts of a file: dlt's placeholders and their escape, and templates of other tools pasted in by mistake.
 *
 * Pure. `complain` looks only at what is written in the file; a value from the environment is never read as a placeholder:
 * `protect` hides its braces until `canonical` writes them as an escape.
 */
import * as Template from "../Page/Template.ts"
import type * as Reference from "./Reference.ts"

/**
 * - `path` a request's path · `text` its parameters, headers and form · `json` its JSON body
 * - `header` headers of the client, which have no placeholders · `auth` credentials · `other` the rest
 *
 * @since 0.1.0
 * @category models
 */
export type Place = "path" | "text" | "json" | "header" | "auth" | "other"

/**
 * What is wrong with a text, if anything: it would be sent as it stands.
 *
 * @since 0.1.0
 * @category accessors
 */
export const complain = (text: string, place: Place): Reference.Malformed | undefined => {
  const python = /(?:dlt\.(?:secrets|config)|os\.(?:environ|getenv))\W*([\w.]*)/.exec(text)
  if (python !== null) {
    return {
      message: "a Python expression, which would be sent as it stands",
      hint: `write "\${${variable(python[1] ?? "")}}"`
    }
  }
  if (place === "auth" && /^\$[A-Z][A-Z0-9_]+$/.test(text)) {
    return { message: "is a variable without braces, which would be sent as it stands", hint: 'write "${NAME}"' }
  }
  const found = (place === "path" || place === "auth" || place === "other" ? expression : knownExpression).exec(text)
  if (found === null) return undefined
  return {
    message: "`{{ … }}` is a template of another tool",
    hint:
      place === "path"
        ? `a value of a parameter is written \`{${word(found[0])}}\`, one of a parent's row \`{resources.<parent>.${word(found[0])}}\`, one from the environment "\${${word(found[0]).toUpperCase()}}"`
        : `a value from the environment is written "\${${word(found[0]).toUpperCase()}}"`
  }
}

/**
 * Whether a text looks like a template of another tool but may as well be escaped braces.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isDoubtful = (text: string): boolean =>
  expression.test(text) && !/[{}]/.test(text.replace(/\{\{[^{}]*\}\}/g, ""))

/**
 * Whether a text has doubled braces that are no escape, because there are single ones beside them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isMixed = (text: string): boolean => {
  const literal =
    Template.placeholders(text).length === 0 ? text : text.replace(/\{(?:resources|incremental)\.[^{}]*\}/g, "")
  return (
    /\{\{|\}\}/.test(literal) &&
    /[{}]/.test(literal.replaceAll("{{", "").replaceAll("}}", "")) &&
    /\{\{[^{}]*\}\}/.test(literal)
  )
}

/**
 * A value that is not the file's own: its braces stand for themselves.
 *
 * @since 0.1.0
 * @category combinators
 */
export const protect = (value: string): string => value.replaceAll("{", open).replaceAll("}", close)

/**
 * The value as it was before `protect`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const plain = (text: string): string => text.replaceAll(open, "{").replaceAll(close, "}")

/**
 * A text in the one form in which `Template.parse` reads every brace as it is meant.
 *
 * @since 0.1.0
 * @category combinators
 */
export const canonical = (text: string): string => {
  if (!brace.test(text)) return text
  return Template.parse(text)
    .map((part) => (typeof part === "string" ? Template.escape(plain(part)) : show(part)))
    .join("")
}

/**
 * A placeholder as it is written.
 *
 * @since 0.1.0
 * @category accessors
 */
export const show = (part: Template.Placeholder): string =>
  part._tag === "Parent" ? `{resources.${part.resource}.${part.path}}` : `{incremental.${part.value}}`

// --- internal ---

/** Private characters that no configuration holds. */
const open = "\uE07B"
const close = "\uE07D"
const brace = /[{}\uE07B\uE07D]/

/** One expression in double braces. */
const expression = /\{\{\s*[A-Za-z_][^{}]*\}\}/

/** Only the names such tools have: `{{ id }}` alone may be an escape. */
const knownExpression =
  /\{\{\s*(?:config|stream_\w+|parameters|record|response|next_page_token|now_utc|today_utc|day_delta|format_datetime|env|secrets|vars?)\b[^{}]*\}\}/

const word = (text: string) => {
  const words = text.match(/[A-Za-z_]\w*/g) ?? []
  return words.findLast((each) => !/^(?:config|parameters|stream_\w+|get)$/.test(each)) ?? "name"
}

const variable = (key: string) => {
  const name = key.split(".").at(-1)?.replace(/\W/g, "").toUpperCase() ?? ""
  return name === "" || name === "VALUE" || /^\d/.test(name) ? "API_KEY" : name
}
