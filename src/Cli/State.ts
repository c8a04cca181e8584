/**
 * `sluice state show|reset`: what a database remembers of each resource between runs, and how to make it forget that.
 *
 * A reset holds the database's lock as a sync does, and leaves the rows.
 */
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { State } from "../Table/State.ts"
import { refail } from "../Table/TableError.ts"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as Flag from "./Flag.ts"
import { exits, type Guide } from "./Help.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"
import * as StateView from "./StateView.ts"

const { option: db, resources, source } = DatabaseArgument

const exitsOfState: Guide["exits"] = [
  [0, "done"],
  [1, "the database cannot be used, is not one of sluice's, or a sync is at work on it"],
  exits.usage
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const show = {
  guide: {
    name: "state show",
    summary: "Show where each resource stands: cursor, unfinished walk, key, waiting parents.",
    details: ["Reads only, also while a sync is at work on the file."],
    examples: [
      ["sluice state show", "Of the one database in this folder"],
      ["sluice state show --db data/postmark.db --json", "For scripts"]
    ],
    environment: [],
    exits: [[0, "the state could be read"], [1, "the database cannot be read, or is not one of sluice's"], exits.usage]
  } satisfies Guide,
  command: Command.make("show", { source, db, resources, json: Flag.json }, (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const { file, states } = yield* find(flags, "sluice state show")
      yield* flags.json
        ? shell.json({ db: file, resources: states.map(StateView.entry) })
        : Effect.flatMap(StateView.render(file, states, shell.out), shell.print)
    })
  ).pipe(Command.withDescription("Show where each resource stands."))
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const reset = {
  guide: {
    name: "state reset",
    summary: "Forget cursors and unfinished walks: the next sync reads from the first page.",
    details: [
      "The rows stay, and with a key they are merged again. Rows without a key are added once more by the next walk; those of an unfinished walk are taken out.",
      "A child is asked for the parents in its queue again; for all others, reset the parent too. Tables, keys, receipts and rejects stay; a table that was dropped is made anew, with the key that the source now says."
    ],
    examples: [
      ["sluice state reset --db postmark.db --resource bounces", "One resource"],
      ["sluice state reset postmark", "All of postmark.db"]
    ],
    environment: [],
    exits: exitsOfState
  } satisfies Guide,
  command: Command.make("reset", { source, db, resources, json: Flag.json }, (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const { file } = yield* find(flags, "sluice state reset")
      const { Host, SqlClient, State } = yield* load
      const forgotten = yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        // Read again under the lock: a sync may have gone on in between.
        const states = yield* select(yield* State.read(sql, yield* sourceName(flags)), flags.resources, file)
        return yield* State.forget(sql, states, { all: flags.resources.length === 0 })
      }).pipe(
        refail({ file }),
        Effect.provide(
          Host.layerTable({
            db: file,
            command: "sluice state reset",
            pid: shell.pid,
            notify: (text) => shell.say(`sluice: ${text}`)
          })
        )
      )
      yield* flags.json
        ? shell.json({ db: file, resources: forgotten })
        : shell.print(StateView.forgotten(file, forgotten, shell.out))
    })
  ).pipe(Command.withDescription("Forget cursors and unfinished walks."))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("state").pipe(
  Command.withDescription("What is remembered between runs."),
  Command.withSubcommands([show.command, reset.command])
)

// --- internal ---

interface Flags {
  readonly source: Option.Option<string>
  readonly db: Option.Option<string>
  readonly resources: ReadonlyArray<string>
}

const load = Effect.promise(async () => ({
  SqlClient: await import("@effect/sql/SqlClient"),
  Host: await import("../Host.ts"),
  State: await import("../Table/State.ts")
}))

const sourceName = (flags: Flags) =>
  Option.match(flags.source, {
    onNone: () => Effect.succeed(undefined),
    onSome: (name) => Effect.map(SourceArgument.declared(name), (source) => source.name)
  })

const find = (flags: Flags, command: string) =>
  Effect.gen(function* () {
    const name = yield* sourceName(flags)
    const file = yield* Option.match(flags.db, {
      onNone: () =>
        name === undefined ? DatabaseArgument.only(command) : Effect.succeed(DatabaseArgument.ofSource({ name })),
      onSome: Effect.succeed
    })
    const Blueprint = yield* Effect.promise(() => import("./Blueprint.ts"))
    const states = yield* Blueprint.statesOf(file, name)
    return { file, states: yield* select(states, flags.resources, file) }
  })

const select = (states: ReadonlyArray<State>, asked: ReadonlyArray<string>, file: string) => {
  const names = [...new Set(states.map(({ resource }) => resource))]
  return Effect.as(
    ResourceArgument.within(file, names, asked),
    asked.length === 0 ? states : states.filter(({ resource }) => asked.includes(resource))
  )
}
