/**
 * Colours for people: plain functions from text to text, or the identity where nobody sees colours.
 *
 * Outside the row's path, pure. Whether a stream shows colours is `Shell`'s to decide.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (colored: boolean): Style => {
  const paint = (open: number, close: number) => (text: string) =>
    colored && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39)
  }
}

/**
 * Columns a text takes on a terminal; colours take none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const width = (text: string): number => [...text.replaceAll(escape, "")].length

// --- internal ---

// oxlint-disable-next-line no-control-regex -- that is what an escape sequence begins with
const escape = /\u001b\[[0-9;]*m/g
