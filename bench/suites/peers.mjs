/**
 * Other tools on the same pages: Airbyte's CDK with a declarative manifest, which reads and loads nothing, and a Singer tap and
 * target of Meltano's SDK, which load one table, lists as JSON, appended. Both do less than sluice here.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { environment, time } from "../python.mjs"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, sift } from "../statistics.mjs"

export const about = "against Airbyte's CDK and a Singer tap and target, a first load"
export const sizes = { full: { rows: 30_000, rounds: 5 } }
export const maxMinutes = 15

const airbyte = {
  title: "Airbyte CDK, read only",
  requirements: "python/requirements-airbyte.txt",
  words: (into) => ["python", "airbyte_read.py", into],
  count: (_, output) => readFileSync(output, "utf8").split('{"type":"RECORD"').length - 1
}

const singer = {
  title: "Singer tap and target",
  requirements: "python/requirements-singer.txt",
  words: (into) => {
    const config = join(into, "config.json")
    writeFileSync(config, JSON.stringify({ database: join(into, "singer.db") }))
    return ["python", "singer_tap.py", "|", "python", "singer_target.py", "--config", config]
  },
  count: (into) => {
    const db = new Database(join(into, "singer.db"), { readonly: true })
    const count = db.prepare("SELECT count(*) FROM orders").pluck().get()
    db.close()
    return count
  }
}

const peers = { airbyte, singer }

/** Those that can be run here, with their interpreter, and why the others cannot. */
const available = async (progress) => {
  const found = {}
  const notes = []
  for (const [name, { requirements, title }] of Object.entries(peers)) {
    const { python, skipped } = await environment(name, requirements, progress)
    if (skipped === undefined) found[name] = python
    else notes.push(`${title}: ${skipped}`)
  }
  return { found, notes }
}

export const measure = async ({ folder, progress, rounds, rows }) => {
  const { found, notes } = await available(progress)
  if (Object.keys(found).length === 0) return { skipped: notes.join("; ") }
  const on = await stage({ folder, shape: "plain", rows })
  const into = join(folder, "peer")
  const runs = {
    sluice: async () => {
      on.clear()
      const run = await on.sluice(on.database("sluice"))
      expect("first load", run.receipt, { fetched: rows, inserted: rows })
      return run
    }
  }
  for (const [name, python] of Object.entries(found)) {
    runs[name] = async () => {
      rmSync(into, { recursive: true, force: true })
      mkdirSync(into)
      const run = await time(on, into, python, peers[name].words(into))
      if (run.isLate) throw new Error(`${name} was not done after ${Math.round(run.wallMillis / 1000)} s`)
      const count = peers[name].count(into, run.output)
      if (count !== rows) throw new Error(`${name}: ${count} rows instead of ${rows}`)
      return run
    }
  }
  try {
    const all = []
    for (let number = 1; number <= rounds; number++) {
      const taken = {}
      const names = Object.keys(runs)
      for (const name of number % 2 === 0 ? names.reverse() : names) {
        taken[name] = await runs[name]()
        progress(`round ${number}, ${name}`, taken[name])
      }
      all.push(taken)
    }
    const { counts, kept } = sift(all)
    const bars = Object.keys(found).map((name) => ({
      id: `peers.${name}`,
      what: `first load, ${peers[name].title} / sluice`,
      ...ratio(kept, "wallMillis", name, "sluice"),
      atLeast: 1
    }))
    return { bars, ...counts, measured: medians(kept), notes: notes.map((note) => `skipped: ${note}`) }
  } finally {
    on.close()
  }
}
