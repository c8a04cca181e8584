/**
 * Takes configured secrets out of whatever leaves the program, by value: texts, URLs, JSON.
 *
 * Stage Fetch. The only code that prints a URL. Does not guess what looks like a secret; that is a resource's `mask`.
 * A secret shorter than 4 characters is not searched for: it would be found everywhere and make data unreadable. Only
 * the names of credential parameters hide it.
 */
import * as Redacted from "effect/Redacted"
import * as Forms from "./Redact/Forms.ts"
import * as Url from "./Url.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Redactor {
  /** Every occurrence of a secret, also URL-encoded, becomes `***`. */
  readonly text: (text: string) => string
  /** Scheme, host, path and parameter names; values of credential parameters and secrets masked. */
  readonly url: (url: URL | string) => string
  /** The same value with secrets masked inside its strings; the identical value where there are none. */
  readonly json: (value: unknown) => unknown
}

/**
 * A redactor that can tell from a JSON text whether walking its value is worth it.
 *
 * @since 0.1.0
 * @category models
 */
export interface BodyRedactor extends Redactor {
  /** `false` only when no string of the parsed value can hold a secret, whatever way it is escaped. */
  readonly mayHold: (jsonText: string) => boolean
}

/**
 * `queryNames` are parameters that carry the configured credential, beside the well-known ones.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
  options: { readonly queryNames?: ReadonlyArray<string> | undefined } = {}
): BodyRedactor => {
  const values = secrets.map(Redacted.value)
  const forms = Forms.all(values)
  const shortest = forms.reduce((least, form) => Math.min(least, form.length), Number.POSITIVE_INFINITY)
  const names = new Set([...wellKnown, ...(options.queryNames ?? []).map(plain)])

  const folded = [...new Set(forms.filter(Forms.isEscaped).map(Forms.fold))]
  const nested = Forms.escapedPattern(Forms.written(values), longestNested)
  const text = (input: string) => (input.length < shortest ? input : mask(input, forms, folded, nested))

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value)
    if (typeof value === "number" || typeof value === "bigint") return digits.has(String(value)) ? "***" : value
    if (Array.isArray(value)) return mapArray(value, json)
    return isPlainObject(value) ? mapObject(value, text, json) : value
  }
  // A token that is a number may be echoed as one; a short one would hide every count that happens to equal it.
  const digits = new Set(values.filter((value) => /^[1-9]\d{7,}$/.test(value)))

  const pair = (part: string) => {
    const at = part.indexOf("=")
    if (at < 0) return text(part)
    const value = part.slice(at + 1)
    const hidden = names.has(plain(Url.decode(part.slice(0, at)))) || text(Url.decode(value)) !== Url.decode(value)
    return `${text(part.slice(0, at))}=${hidden ? "***" : text(value)}`
  }
  const segment = (part: string) => (text(Url.decode(part)) === Url.decode(part) ? text(part) : text(Url.decode(part)))

  const url = (input: URL | string) => {
    if (!URL.canParse(String(input))) return text(String(input))
    const { host, password, pathname, protocol, search, username } = new URL(String(input))
    const user = username === "" && password === "" ? "" : "***@"
    const query = search === "" ? "" : `?${search.slice(1).split("&").map(pair).join("&")}`
    return `${protocol}//${user}${text(host)}${pathname.split("/").map(segment).join("/")}${query}`
  }

  // Most bodies hold no secret: what counts is how fast that is seen, so the fewest and shortest texts are looked for.
  const least = Forms.least(forms)
  const verbatim = least.filter((form) => !Forms.isEscaped(form))
  const escaped = Forms.least(folded)
  const cores = Forms.least([...new Set(escaped.map(Forms.core))])
  const pattern = Forms.escapedPattern(least)
  const escapes = least.some((form) => /["\\\p{Cc}]/u.test(form)) ? ["\\"] : ["\\u", "\\/"]
  const holds = (text: string, some: ReadonlyArray<string>) => some.some((form) => text.includes(form))
  const mayHold = (jsonText: string) =>
    holds(jsonText, verbatim) ||
    (holds(jsonText, cores) && holds(Forms.fold(jsonText), escaped)) ||
    (pattern !== undefined && holds(jsonText, escapes) && jsonText.search(pattern) >= 0)

  return { text, url, json, mayHold }
}

/**
 * A redactor that keeps its identity while secrets are added: a token first seen on a request is masked from then on.
 *
 * @since 0.1.0
 * @category models
 */
export interface Growing extends BodyRedactor {
  readonly add: (secrets: ReadonlyArray<Redacted.Redacted<string>>, queryNames: ReadonlyArray<string>) => void
  /** Adds a secret that is soon replaced by another, such as an access token: only the latest few are looked for. */
  readonly rotate: (secret: Redacted.Redacted<string>) => void
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const growing = (
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
  queryNames: ReadonlyArray<string>
): Growing => {
  const known = new Set(secrets.map(Redacted.value))
  const names = new Set(queryNames)
  let passing: ReadonlyArray<string> = []
  const build = () => make([...known, ...passing].map(Redacted.make), { queryNames: [...names] })
  let current = build()
  return {
    text: (input) => current.text(input),
    url: (input) => current.url(input),
    json: (value) => current.json(value),
    mayHold: (jsonText) => current.mayHold(jsonText),
    add: (more, moreNames) => {
      if (more.every((one) => known.has(Redacted.value(one))) && moreNames.every((name) => names.has(name))) return
      for (const one of more) known.add(Redacted.value(one))
      for (const name of moreNames) names.add(name)
      current = build()
    },
    rotate: (secret) => {
      const value = Redacted.value(secret)
      if (passing.includes(value)) return
      passing = [...passing.slice(1 - maxPassing), value]
      current = build()
    }
  }
}

// --- internal ---

// A key of thousands of characters is found by its lines.
const longestNested = 256

// Enough for the tokens and assertions of a dozen clients; without an end a token a page would slow down every page.
const maxPassing = 32

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

// Compared without case and punctuation, so `api_key`, `apiKey` and `API-Key` are one name.
const wellKnown = `
  token accesstoken authtoken apitoken refreshtoken idtoken sessiontoken securitytoken bearer jwt
  key apikey xapikey appkey accesskey accesskeyid authkey subscriptionkey privatekey hapikey
  secret clientsecret apisecret appsecret sharedsecret password passwd passphrase pass pwd
  auth authorization credential credentials session sessionid signature sig hmac
  xamzsignature xamzcredential xamzsecuritytoken xgoogsignature xgoogcredential
`
  .trim()
  .split(/\s+/)

// Overlapping finds are merged before anything is replaced: replacing one after the other would leave the rest of a
// longer secret that begins inside a shorter one.
const mask = (
  input: string,
  forms: ReadonlyArray<string>,
  folded: ReadonlyArray<string>,
  nested: RegExp | undefined
): string => {
  const found: Array<[from: number, to: number]> = []
  const search = (text: string, some: ReadonlyArray<string>) => {
    for (const form of some)
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) found.push([at, at + form.length])
  }
  search(input, forms)
  if (folded.length > 0) search(Forms.fold(input), folded)
  if (nested !== undefined && input.includes("\\")) {
    for (const { 0: match, index } of input.matchAll(nested)) found.push([index, index + match.length])
  }
  if (found.length === 0) return input
  found.sort((a, b) => a[0] - b[0])
  let out = ""
  let end = 0
  for (const [from, to] of found) {
    if (from >= end) out += `${input.slice(end, from)}***`
    end = Math.max(end, to)
  }
  return out + input.slice(end)
}

const mapArray = (values: ReadonlyArray<unknown>, f: (value: unknown) => unknown): ReadonlyArray<unknown> => {
  let copy: Array<unknown> | undefined
  for (let i = 0; i < values.length; i++) {
    const next = f(values[i])
    if (next !== values[i] && !Object.is(next, values[i])) (copy ??= values.slice())[i] = next
  }
  return copy ?? values
}

const mapObject = (
  object: Readonly<Record<string, unknown>>,
  key: (key: string) => string,
  f: (value: unknown) => unknown
): Readonly<Record<string, unknown>> => {
  const entries = Object.entries(object)
  const next = entries.map(([name, value]) => [key(name), f(value)] as const)
  const same = next.every(([name, value], i) => name === entries[i]![0] && Object.is(value, entries[i]![1]))
  // `fromEntries` defines properties: a key named `__proto__` stays data.
  return same ? object : Object.fromEntries(next)
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
