/**
 * `--help` as one calm page: what a command is for, what it takes, examples, variables, exit codes.
 *
 * Takes the descriptions that the flags carry in their @effect/cli definitions, without the type names that its own page
 * repeats under each of them. Pure; `Sheet` lays it out.
 */
import * as CliConfig from "@effect/cli/CliConfig"
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import type * as HelpDoc from "@effect/cli/HelpDoc"
import type * as Span from "@effect/cli/HelpDoc/Span"
import * as Grammar from "./Grammar.ts"
import type { Sheet } from "./Sheet.ts"

/**
 * What is worth knowing about a command beside its flags.
 *
 * @since 0.1.0
 * @category models
 */
export interface Guide {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly details: ReadonlyArray<string>
  readonly examples: ReadonlyArray<readonly [command: string, does: string]>
  readonly environment: ReadonlyArray<readonly [name: string, meaning: string]>
  readonly exits: ReadonlyArray<readonly [code: number, meaning: string]>
}

/**
 * A command with its guide.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly guide: Guide
  readonly command: { readonly descriptor: CommandDescriptor.Command<unknown> }
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const exits = {
  complete: [0, "complete"],
  failed: [1, "failed: no resource succeeded, or the database cannot be used"],
  usage: [2, "the command line or the configuration is wrong; nothing was done"],
  partial: [3, "partial: rows set aside, a resource failed beside good ones, or a cap was reached"],
  interrupted: [130, "interrupted (Ctrl-C, SIGTERM)"]
} as const

/**
 * @since 0.1.0
 * @category combinators
 */
export const command = ({ command, guide }: Entry): Sheet => {
  const { flags, positionals } = Grammar.of(guide.name, command.descriptor)
  const described = descriptions(CommandDescriptor.getHelp(command.descriptor, CliConfig.make({ showBuiltIns: false })))
  return [
    { lines: [guide.summary, ...guide.details] },
    { title: "Usage", lines: [usage({ command, guide })] },
    { title: "Arguments", lines: positionals.map(({ name }) => [name, described.get(name) ?? ""]) },
    {
      title: "Options",
      lines: [...flags.map((flag) => [label(flag), described.get(flag.names[0] ?? "") ?? ""] as const), logLevel]
    },
    { title: "Examples", lines: guide.examples },
    { title: "Environment", lines: guide.environment },
    { title: "Exit codes", lines: guide.exits.map(([code, meaning]) => [String(code), meaning]) }
  ]
}

/**
 * Commands that share their first word, as `sluice schema --help` shows them.
 *
 * @since 0.1.0
 * @category combinators
 */
export const group = (name: string, entries: ReadonlyArray<Entry>): Sheet => [
  { title: "Usage", lines: entries.map(usage) },
  { title: "Commands", lines: entries.map(({ guide }) => [guide.name, guide.summary]) },
  { title: "Examples", lines: entries.flatMap(({ guide }) => guide.examples) },
  { lines: [`sluice ${name} COMMAND --help has the options.`] }
]

/**
 * @since 0.1.0
 * @category combinators
 */
export const overview = (guides: ReadonlyArray<Guide>, version: string): Sheet => [
  {
    lines: [
      `sluice ${version}`,
      "Describe a REST API once; sluice keeps an SQLite file in step with it: typed, resumable, complete, or it says exactly why not."
    ]
  },
  { title: "Usage", lines: ["sluice COMMAND [options]"] },
  { title: "Commands", lines: guides.map(({ name, summary }) => [name, summary]) },
  {
    title: "Options",
    lines: [
      ["--help, -h", "Show this, or the page of a command."],
      ["--version", "Show the version."],
      logLevel,
      ["--completions SHELL", "Print a completion script for bash, zsh or fish."]
    ]
  },
  {
    title: "Examples",
    lines: [
      ["sluice demo", "See it work on a fake API, in one minute"],
      ["sluice sync postmark", "Your own Postmark account into postmark.db"],
      ["sluice sync --help", "All about one command"]
    ]
  },
  { title: "Environment", lines: [["NO_COLOR", "Set to anything: no colours."]] },
  { title: "Exit codes", lines: Object.values(exits).map(([code, meaning]) => [String(code), meaning]) }
]

/**
 * The text of a help document, without markup.
 *
 * @since 0.1.0
 * @category accessors
 */
export const plain = (doc: HelpDoc.HelpDoc): string => paragraphs(doc).join("\n")

// --- internal ---

const logLevel = [
  "--log-level LEVEL",
  "Log to stderr from this level on: debug shows every retry. Otherwise warning."
] as const

const usage = ({ command, guide }: Entry): string =>
  [
    "sluice",
    guide.name,
    ...Grammar.of(guide.name, command.descriptor).positionals.map(({ name, required }) =>
      required ? name : `[${name}]`
    ),
    "[options]"
  ].join(" ")

const label = ({ choices, names, repeated, value }: Grammar.Flag): string =>
  `${names.join(", ")}${value === undefined ? "" : ` ${choices.length > 0 ? choices.join("|") : value}`}${repeated ? " …" : ""}`

/** Descriptions by the name of a flag or an argument; the first paragraph of each names only the type. */
const descriptions = (doc: HelpDoc.HelpDoc): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const visit = (part: HelpDoc.HelpDoc): void => {
    if (part._tag === "Sequence") {
      visit(part.left)
      visit(part.right)
    } else if (part._tag === "DescriptionList") {
      for (const [name, block] of part.definitions) {
        const words = text(name)
          .replaceAll(/[<>(),]/g, " ")
          .trim()
          .split(/\s+/)
        const own = paragraphs(block)
          .slice(1)
          .filter((paragraph) => !/^This (?:setting|option|argument) (?:is|may|must) /.test(paragraph))
        for (const word of words) if (!found.has(word)) found.set(word, own.join(" "))
      }
    }
  }
  visit(doc)
  return found
}

const paragraphs = (doc: HelpDoc.HelpDoc): ReadonlyArray<string> => {
  switch (doc._tag) {
    case "Empty":
    case "DescriptionList":
      return []
    case "Header":
    case "Paragraph":
      return [text(doc.value)]
    case "Enumeration":
      return doc.elements.flatMap(paragraphs)
    case "Sequence":
      return [...paragraphs(doc.left), ...paragraphs(doc.right)]
  }
}

const text = (span: Span.Span): string => {
  switch (span._tag) {
    case "Text":
    case "URI":
      return span.value
    case "Sequence":
      return text(span.left) + text(span.right)
    default:
      return text(span.value)
  }
}
