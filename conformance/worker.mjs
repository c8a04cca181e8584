/**
 * Runs configurations one after the other, each in the form of a golden; run.mjs starts some of these and hands out names.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { asProgram, inProcess } from "./engine.mjs"
import { start } from "./server.mjs"
import { read } from "./tables.mjs"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** As written in the configurations; the server's real address takes its place. */
const base = "http://127.0.0.1:8700"
const outcomes = { 0: "ok", 1: "failed", 2: "rejected", 3: "partial" }

const server = await start()
const address = `http://127.0.0.1:${server.port}`

process.on("message", async ({ name, entry, folder }) => {
  try {
    process.send({ name, loads: await loads(name, entry, folder) })
  } catch (error) {
    process.send({ name, error: `${error?.stack ?? error}` })
  }
})
process.send({})

// --- internal ---

const loads = async (name, { loads: count = 1, env = {}, program = false }, folder) => {
  const run = program ? asProgram : inProcess
  const database = join(folder, `${name}.db`)
  const files = [`configs/${name}.yaml`, `configs/${name}.second.yaml`].filter((file) => existsSync(here(file)))
  const results = []
  for (let load = 1; load <= count; load++) {
    const config = join(folder, `${name}.yaml`)
    writeFileSync(config, readFileSync(here(files[Math.min(load, files.length) - 1]), "utf8").replaceAll(base, address))
    server.reset(load)
    const { code, said } = await run(config, database, env)
    const result = {
      outcome: outcomes[code] ?? `exit ${code}`,
      requests: server.log(),
      tables: existsSync(database) ? read(database) : {},
      said: said.trim()
    }
    results.push(JSON.parse(JSON.stringify(result).replaceAll(address, base)))
  }
  return results
}
