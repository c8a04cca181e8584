/**
 * `sluice check`: the configuration, the secrets, then one request per resource through the very stages that `sync` uses.
 *
 * Opens no database and writes nothing. A line per resource, and the exit code `sync` would have reason for.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Receipt from "../Receipt.ts"
import type { Source } from "../Source.ts"
import * as CheckView from "./CheckView.ts"
import * as CliError from "./CliError.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "check",
  summary: "Try a source: its configuration, its secrets, then one request per resource.",
  details: [
    "Reads the first page of every resource as sync would: the rows are found, they fit the schema, the key is there. A child is asked for the first row of its parent. Writes nothing."
  ],
  examples: [
    ["sluice check postmark", "Are the tokens good?"],
    ["sluice check analytics.yaml --offline", "Is the file right? Sends nothing"]
  ],
  environment: SourceArgument.environment,
  exits: [
    [0, "all is well"],
    [1, "every resource failed"],
    [2, "the command line or the configuration is wrong, or a secret is missing"],
    [3, "some resources failed, or some rows do not fit"],
    exits.interrupted
  ]
}

const offline = Options.boolean("offline").pipe(
  Options.withDescription("Check the configuration and that its secrets are set, and send nothing.")
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("check", { source: SourceArgument.argument, offline, json: Flag.json }, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell
    const { source, warnings } = yield* SourceArgument.resolveWithWarnings(flags.source)
    const findings = yield* flags.offline ? read(source) : ask(source)
    const report = CheckView.report(source, findings, flags)
    yield* flags.json
      ? shell.json({ ...report, warnings })
      : shell.print(CheckView.render(report, flags.source, shell.out))
    yield* CliError.exit(Receipt.exitCode(report))
  })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

const ask = (source: Source) =>
  Effect.gen(function* () {
    const FirstPage = yield* Effect.promise(() => import("./FirstPage.ts"))
    return (yield* FirstPage.read(source)).map(CheckView.finding)
  })

/** What can be known without a request: order of parents, tables and keys as they are declared. */
const read = (source: Source) =>
  Effect.gen(function* () {
    const { Blueprint, Order } = yield* Effect.promise(async () => ({
      Blueprint: await import("./Blueprint.ts"),
      Order: await import("../Sync/Order.ts")
    }))
    const left = new Set((yield* Order.order(source, [])).flatMap((one) => (one.left ? [one.resource.name] : [])))
    return Blueprint.make(source, []).map(({ problem, resource }) => {
      if (left.has(resource.name)) return CheckView.finding(CheckView.notSelected(resource))
      return problem === undefined
        ? CheckView.unasked(resource)
        : CheckView.finding({ _tag: "Failed", resource, took: 0, error: problem })
    })
  })
