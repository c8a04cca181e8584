/**
 * `incremental` from Airbyte's `incremental_sync`, from instances, and with its functions said as data.
 */
import * as Grammar from "../../Spec/Grammar/Incremental.ts"
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"
import * as Template from "./Template.ts"

/**
 * `undefined`: nothing of it can be written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  value: Value.Value,
  log: Finding.Log,
  path: string,
  owner: Value.Dict,
  place: "endpoint" | "param"
): Value.Dict | undefined => {
  if (Value.isNull(value)) return undefined
  if (value._tag !== "Dict") {
    log.todo(
      value._tag === "Code" ? "code" : "unsupported",
      value.at,
      path,
      "cannot be read as a cursor of rows: write `cursor_path` and `initial_value`",
      owner
    )
    return undefined
  }
  const dict = value
  if (place === "endpoint") Value.take(dict, "type")
  Keys.pick(dict, "cursor_path", ["cursor_field", "cursor", "cursor_column", "field", "cursor_key"], log, path)
  const start = Value.get(dict, "initial_value")
  if (start === undefined || Value.isNull(start))
    Keys.pick(
      dict,
      "initial_value",
      ["start_datetime", "start_value", "start_date", "initial", "start", "default_start"],
      log,
      path
    )
  Keys.pick(dict, "end_value", ["end_datetime", "end_date"], log, path)
  for (const key of ["initial_value", "end_value"]) moment(dict, key, log, path)
  option(dict, "start_time_option", "start_param", log, path)
  option(dict, "end_time_option", "end_param", log, path)
  Keys.pick(dict, "start_param", ["param", "request_param", "query_param", "param_name"], log, path)
  lag(dict, log, path)
  convert(dict, log, path)
  format(dict, log, path)
  const choose = Value.entry(dict, "last_value_func")
  if (choose !== undefined && choose.value._tag === "Code") {
    const name = choose.value.name ?? choose.value.source
    if (name === "max" || name === "min") choose.value = Value.text(name, choose.at)
    else {
      Value.take(dict, "last_value_func")
      log.todo(
        "code",
        choose.at,
        Keys.join(path, "last_value_func"),
        `\`${choose.value.source}\` is code: the largest value counts instead`,
        dict
      )
    }
  }
  const key = Value.entry(dict, "primary_key")
  if (key !== undefined) Value.take(dict, "primary_key")
  const range = Value.entry(dict, "allow_external_schedulers")
  if (range !== undefined) Value.take(dict, "allow_external_schedulers")
  for (const each of Value.snapshot(dict)) {
    if (each.value._tag !== "Code") continue
    const made = Refer.refer(log, each.value, { path: Keys.join(path, each.key), wish: each.key, target: each })
    if (made === undefined) Value.drop(dict, each.key)
    else each.value = made
  }
  Keys.tidy(dict, place === "endpoint" ? whole : param, log, path)
  for (const each of Value.snapshot(dict)) if (Value.isNull(each.value)) Value.take(dict, each.key)
  if (Value.get(dict, "cursor_path") === undefined) {
    log.todo("unsupported", dict.at, path, "there is no `cursor_path`: say which field of a row is the cursor", owner)
    return undefined
  }
  // An end without a start is refused; nothing can be said about the end of a run that has no window.
  if (
    Value.get(dict, "end_param") !== undefined &&
    Value.get(dict, "end_value") === undefined &&
    place === "endpoint"
  ) {
    const entry = Value.take(dict, "end_param")
    log.repair(
      "dropped",
      entry?.at ?? dict.at,
      Keys.join(path, "end_param"),
      "an end without an `end_value` is never sent: left out",
      dict
    )
  }
  return dict
}

// --- internal ---

const whole = Keys.known("`incremental`", Grammar.Incremental, Grammar.Incremental.fields)

const param = Keys.known("an incremental parameter", Grammar.Param, Grammar.Param.fields)

/** `{ datetime: …, datetime_format: … }` and expressions. */
const moment = (dict: Value.Dict, key: string, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, key)
  if (entry === undefined) return
  if (entry.value._tag === "Dict") {
    const inner =
      Value.get(entry.value, "datetime") ?? Value.get(entry.value, "value") ?? Value.get(entry.value, "default")
    if (inner === undefined) {
      Value.take(dict, key)
      log.todo("unsupported", entry.at, Keys.join(path, key), "cannot be read as a value", dict)
      return
    }
    entry.value = inner
    log.repair("mapped", entry.at, Keys.join(path, key), "a value by itself", entry)
  }
  const text = Value.textOf(entry.value)
  if (text === undefined || !text.includes("{")) return
  if (/now_utc|today|day_delta/.test(text) && key === "end_value") {
    Value.take(dict, key)
    log.repair("dropped", entry.at, Keys.join(path, key), "a run reads up to now: no end is needed", dict)
    return
  }
  entry.value = Value.text(
    Template.repair(text, entry.at, log, Keys.join(path, key), entry, Template.noNames, { bare: true }),
    entry.value.at
  )
}

/** `{ inject_into: request_parameter, field_name: since }`. */
const option = (dict: Value.Dict, key: string, to: string, log: Finding.Log, path: string) => {
  const entry = Value.take(dict, key)
  if (entry === undefined || Value.isNull(entry.value)) return
  const name =
    entry.value._tag === "Dict"
      ? (Value.textOf(Value.get(entry.value, "field_name")) ?? Value.textOf(Value.get(entry.value, "name")))
      : Value.textOf(entry.value)
  const into =
    entry.value._tag === "Dict"
      ? (Value.textOf(Value.get(entry.value, "inject_into")) ?? "request_parameter")
      : "request_parameter"
  if (name === undefined || !/param|query/.test(into)) {
    log.todo(
      "unsupported",
      entry.at,
      Keys.join(path, to),
      `\`${key}\` does not name a query parameter: write \`{incremental.start_value}\` where the value goes`,
      dict
    )
    return
  }
  const made = Value.set(dict, to, Value.text(name, entry.at))
  log.repair("renamed", entry.at, Keys.join(path, to), `\`${key}\` is called \`${to}\` here`, made)
}

/** `P1D`, `PT2H`. */
const lag = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.take(dict, "lookback_window") ?? Value.take(dict, "lookback")
  if (entry === undefined || Value.isNull(entry.value)) return
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(Value.textOf(entry.value) ?? "")
  const number = Value.numberOf(entry.value)
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (found ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  const total = found === null ? number : (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
  if (total === undefined) {
    log.todo("unsupported", entry.at, Keys.join(path, "lag"), `\`${entry.key}\` cannot be read as a time`, dict)
    return
  }
  const made = Value.set(dict, "lag", Value.scalar(total, entry.at))
  log.repair(
    "mapped",
    entry.at,
    Keys.join(path, "lag"),
    `\`${entry.key}\` is \`lag\`, in seconds (of dates: in days)`,
    made
  )
}

const convert = (dict: Value.Dict, log: Finding.Log, path: string) => {
  for (const key of ["convert", "transform"]) {
    const entry = Value.entry(dict, key)
    if (entry === undefined || entry.value._tag !== "Code") continue
    const meant = entry.value.meaning?.convert
    if (meant === undefined) {
      Value.take(dict, key)
      log.todo(
        "code",
        entry.at,
        Keys.join(path, key),
        `\`${entry.value.source}\` is a function: say it as \`iso\`, \`date\`, \`epoch_s\` or \`epoch_ms\``,
        dict
      )
      continue
    }
    const { source } = entry.value
    entry.value = Value.text(meant, entry.at)
    log.repair("mapped", entry.at, Keys.join(path, key), `\`${source}\` is \`${meant}\` here`, entry)
  }
}

const formats: Readonly<Record<string, string>> = {
  "%Y-%m-%d": "date",
  "YYYY-MM-DD": "date",
  "%s": "epoch_s",
  "%ms": "epoch_ms",
  "%Y-%m-%dT%H:%M:%SZ": "iso",
  "%Y-%m-%dT%H:%M:%S.%fZ": "iso",
  "%Y-%m-%dT%H:%M:%S%z": "iso"
}

const format = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = ["datetime_format", "date_format", "cursor_datetime_formats"].flatMap(
    (key) => Value.take(dict, key) ?? []
  )[0]
  if (entry === undefined || Value.isNull(entry.value)) return
  const written = Value.textOf(entry.value._tag === "List" ? entry.value.items[0] : entry.value) ?? ""
  const meant = formats[written]
  if (meant === undefined || Value.get(dict, "convert") !== undefined) {
    log.warn(
      "ignored",
      entry.at,
      Keys.join(path, "convert"),
      `\`${entry.key}\` is not needed to compare values; if requests want another form than the rows have, write \`convert\``,
      dict
    )
    return
  }
  const made = Value.set(dict, "convert", Value.text(meant, entry.at))
  log.repair("mapped", entry.at, Keys.join(path, "convert"), `\`${entry.key}\` is \`convert: ${meant}\``, made)
}
