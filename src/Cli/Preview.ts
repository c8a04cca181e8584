/**
 * `sluice preview`: the first rows of one resource, decoded and flattened as sync would store them. One page, no database.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as CliError from "./CliError.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import * as PreviewView from "./PreviewView.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import * as Sample from "./Sample.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "preview",
  summary: "Show the first rows of a resource, as they would be stored.",
  details: [
    "Reads one page, applies processing steps and the incremental range, decodes and flattens it. A child is read for the first row of its parent that has any, of five. Writes nothing."
  ],
  examples: [
    ["sluice preview postmark bounces", "The first ten rows"],
    ["sluice preview analytics.yaml messages --rows 2 --json", "Two rows and the rows of their lists, for scripts"]
  ],
  environment: SourceArgument.environment,
  exits: [
    [0, "rows, or none, as the API has them"],
    [1, "the resource cannot be read"],
    exits.usage,
    [3, "some rows do not fit"],
    exits.interrupted
  ]
}

const resource = Args.text({ name: "RESOURCE" }).pipe(Args.withDescription("Name of one of its resources."))

const rows = Flag.whole("rows", 1).pipe(
  Options.withDescription("Show at most this many rows of the first page. Otherwise 10."),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make(
  "preview",
  { source: SourceArgument.argument, resource, rows, json: Flag.json },
  (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const source = yield* SourceArgument.resolve(flags.source)
      yield* ResourceArgument.check(source, [flags.resource])
      const FirstPage = yield* Effect.promise(() => import("./FirstPage.ts"))
      const [outcome] = yield* FirstPage.read(source, flags.resource)
      if (outcome === undefined || outcome._tag === "Left") {
        return yield* new CliError.CliError({
          reason: "Unreadable",
          detail: `${flags.resource} cannot be shown: ${outcome?.why ?? "it was not read"}`
        })
      }
      if (outcome._tag === "Failed") return yield* outcome.error
      const sample = Sample.make(
        source,
        outcome,
        Option.getOrElse(flags.rows, () => 10)
      )
      yield* flags.json ? shell.json(sample) : Effect.flatMap(PreviewView.render(sample, shell.out), shell.print)
      yield* CliError.exit(sample.rows.rejected === 0 ? 0 : 3)
    })
).pipe(Command.withDescription(guide.summary))
