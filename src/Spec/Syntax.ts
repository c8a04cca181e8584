/**
 * Says in plain words why a text is not YAML or not JSON, and where.
 *
 * Works from the parser's error codes, never from its messages: those may quote the text, and with it a secret.
 */
import * as Yaml from "yaml"

/**
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Mistake {
  readonly place: Place
  readonly message: string
  readonly hint?: string | undefined
}

/**
 * One mistake per line, and not without end: what follows the first is mostly its echo.
 *
 * @since 0.1.0
 * @category combinators
 */
export const explain = (
  document: Yaml.Document.Parsed,
  errors: ReadonlyArray<Yaml.YAMLError>,
  text: string,
  format: "yaml" | "json",
  place: (offset: number) => Place
): ReadonlyArray<Mistake> => {
  const byLine = new Map<number, Mistake>()
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, maxErrors)) {
    const opening =
      error.code === "MISSING_CHAR" || error.code === "BAD_INDENT" ? unclosed(document, error.pos[0]) : undefined
    const at = place(opening ?? error.pos[0])
    if (byLine.has(at.line)) continue
    const said = opening !== undefined ? neverClosed : format === "json" ? json(error, text) : yaml(error, text)
    byLine.set(at.line, { place: at, ...said })
    // Its braces are never closed for the parser: every line after it is an echo.
    if (opening === undefined && atReference(error, text)) break
  }
  return [...byLine.values()]
}

/**
 * What YAML allows and JSON does not; trailing commas are let pass.
 *
 * @since 0.1.0
 * @category accessors
 */
export const notJson = (node: unknown, place: (offset: number) => Place): Mistake | undefined => {
  if (Yaml.isMap(node)) {
    if (node.flow !== true)
      return mistake(node, place, "is not JSON: an object is written { … }", "name the file *.yaml if it is YAML")
    for (const { key } of node.items) {
      if (!Yaml.isScalar(key) || key.type !== "QUOTE_DOUBLE") {
        return mistake(key, place, "is not JSON: a key stands in double quotes", "JSON has no comments")
      }
    }
    return undefined
  }
  if (Yaml.isSeq(node)) {
    return node.flow === true
      ? undefined
      : mistake(node, place, "is not JSON: a list is written [ … ]", "name the file *.yaml if it is YAML")
  }
  if (!Yaml.isScalar(node) || node.type === "QUOTE_DOUBLE") return undefined
  const source = node.source ?? ""
  if (node.type === "PLAIN" && /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(source))
    return undefined
  const python: Record<string, string> = { None: "null", True: "true", False: "false" }
  const word = python[source]
  return mistake(
    node,
    place,
    "is not JSON: a text stands in double quotes",
    word === undefined ? undefined : `write ${word} for Python's ${source}`
  )
}

// --- internal ---

const maxErrors = 20

type Said = Pick<Mistake, "message" | "hint">

const mistake = (node: unknown, place: (offset: number) => Place, message: string, hint?: string): Mistake => ({
  place: place((Yaml.isNode(node) ? node.range?.[0] : undefined) ?? 0),
  message,
  hint
})

const neverClosed: Said = { message: "the quote or bracket opened here is not closed" }

/** Where the quote or bracket was opened that is still open at `end`: the parser only tells where it gave up. */
const unclosed = (document: Yaml.Document.Parsed, end: number): number | undefined => {
  let opening: number | undefined
  Yaml.visit(document, {
    Node: (_, node) => {
      const opens = Yaml.isScalar(node) ? node.type?.startsWith("QUOTE") : Yaml.isCollection(node) && node.flow === true
      if (
        opens === true &&
        node.range != null &&
        node.range[0] < end &&
        (node.range[1] === end || node.range[2] === end)
      ) {
        opening = node.range[0]
      }
    }
  })
  return opening
}

const json = (error: Yaml.YAMLError, text: string): Said =>
  atReference(error, text)
    ? { message: "is not JSON here", hint: 'a text stands in double quotes: "${NAME}"' }
    : {
        message: "is not JSON here",
        hint: "a comma, a quote or a bracket is missing or one too many, here or just before"
      }

const atReference = (error: Yaml.YAMLError, text: string) =>
  text.slice(Math.max(0, error.pos[0] - 1), error.pos[0] + 2).includes("${")

const yaml = (error: Yaml.YAMLError, text: string): Said => {
  const before = text.slice(text.lastIndexOf("\n", error.pos[0] - 1) + 1, error.pos[0] + 1)
  if (/^\s*\t/.test(before)) return tab
  if (atReference(error, text))
    return { message: "is not YAML here", hint: 'inside { } a reference needs quotes: "${NAME}"' }
  return wording[error.code] ?? { message: "is not YAML here" }
}

const tab: Said = { message: "a tab is used for indentation", hint: "YAML is indented with spaces" }

const wording: Partial<Record<Yaml.ErrorCode, Said>> = {
  TAB_AS_INDENT: tab,
  BAD_INDENT: {
    message: "is not indented as the lines around it",
    hint: "keys of one object start in the same column"
  },
  MISSING_CHAR: { message: "a `:`, a `- ` or a bracket is missing, here or just before" },
  UNEXPECTED_TOKEN: {
    message: "is not YAML here",
    hint: "check the indentation and closing brackets; a text that holds { } [ ] : # or quotes stands in quotes"
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "a second `: ` in one line",
    hint: "put a text that holds `: ` in quotes, or start a new line"
  },
  BLOCK_IN_FLOW: { message: "a comma is missing inside { } or [ ]" },
  BAD_SCALAR_START: { message: "a text cannot start with this character unless it stands in quotes" },
  BAD_DQ_ESCAPE: {
    message: "an unknown escape inside double quotes",
    hint: "write \\\\ for a backslash, or use single quotes"
  },
  BAD_ALIAS: { message: "an anchor or an alias has no name" },
  RESOURCE_EXHAUSTION: { message: "is nested too deeply" },
  MULTIPLE_DOCS: { message: "a second document starts here", hint: "one file is one configuration: remove the `---`" },
  MULTILINE_IMPLICIT_KEY: { message: "a comma or a `:` is missing, here or just before" }
}
