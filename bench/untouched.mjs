/**
 * Which pages of a database file a run left as they were: a digest of all pages of each table and each index, byte by byte.
 *
 * Reads the file itself, by the page numbers SQLite's `dbstat` tells, so a row that is written again with the same values
 * but elsewhere, or a page that is written for nothing, is seen too. Nobody else may have the database open.
 */
import { createHash } from "node:crypto"
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs"
import Database from "better-sqlite3"

/** Name of each table and index to its digest. */
export const digests = (file) => {
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0)
    throw new Error(`${file} has a log that is not merged`)
  const db = new Database(file, { readonly: true })
  const size = db.pragma("page_size", { simple: true })
  const owners = db.prepare("SELECT name, pageno FROM dbstat ORDER BY name, pageno").raw().all()
  db.close()
  const hashes = new Map()
  const page = Buffer.alloc(size)
  const from = openSync(file, "r")
  try {
    for (const [name, number] of owners) {
      readSync(from, page, 0, size, (number - 1) * size)
      if (!hashes.has(name)) hashes.set(name, createHash("sha1"))
      hashes.get(name).update(`${number}:`).update(page)
    }
  } finally {
    closeSync(from)
  }
  return Object.fromEntries([...hashes].map(([name, hash]) => [name, hash.digest("hex")]))
}

/** Tables and indices that are not as they were. Throws where one of them holds data. */
export const changedSince = (before, file) => {
  const now = digests(file)
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  const changed = [...names].filter((name) => before[name] !== now[name]).sort()
  const data = changed.filter((name) => !/^(sqlite_autoindex_)?_sluice_|^sqlite_schema$/.test(name))
  if (data.length > 0) throw new Error(`a load in which nothing changed has written to ${data.join(", ")}`)
  return changed
}
