/**
 * The configurations in a document: every object with `client` and `resources`, in Python, JSON or YAML.
 *
 * Outside the row's path. Takes values as they are; what they should be is for `Repair`.
 */
import type { Block } from "./Block.ts"
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
export const all = (blocks: ReadonlyArray<Block>, log: Finding.Log): ReadonlyArray<Found> =>
  blocks.flatMap((block) => {
    if (!/resources|endpoint|rest_api/i.test(block.text)) return []
    const data = () => Data.find(block)
    const python = () => Program.find(block, log)
    switch (block.language) {
      case "json":
      case "jsonc":
      case "json5":
      case "yaml":
      case "yml": {
        const found = data()
        return found.length > 0 ? found : python()
      }
      default: {
        const found = python()
        return found.length > 0 ? found : data()
      }
    }
  })

/**
 * The one with the most resources; of several the first.
 *
 * @since 0.1.0
 * @category accessors
 */
export const biggest = (found: ReadonlyArray<Found>): Found | undefined =>
  found.toSorted((a, b) => size(b.config) - size(a.config))[0]

// --- internal ---

const size = (config: Value.Dict): number =>
  config.entries.reduce((sum, { key, value }) => {
    if (key === "resources") return sum + 1_000 * (value._tag === "List" ? value.items.length : 0)
    return sum + (key === "client" ? 500 : 1)
  }, 0)
