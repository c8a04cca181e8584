/**
 * Texts of a request with placeholders: `{resources.posts.id}`, `{incremental.start_value}`, and `{{` `}}` for braces.
 *
 * Stage Page, pure. dlt's grammar, but path values are encoded, and an absent incremental value leaves its parameter out.
 * What is no placeholder stays as it is written (GraphQL, JSON); whether such a text is a mistake is for `Spec` to say.
 */

/**
 * @since 0.1.0
 * @category models
 */
export type Placeholder =
  | { readonly _tag: "Parent"; readonly resource: string; /** JSONPath in the parent's row. */ readonly path: string }
  | { readonly _tag: "Incremental"; readonly value: IncrementalValue }

/**
 * @since 0.1.0
 * @category models
 */
export type IncrementalValue = "start_value" | "initial_value" | "last_value" | "end_value"

/**
 * @since 0.1.0
 * @category models
 */
export type Part = string | Placeholder

/**
 * What placeholders stand for in one request.
 *
 * @since 0.1.0
 * @category models
 */
export interface Values {
  /** By the path in the parent's row. */
  readonly parent: Readonly<Record<string, unknown>>
  readonly incremental: Readonly<Partial<Record<IncrementalValue, string | number | bigint>>>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Values = { parent: {}, incremental: {} }

/**
 * The parts of a text, in order; literal parts with their braces made single.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): ReadonlyArray<Part> => {
  if (!text.includes("{") && !text.includes("}")) return [text]
  const pieces = text.split(placeholder)
  // Doubled braces are an escape only where no single ones are: a text with both (JSON, GraphQL) was not written with it.
  const escaped = !pieces.some(
    (piece, i) => i % 2 === 0 && /[{}]/.test(piece.replaceAll("{{", "").replaceAll("}}", ""))
  )
  return pieces
    .map((piece, i): Part => {
      if (i % 2 === 1) return named(piece)
      return escaped ? piece.replaceAll("{{", "{").replaceAll("}}", "}") : piece
    })
    .filter((part) => part !== "")
}

/**
 * A text that `parse` gives back as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const escape = (text: string): string => text.replaceAll("{", "{{").replaceAll("}", "}}")

/**
 * Every placeholder in a text, or in the texts of a JSON value, object keys included.
 *
 * @since 0.1.0
 * @category accessors
 */
export const placeholders = (value: unknown): ReadonlyArray<Placeholder> => {
  if (typeof value === "string") return parse(value).filter((part) => typeof part !== "string")
  if (Array.isArray(value)) return value.flatMap(placeholders)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => [...placeholders(name), ...placeholders(child)])
}

/**
 * The text with every placeholder replaced; `undefined` when one of them has no value now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const render = (text: string, values: Values): string | undefined => {
  let rendered = ""
  for (const part of parse(text)) {
    if (typeof part === "string") {
      rendered += part
      continue
    }
    const value = valueOf(part, values)
    if (value === undefined) return undefined
    rendered += show(value)
  }
  return rendered
}

/**
 * The path of a request: values are encoded, one segment each. A value that is the whole path, or the beginning of an absolute
 * URL, is one already and stays as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const path = (text: string, values: Values): string | undefined => {
  const parts = parse(text)
  let rendered = ""
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") {
      rendered += part
      continue
    }
    const value = valueOf(part, values)
    if (value === undefined) return undefined
    const shown = show(value)
    const isPath = index === 0 && (parts.length === 1 || /^https?:\/\//i.test(shown))
    rendered += isPath ? shown : encodeURIComponent(shown)
  }
  return rendered
}

/**
 * The placeholder that a text is, and nothing else.
 *
 * @since 0.1.0
 * @category accessors
 */
export const lone = (text: string): Placeholder | undefined => {
  const parts = parse(text)
  const [only] = parts
  return parts.length === 1 && typeof only === "object" ? only : undefined
}

/**
 * A JSON value with the placeholders of its texts replaced. A text that is one placeholder and nothing else becomes its value,
 * of its own type; a text without a value now is left out of its object or list.
 *
 * @since 0.1.0
 * @category combinators
 */
export const filled = (value: unknown, values: Values): unknown => {
  if (typeof value === "string") {
    const only = lone(value)
    return only === undefined ? render(value, values) : valueOf(only, values)
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values)).filter((item) => item !== undefined)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      const key = render(name, values)
      const value = filled(child, values)
      return key === undefined || value === undefined ? [] : [[key, value]]
    })
  )
}

// --- internal ---

/** Behind an even number of braces: an odd one of them is the escape of the next. */
const placeholder =
  /(?<=(?<!\{)(?:\{\{)*)\{(resources\.[^{}.]+\.[^{}]+|incremental\.(?:start_value|initial_value|last_value|end_value))\}/

const named = (text: string): Placeholder => {
  const [head = "", ...rest] = text.split(".")
  if (head === "incremental") return { _tag: "Incremental", value: rest[0] as IncrementalValue }
  return { _tag: "Parent", resource: rest[0] ?? "", path: rest.slice(1).join(".") }
}

const valueOf = (part: Placeholder, values: Values): unknown =>
  part._tag === "Incremental" ? values.incremental[part.value] : values.parent[part.path]

const show = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)
