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
  if (value._tag === "Text") return Value.hasReference(value.text) ? value : named(value, key, log, path, target)
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
