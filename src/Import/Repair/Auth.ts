/**
 * `auth`: many names for few things. What cannot be done here is left out and listed.
 */
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Variables from "../Variables.ts"
import { secret } from "./Credential.ts"
import * as Keys from "./Keys.ts"
import * as OAuth from "./OAuth.ts"

/**
 * `undefined`: none is needed, or none can be written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  value: Value.Value,
  log: Finding.Log,
  path: string,
  owner: Value.Dict
): Value.Value | undefined => {
  const { at } = value
  if (Value.isNull(value)) return undefined
  if (value._tag === "Code") {
    log.todo("code", at, path, `\`${value.source}\` is code: say it in the words of \`auth\``, owner)
    return undefined
  }
  if (value._tag === "Text") {
    // A type by itself: dlt takes its fields from its own configuration.
    if (Value.hasReference(value.text)) {
      log.repair("mapped", at, path, "a text alone is taken for a bearer token", owner)
      return repair(Value.dict([["token", value]], at), log, path, owner)
    }
    return repair(Value.dict([["type", value]], at), log, path, owner)
  }
  const [user, password] = value._tag === "List" ? value.items : []
  if (user !== undefined && password !== undefined) {
    log.repair("mapped", at, path, "a pair is a user name and a password: `http_basic`", owner)
    return repair(
      Value.dict(
        [
          ["type", Value.text("http_basic", at)],
          ["username", user],
          ["password", password]
        ],
        at
      ),
      log,
      path,
      owner
    )
  }
  if (value._tag !== "Dict") {
    log.todo("unsupported", at, path, "is no object", owner)
    return undefined
  }
  const dict = value
  const written = Value.textOf(Keys.pick(dict, "type", ["auth_type", "method", "kind", "scheme"], log, path))
  const type = written === undefined ? guess(dict) : typeOf(written, dict)
  const change = (to: string) => {
    const entry = Value.set(dict, "type", Value.text(to, Value.get(dict, "type")?.at ?? at))
    // The type comes first.
    dict.entries.unshift(...dict.entries.splice(dict.entries.indexOf(entry), 1))
    if (written !== to)
      log.repair(
        written === undefined ? "added" : "mapped",
        entry.at,
        Keys.join(path, "type"),
        written === undefined ? `the type was missing: \`${to}\`` : `\`${written}\` is called \`${to}\` here`,
        entry
      )
  }
  switch (type) {
    case "none":
      log.repair("dropped", at, path, `\`${written ?? "none"}\`: an API without credentials has no \`auth\``, owner)
      return undefined
    case "bearer":
      return bearer(dict, log, path, change)
    case "api_key":
      return apiKey(dict, log, path, change, Keys.plain(written ?? ""), owner)
    case "http_basic":
      return basic(dict, log, path, change)
    case "oauth2":
      return OAuth.repair(dict, log, path, change, owner, (token) =>
        bearer(Value.dict([["token", token]], at), log, path, (to) => {
          log.repair("mapped", at, path, `\`${written ?? "oauth2"}\` with nothing but a token is \`${to}\``, owner)
        })
      )
    case "oauth_jwt":
      change("oauth_jwt")
      return credentials(dict, ["client_id", "private_key"], log, path)
    default: {
      const made = custom(dict, log, path, change)
      if (made !== undefined) return made
      log.todo(
        "unsupported",
        at,
        path,
        `\`${written ?? "auth"}\` cannot be done by a configuration: left out, the API will refuse the requests`,
        owner
      )
      return undefined
    }
  }
}

// --- internal ---

type Change = (type: string) => void

const types: Readonly<Record<string, string>> = {
  bearer: "bearer",
  bearertoken: "bearer",
  bearerauth: "bearer",
  accesstoken: "bearer",
  personalaccesstoken: "bearer",
  jwt: "bearer",
  token: "bearer",
  apikey: "api_key",
  apitoken: "api_key",
  key: "api_key",
  header: "api_key",
  headers: "api_key",
  headertoken: "api_key",
  customheader: "api_key",
  customheaders: "api_key",
  query: "api_key",
  queryparam: "api_key",
  queryparams: "api_key",
  queryparameter: "api_key",
  param: "api_key",
  params: "api_key",
  cookie: "api_key",
  basic: "http_basic",
  basicauth: "http_basic",
  httpbasic: "http_basic",
  basichttp: "http_basic",
  oauth: "oauth2",
  oauth2: "oauth2",
  oauth20: "oauth2",
  oauth2clientcredentials: "oauth2",
  clientcredentials: "oauth2",
  oauthjwt: "oauth_jwt",
  none: "none",
  noauth: "none",
  null: "none",
  public: "none",
  "": "none"
}

const keyNames = ["api_key", "key", "value", "token", "secret", "access_token", "api_token", "auth_token", "credential"]

const typeOf = (written: string, dict: Value.Dict): string => {
  const type = types[Keys.plain(written)]
  // A token that goes into a header of its own is a key.
  if (type === "bearer" && Value.get(dict, "token") === undefined && hasAny(dict, ["private_key"])) return "oauth_jwt"
  if (type !== undefined) return type === "bearer" && elsewhere(dict) ? "api_key" : type
  return /oauth2|client_?credentials/i.test(written) && !/oauth1/i.test(written) ? "oauth2" : "unknown"
}

const elsewhere = (dict: Value.Dict): boolean => {
  const name = Value.textOf(first(dict, ["name", "header", "header_name", "key_name"])?.value)
  const location = Value.textOf(first(dict, ["location", "in"])?.value)
  return (
    (name !== undefined && !/^(authorization|bearer)$/i.test(name)) || location === "query" || location === "cookie"
  )
}

const guess = (dict: Value.Dict): string => {
  if (hasAny(dict, ["private_key"])) return "oauth_jwt"
  if (hasAny(dict, ["client_id", "access_token_url", "token_url", "refresh_token"])) return "oauth2"
  if (hasAny(dict, ["username", "password"])) return "http_basic"
  return hasAny(dict, ["api_key", "name", "location", "header", "header_name"]) ? "api_key" : "bearer"
}

const first = (dict: Value.Dict, names: ReadonlyArray<string>): Value.Entry | undefined =>
  names.flatMap(
    (name) => dict.entries.find(({ key, value }) => Keys.plain(key) === Keys.plain(name) && !Value.isNull(value)) ?? []
  )[0]

const hasAny = (dict: Value.Dict, names: ReadonlyArray<string>) => first(dict, names) !== undefined

/** Only what is listed stays. */
const rest = (dict: Value.Dict, fields: ReadonlyArray<string>, log: Finding.Log, path: string) =>
  Keys.tidy(dict, { what: `this kind of \`auth\``, fields: ["type", ...fields], instead: {} }, log, path)

const credentials = (dict: Value.Dict, keys: ReadonlyArray<string>, log: Finding.Log, path: string): Value.Dict => {
  for (const key of keys) {
    const entry = Value.entry(dict, key) ?? Value.set(dict, key, Value.scalar(null, dict.at))
    entry.value = secret(entry.value, key, log, path, entry, entry.at)
  }
  return dict
}

const bearer = (dict: Value.Dict, log: Finding.Log, path: string, change: Change): Value.Dict => {
  change("bearer")
  Keys.pick(
    dict,
    "token",
    ["access_token", "bearer_token", "api_token", "api_key", "apikey", "key", "value", "secret"],
    log,
    path
  )
  const prefix = Value.take(dict, "prefix") ?? Value.take(dict, "token_prefix") ?? Value.take(dict, "scheme")
  credentials(dict, ["token"], log, path)
  rest(dict, ["token"], log, path)
  const entry = Value.entry(dict, "token")
  const token = Value.textOf(entry?.value)
  if (entry !== undefined && token !== undefined && /^Bearer\s+/i.test(token))
    entry.value = Value.text(token.replace(/^Bearer\s+/i, ""), entry.value.at)
  const word = Value.textOf(prefix?.value)?.trim()
  if (word !== undefined && word !== "" && !/^bearer$/i.test(word) && token !== undefined) {
    const made = Value.dict([["type", Value.text("api_key", dict.at)]], dict.at)
    Value.set(made, "name", Value.text("Authorization", dict.at))
    Value.set(made, "api_key", Value.text(`${word} ${token}`, dict.at))
    log.repair(
      "mapped",
      prefix?.at ?? dict.at,
      path,
      `a token after \`${word}\` instead of \`Bearer\` is an \`api_key\` in the Authorization header`,
      made
    )
    return made
  }
  if (Value.entry(dict, "type") === undefined)
    dict.entries.unshift({ key: "type", at: dict.at, value: Value.text("bearer", dict.at), notes: [] })
  return dict
}

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

const apiKey = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  change: Change,
  written: string,
  owner: Value.Dict
): Value.Dict | undefined => {
  change("api_key")
  pairs(dict, log, path)
  // Where there is a value, `key` is its name.
  const key = Value.entry(dict, "key")
  if (key !== undefined && Value.get(dict, "name") === undefined && Value.get(dict, "api_key") === undefined) {
    const text = Value.textOf(key.value)
    if (hasAny(dict, ["value", "token", "secret"]) && text !== undefined && !Value.hasReference(text)) {
      const renamed = Value.rename(dict, "key", "name")
      log.repair("renamed", key.at, Keys.join(path, "name"), "`key` is called `name` here", renamed)
    }
  }
  const asQuery = hasAny(dict, ["query_param", "param_name", "query_parameter", "param"])
  const asCookie = hasAny(dict, ["cookie_name", "cookie"])
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
  Keys.pick(dict, "api_key", keyNames, log, path)
  Keys.pick(dict, "location", ["in", "position", "inject_into", "placement", "where"], log, path)
  const word = Value.textOf(
    (Value.take(dict, "prefix") ?? Value.take(dict, "token_prefix") ?? Value.take(dict, "scheme"))?.value
  )?.trim()
  credentials(dict, ["api_key"], log, path)
  rest(dict, ["name", "api_key", "location"], log, path)
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

const basic = (dict: Value.Dict, log: Finding.Log, path: string, change: Change): Value.Dict => {
  change("http_basic")
  Keys.pick(dict, "username", ["user", "user_name", "login", "email", "account"], log, path)
  Keys.pick(dict, "password", ["pass", "pwd", "passwd"], log, path)
  const hasUser = Value.get(dict, "username") !== undefined
  const hasPassword = Value.get(dict, "password") !== undefined
  if (!hasUser)
    Keys.pick(
      dict,
      "username",
      hasPassword ? ["client_id", "api_key", "key", "token"] : ["api_key", "key", "token", "client_id", "access_token"],
      log,
      path
    )
  if (!hasPassword) {
    Keys.pick(
      dict,
      "password",
      hasUser ? ["api_key", "token", "api_token", "secret", "key", "access_token"] : ["client_secret", "secret"],
      log,
      path
    )
    if (Value.get(dict, "password") === undefined && !hasUser && Value.get(dict, "username") !== undefined) {
      const made = Value.set(dict, "password", Value.text("", dict.at))
      log.repair(
        "added",
        dict.at,
        Keys.join(path, "password"),
        "the password was missing: a key alone is the user name, with an empty password",
        made
      )
    }
  }
  const user = Value.entry(dict, "username")
  const plain = Value.textOf(user?.value)
  // A name is no secret, and an empty or one-letter password is none either.
  if (user === undefined || plain === undefined || Variables.isPlaceholder(plain) || Variables.looksSecret(plain))
    credentials(dict, ["username"], log, path)
  if ((Value.textOf(Value.get(dict, "password")) ?? "long").length > 1) credentials(dict, ["password"], log, path)
  rest(dict, ["username", "password"], log, path)
  return dict
}

/** A custom kind that names a header and a value after all. */
const custom = (dict: Value.Dict, log: Finding.Log, path: string, change: Change): Value.Dict | undefined => {
  if (hasAny(dict, ["login_requester", "request_method", "login_url", "session_url"])) return undefined
  const name = first(dict, ["name", "header", "header_name", "key_name", "headers"])
  const value = first(dict, keyNames)
  const text = Value.textOf(value?.value)
  if (name === undefined || (name.value._tag !== "Dict" && (value === undefined || text === ""))) return undefined
  if (/signature|hmac|aws|oauth1|digest|ntlm/i.test(Value.textOf(Value.get(dict, "type")) ?? "")) return undefined
  return apiKey(dict, log, path, change, "", dict)
}
