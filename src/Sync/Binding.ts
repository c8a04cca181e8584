/**
 * A resource's request for one parent row and one start of its cursor: every placeholder replaced, every parameter set.
 *
 * Pure. What has no value now, such as the start of a first walk, is left out of the request and not sent as `None`.
 */
import type * as Fetch from "../Fetch.ts"
import * as Template from "../Page/Template.ts"
import type { CursorValue, Incremental } from "../Resource/Incremental.ts"
import type { Resource } from "../Resource.ts"
import type { Cursor } from "../Row/Cursor.ts"
import { convert } from "./Convert.ts"

/**
 * What a resource needs of its parent's rows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Needs {
  /** The parent's name. */
  readonly parent: string
  /** JSONPaths in the parent's row that the request is made of. */
  readonly paths: ReadonlyArray<string>
  /** Those that may be null: they are only ever whole values of a JSON body. */
  readonly nullable: ReadonlyArray<string>
}

/**
 * `undefined` for a resource without a parent.
 *
 * @since 0.1.0
 * @category accessors
 */
export const needs = (resource: Resource): Needs | undefined => {
  const found = parentPlaceholders(resource)
  const [first] = found
  if (first === undefined) return undefined
  const paths = [...new Set(found.map(({ path }) => path))]
  const whole = lonePaths(resource.body)
  const uses = (all: ReadonlyArray<string>, path: string) => all.filter((each) => each === path).length
  const all = found.map(({ path }) => path)
  return { parent: first.resource, paths, nullable: paths.filter((path) => uses(whole, path) === uses(all, path)) }
}

/**
 * Whether the request says from which value of the cursor on rows are wanted.
 *
 * @since 0.1.0
 * @category accessors
 */
export const asksFrom = (resource: Resource): boolean =>
  resource.incremental?.startParam !== undefined ||
  placeholdersOf(resource).some((one) => one._tag === "Incremental" && one.value !== "end_value")

/**
 * Every resource whose rows a request is made of: more than one is a mistake.
 *
 * @since 0.1.0
 * @category accessors
 */
export const parents = (resource: Resource): ReadonlyArray<string> => [
  ...new Set(parentPlaceholders(resource).map((each) => each.resource))
]

/**
 * `parent`: values of the parent's row by path; `cursor`: those of the walk's cursor, not yet converted.
 *
 * @since 0.1.0
 * @category constructors
 */
export const request = (
  resource: Resource,
  bound: {
    readonly parent?: Template.Values["parent"] | undefined
    readonly cursor?: Cursor["values"] | undefined
  } = {}
): Fetch.Request => {
  const { incremental } = resource
  const values: Template.Values = {
    parent: bound.parent ?? {},
    incremental: incrementalValues(incremental, bound.cursor)
  }
  const pairs = (given: ReadonlyArray<readonly [string, string]>) =>
    given.flatMap(([name, text]) => {
      const value = Template.render(text, values)
      return value === undefined ? [] : [[Template.render(name, values) ?? name, value] as const]
    })
  const set = (name: string | undefined, value: CursorValue | undefined) =>
    name === undefined || value === undefined ? [] : [[name, String(value)] as const]
  const range = [
    ...set(incremental?.startParam, values.incremental.start_value),
    ...set(incremental?.endParam, values.incremental.end_value)
  ]
  return {
    method: resource.method,
    path: Template.path(resource.path, values) ?? resource.path,
    query: [...pairs(resource.query).filter(([name]) => !range.some(([own]) => own === name)), ...range],
    headers: Object.fromEntries(pairs(Object.entries(resource.headers))),
    body: Template.filled(resource.body, values),
    data:
      typeof resource.data === "string"
        ? Template.render(resource.data, values)
        : resource.data && pairs(resource.data),
    actions: resource.actions,
    auth: resource.auth,
    retry: resource.retry
  }
}

// --- internal ---

/** The values of placeholders that come from the cursor, as they are sent. */
const incrementalValues = (
  incremental: Incremental | undefined,
  values: Cursor["values"] | undefined
): Template.Values["incremental"] =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, convert(value, incremental?.convert)]))

const parentPlaceholders = (resource: Resource) => placeholdersOf(resource).filter((one) => one._tag === "Parent")

const placeholdersOf = (resource: Resource) =>
  Template.placeholders([
    resource.path,
    resource.query.flat(),
    resource.headers,
    resource.body,
    typeof resource.data === "string" ? resource.data : (resource.data ?? []).flat()
  ])

/** Paths that are whole texts of a JSON body, once for each use. */
const lonePaths = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") {
    const only = Template.lone(value)
    return only?._tag === "Parent" ? [only.path] : []
  }
  if (Array.isArray(value)) return value.flatMap(lonePaths)
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(lonePaths) : []
}
