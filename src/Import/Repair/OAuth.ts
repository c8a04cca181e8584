/**
 * `oauth2` in its many spellings → `oauth2_client_credentials`, whose token request can carry any grant that needs no browser.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import { secret } from "./Credential.ts"
import * as Keys from "./Keys.ts"

/**
 * `bare` makes what a token alone comes to.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  dict: Value.Dict,
  log: Finding.Log,
  path: string,
  change: (type: string) => void,
  owner: Value.Dict,
  bare: (token: Value.Value) => Value.Value
): Value.Value | undefined => {
  Keys.pick(
    dict,
    "access_token_url",
    [
      "token_url",
      "token_endpoint",
      "token_refresh_endpoint",
      "refresh_url",
      "token_uri",
      "oauth_url",
      "auth_url",
      "url"
    ],
    log,
    path
  )
  Keys.pick(dict, "client_id", ["clientId", "app_id", "consumer_key"], log, path)
  Keys.pick(dict, "client_secret", ["clientSecret", "app_secret", "consumer_secret"], log, path)
  const url = Value.get(dict, "access_token_url")
  const token = [Value.get(dict, "access_token"), Value.get(dict, "token"), Value.get(dict, "bearer_token")].find(
    (each) => each !== undefined && !Value.isNull(each)
  )
  const refresh = Value.take(dict, "refresh_token") ?? Value.take(dict, "refreshToken")
  if (token !== undefined && (url === undefined || Value.get(dict, "client_id") === undefined) && refresh === undefined)
    return bare(token)
  change("oauth2_client_credentials")
  const data = Value.dictAt(dict, "access_token_request_data") ?? Value.dict([], dict.at)
  for (const key of ["token_request_data", "refresh_request_body", "extra_params", "token_params", "data"]) {
    const extra = Value.dictAt(dict, key)
    if (extra === undefined) continue
    Value.take(dict, key)
    for (const each of extra.entries) Value.set(data, each.key, each.value, each.at)
    log.repair(
      "renamed",
      extra.at,
      Keys.join(path, "access_token_request_data"),
      `\`${key}\` is called \`access_token_request_data\` here`,
      data
    )
  }
  const scope = Value.take(dict, "scope") ?? Value.take(dict, "scopes")
  if (scope !== undefined && !Value.isNull(scope.value)) {
    const texts = scope.value._tag === "List" ? scope.value.items.flatMap((item) => Value.textOf(item) ?? []) : []
    const text = scope.value._tag === "List" ? texts.join(" ") : Value.textOf(scope.value)
    if (text !== undefined && text !== "") {
      const made = Value.set(data, "scope", Value.text(text, scope.at))
      log.repair(
        "moved",
        scope.at,
        Keys.join(path, "access_token_request_data.scope"),
        `\`${scope.key}\` goes into the token request`,
        made
      )
    }
  }
  for (const key of ["audience", "resource", "account_id"]) {
    const found = Value.take(dict, key)
    if (found === undefined) continue
    const made = Value.set(data, key, found.value, found.at)
    log.repair(
      "moved",
      found.at,
      Keys.join(path, `access_token_request_data.${key}`),
      `\`${key}\` goes into the token request`,
      made
    )
  }
  const grant = Value.take(dict, "grant_type") ?? Value.take(dict, "grantType")
  const kind = Value.textOf(grant?.value) ?? (refresh === undefined ? "client_credentials" : "refresh_token")
  if (refresh !== undefined || kind === "refresh_token") {
    const made = Value.set(data, "grant_type", Value.text("refresh_token", dict.at))
    const entry = Value.set(
      data,
      "refresh_token",
      refresh?.value ?? Value.scalar(null, dict.at),
      refresh?.at ?? dict.at
    )
    entry.value = secret(entry.value, "refresh_token", log, path, entry, entry.at)
    log.repair(
      "mapped",
      refresh?.at ?? dict.at,
      Keys.join(path, "access_token_request_data"),
      "the refresh token goes into the token request; an API that gives out a new refresh token with each access token needs another way",
      made
    )
  } else if (kind === "password") {
    Value.set(data, "grant_type", Value.text("password", dict.at))
    for (const key of ["username", "password"]) {
      const found = Value.take(dict, key)
      const entry = Value.set(data, key, found?.value ?? Value.scalar(null, dict.at), found?.at ?? dict.at)
      entry.value = secret(entry.value, key, log, path, entry, entry.at)
    }
    log.repair(
      "mapped",
      grant?.at ?? dict.at,
      Keys.join(path, "access_token_request_data"),
      "user name and password go into the token request",
      data
    )
  } else if (kind !== "client_credentials") {
    log.todo(
      "unsupported",
      grant?.at ?? dict.at,
      path,
      `the grant \`${kind}\` needs a browser: set the variables of a client that can log in by itself`,
      owner
    )
  }
  for (const key of ["client_id", "client_secret"]) {
    const entry = Value.entry(dict, key) ?? Value.set(dict, key, Value.scalar(null, dict.at))
    entry.value = secret(entry.value, key, log, path, entry, entry.at)
  }
  for (const each of data.entries)
    if (each.value._tag === "Code" || /secret|token|password|assertion/.test(each.key))
      each.value = secret(each.value, each.key, log, path, each, each.at)
  Value.take(dict, "access_token_request_data")
  if (data.entries.length > 0) Value.set(dict, "access_token_request_data", data)
  if (url === undefined || Value.isNull(url)) {
    const variable = log.variables.name("missing access_token_url", "access_token_url")
    const made = Value.set(dict, "access_token_url", Value.text(`\${${variable}}`, dict.at))
    log.todo(
      "unbound",
      dict.at,
      Keys.join(path, "access_token_url"),
      `the address of the token request is missing: set the environment variable ${variable}`,
      made
    )
  }
  Keys.tidy(
    dict,
    {
      what: "this kind of `auth`",
      fields: [
        "type",
        "access_token_url",
        "client_id",
        "client_secret",
        "access_token_request_data",
        "default_token_expiration",
        "auth_method"
      ],
      instead: { token_expiry: "default_token_expiration", expires_in: "default_token_expiration" }
    },
    log,
    path
  )
  return dict
}
