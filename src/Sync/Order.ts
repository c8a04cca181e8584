/**
 * Which resources a run takes, and in which order: parents before their children.
 *
 * Pure. A resource that is not asked for is taken all the same when one of its descendants is, and then only read.
 */
import * as Either from "effect/Either"
import type { Resource } from "../Resource.ts"
import type { Source } from "../Source.ts"
import * as Binding from "./Binding.ts"
import { SyncError } from "./SyncError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Ordered {
  readonly resource: Resource
  readonly parent: string | undefined
  /** Its rows are stored, not only read for its children. */
  readonly stored: boolean
  /** Nothing is done with it: neither it nor a descendant is wanted. */
  readonly left: boolean
}

/**
 * `names`: the resources asked for; all when empty.
 *
 * @since 0.1.0
 * @category constructors
 */
export const order = (
  source: Source,
  names: ReadonlyArray<string>
): Either.Either<ReadonlyArray<Ordered>, SyncError> => {
  const byName = new Map(source.resources.map((resource) => [resource.name, resource]))
  const unknown = names.filter((name) => !byName.has(name))
  if (unknown.length > 0) {
    return fail(
      "UnknownResource",
      `${source.name} has no resource ${unknown.map((name) => JSON.stringify(name)).join(", ")}; ` +
        `it has ${source.resources.map(({ name }) => name).join(", ")}`
    )
  }
  const parents = new Map<string, string>()
  for (const resource of source.resources) {
    const { name } = resource
    const needs = Binding.needs(resource)
    if (needs === undefined) continue
    const [, second] = Binding.parents(resource)
    if (second !== undefined) {
      return fail(
        "Parent",
        `the resource ${name} takes rows of ${needs.parent} and of ${second}: it can have one parent`
      )
    }
    if (!byName.has(needs.parent)) {
      return fail("Parent", `the resource ${name} takes rows of ${needs.parent}, which ${source.name} does not have`)
    }
    parents.set(name, needs.parent)
  }
  const lines = new Map<string, ReadonlyArray<string>>()
  for (const { name } of source.resources) {
    const line = lineOf(name, parents)
    if (line === undefined) return fail("Parent", `the resource ${name} is its own ancestor`)
    lines.set(name, line)
  }
  const isAsked = (resource: Resource) => (names.length === 0 ? resource.selected : names.includes(resource.name))
  const needed = new Set(source.resources.filter(isAsked).flatMap(({ name }) => lines.get(name) ?? []))
  const depth = (resource: Resource) => lines.get(resource.name)?.length ?? 0
  return Either.right(
    source.resources
      .map((resource): Ordered => ({
        resource,
        parent: parents.get(resource.name),
        stored: isAsked(resource) && resource.write.disposition !== "skip",
        left: !isAsked(resource) && !needed.has(resource.name)
      }))
      // One that was not asked for by name is not even mentioned; one that is never selected is.
      .filter(({ left }) => !left || names.length === 0)
      .toSorted((a, b) => depth(a.resource) - depth(b.resource))
  )
}

// --- internal ---

/** The ancestors of a resource, nearest first; `undefined` when it is one of them. */
const lineOf = (name: string, parents: ReadonlyMap<string, string>): ReadonlyArray<string> | undefined => {
  const line: Array<string> = []
  for (let at = parents.get(name); at !== undefined; at = parents.get(at)) {
    if (at === name || line.includes(at)) return undefined
    line.push(at)
  }
  return line
}

const fail = (reason: SyncError["reason"], detail: string) => Either.left(new SyncError({ reason, detail }))
