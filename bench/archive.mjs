/**
 * `node bench/archive.mjs`: what `sync --archive` costs a first load, how large the archive gets, and how long a rebuild takes.
 *
 * Loads with and without in turns, whole processes, and prints medians of time on the processor and of wall time, and their
 * ratios. 100,000 messages in 200 pages of 500, unless `--messages` says otherwise.
 */
import { mkdirSync, rmSync, statSync } from "node:fs"
import process from "node:process"
import { parseArgs } from "node:util"
import Database from "better-sqlite3"
import { stage } from "./stage.mjs"

const { values } = parseArgs({ options: { messages: { type: "string" }, rounds: { type: "string" } } })
const messages = Number(values.messages ?? 100_000)
const rounds = Number(values.rounds ?? 5)
const folder = `/dev/shm/sluice-bench-archive-${process.pid}`

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

mkdirSync(folder, { recursive: true })
const on = await stage({ folder, shape: "messages", rows: messages })
try {
  const plain = []
  const kept = []
  const rebuilt = []
  let sizes
  for (let round = 0; round < rounds; round++) {
    on.clear()
    plain.push(await on.sluice(on.database("sluice")))
    kept.push(await on.sluice(on.database("archive"), [], "--archive"))
    sizes = { plain: statSync(on.database("sluice")).size, kept: statSync(on.database("archive")).size }
    rebuilt.push(await on.rebuild(on.database("archive")))
    process.stderr.write(`bench: round ${round + 1} of ${rounds}\n`)
  }
  const db = new Database(on.database("archive"), { readonly: true })
  const archive = db
    .prepare(
      "SELECT count(*) AS pages, sum(bytes) AS json, sum(length(body)) AS stored FROM _sluice_archive WHERE kind = 'page'"
    )
    .get()
  db.close()
  const of = (runs) => ({
    cpu: Math.round(median(runs.map(({ cpuMillis }) => cpuMillis))),
    wall: Math.round(median(runs.map(({ wallMillis }) => wallMillis))),
    rss: Math.round(median(runs.map(({ rssMb }) => rssMb)))
  })
  const ratios = (a, b, what) => a.map((run, i) => run[what] / b[i][what])
  const table = { plain: of(plain), kept: of(kept), rebuild: of(rebuilt) }
  process.stdout.write(
    `${JSON.stringify(
      {
        messages,
        rounds,
        ...table,
        cpuRatio: median(ratios(kept, plain, "cpuMillis")),
        wallRatio: median(ratios(kept, plain, "wallMillis")),
        rebuildToLoad: median(ratios(rebuilt, plain, "wallMillis")),
        rebuildToLoadCpu: median(ratios(rebuilt, plain, "cpuMillis")),
        archive,
        sizes
      },
      null,
      2
    )}\n`
  )
} finally {
  on.close()
  rmSync(folder, { recursive: true, force: true })
}
