/**
 * A configuration as it was found → one in the grammar's words, with a finding for every change.
 *
 * Changes the working copy in place. What is beyond repair is left out with a comment, or becomes a reference to the
 * environment.
 */
import * as Grammar from "../Spec/Grammar/Resource.ts"
import type * as Finding from "./Finding.ts"
import type * as Found from "./Found.ts"
import type * as Prose from "./Prose.ts"
import * as Client from "./Repair/Client.ts"
import * as ErrorHandler from "./Repair/ErrorHandler.ts"
import * as Keys from "./Repair/Keys.ts"
import * as Resource from "./Repair/Resource.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  config: Value.Dict,
  found: Pick<Found.Found, "around" | "name">,
  prose: Prose.Prose,
  log: Finding.Log
): Value.Dict => {
  Keys.pick(config, "client", ["api", "source", "rest_client"], log, "")
  Keys.pick(config, "resource_defaults", ["defaults", "resource_default"], log, "")
  Keys.pick(config, "resources", ["endpoints", "streams"], log, "")
  const there = Value.entry(config, "client")
  if (there !== undefined && there.value._tag !== "Dict") {
    if (there.value._tag === "Code")
      log.todo("code", there.at, "client", `\`${there.value.source}\` is no literal object: write the client`, config)
    Value.take(config, "client")
  }
  const client = Value.ensure(config, "client", config.at)
  for (const key of ["base_url", "auth", "headers", "paginator"]) {
    const entry = Value.take(config, key)
    if (entry === undefined) continue
    if (Value.entry(client, key) === undefined) {
      const made = Value.set(client, key, entry.value, entry.at)
      log.repair("moved", entry.at, `client.${key}`, `\`${key}\` belongs into \`client\``, made)
    }
  }
  const defaults = Value.get(config, "resource_defaults")
  if (defaults !== undefined && defaults._tag !== "Dict") {
    if (defaults._tag === "Code")
      log.todo(
        "code",
        defaults.at,
        "resource_defaults",
        `\`${defaults.source}\` is no literal object: left out`,
        config
      )
    Value.take(config, "resource_defaults")
  }
  for (const { at, key, value } of Value.snapshot(config)) {
    if (key === "name" || key === "endpoint" || !Grammar.keys.includes(key)) continue
    Value.take(config, key)
    const to = Value.ensure(config, "resource_defaults", at)
    if (Value.entry(to, key) !== undefined) continue
    const made = Value.set(to, key, value, at)
    log.repair("moved", at, `resource_defaults.${key}`, `\`${key}\` belongs into \`resource_defaults\``, made)
  }
  for (const each of found.around) outside(each, config, log)
  const everywhere = () => Value.ensure(Value.ensure(config, "resource_defaults", client.at), "endpoint", client.at)
  Client.repair(client, log, everywhere, prose.address)
  for (const key of ["error_handler", "retry", "retry_policy"]) {
    const handler = Value.take(config, key)
    if (handler !== undefined && !Value.isNull(handler.value))
      ErrorHandler.repair(handler, client, everywhere, log, "client")
  }
  resources(config, log)
  hosts(client, Value.get(config, "resources"), log)
  const written = Value.textOf(Value.get(config, "name")) ?? found.name
  Keys.tidy(
    config,
    { what: "a configuration", fields: ["$schema", "name", "client", "resource_defaults", "resources"], instead: {} },
    log,
    ""
  )
  Value.take(config, "name")
  const plain = written
    ?.replace(/[/\\\p{Cc}]/gu, "_")
    .replace(/^\.+/, "")
    .trim()
  if (plain !== undefined && plain !== "")
    config.entries.push({ key: "name", at: config.at, value: Value.text(Value.literal(plain), config.at), notes: [] })
  const order = ["$schema", "name", "client", "resource_defaults", "resources"]
  config.entries.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
  return config
}

// --- internal ---

/** Something that the program gives to all resources at once. */
const outside = ({ at, key, value }: Value.Entry, config: Value.Dict, log: Finding.Log) => {
  const list = Value.get(config, "resources")
  const resources = list?._tag === "List" ? list.items : []
  const defaults = Value.ensure(config, "resource_defaults", at)
  const dicts = [defaults, ...resources].flatMap((each) => (each._tag === "Dict" ? [each] : []))
  // A run's disposition goes over that of a resource; anything else is only for those that say nothing.
  if (key === "write_disposition") {
    for (const each of dicts) Value.take(each, key)
  } else if (dicts.some((each) => Value.entry(each, key) !== undefined)) {
    if (defaults.entries.length === 0) Value.take(config, "resource_defaults")
    else if (Value.entry(defaults, key) === undefined) Value.set(defaults, key, value, at)
    return
  }
  const made = Value.set(defaults, key, value, at)
  log.repair("moved", at, `resource_defaults.${key}`, `\`${key}\` of the program holds for every resource`, made)
}

const resources = (config: Value.Dict, log: Finding.Log) => {
  const written = Value.get(config, "resources")
  // A resource in the place of a list of one.
  const one =
    written?._tag === "Dict" &&
    Value.textOf(Value.get(written, "name")) !== undefined &&
    (Value.get(written, "endpoint") ?? Value.get(written, "path")) !== undefined
  const found = one && written !== undefined ? Value.list([written], written.at) : written
  if (one && found !== undefined) log.repair("mapped", found.at, "resources", "resources are a list", written)
  const list =
    found?._tag === "List" ? found : found?._tag === "Dict" ? named(found, log) : Value.list([], found?.at ?? config.at)
  if (found?._tag === "Code")
    log.todo("code", found.at, "resources", `\`${found.source}\` is no literal list: write the resources`, config)
  // Resources inside of a resource, and a client: a configuration in the place of one.
  const flat = list.items.flatMap((item) => {
    const inner = item._tag === "Dict" ? Value.get(item, "resources") : undefined
    if (item._tag !== "Dict" || inner?._tag !== "List") return [item]
    log.repair("moved", item.at, "resources", "resources inside of a resource: taken out of it", config)
    return inner.items
  })
  list.items.splice(0, list.items.length, ...flat.flatMap((item) => (item._tag === "List" ? item.items : [item])))
  for (const [index, item] of list.items.entries()) {
    const [only, ...more] = item._tag === "Dict" ? item.entries : []
    // `{ users: { path: … } }`
    if (only === undefined || more.length > 0 || only.value._tag !== "Dict" || Grammar.keys.includes(only.key)) continue
    only.value.entries.unshift({ key: "name", at: only.at, value: Value.text(only.key, only.at), notes: [] })
    log.repair("mapped", only.at, Keys.join("resources", index), `\`${only.key}\` is the name of the resource`)
    list.items[index] = only.value
  }
  const names = Resource.names(list, log, "resources")
  const defaults = Value.dictAt(config, "resource_defaults")
  if (defaults !== undefined) Resource.defaults(defaults, log, "resource_defaults", names)
  const endpoint = defaults === undefined ? undefined : Value.dictAt(defaults, "endpoint")
  const params = endpoint === undefined ? undefined : Value.dictAt(endpoint, "params")
  const given = new Set(params?.entries.map(({ key }) => key))
  const kept = list.items.flatMap(
    (item, index) => Resource.repair(item, log, Keys.join("resources", index), names, given, config) ?? []
  )
  const entry = Value.set(config, "resources", Value.list(kept, list.at))
  if (kept.length === 0)
    log.todo("unsupported", list.at, "resources", "there is no resource left: write what to take from the API", entry)
}

/** Absolute paths to other hosts, where dlt sends the credentials as well. */
const hosts = (client: Value.Dict, resources: Value.Value | undefined, log: Finding.Log) => {
  const own = hostOf(Value.textOf(Value.get(client, "base_url")))
  const list = Value.get(client, "allowed_hosts")
  for (const item of resources?._tag === "List" ? resources.items : []) {
    const endpoint = item._tag === "Dict" ? Value.get(item, "endpoint") : item
    const path = endpoint?._tag === "Dict" ? Value.get(endpoint, "path") : endpoint
    const host = hostOf(Value.textOf(path))
    if (host === undefined || host === own || path === undefined) continue
    const all = list?._tag === "List" ? list : Value.get(client, "allowed_hosts")
    const hosts = all?._tag === "List" ? all : Value.list([], path.at)
    if (hosts.items.some((each) => Value.textOf(each) === host)) continue
    hosts.items.push(Value.text(host, path.at))
    const made = Value.set(client, "allowed_hosts", hosts, path.at)
    log.warn(
      "added",
      path.at,
      "client.allowed_hosts",
      `a path leads to ${host}, and the credentials of the client go there, too: remove it if they should not`,
      made
    )
  }
}

const hostOf = (address: string | undefined): string | undefined =>
  /^https?:\/\/([^/?#\s{}$]+)/i.exec(address ?? "")?.[1]?.replace(/^[^@]*@/, "")

/** `{ users: {…}, posts: {…} }`. */
const named = (dict: Value.Dict, log: Finding.Log): Value.List => {
  log.repair("mapped", dict.at, "resources", "resources are a list, each with its name", dict)
  return Value.list(
    dict.entries.map(({ at, key, value }) => {
      if (value._tag === "Text")
        return Value.dict(
          [
            ["name", Value.text(key, at)],
            ["endpoint", value]
          ],
          at
        )
      if (value._tag === "Dict" && Value.get(value, "name") === undefined)
        value.entries.unshift({ key: "name", at, value: Value.text(key, at), notes: [] })
      return value
    }),
    dict.at
  )
}
