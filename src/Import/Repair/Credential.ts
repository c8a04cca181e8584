/**
 * A credential where the grammar wants one: always a reference, never the text that was found.
 */
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"

/**
 * A credential as a reference; literal ones are replaced.
 *
 * @since 0.1.0
 * @category combinators
 */
export const secret = (
  value: Value.Value | undefined,
  key: string,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  at: number
): Value.Text => {
  if (value === undefined || Value.isNull(value)) {
    const variable = log.variables.name(`missing ${key}`, key)
    log.repair(
      "added",
      at,
      Keys.join(path, key),
      `\`${key}\` was missing: it comes from the environment variable ${variable}`,
      target
    )
    return Value.text(`\${${variable}}`, at)
  }
  if (value._tag === "Text") {
    if (Value.hasReference(value.text)) return value
    const [, scheme = "", rest = value.text] =
      /^((?:Bearer|Basic|Token|Key|Api-?Key)\s+)(\S[\s\S]*)$/i.exec(value.text) ?? []
    const found = named(Value.text(rest, value.at), key, log, path, target)
    return scheme === "" ? found : Value.text(scheme + found.text, value.at)
  }
  if (value._tag === "Code") {
    const where = { path: Keys.join(path, key), wish: key, credential: true, target }
    return (
      Refer.refer(log, value, where) ?? Refer.refer(log, { ...value, what: "expression" }, where) ?? Value.text("", at)
    )
  }
  return Refer.hide(log, value._tag === "Scalar" ? String(value.value) : key, at, {
    path: Keys.join(path, key),
    wish: key,
    target
  })
}

/**
 * Names that people give to a key.
 *
 * @since 0.1.0
 * @category defaults
 */
export const keyNames = [
  "api_key",
  "key",
  "value",
  "token",
  "secret",
  "access_token",
  "api_token",
  "auth_token",
  "credential"
]

/**
 * The first of several names that is there.
 *
 * @since 0.1.0
 * @category accessors
 */
export const first = (dict: Value.Dict, names: ReadonlyArray<string>): Value.Entry | undefined =>
  names.flatMap(
    (name) => dict.entries.find(({ key, value }) => Keys.plain(key) === Keys.plain(name) && !Value.isNull(value)) ?? []
  )[0]

/**
 * Whether one of several names is there.
 *
 * @since 0.1.0
 * @category accessors
 */
export const hasAny = (dict: Value.Dict, names: ReadonlyArray<string>) => first(dict, names) !== undefined

/**
 * Only what is listed stays.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rest = (dict: Value.Dict, fields: ReadonlyArray<string>, log: Finding.Log, path: string) =>
  Keys.tidy(dict, { what: `this kind of \`auth\``, fields: ["type", ...fields], instead: {} }, log, path)

/**
 * Each of these keys as a reference.
 *
 * @since 0.1.0
 * @category combinators
 */
export const credentials = (
  dict: Value.Dict,
  keys: ReadonlyArray<string>,
  log: Finding.Log,
  path: string
): Value.Dict => {
  for (const key of keys) {
    const entry = Value.entry(dict, key) ?? Value.set(dict, key, Value.scalar(null, dict.at))
    entry.value = secret(entry.value, key, log, path, entry, entry.at)
  }
  return dict
}

// --- internal ---

const named = (value: Value.Text, key: string, log: Finding.Log, path: string, target: Finding.Target): Value.Text => {
  const quoted =
    /^\s*(?:dlt\.)?(?:secrets|config|os\.environ|environ|secrets\.get|os\.getenv)\s*[[(.]\s*["']?([\w.]+)["']?\s*[\])]?\s*$/.exec(
      value.text
    )?.[1] ??
    /^\s*\{\{\s*(?:config|secrets?|env|vars?|parameters)?\s*(?:\.|\[\s*["'])?([\w-]+)(?:["']\s*\])?\s*\}\}\s*$/.exec(
      value.text
    )?.[1] ??
    /^\s*(?:\$|env:|ENV\[)\{?([A-Z_][A-Z0-9_]*)\}?\]?\s*$/.exec(value.text)?.[1] ??
    /^\s*\{(\w+)\}\s*$/.exec(value.text)?.[1]
  if (quoted === undefined || quoted === "value")
    return Refer.hide(log, value.text, value.at, { path: Keys.join(path, key), wish: key, target })
  const variable = log.variables.name(`text ${quoted}`, quoted)
  log.repair(
    "variable",
    value.at,
    Keys.join(path, key),
    `the text stands for a secret: it comes from the environment variable ${variable}`,
    target
  )
  return Value.text(`\${${variable}}`, value.at)
}
