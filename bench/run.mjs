/**
 * `npm run bench`: sluice's command line against a hand-written floor, same server, same tables, whole processes.
 *
 * Per round, in turns: first load, load again with nothing changed, and for sluice with 1 % changed. Prints medians and ratios
 * of wall time. A round in which other programs took more than a quarter of a core is left out where enough others remain.
 */
import { mkdirSync, rmSync } from "node:fs"
import process from "node:process"
import { parseArgs } from "node:util"
import { compare } from "./compare.mjs"
import * as Machine from "./machine.mjs"
import { profile } from "./profile.mjs"
import * as Report from "./report.mjs"
import { stage } from "./stage.mjs"

const help = `npm run bench -- [--messages N] [--rounds N] [--smoke] [--json] [--profile DIR] [--floor-pragmas LIST]

--messages N         Messages the server has; 200000 unless said otherwise, in pages of 500.
--rounds N           Rounds to take medians over; 5 unless said otherwise.
--smoke              5000 messages, one round: whether it works, not how fast it is.
--json               One JSON document on stdout instead of a table.
--profile DIR        Beside the rounds, one run of each under the profiler: the .cpuprofile files, and a summary on stderr.
--floor-pragmas LIST Further pragmas for the floor, separated by ";", to see what sluice owes to its own.
`

const { values } = parseArgs({
  options: {
    messages: { type: "string" },
    rounds: { type: "string" },
    smoke: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    profile: { type: "string" },
    "floor-pragmas": { type: "string", default: "" },
    help: { type: "boolean", short: "h", default: false }
  }
})
if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}

const whole = (name, fallback, least) => {
  const value = values[name] === undefined ? fallback : Number(values[name])
  if (Number.isInteger(value) && value >= least) return value
  process.stderr.write(`bench: --${name} must be a whole number, ${least} or more\n`)
  process.exit(2)
}
// A whole number of pages, so that one message in a hundred is exactly 1 %.
const messages = Math.ceil(whole("messages", values.smoke ? 5000 : 200_000, 500) / 500) * 500
const rounds = whole("rounds", values.smoke ? 1 : 5, 1)
const floorPragmas = values["floor-pragmas"].split(";").filter((pragma) => pragma.trim() !== "")

const say = (line) => process.stderr.write(`bench: ${line}\n`)

/** Exact counts, so that a fast run that did something else is no result. */
const expect = (what, receipt, wanted) => {
  const [{ rows }] = receipt.resources
  for (const [name, value] of Object.entries({
    fetched: messages,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    ...wanted
  })) {
    if (receipt.status !== "complete" || rows[name] !== value) {
      throw new Error(`${what}: ${receipt.status}, ${JSON.stringify(rows)}; expected ${name} to be ${value}`)
    }
  }
}

const round = async (on, number) => {
  const [floor, sluice] = [on.database("floor"), on.database("sluice")]
  const result = {}
  const take = async (name, run) => {
    result[name] = await run()
    const { cpuMillis, foreignCores, wallMillis } = result[name]
    say(
      `round ${number}, ${name}: ${(wallMillis / 1000).toFixed(2)} s, CPU ${(cpuMillis / 1000).toFixed(2)} s, ` +
        `others used ${foreignCores.toFixed(2)} cores`
    )
  }
  // Who goes first changes with the round: what one leaves in caches, the other must not always find.
  const inTurns = (pairs) => (number % 2 === 0 ? [...pairs].reverse() : pairs)
  await on.serve("base")
  for (const [name, run] of inTurns([
    ["floor_first", () => on.floor(floor)],
    ["sluice_first", () => on.sluice(sluice)]
  ])) {
    await take(name, run)
  }
  expect("first load", result.sluice_first.receipt, { inserted: messages })
  const rows = number === 1 ? compare(sluice, floor) : undefined
  for (const [name, run] of inTurns([
    ["floor_again", () => on.floor(floor)],
    ["sluice_again", () => on.sluice(sluice)]
  ])) {
    await take(name, run)
  }
  expect("second load", result.sluice_again.receipt, { unchanged: messages })
  await on.serve("changed")
  await take("sluice_changed", () => on.sluice(sluice))
  expect("1 % changed", result.sluice_changed.receipt, {
    updated: messages / 100,
    unchanged: messages - messages / 100
  })
  if (number === 1) {
    await on.floor(floor)
    compare(sluice, floor)
    say(`both wrote the same data, also after 1 % changed: ${JSON.stringify(rows)}`)
  }
  on.clear()
  return { ...result, rows }
}

const folder = `${Machine.storage()}/sluice-bench-${process.pid}`
mkdirSync(folder)
try {
  say(`rendering ${messages} messages`)
  const on = await stage({ folder, messages, floorPragmas })
  try {
    const drained = await on.drain()
    const taken = []
    for (let number = 1; number <= rounds; number++) taken.push(await round(on, number))
    if (values.profile !== undefined) await profile(on, values.profile, say)
    const report = Report.make({
      machine: Machine.describe(),
      messages,
      bytes: on.bytes,
      floorPragmas,
      drained,
      rounds: taken
    })
    process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : Report.table(report))
  } finally {
    on.close()
  }
} catch (error) {
  say(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
