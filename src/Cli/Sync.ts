/**
 * `sluice sync`: the main job. Runs a source into a database file and ends with the receipt.
 *
 * The first Ctrl-C lets the page at hand finish or roll back and still prints the receipt; a second one kills.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Receipt from "../Receipt.ts"
import type { Source } from "../Source.ts"
import type * as SyncStage from "../Sync.ts"
import { TableError } from "../Table/TableError.ts"
import * as CliError from "./CliError.ts"
import * as Replay from "./Crash/Replay.ts"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as Flag from "./Flag.ts"
import * as Format from "./Format.ts"
import { exits, type Guide } from "./Help.ts"
import * as Progress from "./Progress.ts"
import * as ReceiptView from "./ReceiptView.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "sync",
  summary: "Fetch what a source has into an SQLite file, page by page.",
  details: [
    "Rows are merged by key: new ones inserted, changed ones updated, the rest left alone. Each page is one transaction with its checkpoint, " +
      "so a run that is stopped, even by kill -9, goes on where it was. A receipt says per resource what was done and whether that is everything."
  ],
  examples: [
    ["sluice sync postmark", "All six resources into postmark.db"],
    ["sluice sync postmark --resource bounces --resource domains", "Two of them"],
    ["sluice sync analytics.yaml --db data/analytics.db", "Your own configuration into a file of your choice"],
    ["sluice sync postmark --archive", "And keep what was read, so that `sluice rebuild` can read it again"],
    ["sluice sync postmark --json | jq .status", "For scripts: one JSON document, exit code 0 only when complete"]
  ],
  environment: SourceArgument.environment,
  exits: [exits.complete, exits.failed, exits.usage, exits.partial, exits.interrupted]
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription(
    "The SQLite file, made if it is not there. Otherwise <source name>.db in the working directory."
  ),
  Options.optional
)

const resources = Options.text("resource").pipe(
  Options.withPseudoName("NAME"),
  Options.withDescription("Sync only this resource; may be given several times."),
  Options.repeated
)

const fullRefresh = Options.boolean("full-refresh").pipe(
  Options.withDescription(
    "Forget where earlier runs stopped, cursors too, and read every resource from its first page. Rows in the database stay and are merged."
  )
)

const limitPages = Flag.whole("limit-pages", 1).pipe(
  Options.withDescription(
    "Read at most this many pages per resource, to try things out; the next run goes on behind them."
  ),
  Options.optional
)

const concurrency = Flag.whole("concurrency", 1, 64).pipe(
  Options.withDescription(
    "Resources fetched at once, parents of one that is parallelized, and pages of one whose total is known; client.limits is for all of them together. " +
      "Otherwise 4, and pages one by one. A run that is killed asks for at most one page more than these again, of each resource."
  ),
  Options.optional
)

const archive = Options.boolean("archive").pipe(
  Options.withDescription(
    "Keep every answer in the database, compressed, secrets masked: `sluice rebuild` makes the tables anew from them after a change of schema. Every run must keep them."
  )
)

const onBadRow = Options.choice("on-bad-row", ["quarantine", "fail"]).pipe(
  Options.withDescription(
    "What to do with a row that does not fit its schema: set it aside in _sluice_rejects with the reason and go on, or fail its resource. Otherwise quarantine."
  ),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make(
  "sync",
  {
    source: SourceArgument.argument,
    db,
    resources,
    fullRefresh,
    limitPages,
    concurrency,
    onBadRow,
    archive,
    json: Flag.json
  },
  (flags) =>
    Effect.gen(function* () {
      const { source } = yield* SourceArgument.resolveWithWarnings(flags.source)
      yield* ResourceArgument.check(source, flags.resources)
      const options = {
        resources: flags.resources,
        fullRefresh: flags.fullRefresh,
        limitPages: Option.getOrUndefined(flags.limitPages),
        concurrency: Option.getOrUndefined(flags.concurrency),
        onBadRow: Option.getOrUndefined(flags.onBadRow),
        archive: flags.archive
      }
      const receipt = yield* run(source, {
        options,
        db: Option.getOrElse(flags.db, () => DatabaseArgument.ofSource(source)),
        command: `sluice sync ${flags.source}`,
        print: flags.json ? printJson : printTable
      })
      yield* CliError.exit(Receipt.exitCode(receipt))
    })
).pipe(Command.withDescription(guide.summary))

/**
 * Runs a source with progress on a terminal and prints the receipt, also that of an interrupted run.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  source: Source,
  settings: {
    readonly options: SyncStage.Options
    readonly db: string
    readonly command: string
    /** Given the receipt while the database is still open, also that of an interrupted run. */
    readonly print: (receipt: Receipt.Receipt) => Effect.Effect<void, TableError, Shell | SqlClient.SqlClient>
  }
) =>
  Effect.gen(function* () {
    const { command, db, options, print } = settings
    const { pid, say } = yield* Shell
    // The pipeline is most of the program: `--help` does without it.
    const { Host, SyncStage } = yield* load
    const names = source.resources.map(({ name }) => name)
    const selected =
      options.resources === undefined || options.resources.length === 0
        ? names
        : names.filter((name) => options.resources!.includes(name))
    const work = Effect.gen(function* () {
      const sync = yield* SyncStage.Sync
      const progress = yield* Progress.make(selected)
      const context = yield* Effect.context<Shell | SqlClient.SqlClient>()
      if (options.archive !== true)
        yield* Effect.flatMap(isKept(source.name), (kept) => (kept ? keepsNothing : Effect.void))
      const receipt = yield* sync.run(source, {
        ...options,
        onProgress: progress.report,
        onInterrupt: (receipt) =>
          progress.stop.pipe(Effect.zipRight(print(receipt)), Effect.ignoreLogged, Effect.provide(context))
      })
      yield* progress.stop
      yield* print(receipt)
      return receipt
    })
    return yield* work.pipe(
      Effect.scoped,
      Effect.provide(
        Host.layer({
          api: source.api,
          db,
          command,
          pid,
          notify: (text) => say(`sluice: ${text}`),
          fetch: yield* Replay.armed
        })
      ),
      // Deep down nobody knows the file's name; whoever reads the message needs it.
      Effect.mapError((error) =>
        error._tag === "TableError" && error.file === undefined ? new TableError({ ...error, file: db }) : error
      )
    )
  })

/**
 * @since 0.1.0
 * @category combinators
 */
export const printTable = (receipt: Receipt.Receipt): Effect.Effect<void, never, Shell> =>
  Effect.flatMap(Shell, ({ out, print }) => Effect.flatMap(ReceiptView.render(receipt, out), print))

// --- internal ---

const isKept = (source: string) =>
  Effect.gen(function* () {
    const { Archive, SqlClient } = yield* load
    return yield* Archive.isKept(yield* SqlClient.SqlClient, source)
  })

/** One such run, and what it brings can never be rebuilt. */
const keepsNothing = Effect.flatMap(Shell, ({ err, say }) =>
  say(
    Format.hang(
      `${err.style.yellow("warning:")} `,
      "earlier runs have kept their answers, this one does not: `sluice rebuild` will refuse what it reads. Give --archive",
      { indent: 9, columns: Format.measure(err) }
    )
  )
)

const load = Effect.promise(async () => ({
  Archive: await import("../Table/Archive.ts"),
  Host: await import("../Host.ts"),
  SqlClient: await import("@effect/sql/SqlClient"),
  SyncStage: await import("../Sync.ts")
}))

const printJson = (receipt: Receipt.Receipt) => Effect.flatMap(Shell, ({ json }) => json(receipt))
