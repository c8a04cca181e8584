/**
 * Values of parameters, headers and bodies: templates, secrets written out, and code in the place of texts.
 */
import * as Secrets from "../../Spec/Secrets.ts"
import type * as Finding from "../Finding.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import * as Variables from "../Variables.ts"
import * as Template from "./Template.ts"

/**
 * `undefined`: a function, which is left out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  value: Value.Value,
  key: string,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  names: Template.Names,
  options: { readonly json?: boolean | undefined } = {}
): Value.Value | undefined => {
  switch (value._tag) {
    case "Text":
      return text(value, key, log, path, target, names, options.json === true)
    case "Scalar":
      return value
    case "Code": {
      const made = Refer.refer(log, value, { path, wish: key, target })
      if (made === undefined) log.todo("code", value.at, path, `\`${value.source}\` is a function: left out`, target)
      return made
    }
    case "List":
      return Value.list(
        value.items.flatMap((item) => repair(item, key, log, path, target, names, options) ?? []),
        value.at
      )
    case "Dict":
      for (const each of Value.snapshot(value)) {
        const made = repair(each.value, each.key, log, `${path}.${each.key}`, each, names, options)
        if (made === undefined) Value.drop(value, each.key)
        else each.value = made
      }
      return value
  }
}

/**
 * A text in a place that is no parameter: base URL, path. Credentials in its query are taken out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const address = (value: string, at: number, log: Finding.Log, path: string, target: Finding.Target): string =>
  value
    .replace(/([?&])([\w.[\]-]+)=([^&#]*)/g, (whole, sign: string, name: string, given: string) =>
      given === "" || Value.hasReference(given) || given.startsWith("{") || !Secrets.isCredentialName(name)
        ? whole
        : `${sign}${name}=${Refer.hide(log, given, at, { path, wish: name, target }).text}`
    )
    .replace(/^(https?:\/\/)([^/@\s]+):([^/@\s]+)@/, (whole, scheme: string, user: string, word: string) =>
      Value.hasReference(word)
        ? whole
        : `${scheme}${user}:${Refer.hide(log, word, at, { path, wish: "password", target }).text}@`
    )

// --- internal ---

const text = (
  value: Value.Text,
  key: string,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  names: Template.Names,
  json: boolean
): Value.Text => {
  const { at } = value
  const outside = /^\s*(?:dlt\.)?(?:secrets|config)\s*\[\s*["']([\w.]+)["']\s*\]\s*$/.exec(value.text)?.[1]
  if (outside !== undefined) return Value.text(`\${${log.variables.name(`dlt.secrets ${outside}`, outside)}}`, at)
  const credential = Secrets.isCredentialName(key)
  const scheme = /^(Bearer|Basic|Token|token|Key|Api-Key|apikey)\s+(\S.*)$/.exec(value.text)
  if (scheme !== null && credential && !Value.hasReference(value.text)) {
    const [, word = "", rest = ""] = scheme
    const braces = /^\{+\s*([\w.-]+)\s*\}+$/.exec(rest)?.[1]
    const hidden = Refer.hide(log, rest, at, {
      path,
      wish: braces ?? (word === "Basic" ? "basic_credentials" : "token"),
      target
    })
    return Value.text(`${word} ${hidden.text}`, at)
  }
  if (!credential && /^\s*(?:FILL_ME_IN|<[\w\s-]+>|YOUR_[A-Z_]+|(?:CHANGE|REPLACE)_?ME)\s*$/.test(value.text)) {
    const variable = log.variables.name(`placeholder ${path}`, key)
    log.todo("unbound", at, path, `a placeholder: set the environment variable ${variable}`, target)
    return Value.text(`\${${variable}}`, at)
  }
  if (!Value.hasReference(value.text)) {
    const short = value.text.length < 4 || /^(?:true|false|none|null|\d{1,3})$/i.test(value.text)
    const isTemplate = value.text.includes("{")
    if (
      (credential && !short && !isTemplate && !/^(?:primary|foreign|sort|partition)/i.test(key)) ||
      Variables.looksSecret(value.text)
    )
      return Refer.hide(log, value.text, at, { path, wish: key, target })
  }
  // JSON and GraphQL in a text have braces of their own.
  const bare = !json && !/["\n]|\{\s/.test(value.text)
  return Value.text(Template.repair(value.text, at, log, path, target, names, { bare, json }), at)
}
