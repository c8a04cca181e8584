/**
 * `sluice demo`: the whole way in one minute. A sandbox in this very process, six resources over real HTTP, the receipt, three
 * queries with their answers, and what to do next.
 *
 * Every number on the screen was fetched and queried; nothing is canned. A second run finds everything unchanged.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Receipt from "../Receipt.ts"
import * as CliError from "./CliError.ts"
import * as Format from "./Format.ts"
import { exits, type Guide } from "./Help.ts"
import type * as Questions from "./Questions.ts"
import { Shell } from "./Shell.ts"
import * as Sync from "./Sync.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "demo",
  summary: "See it work: a fake API, six tables, three queries worth running.",
  details: [
    "Starts the sandbox, syncs all of it over HTTP into a file and looks into it. Needs no token and no network. Run it twice: nothing changes."
  ],
  examples: [
    ["sluice demo", "Into demo.db"],
    ["sluice demo --db /tmp/try.db", "Somewhere else"]
  ],
  environment: [],
  exits: [exits.complete, exits.failed, exits.usage, exits.interrupted]
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription("The SQLite file, made if it is not there. Otherwise demo.db."),
  Options.withDefault("demo.db")
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make("demo", { db }, (flags) =>
  Effect.gen(function* () {
    const shell = yield* Shell
    const Sandbox = yield* Effect.promise(() => import("../sandbox/Sandbox.ts"))
    const Postmark = yield* Effect.promise(() => import("../sources/postmark.ts"))
    const Questions = yield* Effect.promise(() => import("./Questions.ts"))
    const server = yield* Sandbox.serve()
    const world = yield* server.world
    yield* shell.say(`A fake Postmark is up at ${server.url}. Fetching all of it:\n`)
    const source = Postmark.make({
      serverToken: Redacted.make(world.serverToken),
      accountToken: Redacted.make(world.accountToken),
      baseUrl: server.url
    })
    const receipt = yield* Sync.run(source, {
      options: { resources: six },
      db: flags.db,
      command: "sluice demo",
      print: (receipt) =>
        Effect.zipRight(
          Sync.printTable(receipt),
          receipt.status === "complete"
            ? Effect.zipRight(
                Effect.forEach(Questions.all, (question) => ask(question, Questions.answer), { discard: true }),
                next(flags.db)
              )
            : Effect.void
        )
    })
    yield* CliError.exit(Receipt.exitCode(receipt))
  }).pipe(Effect.scoped)
).pipe(Command.withDescription(guide.summary))

// --- internal ---

/** What its questions are about; the lists of what is set up would only make the screen longer. */
const six = ["deliverystats", "message_streams", "domains", "messages", "bounces", "servers"]

const ask = (question: Questions.Question, answer: typeof Questions.answer) =>
  Effect.gen(function* () {
    const { out, print } = yield* Shell
    const sql = out.style.cyan(
      question.sql
        .split("\n")
        .map((line) => `  ${line}`)
        .join("\n")
    )
    yield* print(`\n${out.style.bold(question.asks)}\n\n${sql}\n\n${yield* answer(question, out)}`)
  })

const next = (file: string) =>
  Effect.flatMap(Shell, ({ out, print }) => {
    const option = file === "demo.db" ? "" : ` --db ${file}`
    const lines = [
      [`npx sluice demo${option}`, "again: everything is unchanged, nothing is written"],
      [`npx sluice status --db ${file}`, "what is in the file, and how fresh it is"],
      [`sqlite3 ${file}`, "look around; these tables are yours"],
      ["npx sluice sync postmark", "your own account: set POSTMARK_SERVER_TOKEN or POSTMARK_ACCOUNT_TOKEN first"]
    ] as const
    const indent = Math.max(...lines.map(([line]) => line.length)) + 5
    const text = lines.map(([line, does]) =>
      Format.hang(`  ${out.style.cyan(line)}`, does, { indent, columns: Format.measure(out) })
    )
    return print(`\n${out.style.bold("Next")}\n\n${text.join("\n")}`)
  })
