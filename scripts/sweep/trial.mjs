/**
 * One trial: runs that are stopped one after the other, then one that is not, and what is different from an undisturbed one.
 */
import { existsSync, mkdirSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { sluice } from "./child.mjs"
import { books, compare, ended, open } from "./database.mjs"
import { begin, configure } from "./undisturbed.mjs"

/** One resource is one walk, a child is one for each of its parents. */
const walkOf = (request) => request.split("?")[0]

const resourceOf = (request) => (/^\/orders\/\d+\/events/.test(request) ? "events" : request.split(/[/?]/)[1])

/**
 * `{ place }` by its fail point, `{ requests, millis }` from outside, so long after a request; `{ env }` alone is not killed.
 * `version`: what the API holds meanwhile; `command`: another one than `sync`.
 */
const stopped = async (server, name, folder, command, stop) => {
  const within = stop.disk === true ? { SWEEP_DISK: realpathSync(folder) } : {}
  const held = stop.hold === undefined ? undefined : holding(server, name, folder, stop.hold)
  const end = await sluice(
    folder,
    stop.command ?? command,
    { ...within, ...stop.env, ...(stop.place === undefined ? {} : { SLUICE_FAIL_POINT: stop.place }) },
    (child) => {
      if (stop.requests !== undefined) {
        server
          .nth(name, server.asked(name).length + stop.requests)
          .then(() => setTimeout(() => child.kill("SIGKILL"), stop.millis))
      }
    }
  )
  await held?.()
  return end
}

/** Holds the database's write lock from a request on, so long or until the run has ended; gives the way to end it. */
const holding = (server, name, folder, { millis, mode, requests }) => {
  let end = () => {}
  const ended = new Promise((resolve) => (end = resolve))
  const held = server.nth(name, requests).then(() =>
    open(join(folder, "sweep.db"), async (all) => {
      await all(`BEGIN ${mode}`)
      const timer = setTimeout(end, millis)
      await ended
      clearTimeout(timer)
      await all("COMMIT")
    })
  )
  return () => {
    end()
    // A run that never came so far was never held up.
    return Promise.race([held, new Promise((resolve) => setTimeout(resolve, 2000))])
  }
}

/**
 * Gives `{ kills, differences, again }`: processes that really were killed; texts; the most pages that one run fetched although an
 * earlier one of the trial had, of walks that had not ended.
 */
export const trial = async (server, parent, { name, scenario, expected, stops, last = {} }) => {
  const folder = join(parent, name)
  mkdirSync(folder)
  try {
    let { version } = expected
    configure(
      folder,
      server.mount(name, (request) => scenario.answer({ ...request, version })),
      scenario
    )
    const db = begin(folder, expected)
    const differences = []
    let [kills, again] = [0, 0]
    const code = { complete: 0, partial: 3 }[expected.status]
    // What a walk that starts over reads, or one that was told to, has all been read before.
    const seen = new Set()
    const anew = stops.some(({ command, version }) => command !== undefined || version !== undefined)
    const one = async (stop) => {
      const from = server.asked(name).length
      const done = existsSync(db) && from > 0 ? new Set(await ended(db, expected.runs)) : new Set()
      // What had ended is walked anew by any run.
      for (const request of seen) if (done.has(resourceOf(request))) seen.delete(request)
      version = stop.version ?? expected.version
      const end = await stopped(server, name, folder, sync(scenario), stop)
      if (end.killed) kills++
      else if (end.code === null) differences.push(`it ended by ${end.signal}: it hangs, or it crashed by itself`)
      const asked = server.asked(name).slice(from)
      again = Math.max(again, ...timesByWalk(asked.filter((request) => seen.has(request))))
      if (!anew) asked.forEach((request) => seen.add(request))
      return end
    }
    let end
    for (const stop of stops) {
      end = await one(stop)
      differences.push(...(stop.check?.(end, code) ?? []))
    }
    // The disk was large enough: the run is over, and the next one would append all rows once more, as it should.
    const isOver = stops.at(-1)?.disk === true && end.code === code && appends(scenario)
    if (!isOver) end = await one(last)
    if (end.code !== code)
      differences.push(`the last run ended with ${end.code ?? end.signal}, not ${code}: ${end.stderr}${end.stdout}`)
    if (scenario.archive) {
      // The answers that were kept on the way, crashes and all, make the same tables.
      const rebuilt = await sluice(folder, "rebuild")
      if (rebuilt.code !== 0)
        differences.push(`rebuild ended with ${rebuilt.code ?? rebuilt.signal}: ${rebuilt.stderr}`)
    }
    const different = await compare(expected.whole, db)
    for (const { only, table, times, what } of scenario.lags ? different.filter(notBehind(different)) : different) {
      differences.push(`${table}: only ${only === "first" ? "undisturbed" : "here"}, ${times} times: ${what}`)
    }
    differences.push(
      ...(await books(db, {
        before: expected.runs,
        status: expected.status,
        inserted: keyed(scenario) && !anew ? expected.inserted : undefined
      }))
    )
    return { kills, again, differences, ends: end }
  } finally {
    server.unmount(name)
    rmSync(folder, { recursive: true, force: true })
  }
}

const sync = ({ archive, parallel }) => (archive ? "archive" : parallel ? "parallel" : "sync")

const timesByWalk = (requests) => {
  const times = new Map()
  for (const request of requests) times.set(walkOf(request), (times.get(walkOf(request)) ?? 0) + 1)
  return [0, ...times.values()]
}

/** Where rows come in no order, a walk that was broken off leaves the cursor where it stood then, or later, and never further on. */
const notBehind = (different) => {
  const states = different.filter(({ table }) => table === "_sluice_state")
  const of = (which) => {
    const what = states.find(({ only }) => only === which)?.what ?? ""
    const rest = what.replace(/cursor="(?:[^"\\]|\\.)*"/, "")
    return { value: /\\"value\\":\\"([^\\]*)/.exec(what)?.[1], rest }
  }
  const [there, here] = [of("first"), of("second")]
  const isBehind = states.length === 2 && there.rest === here.rest && here.value < there.value
  return ({ table }) => !(isBehind && table === "_sluice_state")
}

const appends = ({ resources }) =>
  resources.some(({ primary_key: key, write_disposition: way }) => way === "append" && key?.length === 0)

/** Where every row is new once; what is replaced or versioned is counted by its walk. */
const keyed = ({ resources }) =>
  resources.every(({ primary_key: key, write_disposition: way = "merge" }) => key?.length > 0 && way === "merge")
