/**
 * What differs between a golden result and ours, as lines that can be declared in differences.json; equal results give no line.
 */

/**
 * @param {object} golden one load as run_dlt.py wrote it
 * @param {object} ours the same, of sluice
 * @returns {string[]}
 */
export const differences = (golden, ours, { load = 1, unordered = false } = {}) =>
  [
    ...outcome(golden, ours),
    ...requests(golden.requests, ours.requests, unordered),
    ...tables(golden.tables, ours.tables)
  ].map((line) => `load ${load}: ${line}`)

/**
 * Declared lines that did not come up, and lines that are not declared; both are failures.
 *
 * @param {string[]} found @param {string[]} declared
 */
export const against = (found, declared) => ({
  undeclared: without(found, declared),
  vanished: without(declared, found)
})

// --- internal ---

/** Elements of `all` beyond those of `taken`, counting how often each occurs. */
const without = (all, taken) => {
  const left = new Map()
  for (const item of taken) left.set(item, (left.get(item) ?? 0) + 1)
  return all.filter((item) => {
    const count = left.get(item) ?? 0
    if (count > 0) left.set(item, count - 1)
    return count === 0
  })
}

const outcome = (golden, ours) =>
  golden.outcome === ours.outcome
    ? []
    : [`outcome: dlt ${golden.outcome}${golden.error ? ` (${golden.error})` : ""}, sluice ${ours.outcome}`]

const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((name) => [name, sorted(value[name])])
        )
      : value

const canonical = (value) => JSON.stringify(sorted(value))

/** By name; values of one name stay in their order. */
const byName = (pairs) => pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** One line for a request. */
const request = ({ method, path, query, headers, body }) => {
  const pairs = byName(query).map(([name, value]) => `${name}=${value}`)
  const parts = [`${method} ${path}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`]
  if (Object.keys(headers).length > 0) parts.push(canonical(headers))
  if (body !== undefined) parts.push(canonical(body.form === undefined ? body : { form: byName(body.form) }))
  return parts.join(" ")
}

const requests = (golden, ours, unordered) => {
  const theirs = golden.map(request)
  const own = ours.map(request)
  const lines = [
    ...without(theirs, own).map((line) => `request only of dlt: ${line}`),
    ...without(own, theirs).map((line) => `request only of sluice: ${line}`)
  ]
  if (lines.length > 0 || unordered) return lines
  // Resources run side by side, so order means something within one path only.
  const byPath = (all) => canonical(Object.groupBy?.(all, (line) => line.split(/[? ]/)[1]) ?? group(all))
  return byPath(theirs) === byPath(own) ? [] : ["requests come in another order"]
}

const group = (lines) => {
  const groups = {}
  for (const line of lines) (groups[line.split(/[? ]/)[1]] ??= []).push(line)
  return groups
}

const tables = (golden, ours) =>
  [...new Set([...Object.keys(golden), ...Object.keys(ours)])].sort().flatMap((name) => {
    const [theirs, own] = [golden[name], ours[name]]
    if (own === undefined) return [`table only of dlt: ${name}`, ...rows(name, theirs.rows, [])]
    if (theirs === undefined)
      return [`table only of sluice: ${name} ${canonical(own.columns)}`, ...rows(name, [], own.rows)]
    return [
      ...(theirs.parent === own.parent ? [] : [`parent of ${name}: dlt ${theirs.parent}, sluice ${own.parent}`]),
      ...columns(name, theirs.columns, own.columns),
      ...rows(name, theirs.rows, own.rows),
      ...rows(`${name} (orphans)`, theirs.orphans, own.orphans)
    ]
  })

const columns = (table, golden, ours) =>
  [...new Set([...Object.keys(golden), ...Object.keys(ours)])].sort().flatMap((name) => {
    const [theirs, own] = [golden[name], ours[name]]
    if (theirs === own) return []
    if (own === undefined) return [`column only of dlt: ${table}.${name} ${theirs}`]
    if (theirs === undefined) return [`column only of sluice: ${table}.${name} ${own}`]
    return [`type of ${table}.${name}: dlt ${theirs}, sluice ${own}`]
  })

const rows = (table, golden = [], ours = []) => {
  const theirs = golden.map(canonical)
  const own = ours.map(canonical)
  return [
    ...without(theirs, own)
      .sort()
      .map((row) => `row only of dlt: ${table} ${row}`),
    ...without(own, theirs)
      .sort()
      .map((row) => `row only of sluice: ${table} ${row}`)
  ]
}
