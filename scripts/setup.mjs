/**
 * Makes a checkout ready to run: installs what is missing and builds what is stale. `npm start` and `npm test` call it first.
 *
 * No dependencies, and silent on stdout, which belongs to the program started after it. Ready already: done in well under
 * 0.3 s. Safe to run twice at once. Installs from the lock only; never changes package.json or package-lock.json.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { createRequire, isBuiltin } from "node:module"
import { basename, dirname, join } from "node:path"
import { isBuilt, root } from "./build-stamp.mjs"
import { onlyOne } from "./only-one.mjs"

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
    new (require("better-sqlite3"))(":memory:").close()
    return "ready"
  } catch {
    return existsSync(join(root, "node_modules/better-sqlite3/package.json")) ? "stale" : "absent"
  }
}

/** Node's own SQLite stands in where better-sqlite3 cannot be had. */
const hasNodeSqlite = isBuiltin("node:sqlite")

// --- putting it right ---

const STAMP = "node_modules/.sluice-setup.json"

/** Headers beside node let better-sqlite3 compile without a download. */
const environment = () => {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(join(prefix, "include/node/node.h")) ? { ...process.env, npm_config_nodedir: prefix } : process.env
}

const npm = (...args) => {
  const cli = process.env.npm_execpath
  const own = cli !== undefined && basename(cli).startsWith("npm-cli")
  const result = spawnSync(own ? process.execPath : "npm", [...(own ? [cli] : []), ...args, "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: root,
    env: environment(),
    shell: !own && process.platform === "win32",
    // Whatever npm prints goes to stderr.
    stdio: ["ignore", 2, 2]
  })
  if (result.signal === "SIGINT") process.exit(130)
  if (result.error !== undefined) return `could not be started: ${result.error.message}`
  return result.status === 0 ? undefined : `exit code ${result.status ?? result.signal}`
}

const COMPILER = "python3, make and a C++ compiler (Debian: apt-get install python3 make g++ · macOS: xcode-select --install)"

const install = () => {
  say("installing dependencies; the first time this can take two minutes")
  const failure = npm("ci")
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

const rebuildSqlite = () => {
  say(`compiling better-sqlite3 for Node ${process.version}; this can take a minute`)
  if (npm("rebuild", "better-sqlite3") !== undefined || !sqliteLoads()) {
    if (!hasNodeSqlite) fail("better-sqlite3 does not build", `install ${COMPILER}, or use Node 22.13 or newer, then run the same command again`)
    say("better-sqlite3 does not build here; Node's own SQLite is used instead")
    rmSync(join(root, "node_modules/better-sqlite3"), { recursive: true, force: true })
  }
}

/** In a process of its own: this one remembers that loading failed. */
const sqliteLoads = () =>
  spawnSync(process.execPath, ["-e", 'new (require("better-sqlite3"))(":memory:").close()'], { cwd: root, stdio: "ignore" }).status === 0

const build = () => {
  say("building")
  const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: ["ignore", 2, 2] })
  if (status !== 0) fail("the build failed; the compiler's words are above")
}

// --- run ---

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: Node 20.19 or newer is needed`, "install it from https://nodejs.org and run the same command again")
}

const isUsable = (driver) => driver === "ready" || (driver === "absent" && hasNodeSqlite)

if (!isInstalled() || !isUsable(sqliteDriver()) || !isBuilt()) {
  onlyOne(join(root, ".setup-lock"), () => say("another set-up is running in this checkout; waiting for it"))
  if (!isInstalled()) install()
  const driver = sqliteDriver()
  if (driver === "stale") rebuildSqlite()
  else if (!isUsable(driver)) {
    fail("npm could not install better-sqlite3", `install ${COMPILER}, or use Node 22.13 or newer; then run \`npm ci\` and the same command again`)
  }
  if (!isBuilt()) build()
  say("ready")
}
