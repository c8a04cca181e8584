/**
 * What is left of a part of a configuration when its mistakes are taken out, so that they do not hide those of other parts.
 *
 * Pure. Gives up where what is left would tell lies: a body without its method, a table without its key.
 */
import type * as Problem from "./Problem.ts"

/**
 * `client` without the keys that are wrong. `knowsHosts`: whether where it may lead is still known.
 *
 * @since 0.1.0
 * @category combinators
 */
export const client = (
  value: unknown,
  problems: ReadonlyArray<Problem.Problem>
): { readonly value: unknown; readonly knowsHosts: boolean } | undefined => {
  const wrong = keys(["client"], problems)
  if (wrong === undefined || !isObject(value)) return undefined
  const kept = without(value, wrong)
  const hasBase = "base_url" in kept
  return {
    value: hasBase ? kept : { ...kept, base_url: "https://unknown.invalid" },
    knowsHosts: hasBase && !wrong.has("allowed_hosts")
  }
}

/**
 * `resource_defaults` without the keys that are wrong; `undefined` when one of them matters to what resources are checked for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const defaults = (value: unknown, problems: ReadonlyArray<Problem.Problem>): unknown => {
  const wrong = keys(["resource_defaults"], problems)
  if (wrong === undefined || !isObject(value)) return undefined
  if (!wrong.has("endpoint")) return meaning(wrong, ownMeaning) ? undefined : without(value, wrong)
  const wrongInEndpoint = keys(["resource_defaults", "endpoint"], problems)
  if (wrongInEndpoint === undefined || !isObject(value.endpoint)) return undefined
  if (meaning(wrong, ownMeaning) || meaning(wrongInEndpoint, endpointMeaning)) return undefined
  const others = new Set([...wrong].filter((key) => key !== "endpoint"))
  return { ...without(value, others), endpoint: without(value.endpoint, wrongInEndpoint) }
}

/**
 * Of a resource what says which table its rows go to, if any.
 *
 * @since 0.1.0
 * @category combinators
 */
export const table = (resource: Readonly<Record<string, unknown>>): unknown => {
  const { name, selected, table_name, write_disposition } = resource
  return {
    name,
    ...(table_name == null ? {} : { table_name }),
    ...(selected === false ? { selected } : {}),
    ...(write_disposition === "skip" ? { write_disposition } : {})
  }
}

// --- internal ---

const ownMeaning = ["primary_key", "merge_key", "columns", "write_disposition", "table_name", "selected"]
const endpointMeaning = ["method", "params", "json", "data", "incremental"]

const meaning = (wrong: ReadonlySet<string>, names: ReadonlyArray<string>) => names.some((name) => wrong.has(name))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The keys of an object that problems lie at or below; `undefined` when one is about the object as a whole. */
const keys = (place: Problem.Path, problems: ReadonlyArray<Problem.Problem>): ReadonlySet<string> | undefined => {
  const inside = problems.filter(({ path }) => place.every((key, index) => path[index] === key))
  if (inside.some(({ path }) => path.length === place.length)) return undefined
  return new Set(inside.map(({ path }) => String(path[place.length])))
}

const without = (value: Readonly<Record<string, unknown>>, wrong: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key)))
