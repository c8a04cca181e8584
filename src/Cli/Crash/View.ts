/**
 * What a crash test found, as data and for people.
 */
import * as Effect from "effect/Effect"
import * as FailPoint from "../../FailPoint.ts"
import * as Grid from "../Grid.ts"
import type * as View from "../View.ts"
import type { Outcome } from "./Trial.ts"

/**
 * `crash-test --json`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Report {
  readonly source: string
  readonly recorded: number
  readonly trials: number
  readonly kills: number
  readonly unjudged: number
  readonly where: ReadonlyArray<Line>
  readonly differences: ReadonlyArray<{
    readonly where: string
    readonly kills: Outcome["kills"]
    readonly what: ReadonlyArray<string>
  }>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Line {
  readonly name: string
  readonly trials: number
  readonly kills: number
  readonly different: number
  readonly unjudged: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const report = (source: string, recorded: number, outcomes: ReadonlyArray<Outcome>): Report => {
  const names = [...FailPoint.names, "twice", "at random"].filter((name) =>
    outcomes.some(({ where }) => where === name)
  )
  const all = line("all", outcomes)
  return {
    source,
    recorded,
    trials: all.trials,
    kills: all.kills,
    unjudged: all.unjudged,
    where: names.map((name) =>
      line(
        name,
        outcomes.filter(({ where }) => where === name)
      )
    ),
    differences: outcomes
      .filter(({ differences }) => differences.length > 0)
      .map(({ differences, kills, where }) => ({ where, kills, what: differences }))
  }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (found: Report, view: View.View): Effect.Effect<string> =>
  Effect.map(
    Grid.render(
      {
        columns: [
          { title: "killed" },
          { title: "trials", align: "right" },
          { title: "kills", align: "right" },
          { title: "different", align: "right" },
          { title: "not judged", align: "right" }
        ],
        rows: found.where.map(cells),
        footer: ["all", found.trials, found.kills, found.differences.length, found.unjudged].map(String)
      },
      view
    ),
    (grid) => [grid, ...found.differences.slice(0, shown).map(difference), conclusion(found, view)].join("\n\n")
  )

// --- internal ---

const shown = 20

const line = (name: string, outcomes: ReadonlyArray<Outcome>): Line => ({
  name,
  trials: outcomes.length,
  kills: outcomes.reduce((sum, { killed }) => sum + killed, 0),
  different: outcomes.filter(({ differences }) => differences.length > 0).length,
  unjudged: outcomes.filter(({ unjudged }) => unjudged).length
})

const cells = ({ different, kills, name, trials, unjudged }: Line) => [
  name,
  ...[trials, kills, different, unjudged].map(String)
]

const difference = ({ kills, what }: Report["differences"][number]): string => {
  const more = what.length > shown ? [`  and ${what.length - shown} more`] : []
  const how = kills.map((kill) => ("place" in kill ? kill.place : `after ${kill.afterMillis} ms`)).join(", then ")
  return [`Killed at ${how}:`, ...what.slice(0, shown).map((text) => `  ${text}`), ...more].join("\n")
}

const conclusion = ({ differences, kills, trials, unjudged }: Report, { style }: View.View): string => {
  const unsaid =
    unjudged === 0 ? "" : ` Of ${unjudged} nothing can be said: their runs asked for what was not recorded.`
  if (kills === 0) return style.red(`No run was killed.${unsaid}`)
  return differences.length === 0
    ? `${style.green(`No difference after ${kills} kills in ${trials} trials.`)}${unsaid}`
    : `${style.red(`${differences.length} of ${trials} trials differ.`)}${unsaid} Please report it: nothing should be lost or doubled.`
}
