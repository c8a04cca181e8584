/**
 * Who looks at a stream: a terminal or a pipe, with colours or without, how wide.
 *
 * Reads `NO_COLOR`, `FORCE_COLOR` and `TERM` from whoever knows the environment. Pure, and free of Effect: help is shown
 * before that is loaded.
 */
import * as Style from "./Style.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly isTerminal: boolean
  readonly style: Style.Style
  /** Unlimited where no terminal sets a limit: a line in a log is better found whole. */
  readonly columns: number
}

/**
 * What `process.stdout` and `process.stderr` are, as far as they are used here.
 *
 * @since 0.1.0
 * @category models
 */
export interface Stream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  readonly write: (text: string, done?: (error?: Error | null) => void) => unknown
}

/**
 * The variables that decide about colours; empty where they are not set or may not be looked at.
 *
 * @since 0.1.0
 * @category models
 */
export type Variables = Readonly<Record<"NO_COLOR" | "FORCE_COLOR" | "TERM", string>>

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (stream: Stream, { FORCE_COLOR, NO_COLOR, TERM }: Variables): View => {
  const always = FORCE_COLOR !== "" && FORCE_COLOR !== "0"
  return {
    isTerminal: stream.isTTY === true,
    style: Style.make(NO_COLOR === "" && (always || (stream.isTTY === true && TERM !== "dumb"))),
    get columns() {
      if (stream.isTTY !== true) return Infinity
      return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80
    }
  }
}
