/**
 * The configurations in a document: every object with `client` and `resources`, in Python, JSON or YAML.
 *
 * Outside the row's path. Takes values as they are; what they should be is for `Repair`.
 */
import * as Block from "./Block.ts"
import * as Data from "./Data.ts"
import type * as Finding from "./Finding.ts"
import * as Program from "./Program.ts"
import type * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Found {
  /** As far as it says which of several it is. */
  readonly config: Value.Dict
  /** Reads it for good: from here on the log hears of it. */
  readonly take: () => Value.Dict
  /** What the program says of all resources outside of it, such as `max_table_nesting`. */
  readonly around: ReadonlyArray<Value.Entry>
  /** What the program calls it. */
  readonly name: string | undefined
}

/**
 * Left in the log: what a block says beside its configurations, if there are any.
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = (blocks: ReadonlyArray<Block.Block>, log: Finding.Log): ReadonlyArray<Found> => {
  const found = blocks.flatMap((block) => within(block, log))
  const programs = blocks.filter(({ language }) => language?.startsWith("py") !== false)
  const best = biggest(found)
  if (programs.length < 2 || (best !== undefined && names(best.config) === 0)) return found
  // A program in several blocks: the names of one are bound in another.
  const whole = Program.find(Block.joined(programs), log)
  const better = biggest(whole)
  return better !== undefined && (best === undefined || names(better.config) < names(best.config)) ? whole : found
}

/**
 * The one with the most resources; of several the first.
 *
 * @since 0.1.0
 * @category accessors
 */
export const biggest = (found: ReadonlyArray<Found>): Found | undefined =>
  found.toSorted((a, b) => size(b.config) - size(a.config))[0]

// --- internal ---

const within = (block: Block.Block, log: Finding.Log): ReadonlyArray<Found> => {
  if (!/resources|endpoint|rest_api/i.test(block.text)) return []
  const isData = /^(?:jsonc?|json5|ya?ml)$/.test(block.language ?? "")
  const first = isData ? Data.find(block) : Program.find(block, log)
  if (first.length > 0) return first
  return isData ? Program.find(block, log) : Data.find(block)
}

/** Names without a value, in all of a configuration. */
const names = (value: Value.Value): number => {
  if (value._tag === "Code") return value.what === "name" ? 1 : 0
  if (value._tag === "List") return value.items.reduce((sum, item) => sum + names(item), 0)
  return value._tag === "Dict" ? value.entries.reduce((sum, each) => sum + names(each.value), 0) : 0
}

const size = (config: Value.Dict): number =>
  config.entries.reduce((sum, { key, value }) => {
    if (key === "resources") return sum + 1_000 * (value._tag === "List" ? value.items.length : 0)
    return sum + (key === "client" ? 500 : 1)
  }, 0)
