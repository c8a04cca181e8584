/**
 * A document taken apart: blocks that may hold a configuration, and the prose around them with its headings.
 *
 * Outside the row's path, pure. Every block knows where its characters stand in the document. Reads no language.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Block {
  /** What the fence says, in lower case; `undefined` if it says nothing. */
  readonly language: string | undefined
  readonly text: string
  /** Offset in the document of an offset in `text`. */
  readonly at: (offset: number) => number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Line {
  readonly text: string
  readonly at: number
}

/**
 * A heading and what stands below it, up to the next heading of any level.
 *
 * @since 0.1.0
 * @category models
 */
export interface Section {
  /** 0: what stands above the first heading. */
  readonly level: number
  readonly title: string
  readonly at: number
  readonly lines: ReadonlyArray<Line>
  readonly blocks: ReadonlyArray<Block>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Parts {
  readonly blocks: ReadonlyArray<Block>
  readonly sections: ReadonlyArray<Section>
}

/**
 * A document that is one block as a whole.
 *
 * @since 0.1.0
 * @category constructors
 */
export const whole = (text: string, language: string | undefined): Block => ({ language, text, at: (offset) => offset })

/**
 * Blocks that are one program, in their order.
 *
 * @since 0.1.0
 * @category constructors
 */
export const joined = (blocks: ReadonlyArray<Block>): Block => {
  const starts: Array<number> = []
  let text = ""
  for (const block of blocks) {
    starts.push(text.length)
    text += `${block.text}\n`
  }
  return {
    language: "python",
    text,
    at: (offset) => {
      const index = Math.max(
        0,
        starts.findLastIndex((start) => start <= offset)
      )
      return blocks[index]?.at(offset - (starts[index] ?? 0)) ?? 0
    }
  }
}

/**
 * The code cells of a notebook. Places are those of a cell's start.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notebook = (document: string): ReadonlyArray<Block> => {
  let cells: unknown
  try {
    const parsed: unknown = JSON.parse(document)
    cells = typeof parsed === "object" && parsed !== null && "cells" in parsed ? parsed.cells : []
  } catch {
    return []
  }
  let from = 0
  return (Array.isArray(cells) ? cells : []).flatMap((cell: unknown) => {
    if (typeof cell !== "object" || cell === null || !("source" in cell)) return []
    if (!("cell_type" in cell) || cell.cell_type !== "code") return []
    const lines: ReadonlyArray<unknown> = Array.isArray(cell.source) ? cell.source : [cell.source]
    const text = lines.filter((line) => typeof line === "string").join("")
    const first = JSON.stringify(text.split("\n")[0] ?? "").slice(1, -1)
    const start = Math.max(from, document.indexOf(first, from))
    from = start
    // What starts with % or ! is for the notebook, not for Python.
    return [{ language: "python", text: text.replace(/^(?=[%!])/gm, "#"), at: () => start }]
  })
}

/**
 * The fenced blocks of a Markdown document, and its prose. A fence that is never closed ends with the document.
 *
 * @since 0.1.0
 * @category constructors
 */
export const markdown = (document: string): Parts => {
  const blocks: Array<Block> = []
  const sections: Array<Draft> = [{ level: 0, title: "", at: 0, lines: [], blocks: [] }]
  const current = () => sections.at(-1) ?? none
  let fence: Fence | undefined
  let at = 0
  const close = (open: Fence) => {
    const block = fenced(open)
    blocks.push(block)
    current().blocks.push(block)
  }
  for (const line of document.split("\n")) {
    const text = line.replace(/\r$/, "")
    if (fence !== undefined) {
      const end = /^\s*(`{3,}|~{3,})\s*$/.exec(text)?.[1]
      if (end !== undefined && end.startsWith(fence.mark)) {
        close(fence)
        fence = undefined
      } else {
        fence.lines.push({ text: line, at })
      }
    } else {
      const start = /^(\s*(?:[-*+]\s+|\d+\.\s+)?)(`{3,}|~{3,})\s*([^`\s{]*)[^`]*$/.exec(text)
      const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(text)
      if (start !== null) {
        fence = {
          mark: start[2] ?? "```",
          indent: (start[1] ?? "").length,
          language: start[3]?.toLowerCase() || undefined,
          lines: []
        }
      } else if (heading !== null) {
        sections.push({
          level: heading[1]?.length ?? 1,
          title: plain((heading[2] ?? "").slice(0, longest)),
          at,
          lines: [],
          blocks: []
        })
      } else if (text.trim() !== "") {
        current().lines.push({ text: text.slice(0, longest), at })
      }
    }
    at += line.length + 1
  }
  if (fence !== undefined) close(fence)
  return { blocks, sections }
}

/**
 * A text without Markdown's marks: `**Max Retries**` → `Max Retries`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*|__(?=\S)|(?<=\S)__|`/g, "")
    .trim()

// --- internal ---

/** Nobody says more in a line, and patterns take their time with one that has no end. */
const longest = 1_000

interface Draft extends Section {
  readonly lines: Array<Line>
  readonly blocks: Array<Block>
}

const none: Draft = { level: 0, title: "", at: 0, lines: [], blocks: [] }

interface Fence {
  readonly mark: string
  readonly indent: number
  readonly language: string | undefined
  readonly lines: Array<Line>
}

/** Without the indentation of the fence, or Python would not read it. */
const fenced = ({ indent, language, lines }: Fence): Block => {
  const common = Math.min(
    ...lines.filter(({ text }) => text.trim() !== "").map(({ text }) => /^\s*/.exec(text)?.[0].length ?? 0),
    Math.max(indent, 1_000)
  )
  const cut = lines.map(({ at, text }) => {
    const drop = Math.min(common, text.length)
    return { text: text.slice(drop), at: at + drop }
  })
  const starts: Array<number> = []
  let offset = 0
  for (const { text } of cut) {
    starts.push(offset)
    offset += text.length + 1
  }
  return {
    language,
    text: cut.map(({ text }) => text).join("\n"),
    at: (of) => {
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= of) low = middle
        else high = middle - 1
      }
      return (cut[low]?.at ?? 0) + of - (starts[low] ?? 0)
    }
  }
}
