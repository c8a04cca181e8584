/**
 * An API and the resources to take from it: what `sync` is given. A value; `layer` is its Api as a Layer.
 */
import type * as Layer from "effect/Layer"
import * as Api from "./Api.ts"
import type * as Resource from "./Resource.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Source {
  /** Names the run, and the default database file. */
  readonly name: string
  readonly api: Api.Options
  readonly resources: ReadonlyArray<Resource.Resource>
}

/**
 * Fails with a plain `Error` naming the duplicate when two resources share a name: a mistake in the program.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (source: Source): Source => {
  const seen = new Set<string>()
  for (const { name } of source.resources) {
    if (seen.has(name)) throw new Error(`source ${source.name}: two resources are named ${JSON.stringify(name)}`)
    seen.add(name)
  }
  return source
}

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (source: Source): Layer.Layer<Api.Api, Api.ApiError> => Api.layer(source.api)
