/**
 * The request of an endpoint, its texts in the form `Page/Template` reads: `{name}` of a parameter filled in or turned into
 * the parent's value it stands for.
 *
 * Pure. Also says what cannot be: a placeholder bound to nothing, a parameter that nothing uses.
 */
import type * as Template from "../../Page/Template.ts"
import * as Placeholders from "../../Page/Template.ts"
import type { Endpoint } from "../Grammar/Endpoint.ts"
import * as Placeholder from "../Placeholder.ts"
import * as Bound from "./Bound.ts"
import * as Params from "./Params.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly path: string
  readonly query: ReadonlyArray<Params.Pair>
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly data: string | ReadonlyArray<Params.Pair> | undefined
  /** The path's last part holds a placeholder: dlt takes the answer for one entity. */
  readonly isEntity: boolean
  /** Names of parents, and where each is named first. */
  readonly parents: ReadonlyMap<string, ReadonlyArray<string>>
  /** Whether a text holds `{incremental.…}`, and where. */
  readonly incremental: ReadonlyArray<string> | undefined
  readonly mistakes: ReadonlyArray<Bound.Mistake>
}

/**
 * `path` stands for an endpoint without one; `text` gives a number as it was written.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (endpoint: Endpoint, path: string, text: Params.Text): Request => {
  const names = Bound.names(endpoint.params ?? {}, text)
  const target = Bound.path(endpoint.path ?? path, names)
  const query = Params.query(
    endpoint.params ?? {},
    text,
    (name) => names.get(name)?.kind === "resolve" || target.used.has(name)
  )
  const bind = (value: string, keys: ReadonlyArray<string>, isBody: boolean) => Bound.text(value, names, keys, isBody)
  const params = query.map(([name, value]) => [name, bind(value, ["params", name], false)] as const)
  const headers = Params.texts(endpoint.headers ?? {}).map(
    ([name, value]) => [name, bind(value, ["headers", name], false)] as const
  )
  const body = Bound.json(endpoint.json ?? undefined, names, ["json"])
  const raw = Params.data(endpoint.data ?? undefined)
  const data =
    typeof raw === "string"
      ? bind(raw, ["data"], true)
      : raw?.map(([name, value]) => [name, bind(value, ["data"], true)] as const)
  const texts = [
    ...params.map(([, value]) => value),
    ...headers.map(([, value]) => value),
    ...body.texts,
    ...(data === undefined ? [] : "text" in data ? [data] : data.map(([, value]) => value))
  ]
  const used = new Set([...target.used, ...texts.flatMap((each) => [...each.used])])
  const places: ReadonlyArray<Bound.Text> = [target, ...texts]
  const found = places.flatMap((each) => each.placeholders.map((placeholder) => ({ placeholder, keys: each.keys })))
  return {
    path: target.text,
    query: [...target.query, ...params.map(([name, { text }]) => [name, text] as const)],
    headers: Object.fromEntries(headers.map(([name, { text }]) => [name, text])),
    body: body.value,
    data:
      data === undefined
        ? undefined
        : "text" in data
          ? data.text
          : data.map(([name, { text }]) => [name, text] as const),
    isEntity: target.isEntity,
    parents: firstOf(found),
    incremental: found.find(({ placeholder }) => placeholder._tag === "Incremental")?.keys,
    mistakes: [...places.flatMap((each) => each.mistakes), ...unused(names, used)]
  }
}

/**
 * Texts of a request as they are written, for what is only doubtful about them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const written = (
  endpoint: Endpoint
): ReadonlyArray<{ readonly text: string; readonly keys: ReadonlyArray<string> }> =>
  (["params", "headers", "json", "data"] as const).flatMap((key) =>
    textsIn(endpoint[key], [key]).filter(({ text }) => Placeholders.placeholders(text).length > 0 || /[{}]/.test(text))
  )

// --- internal ---

const firstOf = (
  found: ReadonlyArray<{ readonly placeholder: Template.Placeholder; readonly keys: ReadonlyArray<string> }>
) => {
  const parents = new Map<string, ReadonlyArray<string>>()
  for (const { keys, placeholder } of found) {
    if (placeholder._tag === "Parent" && !parents.has(placeholder.resource)) parents.set(placeholder.resource, keys)
  }
  return parents
}

const unused = (names: Bound.Names, used: ReadonlySet<string>): ReadonlyArray<Bound.Mistake> =>
  [...names].flatMap(([name, bound]) =>
    bound.kind === "resolve" && !used.has(name)
      ? [
          {
            keys: ["params", name],
            message: `nothing uses the parameter: there is no \`{${name}}\` in the path`,
            hint: `write \`{${name}}\` into the path, or send it as a query parameter: \`${name}: "${bound.text}"\``
          }
        ]
      : []
  )

const textsIn = (
  value: unknown,
  keys: ReadonlyArray<string>
): ReadonlyArray<{ readonly text: string; readonly keys: ReadonlyArray<string> }> => {
  if (typeof value === "string") return [{ text: Placeholder.plain(value), keys }]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => textsIn(child, Array.isArray(value) ? keys : [...keys, name]))
}
