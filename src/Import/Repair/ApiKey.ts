/**
 * `auth` of type `api_key`: where the key goes and what it is called there, in everybody's words.
 */
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Credential from "./Credential.ts"
import * as Keys from "./Keys.ts"

/**
 * `undefined`: the key goes where none can be put. `written` is the type as it was written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  change: (type: string) => void,
  written: string,
  owner: Value.Dict
): Value.Dict | undefined => {
  change("api_key")
  pairs(dict, log, path)
  // Where there is a value, `key` is its name.
  const key = Value.entry(dict, "key")
  if (key !== undefined && Value.get(dict, "name") === undefined && Value.get(dict, "api_key") === undefined) {
    const text = Value.textOf(key.value)
    if (Credential.hasAny(dict, ["value", "token", "secret"]) && text !== undefined && !Value.hasReference(text)) {
      const renamed = Value.rename(dict, "key", "name")
      log.repair("renamed", key.at, Keys.join(path, "name"), "`key` is called `name` here", renamed)
    }
  }
  const asQuery = Credential.hasAny(dict, ["query_param", "param_name", "query_parameter", "param"])
  const asCookie = Credential.hasAny(dict, ["cookie_name", "cookie"])
  Keys.pick(
    dict,
    "name",
    [
      "header_name",
      "header",
      "header_key",
      "headers",
      "key_name",
      "param_name",
      "query_param",
      "query_parameter",
      "param",
      "cookie_name",
      "cookie",
      "field_name",
      "field",
      "parameter_name",
      "api_key_name"
    ],
    log,
    path
  )
  Keys.pick(dict, "api_key", Credential.keyNames, log, path)
  Keys.pick(dict, "location", ["in", "position", "inject_into", "placement", "where"], log, path)
  const word = Value.textOf(
    (Value.take(dict, "prefix") ?? Value.take(dict, "token_prefix") ?? Value.take(dict, "scheme"))?.value
  )?.trim()
  Credential.credentials(dict, ["api_key"], log, path)
  Credential.rest(dict, ["name", "api_key", "location"], log, path)
  const entry = Value.entry(dict, "api_key")
  const text = Value.textOf(entry?.value)
  if (entry !== undefined && text !== undefined && word !== undefined && word !== "")
    entry.value = Value.text(`${word} ${text}`, entry.at)
  const location = Value.entry(dict, "location")
  const place = location === undefined ? undefined : locations[Keys.plain(Value.textOf(location.value) ?? "")]
  if (location !== undefined && place === undefined) {
    log.todo(
      "unsupported",
      location.at,
      Keys.join(path, "location"),
      "a key cannot go there: put it into `params` or `json` of the endpoints",
      owner
    )
    return undefined
  }
  const meant =
    place ??
    (asQuery || /^(query|param)/.test(written) ? "query" : asCookie || written === "cookie" ? "cookie" : undefined)
  if (meant !== undefined) Value.set(dict, "location", Value.text(meant, location?.at ?? dict.at))
  const name = Value.entry(dict, "name")
  if (name !== undefined && Value.textOf(name.value) === undefined) {
    const made =
      name.value._tag === "Code"
        ? Refer.refer(log, name.value, { path: Keys.join(path, "name"), wish: "api_key_name", target: name })
        : undefined
    if (made === undefined) Value.take(dict, "name")
    else name.value = made
  }
  if (Value.get(dict, "name") === undefined && meant !== undefined && meant !== "header") {
    const made = Value.set(dict, "name", Value.text("api_key", dict.at))
    log.repair("added", dict.at, Keys.join(path, "name"), "the name of the parameter was missing: `api_key`", made)
  }
  return dict
}

// --- internal ---

const locations: Readonly<Record<string, string>> = {
  header: "header",
  headers: "header",
  requestheader: "header",
  httpheader: "header",
  query: "query",
  param: "query",
  params: "query",
  parameter: "query",
  queryparam: "query",
  queryparams: "query",
  queryparameter: "query",
  querystring: "query",
  requestparameter: "query",
  url: "query",
  cookie: "cookie",
  cookies: "cookie"
}

/** `headers: { X-Api-Key: … }` and `params: { key: … }` as a name and its value. */
const pairs = (dict: Value.Dict, log: Finding.Log, path: string) => {
  for (const key of ["headers", "header", "params", "query", "cookies"]) {
    const found = Value.entry(dict, key)
    const [only] = found?.value._tag === "Dict" ? found.value.entries : []
    if (found === undefined || only === undefined) continue
    Value.take(dict, key)
    Value.set(dict, "name", Value.text(only.key, only.at))
    const made = Value.set(dict, "api_key", only.value)
    Value.set(
      dict,
      "location",
      Value.text(key.startsWith("header") ? "header" : key === "cookies" ? "cookie" : "query", found.at)
    )
    log.repair("mapped", found.at, path, `\`${key}\` is said by \`name\` and \`api_key\``, made)
  }
}
