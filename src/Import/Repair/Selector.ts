/**
 * `data_selector` from Airbyte's list of keys, jq and JSONPath's looser spellings.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"
import * as Template from "./Template.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const repair = (endpoint: Value.Dict, log: Finding.Log, path: string): void => {
  const at = Keys.join(path, "data_selector")
  const record = Value.entry(endpoint, "record_selector")
  if (record?.value._tag === "Dict" && Value.get(endpoint, "data_selector") === undefined) {
    const extractor = Value.dictAt(record.value, "extractor")
    const field = Value.get(extractor ?? record.value, "field_path")
    const filter = Value.get(record.value, "record_filter")
    Value.take(endpoint, "record_selector")
    if (filter !== undefined && !Value.isNull(filter)) Value.set(endpoint, "record_filter", filter)
    if (field !== undefined) {
      const made = Value.set(endpoint, "data_selector", field)
      log.repair("renamed", record.at, at, "`record_selector` is called `data_selector` here", made)
    }
  }
  Keys.pick(
    endpoint,
    "data_selector",
    [
      "field_path",
      "data_path",
      "data_key",
      "records_path",
      "selector",
      "json_path",
      "record_path",
      "response_key",
      "record_selector"
    ],
    log,
    path
  )
  const entry = Value.entry(endpoint, "data_selector")
  if (entry === undefined) return
  const { value } = entry
  if (value._tag === "List") {
    const names = value.items.map((item) => (item._tag === "Scalar" ? String(item.value) : Value.textOf(item)))
    const selector =
      names.length === 0
        ? "$"
        : names
            .map((name) => (name === "*" || name === undefined ? "[*]" : Template.segment(name)))
            .join(".")
            .replaceAll(".[", "[")
    entry.value = Value.text(selector, value.at)
    log.repair(
      "mapped",
      entry.at,
      at,
      names.length === 0
        ? "an empty list is `$`: the answer itself holds the rows"
        : `a list of keys is the path \`${selector}\``,
      entry
    )
    return
  }
  const text = Value.textOf(value)
  if (text === undefined) {
    Value.take(endpoint, "data_selector")
    if (Value.isNull(value)) return
    if (value._tag === "Code")
      log.todo(
        "code",
        entry.at,
        at,
        `\`${value.source}\` is no literal: the rows are looked for in the first answer`,
        endpoint
      )
    else log.repair("dropped", entry.at, at, "is no path: the rows are looked for in the first answer", endpoint)
    return
  }
  if (text.trim() === "") {
    Value.take(endpoint, "data_selector")
    log.repair("dropped", entry.at, at, "an empty selector: the rows are looked for in the first answer", endpoint)
    return
  }
  const spelled = text
    .trim()
    .replace(/^\.(?=.)/, "")
    .replace(/^\.$/, "$")
    .replace(/^response\.(?=\w)/, "")
    .replaceAll(/\.\*/g, "[*]")
    .replaceAll("[]", "[*]")
    .replaceAll(/\.\[/g, "[")
    .replace(/^\*(?=$|[.[])/, "[*]")
  if (spelled !== text) {
    entry.value = Value.text(spelled, value.at)
    log.repair("mapped", entry.at, at, `\`${text}\` is written \`${spelled}\` here`, entry)
  }
}
