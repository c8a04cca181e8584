/**
 * Configurations written as JSON or YAML, wherever in the document they stand.
 */
import * as Yaml from "yaml"
import type { Block } from "./Block.ts"
import type { Found } from "./Found.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const find = (block: Block): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  let nodes = 0
  const read = (node: unknown, depth: number): Value.Value => {
    const at = block.at((Yaml.isNode(node) ? node.range?.[0] : undefined) ?? 0)
    if (++nodes > maxNodes || depth > maxDepth) return Value.scalar(null, at)
    if (Yaml.isAlias(node)) return read(node.resolve(document), depth + 1)
    if (Yaml.isSeq(node))
      return Value.list(
        node.items.map((item) => read(item, depth + 1)),
        at
      )
    if (Yaml.isMap(node)) {
      const dict = Value.dict([], at)
      for (const { key, value } of node.items) {
        const start = block.at((Yaml.isNode(key) ? key.range?.[0] : undefined) ?? 0)
        if (Yaml.isScalar(key)) Value.set(dict, String(key.value), read(value, depth + 1), start)
      }
      if (isConfig(dict))
        found.push({ config: dict, take: () => dict, around: [], name: Value.textOf(Value.get(dict, "name")) })
      return dict
    }
    const value: unknown = Yaml.isScalar(node) ? node.value : null
    if (typeof value === "string")
      return Value.text(
        value.replace(/\$\{(?![A-Za-z_]\w*\})/g, () => "$${"),
        at
      )
    if (typeof value === "bigint") {
      const small = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)
      return Value.scalar(small ? Number(value) : value, at)
    }
    if (typeof value === "number")
      return Value.scalar(value, at, Yaml.isScalar(node) && /^[^x]*[.e]/i.test(node.source ?? ""))
    return typeof value === "boolean" ? Value.scalar(value, at) : Value.scalar(null, at)
  }
  let document: Yaml.Document.Parsed
  try {
    document = Yaml.parseDocument(block.text, {
      prettyErrors: false,
      intAsBigInt: true,
      uniqueKeys: false,
      merge: true
    })
    if (document.errors.length > 0) return []
    read(document.contents, 0)
  } catch {
    // The parser recurses; a stack that overflows is all it throws.
    return []
  }
  return found
}

// --- internal ---

const maxNodes = 100_000
const maxDepth = 100

const isConfig = (dict: Value.Dict): boolean =>
  Value.get(dict, "client")?._tag === "Dict" && Value.get(dict, "resources")?._tag === "List"
