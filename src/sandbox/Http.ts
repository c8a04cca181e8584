/**
 * A request and an answer as plain values, which a socket (`Server`) and an in-memory client (`Client`) both speak.
 *
 * Outside a row's path. Bodies are text already: an integer beyond 2^53 is exact in them.
 */
import { stringify } from "lossless-json"

/**
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly method: string
  /** Path and query, or an absolute URL. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body?: string | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const json = (status: number, body: string): Response => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", "cache-control": "private" },
  body
})

/**
 * Postmark's error envelope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const problem = (status: number, code: number, message: string): Response => ({
  status,
  headers: {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "private",
    "x-pm-apierrorcode": String(code)
  },
  body: JSON.stringify({ ErrorCode: code, Message: message })
})

/**
 * What a proxy in front of an API answers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const html = (status: number, title: string): Response => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body:
    `<html>\r\n<head><title>${status} ${title}</title></head>\r\n` +
    `<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n</body>\r\n</html>\r\n`
})

/**
 * A value as JSON text, with every digit of a `bigint`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const encode = (value: object): string =>
  // The exact writer is several times slower, and one row in a world needs it.
  "ID" in value && typeof value.ID === "bigint" ? (stringify(value) ?? "null") : JSON.stringify(value)

/**
 * A path without its trailing slash, split and in lower case as routing sees it, beside the segments as they came.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly path: ReadonlyArray<string>
  readonly segments: ReadonlyArray<string>
  /** Names in lower case; the first of a repeated name counts. */
  readonly query: ReadonlyMap<string, string>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const target = (request: Request): Target => {
  const { pathname, searchParams } = url(request)
  const segments = pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map(decode)
  const query = new Map<string, string>()
  for (const [name, value] of searchParams) {
    const key = name.toLowerCase()
    if (!query.has(key)) query.set(key, value)
  }
  return { path: segments.map((segment) => segment.toLowerCase()), segments, query }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const url = (request: Request): URL => {
  // Two slashes in front would be read as a host.
  const text = request.url.replace(/^\/+/, "/")
  return URL.canParse(text, base) ? new URL(text, base) : new URL(base)
}

// --- internal ---

const base = "http://sandbox"

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
