/**
 * Which database file is meant: the one named, that of a source, or the only one of sluice's in the folder. And which of its
 * resources.
 */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { Source } from "../Source.ts"
import type * as Driver from "../Table/Driver.ts"
import { CliError } from "./CliError.ts"

/**
 * A source that only says which database and whose resources are meant.
 *
 * @since 0.1.0
 * @category constructors
 */
export const source = Args.text({ name: "SOURCE" }).pipe(
  Args.withDescription(
    "A source as sync takes it: its own resources only, and <source name>.db unless --db says otherwise."
  ),
  Args.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const file = Options.text("db").pipe(Options.withPseudoName("FILE"))

/**
 * `file` beside `source`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const option = file.pipe(
  Options.withDescription(
    "The SQLite file. Otherwise that of SOURCE, or the one *.db in the working directory that sluice has written to."
  ),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const resources = Options.text("resource").pipe(
  Options.withPseudoName("NAME"),
  Options.withDescription("Only this resource; may be given several times. Otherwise all of them."),
  Options.repeated
)

/**
 * `<source name>.db` in the working directory: a name from a configuration must not lead to another folder.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ofSource = ({ name }: Pick<Source, "name">): string => `${name.replaceAll(/[^\w.-]+/g, "_")}.db`

/**
 * @since 0.1.0
 * @category constructors
 */
export const only = (
  command: string
): Effect.Effect<string, CliError, Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    // With SQLite's client behind it, which `--help` does without.
    const Ledger = yield* Effect.promise(() => import("./Ledger.ts"))
    const names = yield* Effect.orElseSucceed(fs.readDirectory("."), (): ReadonlyArray<string> => [])
    const files = yield* Effect.filter(names.filter((name) => name.endsWith(".db")).toSorted(), Ledger.isLedger)
    const [first, ...others] = files
    if (first === undefined) {
      return yield* new CliError({
        reason: "Database",
        detail: "no database of sluice's is in this folder",
        hint: `Name one: ${command} --db FILE. Or make one: sluice demo.`
      })
    }
    if (others.length > 0) {
      return yield* new CliError({
        reason: "Database",
        detail: `several databases of sluice's are in this folder: ${files.join(", ")}`,
        hint: `Name one: ${command} --db ${first}`
      })
    }
    return first
  })
