/**
 * `auth`: many names for few things. What cannot be done here is left out and listed.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Variables from "../Variables.ts"
import * as ApiKey from "./ApiKey.ts"
import { credentials, first, hasAny, keyNames, rest } from "./Credential.ts"
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
  if (user?._tag === "Dict" && password === undefined) return repair(user, log, path, owner)
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
  for (const { at: where, key, value: inner } of Value.snapshot(dict)) {
    if (inner._tag !== "Dict" || !/^(?:credentials|client_credentials|config|parameters|options|oauth2?)$/.test(key))
      continue
    Value.take(dict, key)
    for (const each of inner.entries) if (Value.entry(dict, each.key) === undefined) dict.entries.push(each)
    log.repair("moved", where, path, `what is in \`${key}\` belongs into \`auth\` itself`, dict)
  }
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
      return ApiKey.repair(dict, log, path, change, Keys.plain(written ?? ""), owner)
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
  if (user !== undefined && plain === "") user.value = Value.scalar(null, user.at)
  if (
    user === undefined ||
    plain === undefined ||
    plain === "" ||
    Variables.isPlaceholder(plain) ||
    Variables.looksSecret(plain)
  )
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
  return ApiKey.repair(dict, log, path, change, "", dict)
}
