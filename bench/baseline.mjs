/**
 * The ratios of a smoke run against those committed in `baseline.json`: none may be more than a quarter worse.
 *
 * A suite names what can be compared in `gates`, `{ id, value, better: "more" | "less" }`: time on the processor rather than on
 * the clock, since that hardly changes when other programs run beside it.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const file = fileURLToPath(new URL("baseline.json", import.meta.url))
const worse = 0.75

export const read = () => JSON.parse(readFileSync(file, "utf8")).ratios

const gatesOf = (results) => results.flatMap(({ gates = [] }) => gates)

/** One line for each ratio that fell, `all`: every suite has run, so none may be missing. */
export const fallen = (results, baseline, all) => {
  const found = new Map(gatesOf(results).map((gate) => [gate.id, gate]))
  const lines = []
  for (const { better, id, value } of found.values()) {
    const before = baseline[id]
    if (before === undefined) lines.push(`${id} is not in the baseline; write it by --update-baseline`)
    else if (better === "more" ? value < before * worse : value > before / worse) {
      lines.push(`${id} was ${before} and is ${value}, more than a quarter worse`)
    }
  }
  for (const id of all ? Object.keys(baseline) : []) {
    if (!found.has(id)) lines.push(`${id} is in the baseline and was not measured`)
  }
  return lines
}

export const write = (results, { commit, cpu, cores, node, os }) => {
  const ratios = Object.fromEntries(gatesOf(results).map(({ id, value }) => [id, value]))
  writeFileSync(file, `${JSON.stringify({ commit, machine: { cpu, cores, os, node }, ratios }, undefined, 2)}\n`)
}
