/**
 * Runs every configuration with the built command line against the same server dlt was asked through, and compares requests and
 * tables with golden/. Needs no Python.
 *
 *     npm run conformance                     all of them
 *     npm run conformance -- page-cursor …    some, with every difference found
 *     npm run conformance -- --regenerate …   golden/ anew first, by the Python of $SLUICE_DLT_PYTHON (see requirements.txt)
 */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { against, differences } from "./compare.mjs"
import { start } from "./server.mjs"
import { read } from "./tables.mjs"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const parsed = (path) => JSON.parse(readFileSync(here(path), "utf8"))

/** As written in the configurations; the server's real address takes its place. */
const base = "http://127.0.0.1:8700"
const outcomes = { 0: "ok", 1: "failed", 2: "rejected", 3: "partial" }

const manifest = parsed("manifest.json")
const declared = {}
for (const [id, { configs }] of Object.entries(parsed("differences.json"))) {
  for (const [name, lines] of Object.entries(configs))
    (declared[name] ??= []).push(...lines.map((line) => ({ id, line })))
}

/** Runs the command line once. */
const sync = (config, database, env) =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [here("../bin/sluice.js"), "sync", config, "--db", database, "--concurrency", "1", "--json"],
      {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
        stdio: ["ignore", "pipe", "pipe"]
      }
    )
    const out = { stdout: "", stderr: "" }
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text))
    const late = setTimeout(() => child.kill("SIGKILL"), 60_000)
    child.on("close", (code) => {
      clearTimeout(late)
      resolve({ ...out, code })
    })
  })

/** Every load of one configuration, in the form of a golden. */
const loads = async (name, { loads: count = 1, env = {} }, server, folder) => {
  const address = `http://127.0.0.1:${server.port}`
  const database = join(folder, `${name}.db`)
  const files = [`configs/${name}.yaml`, `configs/${name}.second.yaml`].filter((file) => existsSync(here(file)))
  const results = []
  for (let load = 1; load <= count; load++) {
    const config = join(folder, `${name}.yaml`)
    writeFileSync(config, readFileSync(here(files[Math.min(load, files.length) - 1]), "utf8").replaceAll(base, address))
    server.reset(load)
    const { code, stdout, stderr } = await sync(config, database, env)
    const result = {
      outcome: outcomes[code] ?? `exit ${code}`,
      requests: server.log(),
      tables: existsSync(database) ? read(database) : {}
    }
    results.push({ ...JSON.parse(JSON.stringify(result).replaceAll(address, base)), said: `${stderr}\n${stdout}` })
  }
  return results
}

const check = async (name, server, folder) => {
  const golden = parsed(`golden/${name}.json`)
  const unordered = manifest[name].unordered === true
  const ours = await loads(name, manifest[name], server, folder)
  const found = golden.loads.flatMap((load, index) => differences(load, ours[index], { load: index + 1, unordered }))
  return {
    ...against(
      found,
      (declared[name] ?? []).map(({ line }) => line)
    ),
    found,
    said: ours.map(({ said }) => said.trim())
  }
}

const main = async () => {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"))
  const unknown = names.filter((name) => manifest[name] === undefined)
  if (unknown.length > 0) throw new Error(`not in manifest.json: ${unknown.join(", ")}`)
  if (process.argv.includes("--regenerate")) {
    const python = process.env.SLUICE_DLT_PYTHON ?? "python3"
    const { status } = spawnSync(python, ["-B", here("run_dlt.py"), ...names], { stdio: "inherit" })
    if (status !== 0) throw new Error("dlt did not run; see conformance/requirements.txt")
  }
  const waiting = names.length > 0 ? [...names] : Object.keys(manifest)
  const folder = mkdtempSync(join(tmpdir(), "sluice-conformance-"))
  const results = {}
  const worker = async () => {
    const server = await start()
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      results[name] = await check(name, server, folder)
    await server.close()
  }
  try {
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const wrong = Object.keys(manifest).filter(
    (name) => results[name] && results[name].undeclared.length + results[name].vanished.length > 0
  )
  for (const name of wrong) {
    const { undeclared, vanished, said } = results[name]
    console.log(`\n${name}`)
    for (const line of undeclared) console.log(`  not declared  ${line}`)
    for (const line of vanished) console.log(`  not there     ${line}`)
    if (names.length > 0 || process.argv.includes("--verbose"))
      console.log(said.map((text) => text.replaceAll(/^/gm, "  | ")).join("\n"))
  }
  if (process.argv.includes("--found"))
    writeFileSync(
      1,
      `\n${JSON.stringify(Object.fromEntries(Object.entries(results).map(([name, { found }]) => [name, found])), null, 1)}\n`
    )
  const count = Object.keys(results).length
  console.log(
    `${wrong.length > 0 ? "\n" : ""}${count - wrong.length} of ${count} configurations give what dlt ${parsed("golden/page-cursor.json").dlt} gives, or differ as declared`
  )
  process.exitCode = wrong.length > 0 ? 1 : 0
}

await main()
