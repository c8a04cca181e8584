/**
 * What `sync --archive` costs a first load, how large the archive gets, and how long a rebuild takes. Runs only when it is named.
 */
import { statSync } from "node:fs"
import Database from "better-sqlite3"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, sift } from "../statistics.mjs"

export const about = "what an archive costs, and a rebuild from it"
export const sizes = { full: { rows: 100_000, rounds: 5 } }
export const maxMinutes = 10
export const onlyWhenNamed = true

const sizeOf = (file) => {
  const db = new Database(file, { readonly: true })
  const pages = db
    .prepare(
      "SELECT count(*) AS pages, sum(bytes) AS json_bytes, sum(length(body)) AS stored_bytes FROM _sluice_archive WHERE kind = 'page'"
    )
    .get()
  db.close()
  return pages
}

export const measure = async ({ folder, progress, rounds, rows }) => {
  const on = await stage({ folder, shape: "messages", rows: Math.ceil(rows / 500) * 500 })
  const [without, kept] = [on.database("sluice"), on.database("archive")]
  try {
    const all = []
    let sizes
    for (let number = 1; number <= rounds; number++) {
      const taken = {}
      const take = async (name, run) => {
        taken[name] = await run()
        progress(`round ${number}, ${name}`, taken[name])
      }
      const loads = [
        ["without", () => on.sluice(without)],
        ["archived", () => on.sluice(kept, [], "--archive")]
      ]
      for (const [name, run] of number % 2 === 0 ? loads.reverse() : loads) {
        await take(name, run)
        expect(name, taken[name].receipt, { fetched: on.rows, inserted: on.rows })
      }
      sizes = {
        ...sizeOf(kept),
        database_without_bytes: statSync(without).size,
        database_archived_bytes: statSync(kept).size
      }
      await take("rebuild", () => on.rebuild(kept))
      on.clear()
      all.push(taken)
    }
    const { counts, kept: reckoned } = sift(all)
    const bar = (id, what, field, above) => ({ id: `archive.${id}`, what, ...ratio(reckoned, field, above, "without") })
    return {
      bars: [
        bar("cpu", "first load with an archive / without, processor time", "cpuMillis", "archived"),
        bar("wall", "the same, wall time", "wallMillis", "archived"),
        bar("memory", "the same, peak memory", "rssMb", "archived"),
        bar("rebuild_cpu", "rebuild / first load, processor time", "cpuMillis", "rebuild"),
        bar("rebuild_wall", "the same, wall time", "wallMillis", "rebuild"),
        {
          id: "archive.stored",
          what: "pages in the archive / their JSON, bytes",
          value: Math.round((sizes.stored_bytes / sizes.json_bytes) * 100) / 100
        }
      ],
      ...counts,
      sizes,
      measured: medians(reckoned)
    }
  } finally {
    on.close()
  }
}
