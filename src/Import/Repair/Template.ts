/**
 * Braces in texts: Airbyte's `{{ … }}`, placeholders that nothing fills, and dlt's own, which stay.
 */
import type * as Finding from "../Finding.ts"
import * as Variables from "../Variables.ts"

/**
 * What the braces of a text may stand for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Names {
  /** Static parameters and `resolve` parameters of the same endpoint. */
  readonly params: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
  /** Fields of a parent's row, by the name a partition gave them: `{resources.posts.id}`. */
  readonly partition: ReadonlyMap<string, string>
  readonly incremental: boolean
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const noNames: Names = { params: new Set(), resources: new Set(), partition: new Map(), incremental: false }

/**
 * A text whose braces all mean something. `bare`: single braces are placeholders here too, as in a path.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  text: string,
  at: number,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  names: Names,
  options: { readonly bare: boolean; readonly json?: boolean | undefined }
): string => {
  const jinja = text.replace(/\{\{\s*((?:[^{}]|\{[^{}]*\})*?)\s*\}\}/g, (whole, expression: string) => {
    // In JSON and GraphQL doubled braces are dlt's escape; only what Airbyte has names for is its.
    if (options.json === true && !foreign.test(expression)) return whole
    if (!/^[A-Za-z_]/.test(expression)) return whole
    return said(expression, at, log, path, target, names, whole)
  })
  if (!options.bare) return jinja
  return jinja.replace(/(?<![{$])\{([^{}]*)\}(?!\})/g, (whole, name: string) => {
    const partition = names.partition.get(name)
    if (partition !== undefined) return partition
    const parent = /^resources\.([^.]+)\./.exec(name)?.[1]
    if (parent !== undefined) {
      if (!names.resources.has(parent))
        log.todo("unbound", at, path, `\`${whole}\` names the resource \`${parent}\`, which is not there`, target)
      return whole
    }
    if (name.startsWith("incremental.")) return whole
    if (names.params.has(name)) return whole
    if (name.trim() === "") return whole
    return unbound(name, at, log, path, target, names.resources)
  })
}

/**
 * The names in `.a.b`, `['a']['b']`, `.get('a', {}).get('b')`; `undefined`: something else is there.
 *
 * @since 0.1.0
 * @category accessors
 */
export const names = (access: string): ReadonlyArray<string> | undefined => {
  const found: Array<string> = []
  let rest = access.trim()
  while (rest !== "") {
    const step =
      /^\.get\(\s*(["'])(.*?)\1\s*(?:,[^()]*)?\)/.exec(rest) ??
      /^\[\s*(["'])(.*?)\1\s*\]/.exec(rest) ??
      /^(\.)([A-Za-z_@$][\w@$-]*)(?!\()/.exec(rest)
    if (step === null) return undefined
    found.push(step[2] ?? "")
    rest = rest.slice(step[0].length).trim()
  }
  return found
}

/**
 * A name as a segment of a JSONPath.
 *
 * @since 0.1.0
 * @category combinators
 */
export const segment = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : `["${name}"]`)

/**
 * A placeholder that nothing fills: the environment has to.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unbound = (
  name: string,
  at: number,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  resources: ReadonlySet<string> = new Set()
): string => {
  const variable = log.variables.name(`placeholder ${Variables.upper(name)}`, name)
  const [, owner = "", field = ""] = /^(.+?)_?(id|uuid|key|slug|number|name)$/i.exec(name) ?? []
  const parent = [...resources].find((each) => stem(each) === stem(owner))
  const hint =
    parent !== undefined
      ? `, or write \`{resources.${parent}.${field.toLowerCase()}}\` if it is that of a row of \`${parent}\``
      : resources.size > 1
        ? ", or name a parent as `{resources.<name>.<field>}`"
        : ""
  log.todo(
    "unbound",
    at,
    path,
    `nothing says what \`{${name}}\` is: set the environment variable ${variable}${hint}`,
    target
  )
  return `\${${variable}}`
}

// --- internal ---

const stem = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "")

const foreign =
  /^(?:config|stream_\w+|parameters|record|response|next_page_token|now_utc|today_utc|day_delta|env|secrets?|vars?)\b/

const said = (
  expression: string,
  at: number,
  log: Finding.Log,
  path: string,
  target: Finding.Target,
  all: Names,
  whole: string
): string => {
  const config = /^(?:config|parameters|secrets?|env|vars?)\b([\s\S]*)$/.exec(expression)
  const keys = config === null ? undefined : names((config[1] ?? "").replace(/\|[\s\S]*$/, ""))
  if (keys !== undefined && keys.length > 0) {
    const variable = log.variables.name(`config ${keys.join(".")}`, keys.join("."))
    log.repair("variable", at, path, `\`${whole}\` is taken from the environment variable ${variable}`, target)
    return `\${${variable}}`
  }
  const part = /^stream_(?:partition|slice)\b([\s\S]*)$/.exec(expression)
  const [field] = part === null ? [] : (names(part[1] ?? "") ?? [])
  const time = /^stream_(?:interval|slice)\b/.test(expression) && /start_time|end_time|start|end/.exec(expression)?.[0]
  if (time && all.incremental) {
    const value = time.startsWith("start") ? "start_value" : "end_value"
    log.repair("mapped", at, path, `\`${whole}\` is \`{incremental.${value}}\` here`, target)
    return `{incremental.${value}}`
  }
  if (field !== undefined) {
    const partition = all.partition.get(field)
    if (partition !== undefined) {
      log.repair("mapped", at, path, `\`${whole}\` is \`${partition}\` here`, target)
      return partition
    }
    return unbound(field, at, log, path, target, all.resources)
  }
  const name = /^[\w.-]+$/.test(expression) ? expression : undefined
  const bound =
    name === undefined ? undefined : (all.partition.get(name) ?? (all.params.has(name) ? `{${name}}` : undefined))
  if (bound !== undefined) {
    log.repair("mapped", at, path, `\`${whole}\` is \`${bound}\` here`, target)
    return bound
  }
  if (name !== undefined && /^(?:resources|incremental)\./.test(name)) {
    log.repair("mapped", at, path, `\`${whole}\` has single braces here`, target)
    return `{${name}}`
  }
  const wish =
    name ??
    Array.from(expression.matchAll(/["'](\w+)["']|\.(\w+)/g))
      .at(0)
      ?.slice(1)
      .find((word) => word !== undefined) ??
    "value"
  const variable = log.variables.name(`expression ${expression}`, wish)
  log.todo("unbound", at, path, `nothing says what \`${whole}\` is: set the environment variable ${variable}`, target)
  return `\${${variable}}`
}
