/**
 * `sluice crash-test`: kills syncs of a source everywhere and compares their tables with those of an undisturbed one.
 *
 * Asks the API once, into a recording that is gone afterwards; every run after that is a process of its own, served from it.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Receipt from "../Receipt.ts"
import * as Name from "../Row/Name.ts"
import type { Source } from "../Source.ts"
import * as CliError from "./CliError.ts"
import type { Recording } from "./Crash/Recording.ts"
import * as Flag from "./Flag.ts"
import * as Format from "./Format.ts"
import { exits, type Guide } from "./Help.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "crash-test",
  summary: "Kill syncs of a source everywhere, and see that nothing is lost or doubled.",
  details: [
    "Records the first pages of each resource once, secrets masked, in a temporary folder; what is behind them counts as not there. Then `sluice sync` runs in processes of its own, served from the recording: each is killed " +
      "(SIGKILL) at another step of a page's path, twice, or at any moment, and run again to its end. Its tables must be those of a run that nobody disturbed: every row and column, refused rows, cursors.",
    "The API is asked nothing after the recording. Your databases are not touched. A trial in which a run asks for what was not recorded, as one by a cursor that had moved may, cannot be judged and is named.",
    "On Deno it needs --allow-run, and --allow-write for the temporary folder."
  ],
  examples: [
    ["sluice crash-test postmark", "Your account, as you have configured it"],
    ["sluice crash-test analytics.yaml --resource orders --trials 200", "One resource, thoroughly"]
  ],
  environment: SourceArgument.environment,
  exits: [[0, "no difference"], [1, "a difference, or nothing could be tried"], exits.usage, exits.interrupted]
}

const resources = Options.text("resource").pipe(
  Options.withPseudoName("NAME"),
  Options.withDescription("Only this resource; may be given several times."),
  Options.repeated
)

const limitPages = Flag.whole("limit-pages", 1).pipe(
  Options.withDescription("Record at most this many pages of each resource. Otherwise 4."),
  Options.withDefault(4)
)

const trials = Flag.whole("trials", 1, 100_000).pipe(
  Options.withDescription("How often to try. Otherwise 60, which is every step about once."),
  Options.withDefault(60)
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make(
  "crash-test",
  { source: SourceArgument.argument, resources, limitPages, trials, json: Flag.json },
  (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const { source } = yield* SourceArgument.resolveWithWarnings(flags.source)
      yield* ResourceArgument.check(source, flags.resources)
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const load = yield* modules
      const folder = yield* Effect.mapError(
        fs.makeTempDirectoryScoped({ prefix: "sluice-crash-" }),
        (error) => new CliError.CliError({ reason: "Unwritable", detail: `no temporary folder: ${error.message}` })
      )
      const recording = yield* record(source, { ...flags, db: path.join(folder, "recorded.db") })
      const settings = {
        self: shell.self,
        source: flags.source,
        resources: flags.resources,
        recording: path.join(folder, "recording.json")
      }
      yield* Effect.mapError(
        fs.writeFileString(settings.recording, load.Recording.encode(recording), { mode: 0o600 }),
        (error) => new CliError.CliError({ reason: "Unwritable", detail: `no recording: ${error.message}` })
      )
      const whole = path.join(folder, "whole.db")
      const started = yield* Clock.currentTimeMillis
      const undisturbed = yield* load.Child.run(settings, whole)
      const millis = (yield* Clock.currentTimeMillis) - started
      if (
        undisturbed.code === undefined ||
        ![0, 3].includes(undisturbed.code) ||
        undisturbed.stdout.includes(load.Replay.missing)
      ) {
        return yield* new CliError.CliError({
          reason: "Child",
          detail: `an undisturbed run from the recording does not come to its end: ${(undisturbed.stderr || undisturbed.stdout).trim()}`,
          hint: "A request that differs from run to run, by the time of day for example, cannot be answered from a recording."
        })
      }
      const places = yield* counted(source, recording, { ...flags, db: path.join(folder, "counted.db") })
      const plan = load.Plan.make(places, { trials: flags.trials, seed: 1, millis })
      yield* shell.say(
        `Recorded ${recording.size} answers. Killing and running it again, ${plan.length} times; about ${Format.plural(Math.ceil((plan.length * millis * 2) / 120_000), "minute")}:`
      )
      let done = 0
      const expected = { whole, code: undisturbed.code, times: source.resources.flatMap(stamps) }
      const outcomes = yield* Effect.forEach(
        plan,
        (trial, index) =>
          load.Trial.run(settings, expected, trial, path.join(folder, `trial-${index}.db`)).pipe(
            Effect.tap(() => {
              done++
              return done % 20 === 0 && done < plan.length ? shell.say(`${done} of ${plan.length}`) : Effect.void
            })
          ),
        { concurrency: 2 }
      )
      const report = load.View.report(source.name, recording.size, outcomes)
      yield* flags.json ? shell.json(report) : Effect.flatMap(load.View.render(report, shell.out), shell.print)
      yield* CliError.exit(report.differences.length === 0 && report.kills > 0 ? 0 : 1)
    }).pipe(Effect.scoped)
).pipe(Command.withDescription(guide.summary))

// --- internal ---

/** Versions are stamped with the start of their run. */
const stamps = ({ write }: Source["resources"][number]) =>
  write.strategy === "scd2" ? [write.history.validFrom, write.history.validTo].map(Name.path) : []

const modules = Effect.promise(async () => ({
  Child: await import("./Crash/Child.ts"),
  FailPoint: await import("../FailPoint.ts"),
  Host: await import("../Host.ts"),
  Plan: await import("./Crash/Plan.ts"),
  Record: await import("./Crash/Record.ts"),
  Recording: await import("./Crash/Recording.ts"),
  Replay: await import("./Crash/Replay.ts"),
  SyncStage: await import("../Sync.ts"),
  Trial: await import("./Crash/Trial.ts"),
  View: await import("./Crash/View.ts")
}))

interface Once {
  readonly db: string
  readonly resources: ReadonlyArray<string>
}

/** The one time that the API is asked. */
const record = (source: Source, options: Once & { readonly limitPages: number }) =>
  Effect.gen(function* () {
    const { Host, Record, SyncStage } = yield* modules
    const { say } = yield* Shell
    const recording: Recording = new Map()
    const fetch = Record.layer(recording, options.limitPages)
    const receipt = yield* Effect.flatMap(SyncStage.Sync, (sync) =>
      sync.run(source, { resources: options.resources })
    ).pipe(Effect.provide(Host.layer({ api: source.api, db: options.db, fetch })))
    const failed = receipt.resources.filter(({ status }) => status === "failed")
    if (recording.size === 0 || Receipt.exitCode(receipt) === 1) {
      return yield* new CliError.CliError({
        reason: "Unreadable",
        detail: `nothing could be recorded: ${failed[0]?.error?.message ?? receipt.resources[0]?.notices[0] ?? "no resource was read"}`
      })
    }
    for (const { error, name } of failed)
      yield* say(`${name} failed while it was recorded, and does so in every run: ${error?.message}`)
    return recording
  })

/** How often an undisturbed run comes by each place. */
const counted = (source: Source, recording: Recording, options: Once) =>
  Effect.gen(function* () {
    const { FailPoint, Host, Replay, SyncStage } = yield* modules
    const { places } = yield* FailPoint.places(
      Effect.flatMap(SyncStage.Sync, (sync) => sync.run(source, { resources: options.resources })).pipe(
        Effect.provide(Host.layer({ api: source.api, db: options.db, fetch: Replay.layer(recording) }))
      )
    )
    return places
  })
