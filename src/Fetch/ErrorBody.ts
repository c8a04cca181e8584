/**
 * What a failing answer says about itself: the API's own code and message, from JSON of any usual shape, HTML or
 * plain text.
 *
 * Stage Fetch, pure. Takes words meant for a reader, never the body: an error page may repeat the whole request.
 * Scrubbing and shortening come after, in `Failure.toError`.
 */
import * as Either from "effect/Either"
import * as Json from "./Json.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Message {
  readonly code: string | undefined
  readonly message: string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (text: string, contentType: string | undefined): Message => {
  const body = text.trim()
  if (body === "") return { code: undefined, message: "no message (empty body)" }
  if (isHtml(body, contentType)) return { code: undefined, message: html(body) }
  if (/^[{["]/.test(body)) {
    const value = Either.getOrUndefined(Json.parse(body))
    if (value !== undefined) return json(value, body.length)
  }
  return {
    code: undefined,
    message:
      /^[^;]*(json|text\/plain)/i.test(contentType ?? "text/plain") && isText(body)
        ? collapse(body)
        : `${contentType ?? "a body"} of ${body.length} characters`
  }
}

/**
 * What came where JSON was due, in a few words.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unreadable = (text: string, contentType: string | undefined, why: string): string => {
  if (isHtml(text.trim(), contentType)) return html(text.trim())
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? ""
  // `application/x-ndjson` is lines of JSON, which is another thing.
  return /^$|^text\/plain$|[/+](?!.*ndjson).*json$/.test(type) ? why : `${type} came where JSON was due: ${why}`
}

// --- internal ---

// First the keys that hold a sentence, then those that may hold a mere title or name.
const messageKeys = [
  "message",
  "error_description",
  "errormessage",
  "error_message",
  "detail",
  "msg",
  "description",
  "reason",
  "title"
]
const codeKeys = ["errorcode", "error_code", "code"]
const nestedKeys = ["error", "errors", "fault"]

const json = (value: unknown, length: number): Message => {
  const message = messageOf(value, 0)
  const code = codeOf(value, 0)
  const names = isRecord(value) ? Object.keys(value).slice(0, 8) : []
  const keys = names.length === 0 ? "" : `, with the keys ${names.join(", ")}`
  return {
    code,
    message: message === undefined ? `JSON without a message, ${length} characters${keys}` : collapse(message)
  }
}

const messageOf = (value: unknown, depth: number): string | undefined => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value
  if (depth > 4) return undefined
  if (Array.isArray(value)) return first(value, (item) => messageOf(item, depth + 1))
  if (!isRecord(value)) return undefined
  const field = fieldsOf(value)
  return (
    first(messageKeys, (key) => messageOf(field(key), depth + 1)) ??
    first(nestedKeys, (key) => messageOf(field(key), depth + 1) ?? byField(field(key)))
  )
}

// `{ "errors": { "date": ["is not a date"] } }`
const byField = (value: unknown): string | undefined => {
  if (!isRecord(value)) return undefined
  return first(Object.entries(value), ([name, item]) => {
    const message = typeof item === "string" || Array.isArray(item) ? messageOf(item, 3) : undefined
    return message === undefined ? undefined : `${name}: ${message}`
  })
}

const codeOf = (value: unknown, depth: number): string | undefined => {
  if (depth > 2) return undefined
  if (Array.isArray(value)) return first(value, (item) => codeOf(item, depth + 1))
  if (!isRecord(value)) return undefined
  const field = fieldsOf(value)
  const own = first(codeKeys, (key) => scalar(field(key)))
  // OAuth: `error` is the code when `error_description` is the message.
  const oauth = field("error_description") === undefined ? undefined : scalar(field("error"))
  return own ?? oauth ?? first(nestedKeys, (key) => codeOf(field(key), depth + 1))
}

const scalar = (value: unknown): string | undefined =>
  (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint"
    ? String(value)
    : undefined

const fieldsOf = (record: Readonly<Record<string, unknown>>) => {
  const fields = new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]))
  return (key: string) => fields.get(key)
}

const first = <A, B>(values: ReadonlyArray<A>, f: (value: A) => B | undefined): B | undefined => {
  for (const value of values) {
    const found = f(value)
    if (found !== undefined) return found
  }
  return undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isHtml = (body: string, contentType: string | undefined) =>
  /^<(!doctype html|html|head|body|title|h1)\b/i.test(body) || (body.startsWith("<") && /html/i.test(contentType ?? ""))

/** A title stands near the top. The rest is not looked at: of tags that never close, each would be read to the end. */
const html = (body: string) => {
  const top = body.slice(0, 4096)
  const found = /<title\b[^>]*>([^<]*)/i.exec(top)?.[1] ?? /<h1\b[^>]*>([^<]*)/i.exec(top)?.[1] ?? ""
  const title = collapse(found.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name]!))
  return title === "" ? `an HTML page of ${body.length} characters` : `an HTML page titled ${JSON.stringify(title)}`
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " }

const isText = (body: string) => !/[^\P{Cc}\s]|\uFFFD/u.test(body)

const collapse = (text: string) => text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim()
