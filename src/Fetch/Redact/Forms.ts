/**
 * The ways a secret may be written: as it is, in a URL, in a form, inside JSON, as base64.
 *
 * Stage Fetch, part of `Redact`. Lists forms and builds the pattern that finds escaped ones; replaces nothing.
 */

/**
 * Every form of every secret, without doubles. Secrets shorter than 4 characters have none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const forms = new Set<string>()
  for (const secret of secrets) {
    // A key read from a file ends in a newline that no server echoes.
    for (const value of [secret, secret.trim()]) {
      if (value.length >= shortest) for (const form of formsOf(value)) forms.add(form)
    }
  }
  return [...forms]
}

/**
 * Finds a form in JSON text when any of its characters is written as `\uXXXX`, or `/` as `\/`. `undefined` without
 * forms. Of a long form it looks for the beginning only: the pattern of a private key would have a million characters.
 *
 * @since 0.1.0
 * @category constructors
 */
export const escapedPattern = (forms: ReadonlyArray<string>): RegExp | undefined =>
  forms.length === 0
    ? undefined
    : new RegExp([...new Set(forms.map((form) => form.slice(0, longest)))].map(pattern).join("|"))

// --- internal ---

const shortest = 4

const longest = 64

const formsOf = (value: string): ReadonlyArray<string> => {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(value))
  const percent = encodeURIComponent(wellFormed)
  const form = new URLSearchParams([["", wellFormed]]).toString().slice(1)
  const json = JSON.stringify(value).slice(1, -1)
  const base64 = btoa(Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join(""))
  const base64Url = base64.replaceAll("+", "-").replaceAll("/", "_")
  return [
    value,
    percent,
    lowerHex(percent),
    form,
    lowerHex(form),
    // A URL inside a URL: `?next=https%3A%2F%2F…`.
    encodeURIComponent(percent),
    json,
    json.replaceAll("/", "\\/"),
    base64,
    base64.replace(/=+$/, ""),
    base64Url,
    base64Url.replace(/=+$/, "")
  ]
}

const lowerHex = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())

const pattern = (form: string) => Array.from({ length: form.length }, (_, at) => unit(form, at)).join("")

const unit = (text: string, at: number): string => {
  const hex = text.charCodeAt(at).toString(16).padStart(4, "0")
  const anyCase = hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const short = shortEscapes[text[at]!]
  // Every character as a code point in the pattern, so that none of it can be read as syntax.
  return `(?:\\u${hex}|\\\\u${anyCase}${short === undefined ? "" : `|\\\\${short}`})`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\\\",
  "/": "/",
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t"
}
