/**
 * `paginator`: dlt's types and options from what people call them. A page size that has no place in the paginator goes into
 * the query.
 */
import * as Grammar from "../../Spec/Grammar/Paginator.ts"
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Cursor from "./Cursor.ts"
import * as Keys from "./Keys.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Repaired {
  /** `undefined`: none can be written; the API's first answer shows one. */
  readonly paginator: Value.Value | undefined
  /** Query parameters for every request. */
  readonly params: ReadonlyArray<Value.Entry>
}

/**
 * `rows` is the selector of the rows, for cursors that are a field of the last one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  value: Value.Value,
  log: Finding.Log,
  path: string,
  owner: Value.Dict,
  rows: string | undefined
): Repaired => {
  const { at } = value
  const nothing: Repaired = { paginator: undefined, params: [] }
  if (Value.isNull(value)) return nothing
  if (value._tag === "Code") {
    log.todo(
      "code",
      at,
      path,
      `\`${value.source}\` is code: the paginator is found from the first answer instead, check that it reads everything`,
      owner
    )
    return nothing
  }
  if (value._tag === "Text") {
    const type = typeOf(value.text)
    if (type !== undefined && type !== "offset") {
      if (type !== value.text) log.repair("mapped", at, path, `\`${value.text}\` is called \`${type}\` here`, owner)
      return { paginator: Value.text(type, at), params: [] }
    }
    return repair(Value.dict([["type", value]], at), log, path, owner, rows)
  }
  if (value._tag !== "Dict") {
    log.todo("unsupported", at, path, "is no paginator", owner)
    return nothing
  }
  const dict = value
  const params: Array<Value.Entry> = []
  const written = Value.textOf(
    Keys.pick(dict, "type", ["pagination_type", "strategy", "style", "kind", "name"], log, path)
  )
  const type = written === undefined ? guess(dict) : (typeOf(written) ?? guess(dict, ""))
  if (type === "") {
    log.todo(
      "unsupported",
      at,
      path,
      `there is no paginator \`${written ?? ""}\`: it is found from the first answer instead, check that it reads everything`,
      owner
    )
    return nothing
  }
  const entry = Value.set(dict, "type", Value.text(type, Value.get(dict, "type")?.at ?? at))
  dict.entries.unshift(...dict.entries.splice(dict.entries.indexOf(entry), 1))
  if (written !== type)
    log.repair(
      written === undefined ? "added" : "mapped",
      entry.at,
      Keys.join(path, "type"),
      written === undefined ? `the type was missing: \`${type}\`` : `\`${written}\` is called \`${type}\` here`,
      entry
    )
  const change = (to: string, why: string) => {
    Value.set(dict, "type", Value.text(to, entry.at))
    log.repair("mapped", entry.at, Keys.join(path, "type"), why, entry)
  }
  if (type === "cursor" || type === "json_link") Cursor.repair(dict, log, path, rows, change)
  if (type === "page_number") pageNumber(dict, log, path)
  if (type === "offset") offset(dict, log, path)
  const final = Value.textOf(Value.get(dict, "type")) ?? type
  if (final !== "offset") size(dict, log, path, params)
  numbers(dict, log, path)
  const known = kinds[final]
  if (known !== undefined) Keys.tidy(dict, known, log, path)
  for (const key of ["total_path", "cursor_path", "next_url_path", "has_more_path"]) tidyPath(dict, key, log, path)
  return { paginator: dict, params }
}

// --- internal ---

const types: Readonly<Record<string, string>> = {
  auto: "auto",
  offset: "offset",
  limitoffset: "offset",
  offsetlimit: "offset",
  offsetincrement: "offset",
  offsetpaginator: "offset",
  offsetpagination: "offset",
  skip: "offset",
  page: "page_number",
  pages: "page_number",
  pagenumber: "page_number",
  pageincrement: "page_number",
  pagebased: "page_number",
  pagenumberpaginator: "page_number",
  cursor: "cursor",
  cursorpagination: "cursor",
  cursorpaginator: "cursor",
  cursorbased: "cursor",
  token: "cursor",
  nexttoken: "cursor",
  pagetoken: "cursor",
  nextpagetoken: "cursor",
  jsonresponsecursor: "cursor",
  bodycursor: "cursor",
  jsonlink: "json_link",
  jsonresponse: "json_link",
  jsonresponselink: "json_link",
  next: "json_link",
  nexturl: "json_link",
  nextlink: "json_link",
  headerlink: "header_link",
  linkheader: "header_link",
  link: "header_link",
  header: "header_link",
  headercursor: "header_cursor",
  singlepage: "single_page",
  single: "single_page",
  none: "single_page",
  nopagination: "single_page",
  nopaginator: "single_page",
  null: "single_page"
}

const typeOf = (written: string) => types[Keys.plain(written)]

const has = (dict: Value.Dict, ...keys: ReadonlyArray<string>) => keys.some((key) => Value.get(dict, key) !== undefined)

const guess = (dict: Value.Dict, otherwise = ""): string => {
  if (has(dict, "offset_param", "offset", "offset_body_path", "maximum_offset")) return "offset"
  if (has(dict, "page_param", "base_page", "page_body_path", "maximum_page", "start_from_page")) return "page_number"
  if (has(dict, "cursor_path", "cursor_param", "cursor_body_path", "cursor_value", "next_page_token_path"))
    return "cursor"
  if (has(dict, "next_url_path", "next_link_path")) return "json_link"
  if (has(dict, "links_next_key")) return "header_link"
  if (has(dict, "cursor_key")) return "header_cursor"
  return has(dict, "limit") ? "offset" : otherwise
}

const kinds: Readonly<Record<string, Keys.Known>> = {
  offset: Keys.known("the paginator `offset`", Grammar.Offset, Grammar.Offset.from.fields, {
    page_param: "offset_param",
    size_param: "limit_param",
    max_offset: "maximum_offset"
  }),
  page_number: Keys.known("the paginator `page_number`", Grammar.PageNumber, Grammar.PageNumber.from.fields, {
    start_from_page: "base_page",
    start_page: "base_page",
    first_page: "base_page",
    initial_page: "base_page",
    page_start: "base_page",
    start: "base_page",
    page_number_param: "page_param",
    param: "page_param",
    param_name: "page_param",
    total_pages_path: "total_path",
    max_pages: "maximum_page"
  }),
  cursor: Keys.known("the paginator `cursor`", Grammar.Cursor, Grammar.Cursor.from.fields, {
    param: "cursor_param",
    param_name: "cursor_param",
    next_cursor_path: "cursor_path",
    next_page_token_path: "cursor_path",
    token_path: "cursor_path",
    page_token_param: "cursor_param",
    token_param: "cursor_param"
  }),
  json_link: Keys.known("the paginator `json_link`", Grammar.JsonLink, Grammar.JsonLink.fields, {
    next_link_path: "next_url_path",
    next_path: "next_url_path",
    next_key: "next_url_path",
    next_url: "next_url_path",
    link_path: "next_url_path",
    cursor_path: "next_url_path"
  }),
  header_link: Keys.known("the paginator `header_link`", Grammar.HeaderLink, Grammar.HeaderLink.fields, {
    rel: "links_next_key",
    next_key: "links_next_key",
    link_key: "links_next_key"
  }),
  header_cursor: Keys.known("the paginator `header_cursor`", Grammar.HeaderCursor, Grammar.HeaderCursor.fields, {
    header: "cursor_key",
    header_name: "cursor_key"
  }),
  single_page: Keys.known("the paginator `single_page`", Grammar.SinglePage, Grammar.SinglePage.fields),
  auto: Keys.known("the paginator `auto`", Grammar.Auto, Grammar.Auto.fields)
}

const pageNumber = (dict: Value.Dict, log: Finding.Log, path: string) => {
  Keys.pick(dict, "base_page", ["start_from_page", "start_page", "first_page", "initial_page", "page_start"], log, path)
  const most = Value.numberOf(Value.get(dict, "max_pages"))
  if (most !== undefined && Value.get(dict, "maximum_page") === undefined) {
    const first = Value.numberOf(Value.get(dict, "page")) ?? Value.numberOf(Value.get(dict, "base_page")) ?? 0
    const entry = Value.take(dict, "max_pages")
    const made = Value.set(dict, "maximum_page", Value.scalar(Math.trunc(first + most), entry?.at ?? dict.at))
    log.repair(
      "mapped",
      entry?.at ?? dict.at,
      Keys.join(path, "maximum_page"),
      "`max_pages` is said by `maximum_page`, the first page that is not asked for",
      made
    )
  }
  const inject = Value.take(dict, "inject_on_first_request")
  if (inject !== undefined)
    log.repair(
      "dropped",
      inject.at,
      path,
      "`inject_on_first_request`: the first page is always asked for by its number",
      dict
    )
}

const offset = (dict: Value.Dict, log: Finding.Log, path: string) => {
  Keys.pick(dict, "limit", ["page_size", "size", "per_page", "count", "batch_size", "default_limit"], log, path)
  Keys.pick(dict, "limit_param", ["size_param", "page_size_param", "per_page_param", "count_param"], log, path)
  const limit = Value.entry(dict, "limit")
  if (limit === undefined || Value.isNull(limit.value)) {
    const made = Value.set(dict, "limit", Value.scalar(100, dict.at))
    log.repair("added", dict.at, Keys.join(path, "limit"), "the page size was missing: 100", made)
  }
}

/** A page size beside a paginator that has none is a parameter of the request. */
const size = (dict: Value.Dict, log: Finding.Log, path: string, params: Array<Value.Entry>) => {
  const named = [
    "limit_param",
    "page_size_param",
    "size_param",
    "per_page_param",
    "limit_parameter",
    "page_size_parameter",
    "size_parameter",
    "limit_key"
  ].flatMap((key) => Value.take(dict, key) ?? [])[0]
  const amount = ["limit", "page_size", "per_page", "size", "count", "pageSize", "perPage", "batch_size"].flatMap(
    (key) => {
      const entry = Value.entry(dict, key)
      return entry !== undefined && isSize(entry.value) ? (Value.take(dict, key) ?? []) : []
    }
  )[0]
  if (amount === undefined) {
    if (named !== undefined) log.repair("dropped", named.at, path, `\`${named.key}\` without a size: left out`, dict)
    return
  }
  const name = Value.textOf(named?.value) ?? amount.key
  const param: Value.Entry = { key: name, at: amount.at, value: amount.value, notes: [] }
  log.repair(
    "moved",
    amount.at,
    path.replace(/(?:\.|^)paginator$/, Keys.join(".params", name)).replace(/^\./, ""),
    named === undefined
      ? `\`${amount.key}\` of the paginator goes into the query as \`${name}\`: that is what most APIs call it, check it`
      : `\`${amount.key}\` of the paginator goes into the query as \`${name}\``,
    param
  )
  params.push(param)
}

/** A number, or what will be one. */
const isSize = (value: Value.Value): boolean =>
  value._tag === "Code" ||
  Value.numberOf(value) !== undefined ||
  (value._tag === "Text" && (/^\s*\d+\s*$|\{\{/.test(value.text) || Value.hasReference(value.text)))

const whole = ["limit", "offset", "maximum_offset", "base_page", "page", "maximum_page"]

/** Numbers in quotes, and numbers that only the program knows. */
const numbers = (dict: Value.Dict, log: Finding.Log, path: string) => {
  for (const key of whole) {
    const entry = Value.entry(dict, key)
    if (entry === undefined || Value.isNull(entry.value)) continue
    const number = Value.numberOf(entry.value)
    if (number !== undefined) {
      entry.value = Value.scalar(Math.trunc(number), entry.value.at)
      continue
    }
    const what = entry.value._tag === "Code" ? `\`${entry.value.source}\`` : "the value"
    if (key === "limit") {
      entry.value = Value.scalar(100, entry.value.at)
      log.todo("code", entry.at, Keys.join(path, key), `${what} is no literal number: 100 was put in its place`, entry)
    } else {
      Value.take(dict, key)
      log.todo("code", entry.at, Keys.join(path, key), `${what} is no literal number: left out`, dict)
    }
  }
}

const tidyPath = (dict: Value.Dict, key: string, log: Finding.Log, path: string) => {
  const entry = Value.entry(dict, key)
  const text = Value.textOf(entry?.value)
  if (entry === undefined || text === undefined) return
  if (text.trim() === "" && key === "total_path") {
    entry.value = Value.scalar(null, entry.at)
    log.repair("mapped", entry.at, Keys.join(path, key), "an empty `total_path` is null: the API tells no total", entry)
  } else if (text.trim() === "") {
    Value.take(dict, key)
    log.repair("dropped", entry.at, Keys.join(path, key), `an empty \`${key}\`: left out`, dict)
  } else if (/^response\s*[.[]/.test(text)) {
    entry.value = Value.text(text.replace(/^response\s*\.?/, ""), entry.at)
    log.repair("mapped", entry.at, Keys.join(path, key), "the path starts below the response", entry)
  }
}
