/**
 * `sluice import`: a Python file or Markdown document with a dlt configuration as YAML, and a list of what was done to it.
 *
 * Runs nothing of the document and sends nothing. Writes one file, and never over one that is there.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { CliError, exit, usage } from "./CliError.ts"
import * as File from "./File.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import * as ImportView from "./ImportView.ts"
import { Shell } from "./Shell.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "import",
  summary: "Turn a dlt rest_api configuration in Python or Markdown into YAML.",
  details: [
    "Reads literals only and runs nothing. Every repair and everything left to do is listed with its line. Secrets become ${NAME}; the YAML goes to stdout unless --out names a file, which must not be there yet."
  ],
  examples: [
    ["sluice import pipeline.py --out github.yaml", "Into a file; the findings on stderr"],
    ["sluice import api-guide.md --json", "The YAML and the findings as one JSON document"]
  ],
  environment: [],
  exits: [
    [0, "the result passes `check --offline` once its variables are set"],
    [1, "there is no configuration in the file"],
    exits.usage,
    [3, "something must be filled in by hand: see the TODOs"]
  ]
}

const file = Args.text({ name: "FILE" }).pipe(
  Args.withDescription("A Python file, or a Markdown, JSON or YAML document, that holds a configuration.")
)

const out = Options.text("out").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription("Write the YAML to this file instead of stdout. A file that is there is left as it is."),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("import", { file, out, json: Flag.json }, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell
    const fs = yield* FileSystem.FileSystem
    const target = Option.getOrUndefined(flags.out)
    if (target !== undefined && !/\.ya?ml$/i.test(target))
      return yield* usage(`--out ${JSON.stringify(target)} is no name of a configuration`, "It ends in .yaml or .yml.")
    if (target !== undefined && (yield* File.exists(target))) return yield* taken(target)
    const text = yield* Effect.mapError(fs.readFileString(flags.file), (error) => unreadable(flags.file, error))
    // A grammar of Python and YAML are more than the rest of the program, and no other command needs them.
    const Import = yield* Effect.promise(() => import("../Import.ts"))
    const read = Import.fromText(text, { file: flags.file })
    if (Either.isLeft(read)) {
      return yield* new CliError({
        reason: "NoConfig",
        detail: read.left.message,
        hint: "A configuration is an object with `client` and `resources`, as rest_api_source takes it, in a Python file or in a code block of a Markdown document."
      })
    }
    const imported = read.right
    const problems = yield* Import.check(imported.yaml, { file: target ?? `${imported.name}.yaml` })
    if (target !== undefined) yield* write(fs, target, imported.yaml)
    const report = ImportView.report(imported, { file: flags.file, out: target, problems })
    if (flags.json) yield* shell.json(report)
    else {
      if (target === undefined) yield* shell.print(imported.yaml.trimEnd())
      yield* shell.say(ImportView.render(report, shell.err))
    }
    yield* exit(report.status === "complete" ? 0 : 3)
  })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

const taken = (file: string) =>
  new CliError({
    reason: "Output",
    detail: `${file} is there already and was left as it is; nothing was written`,
    hint: "Name another file with --out, or move this one away."
  })

const unreadable = (file: string, error: PlatformError) =>
  new CliError({
    reason: "Source",
    detail:
      error._tag === "SystemError" && error.reason === "NotFound"
        ? `there is no file ${JSON.stringify(file)}`
        : `${file} cannot be read (${error._tag === "SystemError" ? error.reason : "bad path"})`
  })

const write = (fs: FileSystem.FileSystem, file: string, text: string) =>
  Effect.mapError(fs.writeFileString(file, text, { flag: "wx" }), (error) =>
    error._tag === "SystemError" && error.reason === "AlreadyExists"
      ? taken(file)
      : new CliError({
          reason: "Unwritable",
          detail: `${file} cannot be written (${error._tag === "SystemError" ? error.reason : error.message})`
        })
  )
