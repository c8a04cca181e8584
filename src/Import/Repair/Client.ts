/**
 * `client`: the address, and what holds for every request.
 */
import * as Grammar from "../../Spec/Grammar/Client.ts"
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Auth from "./Auth.ts"
import * as ErrorHandler from "./ErrorHandler.ts"
import * as Keys from "./Keys.ts"
import * as Paginator from "./Paginator.ts"
import * as Params from "./Params.ts"
import * as Template from "./Template.ts"
import * as Texts from "./Texts.ts"

/**
 * What belongs to every endpoint goes into `defaults`, the `endpoint` of resource_defaults. `address` is the base URL that the
 * prose names.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  dict: Value.Dict,
  log: Finding.Log,
  defaults: () => Value.Dict,
  address: { readonly url: string; readonly at: number } | undefined
): void => {
  const path = "client"
  Keys.pick(dict, "base_url", ["url", "baseUrl", "base_uri", "api_url", "host", "endpoint", "base"], log, path)
  base(dict, log, address)
  Keys.pick(dict, "auth", ["authentication", "authenticator", "credentials", "authorization"], log, path)
  Keys.pick(dict, "headers", ["default_headers", "request_headers"], log, path)
  Keys.pick(dict, "paginator", ["pagination", "pager"], log, path)
  const auth = Value.entry(dict, "auth")
  if (auth !== undefined) {
    headersAuth(dict, auth, log)
    const made = Value.entry(dict, "auth") === undefined ? undefined : Auth.repair(auth.value, log, "client.auth", dict)
    if (made === undefined) Value.take(dict, "auth")
    else auth.value = made
  }
  Params.headers(dict, log, path, Template.noNames)
  const pages = Value.entry(dict, "paginator")
  if (pages !== undefined) {
    const { paginator, params } = Paginator.repair(pages.value, log, "client.paginator", dict, undefined)
    if (paginator === undefined) Value.take(dict, "paginator")
    else pages.value = paginator
    if (params.length > 0) {
      const all = Value.ensure(defaults(), "params", pages.at)
      for (const each of params) if (Value.entry(all, each.key) === undefined) all.entries.push(each)
    }
  }
  for (const key of ["params", "query_params", "default_params"]) {
    const params = Value.take(dict, key)
    if (params === undefined || params.value._tag !== "Dict") continue
    const all = Value.ensure(defaults(), "params", params.at)
    for (const each of params.value.entries) Value.set(all, each.key, each.value, each.at)
    log.repair(
      "moved",
      params.at,
      "resource_defaults.endpoint.params",
      `\`${key}\` of the client belongs into \`resource_defaults.endpoint\``,
      all
    )
  }
  for (const key of ["error_handler", "retry_policy", "retry_config", "retries"]) {
    const handler = Value.take(dict, key)
    if (handler !== undefined && !Value.isNull(handler.value)) ErrorHandler.repair(handler, dict, defaults, log, path)
  }
  simple(dict, log)
  const session = Value.take(dict, "session")
  if (session !== undefined && !Value.isNull(session.value))
    log.todo(
      "code",
      session.at,
      "client.session",
      "a session is code and was left out: retries, headers and limits are said by `client.retry`, `headers` and `limits`",
      dict
    )
  Keys.tidy(dict, known, log, path)
  for (const each of Value.snapshot(dict)) if (Value.isNull(each.value)) Value.take(dict, each.key)
  const order = ["base_url", "auth", "headers", "paginator", "retry", "limits"]
  dict.entries.sort((a, b) => place(order, a.key) - place(order, b.key))
}

// --- internal ---

const known = Keys.known("`client`", Grammar.Client, Grammar.Client.fields)

const place = (order: ReadonlyArray<string>, key: string) =>
  (order.indexOf(key) + order.length + 1) % (order.length + 1)

const base = (
  dict: Value.Dict,
  log: Finding.Log,
  address: { readonly url: string; readonly at: number } | undefined
) => {
  const entry = Value.entry(dict, "base_url")
  const path = "client.base_url"
  const text = Value.textOf(entry?.value)?.trim()
  if (entry !== undefined && entry.value._tag === "Code") {
    entry.value =
      Refer.refer(log, entry.value, { path, wish: "base_url", target: entry }) ?? Value.text("${BASE_URL}", entry.at)
  } else if (entry === undefined || text === undefined || !isAddress(text)) {
    if (entry !== undefined) Value.take(dict, "base_url")
    if (address === undefined) {
      const variable = log.variables.name("missing base_url", "base_url")
      const made = Value.set(dict, "base_url", Value.text(`\${${variable}}`, dict.at))
      log.todo(
        "unbound",
        dict.at,
        path,
        `the address of the API is missing: set the environment variable ${variable}`,
        made
      )
    } else {
      const made = Value.set(dict, "base_url", Value.text(address.url, address.at))
      log.repair("prose", address.at, path, "the address of the API, taken from the text", made)
    }
  } else {
    const clean = Texts.address(text, entry.at, log, path, entry)
      .replace(/<([\w\s-]+)>|\[([A-Za-z][\w-]*)\]/g, (_, name: string | undefined, other: string | undefined) => {
        return `{${(name ?? other ?? "").trim().replace(/\W+/g, "_")}}`
      })
      .replace(
        /\bYOUR[_-][A-Z_-]+\b|(?<=[/.])\$([A-Z][A-Z_]{2,})\b/g,
        (whole, name: string | undefined) => `{${(name ?? whole).replaceAll("-", "_")}}`
      )
    const filled = Template.repair(clean, entry.at, log, path, entry, Template.noNames, { bare: true })
    const whole = /^(?:[a-z]+:\/\/|\$\{)/i.test(filled) ? filled : `https://${filled}`
    if (whole !== filled) log.repair("mapped", entry.at, path, "the scheme was missing: https", entry)
    if (whole !== text) entry.value = Value.text(whole, entry.value.at)
  }
}

/** `N/A` and an empty text are none. */
const isAddress = (text: string) => /[.{$]|localhost|:\/\/|:\d+/.test(text)

/** Several headers as credentials are headers. */
const headersAuth = (dict: Value.Dict, auth: Value.Entry, log: Finding.Log) => {
  const headers = auth.value._tag === "Dict" ? Value.get(auth.value, "headers") : undefined
  if (headers?._tag !== "Dict" || headers.entries.length < 2) return
  const all = Value.ensure(dict, "headers", auth.at)
  for (const each of headers.entries) Value.set(all, each.key, each.value, each.at)
  Value.take(dict, "auth")
  log.repair("moved", auth.at, "client.headers", "several headers with credentials are `client.headers`", all)
}

/** Numbers that stand in `client` itself. */
const simple = (dict: Value.Dict, log: Finding.Log) => {
  for (const [keys, group, to, unit] of [
    [["timeout", "request_timeout"], "limits", "timeout", "s"],
    [["rate_limit", "requests_per_second", "rps"], "limits", "rate", ""],
    [["max_retries"], "retry", "max_retries", ""],
    [["backoff_factor"], "retry", "factor", ""]
  ] as const) {
    for (const key of keys) {
      const entry = Value.take(dict, key)
      const number = Value.numberOf(entry?.value)
      if (entry === undefined) continue
      if (number === undefined) {
        log.repair("dropped", entry.at, "client", `\`${key}\` cannot be read as a number: left out`, dict)
        continue
      }
      const made = Value.set(
        Value.ensure(dict, group, entry.at),
        to,
        unit === "" ? Value.scalar(number, entry.at) : Value.text(`${number}${unit}`, entry.at)
      )
      log.repair("moved", entry.at, `client.${group}.${to}`, `\`${key}\` is \`${group}.${to}\` here`, made)
    }
  }
}
