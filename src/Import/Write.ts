/**
 * A repaired configuration → YAML, with what was done as comments.
 */
import * as Yaml from "yaml"
import type * as Finding from "./Finding.ts"
import type * as Value from "./Value.ts"
import * as Variables from "./Variables.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The imported file, without its folder. */
  readonly file: string
  /** Environment variables with what they stand for. */
  readonly variables: ReadonlyArray<readonly [name: string, source: string]>
  readonly repairs: number
  readonly open: ReadonlyArray<Finding.Finding>
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const yaml = (config: Value.Dict, options: Options): string => {
  const document = new Yaml.Document({})
  document.contents = node(config, "") as Yaml.YAMLMap
  document.commentBefore = header(config, options).map(comment).join("\n")
  return document.toString({
    lineWidth: 120,
    commentString: (text) => text.replace(/^(?!$)/gm, "#"),
    flowCollectionPadding: true
  })
}

// --- internal ---

const header = (config: Value.Dict, { file, open, repairs, variables }: Options): ReadonlyArray<string> => [
  `Imported from ${file} by \`sluice import\`.`,
  ...(repairs > 0
    ? [`${repairs} ${repairs === 1 ? "thing was" : "things were"} said in other words; the comments say which.`]
    : []),
  ...(open.length > 0
    ? [`To be filled in by hand, see the TODOs:`, ...open.map(({ line, message }) => `  line ${line}: ${message}`)]
    : []),
  ...(variables.length > 0 ? ["Environment:", ...variables.map(([name, source]) => `  ${name}${origin(source)}`)] : []),
  ...config.notes
]

/** Never the source itself where that is a literal. */
const origin = (source: string) => {
  const [kind = "", ...rest] = source.split(" ")
  if (kind === "literal")
    return Variables.isPlaceholder(rest.join(" "))
      ? "  a placeholder in the file"
      : "  a credential that stood in the file"
  if (kind === "missing") return "  was missing in the file"
  if (kind.endsWith(".value")) return `  ${kind}`
  if (kind === "dlt.secrets" || kind === "dlt.config" || kind === "os.environ") return `  ${kind}["${rest.join(" ")}"]`
  return ""
}

const comment = (text: string) => ` ${text.replace(/[\r\n]+/g, " ").trimEnd()}`

const node = (value: Value.Value, key: string): Yaml.Node => {
  switch (value._tag) {
    case "Text": {
      const scalar = new Yaml.Scalar(value.text)
      // An indicator in a line of its own is written plain inside { } and [ ], where no parser reads it back.
      if ((/[{}$]|^\d/.test(value.text) && !value.text.includes("\n")) || /^[-?:]\s/.test(value.text))
        scalar.type = "QUOTE_DOUBLE"
      return scalar
    }
    case "Scalar":
      return Object.assign(new Yaml.Scalar(value.value), value.float === true ? { minFractionDigits: 1 } : {})
    case "Code":
      return new Yaml.Scalar(null)
    case "List": {
      const list = new Yaml.YAMLSeq()
      list.items = value.items.map((item, index) => {
        const made = node(item, "")
        // Above the dash, not behind it.
        const notes = item._tag === "Dict" ? [...item.notes, ...(item.entries[0]?.notes ?? [])] : []
        if (Yaml.isMap(made) && notes.length > 0) {
          before(made, notes)
          const first = made.items[0]?.key
          if (Yaml.isScalar(first)) first.commentBefore = null
        }
        // Resources stand apart.
        if (key === "resources" && index > 0 && Yaml.isMap(made)) made.spaceBefore = true
        return made
      })
      list.flow = value.items.length > 0 && value.items.every(isShort) && value.items.length < 12
      if (value.items.length === 0) list.flow = true
      return list
    }
    case "Dict": {
      const map = new Yaml.YAMLMap()
      for (const entry of value.entries) {
        const name = new Yaml.Scalar(entry.key)
        const notes = [...entry.notes, ...(entry.value._tag === "Dict" ? entry.value.notes : [])]
        if (notes.length > 0) before(name, notes)
        if (key === "" && (entry.key === "resources" || entry.key === "resource_defaults")) name.spaceBefore = true
        map.items.push(new Yaml.Pair(name, node(entry.value, entry.key)))
      }
      if (value.entries.length === 0 || (isPlain(value) && value.entries.length <= 3 && key !== "client"))
        map.flow = true
      return map
    }
  }
}

const before = (made: Yaml.Node, notes: ReadonlyArray<string>) => {
  made.commentBefore = [...new Set(notes)].map(comment).join("\n")
}

const isShort = (value: Value.Value) => value._tag === "Scalar" || (value._tag === "Text" && value.text.length < 30)

const isPlain = (dict: Value.Dict) =>
  dict.entries.every(
    ({ notes, value }) =>
      notes.length === 0 &&
      (value._tag === "Scalar" || (value._tag === "Text" && value.text.length < 40 && !value.text.includes("\n")))
  )
