/**
 * An API and the resources to take from it: what `sync` is given. A value; `layer` is its Api as a Layer.
 */
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Api from "./Api.ts"
import * as Auth from "./Api/Auth.ts"
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
 * Every secret the source knows, also those of single resources: what must not appear in anything it leaves behind.
 *
 * @since 0.1.0
 * @category accessors
 */
export const secrets = (source: Source): ReadonlyArray<Redacted.Redacted<string>> => [
  ...(source.api.secrets ?? []),
  ...[source.api.auth, ...source.resources.map(({ auth }) => auth)].flatMap((auth) =>
    auth === undefined ? [] : Auth.secrets(auth)
  )
]

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (source: Source): Layer.Layer<Api.Api, Api.ApiError> => Api.layer(source.api)
