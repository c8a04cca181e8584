/**
 * Rows in quarantine as people read them, and what a replay did with them. Pure but for the tables.
 */
import * as Effect from "effect/Effect"
import type { Line, Replay } from "../Sync/Replay.ts"
import type { Listing } from "../Table/Rejects/Listing.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import * as ReceiptView from "./ReceiptView.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const list = (file: string, listing: Listing, view: View.View): Effect.Effect<string> =>
  Effect.gen(function* () {
    const { style } = view
    const { groups, rejects, total } = listing
    const title = `${style.bold(file)}   ${style.dim(`${Format.plural(total, "row")} set aside`)}`
    if (total === 0) return `${title}\n\n${style.green("✓")} no row is in quarantine`
    const several = new Set([...groups, ...rejects].map(({ source }) => source)).size > 1
    const first = several ? [{ title: "source" }] : []
    const name = (row: { readonly source: string }) => (several ? [row.source] : [])
    const counts = yield* Grid.render(
      {
        columns: [
          ...first,
          { title: "resource" },
          { title: "rows", align: "right" },
          { title: "path" },
          { title: "reason" }
        ],
        rows: groups.map((group) => [
          ...name(group),
          group.resource,
          Format.count(group.rows),
          place(group.path),
          printable(group.reason)
        ])
      },
      view
    )
    const widest = (of: (one: (typeof rejects)[number]) => string) => Math.max(...rejects.map((one) => of(one).length))
    const beside = 30 + widest(({ resource }) => resource) + widest(({ path }) => place(path))
    const room = several ? beside + 2 + widest(({ source }) => source) : beside
    const most = Math.max(24, Math.min(60, Format.measure(view) - room))
    const rows = yield* Grid.render(
      {
        columns: [
          ...first,
          { title: "resource" },
          { title: "path" },
          { title: "when" },
          { title: "state", optional: true },
          { title: "page", align: "right", optional: true },
          { title: "run", optional: true },
          { title: "row" }
        ],
        rows: rejects.map((one) => [
          ...name(one),
          one.resource,
          place(one.path),
          one.rejected_at.slice(0, 19).replace("T", " "),
          one.state,
          String(one.page),
          one.run,
          beginning(one.raw, most)
        ])
      },
      view
    )
    const more =
      total > rejects.length
        ? [style.dim(`  the latest ${rejects.length} of ${Format.count(total)}; --limit shows more`)]
        : []
    return [title, counts, rows, ...more].join("\n\n")
  })

/**
 * @since 0.1.0
 * @category combinators
 */
export const replay = (done: Replay, view: View.View): Effect.Effect<string> =>
  Effect.gen(function* () {
    const { style } = view
    if (done.resources.length === 0) return `${style.green("✓ complete")}: no row is in quarantine`
    const title = `${style.bold(done.source)} ${style.dim("→")} ${style.bold(done.db)}   ${style.dim(`run ${done.run}`)}`
    const number = (value: number) => (value === 0 ? style.dim("0") : Format.count(value))
    const shown = counts.filter(({ key, rare }) => !rare || done.resources.some((line) => line[key] > 0))
    const grid = yield* Grid.render(
      {
        columns: [
          { title: "resource" },
          { title: "status" },
          ...shown.map(({ title }) => ({ title, align: "right" as const }))
        ],
        rows: done.resources.map((line) => [
          line.name,
          ReceiptView.status(line.status, style),
          ...shown.map(({ key }) => number(line[key]))
        ])
      },
      view
    )
    const notes = done.resources.flatMap((line) => [
      ...(line.error === null ? [] : [{ mark: style.red("✗"), name: line.name, text: line.error.message }]),
      ...line.notices.map((text) => ({ mark: style.yellow("·"), name: line.name, text }))
    ])
    const indent = Math.max(0, ...notes.map(({ name }) => name.length)) + 6
    const lines = notes.map(({ mark, name, text }) =>
      Format.hang(`  ${mark} ${name}`, text, { indent, columns: Format.measure(view) })
    )
    return [title, grid, ...(lines.length > 0 ? [lines.join("\n")] : []), verdict(done, view)].join("\n\n")
  })

// --- internal ---

const counts: ReadonlyArray<{
  readonly key: "stored" | "obsolete" | "left_out" | "queued" | "remaining"
  readonly title: string
  readonly rare: boolean
}> = [
  { key: "stored", title: "stored", rare: false },
  { key: "obsolete", title: "obsolete", rare: true },
  { key: "left_out", title: "left out", rare: true },
  { key: "queued", title: "to be fetched", rare: true },
  { key: "remaining", title: "remaining", rare: false }
]

const verdict = ({ db, resources, status }: Replay, { style }: View.View): string => {
  const sum = (key: keyof Line & ("stored" | "remaining" | "queued")) =>
    resources.reduce((total, line) => total + line[key], 0)
  const next = sum("queued") > 0 ? "; the next sync fetches the rows of the parents" : ""
  switch (status) {
    case "complete":
      return `${style.green("✓ complete")}: nothing is left in quarantine of what was asked for${next}`
    case "partial":
      return `${style.yellow("! partial")}: ${Format.plural(sum("remaining"), "row remains", "rows remain")}; sluice rejects list --db ${db} has their reasons${next}`
    case "failed":
      return `${style.red("✗ failed")}: the rows stay in quarantine`
    case "interrupted":
      return `${style.yellow("! interrupted")}: what is stored has left the quarantine; run the same command again to go on`
  }
}

const place = (path: string) => (path === "" ? "(the row)" : printable(path))

const beginning = (raw: string, most: number): string => {
  const text = printable(raw)
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** Keys are an API's to choose, and a terminal obeys what it is shown. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, "\ufffd")
