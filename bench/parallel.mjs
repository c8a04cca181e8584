/**
 * `node bench/parallel.mjs`: what fetching in parallel gains where an API answers slowly. Pages of one resource, children of many
 * parents, and resources side by side, each with `--concurrency 1` and with more, in turns, whole processes of the built CLI.
 *
 * The API is this file once more, in a process of its own: every answer takes 50 ms, however many are under way. Prints medians;
 * the time of a run of one page, most of which is the start of the program, stands beside, and ratios are given without it too.
 */
import { fork, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import * as Machine from "./machine.mjs"

const help = `node bench/parallel.mjs [--rounds N] [--latency MS] [--json]

--rounds N    Rounds to take medians over; 5 unless said otherwise. One takes about 40 s.
--latency MS  What each answer takes; 50 unless said otherwise.
--json        One JSON document on stdout instead of a table.
`

const here = fileURLToPath(import.meta.url)
const cli = fileURLToPath(new URL("../bin/sluice.js", import.meta.url))
const usage = new URL("./usage.mjs", import.meta.url).href

/** Above this, in cores, others are taken to have disturbed a round. */
const maxForeignCores = 0.25

/** Nothing here takes so long; a hung process must not hang CI. */
const maxMillis = 300_000

const [PAGES, PARENTS, RESOURCES, LINKS] = [60, 500, 6, 10]

const items = (from, count) => Array.from({ length: count }, (_, i) => ({ id: from + i, name: `item ${from + i}` }))
const resource = (name, path, paginator) => ({
  name,
  primary_key: "id",
  write_disposition: "merge",
  endpoint: { path, data_selector: "items", paginator }
})
const listed = (size) => ({ type: "offset", limit: size, total_path: "total" })

/** Each asks for so many pages; `rounds` of them one after the other, at best, when so many are under way. */
const cases = {
  startup: { what: "one page", pages: 1, resources: [resource("one", "/list/10", listed(10))] },
  pages: {
    what: `${PAGES} pages of a resource`,
    many: 8,
    bar: 6,
    pages: PAGES,
    best: 1 + Math.ceil((PAGES - 1) / 8),
    resources: [resource("list", `/list/${PAGES * 10}`, listed(10))]
  },
  children: {
    what: `${PARENTS} children`,
    many: 8,
    pages: 1 + PARENTS,
    best: 1 + Math.ceil(PARENTS / 8),
    resources: [
      resource("parents", `/list/${PARENTS}`, listed(PARENTS)),
      {
        ...resource("children", "/parents/{resources.parents.id}/children", "single_page"),
        parallelized: true
      }
    ]
  },
  resources: {
    what: `${RESOURCES} resources of ${LINKS} pages`,
    many: RESOURCES,
    bar: 4,
    pages: RESOURCES * LINKS,
    best: LINKS,
    // By cursor: only resources are side by side here, not their pages.
    resources: Array.from({ length: RESOURCES }, (_, i) =>
      resource(`chain_${i}`, `/chain/${i}`, { type: "cursor", cursor_path: "next", cursor_param: "after" })
    )
  }
}

/** What the API says: `/list/SIZE?offset&limit`, `/chain/N?after`, `/parents/ID/children`. */
const answer = ({ pathname, searchParams }) => {
  const [, kind, id] = pathname.split("/")
  if (kind === "list") {
    const [size, at] = [Number(id), Number(searchParams.get("offset"))]
    return { items: items(at, Math.min(Number(searchParams.get("limit")), size - at)), total: size }
  }
  if (kind === "parents") return { items: items(Number(id) * 2, 2) }
  const at = Number(searchParams.get("after") ?? 0)
  return { items: items(at * 10, 10), next: at + 1 < LINKS ? String(at + 1) : null }
}

const serve = (latency) => {
  const server = createServer((request, response) => {
    const body = JSON.stringify(answer(new URL(request.url, "http://bench")))
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
      response.end(body)
    }, latency)
  })
  process.on("disconnect", () => process.exit())
  process.on("message", () => {
    const { system, user } = process.cpuUsage()
    process.send({ cpuMillis: (system + user) / 1000 })
  })
  server.listen(0, "127.0.0.1", () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
}

/** `options`: `rounds`, `latency` in ms, and `say`, told of each run. Gives the report as one JSON value. */
export const measure = async ({ rounds = 5, latency = 50, say = () => {} } = {}) => {
  const folder = join(Machine.storage(), `sluice-bench-parallel-${process.pid}`)
  mkdirSync(folder)
  const server = fork(here, ["--serve", "--latency", String(latency)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })
  const told = async () => (await once(server, "message"))[0]
  const serverCpu = async () => {
    server.send({})
    return (await told()).cpuMillis
  }
  try {
    const { url } = await told()
    for (const [name, { resources }] of Object.entries(cases)) {
      const source = { name: "bench", client: { base_url: url }, resources }
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(source))
    }
    const time = async (name, concurrency) => {
      const db = join(folder, "bench.db")
      const spent = join(folder, "usage.json")
      const before = { server: await serverCpu(), own: process.cpuUsage(), busy: Machine.busyMillis() }
      const start = performance.now()
      const stdout = await run(
        ["--import", usage, cli, "sync", join(folder, `${name}.json`), "--db", db, "--json"].concat(
          concurrency === undefined ? [] : ["--concurrency", String(concurrency)]
        ),
        { ...process.env, SLUICE_BENCH_USAGE: spent }
      )
      const wallMillis = performance.now() - start
      const own = process.cpuUsage(before.own)
      const busy = Machine.busyMillis() - before.busy
      for (const end of ["", "-wal", "-shm", "-lock"]) rmSync(db + end, { force: true })
      const receipt = JSON.parse(stdout)
      const pages = receipt.resources.reduce((sum, line) => sum + line.pages, 0)
      const requests = receipt.resources.reduce((sum, line) => sum + line.requests, 0)
      // A fast run that did something else is no result.
      if (receipt.status !== "complete" || pages !== cases[name].pages || requests !== pages)
        throw new Error(`${name}: ${receipt.status}, ${pages} pages by ${requests} requests`)
      const { cpuMillis } = JSON.parse(readFileSync(spent, "utf8"))
      const ours = cpuMillis + ((await serverCpu()) - before.server) + (own.user + own.system) / 1000
      const foreignCores = Math.max(0, (busy - ours) / wallMillis)
      say(
        `${name}, ${concurrency ?? "no"} at once: ${Math.round(wallMillis)} ms, others used ${foreignCores.toFixed(2)} cores`
      )
      return { wallMillis, foreignCores }
    }
    const taken = []
    for (let number = 1; number <= rounds; number++) {
      const round = { startup: { once: await time("startup") } }
      for (const [name, { many }] of Object.entries(cases).slice(1)) {
        const pair = [1, many]
        if (number % 2 === 0) pair.reverse()
        round[name] = {}
        for (const concurrency of pair) round[name][concurrency === 1 ? "one" : "many"] = await time(name, concurrency)
      }
      taken.push(round)
    }
    return report(taken, latency)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = async (args, env) => {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: maxMillis })
  const out = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text))
  const [code, signal] = await once(child, "close")
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code ?? signal}\n${out.stderr}${out.stdout}`)
  return out.stdout
}

const report = (taken, latency) => {
  const foreign = taken.map((round) =>
    Math.max(...Object.values(round).flatMap((runs) => Object.values(runs).map(({ foreignCores }) => foreignCores)))
  )
  const quiet = taken.filter((_, i) => foreign[i] <= maxForeignCores)
  // Better a figure that says it was disturbed than one from too few rounds.
  const kept = quiet.length >= Math.min(3, taken.length) ? quiet : taken
  const millis = (name, which) => kept.map((round) => round[name][which].wallMillis)
  const startup = median(millis("startup", "once"))
  // Of the run of one page, what is not waiting for that page.
  const start = Math.max(0, startup - latency)
  return {
    benchmark: "parallel",
    machine: Machine.describe(),
    latency_ms: latency,
    rounds: taken.length,
    rounds_disturbed: taken.length - quiet.length,
    rounds_used: kept.length,
    other_cores: foreign.map(round2),
    startup_ms: Math.round(startup),
    ratios: Object.fromEntries(
      Object.entries(cases)
        .slice(1)
        .map(([name, { bar, best, many, pages, what }]) => {
          const [one, all] = [millis(name, "one"), millis(name, "many")]
          const ratios = one.map((before, i) => (before - start) / (all[i] - start))
          return [
            name,
            {
              what,
              concurrency: many,
              one_ms: Math.round(median(one)),
              many_ms: Math.round(median(all)),
              least_ms: best * latency,
              whole_process: round2(median(one) / median(all)),
              median: round2((median(one) - start) / (median(all) - start)),
              least: round2(Math.min(...ratios)),
              most: round2(Math.max(...ratios)),
              ideal: round2(pages / best),
              bar: bar ?? null
            }
          ]
        })
    )
  }
}

/** For people. */
export const table = ({
  latency_ms,
  machine,
  other_cores,
  ratios,
  rounds,
  rounds_disturbed,
  rounds_used,
  startup_ms
}) => {
  const lines = [
    ["", "one by one", "in parallel", "at best", "ratio", "", "whole process"],
    ...Object.values(ratios).map((each) => [
      `${each.what}, ${each.concurrency} at once`,
      `${(each.one_ms / 1000).toFixed(2)} s`,
      `${(each.many_ms / 1000).toFixed(2)} s`,
      `${(each.least_ms / 1000).toFixed(2)} s`,
      each.median.toFixed(2),
      `(${each.least.toFixed(2)} to ${each.most.toFixed(2)}; ${each.ideal.toFixed(2)} at best)`,
      each.whole_process.toFixed(2)
    ])
  ]
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  const shown = lines.map((line) =>
    line.map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")
  )
  const used = rounds_used === rounds ? "all counted" : `${rounds_used} counted`
  return `${latency_ms} ms for each answer; whole processes, wall time, medians; ratios without the start of the program
${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB; ${machine.os}; Node ${machine.node}; commit ${machine.commit}
rounds: ${rounds}, ${rounds_disturbed} disturbed by other programs, ${used} (other programs used ${other_cores.join(", ")} cores)

${shown.join("\n")}

a run of one page: ${startup_ms} ms
`
}

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const round2 = (value) => Math.round(value * 100) / 100

const main = async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      latency: { type: "string", default: "50" },
      json: { type: "boolean", default: false },
      serve: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false }
    }
  })
  if (values.help) return process.stdout.write(help)
  const [rounds, latency] = [Number(values.rounds), Number(values.latency)]
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(latency) || latency < 1) {
    process.stderr.write("bench: --rounds and --latency must be whole numbers, 1 or more\n")
    process.exitCode = 2
    return
  }
  if (values.serve) return serve(latency)
  const report = await measure({ rounds, latency, say: (line) => process.stderr.write(`bench: ${line}\n`) })
  process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : table(report))
}

if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === import.meta.url) {
  main().catch((error) => {
    process.stderr.write(`bench: ${error.message}\n`)
    process.exitCode = 1
  })
}
