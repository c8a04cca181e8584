/**
 * How much of an API's quota a sync uses, and how often it is refused: `node bench/limiter.mjs`.
 *
 * The server takes 20 requests a second. The command line syncs eight resources from it, so that requests always wait, and is
 * interrupted after the time measured. The first second behind the request that first used the quota up counts for nothing: in it the
 * limit is found.
 */
import { fork, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import * as Machine from "./machine.mjs"

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

const help = `node bench/limiter.mjs [--seconds N] [--latency MS] [--only TEXT] [--json]

--seconds N   Measured of each case, behind the first second; 10 unless said otherwise.
--latency MS  Before each answer; 5 unless said otherwise.
--only TEXT   Only cases whose name contains it.
--json        One JSON document on stdout instead of a table.
`

const limit = 20
const resources = 8

/** How the server counts, and what its answers say of it. */
const cases = [
  { kind: "window", tells: "ratelimit" },
  { kind: "window", tells: "ratelimit-3" },
  { kind: "window", tells: "x-ratelimit" },
  { kind: "window", tells: "retry-after" },
  { kind: "window", tells: "nothing" },
  { kind: "bucket", tells: "ratelimit" },
  { kind: "bucket", tells: "ratelimit-3" },
  { kind: "bucket", tells: "retry-after" },
  { kind: "bucket", tells: "nothing" }
].map((one) => ({ ...one, name: `${one.kind}, ${one.tells}` }))

/** One entry for each case: `used`, the share of the quota that was used, and `refused`, both behind the first second. */
export const measure = async ({ seconds = 10, latency = 5, only = "", say = () => {} } = {}) => {
  const folder = `${Machine.storage()}/sluice-limiter-${process.pid}`
  mkdirSync(folder)
  const results = []
  try {
    for (const one of cases.filter(({ name }) => name.includes(only))) {
      const result = await run({ ...one, seconds, latency, folder })
      say(`${one.name}: ${percent(result.used)} used, ${result.refused} refused`)
      results.push(result)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { benchmark: "limiter", machine: Machine.describe(), limit, seconds, latency_ms: latency, cases: results }
}

const run = async ({ folder, kind, latency, name, seconds, tells }) => {
  const pages = Math.ceil(((seconds + 3) * limit * 1.5) / resources)
  const options = JSON.stringify({ kind, tells, limit, latency, pages })
  const server = fork(here("limiter-server.mjs"), [options], { stdio: ["ignore", "ignore", "inherit", "ipc"] })
  try {
    const [{ url }] = await once(server, "message")
    const config = join(folder, "source.json")
    writeFileSync(config, JSON.stringify(source(url, pages)))
    const args = [
      here("../bin/sluice.js"),
      "sync",
      config,
      "--db",
      join(folder, "limiter.db"),
      "--concurrency",
      `${resources}`
    ]
    const sync = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] })
    let said = ""
    sync.stderr.setEncoding("utf8").on("data", (text) => {
      said += text
    })
    const ended = once(sync, "exit")
    const first = await firstFull(server)
    await new Promise((resolve) => setTimeout(resolve, (seconds + 1) * 1000 + 200))
    const seen = await ask(server)
    if (sync.exitCode !== null) throw new Error(`${name}: the sync ended too early, with ${sync.exitCode}\n${said}`)
    sync.kill("SIGINT")
    await ended

    const within = (times) => times.filter((at) => at >= first + 1000 && at < first + 1000 + seconds * 1000).length
    return {
      name,
      used: Math.round((within(seen.taken) / (limit * seconds)) * 1000) / 1000,
      refused: within(seen.refused),
      refused_at_first: seen.refused.filter((at) => at < first + 1000).length
    }
  } finally {
    server.kill()
    for (const end of ["", "-wal", "-shm", "-lock"]) rmSync(join(folder, `limiter.db${end}`), { force: true })
  }
}

const source = (url, pages) => ({
  name: "limiter",
  client: { base_url: url, paginator: { type: "page_number", base_page: 1, total_path: "total" } },
  resource_defaults: { primary_key: "id", endpoint: { data_selector: "items" } },
  resources: Array.from({ length: resources }, (_, i) => ({
    name: `r${i}`,
    endpoint: { path: `r${i}`, params: { pages } }
  }))
})

const ask = async (server) => {
  server.send({})
  const [seen] = await once(server, "message")
  return seen
}

const firstFull = async (server) => {
  for (let tries = 0; tries < 1500; tries++) {
    const { full } = await ask(server)
    if (full !== undefined) return full
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error("the sync never used the quota up")
}

const percent = (share) => `${(share * 100).toFixed(1)} %`

const table = (report) => {
  const lines = [
    ["", "quota used", "refused", "in the first second"],
    ...report.cases.map((one) => [one.name, percent(one.used), String(one.refused), String(one.refused_at_first)])
  ]
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  return `${lines.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")).join("\n")}\n`
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "10" },
      latency: { type: "string", default: "5" },
      only: { type: "string", default: "" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false }
    }
  })
  if (values.help) process.stdout.write(help)
  else {
    const report = await measure({
      seconds: Number(values.seconds),
      latency: Number(values.latency),
      only: values.only,
      say: (line) => process.stderr.write(`bench: ${line}\n`)
    })
    process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : table(report))
  }
}
