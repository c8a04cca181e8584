/**
 * Whether two databases hold the same data: every table of the DDL, row by row in the order of its key, every data column.
 *
 * Bookkeeping columns (`_sluice_…`) are left out. Timestamps count as instants: the floor keeps the API's text, sluice
 * stores UTC of fixed width, which is checked here too.
 */
import Database from "better-sqlite3"

/** Rows per table; throws at the first difference. */
export const compare = (ours, theirs) => {
  const left = new Database(ours, { readonly: true })
  const right = new Database(theirs, { readonly: true })
  try {
    const counts = {}
    for (const table of dataTables(left)) counts[table] = compareTable(left, right, table)
    return counts
  } finally {
    left.close()
    right.close()
  }
}

export const dataTables = (db) =>
  db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sluice%' ESCAPE '\\' ORDER BY rowid"
    )
    .pluck()
    .all()

const compareTable = (left, right, table) => {
  const columns = left.pragma(`table_info("${table}")`)
  const names = columns.map(({ name }) => name).filter((name) => !name.startsWith("_sluice"))
  const keys = columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name)
  const list = (names) => names.map((name) => `"${name}"`).join(", ")
  const text = `SELECT ${list(names)} FROM "${table}" ORDER BY ${list(keys)}`
  const [rows, others] = [left, right].map((db) => db.prepare(text).safeIntegers().raw().iterate())
  let count = 0
  try {
    for (const row of rows) {
      const match = others.next()
      if (match.done) throw new Error(`${table}: the other side has only ${count} rows`)
      names.forEach((name, i) => {
        if (!same(name, row[i], match.value[i])) {
          throw new Error(`${table}: row ${count} differs in ${name}: ${String(row[i])} | ${String(match.value[i])}`)
        }
      })
      count++
    }
    if (!others.next().done) throw new Error(`${table}: the other side has more than ${count} rows`)
  } finally {
    // What is still open would hide the reason by an error of its own.
    others.return()
  }
  return count
}

const same = (name, ours, theirs) =>
  name.endsWith("_at") ? instant(ours, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/) === instant(theirs) : ours === theirs

/** Nanoseconds since 1970. */
const instant = (text, form = /^/) => {
  const match = /^(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null || !form.test(text)) throw new Error(`not a timestamp as it should be: ${text}`)
  const [, seconds, fraction = "", zone] = match
  return BigInt(Date.parse(seconds + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"))
}
