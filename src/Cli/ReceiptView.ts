/**
 * A receipt as people read it: what came of each resource, then what needs a word, then one line that says whether it is all.
 *
 * Pure but for the table. The numbers and names are those of the JSON receipt.
 */
import * as Effect from "effect/Effect"
import type * as Receipt from "../Receipt.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import type * as View from "./View.ts"
import type { Style } from "./Style.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (receipt: Receipt.Receipt, view: View.View): Effect.Effect<string> =>
  Effect.map(table(receipt, view), (grid) => {
    const { style } = view
    const title = `${style.bold(receipt.source)} ${style.dim("→")} ${style.bold(receipt.db)}   ${style.dim(`run ${receipt.run}`)}`
    const notes = receipt.resources.flatMap((resource) => notesOf(resource, receipt))
    const indent = Math.max(0, ...notes.map(({ name }) => name.length)) + 6
    const lines = notes.map(({ mark, name, text }) =>
      Format.hang(`  ${mark(style)} ${name}`, text, { indent, columns: Format.measure(view) })
    )
    return [title, grid, ...(lines.length > 0 ? [lines.join("\n")] : []), verdict(receipt, view)].join("\n\n")
  })

/**
 * How a status looks, everywhere.
 *
 * @since 0.1.0
 * @category accessors
 */
export const status = (status: Receipt.Resource["status"] | "running", style: Style): string => {
  switch (status) {
    case "complete":
      return style.green("✓ complete")
    case "failed":
      return style.red("✗ failed")
    case "skipped":
      return style.dim("– skipped")
    default:
      return style.yellow(`! ${status}`)
  }
}

// --- internal ---

const table = (receipt: Receipt.Receipt, view: View.View) => {
  const { style } = view
  const { resources } = receipt
  const total = (pick: (resource: Receipt.Resource) => number) =>
    resources.reduce((sum, resource) => sum + pick(resource), 0)
  const number = (value: number) => (value === 0 ? style.dim("0") : Format.count(value))
  const shown = counts.filter(({ key, rare }) => !rare || total(({ rows }) => rows[key]) > 0)
  const millis = Date.parse(receipt.finished_at) - Date.parse(receipt.started_at)
  return Grid.render(
    {
      columns: [
        { title: "resource" },
        { title: "status" },
        ...shown.map(({ key }) => ({ title: key, align: "right" as const })),
        { title: "pages", align: "right", optional: true },
        { title: "time", align: "right", optional: true }
      ],
      rows: resources.map((resource) =>
        resource.status === "skipped"
          ? [style.dim(resource.name), status(resource.status, style)]
          : [
              resource.name,
              status(resource.status, style),
              ...shown.map(({ key }) => (key === "fetched" ? fetched(resource) : number(resource.rows[key]))),
              number(resource.pages),
              Format.duration(resource.duration_ms)
            ]
      ),
      ...(resources.length < 2
        ? {}
        : {
            footer: [
              style.dim("total"),
              "",
              ...shown.map(({ key }) => number(total(({ rows }) => rows[key]))),
              number(total(({ pages }) => pages)),
              Format.duration(millis)
            ]
          })
    },
    view
  )
}

const counts: ReadonlyArray<{ readonly key: keyof Receipt.Resource["rows"]; readonly rare: boolean }> = [
  { key: "fetched", rare: false },
  { key: "inserted", rare: false },
  { key: "updated", rare: false },
  { key: "unchanged", rare: false },
  { key: "deleted", rare: true },
  { key: "rejected", rare: true }
]

/** `500 of 41,203` must never look like success; of a list that was read twice more rows came than it has. */
const fetched = ({ reported_total: total, rows }: Receipt.Resource): string =>
  total === null || total <= rows.fetched
    ? Format.count(rows.fetched)
    : `${Format.count(rows.fetched)} of ${Format.count(total)}`

interface Note {
  readonly mark: (style: Style) => string
  readonly name: string
  readonly text: string
}

const notesOf = (resource: Receipt.Resource, receipt: Receipt.Receipt): ReadonlyArray<Note> => {
  const { completeness, error, name, notices, primary_key, primary_key_inferred, rows, status, stop_reason } = resource
  const note = (text: string): Note => ({ mark: (style) => style.yellow("·"), name, text })
  return [
    ...(error === null ? [] : [{ mark: (style: Style) => style.red("✗"), name, text: error.message }]),
    // What the note below says better.
    ...notices.filter((text) => !text.endsWith(" in _sluice_rejects, each with its reason")).map(note),
    ...(stop_reason === "limit_pages"
      ? [
          note(
            `stopped after ${Format.plural(resource.pages, "page")}, as --limit-pages asked; the next run goes on behind them`
          )
        ]
      : []),
    ...(rows.rejected === 0
      ? []
      : [
          note(
            `${Format.plural(rows.rejected, "row")} did not fit and ${rows.rejected === 1 ? "was" : "were"} set aside with the reason: ` +
              `SELECT path, reason, raw FROM _sluice_rejects WHERE run = '${receipt.run}' AND resource = '${name}'`
          )
        ]),
    ...(status === "complete" && !completeness.proven
      ? [
          {
            mark: (style: Style) => style.dim("·"),
            name,
            text: `nothing proves that it is everything: ${completeness.why}`
          }
        ]
      : []),
    ...(primary_key_inferred
      ? [note(`no key was declared that these rows have; ${primary_key.join(" + ")} tells them apart and was taken`)]
      : []),
    ...(status === "interrupted" && resource.cursor !== null
      ? [note(`stopped after page ${resource.pages}; the next run goes on there`)]
      : [])
  ]
}

const verdict = (receipt: Receipt.Receipt, view: View.View): string => {
  const { style } = view
  const failed = receipt.resources.filter((resource) => resource.status === "failed").length
  const skipped = receipt.resources.filter((resource) => resource.status === "skipped").length
  const unproven = receipt.resources.filter(
    ({ completeness, status }) => status === "complete" && !completeness.proven
  ).length
  const [mark, text] = {
    complete: [
      style.green("✓ complete"),
      skipped === receipt.resources.length
        ? "but every resource was left out"
        : unproven > 0
          ? `nothing is known to be missing in ${receipt.db}, but of ${Format.plural(unproven, "resource")} the API does not say so, see above`
          : `${receipt.db} holds everything the API reports${skipped === 0 ? "" : " for the resources that ran"}`
    ],
    partial: [
      style.yellow("! partial"),
      failed > 0
        ? `${Format.plural(failed, "resource")} failed; what was fetched is in ${receipt.db}`
        : "not everything is there, see above"
    ],
    failed: [
      style.red("✗ failed"),
      receipt.resources.every(({ pages }) => pages === 0)
        ? "nothing was fetched"
        : `no resource came to its end; what was fetched is in ${receipt.db}`
    ],
    interrupted: [style.yellow("! interrupted"), "every page so far is saved; run the same command again to go on"]
  }[receipt.status] as [string, string]
  return `${mark}: ${text}`
}
