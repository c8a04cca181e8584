/**
 * A sample of rows as people read it: the resource's own table, as many columns as the screen has room for, then its lists.
 */
import * as Effect from "effect/Effect"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import type * as Sample from "./Sample.ts"
import type * as View from "./View.ts"
import * as Style from "./Style.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (sample: Sample.Sample, view: View.View): Effect.Effect<string> =>
  Effect.map(grid(sample, view), (rows) => {
    const { style } = view
    const of = sample.parent === null ? "" : style.dim(` of ${sample.parent}`)
    const [root, ...lists] = sample.tables
    return [
      `${style.bold(sample.source)} ${style.dim("·")} ${style.bold(sample.resource)}${of} ${style.dim("→")} ${root?.name ?? ""}`,
      rows,
      ...(lists.length === 0 ? [] : [lists.map((table) => list(table, view)).join("\n")]),
      summary(sample, view)
    ].join("\n\n")
  })

// --- internal ---

const gap = 2
const indent = 2

const grid = (sample: Sample.Sample, view: View.View): Effect.Effect<string> => {
  const { style } = view
  const [root] = sample.tables
  if (root === undefined || root.rows.length === 0) return Effect.succeed(style.dim("  no rows"))
  const most = view.isTerminal ? 32 : 80
  const cells = root.rows.map((row) => root.columns.map(({ name }) => shorten(row[name] ?? null, most)))
  const widths = root.columns.map(({ name }, i) =>
    Math.max(name.length, ...cells.map((row) => Style.width(row[i] ?? "")))
  )
  const fits = Math.max(1, room(widths, view.columns))
  const kept = root.columns.slice(0, fits)
  const table = Grid.render(
    {
      columns: kept.map(({ name, type }) => ({ title: name, align: numbers.has(type) ? "right" : "left" })),
      rows: cells.map((row) => row.slice(0, fits).map((text) => (text === "" ? style.dim("null") : text)))
    },
    view
  )
  const hidden = root.columns.slice(fits).map(({ name }) => name)
  return Effect.map(table, (text) =>
    hidden.length === 0
      ? text
      : `${text}\n${Format.hang("", style.dim(`and ${Format.plural(hidden.length, "column")} more: ${hidden.join(", ")}`), { indent, columns: Format.measure(view) })}`
  )
}

/** How many of the columns the screen has room for. */
const room = (widths: ReadonlyArray<number>, screen: number): number => {
  let used = indent - gap
  const over = widths.findIndex((width) => {
    used += width + gap
    return used > screen
  })
  return over < 0 ? widths.length : over
}

const numbers = new Set(["integer", "real", "boolean"])

/** One line, nothing a terminal obeys; the empty text for null. */
const shorten = (value: string | number | null, most: number): string => {
  if (value === null) return ""
  const text = String(value).replaceAll(/[\s\p{C}]+/gu, " ")
  if (text === "") return `""`
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text
}

const list = (table: Sample.Table, view: View.View) =>
  Format.hang(
    `  ${view.style.bold(table.name)} `,
    `${Format.plural(table.count, "row")} on the page${table.columns.length === 0 ? "" : ": "}${table.columns.map(({ name }) => name).join(", ")}`,
    { indent: table.name.length + 4, columns: Format.measure(view) }
  )

const summary = (sample: Sample.Sample, view: View.View) => {
  const { style } = view
  const { fetched, filtered, rejected, shown } = sample.rows
  const columns = Format.measure(view)
  const key =
    sample.primary_key.length === 0
      ? "no key: rows are appended"
      : `key ${sample.primary_key.join(" + ")}${sample.primary_key_inferred ? ", inferred" : ""}`
  const note = (text: string) => Format.hang(`  ${style.yellow("·")} `, text, { indent: 4, columns })
  const [reject] = sample.rejects
  return [
    `${style.green("✓")} ${shown} of ${Format.plural(fetched, "row")} on the first page; ${key}; paginator ${sample.paginator}; nothing was written`,
    ...(filtered === 0
      ? []
      : [note(`${Format.plural(filtered, "row")} left out by processing steps or the incremental range`)]),
    ...(reject === undefined
      ? []
      : [
          note(
            `${Format.plural(rejected, "row")} would be set aside, the first because at ${reject.path || "its top"}: ${reject.reason}`
          )
        ]),
    ...sample.notices.map(note)
  ].join("\n")
}
