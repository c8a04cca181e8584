/**
 * How long the command line takes to start, above a runtime that does nothing; see `../start.mjs`. Time on
 * the clock of a tenth of a second is not held against the baseline: a busy program beside makes it half as much again.
 */
import { measure as start } from "../start.mjs"

export const about = "the start of the command line, above `node -e 0`"
export const sizes = { full: { rounds: 21 }, smoke: { rounds: 7 } }
export const maxMinutes = 4

const atMost = { "--version": 120, "--help": 120, plan: 250 }

export const measure = ({ rounds, smoke }) => {
  const runtimes = start({ runs: rounds, only: smoke ? `node ${process.versions.node}` : undefined })
  const own = `Node ${process.versions.node}`
  const bars = runtimes.flatMap(({ commands, runtime }) =>
    commands.map(({ above, command }) => ({
      id: `start.${runtime}.${command}`,
      what: `${runtime}: ${command}, ms above nothing`,
      value: above,
      // The bars speak of the Node that runs this; the others are reported beside it.
      ...(runtime === own && atMost[command] !== undefined ? { atMost: atMost[command] } : {})
    }))
  )
  return { bars, runtimes }
}
