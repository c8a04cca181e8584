/**
 * `sluice plan`: what a sync would ask and what it would do to the database. Sends nothing and writes nothing.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Receipt from "../Receipt.ts"
import * as CliError from "./CliError.ts"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import * as PlanView from "./PlanView.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "plan",
  summary: "Show what a sync would ask, and what it would do to the database.",
  details: [
    "Per resource: its first request with credentials masked, where it starts, its table and the SQL to come, and how many requests the last complete run took. Sends nothing and writes nothing; the database need not be there."
  ],
  examples: [
    ["sluice plan postmark", "Before the first sync"],
    ["sluice plan analytics.yaml --db data/analytics.db --json", "Against a database that is there, for scripts"]
  ],
  environment: SourceArgument.environment,
  exits: [
    [0, "planned"],
    [1, "no resource can be synced into this database, or it cannot be read"],
    exits.usage,
    [3, "some resources cannot be synced into this database"]
  ]
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription("The SQLite file, read if it is there. Otherwise <source name>.db in the working directory."),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("plan", { source: SourceArgument.argument, db, json: Flag.json }, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell
    const { source, warnings } = yield* SourceArgument.resolveWithWarnings(flags.source)
    const file = Option.getOrElse(flags.db, () => DatabaseArgument.ofSource(source))
    const { Blueprint, Forecast } = yield* load
    const forecast = yield* Forecast.make(source, file, yield* Blueprint.states(file, source.name))
    yield* flags.json
      ? shell.json({ ...forecast, warnings })
      : shell.print(PlanView.render(forecast, flags.source, shell.out))
    yield* CliError.exit(Receipt.exitCode(forecast))
  })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

/** With SQLite's client behind them, which `--help` does without. */
const load = Effect.promise(async () => ({
  Blueprint: await import("./Blueprint.ts"),
  Forecast: await import("./Forecast.ts")
}))
