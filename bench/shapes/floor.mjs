/**
 * What the floors share: the database as sluice makes it, prepared upserts, and the walk over the pages.
 *
 * `fetch`, `JSON.parse`, prepared upserts row by row; the same tables, keys, foreign keys and pragmas as sluice's, one
 * transaction per page. No Effect, no decoding, no check of any field, no checkpoint, no detection of changes, no retry.
 * Timestamps are stored as they come; rows that left a list stay.
 */
import { readFileSync } from "node:fs"
import process from "node:process"
import Database from "better-sqlite3"

const { SLUICE_BENCH_HEADER, SLUICE_BENCH_PAGE, SLUICE_BENCH_PRAGMAS, SLUICE_BENCH_TOKEN } = process.env

/** The database named by the first argument, with the tables of the second. */
export const open = () => {
  const [file, ddl] = process.argv.slice(2)
  const db = new Database(file)
  const pragmas = [
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    ...JSON.parse(SLUICE_BENCH_PRAGMAS ?? "[]")
  ]
  for (const pragma of pragmas) db.pragma(pragma)
  const isEmpty = db.prepare("SELECT count(*) FROM sqlite_master").pluck().get() === 0
  if (isEmpty) for (const statement of JSON.parse(readFileSync(ddl, "utf8"))) db.exec(statement)
  return db
}

export const upsert = (db, table, keys, columns) => {
  const all = [...keys, ...columns]
  return db.prepare(
    `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")}) ` +
      `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`
  )
}

/** `store` writes one body and says how many rows it had, of how many in all. */
export const each = async (db, store) => {
  const begin = db.prepare("BEGIN IMMEDIATE")
  const commit = db.prepare("COMMIT")
  const headers = { accept: "application/json", [SLUICE_BENCH_HEADER]: SLUICE_BENCH_TOKEN }
  for (let total = 1, offset = 0; offset < total;) {
    const response = await fetch(`${SLUICE_BENCH_PAGE}${offset}`, { headers })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const body = JSON.parse(await response.text())
    begin.run()
    const stored = store(body)
    commit.run()
    total = stored.total
    offset += stored.rows
  }
}
