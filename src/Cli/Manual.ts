/**
 * Everything that can be said before a command runs: what each takes, and the pages of help. Data, made from the definitions.
 *
 * The build puts the data itself in place of this module, so that help loads no command: rolldown.config.mjs.
 */
import * as Commands from "./Commands.ts"
import * as Grammar from "./Grammar.ts"
import * as Help from "./Help.ts"
import type { Sheet } from "./Sheet.ts"
import { version } from "../Version.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Manual {
  readonly version: string
  readonly grammars: ReadonlyArray<Grammar.Grammar>
  readonly overview: Sheet
  /** By command, `schema types`, and by the first word of those that have two. */
  readonly pages: Readonly<Record<string, Sheet>>
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const manual: Manual = {
  version,
  grammars: Commands.entries.map(({ command, guide }) => Grammar.of(guide.name, command.descriptor)),
  overview: Help.overview(
    Commands.entries.map(({ guide }) => guide),
    version
  ),
  pages: {
    ...Object.fromEntries(Commands.entries.map((entry) => [entry.guide.name, Help.command(entry)])),
    ...Object.fromEntries(groups(Commands.entries).map(([name, entries]) => [name, Help.group(name, entries)]))
  }
}

// --- internal ---

function groups(entries: ReadonlyArray<Help.Entry>): ReadonlyArray<[string, ReadonlyArray<Help.Entry>]> {
  const firsts = new Set(entries.flatMap(({ guide }) => (guide.name.includes(" ") ? [guide.name.split(" ")[0]!] : [])))
  return [...firsts].map((first) => [first, entries.filter(({ guide }) => guide.name.startsWith(`${first} `))])
}
