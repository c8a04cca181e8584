/**
 * `endpoint`: one request, from dlt's words and everybody else's.
 */
import * as Grammar from "../../Spec/Grammar/Endpoint.ts"
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Auth from "./Auth.ts"
import * as ErrorHandler from "./ErrorHandler.ts"
import * as Incremental from "./Incremental.ts"
import * as Keys from "./Keys.ts"
import * as Paginator from "./Paginator.ts"
import * as Params from "./Params.ts"
import * as Partition from "./Partition.ts"
import * as Selector from "./Selector.ts"
import type * as Template from "./Template.ts"
import * as Texts from "./Texts.ts"

/**
 * The keys of an endpoint, in the order they are written.
 *
 * @since 0.1.0
 * @category defaults
 */
export const fields: ReadonlyArray<string> = Object.keys(Grammar.Endpoint.fields)

/**
 * `defaults` are parameters that resource_defaults give every endpoint.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  resources: ReadonlySet<string>,
  defaults: ReadonlySet<string> = new Set()
): void => {
  Keys.pick(dict, "path", ["url", "uri", "route", "url_path", "endpoint_path", "endpoint", "resource_path"], log, path)
  Keys.pick(dict, "method", ["http_method", "verb", "request_method"], log, path)
  Keys.pick(
    dict,
    "params",
    ["query", "query_params", "parameters", "request_parameters", "query_parameters"],
    log,
    path
  )
  Keys.pick(dict, "headers", ["request_headers"], log, path)
  Keys.pick(dict, "paginator", ["pagination", "pager", "pagination_strategy"], log, path)
  Keys.pick(dict, "incremental", ["incremental_sync", "incremental_config"], log, path)
  Keys.pick(dict, "json", ["body", "request_body", "request_body_json", "body_json", "json_body", "payload"], log, path)
  Keys.pick(dict, "data", ["request_body_data", "form", "form_data"], log, path)
  method(dict, log, path)
  const partition = Partition.repair(dict, resources, log, path)
  incremental(dict, log, path)
  Selector.repair(dict, log, path)
  paginator(dict, log, path)
  for (const key of ["error_handler", "error_handling", "backoff_strategies", "retry_config", "retry_policy"]) {
    const handler = Value.take(dict, key)
    if (handler !== undefined && !Value.isNull(handler.value)) ErrorHandler.repair(handler, dict, () => dict, log, path)
  }
  const names: Template.Names = {
    params: new Set([...Params.names(dict), ...defaults]),
    resources,
    partition,
    incremental: Value.get(dict, "incremental") !== undefined
  }
  Params.path(dict, log, path, names)
  Params.params(dict, log, path, names)
  for (const key of ["json", "data"]) whole(dict, key, log, path, names)
  Params.headers(dict, log, path, names)
  actions(dict, log, path)
  const auth = Value.entry(dict, "auth")
  if (auth !== undefined) {
    const made = Auth.repair(auth.value, log, Keys.join(path, "auth"), dict)
    if (made === undefined) Value.drop(dict, "auth")
    else auth.value = made
  }
  const filter = Value.get(dict, "record_filter") === undefined ? [] : ["record_filter"]
  Keys.tidy(dict, known, log, path, filter)
  for (const each of Value.snapshot(dict))
    if (Value.isNull(each.value) && each.key !== "paginator" && each.key !== "data_selector") Value.take(dict, each.key)
  dict.entries.sort((a, b) => order(a.key) - order(b.key))
}

// --- internal ---

const known = Keys.known("an endpoint", Grammar.Endpoint, Grammar.Endpoint.fields)

const order = (key: string) => (fields.indexOf(key) + fields.length + 1) % (fields.length + 1)

const method = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, "method")
  const at = Keys.join(path, "method")
  const word = Value.textOf(entry?.value)?.trim()
  const hasBody = ["json", "data"].some((key) => {
    const body = Value.get(dict, key)
    return body !== undefined && !Value.isNull(body) && !(body._tag === "Dict" && body.entries.length === 0)
  })
  if (entry !== undefined && word === undefined) {
    Value.take(dict, "method")
    if (!Value.isNull(entry.value)) log.todo("code", entry.at, at, "is no literal: GET is used", dict)
  } else if (entry !== undefined && word !== undefined && !/^(?:get|post)$/i.test(word)) {
    Value.take(dict, "method")
    log.todo("unsupported", entry.at, at, `\`${word}\`: only GET and POST are sent`, dict)
  } else if (entry !== undefined && word !== undefined && word.toUpperCase() !== Value.textOf(entry.value)) {
    entry.value = Value.text(word.toUpperCase(), entry.at)
    log.repair("mapped", entry.at, at, "methods are written in upper case", entry)
  }
  if (hasBody && word?.toUpperCase() !== "POST") {
    const made = Value.set(dict, "method", Value.text("POST", entry?.at ?? dict.at))
    log.repair("added", entry?.at ?? dict.at, at, "a request with a body is a POST; dlt would send it with a GET", made)
  }
}

const incremental = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, "incremental")
  if (entry === undefined) return
  const made = Incremental.repair(entry.value, log, Keys.join(path, "incremental"), dict, "endpoint")
  if (made === undefined) Value.drop(dict, "incremental")
  else entry.value = made
}

const paginator = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, "paginator")
  if (entry === undefined) return
  const rows = Value.textOf(Value.get(dict, "data_selector"))
  const { paginator, params } = Paginator.repair(entry.value, log, Keys.join(path, "paginator"), dict, rows)
  if (paginator === undefined) {
    if (Value.isNull(entry.value)) Value.take(dict, "paginator")
    else entry.value = Value.text("auto", entry.at)
  } else entry.value = paginator
  if (params.length === 0) return
  const all = Value.ensure(dict, "params", entry.at)
  for (const each of params) {
    const there = Value.entry(all, each.key)
    if (there === undefined) all.entries.push(each)
  }
}

const whole = (dict: Value.Dict, key: string, log: Finding.Log, path: string, names: Template.Names) => {
  const entry = Value.entry(dict, key)
  if (entry === undefined || Value.isNull(entry.value)) return
  const at = Keys.join(path, key)
  if (key === "json" && entry.value._tag !== "Dict") {
    if (entry.value._tag === "Text") {
      const renamed = Value.rename(dict, "json", "data")
      log.repair("renamed", entry.at, Keys.join(path, "data"), "a body that is a text goes into `data`", renamed)
    } else {
      Value.take(dict, key)
      log.todo("code", entry.at, at, "the body is no literal object: write it as `json`", dict)
    }
    return
  }
  const made =
    entry.value._tag === "Code"
      ? Refer.refer(log, entry.value, { path: at, wish: key, target: entry })
      : Texts.repair(entry.value, key, log, at, entry, names, { json: true })
  if (made === undefined) Value.drop(dict, key)
  else entry.value = made
}

const actions = (dict: Value.Dict, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, "response_actions")
  if (entry === undefined || Value.isNull(entry.value)) return
  const at = Keys.join(path, "response_actions")
  const items = entry.value._tag === "List" ? entry.value.items : entry.value._tag === "Dict" ? [entry.value] : []
  const kept: Array<Value.Value> = []
  for (const [index, item] of items.entries()) {
    const place = Keys.join(at, index)
    const action = item._tag === "Dict" ? Keys.pick(item, "action", ["response_action"], log, place) : undefined
    const word = Value.textOf(action)?.toLowerCase()
    if (item._tag !== "Dict" || action === undefined || word === undefined) {
      const source = item._tag === "Code" ? item.source : action?._tag === "Code" ? action.source : "the action"
      log.todo(
        "code",
        item.at,
        place,
        `\`${source}\` is a function and was left out: write ignore, retry, fail or stop`,
        entry
      )
      continue
    }
    Keys.pick(item, "status_code", ["status", "http_code", "code"], log, place)
    const status = Value.entry(item, "status_code")
    const number = Value.numberOf(status?.value)
    if (status?.value._tag === "Text" && number !== undefined) {
      status.value = Value.scalar(number, status.at)
      log.repair("mapped", status.at, Keys.join(place, "status_code"), "a status is a number", status)
    }
    if (word !== Value.textOf(action)) Value.set(item, "action", Value.text(word, action.at))
    kept.push(item)
  }
  if (kept.length > 0) entry.value = Value.list(kept, entry.at)
  else {
    Value.take(dict, "response_actions")
    dict.notes.push(...entry.notes)
  }
}
