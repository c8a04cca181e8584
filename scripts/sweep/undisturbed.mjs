/**
 * A scenario without any crash: what every trial must come to, and how often it comes by each fail point.
 */
import { copyFileSync, existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Host, Spec, Sync } from "../../dist/index.js"
import { platform } from "../../dist/node.js"
import { places } from "../../dist/testing.js"
import { runsIn } from "./database.mjs"

export const configure = (folder, base, { resources }) =>
  writeFileSync(
    join(folder, "source.json"),
    JSON.stringify({
      name: "sweep",
      client: { base_url: base, retry: { max_retries: 0 } },
      resource_defaults: { write_disposition: "merge" },
      resources
    })
  )

const run = (folder, { archive }) =>
  Effect.gen(function* () {
    const source = yield* Spec.load(join(folder, "source.json"))
    const db = join(folder, "sweep.db")
    return yield* places(
      Effect.flatMap(Sync.Sync, (sync) => sync.run(source, { archive })).pipe(
        Effect.provide(Host.layer({ db, api: source.api }))
      )
    )
  }).pipe(Effect.provide(Layer.fresh(platform)), Effect.runPromise)

/** `before`: the database that trials begin with; `whole`: the one they must end with. */
export const undisturbed = async (server, folder, name, scenario) => {
  const isPrepared = scenario.versions === 2
  let version = scenario.moves ? 1 : 0
  configure(
    folder,
    server.mount(name, (request) => scenario.answer({ ...request, version })),
    scenario
  )
  const whole = join(folder, "sweep.db")
  const before = join(folder, "before.db")
  if (isPrepared) {
    await run(folder, scenario)
    copyFileSync(whole, before)
    version = 1
  }
  const { places: counts, value: receipt } = await run(folder, scenario)
  if (!["complete", "partial"].includes(receipt.status)) {
    throw new Error(`${name} does not even work undisturbed: ${JSON.stringify(receipt.resources)}`)
  }
  return {
    before: isPrepared ? before : undefined,
    runs: isPrepared ? await runsIn(before) : 0,
    whole,
    version,
    counts,
    status: receipt.status,
    inserted: receipt.resources.reduce((sum, { rows }) => sum + rows.inserted, 0)
  }
}

export const begin = (folder, { before }) => {
  const db = join(folder, "sweep.db")
  if (before !== undefined && existsSync(before)) copyFileSync(before, db)
  return db
}
