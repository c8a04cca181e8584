/**
 * The ways a secret may be written: as it is, in a URL, in a form, inside JSON or HTML, as base64 or within it.
 *
 * Stage Fetch, part of `Redact`. Lists forms and builds the pattern that finds escaped ones; replaces nothing. Hexadecimal,
 * hashes, ciphers and texts spelt backwards are not among them.
 */
import * as Base64 from "./Base64.ts"

/**
 * Every form of every secret, without doubles. Secrets shorter than 4 characters have none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(written(secrets).flatMap(formsOf))
]

/**
 * Secrets as they are, but for those that are too short. A key read from a file ends in a newline that no server echoes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const written = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(secrets.flatMap((secret) => [secret, secret.trim()]).filter((value) => value.length >= shortest))
]

/**
 * Those of some forms that hold none of the others: a text without them holds no form at all.
 *
 * @since 0.1.0
 * @category combinators
 */
export const least = (forms: ReadonlyArray<string>): ReadonlyArray<string> =>
  forms.filter((form) => !forms.some((other) => other !== form && form.includes(other)))

/**
 * Whether a form is written with escapes whose digits may be in either case.
 *
 * @since 0.1.0
 * @category guards
 */
export const isEscaped = (form: string): boolean => /%[0-9a-f]{2}|\\u[0-9a-f]{4}/i.test(form)

/**
 * The longest part of a form that is written in one way only: what is not in a text with that part missing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const core = (form: string): string =>
  form
    .split(/%(?:25)*[0-9a-f]{2}|\\u[0-9a-f]{4}/i)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), "")

/**
 * A text with the digits of its escapes (`%2f`, `%252f`, `\u00e9`) in capitals, every character where it was.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fold = (text: string): string =>
  text.includes("%") || text.includes("\\u")
    ? text.replaceAll(/%(?:25)*[0-9a-f]{2}|(?<=\\u)[0-9a-f]{4}/gi, (digits) => digits.toUpperCase())
    : text

/**
 * Finds a form in JSON text when any of its characters is written as `\uXXXX`, or `/` as `\/`; also in JSON within JSON,
 * where each of these has more backslashes. `undefined` without forms. Of a long form it looks for the beginning only: the
 * pattern of a private key would have a million characters.
 *
 * @since 0.1.0
 * @category constructors
 */
export const escapedPattern = (forms: ReadonlyArray<string>, most = longest): RegExp | undefined =>
  forms.length === 0
    ? undefined
    : new RegExp([...new Set(forms.map((form) => form.slice(0, most)))].map(pattern).join("|"), "g")

// --- internal ---

const shortest = 4

const longest = 64

/** JSON may be put whole into a URL, a page or base64. */
const formsOf = (value: string): ReadonlyArray<string> => [
  ...jsonForms(value),
  ...[value, JSON.stringify(value).slice(1, -1)].flatMap((text) => [
    text,
    ...urlForms(text),
    ...htmlForms(text),
    ...Base64.forms(text)
  ])
]

const urlForms = (value: string): ReadonlyArray<string> => {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(value))
  const percent = encodeURIComponent(wellFormed)
  const form = new URLSearchParams([["", wellFormed]]).toString().slice(1)
  // Encoders differ in what they let stand: RFC 3986 nothing of this, and a path or a whole URL rather more.
  const strict = percent.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  const urls = [percent, form, strict, strict.replaceAll("%20", "+"), encodeURI(wellFormed)]
  // A URL inside a URL: `?next=https%3A%2F%2F…`.
  return [...urls, ...urls.map(encodeURIComponent)]
}

/** By what writers of JSON escape beside what they must: nothing, what HTML minds, with quotes, with `=`, with `+`. */
const jsonForms = (value: string): ReadonlyArray<string> => {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = escaped(json, /[^ -~]/g)
  const safe = [/[<>&]/g, /[<>&']/g, /[<>&'=]/g, /[<>&'+`]/g].flatMap((chars) => [
    escaped(json, chars),
    escaped(ascii, chars)
  ])
  const quoted = safe.map((text) => text.replaceAll('\\"', "\\u0022"))
  const forms = [json, ascii, ...safe, ...quoted]
  return [...forms, ...forms.map((text) => text.replaceAll("/", "\\/"))]
}

const escaped = (text: string, chars: RegExp) =>
  text.replaceAll(chars, (char) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")
  )

/** Writers of HTML differ in how they write quotes, and in what else they write so. */
const htmlForms = (value: string): ReadonlyArray<string> =>
  entities.map((table) => value.replaceAll(/[&<>"'/=`+]/g, (char) => table[char] ?? char))

const basic = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
const entities: ReadonlyArray<Readonly<Record<string, string>>> = [
  basic,
  { ...basic, '"': "&quot;" },
  { ...basic, '"': "&quot;", "'": "&#39;" },
  { ...basic, '"': "&quot;", "'": "&#x27;" },
  { ...basic, '"': "&quot;", "'": "&#039;" },
  { ...basic, '"': "&quot;", "'": "&apos;" },
  { ...basic, '"': "&#34;", "'": "&#39;" },
  { ...basic, '"': "&#34;", "'": "&#39;", "+": "&#43;" },
  { ...basic, '"': "&quot;", "'": "&#x27;", "/": "&#x2F;" },
  { ...basic, '"': "&quot;", "'": "&#39;", "/": "&#x2F;", "=": "&#x3D;", "`": "&#x60;" },
  { ...basic, '"': "&quot;", "'": "&#x27;", "=": "&#x3D;", "`": "&#x60;" }
]

const pattern = (form: string) => Array.from({ length: form.length }, (_, at) => unit(form, at)).join("")

const unit = (text: string, at: number): string => {
  const hex = text.charCodeAt(at).toString(16).padStart(4, "0")
  const anyCase = hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const short = shortEscapes[text[at]!]
  if (text[at] === "\\") return "(?:\\\\+u005[cC]|\\\\+)"
  // Every character as a code point in the pattern, so that none of it can be read as syntax.
  return `(?:${short === "/" || short === '"' ? "\\\\*" : ""}\\u${hex}|\\\\+u${anyCase}${short === undefined ? "" : `|\\\\+${short}`})`
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
