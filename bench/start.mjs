/**
 * `node bench/start.mjs`: how long the command line takes to start, against a runtime that does nothing. Whole processes.
 *
 * Runs take turns, so that a machine with other work on it treats all alike; medians of wall time in milliseconds. Bun and Deno
 * are measured where `npm run runtimes:install` has put them.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import os from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const root = fileURLToPath(new URL("..", import.meta.url))
const bin = join(root, "bin/sluice.js")

const small = `name: small
client: { base_url: "https://api.example.com" }
resource_defaults: { primary_key: id }
resources:
  - name: things
    endpoint: { path: /v1/things, data_selector: things, paginator: { type: offset, limit: 500, total_path: null } }
`

const commands = {
  "--version": ["--version"],
  "--help": ["--help"],
  plan: ["plan", "small.yaml"],
  "check --offline": ["check", "--offline", "small.yaml"]
}

/** How each runtime runs nothing, and how it runs a script; only those that are here. */
const runtimes = () => {
  const local = (path) => join(root, "tools/runtimes/node_modules", path)
  return [
    { program: process.execPath, nothing: ["-e", "0"], script: [] },
    { program: local("node24-linux-x64/bin/node"), nothing: ["-e", "0"], script: [] },
    { program: local("bun/bin/bun.exe"), nothing: ["-e", "0"], script: ["run"] },
    { program: local("deno/deno"), nothing: ["eval", "0"], script: ["run", "--allow-all"] }
  ].filter(({ program }) => existsSync(program))
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const run = (program, args, cwd) => {
  const before = performance.now()
  const { status, stderr } = spawnSync(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" })
  const millis = performance.now() - before
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`)
  return millis
}

/**
 * Per runtime the medians in milliseconds: of nothing at all, and of each command in all and `above` nothing.
 */
export const measure = ({ runs = 21, only = undefined } = {}) => {
  const cwd = mkdtempSync(join(os.tmpdir(), "sluice-start-"))
  try {
    writeFileSync(join(cwd, "small.yaml"), small)
    return runtimes()
      .map((runtime) => ({ ...runtime, name: nameOf(runtime.program) }))
      .filter(({ name }) => only === undefined || name.toLowerCase().startsWith(only))
      .map(({ name, nothing, program, script }) => {
        const cases = [
          ["nothing", nothing],
          ...Object.entries(commands).map(([name, args]) => [name, [...script, bin, ...args]])
        ]
        const taken = Object.fromEntries(cases.map(([name]) => [name, []]))
        // The first of each is left out: files come from the disk, and caches of compiled code are made.
        for (let at = 0; at <= runs; at++) {
          for (const [name, args] of cases) {
            const millis = run(program, args, cwd)
            if (at > 0) taken[name].push(millis)
          }
        }
        const idle = median(taken.nothing)
        return {
          runtime: name,
          nothing: round(idle),
          commands: Object.keys(commands).map((command) => {
            const millis = median(taken[command])
            return {
              command,
              millis: round(millis),
              above: round(millis - idle),
              least: round(Math.min(...taken[command]))
            }
          })
        }
      })
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

// --- internal ---

const round = (millis) => Math.round(millis * 10) / 10

const nameOf = (program) => {
  const text = execFileSync(program, ["--version"], { encoding: "utf8" }).trim()
  if (text.startsWith("deno")) return `Deno ${text.split(" ")[1]}`
  return text.startsWith("v") ? `Node ${text.slice(1)}` : `Bun ${text}`
}

const main = () => {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "21" },
      runtime: { type: "string" },
      json: { type: "boolean", default: false }
    }
  })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) {
    process.stderr.write("bench: --runs must be a whole number, 1 or more\n")
    process.exit(2)
  }
  const found = measure({ runs, only: values.runtime?.toLowerCase() })
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ runs, load: os.loadavg()[0], runtimes: found })}\n`)
    return
  }
  const line = (cells) =>
    `${cells[0].padEnd(16)}${cells[1].padEnd(18)}${cells
      .slice(2)
      .map((cell) => String(cell).padStart(9))
      .join("")}\n`
  process.stdout.write(`medians of ${runs}, in ms; load ${os.loadavg()[0].toFixed(1)}\n\n`)
  process.stdout.write(line(["", "", "median", "above", "least"]))
  for (const { commands, nothing, runtime } of found) {
    process.stdout.write(line([runtime, "nothing", nothing, "", ""]))
    for (const { above, command, least, millis } of commands)
      process.stdout.write(line(["", command, millis, above, least]))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
