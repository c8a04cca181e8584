/**
 * Rounds → medians and ratios, as one JSON document or as a small table.
 */

/** Above this, in cores, others are taken to have disturbed a round. */
const maxForeignCores = 0.25

const kinds = ["floor_first", "floor_again", "sluice_first", "sluice_again", "sluice_changed"]

export const make = ({ machine, messages, bytes, floorPragmas, drained, rounds }) => {
  const foreign = rounds.map((round) => Math.max(...kinds.map((kind) => round[kind].foreignCores)))
  const quiet = rounds.filter((_, i) => foreign[i] <= maxForeignCores)
  // Better a figure that says it was disturbed than one from too few rounds.
  const kept = quiet.length >= Math.min(3, rounds.length) ? quiet : rounds
  const over = (kind, field) => median(kept.map((round) => round[kind][field]))
  const ratio = (field, above, below) => {
    const pairs = kept.map((round) => round[above][field] / round[below][field])
    return {
      median: round2(over(above, field) / over(below, field)),
      least: round2(Math.min(...pairs)),
      most: round2(Math.max(...pairs))
    }
  }
  return {
    benchmark: "messages",
    machine,
    messages,
    json_mb: Math.round(bytes / 1e5) / 10,
    floor_pragmas: floorPragmas,
    rounds: rounds.length,
    rounds_disturbed: rounds.length - quiet.length,
    rounds_used: kept.length,
    other_cores: foreign.map(round2),
    rows: rounds[0].rows,
    server_rows_per_second: Math.round(messages / (drained.wallMillis / 1000)),
    ratios: {
      first_load: ratio("wallMillis", "floor_first", "sluice_first"),
      first_load_cpu: ratio("cpuMillis", "floor_first", "sluice_first"),
      again_to_first: ratio("wallMillis", "sluice_again", "sluice_first"),
      one_percent_changed_to_first: ratio("wallMillis", "sluice_changed", "sluice_first"),
      again: ratio("wallMillis", "floor_again", "sluice_again")
    },
    measured: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        {
          wall_ms: Math.round(over(kind, "wallMillis")),
          cpu_ms: Math.round(over(kind, "cpuMillis")),
          peak_mb: Math.round(over(kind, "rssMb")),
          rows_per_second: Math.round(messages / (over(kind, "wallMillis") / 1000)),
          all_wall_ms: rounds.map((round) => Math.round(round[kind].wallMillis))
        }
      ])
    )
  }
}

export const table = (report) => {
  const { machine, measured, ratios } = report
  const seconds = (kind) => `${(measured[kind].wall_ms / 1000).toFixed(2)} s`
  const cpu = (kind) => `${(measured[kind].cpu_ms / 1000).toFixed(2)} s`
  const spread = ({ least, median, most }) => `${median.toFixed(2)}  (${least.toFixed(2)} to ${most.toFixed(2)})`
  const lines = [
    ["", "floor", "sluice", "floor / sluice"],
    ["first load", seconds("floor_first"), seconds("sluice_first"), spread(ratios.first_load)],
    ["  rows a second", count(measured.floor_first.rows_per_second), count(measured.sluice_first.rows_per_second), ""],
    ["  CPU", cpu("floor_first"), cpu("sluice_first"), spread(ratios.first_load_cpu)],
    ["  peak memory", `${measured.floor_first.peak_mb} MB`, `${measured.sluice_first.peak_mb} MB`, ""],
    ["again, nothing changed", seconds("floor_again"), seconds("sluice_again"), spread(ratios.again)],
    ["again, 1 % changed", "", seconds("sluice_changed"), ""]
  ]
  const body = lines.map(([name, floor, sluice, ratio]) =>
    `${name.padEnd(24)}${floor.padStart(10)}${sluice.padStart(10)}   ${ratio}`.trimEnd()
  )
  const disturbed =
    report.rounds_disturbed === 0
      ? "none disturbed"
      : report.rounds_used < report.rounds
        ? `${report.rounds_disturbed} disturbed by other programs and left out`
        : `${report.rounds_disturbed} disturbed by other programs and yet counted`
  return `${count(report.messages)} messages in pages of 500, ${report.json_mb} MB of JSON; whole processes, wall time, medians
${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB; ${machine.os}; Node ${machine.node}; SQLite ${machine.sqlite}; commit ${machine.commit}
database in ${machine.storage}; rounds: ${report.rounds}, ${disturbed} (other programs used ${report.other_cores.join(", ")} cores)
${report.floor_pragmas.length > 0 ? `floor with ${report.floor_pragmas.join("; ")}\n` : ""}
${body.join("\n")}

sluice again, nothing changed, to its own first load: ${spread(ratios.again_to_first)}
sluice again, 1 % changed, to its own first load:     ${spread(ratios.one_percent_changed_to_first)}
the server alone, read by one client: ${count(report.server_rows_per_second)} rows a second
`
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const round2 = (value) => Math.round(value * 100) / 100

const count = (value) => value.toLocaleString("en-US")
