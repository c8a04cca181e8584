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
import * as Check from "./Check.ts"
import type { Document } from "./Document.ts"
import * as Draft from "./Draft.ts"
import * as Explain from "./Explain.ts"
import { Config } from "./Grammar.ts"
import { Client } from "./Grammar/Client.ts"
import * as Resource from "./Grammar/Resource.ts"
import * as Problem from "./Problem.ts"
import * as Salvage from "./Salvage.ts"

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
 * @category models
 */
export interface Decoded {
  /** `undefined` when one of the problems is more than a warning. */
  readonly source: Source.Source | undefined
  readonly problems: ReadonlyArray<Problem.Problem>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const decode = (input: Input): Decoded => {
  const decoded = decodeConfig(input.value)
  const grammar = Either.isLeft(decoded) ? Explain.explain(decoded.left.issue, input.document.at) : []
  const { drafts, problems: together } = assemble(input, grammar)
  const problems = [...grammar, ...together]
  if (Either.isLeft(decoded) || problems.some(({ kind }) => kind !== "warning")) return { source: undefined, problems }
  const config = decoded.right
  return {
    source: Source.make({
      name: config.name ?? input.name,
      api: Build.api(config.client, [...input.secrets, ...drafts.flatMap(Build.secrets)]),
      resources: drafts.map(Build.resource)
    }),
    problems
  }
}

// --- internal ---

const options = { errors: "all", onExcessProperty: "error" } as const
const decodeConfig = Schema.decodeUnknownEither(Config, options)
const decodeClient = Schema.decodeUnknownOption(Client, options)
const decodeDefaults = Schema.decodeUnknownOption(Schema.NullOr(Resource.Defaults), options)
const decodeResource = Schema.decodeUnknownOption(Schema.Union(Schema.String, Resource.Resource), options)

/** What is right in itself, put together: a mistake elsewhere must not hide what is wrong here. */
const assemble = (
  { document, value }: Input,
  grammar: ReadonlyArray<Problem.Problem>
): { readonly drafts: ReadonlyArray<Draft.Draft>; readonly problems: ReadonlyArray<Problem.Problem> } => {
  const top = record(value)
  const resources: ReadonlyArray<unknown> = Array.isArray(top.resources) ? top.resources : []
  const salvaged = Salvage.client(top.client, grammar)
  const client = decodeClient(salvaged?.value)
  const defaults =
    top.resource_defaults == null ? Option.some(null) : decodeDefaults(Salvage.defaults(top.resource_defaults, grammar))
  const problems = repeated(resources, document)
  if (record(record(top.resource_defaults).endpoint).path !== undefined) {
    problems.push(
      Problem.warning(
        ["resource_defaults", "endpoint", "path"],
        "a default path has no effect: a resource without a path is asked for by its name",
        "write it in the resource"
      )
    )
  }
  if (Option.isNone(client) || Option.isNone(defaults)) return { drafts: [], problems }
  problems.push(...Check.client(client.value))
  const draft = (each: unknown, index: number) =>
    Option.toArray(
      Option.map(decodeResource(each), (resource) =>
        Draft.make({
          index,
          resource,
          defaults: defaults.value ?? {},
          client: client.value,
          knowsHosts: salvaged?.knowsHosts ?? false,
          document
        })
      )
    )
  const drafts = resources.flatMap(draft)
  // Of a resource with a mistake of its own, what says where its rows go.
  const others = resources.flatMap((each, index) =>
    drafts.some((known) => known.index === index) ? [] : draft(Salvage.table(record(each)), index)
  )
  const found = Check.check(
    drafts,
    resources.map(nameOf).filter((name) => name !== undefined),
    others
  )
  return { drafts, problems: [...problems, ...Check.once(found.map((problem) => shared(problem, document)))] }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

const nameOf = (resource: unknown): string | undefined => {
  const name = typeof resource === "string" ? resource : record(resource).name
  return typeof name === "string" ? name : undefined
}

const repeated = (resources: ReadonlyArray<unknown>, document: Input["document"]): Array<Problem.Problem> => {
  const seen = new Map<unknown, number>()
  return resources.flatMap((resource, index) => {
    const name = nameOf(resource)
    const first = seen.get(name)
    if (name === undefined || first === undefined) {
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
  if (document.at(problem.path) !== undefined) return problem
  const inherited = ["resource_defaults", ...problem.path.slice(2)]
  // What is missing is told of the object it is missing from.
  const parent = problem.path.slice(0, -1)
  const stands = (path: Problem.Path) => document.at(path) !== undefined
  return stands(inherited) || (problem.kind === "warning" && !stands(parent) && stands(inherited.slice(0, -1)))
    ? { ...problem, path: inherited }
    : problem
}
