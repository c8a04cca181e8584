/**
 * What the text around a configuration says that the configuration does not: retries, limits, the address, the fields of rows.
 *
 * Tolerant: headings and lists are matched loosely, and what does not read is left alone. The configuration has the last word.
 */
import * as Block from "./Block.ts"
import type * as Finding from "./Finding.ts"
import * as Fields from "./Prose/Fields.ts"
import * as Numbers from "./Prose/Numbers.ts"
import * as Keys from "./Repair/Keys.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Prose {
  readonly address: { readonly url: string; readonly at: number } | undefined
  readonly numbers: ReadonlyArray<Numbers.Said>
  readonly sections: ReadonlyArray<Block.Section>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (sections: ReadonlyArray<Block.Section>): Prose => ({
  address: addressOf(sections),
  numbers: Numbers.read(sections),
  sections
})

/**
 * Puts what the text says into a repaired configuration, where that says nothing itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply = (prose: Prose, config: Value.Dict, log: Finding.Log): void => {
  const client = Value.dictAt(config, "client")
  if (client === undefined) return
  const said = new Set<string>()
  for (const { at, group, key, value } of prose.numbers) {
    const path = `client.${group}.${key}`
    const there = Value.dictAt(client, group)
    if (said.has(path) || (there !== undefined && Value.get(there, key) !== undefined)) continue
    said.add(path)
    const made = Value.set(Value.ensure(client, group, at), key, Value.from(value, at))
    log.repair("prose", at, path, "taken from the text", made)
  }
  const list = Value.get(config, "resources")
  const resources = list?._tag === "List" ? list.items : []
  const names = resources.flatMap(
    (item) => Value.textOf(item) ?? (item._tag === "Dict" ? (Value.textOf(Value.get(item, "name")) ?? []) : [])
  )
  for (const found of Fields.read(prose.sections, names, log)) {
    const index = names.indexOf(found.resource)
    const item = resources[index]
    if (item === undefined || list?._tag !== "List") continue
    const resource = item._tag === "Dict" ? item : Value.dict([["name", item]], item.at)
    list.items[index] = resource
    const entry = Value.entry(resource, "columns") ?? Value.set(resource, "columns", Value.dict([], found.at))
    if (entry.value._tag !== "Dict") continue
    let count = 0
    for (const { at, name, type } of found.fields) {
      if (entry.value.entries.some(({ key }) => Keys.plain(key) === Keys.plain(name))) continue
      Value.set(entry.value, name, Value.dict([["data_type", Value.text(type, at)]], at))
      count++
    }
    if (count > 0)
      log.repair(
        "prose",
        found.at,
        Keys.join(Keys.join("resources", index), "columns"),
        `${count} ${count === 1 ? "field" : "fields"} taken from the text`,
        entry
      )
    else if (entry.value.entries.length === 0) Value.take(resource, "columns")
  }
}

// --- internal ---

const addressOf = (sections: ReadonlyArray<Block.Section>): Prose["address"] => {
  for (const { lines } of sections)
    for (const { at, text } of lines) {
      const url =
        /\b(?:base[\s_-]*(?:url|uri|path)|api[\s_-]*(?:url|endpoint|address)|server[\s_-]*url)\b[^h\n]{0,20}(https?:\/\/[^\s`"'<>)|]+)/i.exec(
          Block.plain(text)
        )?.[1]
      if (url !== undefined) return { url: url.replace(/[.,;]$/, ""), at }
    }
  return undefined
}
