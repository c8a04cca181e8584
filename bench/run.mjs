/**
 * `npm run bench`: every suite, or those asked for, one after the other; what they measured as tables or as JSON.
 *
 * What is measured are whole processes of the command line as built, against a server in another process. Bars are ratios within
 * one run, medians over rounds in turns. With `--smoke` ratios are held against `baseline.json`.
 */
import { fork } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import * as Baseline from "./baseline.mjs"
import * as Machine from "./machine.mjs"
import * as Options from "./options.mjs"
import * as Report from "./report.mjs"
import { suites } from "./suites.mjs"

const options = Options.read()
const folder = join(Machine.storage(), `sluice-bench-${process.pid}`)
const say = (line) => process.stderr.write(`bench: ${line}\n`)

/** The suite that runs now is a group of processes, to be ended as one. */
let running
const end = () => {
  if (running?.pid !== undefined && running.exitCode === null && running.signalCode === null) {
    process.kill(-running.pid, "SIGKILL")
  }
}
const clean = () => rmSync(folder, { recursive: true, force: true })
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    end()
    clean()
    process.exit(130)
  })
}

const measure = (name, { maxMinutes, sizes }) =>
  new Promise((resolve) => {
    const into = join(folder, name)
    mkdirSync(into, { recursive: true })
    const size = { ...(options.smoke ? sizes.smoke : sizes.full), ...options.given }
    const start = performance.now()
    let outcome = { error: "ended without a result" }
    running = fork(fileURLToPath(new URL("worker.mjs", import.meta.url)), {
      detached: true,
      stdio: ["ignore", 2, "inherit", "ipc"]
    })
    const late = setTimeout(() => {
      outcome = { error: `not done after ${maxMinutes} minutes` }
      end()
    }, maxMinutes * 60_000)
    running.on("message", ({ error, progress, result }) => {
      if (progress !== undefined) say(`${name}: ${progress}`)
      else outcome = error === undefined ? result : { error }
    })
    running.on("close", () => {
      clearTimeout(late)
      rmSync(into, { recursive: true, force: true })
      resolve({ suite: name, ...size, ...outcome, took_s: Math.round((performance.now() - start) / 1000) })
    })
    running.send({ name, options: { ...size, smoke: options.smoke, folder: into } })
  })

mkdirSync(folder, { recursive: true })
const results = []
const baseline = options.smoke && !options.updateBaseline ? Baseline.read() : undefined
let fell
try {
  for (const [name, load] of Object.entries(suites)) {
    const suite = await load()
    if (!(options.names?.includes(name) ?? !suite.onlyWhenNamed)) continue
    if (options.smoke && suite.sizes.smoke === undefined) continue
    say(`${name}: ${suite.about}`)
    let result = await measure(name, suite)
    // Once may be chance, or another program: only what is worse twice has fallen.
    if (baseline !== undefined && Baseline.fallen([result], baseline, false).length > 0) {
      say(`${name}: once more, since ${Baseline.fallen([result], baseline, false)[0]}`)
      result = await measure(name, suite)
    }
    if (result.error !== undefined) say(`${name}: ${result.error}`)
    results.push(Report.judged(result, options.smoke))
  }
  if (options.updateBaseline) Baseline.write(results, Machine.describe())
  else if (baseline !== undefined) fell = Baseline.fallen(results, baseline, options.names === undefined)
} finally {
  clean()
}
const report = { machine: Machine.describe(), smoke: options.smoke, suites: results, fell }
process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : Report.text(report))
const isFine = ({ bars = [], error }) => error === undefined && bars.every(({ holds }) => holds !== false)
if (!results.every(isFine) || (fell ?? []).length > 0) process.exitCode = 1
