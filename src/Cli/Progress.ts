/**
 * Where each resource stands, redrawn on a terminal while a sync is at work; nothing at all in a pipe.
 *
 * On stderr, by log-update, which is loaded only when there is somebody to look. Leaves no trace when it stops.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type * as Sync from "../Sync.ts"
import * as Format from "./Format.ts"
import { Shell } from "./Shell.ts"
import type * as View from "./View.ts"
import * as Style from "./Style.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** For `Sync.run`. */
  readonly report: (progress: Sync.Progress) => Effect.Effect<void>
  /** Clears the screen of it; before anything else is printed. */
  readonly stop: Effect.Effect<void>
}

/**
 * Draws until the scope closes or it is stopped.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (resources: ReadonlyArray<string>): Effect.Effect<Progress, never, Shell | Scope.Scope> =>
  Effect.gen(function* () {
    const shell = yield* Shell
    if (!shell.err.isTerminal) return { report: () => Effect.void, stop: Effect.void }
    const { createLogUpdate } = yield* Effect.promise(() => import("log-update"))
    // It hides the cursor with a library that ends the program itself on a signal; so that is done here.
    const update = createLogUpdate(screen(shell), { showCursor: true })
    const states = new Map<string, State>(
      resources.map((name) => [name, { since: undefined, latest: undefined, took: 0 }])
    )
    let running = true
    const draw = Effect.map(Clock.currentTimeMillis, (now) => {
      if (running) update(shell.mask(render(states, now, shell.err)))
    })
    const stop = Effect.sync(() => {
      if (!running) return
      running = false
      update.clear()
      shell.stderr.write(showCursor)
    })
    yield* Effect.acquireRelease(
      Effect.sync(() => shell.stderr.write(hideCursor)),
      () => stop
    )
    yield* Effect.forkScoped(Effect.repeat(draw, Schedule.spaced("100 millis")))
    return {
      report: (latest: Sync.Progress) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const since = states.get(latest.resource)?.since ?? now
          states.set(latest.resource, { since, latest, took: now - since })
        }),
      stop
    }
  })

/**
 * @since 0.1.0
 * @category models
 */
export interface State {
  /** When its first page came. */
  readonly since: number | undefined
  readonly latest: Sync.Progress | undefined
  /** Milliseconds from then to the latest page. */
  readonly took: number
}

/**
 * One line per resource: a bar and what is left where a total is known, counts where not.
 *
 * @since 0.1.0
 * @category combinators
 */
export const render = (states: ReadonlyMap<string, State>, now: number, view: View.View): string => {
  const indent = Math.max(0, ...[...states.keys()].map((name) => name.length)) + 4
  const size = Math.min(24, view.columns - 1 - indent - longest)
  return [...states]
    .map(([name, state]) => {
      const [mark, text] = line(state, now, size, view.style)
      return cut(`${mark} ${name}`.padEnd(indent + mark.length - Style.width(mark)) + text, view.columns - 1)
    })
    .join("\n")
}

// --- internal ---

/** A terminal that does not know its size says 0. */
const screen = ({ err, stderr }: Shell["Type"]) =>
  ({
    write: (text: string) => stderr.write(text),
    get columns() {
      return err.columns
    },
    get rows() {
      return stderr.rows !== undefined && stderr.rows > 0 ? stderr.rows : 24
    }
  }) as unknown as NodeJS.WritableStream

const hideCursor = "\u001b[?25l"
const showCursor = "\u001b[?25h"

/** ` 60 %  8.1 s left, 1,964 rows/s, 102,000 rows, 204 pages` */
const longest = 54

const line = (
  { latest, since, took }: State,
  now: number,
  size: number,
  style: Style.Style
): readonly [mark: string, text: string] => {
  if (latest === undefined || since === undefined) return [style.dim("·"), style.dim("waiting")]
  const { before, pages, rows, state, total } = latest
  const facts = `${Format.plural(rows, "row")}, ${Format.plural(pages, "page")}`
  if (state === "done") return [style.green("✓"), style.dim(facts)]
  const mark = style.cyan(spinner[Math.floor(now / 100) % spinner.length]!)
  // The first page is the start of the clock: its own time is not known.
  const perSecond = took > 0 ? (rows - rows / pages) / (took / 1000) : 0
  const speed = perSecond > 0 ? `${Format.count(Math.round(perSecond))} rows/s, ` : ""
  if (total === undefined || total <= 0) return [mark, `${speed}${facts}`]
  const share = Math.min(1, (before + rows) / total)
  const left = perSecond > 0 ? `${Format.duration((Math.max(0, total - before - rows) / perSecond) * 1000)} left, ` : ""
  return [mark, `${bar(share, size, style)}${`${Math.floor(share * 100)} %`.padStart(5)}  ${left}${speed}${facts}`]
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

/** Nothing where it would be too short to tell anything. */
const bar = (share: number, size: number, style: Style.Style) => {
  if (size < 6) return ""
  const full = Math.round(share * size)
  return style.cyan("━".repeat(full)) + style.dim("─".repeat(size - full))
}

/** A line that wraps would be redrawn in the wrong place. */
const cut = (line: string, columns: number): string => {
  if (Style.width(line) <= columns) return line
  let out = ""
  let width = 0
  for (const part of line.split(pieces)) {
    if (pieces.test(part)) out += part
    else {
      out += [...part].slice(0, Math.max(0, columns - width)).join("")
      width += [...part].length
    }
  }
  return out
}

// oxlint-disable-next-line no-control-regex -- that is what an escape sequence begins with
const pieces = /(\u001b\[[0-9;]*m)/
