/**
 * What a sweep looks up in the database of a trial, by the drivers that sluice itself takes.
 */
import * as Effect from "effect/Effect"
import { AutoDriver, Driver } from "../../dist/index.js"
import { compare as compareDatabases } from "../../dist/testing.js"

/** `use` is given `all(sql)` → rows as lists, on a connection that is closed behind it. */
export const open = (file, use) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const driver = yield* Driver.Driver
        const sql = yield* driver.open({ filename: file, busyTimeoutMillis: 5000 })
        const connection = yield* sql.reserve
        return yield* Effect.promise(() => use((text) => Effect.runPromise(connection.executeValues(text, []))))
      })
    ).pipe(Effect.provide(AutoDriver.layer))
  )

export const compare = (one, other) => Effect.runPromise(compareDatabases(one, other))

/** Names of the resources whose walk has ended in a run behind the first `before`, by what is left of those that were killed. */
export const ended = (file, before) =>
  open(file, async (all) => {
    const [known] = await all(`SELECT 1 FROM sqlite_master WHERE name = '_sluice_state'`)
    if (known === undefined) return []
    const found =
      await all(`SELECT DISTINCT r.resource FROM _sluice_resources AS r JOIN _sluice_state AS s USING (resource)
      WHERE r.run IN (SELECT run FROM _sluice_runs ORDER BY rowid LIMIT -1 OFFSET ${before}) AND r.pages > 0 AND s.checkpoint IS NULL
        AND NOT EXISTS (SELECT 1 FROM _sluice_parents AS p WHERE p.resource = r.resource AND p.status IN ('pending', 'done'))`)
    return found.map(([name]) => name)
  })

/**
 * What the books say that they must not, once the last run has come to its end: `status` is that of an undisturbed run. `fresh`
 * is the number of runs before the trial.
 */
export const books = (file, { before, status, inserted }) =>
  open(file, async (all) => {
    const runs = await all(`SELECT run, status, started_at, finished_at FROM _sluice_runs ORDER BY rowid`)
    const lines = await all(
      `SELECT run, resource, status, duration_ms, fetched, inserted, updated, unchanged, rejected, deleted FROM _sluice_resources`
    )
    const mine = runs.slice(before)
    const wrong = []
    mine.slice(0, -1).forEach(([run, each]) => {
      if (each !== "interrupted" && each !== status && each !== "failed")
        wrong.push(`run ${run}, which was stopped, is ${each}`)
    })
    const last = mine.at(-1)
    if (last?.[1] !== status) wrong.push(`the last run is ${last?.[1]}, not ${status}`)
    if (last?.[3] === null) wrong.push("the last run has no end")
    for (const [run, resource, each, duration, ...counts] of lines) {
      if (each === "running") wrong.push(`${resource} of run ${run} is still running`)
      if (duration < 0 || counts.some((count) => count < 0))
        wrong.push(`${resource} of run ${run} has a negative number`)
    }
    // Of rows that have a key each one is new once, over all runs.
    if (inserted !== undefined) {
      const names = new Set(mine.map(([run]) => run))
      const sum = lines.filter(([run]) => names.has(run)).reduce((total, line) => total + line[5], 0)
      if (sum !== inserted) wrong.push(`all runs together inserted ${sum} rows, and an undisturbed one ${inserted}`)
    }
    return wrong
  })

export const runsIn = (file) =>
  open(file, async (all) => Number((await all(`SELECT count(*) FROM _sluice_runs`))[0][0]))
