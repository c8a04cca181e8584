/**
 * Makes a checkout ready to run: installs what is missing and builds what is stale. `npm start` and `npm test` call it first.
 *
 * No dependencies, and silent on stdout, which belongs to the program started after it. Ready already: done in well under
 * 0.3 s. Safe to run twice at once. Installs from the lock only; never changes package.json or package-lock.json.
 */
import { spawn } from "node:child_process"
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { createRequire, isBuiltin } from "node:module"
import { basename, dirname, join } from "node:path"
import { isBuilt, root } from "./build-stamp.mjs"
import { alsoHeldBy, onlyOne } from "./only-one.mjs"

const say = (line) => process.stderr.write(`sluice: ${line}\n`)

const fail = (...lines) => {
  for (const line of lines) say(line)
  process.exit(1)
}

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8"))
  } catch {
    return undefined
  }
}

// --- what is missing ---

/**
 * npm writes node_modules/.package-lock.json when an install is complete, so an install made by hand counts as well. An
 * optional package may be absent (another platform's); one that we name ourselves only if our own install could not get it.
 */
const isInstalled = () => {
  const wanted = readJson("package-lock.json")?.packages
  if (wanted === undefined) fail("package-lock.json is missing or broken; restore it from git")
  const got = readJson("node_modules/.package-lock.json")?.packages
  if (got === undefined) return false
  const ours = Object.keys(wanted[""].optionalDependencies ?? {}).map((name) => `node_modules/${name}`)
  const unavailable = readJson(STAMP)?.unavailable ?? []
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true
    if (got[path] !== undefined) return got[path].version === version
    return optional === true && (!ours.includes(path) || unavailable.includes(`${path}@${version}`))
  })
}

/** `ready`, `stale` when it was compiled for another Node, or `absent` when npm could not build it. */
const sqliteDriver = () => {
  const require = createRequire(join(root, "package.json"))
  try {
    // The addon alone: on Node 24 a closed Database that is collected at exit can still bring the process down.
    const addon = require("better-sqlite3/build/Release/better_sqlite3.node")
    return typeof addon.Database === "function" ? "ready" : "stale"
  } catch {
    return existsSync(join(root, "node_modules/better-sqlite3/package.json")) ? "stale" : "absent"
  }
}

/** Node's own SQLite stands in where better-sqlite3 cannot be had; before 22.16 it lacks what the driver needs. */
const [major, minor] = process.versions.node.split(".").map(Number)
const hasNodeSqlite = isBuiltin("node:sqlite") && (major > 22 || (major === 22 && minor >= 16))

// --- putting it right ---

const STAMP = "node_modules/.sluice-setup.json"
const LOCK = join(root, ".setup-lock")

/** Headers beside node let better-sqlite3 compile without a download. */
const environment = () => {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(join(prefix, "include/node/node.h")) ? { ...process.env, npm_config_nodedir: prefix } : process.env
}

/** Answers what went wrong, or `undefined`. What the child prints goes to stderr. */
const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options })
    child.once("spawn", () => alsoHeldBy(LOCK, child.pid))
    child.once("error", (error) => resolve(error.message))
    child.once("exit", (code, signal) => {
      if (stoppedBy !== undefined) process.exit(130)
      resolve(code === 0 ? undefined : `exit code ${code ?? signal}`)
    })
    stop = (signal) => child.kill(signal)
  })

let stop = () => process.exit(130)
let stoppedBy

/** npm takes back what it has done, which lasts; whoever asks twice does not wait for that. */
const onSignal = (signal) => {
  stop(stoppedBy === undefined ? signal : "SIGKILL")
  stoppedBy = signal
}

const npm = (...args) => {
  const cli = process.env.npm_execpath
  const own = cli !== undefined && basename(cli).startsWith("npm-cli")
  return run(
    own ? process.execPath : "npm",
    [...(own ? [cli] : []), ...args, "--loglevel=error", "--no-audit", "--no-fund"],
    {
      env: environment(),
      shell: !own && process.platform === "win32"
    }
  )
}

const COMPILER =
  "python3, make and a C++ compiler (Debian: apt-get install python3 make g++ · macOS: xcode-select --install)"

const install = async () => {
  say("installing dependencies; the first time this can take two minutes")
  const failure = await npm("ci")
  if (failure !== undefined) {
    fail(
      `npm ci failed (${failure}); its own words are above`,
      "check that the npm registry can be reached and that this folder can be written, then run the same command again"
    )
  }
  const wanted = readJson("package-lock.json").packages
  const got = readJson("node_modules/.package-lock.json")?.packages ?? {}
  const unavailable = Object.keys(wanted)
    .filter((path) => wanted[path].optional === true && got[path] === undefined)
    .map((path) => `${path}@${wanted[path].version}`)
  writeFileSync(join(root, STAMP), JSON.stringify({ unavailable }))
}

const rebuildSqlite = async () => {
  say(`compiling better-sqlite3 for Node ${process.version}; this can take a minute`)
  if ((await npm("rebuild", "better-sqlite3")) !== undefined || !(await sqliteLoads())) {
    if (!hasNodeSqlite)
      fail(
        "better-sqlite3 does not build",
        `install ${COMPILER}, or use Node 22.16 or newer, then run the same command again`
      )
    say("better-sqlite3 does not build here; Node's own SQLite is used instead")
    rmSync(join(root, "node_modules/better-sqlite3"), { recursive: true, force: true })
  }
}

/** In a process of its own: this one remembers that loading failed. */
const sqliteLoads = async () =>
  (await run(process.execPath, ["-e", 'new (require("better-sqlite3"))(":memory:").close()'], { stdio: "ignore" })) ===
  undefined

const build = async () => {
  say("building")
  if ((await run(process.execPath, [join(root, "scripts/build.mjs")])) !== undefined) {
    fail("the build failed; the compiler's words are above")
  }
}

// --- run ---

if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node ${process.versions.node} is too old: Node 20.19 or newer is needed`,
    "install it from https://nodejs.org and run the same command again"
  )
}

const isUsable = (driver) => driver === "ready" || (driver === "absent" && hasNodeSqlite)

if (!isInstalled() || !isUsable(sqliteDriver()) || !isBuilt()) {
  onlyOne(LOCK, () => say("another set-up is running in this checkout; waiting for it"))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal)
  if (!isInstalled()) await install()
  const driver = sqliteDriver()
  if (driver === "stale") await rebuildSqlite()
  else if (!isUsable(driver)) {
    fail(
      "npm could not install better-sqlite3",
      `install ${COMPILER}, or use Node 22.16 or newer; then run \`npm ci\` and the same command again`
    )
  }
  if (!isBuilt()) await build()
  say("ready")
}
