/**
 * Loaded into every measured process: leaves behind what the process used in all, the same few microseconds for each.
 */
import { readFileSync, writeFileSync } from "node:fs"
import process from "node:process"

/** Linux hands down the peak of the process that started this one in `maxRSS`, but not in `VmHWM`. */
const peakKb = (fallback) => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1])
  } catch {
    return fallback
  }
}

process.on("exit", () => {
  const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage()
  const used = { cpuMillis: (systemCPUTime + userCPUTime) / 1000, rssKb: peakKb(maxRSS) }
  writeFileSync(process.env.SLUICE_BENCH_USAGE, JSON.stringify(used))
})
