/**
 * Lays a resource over `resource_defaults`, exactly as deep as dlt does.
 *
 * Keys of the resource replace those of the defaults, also with `null`; `endpoint` is merged key by key, its `params` and
 * `json` one level deeper, `columns` by name. Every result is a new object: no two resources share their params.
 */
import * as Name from "../Row/Name.ts"
import type { Endpoint } from "./Grammar/Endpoint.ts"
import type { Column } from "./Grammar/Column.ts"
import type { Defaults, Resource } from "./Grammar/Resource.ts"

/**
 * A resource with nothing left to inherit from `resource_defaults`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Merged extends Omit<Resource, "endpoint" | "columns"> {
  readonly endpoint: Endpoint
  /** By the name of the field. */
  readonly columns: Readonly<Record<string, Column>>
}

/**
 * A text is a name and a path at once.
 *
 * @since 0.1.0
 * @category combinators
 */
export const merge = (resource: string | Resource, defaults: Defaults): Merged => {
  const own = typeof resource === "string" ? { name: resource } : resource
  const { columns, endpoint: _, ...kept } = { ...defaults, ...own }
  return {
    ...kept,
    endpoint: endpoint(ownEndpoint(resource), defaults.endpoint ?? {}),
    columns: columns === null ? {} : overlay(byName(defaults.columns), byName(own.columns))
  }
}

/**
 * What is written for the resource itself, a path in short form made long.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ownEndpoint = (resource: string | Resource): Endpoint => {
  if (typeof resource === "string") return { path: resource }
  return typeof resource.endpoint === "string" ? { path: resource.endpoint } : (resource.endpoint ?? {})
}

// --- internal ---

/** A default path is none: dlt takes the name of a resource that has no path of its own. */
const endpoint = (own: Endpoint, defaults: Endpoint): Endpoint => ({
  ...defaults,
  path: undefined,
  ...own,
  ...deeper("params", own, defaults),
  ...deeper("json", own, defaults)
})

const deeper = <Key extends "params" | "json">(
  key: Key,
  own: Endpoint,
  defaults: Endpoint
): { readonly [K in Key]?: Endpoint[K] } => {
  if (own[key] === null || (own[key] === undefined && defaults[key] == null)) return {}
  return { [key]: { ...defaults[key], ...own[key] } } as { readonly [K in Key]?: Endpoint[K] }
}

const byName = (columns: Resource["columns"]): Readonly<Record<string, Column>> => {
  if (columns == null) return {}
  const isList = (value: NonNullable<Resource["columns"]>): value is ReadonlyArray<Column> => Array.isArray(value)
  if (!isList(columns)) return columns
  return Object.fromEntries(columns.flatMap((column) => (column.name == null ? [] : [[column.name, column]])))
}

/** Property by property; a field that is written otherwise in the defaults is the same column. */
const overlay = (
  defaults: Readonly<Record<string, Column>>,
  own: Readonly<Record<string, Column>>
): Readonly<Record<string, Column>> => {
  const ownByColumn = new Map(Object.entries(own).map(([name, column]) => [Name.path(name), [name, column] as const]))
  const first = Object.entries(defaults).map(([name, column]) => {
    const [ownName, ownColumn] = ownByColumn.get(Name.path(name)) ?? [name, {}]
    return [ownName, { ...column, ...ownColumn }] as const
  })
  // What the resource adds stands behind, its two hints for one column included: those are told as a mistake.
  const added = Object.entries(own).filter(([name]) => !first.some(([taken]) => taken === name))
  return Object.fromEntries([...first, ...added])
}
