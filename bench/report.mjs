/**
 * What the suites measured, held against their bars, as tables.
 */

/** Every bar of a suite with whether it holds; `undefined` where there is only a figure, or a smoke run is too small for it. */
export const judged = (result, smoke) => ({
  ...result,
  ...(result.bars === undefined
    ? {}
    : {
        bars: result.bars.map((bar) => ({
          ...bar,
          ...((bar.atLeast === undefined && bar.atMost === undefined) || (smoke && !bar.exact)
            ? {}
            : { holds: bar.value >= (bar.atLeast ?? -Infinity) && bar.value <= (bar.atMost ?? Infinity) })
        }))
      })
})

const number = (value) => (Number.isInteger(value) && value >= 10 ? value.toLocaleString("en-US") : value.toFixed(2))

const line = ({ atLeast, atMost, exact, holds, least, most, value, what }) => {
  const figure = exact ? String(value) : number(value)
  const spread = least === undefined ? "" : `(${number(least)} to ${number(most)})`
  const bar =
    holds === undefined ? "" : atLeast !== undefined ? `≥ ${atLeast}` : atMost !== undefined ? `≤ ${atMost}` : ""
  const says = holds === undefined ? "" : holds ? "holds" : "DOES NOT HOLD"
  return `  ${what.padEnd(58)}${figure.padStart(9)}  ${spread.padEnd(18)}${bar.padEnd(9)}${says}`.trimEnd()
}

const measurement = ([name, { cpu_ms: cpu, peak_mb: peak, wall_ms: wall }]) =>
  `  ${name.padEnd(26)}${(wall / 1000).toFixed(2).padStart(9)} s` +
  (cpu === undefined ? "" : `${(cpu / 1000).toFixed(2).padStart(9)} s CPU${String(peak).padStart(7)} MB`)

const disturbed = ({ rounds, rounds_disturbed: count, rounds_used: used }) =>
  count === 0
    ? "none disturbed"
    : used < rounds
      ? `${count} disturbed and left out`
      : `${count} disturbed and yet counted`

const part = (measured) =>
  [
    `  ${measured.shape === undefined ? "" : `${measured.shape}, `}medians of whole processes, wall time; rounds: ${measured.rounds}, ${disturbed(measured)} (other programs used ${measured.other_cores.join(", ")} cores)`,
    ...Object.entries(measured.measured).map(measurement)
  ].join("\n")

const suite = (result) => {
  const head = `${result.suite}${result.rows === undefined ? "" : `, ${result.rows.toLocaleString("en-US")} rows`}, ${result.took_s} s`
  if (result.error !== undefined) return `${head}\n  FAILED: ${result.error}\n`
  if (result.skipped !== undefined) return `${head}\n  skipped: ${result.skipped}\n`
  const parts = (result.shapes ?? [result]).filter(({ measured }) => measured !== undefined)
  return [
    head,
    ...result.bars.map(line),
    ...parts.map(part),
    ...(result.notes ?? []).map((note) => `  ${note}`),
    ""
  ].join("\n")
}

/** `fell`: lines of ratios below the baseline, of a smoke run. */
export const text = ({ fell, machine, suites }) =>
  [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB; ${machine.os}; Node ${machine.node}; SQLite ${machine.sqlite}; commit ${machine.commit}`,
    `databases in ${machine.storage}; pages of 500\n`,
    ...suites.map(suite),
    ...(fell === undefined
      ? []
      : fell.length === 0
        ? ["no ratio is more than a quarter below the baseline", ""]
        : [...fell, ""])
  ].join("\n")
