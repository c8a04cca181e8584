/**
 * Peers in Python: a virtual environment for each, from pinned requirements, and their runs, timed like everything else.
 *
 * Environments are made once, below `bench/.venv` or the folder in `SLUICE_BENCH_VENV`. Where there is no Python, or a package cannot
 * be had, the suite is skipped with the reason.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { busyMillis } from "./machine.mjs"
import { run } from "./process.mjs"

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const minutes = 60_000

/** @returns `{ python }`, the interpreter that has it, or `{ skipped }` with the reason */
export const environment = async (name, requirements, progress) => {
  const folder = join(resolve(process.env.SLUICE_BENCH_VENV ?? here(".venv")), name)
  const python = join(folder, "bin", "python")
  const stamp = join(folder, "requirements.sha256")
  const wanted = createHash("sha256")
    .update(readFileSync(here(requirements)))
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { python }
  progress(`installing ${requirements} into ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [command, args] of [
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--requirement", here(requirements)]]
  ]) {
    try {
      const { code, stderr } = await run(args, process.env, { command, timeout: 10 * minutes })
      if (code !== 0) return { skipped: `${args.join(" ")}: ${stderr.trim().split("\n").at(-1)}` }
    } catch (error) {
      return { skipped: `${command} cannot be started: ${error.message}` }
    }
  }
  writeFileSync(stamp, wanted)
  return { python }
}

/**
 * Runs one command, or several joined by `|`; the script names are those of `python/`.
 *
 * @returns what was used, or `{ isLate: true, wallMillis }` when `timeout` ended it
 */
export const time = async (on, folder, python, words, timeout = 5 * minutes) => {
  const output = join(folder, "output")
  const usage = join(folder, "usage.json")
  const script = (word) => (word.endsWith(".py") ? here(`python/${word}`) : word)
  const command = words.map((word) => (word === "python" ? python : script(word)))
  const busyBefore = busyMillis()
  const { cpuMillis: serverBefore } = await on.used()
  const env = { ...on.env, DLT_DATA_DIR: folder, PYTHONDONTWRITEBYTECODE: "1" }
  // Time-outs are timed.py's own: it ends what it has started.
  const args = [here("python/timed.py"), usage, output, String(timeout / 1000), ...command]
  const { code, stderr } = await run(args, env, { command: python, timeout: timeout + minutes })
  const used = existsSync(usage) ? JSON.parse(readFileSync(usage, "utf8")) : {}
  if (used.isLate) return used
  if (code !== 0) throw new Error(`${words.join(" ")} ended with exit code ${code}\n${stderr.slice(-2000)}`)
  const { cpuMillis: serverAfter } = await on.used()
  const { cpuMillis, rssKb, wallMillis } = used
  const foreign = busyMillis() - busyBefore - cpuMillis - (serverAfter - serverBefore)
  return { output, wallMillis, cpuMillis, rssMb: rssKb / 1024, foreignCores: Math.max(0, foreign / wallMillis) }
}
