/**
 * Options that every command has. They are @effect/cli's own; its `--wizard` is left out.
 */
import type { Flag } from "./Grammar.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const globals: ReadonlyArray<Flag> = [
  { names: ["--help", "-h"], value: undefined, choices: [], repeated: true },
  { names: ["--version"], value: undefined, choices: [], repeated: true },
  { names: ["--completions"], value: "SHELL", choices: ["sh", "bash", "fish", "zsh"], repeated: false },
  {
    names: ["--log-level"],
    value: "LEVEL",
    choices: ["all", "trace", "debug", "info", "warning", "error", "fatal", "none"],
    repeated: false
  }
]
