/**
 * Lets one process at a time past a point: a folder as lock, with the process ids of the owner and its children in it.
 *
 * For set-up, which may be started by `npm start` and `npm test` in the same moment. A lock left by a killed process is
 * taken over. Between machines that share a folder it does not help.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
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
}

/** A child that outlives a killed owner holds the lock on. */
export const alsoHeldBy = (lock, pid) => appendFileSync(join(lock, "pids"), ` ${pid}`)

const take = (lock) => {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, "pids"), String(process.pid))
  } catch (error) {
    if (error.code === "EEXIST" || error.code === "ENOENT") return false
    throw error
  }
  // Another that saw the old lock abandoned a moment ago may still remove this new one for it.
  sleep(100)
  return isMine(lock)
}

const holders = (lock) => {
  try {
    return readFileSync(join(lock, "pids"), "utf8").split(" ").map(Number)
  } catch {
    return []
  }
}

const isMine = (lock) => holders(lock)[0] === process.pid

const isAbandoned = (lock) => {
  const pids = holders(lock).filter((pid) => pid > 0)
  if (pids.length > 0) return !pids.some(isAlive)
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
