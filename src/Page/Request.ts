/**
 * Lays a paginator's position over a resource's request.
 *
 * Stage Page, pure. Does not send. A link may come without the secrets that the API echoed in it, since answers are read with
 * secrets masked; those are put back from where the request itself has them, so that no checkpoint ever holds one.
 */
import * as Either from "effect/Either"
import type * as Fetch from "../Fetch.ts"
import * as Url from "../Fetch/Url.ts"
import type { Position } from "../Page.ts"

/**
 * Parameters of the position replace those of the same name; a `url` replaces path and query. `base` is the API's URL, for the
 * secrets of a link.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply = (request: Fetch.Request, position: Position, base?: URL): Fetch.Request => {
  if (position.url !== undefined) return { ...request, path: unmasked(position.url, request, base), query: [] }
  const set = Object.entries(position.query ?? {})
  const names = set.map(([name]) => name)
  const query = [
    ...request.query.filter(([name]) => !names.includes(name)),
    ...set.map(([name, value]) => [name, String(value)] as const)
  ]
  const placed = { ...request, path: without(request.path, names), query }
  if (position.body === undefined) return placed
  const fields = Object.entries(position.body)
  if (typeof request.data === "object") {
    const kept = request.data.filter(([name]) => !fields.some(([replaced]) => replaced === name))
    return { ...placed, data: [...kept, ...fields.map(([name, value]) => [name, String(value)] as const)] }
  }
  return {
    ...placed,
    body: fields.reduce((into, [path, value]) => setAt(into, path.split("."), value), request.body)
  }
}

// --- internal ---

const setAt = (target: unknown, path: ReadonlyArray<string>, value: unknown): unknown => {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(target)) return target.map((item, i) => (String(i) === name ? setAt(item, rest, value) : item))
  const object = typeof target === "object" && target !== null ? (target as Record<string, unknown>) : {}
  return { ...object, [name]: setAt(Object.hasOwn(object, name) ? object[name] : undefined, rest, value) }
}

/** A path that was written with its query, without parameters of these names. */
const without = (path: string, names: ReadonlyArray<string>): string => {
  const at = path.indexOf("?")
  if (at < 0 || names.length === 0) return path
  const kept = path
    .slice(at + 1)
    .split("&")
    .filter((part) => !names.includes(nameOf(part)))
  return path.slice(0, at) + (kept.length === 0 ? "" : `?${kept.join("&")}`)
}

const nameOf = (part: string): string => Url.decode(part.split("=")[0]!)

const mask = "***"

const unmasked = (link: string, request: Fetch.Request, base: URL | undefined): string => {
  if (base === undefined || !link.includes(mask)) return link
  const own = Url.make(base, request.path, request.query)
  if (Either.isLeft(own)) return link
  const [before = "", ...search] = link.split("?")
  const segments = own.right.pathname.split("/")
  const [, origin = "", path = ""] = /^([a-z]+:\/\/[^/]*)?(.*)$/is.exec(before) ?? []
  const parts = own.right.search.slice(1).split("&")
  const asked = search
    .join("?")
    .split("&")
    .map((part) =>
      part.includes(mask) ? (parts.find((known) => nameOf(known) === nameOf(part) && hides(part, known)) ?? part) : part
    )
  return (
    origin +
    path
      .split("/")
      .map((segment, i) => (segment.includes(mask) && hides(segment, segments[i] ?? "") ? segments[i] : segment))
      .join("/") +
    (search.length === 0 ? "" : `?${asked.join("&")}`)
  )
}

/** Whether a text with `***` in it is this one with something masked. */
const hides = (masked: string, text: string): boolean => {
  const [first = "", ...rest] = Url.decode(masked).split(mask)
  const whole = Url.decode(text)
  return whole.startsWith(first) && whole.endsWith(rest.at(-1) ?? "") && whole.length >= first.length
}
