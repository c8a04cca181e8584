/**
 * `sluice` as its users run it: the built command line in a process of its own, which may be killed.
 */
import { spawn } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url))

/** No run of a sweep takes so long: one that does hangs, which is a difference too. */
const patience = 120_000

const commands = {
  sync: ["sync", "source.json", "--db", "sweep.db", "--json"],
  parallel: ["sync", "source.json", "--db", "sweep.db", "--json", "--concurrency", "8"],
  archive: ["sync", "source.json", "--db", "sweep.db", "--json", "--archive"],
  rebuild: ["rebuild", "source.json", "--db", "sweep.db", "--json"],
  reset: ["state", "reset", "source.json", "--db", "sweep.db", "--json"]
}

/** `started` is given the process; how it ended, and what it said, comes back. */
export const sluice = (folder, command, env = {}, started = () => {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...commands[command]], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let [stdout, stderr] = ["", ""]
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text))
    const timer = setTimeout(() => child.kill("SIGABRT"), patience)
    child.on("error", reject)
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, killed: signal === "SIGKILL", stdout, stderr })
    })
    started(child)
  })
