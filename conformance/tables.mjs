/**
 * Reads a database that sluice wrote into the form the goldens have: sluice's own columns gone, child rows inside their parents under
 * `>table`, times as UTC text of microseconds, nulls left out.
 */
import Database from "better-sqlite3"

/** @param {string} path @returns {Record<string, object>} */
export const read = (path) => {
  const database = new Database(path, { readonly: true })
  database.defaultSafeIntegers()
  try {
    return tablesOf(database)
  } finally {
    database.close()
  }
}

// --- internal ---

const tablesOf = (database) => {
  const names = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sluice%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name"
    )
    .pluck()
    .all()
  const types = typesOf(database)
  const tables = {}
  /** Trees of a table's rows with what they are found by. */
  const stored = {}
  for (const name of names) {
    const columns = database.pragma(`table_info("${name}")`).map((column) => column.name)
    const links = database.pragma(`foreign_key_list("${name}")`).map((link) => link.from)
    const own = (column) =>
      column.startsWith("_sluice_") || (links.length > 0 && (column === "_idx" || links.includes(column)))
    const shown = columns.filter((column) => !own(column)).sort()
    const rows = database.prepare(`SELECT * FROM "${name}"`).all()
    tables[name] = {
      columns: Object.fromEntries(shown.map((column) => [column, types[name]?.[column] ?? stamps(rows, column)]))
    }
    stored[name] = rows.map((row) => ({
      row,
      tree: {
        ...Object.fromEntries(
          shown
            .filter((column) => row[column] !== null)
            .map((column) => [column, cell(row[column], tables[name].columns[column])])
        ),
        ...(columns.includes("_sluice_valid_to") ? { $retired: row._sluice_valid_to !== null } : {})
      }
    }))
  }
  for (const name of names) {
    const links = database.pragma(`foreign_key_list("${name}")`)
    if (links.length === 0) continue
    tables[name].parent = links[0].table
    const key = (row, side) => JSON.stringify(links.map((link) => String(row[link[side]])))
    const parents = new Map(stored[links[0].table].map(({ row, tree }) => [key(row, "to"), tree]))
    for (const { row, tree } of stored[name].toSorted((a, b) => Number(a.row._idx - b.row._idx))) {
      const holder = parents.get(key(row, "from"))
      if (holder === undefined) (tables[name].orphans ??= []).push(tree)
      else (holder[`>${name}`] ??= []).push(tree)
    }
  }
  for (const name of names)
    if (tables[name].parent === undefined) tables[name].rows = stored[name].map(({ tree }) => tree)
  return tables
}

/** Types by table and column, of each resource's newest shape. */
const typesOf = (database) => {
  const types = {}
  for (const shape of database.prepare("SELECT shape FROM _sluice_schema ORDER BY version").pluck().all()) {
    for (const table of JSON.parse(shape).tables) {
      for (const column of table.columns) (types[table.name] ??= {})[column.name] = column.type
    }
  }
  return types
}

/** The stamps of versions (scd2) are columns of sluice's, whose names a configuration may choose: no shape lists them. */
const stamps = (rows, column) =>
  rows.length > 0 && rows.every((row) => row[column] === null || time.test(row[column])) ? "timestamp" : "unknown"

const time = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/

const cell = (value, type) => {
  if (typeof value === "bigint") {
    return value > 2n ** 53n || value < -(2n ** 53n) ? `$int:${value}` : Number(value)
  }
  if (value instanceof Uint8Array) return `$bytes:${Buffer.from(value).toString("hex")}`
  if (type === "json") return JSON.parse(value)
  if (type === "decimal") return Number(value)
  if (type === "time") return value.replace(/\.0*$|(?<=\..*)0+$/, "")
  const parts = type === "timestamp" ? time.exec(value) : null
  if (parts === null) return value
  const fraction = (parts[2] ?? "").slice(0, 6).replace(/0+$/, "")
  return `${parts[1]}${fraction === "" ? "" : "."}${fraction}Z`
}
