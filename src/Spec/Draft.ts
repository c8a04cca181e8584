/**
 * One resource of a configuration put together: its defaults, its request with what it needs of parents, its paginator.
 *
 * Pure. `Check` says what is wrong or doubtful about drafts, `Build` makes resources of them: both see the same.
 */
import * as Build from "./Build/Paginator.ts"
import * as Incremental from "./Build/Incremental.ts"
import type * as Params from "./Build/Params.ts"
import * as Request from "./Build/Request.ts"
import type * as ResourceIncremental from "../Resource/Incremental.ts"
import * as Defaults from "./Defaults.ts"
import type { Document } from "./Document.ts"
import type { Client } from "./Grammar/Client.ts"
import type * as Grammar from "./Grammar/Resource.ts"
import type * as Problem from "./Problem.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Draft {
  readonly index: number
  readonly merged: Defaults.Merged
  readonly client: Client
  /** `false`: the client's hosts are among what is wrong about it. */
  readonly knowsHosts: boolean
  readonly request: Request.Request
  readonly method: string
  readonly paginator: ReturnType<typeof Build.choose>
  /** JSONPath to the rows; `undefined`: they are to be found. */
  readonly selector: string | undefined
  readonly incremental: ResourceIncremental.Options | undefined
  /** The primary key is written in the defaults only. */
  readonly hasOwnKey: boolean
  /** The place in the file of a key of the resource; `endpoint` in its short forms included. */
  readonly at: (keys: ReadonlyArray<PropertyKey>) => Problem.Path
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: {
  readonly index: number
  readonly resource: string | Grammar.Resource
  readonly defaults: Grammar.Defaults
  readonly client: Client
  readonly knowsHosts: boolean
  readonly document: Pick<Document, "at" | "digits">
}): Draft => {
  const { client, defaults, document, index, knowsHosts, resource } = options
  const merged = Defaults.merge(resource, defaults)
  const { endpoint } = merged
  const request = Request.make(endpoint, merged.name, digits(resource, index, document))
  const selector = endpoint.data_selector ?? (request.isEntity ? "$" : undefined)
  return {
    index,
    merged,
    client,
    knowsHosts,
    request,
    method: (endpoint.method ?? "GET").toUpperCase(),
    paginator: Build.choose(merged, client, request.isEntity),
    selector,
    incremental: Incremental.make(endpoint),
    hasOwnKey: typeof resource !== "string" && (resource.primary_key != null || hintsKey(resource)),
    at: (keys) => place(resource, ["resources", index], keys)
  }
}

// --- internal ---

const hintsKey = (resource: Grammar.Resource) =>
  Object.values(Defaults.merge(resource, {}).columns).some((column) => column.primary_key === true)

const digits =
  (resource: string | Grammar.Resource, index: number, document: Pick<Document, "digits">): Params.Text =>
  (name, item) => {
    const own = Object.hasOwn(Defaults.ownEndpoint(resource).params ?? {}, name)
    const base = own ? ["resources", index] : ["resource_defaults"]
    return document.digits([...base, "endpoint", "params", name, ...(item === undefined ? [] : [item])])
  }

const place = (
  resource: string | Grammar.Resource,
  base: Problem.Path,
  keys: ReadonlyArray<PropertyKey>
): Problem.Path => {
  const isPath = keys[0] === "endpoint" && keys[1] === "path"
  if (typeof resource === "string") return isPath || keys[0] === "name" ? base : [...base, ...keys]
  if (isPath && typeof resource.endpoint === "string") return [...base, "endpoint"]
  // The name is the path of a resource that has none.
  if (isPath && Defaults.ownEndpoint(resource).path == null) return [...base, "name"]
  return [...base, ...keys]
}
