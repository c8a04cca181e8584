/**
 * sluice's command line against a hand-written floor: same server, same tables, whole processes.
 *
 * Per round, in turns: first load, load again with nothing changed, and for sluice with 1 % changed. Both are checked to have
 * written the same data, and a load in which nothing changed to have left every page of every data table as it was.
 */
import { join } from "node:path"
import { compare } from "../compare.mjs"
import { profile } from "../profile.mjs"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, sift } from "../statistics.mjs"
import { changedSince, digests } from "../untouched.mjs"

export const about = "a first load, an unchanged one and one with 1 % changed, against a hand-written floor"
export const sizes = { full: { rows: 200_000, rounds: 5 }, smoke: { rows: 20_000, rounds: 3, shapes: ["plain"] } }
export const maxMinutes = 15

const round = async (on, number, say) => {
  const [floor, sluice] = [on.database("floor"), on.database("sluice")]
  const taken = {}
  const take = async (name, run) => {
    taken[name] = await run()
    say(number, name, taken[name])
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
  expect("first load", taken.sluice_first.receipt, { fetched: on.rows, inserted: on.rows })
  const tables = number === 1 ? compare(sluice, floor) : undefined
  const before = number === 1 ? digests(sluice) : undefined
  for (const [name, run] of inTurns([
    ["floor_again", () => on.floor(floor)],
    ["sluice_again", () => on.sluice(sluice)]
  ])) {
    await take(name, run)
  }
  expect("second load", taken.sluice_again.receipt, { fetched: on.rows, unchanged: on.rows })
  const written = number === 1 ? changedSince(before, sluice) : undefined
  await on.serve("changed")
  await take("sluice_changed", () => on.sluice(sluice))
  const updated = on.rows / 100
  expect("1 % changed", taken.sluice_changed.receipt, { fetched: on.rows, updated, unchanged: on.rows - updated })
  if (number === 1) {
    await on.floor(floor)
    compare(sluice, floor)
  }
  on.clear()
  return { taken, tables, written }
}

const measureShape = async ({ folder, rows, rounds, shape, floorPragmas, profileInto, progress }) => {
  const on = await stage({ folder: join(folder, shape), shape, rows, sets: ["base", "changed"], floorPragmas })
  try {
    const drained = await on.drain()
    const all = []
    for (let number = 1; number <= rounds; number++) {
      all.push(await round(on, number, (number, name, run) => progress(`${shape}, round ${number}, ${name}`, run)))
    }
    if (profileInto !== undefined) await profile(on, join(profileInto, shape), (text) => progress(text))
    const { counts, kept } = sift(all.map(({ taken }) => taken))
    const of = (above, below, field = "wallMillis") => ratio(kept, field, above, below)
    return {
      shape,
      ...counts,
      json_mb: Math.round(on.bytes / 1e5) / 10,
      tables: all[0].tables,
      written_when_nothing_changed: all[0].written,
      server_rows_per_second: Math.round(rows / (drained.wallMillis / 1000)),
      ratios: {
        first: of("floor_first", "sluice_first"),
        first_cpu: of("floor_first", "sluice_first", "cpuMillis"),
        again: of("sluice_again", "sluice_first"),
        changed: of("sluice_changed", "sluice_first"),
        again_cpu: of("sluice_again", "sluice_first", "cpuMillis"),
        changed_cpu: of("sluice_changed", "sluice_first", "cpuMillis"),
        again_to_floor: of("floor_again", "sluice_again")
      },
      measured: medians(kept)
    }
  } finally {
    on.close()
  }
}

const barsOf = ({ ratios, shape, written_when_nothing_changed: written }) => {
  // The bars speak of plain rows; the others are reported beside them.
  const limit = (bar) => (shape === "plain" ? bar : undefined)
  const id = (name) => `load.${shape}.${name}`
  return [
    {
      id: id("first"),
      what: `${shape}: first load, floor / sluice`,
      ...ratios.first,
      atLeast: limit(0.8),
      better: "more"
    },
    {
      id: id("again"),
      what: `${shape}: again, nothing changed, to its own first`,
      ...ratios.again,
      atMost: limit(0.7)
    },
    {
      id: id("changed"),
      what: `${shape}: again, 1 % changed, to its own first`,
      ...ratios.changed,
      atMost: limit(0.75)
    },
    { id: id("first_cpu"), what: `${shape}: first load, processor time`, ...ratios.first_cpu },
    { id: id("again_to_floor"), what: `${shape}: again, floor / sluice`, ...ratios.again_to_floor },
    {
      id: id("written"),
      what: `${shape}: again, data tables and indices written to`,
      value: written.filter((name) => !name.includes("_sluice_")).length,
      atMost: 0,
      exact: true
    }
  ]
}

const gatesOf = ({ ratios, shape }) => [
  { id: `load.${shape}.first_cpu`, value: ratios.first_cpu.value, better: "more" },
  { id: `load.${shape}.again_cpu`, value: ratios.again_cpu.value, better: "less" },
  { id: `load.${shape}.changed_cpu`, value: ratios.changed_cpu.value, better: "less" }
]

export const measure = async (options) => {
  const shapes = []
  for (const shape of options.shapes ?? ["plain", "messages"]) {
    shapes.push(
      await measureShape({
        ...options,
        rows: Math.ceil(options.rows / 500) * 500,
        // No bar speaks of the others.
        rounds: shape === "plain" ? options.rounds : Math.min(options.rounds, 3),
        shape
      })
    )
  }
  return { bars: shapes.flatMap(barsOf), gates: shapes.flatMap(gatesOf), shapes }
}
