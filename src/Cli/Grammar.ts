/**
 * What each command takes, read off its @effect/cli definition: one source of truth for parsing, help and suggestions.
 *
 * Pure. Knows no command by name.
 */
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import type * as Usage from "@effect/cli/Usage"
import * as Option from "effect/Option"

/**
 * @since 0.1.0
 * @category models
 */
export interface Grammar {
  /** One word, or two: `schema types`. */
  readonly command: string
  readonly flags: ReadonlyArray<Flag>
  readonly positionals: ReadonlyArray<Positional>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Flag {
  /** With its dashes, `--db`; the long name first. */
  readonly names: ReadonlyArray<string>
  /** What its value is called, `FILE`; `undefined` when it takes none. */
  readonly value: string | undefined
  /** The only values it takes; empty when any will do. */
  readonly choices: ReadonlyArray<string>
  readonly repeated: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Positional {
  readonly name: string
  readonly required: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const of = (command: string, descriptor: CommandDescriptor.Command<unknown>): Grammar => {
  const flags: Array<Flag> = []
  const positionals: Array<Positional> = []
  const own = command.split(" ").at(-1)
  const visit = (part: Usage.Usage, required: boolean, repeated: boolean): void => {
    switch (part._tag) {
      case "Concat":
      case "Alternation":
        visit(part.left, required, repeated)
        visit(part.right, required, repeated)
        return
      case "Optional":
        return visit(part.usage, false, repeated)
      case "Repeated":
        return visit(part.usage, required, true)
      case "Named": {
        const [first = ""] = part.names
        if (first.startsWith("-")) {
          const value = Option.getOrUndefined(part.acceptedValues)
          const names = part.names.toSorted((a, b) => b.length - a.length)
          flags.push({ names, value, choices: value?.includes(" | ") === true ? value.split(" | ") : [], repeated })
        } else if (first !== own) {
          positionals.push({ name: first.replace(/^<(.*)>$/, "$1"), required })
        }
      }
    }
  }
  visit(CommandDescriptor.getUsage(descriptor), true, false)
  return { command, flags, positionals }
}
