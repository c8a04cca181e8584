/**
 * What the figures were taken on, and how busy other programs kept it meanwhile.
 */
import { execFileSync } from "node:child_process"
import { accessSync, constants } from "node:fs"
import os from "node:os"
import process from "node:process"
import Database from "better-sqlite3"

/** Memory where there is a file system of it, so that a disk is not what is measured. */
export const storage = () => {
  try {
    accessSync("/dev/shm", constants.W_OK)
    return "/dev/shm"
  } catch {
    return os.tmpdir()
  }
}

export const describe = () => {
  const cpus = os.cpus()
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    sqlite: new Database(":memory:").prepare("SELECT sqlite_version()").pluck().get(),
    storage: storage(),
    commit: commit(),
    load_average: os.loadavg().map((load) => Math.round(load * 100) / 100),
    date: new Date().toISOString()
  }
}

/** Milliseconds of all cores in use since the machine was started, by everyone. */
export const busyMillis = () =>
  os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)

const commit = () => {
  const git = (...args) => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()
  try {
    const changed = git("status", "--porcelain", "--", "src", "bench", "package.json")
    return git("rev-parse", "--short", "HEAD") + (changed === "" ? "" : " with changes")
  } catch {
    return "unknown"
  }
}
