/**
 * One text of a request: `{name}` bound to a parameter, everything else in the form `Page/Template` reads.
 *
 * Pure. In a path every brace means something, as in dlt; in other texts only what is a placeholder does, so that GraphQL
 * and JSON need no escapes.
 */
import * as Template from "../../Page/Template.ts"
import type { Endpoint } from "../Grammar/Endpoint.ts"
import * as Placeholder from "../Placeholder.ts"
import * as Suggest from "../Suggest.ts"
import * as Params from "./Params.ts"

/**
 * `keys` lead from the endpoint to the text.
 *
 * @since 0.1.0
 * @category models
 */
export interface Mistake {
  readonly keys: ReadonlyArray<string>
  readonly message: string
  readonly hint: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Text {
  readonly text: string
  readonly keys: ReadonlyArray<string>
  readonly placeholders: ReadonlyArray<Template.Placeholder>
  /** Names of parameters it uses. */
  readonly used: ReadonlySet<string>
  readonly mistakes: ReadonlyArray<Mistake>
}

/**
 * What `{name}` may stand for: a parent's value as a placeholder, or a parameter's own text.
 *
 * @since 0.1.0
 * @category models
 */
export type Names = ReadonlyMap<string, { readonly kind: "resolve" | "static"; readonly text: string }>

/**
 * @since 0.1.0
 * @category accessors
 */
export const names = (params: NonNullable<Endpoint["params"]>, text: Params.Text): Names => {
  const found = new Map<string, { readonly kind: "resolve" | "static"; readonly text: string }>()
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value) || value === null) continue
    if (typeof value === "object" && "field" in value) {
      found.set(name, { kind: "resolve", text: `{resources.${value.resource}.${value.field}}` })
    } else if (typeof value !== "object") {
      found.set(name, { kind: "static", text: Params.scalar(value, text(name, undefined)) })
    }
  }
  return found
}

/**
 * A path; a query written into it goes before the parameters, where a paginator can replace what it sets itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export const path = (
  written: string,
  names: Names
): Text & { readonly query: ReadonlyArray<Params.Pair>; readonly isEntity: boolean } => {
  const used = new Set<string>()
  const mistakes: Array<Mistake> = []
  const say = (message: string, hint: string) => void mistakes.push({ keys: ["path"], message, hint })
  let text = ""
  let search: string | undefined
  const add = (part: string) => {
    if (search === undefined) text += part
    else search += part
  }
  // A query mark inside a placeholder is part of a JSONPath.
  const literal = (part: string) => {
    const [sent = ""] = part.split("#", 1)
    const mark = search === undefined ? sent.indexOf("?") : -1
    if (mark < 0) return add(Template.escape(Placeholder.plain(sent)))
    add(Template.escape(Placeholder.plain(sent.slice(0, mark))))
    search = Template.escape(Placeholder.plain(sent.slice(mark + 1)))
  }
  for (const token of tokens(written)) {
    if (token.kind === "literal") literal(token.text)
    else if (token.kind === "stray") {
      say(`a single \`${token.text}\` in a path`, `write \`${token.text}${token.text}\` for the character itself`)
    } else {
      const bound = names.get(token.text)
      const problem = bound === undefined ? unbound(token.text, names) : undefined
      if (bound !== undefined) {
        used.add(token.text)
        add(bound.kind === "resolve" ? bound.text : encoded(bound.text, search !== undefined))
      } else if (problem === undefined) add(`{${token.text}}`)
      else say(problem.message, problem.hint)
    }
  }
  // As dlt looks at it: with the query, if there is one.
  const last = written.replace(/\/+$/, "").split("/").at(-1) ?? ""
  return {
    text,
    keys: ["path"],
    query: search === undefined ? [] : [...new URLSearchParams(search)],
    placeholders: [...Template.placeholders(text), ...Template.placeholders(search ?? "")],
    used,
    mistakes,
    isEntity: tokens(last).some((token) => token.kind === "placeholder")
  }
}

/**
 * A parameter, a header, or a text of a body.
 *
 * @since 0.1.0
 * @category combinators
 */
export const text = (written: string, names: Names, keys: ReadonlyArray<string>, isBody: boolean): Text => {
  if (!/[{}\uE07B\uE07D]/.test(written)) return { text: written, keys, placeholders: [], used: new Set(), mistakes: [] }
  const used = new Set<string>()
  const mistakes: Array<Mistake> = []
  const bound = written.replace(single, (whole, name: string) => {
    const found = names.get(name)
    if (found?.kind === "resolve") {
      used.add(name)
      return found.text
    }
    // In GraphQL or JSON a word in braces is just that, unless it is all there is.
    const problem =
      !isBody || whole === written || /^(?:resources|incremental)\./.test(name) ? unbound(name, new Map()) : undefined
    if (problem !== undefined) mistakes.push({ keys, ...problem })
    return whole
  })
  const canonical = Placeholder.canonical(bound)
  return { text: canonical, keys, placeholders: Template.placeholders(canonical), used, mistakes }
}

/**
 * A JSON body, with its keys and all its texts.
 *
 * @since 0.1.0
 * @category combinators
 */
export const json = (
  value: unknown,
  names: Names,
  keys: ReadonlyArray<string>
): { readonly value: unknown; readonly texts: ReadonlyArray<Text> } => {
  if (typeof value === "string") {
    const bound = text(value, names, keys, true)
    return { value: bound.text, texts: [bound] }
  }
  if (typeof value !== "object" || value === null) return { value, texts: [] }
  if (Array.isArray(value)) {
    const items = value.map((item) => json(item, names, keys))
    return { value: items.map((item) => item.value), texts: items.flatMap((item) => item.texts) }
  }
  const entries = Object.entries(value).map(([name, child]) => {
    const key = text(name, names, [...keys, name], true)
    const inner = json(child, names, [...keys, name])
    return { key, inner }
  })
  return {
    value: Object.fromEntries(entries.map(({ inner, key }) => [key.text, inner.value])),
    texts: entries.flatMap(({ inner, key }) => [key, ...inner.texts])
  }
}

// --- internal ---

/** A word in single braces. */
const single = /(?<!\{)\{([A-Za-z_][^{}"':,\s]*)\}(?!\})/g

interface Token {
  readonly kind: "literal" | "placeholder" | "stray"
  readonly text: string
}

/** As Python's `format` reads a text. */
const tokens = (text: string): ReadonlyArray<Token> =>
  Array.from(text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g), ([whole, name]): Token => {
    if (name !== undefined) return { kind: "placeholder", text: name.trim() }
    if (whole === "{{" || whole === "}}") return { kind: "literal", text: whole[0] ?? "" }
    return { kind: whole === "{" || whole === "}" ? "stray" : "literal", text: whole }
  })

/** Why a placeholder stands for nothing; `undefined` when `Template` knows it. */
const unbound = (name: string, names: Names): Omit<Mistake, "keys"> | undefined => {
  if (Template.placeholders(`{${name}}`).length > 0) return undefined
  if (/^resources(\.|$)/.test(name)) {
    return {
      message: `\`{${name}}\` does not name a field`,
      hint: "write {resources.<parent>.<field>}"
    }
  }
  if (/^incremental(\.|$)/.test(name)) {
    const meant = Suggest.closest(name.slice("incremental.".length), incremental) ?? "start_value"
    return {
      message: `\`{${name}}\` is not a value of an incremental walk`,
      hint: `did you mean \`{incremental.${meant}}\`? There are ${incremental.map((each) => `\`${each}\``).join(", ")}`
    }
  }
  const whole = incremental.includes(name)
    ? `incremental.${name}`
    : name.includes(".")
      ? `resources.${name}`
      : undefined
  const near = Suggest.closest(name, [...names.keys()]) ?? whole
  return {
    message: `the placeholder \`{${name}}\` is bound to nothing`,
    hint:
      near === undefined
        ? `write \`params: { ${/^\w+$/.test(name) ? name : JSON.stringify(name)}: … }\` for a fixed value, {resources.<parent>.${name}} for one of each row of another resource, or "\${${name.replace(/\W/g, "_").toUpperCase()}}" for one from the environment`
        : `did you mean \`{${near}}\`?`
  }
}

const incremental = ["start_value", "initial_value", "last_value", "end_value"]

/** A fixed value in a path keeps its slashes: `{repo}` may be `owner/name`. */
const encoded = (text: string, inQuery: boolean): string =>
  Template.parse(text)
    .map((part) => {
      if (typeof part !== "string") return Placeholder.show(part)
      const value = Placeholder.plain(part)
      if (inQuery) return encodeURIComponent(value)
      return encodeURI(value)
        .replace(/%25([0-9a-f]{2})/gi, "%$1")
        .replaceAll("?", "%3F")
        .replaceAll("#", "%23")
    })
    .join("")
