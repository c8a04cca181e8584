/**
 * One trial: runs that are killed, then one that is not, and what its database has that an undisturbed one has not.
 */
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Compare from "../../Table/Compare.ts"
import * as DatabaseFile from "../../Table/DatabaseFile.ts"
import type * as Driver from "../../Table/Driver.ts"
import type { TableError } from "../../Table/TableError.ts"
import * as TableErrors from "../../Table/TableError.ts"
import type * as Path from "@effect/platform/Path"
import type { CliError } from "../CliError.ts"
import * as Child from "./Child.ts"
import type * as Plan from "./Plan.ts"
import { missing } from "./Replay.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Outcome extends Plan.Trial {
  /** Processes that really were killed. */
  readonly killed: number
  readonly differences: ReadonlyArray<string>
  /** The runs asked for what was not recorded: nothing can be said. */
  readonly unjudged: boolean
}

/**
 * What a trial must come to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Expected {
  /** The undisturbed database. */
  readonly whole: string
  readonly code: number
  /** Columns that hold the time of a run. */
  readonly times: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  settings: Child.Settings,
  expected: Expected,
  trial: Plan.Trial,
  db: string
): Effect.Effect<
  Outcome,
  CliError | TableError,
  CommandExecutor.CommandExecutor | Driver.Driver | FileSystem.FileSystem | Path.Path
> =>
  Effect.gen(function* () {
    const ends: Array<Child.End> = []
    for (const kill of trial.kills) ends.push(yield* Child.run(settings, db, kill))
    const last = yield* Child.run(settings, db)
    const killed = ends.filter(({ code }) => code === undefined).length
    const found = yield* Compare.compare(expected.whole, db, { times: expected.times })
    const wrong = yield* books(db)
    const unjudged = [...ends, last].some(({ stdout }) => stdout.includes(missing))
    const differences = [
      ...(last.code === expected.code
        ? []
        : [
            `the last run ended with ${last.code ?? "a signal"}, an undisturbed one with ${expected.code}: ${last.stderr.trim()}`
          ]),
      ...found.map(
        ({ only, table, times, what }) =>
          `${table}: ${only === "first" ? "missing" : "too many"}${times > 1 ? `, ${times} times` : ""}: ${what}`
      ),
      ...wrong
    ]
    return { ...trial, killed, unjudged, differences: unjudged ? [] : differences }
  }).pipe(Effect.ensuring(remove(db)))

// --- internal ---

const books = (db: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const sql = yield* DatabaseFile.open(db, { readonly: true })
      const connection = yield* sql.reserve
      const runs = yield* connection.executeValues(`SELECT "run" FROM "_sluice_runs" WHERE "status" = 'running'`, [])
      const lines = yield* connection.executeValues(
        `SELECT "run", "resource" FROM "_sluice_resources" WHERE "status" = 'running' OR "duration_ms" < 0`,
        []
      )
      return [
        ...runs.map(([run]) => `run ${run} still counts as running`),
        ...lines.map(
          ([run, resource]) => `${resource} of run ${run} still counts as running, or took less than no time`
        )
      ]
    })
  ).pipe(TableErrors.refail({ file: db, doing: "reading the books" }))

const remove = (db: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.forEach(["", "-wal", "-shm", "-lock", "-lock-wal", "-lock-shm"], (tail) =>
      Effect.ignore(fs.remove(`${db}${tail}`, { force: true }))
    )
  )
