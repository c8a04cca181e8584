/**
 * Small tables without boxes: a header, a thin rule, aligned columns. Drawn by cli-table3, loaded when the first one is needed.
 */
import * as Effect from "effect/Effect"
import type * as View from "./View.ts"
import * as Style from "./Style.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly title: string
  readonly align?: "left" | "right" | undefined
  /** Left out, the last one first, where the table would be wider than the screen. */
  readonly optional?: boolean | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly columns: ReadonlyArray<Column>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  /** Set apart by a rule, e.g. a total. */
  readonly footer?: ReadonlyArray<string> | undefined
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (options: Options, view: View.View): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => import("cli-table3")),
    ({ default: Table }) => {
      const { footer, rows } = options
      const all = [options.columns.map(({ title }) => title), ...rows, ...(footer === undefined ? [] : [footer])]
      const widths = options.columns.map((_, index) => Math.max(...all.map((row) => Style.width(row[index] ?? ""))))
      const kept = fit(options.columns, widths, view.columns)
      const pick = (row: ReadonlyArray<string>) => kept.map((index) => row[index] ?? "")
      const table = new Table({
        chars: bare,
        style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
        colAligns: kept.map((index) => options.columns[index]!.align ?? "left")
      })
      table.push(
        pick(options.columns.map(({ title }) => view.style.dim(title))),
        ...rows.map(pick),
        ...(footer === undefined ? [] : [pick(footer)])
      )
      const lines = table
        .toString()
        .split("\n")
        .map((line) => line.trimEnd())
      const rule = view.style.dim("─".repeat(kept.reduce((sum, index) => sum + widths[index]! + gap, -gap)))
      lines.splice(1, 0, rule)
      if (footer !== undefined) lines.splice(-1, 0, rule)
      return lines.map((line) => `  ${line}`).join("\n")
    }
  )

// --- internal ---

const gap = 2

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(gap)
}

const fit = (columns: ReadonlyArray<Column>, widths: ReadonlyArray<number>, screen: number): ReadonlyArray<number> => {
  const kept = columns.map((_, index) => index)
  const width = () => kept.reduce((sum, index) => sum + widths[index]! + gap, 0)
  for (let index = columns.length - 1; index >= 0 && width() > screen; index--) {
    if (columns[index]!.optional === true) kept.splice(kept.indexOf(index), 1)
  }
  return kept
}
