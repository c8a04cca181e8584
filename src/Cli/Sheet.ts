/**
 * A page of help as data, and how it is laid out on a screen. Pure, and free of Effect: help is shown before that is loaded.
 */
import * as Format from "./Format.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Sheet = ReadonlyArray<Section>

/**
 * One without lines is not shown.
 *
 * @since 0.1.0
 * @category models
 */
export interface Section {
  readonly title?: string | undefined
  readonly lines: ReadonlyArray<Line>
}

/**
 * A paragraph, or something with its explanation beside it.
 *
 * @since 0.1.0
 * @category models
 */
export type Line = string | readonly [label: string, text: string]

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (sheet: Sheet, view: View.View): string => {
  const columns = Math.min(view.columns, 100)
  const indent = 2
  return sheet
    .filter(({ lines }) => lines.length > 0)
    .map(({ lines, title }) => {
      const labels = lines.flatMap((line) => (typeof line === "string" ? [] : [line[0].length]))
      const longest = Math.max(0, ...labels)
      // Where labels are long, such as whole commands, each has a line of its own.
      const own = longest > 34
      const column = own ? indent + 4 : indent + longest + 3
      const body = lines.map((line) => {
        if (typeof line === "string")
          return Format.hang("", line, { indent: title === undefined ? 0 : indent, columns })
        const [name, text] = line
        const head = " ".repeat(indent) + view.style.cyan(name)
        return own
          ? `${head}\n${Format.hang("", text, { indent: column, columns })}`
          : Format.hang(head, text, { indent: column, columns })
      })
      return title === undefined ? body.join("\n\n") : [view.style.bold(title), ...body].join("\n")
    })
    .join("\n\n")
}
