/**
 * Runs every configuration with sluice as built against the same server dlt was asked through, and compares requests and tables with
 * golden/. Needs no Python.
 *
 *     npm run conformance                     all of them
 *     npm run conformance -- page-cursor …    some, with all that was said
 *     npm run conformance -- --found …        and every difference, declared or not, as JSON
 *     npm run conformance -- --regenerate …   golden/ anew first, by the Python of $SLUICE_DLT_PYTHON (see requirements.txt)
 */
import { fork, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { against, differences } from "./compare.mjs"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const parsed = (path) => JSON.parse(readFileSync(here(path), "utf8"))

const manifest = parsed("manifest.json")

/** Lines declared for each configuration, whatever the difference they belong to. */
const declared = {}
for (const { configs } of Object.values(parsed("differences.json"))) {
  for (const [name, lines] of Object.entries(configs)) (declared[name] ??= []).push(...lines)
}

const regenerate = (names) => {
  const python = process.env.SLUICE_DLT_PYTHON ?? "python3"
  const { status } = spawnSync(python, ["-B", here("run_dlt.py"), ...names], { stdio: "inherit" })
  if (status !== 0) throw new Error("dlt did not run; see conformance/requirements.txt")
}

/** What sluice made of each configuration, by as many workers as there are processors. */
const runAll = async (names, folder) => {
  const waiting = [...names]
  const results = {}
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = fork(here("worker.mjs"), {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" }
      })
      worker.on("error", reject)
      worker.on("exit", (code, signal) =>
        signal === "SIGTERM" ? resolve() : reject(new Error(`a worker ended with ${code ?? signal}`))
      )
      worker.on("message", ({ name, loads, error }) => {
        if (error !== undefined) console.log(`${name}: ${error}`)
        if (name !== undefined) results[name] = loads ?? []
        const next = waiting.shift()
        if (next === undefined) worker.kill("SIGTERM")
        else worker.send({ name: next, entry: manifest[next], folder })
      })
    })
  await Promise.all(Array.from({ length: Math.min(names.length, availableParallelism()) }, work))
  return results
}

const compare = (name, loads) => {
  const golden = parsed(`golden/${name}.json`)
  const missing = { outcome: "nothing", requests: [], tables: {} }
  const found = golden.loads.flatMap((load, index) =>
    differences(load, loads[index] ?? missing, { load: index + 1, unordered: manifest[name].unordered === true })
  )
  return { ...against(found, declared[name] ?? []), found, said: loads.map(({ said }) => said) }
}

const report = (name, { undeclared, vanished, said }, verbose) => {
  console.log(`\n${name}`)
  for (const line of undeclared) console.log(`  not declared  ${line}`)
  for (const line of vanished) console.log(`  not there     ${line}`)
  if (verbose) console.log(said.join("\n").replaceAll(/^/gm, "  | "))
}

const main = async (words) => {
  const names = words.filter((word) => !word.startsWith("--"))
  const unknown = names.filter((name) => manifest[name] === undefined)
  if (unknown.length > 0) throw new Error(`not in manifest.json: ${unknown.join(", ")}`)
  if (words.includes("--regenerate")) regenerate(names)

  const folder = mkdtempSync(join(tmpdir(), "sluice-conformance-"))
  try {
    const results = await runAll(names.length > 0 ? names : Object.keys(manifest), folder)
    const compared = Object.keys(manifest).flatMap((name) =>
      results[name] ? [[name, compare(name, results[name])]] : []
    )
    const wrong = compared.filter(([, { undeclared, vanished }]) => undeclared.length + vanished.length > 0)
    for (const [name, result] of wrong) report(name, result, names.length > 0)
    if (words.includes("--found"))
      console.log(JSON.stringify(Object.fromEntries(compared.map(([name, { found }]) => [name, found])), null, 1))
    console.log(
      `${compared.length - wrong.length} of ${compared.length} configurations give what dlt gives, or differ as declared`
    )
    process.exitCode = wrong.length > 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await main(process.argv.slice(2))
