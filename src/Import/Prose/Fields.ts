/**
 * Fields of rows with their types, from lists, tables and JSON Schemas below headings that name a resource.
 */
import * as Block from "../Block.ts"
import type * as Finding from "../Finding.ts"
import * as Keys from "../Repair/Keys.ts"
import * as Type from "./Type.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Field {
  readonly name: string
  readonly type: string
  readonly at: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Found {
  readonly resource: string
  readonly fields: ReadonlyArray<Field>
  readonly at: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  sections: ReadonlyArray<Block.Section>,
  resources: ReadonlyArray<string>,
  log: Finding.Log
): ReadonlyArray<Found> => {
  const found = new Map<string, { readonly fields: Array<Field>; readonly at: number }>()
  const add = (resource: string, field: Field) => {
    // Objects become columns and lists tables of their own, as rows show them; only free keys are better kept as they come.
    if (field.type === "json" && !freeKeys.test(field.name)) return
    const all = found.get(resource) ?? { fields: [], at: field.at }
    if (!all.fields.some(({ name }) => name === field.name)) all.fields.push(field)
    found.set(resource, all)
  }
  const path: Array<Block.Section> = []
  for (const section of sections) {
    while ((path.at(-1)?.level ?? -1) >= section.level) path.pop()
    path.push(section)
    const inSchema = path.some(({ title }) => about.test(title))
    const named = path.toReversed().flatMap(({ title }) => match(title, resources) ?? [])[0]
    const only = resources.length === 1 ? resources[0] : undefined
    const resource = named ?? only
    const before = found.size
    lines(section, inSchema, resource, resources, add)
    if (inSchema && resource !== undefined)
      for (const block of section.blocks) for (const field of jsonSchema(block)) add(resource, field)
    const isLeaf = inSchema && section.level > 0 && section.lines.some(({ text }) => /^\s*[-*+|]/.test(text))
    if (isLeaf && resource === undefined && found.size === before)
      log.warn(
        "ignored",
        section.at,
        "",
        `the fields below "${section.title}" belong to no resource of the configuration`
      )
  }
  return [...found].map(([resource, { at, fields }]) => ({ resource, fields, at }))
}

// --- internal ---

const freeKeys = /^(?:meta_?data|custom_?(?:fields|attributes|data)|extra|properties|attributes|labels|headers)$/i

const about =
  /\bschemas?\b|\bfields?\b|\bcolumns\b|\bdata[\s_-]*(?:models?|types?|structures?)\b|\bproperties\b|\battributes\b/i

/** The resource a heading names: `Bounces`, `Schema of bounces`, `Bounce Object`. */
const match = (title: string, resources: ReadonlyArray<string>): string | undefined => {
  const whole = title.replace(/^\d+[.)]\s*/, "").trim()
  const words = whole
    .replace(
      /\b(?:schemas?|fields?|columns|tables?|resources?|streams?|endpoints?|objects?|models?|data|the|of|for)\b/gi,
      " "
    )
    .trim()
  for (const text of [whole, words]) {
    const key = stem(text)
    if (key === "") continue
    const found =
      resources.find((name) => Keys.plain(name) === Keys.plain(text)) ?? resources.find((name) => stem(name) === key)
    if (found !== undefined) return found
  }
  return undefined
}

const stem = (name: string) => Keys.plain(name).replace(/ies$/, "y").replace(/s$/, "")

const lines = (
  section: Block.Section,
  inSchema: boolean,
  of: string | undefined,
  resources: ReadonlyArray<string>,
  add: (resource: string, field: Field) => void
) => {
  let resource = of
  let active = inSchema
  let indent: number | undefined
  let columns: ReadonlyArray<string> | undefined
  for (const { at, text } of section.lines) {
    if (/^\s*\|/.test(text)) {
      const cells = text
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|")
        .map(Block.plain)
      if (cells.every((cell) => /^:?-*:?$/.test(cell))) continue
      if (columns === undefined) {
        columns = cells.map((cell) => cell.toLowerCase())
        continue
      }
      const name =
        cells[
          Math.max(
            0,
            columns.findIndex((cell) => /field|name|column|property|attribute|key/.test(cell))
          )
        ] ?? ""
      const typeAt = columns.findIndex((cell) => /type/.test(cell))
      const type = typeAt < 0 ? undefined : Type.of(cells[typeAt] ?? "", cells.slice(typeAt + 1).join(" "))
      const field = fieldName(name)
      if (
        resource !== undefined &&
        type !== undefined &&
        field !== undefined &&
        (active || /field|column|property|attribute/.test(columns.join(" ")))
      )
        add(resource, { name: field, type, at })
      continue
    }
    columns = undefined
    const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/.exec(text)
    const depth = (item?.[1] ?? "").length
    const words = Block.plain(item?.[2] ?? text)
    if (/^(?:schema|fields?|columns|properties|attributes|response fields|field definitions)\s*:?\s*$/i.test(words)) {
      active = true
      indent = undefined
      continue
    }
    const inline = /^(?:schema|(?:key )?fields|columns|properties|attributes)\s*:\s*(\S.*)$/i.exec(words)?.[1]
    if (inline !== undefined) {
      for (const part of inline.split(/[,;]\s*(?![^(]*\))/)) {
        const found = typed(part.trim().replace(/\.$/, ""))
        if (found !== undefined && resource !== undefined) add(resource, { ...found, at })
      }
      continue
    }
    const field = item === null ? undefined : typed(words)
    if (field === undefined) {
      const heading = /^([\w\s-]+?)\s*:?\s*$/.exec(words)?.[1]
      const next = active && heading !== undefined ? match(heading, resources) : undefined
      if (next !== undefined) {
        resource = next
        indent = undefined
      } else if (item !== null && !inSchema && indent !== undefined && depth < indent) active = false
      continue
    }
    if (!active || resource === undefined) continue
    // What stands deeper belongs to the field above.
    indent ??= depth
    if (depth > indent) continue
    if (depth < indent && !inSchema) {
      active = false
      continue
    }
    add(resource, { ...field, at })
  }
}

/** `ID: Integer, …`, `ID (Integer): …`, `ID - integer`. */
const typed = (said: string): Omit<Field, "at"> | undefined => {
  // Digits, and the stars of an emphasis, say nothing about the type.
  const words = said
    .replace(/\b(decimal|numeric|number|varchar|char)\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\)/gi, "$1")
    .replace(/\*(\([^()*]+\))\*/g, "$1")
  const found =
    /^([^\s:(][^:(]*?)\s*\(\s*([^)]+?)\s*\)\s*(.*)$/.exec(words) ??
    /^([^\s:(][^:]*?)\s*:\s*(\[[^\]]*\bnull\b[^\]]*\])(.*)$/.exec(words) ??
    /^([^\s:(][^:]*?)\s*:\s*([A-Za-z][\w\s/|<>[\]]*?)(?=$|\s*[,.;(:–—]|\s-\s)(.*)$/.exec(words) ??
    /^(\S+)\s+[-–—]\s*([A-Za-z][\w\s/|<>[\]]*?)(?=$|\s*[,.;(:–—]|\s-\s)(.*)$/.exec(words)
  if (found === null) return undefined
  const [, name = "", type = "", rest = ""] = found
  const meant = Type.of(type, rest) ?? Type.of(/\(([^()]+)\)\.?$/.exec(words)?.[1] ?? "", words)
  const field = fieldName(name)
  return meant === undefined || field === undefined ? undefined : { name: field, type: meant }
}

/** Names with blanks are prose; `a.b` is the column `a__b`; what is inside of a list has a table of its own. */
const fieldName = (name: string): string | undefined => {
  const plain = name.trim()
  return /^[\w@$-]+(?:\.[\w@$-]+)*$/.test(plain) && plain.length <= 100 ? plain.replaceAll(".", "__") : undefined
}

const jsonSchema = (block: Block.Block): ReadonlyArray<Field> => {
  let schema: unknown
  try {
    schema = JSON.parse(block.text)
  } catch {
    return []
  }
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value)
  if (!isObject(schema)) return []
  const properties = isObject(schema["properties"]) ? schema["properties"] : "type" in schema ? {} : schema
  return Object.entries(properties).flatMap(([name, property]) => {
    const types = isObject(property) ? [property["type"]].flat() : [property]
    const type = types.find((each): each is string => typeof each === "string" && each !== "null") ?? types[0]
    const format = isObject(property) && typeof property["format"] === "string" ? property["format"] : ""
    const meant = typeof type === "string" ? Type.of(type, "", format) : undefined
    const field = fieldName(name)
    return meant === undefined || field === undefined
      ? []
      : [{ name: field, type: meant, at: block.at(Math.max(0, block.text.indexOf(`"${name}"`))) }]
  })
}
