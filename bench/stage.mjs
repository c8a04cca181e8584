/**
 * Everything that is made before the clock starts, and the processes that are then timed: the server, the DDL, the bundled
 * source; floor, sluice and a bare reader.
 */
import { fork } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import Database from "better-sqlite3"
import { build } from "rolldown"
import { busyMillis } from "./machine.mjs"
import { answer, run } from "./process.mjs"

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const cli = here("../bin/sluice.js")

/** `sets`: pages the server holds, see `server.mjs`; `env`: beside the usual, for source and floor. */
export const stage = async ({ folder, shape, rows, sets = ["base"], floorPragmas = [], env: more = {} }) => {
  mkdirSync(folder, { recursive: true })
  const source = await bundle(folder, shape)
  const server = fork(here("server.mjs"), [shape, String(rows), sets.join()], {
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })
  const ready = await answer(server)
  const usage = join(folder, "usage.json")
  const env = {
    ...process.env,
    SLUICE_BENCH_URL: ready.url,
    SLUICE_BENCH_PAGE: ready.page,
    SLUICE_BENCH_HEADER: ready.header,
    SLUICE_BENCH_TOKEN: ready.token,
    SLUICE_BENCH_PRAGMAS: JSON.stringify(floorPragmas),
    SLUICE_BENCH_USAGE: usage,
    ...more
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
    const { code, ended, stderr, stdout } = await run(
      [...nodeArgs, "--import", pathToFileURL(here("usage.mjs")).href, ...args],
      env
    )
    const wallMillis = ended - start
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
    rows,
    bytes: ready.bytes,
    env,
    database: (name) => join(folder, `${name}.db`),
    serve: (serve) => tell({ serve }),
    /** What the server itself has used so far. */
    used: () => tell({}),
    drain: () => time([here("drain.mjs"), String(rows)]),
    floor: (db, nodeArgs) => time([here(`shapes/${shape}/floor.mjs`), db, ddl], nodeArgs),
    sluice: async (db, nodeArgs, ...more) => {
      const { stdout, ...measured } = await time(sync(db, ...more), nodeArgs)
      return { ...measured, receipt: JSON.parse(stdout) }
    },
    rebuild: (db) => time([cli, "rebuild", source, "--db", db, "--json"]),
    /** For the next round: databases that were never there. */
    clear: (names = ["floor", "sluice", "archive"]) => {
      for (const name of names) {
        for (const end of ["", "-wal", "-shm", "-lock"]) rmSync(join(folder, `${name}.db${end}`), { force: true })
      }
    },
    close: () => server.kill()
  }
}

/** Exact counts, so that a fast run that did something else is no result. */
export const expect = (what, receipt, wanted) => {
  const [{ rows }] = receipt.resources
  for (const [name, value] of Object.entries({ inserted: 0, updated: 0, unchanged: 0, rejected: 0, ...wanted })) {
    if (receipt.status !== "complete" || rows[name] !== value) {
      throw new Error(`${what}: ${receipt.status}, ${JSON.stringify(rows)}; expected ${name} to be ${value}`)
    }
  }
}

/** As the command line itself is: one file, not seven hundred modules. */
const bundle = async (folder, shape) => {
  if (!existsSync(here("../dist/index.js"))) throw new Error("there is no dist; run `npm run build` first")
  const file = join(folder, "source.mjs")
  await build({
    input: here(`shapes/${shape}/source.mjs`),
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

const ownCpuMillis = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}
