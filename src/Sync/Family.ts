/**
 * Children of resources: what they need of their parents' rows, and what a line of their queue says.
 *
 * Pure.
 */
import * as Either from "effect/Either"
import * as Json from "../Fetch/Json.ts"
import type { Resource } from "../Resource.ts"
import * as Name from "../Row/Name.ts"
import type { Brought } from "../Table/Renamed.ts"
import * as Binding from "./Binding.ts"
import type { Draft } from "./Draft.ts"
import type { Ordered } from "./Order.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Child {
  /** The child's name. */
  readonly resource: string
  readonly needs: Binding.Needs
  readonly include: ReadonlyArray<string>
}

/**
 * One parent as its child sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Parent {
  /** By the path in the parent's row: what the request is made of. */
  readonly values: Readonly<Record<string, unknown>>
  /** Fields that every row of this parent gets. */
  readonly inherited: Readonly<Record<string, unknown>>
  /** To name the parent in notices and errors. */
  readonly label: string
}

/**
 * The children of a resource among those of a run.
 *
 * @since 0.1.0
 * @category accessors
 */
export const children = (parent: Resource, run: ReadonlyArray<Ordered>): ReadonlyArray<Child> =>
  run.flatMap(({ left, parent: name, resource }) => {
    const needs = left || name !== parent.name ? undefined : Binding.needs(resource)
    return needs === undefined ? [] : [{ resource: resource.name, needs, include: resource.includeFromParent }]
  })

/**
 * Where in the parent's row all that stands that requests are made of.
 *
 * @since 0.1.0
 * @category accessors
 */
export const paths = (children: ReadonlyArray<Child>): ReadonlyArray<string> =>
  children.flatMap(({ needs }) => needs.paths)

/**
 * Its parents as their own walk brought them. A parent's row is told by its request where that holds the whole key.
 *
 * @since 0.1.0
 * @category accessors
 */
export const brought = (child: Resource, { line, passes, runs }: Pick<Draft, "line" | "passes" | "runs">): Brought => {
  const paths = (Binding.needs(child)?.paths ?? []).map((path) => Name.path(path))
  const key = line.primary_key
  return { runs, passes, identified: key.length > 0 && key.every((field) => paths.includes(Name.path(field))) }
}

/**
 * A line of the queue, as `Sync/Prepare` wrote it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const parent = (resource: Resource, line: string): Parent => {
  const read = Either.getOrThrow(Json.parse(line)) as {
    values: Record<string, unknown>
    include?: Record<string, unknown>
  }
  const of = Binding.needs(resource)?.parent ?? ""
  return {
    values: read.values,
    inherited: Object.fromEntries(Object.entries(read.include ?? {}).map(([name, value]) => [`_${of}_${name}`, value])),
    label: `${of} ${Object.values(read.values)
      .map((value) => (typeof value === "object" ? Json.stringify(value) : String(value)).slice(0, 64))
      .join(", ")}`
  }
}
