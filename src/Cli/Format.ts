/**
 * Numbers, times and long lines as people read them. Pure; the same on every runtime and in every locale.
 */
import * as Style from "./Style.ts"

/**
 * `1,234,567`
 *
 * @since 0.1.0
 * @category combinators
 */
export const count = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",")

/**
 * `1 row`, `1,200 rows`
 *
 * @since 0.1.0
 * @category combinators
 */
export const plural = (value: number, one: string, many: string = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/**
 * `412 ms`, `4.1 s`, `2 min 5 s`, `3 h 12 min`
 *
 * @since 0.1.0
 * @category combinators
 */
export const duration = (millis: number): string => {
  if (millis < 1000) return `${Math.round(millis)} ms`
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`
  const seconds = Math.round(millis / 1000)
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/**
 * How long ago, in one unit: `just now`, `5 min ago`, `3 days ago`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ago = (millis: number): string => {
  const seconds = Math.floor(millis / 1000)
  if (seconds < 5) return "just now"
  if (seconds < 90) return `${seconds} s ago`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}

/**
 * `3.1 MB`
 *
 * @since 0.1.0
 * @category combinators
 */
export const bytes = (value: number): string => {
  const unit = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3))
  return unit === 0 ? `${value} B` : `${(value / 1000 ** unit).toFixed(1)} ${["kB", "MB", "GB"][unit - 1]}`
}

/**
 * How wide a text should be: 120 columns at most on a terminal, one line each in a pipe.
 *
 * @since 0.1.0
 * @category accessors
 */
export const measure = (view: { readonly columns: number; readonly isTerminal: boolean }): number =>
  view.isTerminal ? Math.min(view.columns, 120) : Infinity

/**
 * Breaks at spaces so that no line is longer than `columns`; a longer word stays whole. Line breaks are kept.
 *
 * @since 0.1.0
 * @category combinators
 */
export const wrap = (text: string, columns: number): ReadonlyArray<string> =>
  text.split("\n").flatMap((line) => {
    const lines: Array<string> = []
    let current = /^ */.exec(line)![0]
    for (const word of line.trim().split(" ")) {
      const next = current.trim() === "" ? current + word : `${current} ${word}`
      if (current.trim() !== "" && Style.width(next) > columns) {
        lines.push(current)
        current = word
      } else current = next
    }
    return [...lines, current]
  })

/**
 * A label and a text beside it, wrapped into its own column.
 *
 * @since 0.1.0
 * @category combinators
 */
export const hang = (
  label: string,
  text: string,
  options: { readonly indent: number; readonly columns: number }
): string => {
  const { columns, indent } = options
  const [first = "", ...rest] = wrap(text, Math.max(24, columns - indent))
  const head = label + " ".repeat(Math.max(0, indent - Style.width(label)))
  return [head + first, ...rest.map((line) => " ".repeat(indent) + line)].join("\n")
}
