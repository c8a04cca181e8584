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
import type * as ShellModule from "./Shell.ts"
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
  Effect.gen(function*() {
    const shell = yield* Shell
    if (!shell.err.isTerminal) return { report: () => Effect.void, stop: Effect.void }
    const { createLogUpdate } = yield* Effect.promise(() => import("log-update"))
    // It hides the cursor with a library that ends the program itself on a signal; so that is done here.
    const update = createLogUpdate(shell.stderr as NodeJS.WritableStream, { showCursor: true })
    const states = new Map<string, State>(resources.map((name) => [name, { since: undefined, latest: undefined, took: 0 }]))
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
    yield* Effect.acquireRelease(Effect.sync(() => shell.stderr.write(hideCursor)), () => stop)
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
export const render = (states: ReadonlyMap<string, State>, now: number, view: ShellModule.View): string => {
  const indent = Math.max(0, ...[...states.keys()].map((name) => name.length)) + 4
  return [...states].map(([name, state]) => {
    const [mark, text] = line(state, now, view)
    return cut(`${mark} ${name}`.padEnd(indent + mark.length - Style.width(mark)) + text, view.columns - 1)
  }).join("\n")
}

// --- internal ---

const hideCursor = "\u001b[?25l"
const showCursor = "\u001b[?25h"

const line = ({ latest, since, took }: State, now: number, { columns, style }: ShellModule.View): readonly [mark: string, text: string] => {
  if (latest === undefined || since === undefined) return [style.dim("·"), style.dim("waiting")]
  const { pages, rows, state, total } = latest
  const facts = `${Format.plural(pages, "page")}, ${Format.plural(rows, "row")}`
  if (state === "done") return [style.green("✓"), style.dim(facts)]
  // The first page is the start of the clock: its own time is not known.
  const perSecond = took > 0 ? (rows - rows / pages) / (took / 1000) : undefined
  const rate = perSecond === undefined ? "" : `, ${Format.count(Math.round(perSecond))} rows/s`
  const mark = style.cyan(spinner[Math.floor(now / 100) % spinner.length]!)
  if (total === undefined || total <= 0) return [mark, `${facts}${rate}`]
  const share = Math.min(1, rows / total)
  const left = perSecond === undefined || perSecond <= 0 ? "" : `, ${Format.duration(Math.max(0, total - rows) / perSecond * 1000)} left`
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  return [mark, `${columns < 70 ? "" : bar(share, style)}${percent}  ${facts}${rate}${left}`]
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

const bar = (share: number, style: Style.Style) => {
  const size = 20
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
