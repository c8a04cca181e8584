/**
 * A sync by a cursor when nothing is new: it must not matter how much the table already holds.
 *
 * The server answers with the newest row, once more. The large table is made from the small one by SQL: every row again and
 * again under other keys, with the rows of its lists.
 */
import { copyFileSync } from "node:fs"
import Database from "better-sqlite3"
import { expect, stage } from "../stage.mjs"
import { medians, ratio, sift } from "../statistics.mjs"

export const about = "a sync by a cursor in which nothing is new, on a large and on a small table"
export const sizes = { full: { rows: 1_000_000, rounds: 11 }, smoke: { rows: 100_000, rounds: 5 } }
export const maxMinutes = 6

const small = 10_000

const quoted = (names) => names.map((name) => `"${name}"`).join(", ")

/** `times` more of every row of the three tables. */
const fill = (file, times) => {
  const db = new Database(file)
  db.pragma("synchronous = OFF")
  db.exec("BEGIN")
  for (const [table, key] of Object.entries({
    orders: "id",
    orders__tags: "_parent_id",
    orders__lines: "_parent_id"
  })) {
    const others = db.pragma(`table_info("${table}")`).flatMap(({ name }) => (name === key ? [] : [name]))
    db.prepare(
      `WITH RECURSIVE copy(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < ?)
       INSERT INTO "${table}" ("${key}", ${quoted(others)})
       SELECT printf('%08x', k) || substr("${key}", 9), ${quoted(others)} FROM copy, "${table}"`
    ).run(times)
  }
  db.exec("COMMIT")
  const count = db.prepare("SELECT count(*) FROM orders").pluck().get()
  db.close()
  return count
}

export const measure = async ({ folder, progress, rounds, rows }) => {
  const on = await stage({ folder, shape: "plain", rows: small, env: { SLUICE_BENCH_CURSOR: "1" } })
  try {
    const first = await on.sluice(on.database("small"))
    expect("first load", first.receipt, { fetched: small, inserted: small })
    copyFileSync(on.database("small"), on.database("large"))
    const many = fill(on.database("large"), Math.round(rows / small) - 1)
    progress(`a table of ${many} rows is made`)
    const all = []
    for (let number = 1; number <= rounds; number++) {
      const taken = {}
      for (const name of number % 2 === 0 ? ["large", "small"] : ["small", "large"]) {
        taken[name] = await on.sluice(on.database(name))
        const [{ requests, rows: counts }] = taken[name].receipt.resources
        expect(name, taken[name].receipt, { unchanged: counts.fetched })
        if (counts.fetched > 1 || requests !== 1)
          throw new Error(`${name}: ${requests} requests, ${counts.fetched} rows`)
        progress(`round ${number}, ${name}`, taken[name])
      }
      all.push(taken)
    }
    const { counts, kept } = sift(all)
    return {
      bars: [
        {
          id: "noop.size",
          what: `nothing new, a table of ${many} rows : one of ${small}`,
          ...ratio(kept, "wallMillis", "large", "small"),
          atMost: 1.2
        }
      ],
      gates: [{ id: "noop.size_cpu", value: ratio(kept, "cpuMillis", "large", "small").value, better: "less" }],
      ...counts,
      measured: medians(kept)
    }
  } finally {
    on.close()
  }
}
