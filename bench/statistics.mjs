/**
 * Rounds → medians and ratios. A round is an object of measurements by name, `{ floor_first: { wallMillis, … }, … }`.
 */

/** Above this, in cores, others are taken to have disturbed a round. */
const maxForeignCores = 0.25

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const round2 = (value) => Math.round(value * 100) / 100

/** What is reckoned with, and how many were disturbed. */
export const sift = (rounds) => {
  const foreign = rounds.map((round) => Math.max(...Object.values(round).map(({ foreignCores }) => foreignCores ?? 0)))
  const quiet = rounds.filter((_, i) => foreign[i] <= maxForeignCores)
  // Better a figure that says it was disturbed than one from too few rounds.
  const kept = quiet.length >= Math.min(3, rounds.length) ? quiet : rounds
  return {
    kept,
    counts: {
      rounds: rounds.length,
      rounds_disturbed: rounds.length - quiet.length,
      rounds_used: kept.length,
      other_cores: foreign.map(round2)
    }
  }
}

/** Ratio of two measurements: that of the medians, and the least and the most of any one round. */
export const ratio = (kept, field, above, below) => {
  const pairs = kept.map((round) => round[above][field] / round[below][field])
  const over = (name) => median(kept.map((round) => round[name][field]))
  return {
    value: round2(over(above) / over(below)),
    least: round2(Math.min(...pairs)),
    most: round2(Math.max(...pairs))
  }
}

/** Medians of every measurement of a round, for the report. */
export const medians = (kept) =>
  Object.fromEntries(
    Object.keys(kept[0]).map((name) => {
      const over = (field) => median(kept.map((round) => round[name][field]))
      return [
        name,
        {
          wall_ms: Math.round(over("wallMillis")),
          ...("cpuMillis" in kept[0][name]
            ? { cpu_ms: Math.round(over("cpuMillis")), peak_mb: Math.round(over("rssMb")) }
            : {}),
          all_wall_ms: kept.map((round) => Math.round(round[name].wallMillis))
        }
      ]
    })
  )
