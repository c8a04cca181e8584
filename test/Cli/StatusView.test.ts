import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type * as Ledger from "../../src/Cli/Ledger.ts"
import * as StatusView from "../../src/Cli/StatusView.ts"
import { view } from "./support.ts"

const run = "01JD0000000000000000000000"
const at = "2026-11-23T12:00:00.000Z"

const ledger = (last: Partial<Ledger.Resource["last"]>, changes: Partial<Ledger.Resource> = {}): Ledger.Ledger => ({
  db: "shop.db",
  bytes: 4096,
  writer: null,
  archive: null,
  runs: [{ run, source: "shop", status: "partial", started_at: at, finished_at: at, updated_at: at }],
  resources: [
    {
      source: "shop",
      name: "orders",
      table: "orders",
      rows: 500,
      last: { run, status: "partial", at, error: null, completeness: null, ...last },
      last_complete: null,
      checkpoint: null,
      rejects: 0,
      ...changes
    }
  ]
})

const render = (of: Ledger.Ledger) => StatusView.render(of, Date.parse(at), view())

describe("StatusView", () => {
  it.effect("says why the last run is not everything, where nothing else does", () =>
    Effect.gen(function* () {
      const lost = { proven: false, why: "rows did not come any more, and were kept: too many to be believed" }
      assert.match(
        yield* render(ledger({ completeness: lost })),
        /· orders {2}the last run did not read everything: rows did not come any more/
      )
      const short = { proven: false, why: "a short page ended it" }
      assert.match(
        yield* render(ledger({ status: "complete", completeness: short })),
        /· orders {2}nothing proves that the last run read everything: a short page ended it/
      )
      const all = { proven: true, why: "the API reported 500 rows, 500 were read" }
      assert.notInclude(yield* render(ledger({ status: "complete", completeness: all })), "everything")
      assert.notInclude(yield* render(ledger({ completeness: null })), "everything")
      const refused = yield* render(
        ledger({ completeness: { proven: false, why: "2 rows were refused" } }, { rejects: 2 })
      )
      assert.notInclude(refused, "everything")
      assert.include(refused, "2 rows set aside")
    })
  )

  it.effect("says where an unfinished walk stands, as far as that is one place", () =>
    Effect.gen(function* () {
      const at = (position: unknown) => ledger({}, { checkpoint: { page: 3, position, total: null } })
      assert.match(yield* render(at({ query: { offset: 150 } })), /goes on after page 3, at offset 150$/)
      assert.match(yield* render(at({})), /goes on after page 3$/)
    })
  )

  it.effect("names who is at work, and in which run", () =>
    Effect.gen(function* () {
      const writer = {
        command: "sluice sync shop.yaml",
        pid: 12,
        host: "box",
        run,
        acquired_at: at,
        heartbeat_at: at,
        live: true
      }
      assert.include(
        yield* render({ ...ledger({}), writer }),
        `at work: process 12 on box, run ${run}, since ${at}, last seen just now`
      )
    })
  )
})
