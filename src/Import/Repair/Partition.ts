/**
 * Airbyte's `partition_router`: which parent a resource has, and what its requests take from the parent's rows.
 */
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"

/**
 * What placeholders of the endpoint stand for, by the name of the partition's field. Parameters that a partition injects go
 * into the endpoint.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  endpoint: Value.Dict,
  resources: ReadonlySet<string>,
  log: Finding.Log,
  path: string
): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const entry = ["partition_router", "parent_stream_configs", "parent_stream", "parent"].flatMap(
    (key) => Value.take(endpoint, key) ?? []
  )[0]
  if (entry === undefined || Value.isNull(entry.value)) return found
  for (const config of configs(entry.value)) {
    const parent = resourceOf(config, resources)
    const values = Value.get(config, "values")
    if (parent === undefined) {
      log.todo(
        "unsupported",
        config.at,
        path,
        values === undefined
          ? `\`${entry.key}\` names no resource that is there: write \`{resources.<parent>.<field>}\` where a value of the parent goes`
          : "a request for each of a list of values: write a resource for each, or a parent that lists them",
        endpoint
      )
      continue
    }
    const field =
      Value.textOf(Value.get(config, "parent_key")) ??
      Value.textOf(Value.get(config, "parent_field")) ??
      Value.textOf(Value.get(config, "key")) ??
      Value.textOf(Value.get(config, "field")) ??
      "id"
    const template = `{resources.${parent}.${field}}`
    const name =
      Value.textOf(Value.get(config, "partition_field")) ??
      Value.textOf(Value.get(config, "param")) ??
      Value.textOf(Value.get(config, "path_param")) ??
      field
    found.set(name, template)
    const option = Value.dictAt(config, "request_option")
    const injected = option === undefined ? undefined : Value.textOf(Value.get(option, "field_name"))
    const into = option === undefined ? undefined : Value.textOf(Value.get(option, "inject_into"))
    if (injected !== undefined && /param|query/.test(into ?? "request_parameter"))
      Value.set(Value.ensure(endpoint, "params", config.at), injected, Value.text(template, config.at))
    log.repair("mapped", config.at, path, `\`${entry.key}\` is \`${template}\` here`, endpoint)
  }
  return found
}

// --- internal ---

const configs = (value: Value.Value): ReadonlyArray<Value.Dict> => {
  if (value._tag === "List") return value.items.flatMap(configs)
  if (value._tag === "Text") return [Value.dict([["stream", value]], value.at)]
  if (value._tag !== "Dict") return []
  const inner = Value.get(value, "parent_stream_configs") ?? Value.get(value, "parents")
  return inner === undefined ? [value] : configs(inner)
}

const resourceOf = (config: Value.Dict, resources: ReadonlySet<string>): string | undefined => {
  for (const key of ["parent_resource", "parent_stream", "parent", "stream", "resource", "name"]) {
    const value = Value.get(config, key)
    const text =
      value?._tag === "Dict"
        ? (Value.textOf(Value.get(value, "name")) ?? Value.textOf(Value.get(value, "$ref")))
        : Value.textOf(value)
    if (text === undefined) continue
    const name = (text.split("/").at(-1) ?? text).replace(/_stream$/, "")
    const match = [...resources].find((each) => Keys.plain(each) === Keys.plain(name))
    if (match !== undefined) return match
  }
  return undefined
}
