/**
 * One first load of each side under V8's profiler, and one more in which nothing changed: the files, and where the time
 * went, largest first.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"

export const profile = async (on, folder, say) => {
  await on.serve("base")
  on.clear()
  for (const load of ["first", "again"]) {
    for (const side of ["floor", "sluice"]) {
      const into = join(folder, `${side}-${load}`)
      rmSync(into, { recursive: true, force: true })
      mkdirSync(into, { recursive: true })
      await on[side](on.database(side), ["--cpu-prof", "--cpu-prof-dir", into])
      const [file] = readdirSync(into)
      say(`${side}, ${load}, ${join(into, file)}:\n${summary(JSON.parse(readFileSync(join(into, file), "utf8")))}`)
    }
  }
  on.clear()
}

/** Self time by function. A native call, such as a statement that runs, counts for the function that calls it. */
const summary = ({ nodes, samples, timeDeltas }) => {
  const frames = new Map(nodes.map(({ callFrame, id }) => [id, callFrame]))
  const times = new Map()
  let total = 0
  samples.forEach((id, i) => {
    const { functionName, lineNumber, url } = frames.get(id)
    const name = `${functionName || "(anonymous)"} ${url === "" ? "" : `${url.split("/").slice(-2).join("/")}:${lineNumber + 1}`}`
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i])
    total += timeDeltas[i]
  })
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 25)
    .map(
      ([name, micros]) =>
        `${(micros / 1000).toFixed(0).padStart(8)} ms ${((100 * micros) / total).toFixed(1).padStart(5)} %  ${name}`
    )
    .join("\n")
}
