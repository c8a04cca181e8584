/**
 * Which database file is meant: the one named, that of a source, or the only one of sluice's in the folder.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { Source } from "../Source.ts"
import type * as Driver from "../Table/Driver.ts"
import { CliError } from "./CliError.ts"

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
