/**
 * `sluice rebuild`: tables made anew from the answers that `sync --archive` kept. Sends nothing, and needs no credentials.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Report } from "../Rebuild.ts"
import { TableError } from "../Table/TableError.ts"
import { CliError } from "./CliError.ts"
import * as DatabaseArgument from "./DatabaseArgument.ts"
import * as File from "./File.ts"
import * as Flag from "./Flag.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import { exits, type Guide } from "./Help.ts"
import * as Progress from "./Progress.ts"
import * as ResourceArgument from "./ResourceArgument.ts"
import { Shell } from "./Shell.ts"
import * as SourceArgument from "./SourceArgument.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "rebuild",
  summary: "Make tables anew from what `sync --archive` kept, without a request.",
  details: [
    "After a change of schema, keys, columns, steps or dispositions: the tables become what syncs under this configuration had made of the same answers. " +
      "Other resources, receipts, the archive, your views and tables stay. Killed at any moment, it leaves the old tables or the new ones.",
    "It cannot ask again. A configuration that makes other requests is refused, and so is a resource of which a run kept nothing; then nothing is changed."
  ],
  examples: [
    ["sluice rebuild postmark", "All of postmark.db"],
    ["sluice rebuild analytics.yaml --db my.db --resource bounces", "One resource of a file of your choice"]
  ],
  environment: [],
  exits: [
    [0, "rebuilt"],
    [1, "refused or failed, with the reason; nothing was changed"],
    exits.usage,
    [130, "interrupted; nothing was changed"]
  ]
}

const db = Options.text("db").pipe(
  Options.withPseudoName("FILE"),
  Options.withDescription("The SQLite file. Otherwise <source name>.db in the working directory."),
  Options.optional
)

const resources = Options.text("resource").pipe(
  Options.withPseudoName("NAME"),
  Options.withDescription("Rebuild only this resource; may be given several times. Otherwise all that were read."),
  Options.repeated
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make(
  "rebuild",
  { source: SourceArgument.argument, db, resources, json: Flag.json },
  (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const declared = yield* SourceArgument.declared(flags.source)
      // Nothing is asked: it is no matter which tokens are set.
      const source = {
        ...declared,
        resources: declared.resources.map((resource) => ({ ...resource, unavailable: undefined }))
      }
      yield* ResourceArgument.check(source, flags.resources)
      const file = Option.getOrElse(flags.db, () => DatabaseArgument.ofSource(source))
      if (file === ":memory:" || !(yield* File.exists(file))) {
        return yield* new CliError({
          reason: "Database",
          detail: `there is no file ${file}`,
          hint: `Name one that \`sluice sync ${flags.source} --archive\` has made: --db FILE.`
        })
      }
      const { Host, Rebuild } = yield* load
      const report = yield* Effect.gen(function* () {
        const progress = yield* Progress.make(source.resources.map(({ name }) => name))
        const report = yield* Rebuild.run(source, {
          db: file,
          resources: flags.resources,
          onProgress: progress.report
        })
        yield* progress.stop
        return report
      }).pipe(
        Effect.scoped,
        Effect.provide(Host.layerTable({ db: file, command: `sluice rebuild ${flags.source}`, pid: shell.pid })),
        Effect.mapError((error) =>
          error._tag === "TableError" && error.file === undefined ? new TableError({ ...error, file }) : error
        )
      )
      yield* flags.json ? shell.json(report) : Effect.flatMap(render(report, shell.out), shell.print)
    })
).pipe(Command.withDescription(guide.summary))

// --- internal ---

const load = Effect.promise(async () => ({ Host: await import("../Host.ts"), Rebuild: await import("../Rebuild.ts") }))

const render = (report: Report, view: Shell["Type"]["out"]) =>
  Effect.map(
    Grid.render(
      {
        columns: [
          { title: "resource" },
          { title: "table" },
          { title: "pages read again", align: "right" },
          { title: "rows before", align: "right" },
          { title: "now", align: "right" }
        ],
        rows: report.resources.map(({ name, pages, rows, table }) => [
          name,
          table,
          Format.count(pages),
          count(rows.before, view),
          count(rows.after, view)
        ])
      },
      view
    ),
    (grid) =>
      [
        `${view.style.bold(report.db)} rebuilt from ${Format.plural(report.runs, "run")} of ${report.source}, no request sent`,
        grid,
        ...report.notices.map((notice) =>
          Format.hang(`  ${view.style.yellow("·")} `, notice, { indent: 4, columns: Format.measure(view) })
        )
      ].join("\n\n")
  )

const count = (rows: number | null, { style }: Shell["Type"]["out"]) =>
  rows === null ? style.dim("–") : Format.count(rows)
