/**
 * Kills `sluice sync` everywhere and compares what the next run makes of it with a run that nobody disturbed.
 *
 *     npm run sweep                   every scenario × every fail point × several turns, twice killed, at random, disk, lock, clock
 *     npm run sweep -- --short        every scenario, and every fail point at least once
 *     npm run sweep -- --only replace scenarios by a part of their names
 *     npm run sweep -- --seed 7       other random moments, another order
 *     npm run sweep -- --minutes 5    as many of them as there is time for
 *
 * Exits 1 on any difference, and where a run fetched more than two pages of a walk once more, or nine where eight are fetched at once.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { parseArgs } from "node:util"
import { hardships } from "./sweep/hardships.mjs"
import { plan, shuffled } from "./sweep/plan.mjs"
import { report } from "./sweep/report.mjs"
import { scenarios } from "./sweep/scenarios.mjs"
import { serve } from "./sweep/server.mjs"
import { trial } from "./sweep/trial.mjs"
import { undisturbed } from "./sweep/undisturbed.mjs"

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "Infinity" },
    workers: { type: "string", default: String(Math.max(2, availableParallelism())) }
  }
})

const folder = mkdtempSync(join(tmpdir(), "sluice-sweep-"))
const server = await serve()
const started = Date.now()
const until = started + Number(values.minutes) * 60_000
let failed = true
try {
  const chosen = Object.entries(scenarios).filter(([name]) => name.includes(values.only))
  if (chosen.length === 0)
    throw new Error(`no scenario is called ${values.only}; there are ${Object.keys(scenarios).join(", ")}`)
  const known = []
  for (const [index, [name, scenario]] of chosen.entries()) {
    const own = join(folder, `whole-${index}`)
    mkdirSync(own)
    known.push({ name, scenario, expected: await undisturbed(server, own, `whole-${index}`, scenario) })
  }
  const hard = hardships(known, { folder: join(folder, "disk"), short: values.short })
  for (const text of hard.skipped) console.log(`left out: ${text}`)
  // What a user's machine may lack, CI must have.
  const lacking = hard.skipped.length > 0 && process.env.SLUICE_CI === "1"
  const seed = Number(values.seed)
  const trials = shuffled([...plan(known, { short: values.short, seed }), ...hard.trials], seed)
  const waiting = trials.map((each, index) => ({ ...each, name: `t${index}` }))
  const results = []
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && Date.now() < until; next = waiting.shift()) {
      results.push({ ...next, ...(await trial(server, folder, next)) })
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${trials.length} trials `)
    }
  }
  await Promise.all(Array.from({ length: Number(values.workers) }, worker))
  failed =
    report(results, { known, millis: Date.now() - started, short: values.short, planned: trials.length }) || lacking
} finally {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
