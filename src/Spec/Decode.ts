/**
 * From plain values to a `Source`, with every mistake at once: the grammar, then what only shows when parts come together.
 *
 * Pure, and the one way from a file to a `Source`: every command takes it, so that none accepts what another ignores.
 */
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Source from "../Source.ts"
import * as Build from "./Build.ts"
import * as Defaults from "./Defaults.ts"
import type { Document } from "./Document.ts"
import * as Explain from "./Explain.ts"
import { Config } from "./Grammar.ts"
import { Client } from "./Grammar/Client.ts"
import * as Resource from "./Grammar/Resource.ts"
import * as Problem from "./Problem.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Input {
  /** The values of `document`, references replaced. */
  readonly value: unknown
  readonly document: Pick<Document, "at" | "digits">
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
  /** The source's name, unless the configuration has one. */
  readonly name: string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const decode = (input: Input): Either.Either<Source.Source, ReadonlyArray<Problem.Problem>> => {
  const decoded = decodeConfig(input.value)
  const grammar = Either.isLeft(decoded) ? Explain.explain(decoded.left.issue, input.document.at) : []
  const problems = [...grammar, ...together(input)]
  if (problems.length > 0 || Either.isLeft(decoded)) return Either.left(problems)
  const config = decoded.right
  const defaults = config.resource_defaults ?? {}
  const merged = config.resources.map((resource) => Defaults.merge(resource, defaults))
  const api = Build.api(config.client, [...input.secrets, ...merged.flatMap(Build.secrets)])
  const resources = config.resources.map((resource, index) =>
    Build.resource(
      Defaults.merge(resource, defaults),
      config.client,
      typeof resource !== "string" && resource.primary_key != null ? "declared" : "default",
      (name, item) => {
        const own = Object.hasOwn(Defaults.ownEndpoint(resource).params ?? {}, name)
        const base = own ? ["resources", index] : ["resource_defaults"]
        return input.document.digits([...base, "endpoint", "params", name, ...(item === undefined ? [] : [item])])
      }
    )
  )
  return Either.right(Source.make({ name: config.name ?? input.name, api, resources }))
}

// --- internal ---

const options = { errors: "all", onExcessProperty: "error" } as const
const decodeConfig = Schema.decodeUnknownEither(Config, options)
const decodeClient = Schema.decodeUnknownOption(Client, options)
const decodeDefaults = Schema.decodeUnknownOption(Schema.NullOr(Resource.Defaults), options)
const decodeResource = Schema.decodeUnknownOption(Schema.Union(Schema.String, Resource.Resource), options)

/** Checks across parts, for those parts that are right in themselves: a mistake elsewhere must not hide these. */
const together = ({ document, value }: Input): ReadonlyArray<Problem.Problem> => {
  const top = record(value)
  const resources: ReadonlyArray<unknown> = Array.isArray(top.resources) ? top.resources : []
  const client = decodeClient(top.client)
  const defaults = top.resource_defaults === undefined ? Option.some(null) : decodeDefaults(top.resource_defaults)
  const problems = repeated(resources, document)
  if (record(record(top.resource_defaults).endpoint).path !== undefined) {
    problems.push(
      Problem.invalid(
        ["resource_defaults", "endpoint", "path"],
        "a default path has no effect: a resource without a path is asked for by its name",
        "write it in the resource",
        "key"
      )
    )
  }
  if (Option.isNone(client) || Option.isNone(defaults)) return problems
  const checked = resources.flatMap((each, index) => {
    const resource = decodeResource(each)
    if (Option.isNone(resource)) return []
    return Build.check(Defaults.merge(resource.value, defaults.value ?? {}), client.value, ["resources", index])
  })
  return [...problems, ...checked.map((problem) => shared(problem, document))]
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

const repeated = (resources: ReadonlyArray<unknown>, document: Input["document"]): Array<Problem.Problem> => {
  const seen = new Map<unknown, number>()
  return resources.flatMap((resource, index) => {
    const name = typeof resource === "string" ? resource : record(resource).name
    const first = seen.get(name)
    if (typeof name !== "string" || first === undefined) {
      seen.set(name, index)
      return []
    }
    const path = typeof resource === "string" ? ["resources", index] : ["resources", index, "name"]
    return [
      Problem.invalid(
        path,
        `the name ${Explain.describe(document.at(path), path)} is taken by resources[${first}]`,
        "every resource needs a name of its own"
      )
    ]
  })
}

/** A mistake inherited from the defaults is shown where it stands. */
const shared = (problem: Problem.Problem, document: Input["document"]): Problem.Problem => {
  const inherited = ["resource_defaults", ...problem.path.slice(2)]
  return document.at(problem.path) === undefined && document.at(inherited) !== undefined
    ? { ...problem, path: inherited }
    : problem
}
