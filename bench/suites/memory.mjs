/**
 * Peak memory of a first load (resident set, of the process): as it comes, and with V8's old space capped at 96 MB, where it must
 * not grow with the number of rows: without a cap V8 takes what it likes.
 */
import { join } from "node:path"
import { expect, stage } from "../stage.mjs"
import { median, medians, round2, sift } from "../statistics.mjs"

export const about = "peak memory, and whether it grows with the rows"
export const sizes = { full: { rows: 500_000, rounds: 3 }, smoke: { rows: 20_000, rounds: 2 } }
export const maxMinutes = 12

const capped = ["--max-old-space-size=96"]

export const measure = async ({ folder, progress, rounds, rows }) => {
  const many = Math.ceil(rows / 5000) * 5000
  const stages = {}
  try {
    for (const [name, count] of Object.entries({ whole: many, tenth: many / 10 })) {
      stages[name] = await stage({ folder: join(folder, name), shape: "plain", rows: count })
    }
    const all = []
    for (let number = 1; number <= rounds; number++) {
      const taken = {}
      for (const [name, on, nodeArgs] of [
        ["whole", stages.whole, []],
        ["whole_capped", stages.whole, capped],
        ["tenth_capped", stages.tenth, capped]
      ]) {
        const run = await on.sluice(on.database("sluice"), nodeArgs)
        expect(name, run.receipt, { fetched: on.rows, inserted: on.rows })
        on.clear()
        taken[name] = run
        progress(`round ${number}, ${name}`, run)
      }
      all.push(taken)
    }
    const of = (name) => all.map((round) => round[name].rssMb)
    const growth = all.map((round) => round.whole_capped.rssMb / round.tenth_capped.rssMb)
    const peak = Math.round(median(of("whole")))
    const grown = round2(median(of("whole_capped")) / median(of("tenth_capped")))
    return {
      gates: [
        { id: "memory.peak", value: peak, better: "less" },
        { id: "memory.growth", value: grown, better: "less" }
      ],
      bars: [
        {
          id: "memory.peak",
          what: `${many} rows: peak, MB`,
          value: peak,
          least: Math.round(Math.min(...of("whole"))),
          most: Math.round(Math.max(...of("whole"))),
          atMost: 200
        },
        {
          id: "memory.growth",
          what: `${many} rows : ${many / 10} rows, peak, old space of 96 MB`,
          value: grown,
          least: round2(Math.min(...growth)),
          most: round2(Math.max(...growth)),
          atMost: 1.1
        }
      ],
      // What other programs do takes time, not memory: no round is left out.
      ...sift(all).counts,
      rounds_used: all.length,
      measured: medians(all)
    }
  } finally {
    for (const on of Object.values(stages)) on.close()
  }
}
