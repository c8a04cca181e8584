/**
 * Runs the tests that touch a runtime inside each of them: the Node at hand, a current Node, Bun, Deno.
 *
 * Two cells each: the SQL contract suites (`test/contract`, `test/Table`) through vitest, and what lies in `test/runtimes`. In CI the
 * first of these is left to `npm test` on the Node at hand.
 * Tests are told by SLUICE_RUNTIME (`node`, `bun`, `deno`). A file that one of them writes to the folder SLUICE_RUNTIME_OUT
 * must be the same, byte for byte, on all runtimes. A cell that ran no test is a failure; so, in CI, is a missing runtime.
 *
 * Usage: node scripts/runtimes.mjs [--install] [cell]…   where a cell is node, node24, bun or deno; --install makes the installs of
 * their own that runtimes need, and runs nothing
 */
import { spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { root } from "./build-stamp.mjs"

const tools = join(root, "tools/runtimes/node_modules")
const work = join(root, ".build/runtimes")
const isCi = process.env.SLUICE_CI !== undefined

const suites = {
  contract: ["test/contract", "test/Table"],
  e2e: ["test/runtimes"]
}

// --- the runtimes ---

const node24 = join(tools, `node24-${process.platform}-${process.arch}`, "bin/node")

const runtimes = [
  { name: "node", runtime: "node", bin: process.execPath, args: [] },
  { name: "node24", runtime: "node", bin: node24, args: [], ownInstall: true },
  { name: "bun", runtime: "bun", bin: join(tools, ".bin/bun"), args: ["--bun"] },
  { name: "deno", runtime: "deno", bin: join(tools, ".bin/deno"), args: ["run", "--allow-all", "--no-prompt"] }
]

const isInstall = process.argv.includes("--install")
const chosen = process.argv.slice(2).filter((argument) => argument !== "--install")
const unknown = chosen.filter((name) => !runtimes.some((runtime) => runtime.name === name))
if (unknown.length > 0) {
  console.error(`no such runtime: ${unknown.join(", ")}; there are ${runtimes.map(({ name }) => name).join(", ")}`)
  process.exit(2)
}

/**
 * better-sqlite3 is compiled for one Node, so another Node gets an install of its own, made as its user would make it.
 * It is kept between runs; set-up there does only what is missing.
 */
const installFor = async ({ name, bin }) => {
  const copy = join(work, name)
  mkdirSync(copy, { recursive: true })
  for (const entry of readdirSync(copy)) {
    if (entry !== "node_modules" && entry !== "dist") rmSync(join(copy, entry), { recursive: true })
  }
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8"
  })
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`)
  for (const file of listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)))) {
    cpSync(join(root, file), join(copy, file))
  }
  const env = { ...process.env, PATH: `${dirname(bin)}${delimiter}${process.env.PATH}` }
  const setup = spawn(bin, ["scripts/setup.mjs"], { cwd: copy, env, stdio: ["ignore", "inherit", "inherit"] })
  const status = await new Promise((tell) => setup.once("error", tell).once("exit", tell))
  if (status !== 0) throw new Error("set-up failed there")
  return copy
}

// --- the cells ---

const results = []

const report = (cell, problem, detail = "") => {
  results.push({ cell, failed: problem !== undefined })
  console.log(
    `${problem === undefined ? "ok  " : "FAIL"} ${cell}${problem === undefined ? "" : `: ${problem}`}${detail}`
  )
}

const runSuite = (cell, { name, runtime, bin, args }, cwd, folders) => {
  const missing = folders.filter((folder) => !existsSync(join(cwd, folder)))
  if (missing.length > 0) return report(cell, `no folder ${missing.join(", ")}`)
  const json = join(work, `${cell.replace(" ", "-")}.json`)
  const out = join(work, "out", name)
  rmSync(json, { force: true })
  mkdirSync(out, { recursive: true })
  const { status, signal } = spawnSync(
    bin,
    [
      ...args,
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${json}`,
      ...folders
    ],
    {
      cwd,
      env: { ...process.env, SLUICE_RUNTIME: runtime, SLUICE_RUNTIME_OUT: out },
      stdio: ["ignore", "inherit", "inherit"],
      timeout: 600_000,
      // Deno may sit on a signal while a server closes.
      killSignal: "SIGKILL"
    }
  )
  const counts = existsSync(json) ? JSON.parse(readFileSync(json, "utf8")) : {}
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = counts
  const detail = ` (${passed} passed, ${failed} failed, ${skipped} skipped)`
  if (status !== 0) return report(cell, `vitest ended with ${signal ?? `exit code ${status}`}`, detail)
  report(cell, passed === 0 ? "no test ran" : undefined, detail)
}

/** What the tests wrote must not depend on the runtime. */
const compareOutputs = (names) => {
  const files = (name) => (existsSync(join(work, "out", name)) ? readdirSync(join(work, "out", name)).sort() : [])
  const [first, ...others] = names
  if (files(first).length === 0)
    return report("same output", `the tests in ${suites.e2e} wrote nothing to SLUICE_RUNTIME_OUT`)
  const differing = others.flatMap((name) =>
    [...new Set([...files(first), ...files(name)])]
      .filter((file) => {
        const [a, b] = [first, name].map((side) => join(work, "out", side, file))
        return !existsSync(a) || !existsSync(b) || !readFileSync(a).equals(readFileSync(b))
      })
      .map((file) => `${file} on ${name}`)
  )
  const problem = differing.length === 0 ? undefined : `not the same as on ${first}: ${differing.join(", ")}`
  report("same output", problem, ` (${files(first).length} files on ${names.join(", ")})`)
}

rmSync(join(work, "out"), { recursive: true, force: true })
mkdirSync(work, { recursive: true })
const ran = []
const there = runtimes
  .filter(({ name }) => chosen.length === 0 || chosen.includes(name))
  .filter((runtime) => {
    if (existsSync(runtime.bin)) return true
    if (isCi || chosen.length > 0) report(runtime.name, "not installed; run `npm run runtimes:install`")
    else console.log(`skip ${runtime.name}: not installed; run \`npm run runtimes:install\``)
    return false
  })
// Compiling takes longer than all the tests of another runtime: it goes on beside them, and its own tests come last.
const installed = new Map(
  there.filter(({ ownInstall }) => ownInstall).map((runtime) => [runtime.name, installFor(runtime)])
)
for (const made of installed.values()) made.catch(() => undefined)
if (isInstall) {
  await Promise.all(installed.values())
  process.exit()
}
for (const runtime of there.toSorted((a, b) => installed.has(a.name) - installed.has(b.name))) {
  try {
    const cwd = (await installed.get(runtime.name)) ?? root
    for (const [suite, folders] of Object.entries(suites)) {
      // `npm test` has just run it, by this Node.
      if (isCi && runtime.name === "node" && suite === "contract" && chosen.length === 0) continue
      runSuite(`${runtime.name} ${suite}`, runtime, cwd, folders)
    }
    ran.push(runtime.name)
  } catch (error) {
    report(runtime.name, error.message)
  }
}
if (ran.length > 1) compareOutputs(ran)

const failed = results.filter((result) => result.failed).length
console.log(`runtimes: ${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || results.length === 0 ? 1 : 0
