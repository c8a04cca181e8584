/**
 * Braces in texts: dlt's placeholders and their escape, and templates of other tools pasted in by mistake.
 *
 * Pure, and looks only at what is written in the file, never at a value from the environment.
 */
import type * as Reference from "./Reference.ts"

/**
 * What is wrong with the braces of a text, if anything.
 *
 * @since 0.1.0
 * @category accessors
 */
export const complain = (text: string, place: "path" | "json" | "auth" | "other"): Reference.Malformed | undefined => {
  const python = /(?:dlt\.(?:secrets|config)|os\.(?:environ|getenv))\W*([\w.]*)/.exec(text)
  if (python !== null) {
    return {
      message: `a Python expression, which would be sent as it stands`,
      hint: `write "\${${variable(python[1] ?? "")}}"`
    }
  }
  if (place === "auth" && /^\$[A-Z][A-Z0-9_]+$/.test(text)) {
    return { message: "is a variable without braces, which would be sent as it stands", hint: 'write "${NAME}"' }
  }
  const parent = /(?<!\{)\{(resources|incremental)\.[^{}]*\}/.exec(text)
  if (parent !== null)
    return { message: `placeholders \`{${parent[1]}.…}\` are not supported yet`, hint: "write the value itself" }
  if ((place === "json" ? foreignInJson : foreign).test(text)) {
    return {
      message: "`{{ … }}` is a template of another tool",
      hint: 'a value from the environment is written "${NAME}"'
    }
  }
  if (place === "path" && /[{}]/.test(text.replaceAll("${", ""))) {
    const name = /\{+([^{}]*)\}+/.exec(text)?.[1] ?? ""
    return { message: `placeholders in a path (\`{${name}}\`) are not supported yet`, hint: "write the value itself" }
  }
  return undefined
}

/**
 * Doubled braces are dlt's escape for single ones. A text with single ones beside them (JSON, GraphQL) was not escaped.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unescape = (text: string): string =>
  /[{}]/.test(text.replaceAll("{{", "").replaceAll("}}", "")) ? text : text.replaceAll("{{", "{").replaceAll("}}", "}")

// --- internal ---

/** One expression in double braces. */
const foreign = /\{\{\s*[A-Za-z_][^{}]*\}\}/

/** Only the names such tools have: `{{ id }}` alone is escaped GraphQL. */
const foreignInJson =
  /\{\{\s*(?:config|stream_\w+|parameters|record|response|next_page_token|now_utc|today_utc|day_delta|env|secrets|vars?)\b[^{}]*\}\}/

const variable = (key: string) => {
  const name = key.split(".").at(-1)?.replace(/\W/g, "").toUpperCase() ?? ""
  return name === "" || name === "VALUE" || /^\d/.test(name) ? "API_KEY" : name
}
