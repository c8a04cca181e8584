/**
 * Against dlt's `rest_api` source, into SQLite by its `sqlalchemy` destination: the same server and rows, merged by the same key,
 * with the same child tables. A first load, and one more of the same rows. dlt is the one that conformance/ pins.
 */
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { environment, time } from "../python.mjs"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, round2, sift } from "../statistics.mjs"

export const about = "against dlt 1.26, a first load and a merge of the same rows"
export const sizes = { full: { rows: 30_000, rounds: 5 } }
export const maxMinutes = 25

/** Their merge takes time by the square of the rows. */
const mergeTimeout = 15 * 60_000

const counts = (file) => {
  const db = new Database(file, { readonly: true })
  const tables = ["orders", "orders__tags", "orders__lines"]
  const found = tables.map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  db.close()
  return found.join()
}

const check = (on, folder) => {
  const [ours, theirs] = [counts(on.database("sluice")), counts(join(folder, "dlt.db"))]
  if (ours !== theirs) throw new Error(`rows in the tables: ${ours}, and with dlt ${theirs}`)
}

export const measure = async ({ folder, progress, rounds, rows }) => {
  const { python, skipped } = await environment("dlt", "../conformance/requirements.txt", progress)
  if (skipped !== undefined) return { skipped }
  const on = await stage({ folder, shape: "plain", rows })
  const into = join(folder, "dlt")
  const load = (timeout) => time(on, into, python, ["python", "dlt_load.py", into], timeout)
  try {
    const all = []
    let merged
    for (let number = 1; number <= rounds; number++) {
      rmSync(into, { recursive: true, force: true })
      mkdirSync(into)
      on.clear()
      const taken = {}
      for (const side of number % 2 === 0 ? ["sluice", "dlt"] : ["dlt", "sluice"]) {
        taken[`${side}_first`] = side === "dlt" ? await load() : await on.sluice(on.database("sluice"))
        progress(`round ${number}, ${side}, first load`, taken[`${side}_first`])
      }
      expect("first load", taken.sluice_first.receipt, { fetched: rows, inserted: rows })
      check(on, into)
      taken.sluice_again = await on.sluice(on.database("sluice"))
      expect("second load", taken.sluice_again.receipt, { fetched: rows, unchanged: rows })
      progress(`round ${number}, sluice, again`, taken.sluice_again)
      all.push(taken)
      if (number > 1) continue
      merged = await load(mergeTimeout)
      progress("dlt, again, once only", { ...merged, cpuMillis: undefined })
      if (!merged.isLate) check(on, into)
    }
    const { counts: tally, kept } = sift(all)
    const measured = medians(kept)
    return {
      bars: [
        {
          id: "dlt.first",
          what: "first load, dlt / sluice",
          ...ratio(kept, "wallMillis", "dlt_first", "sluice_first"),
          atLeast: 8
        },
        {
          id: "dlt.first_cpu",
          what: "first load, processor time",
          ...ratio(kept, "cpuMillis", "dlt_first", "sluice_first")
        },
        {
          id: "dlt.again",
          what: `the same rows again, dlt (once${merged.isLate ? ", ended by a time-out" : ""}) / sluice`,
          value: round2(merged.wallMillis / measured.sluice_again.wall_ms),
          atLeast: 50
        }
      ],
      ...tally,
      measured: { ...measured, dlt_again: { wall_ms: Math.round(merged.wallMillis) } },
      notes: merged.isLate ? [`dlt's second load was ended after ${Math.round(merged.wallMillis / 1000)} s`] : []
    }
  } finally {
    on.close()
  }
}
