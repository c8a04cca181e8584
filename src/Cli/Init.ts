/**
 * `sluice init`: a configuration to start from, and the variables it wants. Overwrites nothing, sends nothing.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CliError, usage } from "./CliError.ts"
import * as File from "./File.ts"
import * as Format from "./Format.ts"
import { exits, type Guide } from "./Help.ts"
import { Shell } from "./Shell.ts"
import * as Starter from "./Starter.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "init",
  summary: "Write a commented configuration to start from.",
  details: [
    "Makes NAME.yaml, which works as it stands, and .env.example with the variable it needs. A file that is there is never overwritten."
  ],
  examples: [
    ["sluice init", "sluice.yaml"],
    ["sluice init billing", "billing.yaml, which will sync into billing.db"]
  ],
  environment: [],
  exits: [[0, "the files are there"], [1, "they cannot be written"], exits.usage]
}

const name = Args.text({ name: "NAME" }).pipe(
  Args.withDescription("Name of the source and of the file, without its ending. Otherwise sluice."),
  Args.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("init", { name }, (flags) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const name = Option.getOrElse(flags.name, () => "sluice").replace(/\.ya?ml$/i, "")
    if (!/^[\w][\w.-]*$/.test(name)) {
      return yield* usage(
        `${JSON.stringify(name)} cannot name a file here`,
        "Use letters, digits, - and _; the file is made in the working directory."
      )
    }
    const file = `${name}.yaml`
    if (yield* File.exists(file)) return yield* taken(file)
    const variables = yield* Effect.orElseSucceed(fs.readFileString(example), () => undefined)
    const isKnown = variables?.split("\n").some((line) => line.startsWith(`${Starter.variable}=`)) === true
    if (!isKnown && (yield* File.exists(example))) return yield* taken(example)
    if (!isKnown) yield* write(fs, example, Starter.environment())
    yield* write(fs, file, Starter.configuration(name))
    yield* report(file, isKnown)
  })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

const example = ".env.example"

const taken = (file: string) =>
  new CliError({
    reason: "Output",
    detail: `${file} is there already and was left as it is; nothing was written`,
    hint: file === example ? `Add ${Starter.variable}= to it, or move it away.` : "Name another one: sluice init NAME."
  })

/** Fails, rather than overwrite, also where the file came up a moment ago. */
const write = (fs: FileSystem.FileSystem, file: string, text: string) =>
  Effect.catchTags(fs.writeFileString(file, text, { flag: "wx" }), {
    SystemError: (error) =>
      error.reason === "AlreadyExists"
        ? taken(file)
        : new CliError({
            reason: "Unwritable",
            detail: `${file} cannot be written (${error.description ?? error.reason})`
          }),
    BadArgument: (error) =>
      new CliError({ reason: "Unwritable", detail: `${file} cannot be written (${error.message})` })
  })

const report = (file: string, isKnown: boolean) =>
  Effect.flatMap(Shell, ({ out, print }) => {
    const { style } = out
    const lines = [
      [
        `export ${Starter.variable}=…`,
        "what the file takes from the environment; .env.example says how to load a .env"
      ],
      [`sluice check ${file} --offline`, "is the file right? Sends nothing"],
      [`sluice preview ${file} issues`, "the first rows, as they would be stored"],
      [`sluice sync ${file}`, `all of it into ${file.replace(/\.yaml$/, ".db")}`]
    ] as const
    const indent = Math.max(...lines.map(([line]) => line.length)) + 5
    const text = lines.map(([line, does]) =>
      Format.hang(`  ${style.cyan(line)}`, does, { indent, columns: Format.measure(out) })
    )
    const made = isKnown ? `${style.bold(file)}` : `${style.bold(file)} and ${style.bold(example)}`
    return print(`${style.green("✓")} wrote ${made}\n\n${style.bold("Next")}\n\n${text.join("\n")}`)
  })
