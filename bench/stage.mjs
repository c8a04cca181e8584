/**
 * Everything that is made before the clock starts, and the processes that are then timed: the server, the DDL, the bundled
 * source; floor, sluice and a bare reader.
 */
import { fork, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import Database from "better-sqlite3"
import { build } from "rolldown"
import { busyMillis } from "./machine.mjs"

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const cli = here("../bin/sluice.js")

/** Nothing here takes so long; a hung process must not hang CI. */
const maxMillis = 300_000

export const stage = async ({ folder, messages, floorPragmas }) => {
  const source = await bundle(folder)
  const server = fork(here("server.mjs"), [String(messages)], { stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const ready = await answer(server)
  const usage = join(folder, "usage.json")
  const env = {
    ...process.env,
    SLUICE_BENCH_URL: ready.url,
    SLUICE_BENCH_TOKEN: ready.token,
    SLUICE_BENCH_PRAGMAS: JSON.stringify(floorPragmas),
    SLUICE_BENCH_USAGE: usage
  }
  const tell = (message) => {
    server.send(message)
    return answer(server)
  }

  const time = async (args, nodeArgs = []) => {
    rmSync(usage, { force: true })
    const { cpuMillis: serverBefore } = await tell({})
    const ownBefore = ownCpuMillis()
    const busyBefore = busyMillis()
    const start = performance.now()
    const { code, stderr, stdout } = await run(
      [...nodeArgs, "--import", pathToFileURL(here("usage.mjs")).href, ...args],
      env
    )
    const wallMillis = performance.now() - start
    const busy = busyMillis() - busyBefore - (ownCpuMillis() - ownBefore)
    if (code !== 0) throw new Error(`${args[0]} ended with exit code ${code}\n${stderr}${stdout}`)
    const { cpuMillis, rssKb } = JSON.parse(readFileSync(usage, "utf8"))
    const { cpuMillis: serverAfter } = await tell({})
    const foreign = busy - cpuMillis - (serverAfter - serverBefore)
    return { wallMillis, cpuMillis, rssMb: rssKb / 1024, foreignCores: Math.max(0, foreign / wallMillis), stdout }
  }
  const sync = (db, ...more) => [cli, "sync", source, "--db", db, "--json", ...more]
  const ddl = await takeDdl(folder, env, sync)

  return {
    bytes: ready.bytes,
    database: (name) => join(folder, `${name}.db`),
    serve: (serve) => tell({ serve }),
    drain: () => time([here("drain.mjs"), String(messages)]),
    floor: (db, nodeArgs) => time([here("floor.mjs"), db, ddl], nodeArgs),
    sluice: async (db, nodeArgs, ...more) => {
      const { stdout, ...measured } = await time(sync(db, ...more), nodeArgs)
      return { ...measured, receipt: JSON.parse(stdout) }
    },
    rebuild: (db) => time([cli, "rebuild", source, "--db", db, "--json"]),
    /** For the next round: databases that were never there. */
    clear: () => {
      for (const name of ["floor", "sluice", "archive"]) {
        for (const end of ["", "-wal", "-shm", "-lock"]) rmSync(join(folder, `${name}.db${end}`), { force: true })
      }
    },
    close: () => server.kill()
  }
}

/** As the command line itself is: one file, not seven hundred modules. */
const bundle = async (folder) => {
  if (!existsSync(here("../dist/index.js"))) throw new Error("there is no dist; run `npm run build` first")
  const file = join(folder, "source.mjs")
  await build({
    input: here("source.mjs"),
    platform: "node",
    external: [/^node:/],
    output: { file, format: "esm" },
    logLevel: "warn"
  })
  return file
}

/** The statements sluice itself makes its tables with, from a database of one page. */
const takeDdl = async (folder, env, sync) => {
  const db = join(folder, "ddl.db")
  const { code, stderr, stdout } = await run(sync(db, "--limit-pages", "1"), env)
  if (code !== 0 && code !== 3) throw new Error(`sluice cannot sync a page: exit code ${code}\n${stderr}${stdout}`)
  const made = new Database(db, { readonly: true })
  const statements = made.prepare(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE '\\_sluice%' ESCAPE '\\' ORDER BY rowid"
  )
  const file = join(folder, "ddl.json")
  writeFileSync(file, JSON.stringify(statements.pluck().all()))
  made.close()
  return file
}

const run = async (args, env) => {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: maxMillis })
  const out = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      out[name] += text
    })
  }
  // Not "close": what keeps a pipe open a moment longer is not the process.
  const closed = once(child, "close")
  const [code, signal] = await once(child, "exit")
  await closed
  return { code: code ?? signal, ...out }
}

const answer = async (child) => {
  const ended = new AbortController()
  const end = () => ended.abort()
  child.once("exit", end)
  try {
    const [message] = await once(child, "message", { signal: ended.signal })
    return message
  } catch {
    throw new Error("the benchmark's server ended")
  } finally {
    child.off("exit", end)
  }
}

const ownCpuMillis = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}
