/**
 * One suite in a process of its own, so that a suite that hangs can be ended with everything it started. Forked by `run.mjs`.
 */
import process from "node:process"
import { suites } from "./suites.mjs"

const progress = (what, run) =>
  process.send({
    progress:
      run === undefined
        ? what
        : `${what}: ${(run.wallMillis / 1000).toFixed(2)} s` +
          (run.cpuMillis === undefined
            ? ""
            : `, CPU ${(run.cpuMillis / 1000).toFixed(2)} s, ${Math.round(run.rssMb)} MB, others used ${run.foreignCores.toFixed(2)} cores`)
  })

/** The last word. A timer that somebody left running does not keep the process. */
const tell = (message) => process.send(message, () => process.exit())

process.once("message", async ({ name, options }) => {
  try {
    const { measure } = await suites[name]()
    tell({ result: await measure({ ...options, progress }) })
  } catch (error) {
    tell({ error: error.message })
  }
})
