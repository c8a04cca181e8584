/**
 * The paginators `cursor` and `json_link`, which are taken for each other, and Airbyte's expressions in them.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"
import * as Template from "./Template.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  rows: string | undefined,
  change: (type: string, why: string) => void
): void => {
  if (Value.textOf(Value.get(dict, "type")) === "json_link") {
    // A path and a parameter make a cursor, whatever it is called.
    if (Value.get(dict, "cursor_path") !== undefined && Value.get(dict, "cursor_param") !== undefined)
      change("cursor", "a `cursor_path` with a `cursor_param` is the paginator `cursor`")
    else return
  }
  Keys.pick(dict, "cursor_path", ["next_cursor_path", "next_page_token_path", "token_path", "next_cursor"], log, path)
  Keys.pick(
    dict,
    "cursor_param",
    ["cursor_parameter", "page_token_param", "token_param", "page_token_option", "param", "param_name"],
    log,
    path
  )
  const halt = Value.take(dict, "stop_condition") ?? Value.take(dict, "stop_when")
  findPath(dict, halt, log, path, rows, change)
  if (halt !== undefined) stop(dict, halt, log, path)
}

// --- internal ---

const findPath = (
  dict: Value.Dict,
  halt: Value.Entry | undefined,
  log: Finding.Log,
  path: string,
  rows: string | undefined,
  change: (type: string, why: string) => void
) => {
  const value = Value.take(dict, "cursor_value")
  const expression = Value.textOf(value?.value)
  if (value !== undefined && Value.get(dict, "cursor_path") === undefined) {
    const found = expression === undefined ? undefined : place(expression, rows)
    if (found === undefined)
      log.todo(
        "unsupported",
        value.at,
        Keys.join(path, "cursor_path"),
        "`cursor_value` cannot be read as a path: write where the answer holds the cursor as `cursor_path`",
        dict
      )
    else {
      const made = Value.set(dict, "cursor_path", Value.text(found, value.at))
      log.repair(
        "mapped",
        value.at,
        Keys.join(path, "cursor_path"),
        `\`cursor_value\` is the path \`${found}\` here`,
        made
      )
    }
  } else if (value !== undefined) {
    log.repair("dropped", value.at, path, "`cursor_value` says what `cursor_path` says: left out", dict)
  }
  const tested = halt === undefined ? undefined : accessed(Value.textOf(halt.value) ?? "", /./)
  if (
    halt !== undefined &&
    tested !== undefined &&
    Value.get(dict, "cursor_path") === undefined &&
    !more.test(tested)
  ) {
    const made = Value.set(dict, "cursor_path", Value.text(tested, halt.at))
    log.repair(
      "mapped",
      halt.at,
      Keys.join(path, "cursor_path"),
      `there is no \`cursor_path\`, and \`stop_condition\` looks at \`${tested}\`: taken for the cursor, check it`,
      made
    )
  }
  const entry = Value.entry(dict, "cursor_path")
  const written = Value.textOf(entry?.value)
  if (entry === undefined || written === undefined) {
    if (Value.get(dict, "cursor_path") === undefined)
      log.warn(
        "ignored",
        dict.at,
        path,
        "there is no `cursor_path`: dlt reads `cursors.next`, and so does this; check where the answer holds the cursor",
        dict
      )
    return
  }
  const text = place(written, rows) ?? written
  const header = /^headers?\s*[.[]\s*["']?([\w-]+)["']?\s*\]?(.*)$/i.exec(text)
  if (header !== null) {
    const [, name = "", rest = ""] = header
    Value.take(dict, "cursor_path")
    if (/^link$/i.test(name)) {
      Value.take(dict, "cursor_param")
      change("header_link", `\`${written}\` is the Link header: the paginator \`header_link\``)
      const rel = /["'.[]\s*(\w+)/.exec(rest)?.[1]
      if (rel !== undefined && rel !== "next") Value.set(dict, "links_next_key", Value.text(rel, entry.at))
    } else {
      change("header_cursor", `\`${written}\` is a header: the paginator \`header_cursor\``)
      Value.set(dict, "cursor_key", Value.text(name, entry.at))
    }
    return
  }
  if (isUrl(text)) {
    Value.take(dict, "cursor_path")
    Value.take(dict, "cursor_param")
    change("json_link", `\`${written}\` is the address of the next page: the paginator \`json_link\``)
    Value.set(dict, "next_url_path", Value.text(quoted(text), entry.at))
    return
  }
  if (text !== written) {
    entry.value = Value.text(text, entry.value.at)
    log.repair("mapped", entry.at, Keys.join(path, "cursor_path"), `\`${written}\` is the path \`${text}\` here`, entry)
  }
}

/** Names that say URL; a bare `next` may hold either, and is looked at when it comes. */
const isUrl = (path: string): boolean => {
  const last =
    path
      .replace(/["'\]]+$/, "")
      .split(/[.[\]"']+/)
      .at(-1) ?? ""
  return (
    /^(?:href|url|uri|link|nextlink|next_?(?:page_?)?(?:url|link|href|uri)|@odata\.nextlink)$/i.test(last) ||
    path.endsWith("nextLink") ||
    /(?:^|\.)_?links?\.next$/i.test(path) ||
    /next_?(?:page_?)?(?:url|link|uri|href)$/i.test(last)
  )
}

/** A name with a dot in it is one name. */
const quoted = (path: string): string => (/^@odata\.\w+$/.test(path) ? `["${path}"]` : path)

/** Where an expression of Airbyte's looks: in the response, in its headers, in the last row. */
const place = (expression: string, rows: string | undefined): string | undefined => {
  const whole = /^\s*\{\{\s*([\s\S]*?)\s*\}\}\s*$/.exec(expression)?.[1] ?? expression.trim()
  // The first of several places; what comes after a filter only shapes it.
  const inner = (whole.split(/\s+or\s+|\s+if\s+|\s*\|\s*/)[0] ?? whole).trim()
  const header = /^headers?\b([\s\S]*)$/.exec(inner)
  if (header !== null && inner !== expression) {
    const names = Template.names(header[1] ?? "")
    return names === undefined ? undefined : `headers.${names.join(".")}`
  }
  const last = /^last_records?(?:\[-1\])?([\s\S]*)$/.exec(inner)
  if (last !== null) {
    const names = Template.names(last[1] ?? "")
    return names === undefined || names.length === 0
      ? undefined
      : `${rows === undefined || rows === "$" ? "$" : rows}[-1].${names.join(".")}`
  }
  const response = /^response\b([\s\S]*)$/.exec(inner)
  if (response === null) return undefined
  const names = Template.names(response[1] ?? "")
  return names === undefined || names.length === 0
    ? undefined
    : names.map(Template.segment).join(".").replaceAll(".[", "[")
}

const more = /(?:^|[."'[])(?:has_?more(?:_?pages?)?|has_?next(?:_?page)?|more)(?:["'\]]|$)/i

/** The place in the response that an expression looks at, if its name is like `name`. */
const accessed = (expression: string, name: RegExp): string | undefined => {
  // `'next' not in response['paging']`
  const absent = /["'](\w+)["']\s+not\s+in\s+response((?:\.get\([^()]*\)|\.\w+|\[\s*["'][^"']+["']\s*\])*)/.exec(
    expression
  )
  if (absent !== null) {
    const path = [...(Template.names(absent[2] ?? "") ?? []), absent[1] ?? ""].map(Template.segment).join(".")
    return name.test(path) ? path.replaceAll(".[", "[") : undefined
  }
  for (const [, access = ""] of expression.matchAll(
    /\bresponse((?:\.get\([^()]*\)|\.[A-Za-z_@$][\w@$-]*(?!\()|\[\s*["'][^"']+["']\s*\])+)/g
  )) {
    const names = Template.names(access)
    const path = names?.map(Template.segment).join(".").replaceAll(".[", "[")
    if (path !== undefined && path !== "" && name.test(path)) return path
  }
  return undefined
}

const stop = (dict: Value.Dict, entry: Value.Entry, log: Finding.Log, path: string) => {
  const found = accessed(Value.textOf(entry.value) ?? "", more)
  const is = Value.textOf(Value.get(dict, "type")) === "cursor"
  if (is && found !== undefined && Value.get(dict, "has_more_path") === undefined) {
    const made = Value.set(dict, "has_more_path", Value.text(found, entry.at))
    log.repair(
      "mapped",
      entry.at,
      Keys.join(path, "has_more_path"),
      "`stop_condition` is said by `has_more_path`",
      made
    )
  } else {
    log.repair("dropped", entry.at, path, `\`${entry.key}\`: pages end when there is no further cursor`, dict)
  }
}
