/**
 * `sluice schema json-schema|types|ddl`: what a configuration may say, and what the tables of a source are, as text for tools.
 *
 * Sends nothing and writes no file. Types and SQL come from SQLite's own description of the tables, made in memory.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Blueprint from "./Blueprint.ts"
import * as CliError from "./CliError.ts"
import { exits, type Guide } from "./Help.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

const exitsOfTables: Guide["exits"] = [
  [0, "printed"],
  [1, "the database cannot be read, or no resource fits it"],
  exits.usage,
  [3, "printed, but some resources do not fit the database"]
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const json = {
  guide: {
    name: "schema json-schema",
    summary: "Print the JSON Schema of a configuration file, for editors.",
    details: [
      "With `# yaml-language-server: $schema=sluice.schema.json` in a file's first line, editors complete and check it."
    ],
    examples: [["sluice schema json-schema > sluice.schema.json", "To a file"]],
    environment: [],
    exits: [[0, "printed"], exits.usage]
  } satisfies Guide,
  command: Command.make("json-schema", {}, () =>
    Effect.gen(function* () {
      const { print } = yield* Shell
      const Spec = yield* Effect.promise(() => import("../Spec.ts"))
      yield* print(JSON.stringify(Spec.jsonSchema(), undefined, 2))
    })
  ).pipe(Command.withDescription("Print the JSON Schema of a configuration file, for editors."))
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription(
    "A database that the source was synced into: its tables, and what is declared beyond them. Otherwise what is declared."
  ),
  Options.optional
)

/**
 * @since 0.1.0
 * @category defaults
 */
export const types = {
  guide: {
    name: "schema types",
    summary: "Print TypeScript types of the rows, and Kysely's Database interface.",
    details: [
      "An interface per table, child tables too. A source that declares no columns shows them once it was synced: name the database. Tokens need not be set."
    ],
    examples: [
      ["sluice schema types postmark > postmark.ts", "What the built-in source declares"],
      ["sluice schema types analytics.yaml --db analytics.db", "What a sync has found, too"]
    ],
    environment: [],
    exits: exitsOfTables
  } satisfies Guide,
  command: Command.make("types", { source: SourceArgument.argument, db }, (flags) =>
    Effect.gen(function* () {
      const { print } = yield* Shell
      const { blueprints, source } = yield* resolve(flags)
      const Catalogue = yield* loadCatalogue
      const text = yield* Catalogue.types(blueprints, {
        source: source.name,
        command: `sluice schema types ${flags.source}${Option.match(flags.db, { onNone: () => "", onSome: (file) => ` --db ${file}` })}`
      })
      yield* print(text)
      yield* conclude(blueprints, flags)
    })
  ).pipe(Command.withDescription("Print TypeScript types of the rows, and Kysely's Database interface."))
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const ddl = {
  guide: {
    name: "schema ddl",
    summary: "Print the SQL that makes a source's tables.",
    details: [
      "Runs as it stands in an empty database. Tables whose columns are not declared come with their first rows. Tokens need not be set."
    ],
    examples: [
      ["sluice schema ddl postmark", "What the built-in source declares"],
      ["sluice schema ddl analytics.yaml --db analytics.db", "What a sync has found, too"]
    ],
    environment: [],
    exits: exitsOfTables
  } satisfies Guide,
  command: Command.make("ddl", { source: SourceArgument.argument, db }, (flags) =>
    Effect.gen(function* () {
      const { print } = yield* Shell
      const { blueprints, source } = yield* resolve(flags)
      const Catalogue = yield* loadCatalogue
      yield* print(Catalogue.ddl(blueprints, source.name))
      yield* conclude(blueprints, flags)
    })
  ).pipe(Command.withDescription("Print the SQL that makes a source's tables."))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("schema").pipe(
  Command.withDescription("Print schemas: of configurations, rows and tables."),
  Command.withSubcommands([json.command, types.command, ddl.command])
)

// --- internal ---

interface Flags {
  readonly source: string
  readonly db: Option.Option<string>
}

/** With SQLite behind them, which `--help` does without. */
const loadCatalogue = Effect.promise(() => import("./Catalogue.ts"))
const loadBlueprint = Effect.promise(() => import("./Blueprint.ts"))

const resolve = (flags: Flags) =>
  Effect.gen(function* () {
    const source = yield* SourceArgument.declared(flags.source)
    const Blueprint = yield* loadBlueprint
    const states = yield* Option.match(flags.db, {
      onNone: () => Effect.succeed([]),
      onSome: (file) => Blueprint.statesOf(file, source.name)
    })
    return { source, blueprints: Blueprint.make(source, states) }
  })

/** What is missing from the output, on stderr. */
const conclude = (blueprints: ReadonlyArray<Blueprint.Blueprint>, { db }: Flags) =>
  Effect.gen(function* () {
    const { say } = yield* Shell
    const problems = blueprints.filter(({ problem }) => problem !== undefined)
    for (const { problem, resource } of problems) yield* say(`${resource.name}: ${problem!.message}`)
    const unknown = blueprints.filter(
      ({ key, problem, shape }) => problem === undefined && shape !== undefined && key === undefined
    )
    if (unknown.length > 0) {
      const names = unknown.map(({ resource }) => resource.name).join(", ")
      const after = Option.isSome(db) ? "sync first" : "sync, then name the database with --db"
      yield* say(`columns or key of ${names} are not declared and come with the first rows: ${after}`)
    }
    if (problems.length > 0) yield* CliError.exit(problems.length === blueprints.length ? 1 : 3)
  })
