/**
 * What is in a database, as people read it: resources first, then the last runs, then what needs a word. Pure but for tables.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Position } from "../Page.ts"
import type * as Receipt from "../Receipt.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import type * as Ledger from "./Ledger.ts"
import * as ReceiptView from "./ReceiptView.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (ledger: Ledger.Ledger, now: number, view: View.View): Effect.Effect<string> =>
  Effect.gen(function* () {
    const { style } = view
    const parts = [
      `${style.bold(ledger.db)} ${style.dim(Format.bytes(ledger.bytes) + archived(ledger))}`,
      ...(ledger.resources.length === 0
        ? [style.dim("  no resource has been synced yet")]
        : [yield* resources(ledger, view)]),
      yield* runs(ledger, now, view)
    ]
    const notes = notesOf(ledger, now)
    const indent = Math.max(0, ...notes.map(([name]) => name.length)) + 6
    const lines = notes.map(([name, text]) =>
      Format.hang(`  ${style.yellow("·")} ${name}`, text, { indent, columns: Format.measure(view) })
    )
    return [...parts, ...(lines.length === 0 ? [] : [lines.join("\n")])].join("\n\n")
  })

// --- internal ---

const archived = ({ archive }: Ledger.Ledger) =>
  archive === null
    ? ""
    : `, of which ${Format.plural(archive.pages, "archived page")} take ${Format.bytes(archive.bytes)}`

const resources = ({ resources }: Ledger.Ledger, view: View.View) => {
  const { style } = view
  const several = new Set(resources.map(({ source }) => source)).size > 1
  return Grid.render(
    {
      columns: [
        ...(several ? [{ title: "source" }] : []),
        { title: "resource" },
        { title: "table" },
        { title: "rows", align: "right" },
        { title: "last complete" },
        { title: "last run" },
        { title: "rejects", align: "right", optional: true }
      ],
      rows: resources.map(({ last, last_complete, name, rejects, rows, source, table }) => [
        ...(several ? [source] : []),
        name,
        table,
        rows === null ? style.dim("–") : Format.count(rows),
        last_complete === null ? style.yellow("never") : Format.ago(last_complete.age_seconds * 1000),
        status(last.status, view),
        rejects === 0 ? style.dim("0") : style.yellow(Format.count(rejects))
      ])
    },
    view
  )
}

const runs = ({ runs }: Ledger.Ledger, now: number, view: View.View) =>
  Grid.render(
    {
      columns: [
        { title: "run" },
        { title: "source" },
        { title: "status" },
        { title: "started" },
        { title: "took", align: "right", optional: true }
      ],
      rows: runs
        .slice(0, 5)
        .map(({ finished_at, run, source, started_at, status: word }) => [
          run,
          source,
          status(word, view),
          Format.ago(now - Date.parse(started_at)),
          finished_at === null ? "" : Format.duration(Date.parse(finished_at) - Date.parse(started_at))
        ])
    },
    view
  )

const words = new Set(["complete", "partial", "failed", "interrupted", "skipped", "running"])

const status = (word: string, { style }: View.View) =>
  words.has(word) ? ReceiptView.status(word as Receipt.Resource["status"] | "running", style) : word

const notesOf = (
  { resources, runs, writer }: Ledger.Ledger,
  now: number
): ReadonlyArray<readonly [name: string, text: string]> => [
  ...(writer === null ? [] : [[writer.command, writing(writer, now)] as const]),
  ...runs
    .slice(0, 1)
    .flatMap(({ run, status, updated_at }): ReadonlyArray<readonly [string, string]> =>
      status === "running" && writer?.live !== true
        ? [
            [
              run,
              `no end is written: killed, with the last sign of life ${Format.ago(now - Date.parse(updated_at))}; the next sync goes on where it was`
            ]
          ]
        : []
    ),
  ...resources.flatMap(({ checkpoint, last, name, rejects }) => [
    // Otherwise the lines below say what is missing.
    ...(last.completeness === null ||
    last.completeness.proven ||
    last.error !== null ||
    checkpoint !== null ||
    rejects > 0
      ? []
      : [
          [
            name,
            last.status === "complete"
              ? `nothing proves that the last run read everything: ${last.completeness.why}`
              : `the last run did not read everything: ${last.completeness.why}`
          ] as const
        ]),
    ...(Predicate.hasProperty(last.error, "message") ? [[name, String(last.error.message)] as const] : []),
    ...(checkpoint === null
      ? []
      : [
          [
            name,
            `unfinished: the next sync goes on after page ${checkpoint.page}${place(checkpoint.position)}`
          ] as const
        ]),
    ...(rejects === 0
      ? []
      : [
          [
            name,
            `${Format.plural(rejects, "row")} set aside: sluice rejects list --resource ${name} has the reasons; rejects replay stores those that fit by now`
          ] as const
        ])
  ])
]

const writing = ({ acquired_at, heartbeat_at, host, live, pid, run }: Ledger.Writer, now: number): string => {
  const who = [pid === null ? undefined : `process ${pid}`, host === null ? undefined : `on ${host}`]
  const seen = `last seen ${Format.ago(now - Date.parse(heartbeat_at))}`
  const since = `since ${acquired_at}`
  const named = [
    who.filter((part) => typeof part === "string").join(" "),
    run === null ? "" : `run ${run}`,
    since,
    seen
  ].filter((part) => part !== "")
  return `${live ? "at work" : "gone without an end"}: ${named.join(", ")}${live ? "" : "; the next sync takes over"}`
}

/** `, at offset 3000, count 500`, or at the URL of a next link; of a child with parents in between nothing. */
const place = (position: unknown): string => {
  const { body, query, url } = (Predicate.isRecord(position) ? position : {}) as Position
  const set = { ...query, ...body }
  const at =
    url ??
    Object.entries(set)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")
  return at === "" ? "" : `, at ${at}`
}
