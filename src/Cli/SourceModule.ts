/**
 * A TypeScript or JavaScript module whose default export is a `Source`, imported as it is.
 *
 * The runtime does the importing: TypeScript needs one that can (Node 22.18 and newer, Bun, Deno). Checks that what comes is a
 * `Source`, so that a mistake is found here and not in the middle of a run.
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Resource from "../Resource.ts"
import type { Source } from "../Source.ts"
import { CliError } from "./CliError.ts"
import * as File from "./File.ts"
import { Shell } from "./Shell.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const isModule = (name: string): boolean => /\.(?:ts|js|mjs)$/i.test(name)

/**
 * @since 0.1.0
 * @category constructors
 */
export const load = (file: string): Effect.Effect<Source, CliError, Shell | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const path = yield* Path.Path
    const { load: fromUrl, runtime } = yield* Shell
    const absolute = path.resolve(file)
    const exists = yield* File.exists(absolute)
    if (!exists) return yield* refuse(`${file}: there is no such file`)
    const url = yield* Effect.mapError(path.toFileUrl(absolute), () =>
      refuse(`${file}: not a path that can be imported`)
    )
    const loaded = yield* Effect.tryPromise({
      try: () => fromUrl(url.href),
      catch: (error) => failed(file, runtime, error)
    })
    const found = Predicate.hasProperty(loaded, "default") ? loaded.default : undefined
    if (found === undefined)
      return yield* refuse(`${file} has no default export`, "Write `export default Source.make({ … })`.")
    const problem = problemOf(found)
    return problem === undefined
      ? complete(found as Source)
      : yield* refuse(
          `${file}: the default export is not a Source: ${problem}`,
          "Export what `Source.make({ name, api, resources })` returns."
        )
  })

// --- internal ---

const refuse = (detail: string, hint?: string) =>
  new CliError({ reason: "Source", detail, ...(hint === undefined ? {} : { hint }) })

const failed = (file: string, runtime: string, error: unknown): CliError => {
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  const message = Predicate.hasProperty(error, "message") ? String(error.message) : String(error)
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return refuse(
      `${file}: ${runtime} cannot import TypeScript`,
      "Use Node 22.18 or newer, Bun or Deno, or compile the module to JavaScript first."
    )
  }
  const name = Predicate.hasProperty(error, "name") ? String(error.name) : "Error"
  return refuse(`${file} cannot be loaded: ${name}: ${message.split("\n")[0] ?? ""}`)
}

/** What a module written by hand, or for an earlier version, left out. */
const complete = (source: Source): Source => ({
  ...source,
  resources: source.resources.map((resource) => ({ ...Resource.make(resource), ...resource }))
})

/** What keeps a value from being a Source; the parts a run would trip over. */
const problemOf = (value: unknown): string | undefined => {
  if (!Predicate.isRecord(value))
    return `it is ${typeof value === "function" ? "a function" : (JSON.stringify(value) ?? typeof value)}`
  if (!Predicate.isString(value["name"]) || value["name"] === "") return "it has no name"
  const { api, resources } = value
  if (!Predicate.isRecord(api) || !Predicate.isString(api["baseUrl"])) return "it has no api.baseUrl"
  if (!Array.isArray(resources) || resources.length === 0) return "it has no resources"
  for (const [index, resource] of resources.entries()) {
    const at = `resources[${index}]`
    if (!Predicate.isRecord(resource) || !Predicate.isString(resource["name"])) return `${at} has no name`
    if (!Predicate.isRecord(resource["paginator"]) || !Predicate.isRecord(resource["primaryKey"])) {
      return `${at} (${resource["name"]}) was not made by Resource.make`
    }
  }
  return undefined
}
