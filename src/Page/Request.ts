/**
 * Lays a paginator's position over a resource's request.
 *
 * Stage Page, pure. Does not send.
 */
import type * as Fetch from "../Fetch.ts"
import type { Position } from "../Page.ts"

/**
 * Parameters of the position replace those of the same name; a `url` replaces path and query.
 *
 * @since 0.1.0
 * @category combinators
 */
export const apply = (request: Fetch.Request, position: Position): Fetch.Request => {
  if (position.url !== undefined) return { ...request, path: position.url, query: [] }
  const set = Object.entries(position.query ?? {})
  const kept = request.query.filter(([name]) => !set.some(([replaced]) => replaced === name))
  const query = [...kept, ...set.map(([name, value]) => [name, String(value)] as const)]
  if (position.body === undefined) return { ...request, query }
  const body = Object.entries(position.body).reduce(
    (into, [path, value]) => setAt(into, path.split("."), value),
    request.body
  )
  return { ...request, query, body }
}

// --- internal ---

const setAt = (target: unknown, path: ReadonlyArray<string>, value: unknown): unknown => {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(target)) return target.map((item, i) => (String(i) === name ? setAt(item, rest, value) : item))
  const object = typeof target === "object" && target !== null ? (target as Record<string, unknown>) : {}
  return { ...object, [name]: setAt(Object.hasOwn(object, name) ? object[name] : undefined, rest, value) }
}
