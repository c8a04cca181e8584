/**
 * Lets one process at a time past a point: a folder as lock, with the owner's process id in it.
 *
 * For set-up, which may be started by `npm start` and `npm test` in the same moment. A lock left by a killed process is
 * taken over. Between machines that share a folder it does not help.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Blocks until this process holds `lock`, and holds it until this process ends. */
export const onlyOne = (lock, onWait) => {
  let told = false
  while (!take(lock)) {
    if (isAbandoned(lock)) {
      remove(lock)
      continue
    }
    if (!told) onWait()
    told = true
    sleep(200)
  }
  process.on("exit", () => {
    if (isMine(lock)) rmSync(lock, { recursive: true, force: true })
  })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130))
}

const take = (lock) => {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, "pid"), String(process.pid))
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false
    throw error
  }
  // Another that saw the old lock abandoned a moment ago may still remove this new one for it.
  sleep(100)
  return isMine(lock)
}

const owner = (lock) => {
  try {
    return Number(readFileSync(join(lock, "pid"), "utf8"))
  } catch {
    return undefined
  }
}

const isMine = (lock) => owner(lock) === process.pid

const isAbandoned = (lock) => {
  const pid = owner(lock)
  if (pid !== undefined && pid > 0) return !isAlive(pid)
  // Killed between making the folder and writing the file.
  const made = statSync(lock, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > 5000
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

/** Renamed first: of two that want it gone, one succeeds. */
const remove = (lock) => {
  const aside = `${lock}-${process.pid}`
  try {
    renameSync(lock, aside)
  } catch {
    return
  }
  rmSync(aside, { recursive: true, force: true })
}

const sleep = (millis) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis)
