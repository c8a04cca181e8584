/**
 * What a sweep found, as a table for people; whether it is a failure.
 */
import { FailPoint } from "../../dist/index.js"

/** One that is being merged, and those under way. */
const mostAgain = ({ parallel }) => (parallel ? 9 : 2)

const table = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)))
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join("  ")
    )
    .join("\n")
}

const grouped = (results, key) => {
  const groups = new Map()
  for (const result of results) {
    const name = result[key]
    groups.set(name, [...(groups.get(name) ?? []), result])
  }
  return groups
}

const line = (name, results) => [
  name,
  results.length,
  results.reduce((sum, { kills }) => sum + kills, 0),
  results.filter(({ differences }) => differences.length > 0).length,
  Math.max(0, ...results.map(({ again }) => again))
]

const head = (what) => [what, "trials", "kills", "different", "pages again"]

export const report = (results, { known, millis, planned, short }) => {
  const order = [
    ...FailPoint.names,
    "twice",
    "at random",
    "disk full",
    "locked for a while",
    "locked for long",
    "clock off between runs",
    "clock jumps in a run"
  ]
  const kinds = [...grouped(results, "kind")].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  console.log(table([head("where"), ...kinds.map(([name, group]) => line(name, group)), line("all", results)]))
  console.log("")
  console.log(
    table([
      head("scenario"),
      ...known.map(({ name }) =>
        line(
          name,
          results.filter(({ of }) => of === name)
        )
      )
    ])
  )
  const bad = results.filter(
    ({ again, differences, scenario }) => differences.length > 0 || again > mostAgain(scenario)
  )
  for (const { again, differences, kind, of, scenario, stops } of bad.slice(0, 20)) {
    console.log(`\n${of}, ${kind}: ${JSON.stringify(stops)}`)
    for (const text of differences.slice(0, 8)) console.log(`  ${text.slice(0, 400)}`)
    if (differences.length > 8) console.log(`  and ${differences.length - 8} more`)
    const most = mostAgain(scenario)
    if (again > most) console.log(`  one run fetched ${again} pages of a walk once more; ${most} at most`)
  }
  const never = FailPoint.names.filter((name) => !results.some(({ kills, kind }) => kind === name && kills > 0))
  if (never.length > 0) console.log(`\nnever killed at: ${never.join(", ")}`)
  console.log(
    `\n${results.length} of ${planned} trials${short ? " (short form)" : ""} in ${Math.round(millis / 1000)} s: ` +
      (bad.length === 0 ? "no difference" : `${bad.length} with differences`)
  )
  return bad.length > 0
}
