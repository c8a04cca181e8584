/**
 * `sluice status`: what is in a database, how fresh it is, what is unfinished. Reads; makes and changes no file.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import { Shell } from "./Shell.ts"
import * as StatusView from "./StatusView.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "status",
  summary: "Show what is in a database: rows, freshness, unfinished walks, rejects.",
  details: [
    "Reads only, also while a sync is at work on the file, and where neither it nor its folder may be written: a copy of it is read then."
  ],
  examples: [
    ["sluice status", "The one database in this folder"],
    ["sluice status --db data/postmark.db --json", "For scripts: age_seconds tells how fresh each resource is"]
  ],
  environment: [],
  exits: [
    [0, "the database could be read, whatever is in it"],
    [1, "it cannot be read, or is not one of sluice's"],
    exits.usage
  ]
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription(
    "The SQLite file. Otherwise the one *.db in the working directory that sluice has written to."
  ),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("status", { db, json: Flag.json }, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell
    const Ledger = yield* loadLedger
    const file = yield* Option.match(flags.db, {
      onNone: () => DatabaseArgument.only("sluice status"),
      onSome: Effect.succeed
    })
    const ledger = yield* Ledger.read(file)
    const now = yield* Clock.currentTimeMillis
    yield* flags.json ? shell.json(ledger) : Effect.flatMap(StatusView.render(ledger, now, shell.out), shell.print)
  })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

/** With SQLite's client behind it, which `--help` does without. */
const loadLedger = Effect.promise(() => import("./Ledger.ts"))
