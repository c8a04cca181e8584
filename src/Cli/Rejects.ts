/**
 * `sluice rejects list|replay`: rows that were set aside because they did not fit, and the way back for those that fit by now.
 *
 * `list` reads only. `replay` holds the database's lock as a sync does, and sends nothing.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Receipt from "../Receipt.ts"
import * as TableError from "../Table/TableError.ts"
import * as CliError from "./CliError.ts"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import * as RejectsView from "./RejectsView.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

const { file, option: db, resources, source } = DatabaseArgument

const limit = Flag.whole("limit", 1).pipe(
  Options.withDescription("Show at most this many rows, the latest ones. Otherwise 20."),
  Options.optional
)

/**
 * @since 0.1.0
 * @category defaults
 */
export const list = {
  guide: {
    name: "rejects list",
    summary: "Show the rows that were set aside: how many for which reason, then the latest.",
    details: ["Reads only, also while a sync is at work on the file."],
    examples: [
      ["sluice rejects list", "Of the one database in this folder"],
      ["sluice rejects list postmark --resource bounces --limit 5", "The last five of one resource"],
      ["sluice rejects list postmark --json | jq -r '.rejects[].raw'", "The rows themselves"]
    ],
    environment: [],
    exits: [
      [0, "the rejects could be read, whether there are any or not"],
      [1, "the database cannot be read, or is not one of sluice's"],
      exits.usage
    ]
  } satisfies Guide,
  command: Command.make("list", { source, db, resources, limit, json: Flag.json }, (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const of = yield* Option.match(flags.source, {
        onNone: () => Effect.succeed(undefined),
        onSome: (name) => SourceArgument.declared(name)
      })
      if (of !== undefined) yield* known(of, flags.resources)
      const file = yield* Option.match(flags.db, {
        onNone: () =>
          of === undefined
            ? DatabaseArgument.only("sluice rejects list")
            : Effect.succeed(DatabaseArgument.ofSource(of)),
        onSome: Effect.succeed
      })
      const { Ledger, Listing } = yield* loadListing
      const listing = yield* Effect.scoped(
        Effect.gen(function* () {
          const sql = yield* Ledger.open(file)
          if (!(yield* Ledger.hasTable(sql, "_sluice_rejects"))) return yield* notOurs(file)
          if (of === undefined) yield* read(sql, file, flags.resources)
          return yield* Listing.read(sql, {
            source: of?.name,
            resources: flags.resources,
            limit: Option.getOrElse(flags.limit, () => 20)
          })
        })
      ).pipe(TableError.refail({ file, doing: "reading the rejects" }))
      yield* flags.json
        ? shell.json({ db: file, ...listing })
        : Effect.flatMap(RejectsView.list(file, listing, shell.out), shell.print)
    })
  ).pipe(Command.withDescription("Show the rows that were set aside."))
}

const ofReplay = file.pipe(
  Options.withDescription("The SQLite file. Otherwise <source name>.db in the working directory."),
  Options.optional
)

/**
 * @since 0.1.0
 * @category defaults
 */
export const replay = {
  guide: {
    name: "rejects replay",
    summary: "Store the rows that were set aside and fit by now, after the schema or the configuration was changed.",
    details: [
      "Each row goes through its resource as SOURCE says it now, and the same merge as in a sync; no request is sent. A row never goes over one that came later: " +
        "then it is obsolete, and removed. What still does not fit stays, with its reason of today."
    ],
    examples: [
      ["sluice rejects replay analytics.yaml", "All that fit, into analytics.db"],
      ["sluice rejects replay postmark --resource bounces --json", "Of one resource, for scripts"]
    ],
    environment: SourceArgument.environment,
    exits: [
      [0, "none is left of what was asked for"],
      [1, "failed, or a sync is at work on the file"],
      exits.usage,
      [3, "some are left: they still do not fit, or only the API has what they need"],
      exits.interrupted
    ]
  } satisfies Guide,
  command: Command.make(
    "replay",
    { source: SourceArgument.argument, db: ofReplay, resources, json: Flag.json },
    (flags) =>
      Effect.gen(function* () {
        const shell = yield* Shell
        const { source } = yield* SourceArgument.resolveWithWarnings(flags.source)
        yield* known(source, flags.resources)
        const file = Option.getOrElse(flags.db, () => DatabaseArgument.ofSource(source))
        yield* exists(file)
        const { Host, Sync } = yield* loadSync
        const done = yield* Effect.flatMap(Sync.Sync, (sync) =>
          sync.replay(source, { resources: flags.resources })
        ).pipe(
          Effect.provide(
            Host.layer({
              api: source.api,
              db: file,
              command: `sluice rejects replay ${flags.source}`,
              pid: shell.pid,
              notify: (text) => shell.say(`sluice: ${text}`)
            })
          ),
          TableError.refail({ file })
        )
        yield* flags.json ? shell.json(done) : Effect.flatMap(RejectsView.replay(done, shell.out), shell.print)
        yield* CliError.exit(Receipt.exitCode(done))
      })
  ).pipe(Command.withDescription("Store the rows that were set aside and fit by now."))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("rejects").pipe(
  Command.withDescription("Rows that were set aside."),
  Command.withSubcommands([list.command, replay.command])
)

// --- internal ---

const known = ResourceArgument.named

/** Where no source says which resources there are, the database does. */
const read = (sql: SqlClient.SqlClient, file: string, asked: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly resource: string }>`SELECT DISTINCT resource FROM _sluice_resources ORDER BY 1`
    const names = rows.map(({ resource }) => resource)
    yield* ResourceArgument.within(file, names, asked)
  })

/** A replay makes no database. */
const exists = (file: string) =>
  Effect.gen(function* () {
    const { Ledger } = yield* loadListing
    const isOurs = yield* Effect.scoped(
      Effect.flatMap(Ledger.open(file), (sql) => Ledger.hasTable(sql, "_sluice_rejects"))
    ).pipe(TableError.refail({ file }))
    if (!isOurs) yield* notOurs(file)
  })

const notOurs = (file: string) =>
  Effect.fail(
    new TableError.TableError({
      reason: "Schema",
      file,
      detail: "no sync has written to this database; rejects are of one made by sluice sync"
    })
  )

const loadListing = Effect.promise(async () => ({
  Ledger: await import("./Ledger.ts"),
  Listing: await import("../Table/Rejects/Listing.ts")
}))

const loadSync = Effect.promise(async () => ({ Host: await import("../Host.ts"), Sync: await import("../Sync.ts") }))
