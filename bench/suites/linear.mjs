/**
 * Whether the time goes with the number of rows: a load of all rows against one of a quarter of them, the first and one more.
 */
import { join } from "node:path"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, sift } from "../statistics.mjs"

export const about = "four times the rows against the time they take"
export const sizes = { full: { rows: 400_000, rounds: 5 }, smoke: { rows: 24_000, rounds: 2 } }
export const maxMinutes = 12

export const measure = async ({ folder, progress, rounds, rows }) => {
  const many = Math.ceil(rows / 2000) * 2000
  const stages = {}
  try {
    for (const [name, count] of Object.entries({ whole: many, quarter: many / 4 })) {
      stages[name] = await stage({ folder: join(folder, name), shape: "plain", rows: count })
    }
    const all = []
    for (let number = 1; number <= rounds; number++) {
      const taken = {}
      const names = number % 2 === 0 ? ["quarter", "whole"] : ["whole", "quarter"]
      for (const [load, outcome] of Object.entries({ first: "inserted", again: "unchanged" })) {
        for (const name of names) {
          const on = stages[name]
          const run = await on.sluice(on.database("sluice"))
          expect(`${name}, ${load}`, run.receipt, { fetched: on.rows, [outcome]: on.rows })
          taken[`${name}_${load}`] = run
          progress(`round ${number}, ${on.rows} rows, ${load}`, run)
        }
      }
      for (const on of Object.values(stages)) on.clear()
      all.push(taken)
    }
    const { counts, kept } = sift(all)
    const bar = (load) => ({
      id: `linear.${load}`,
      what: `${many} rows : ${many / 4} rows, ${load === "first" ? "first load" : "again, nothing changed"}`,
      ...ratio(kept, "wallMillis", `whole_${load}`, `quarter_${load}`),
      atMost: 4.3
    })
    const gate = (load) => ({
      id: `linear.${load}_cpu`,
      value: ratio(kept, "cpuMillis", `whole_${load}`, `quarter_${load}`).value,
      better: "less"
    })
    return {
      bars: [bar("first"), bar("again")],
      gates: [gate("first"), gate("again")],
      ...counts,
      measured: medians(kept)
    }
  } finally {
    for (const on of Object.values(stages)) on.close()
  }
}
