/**
 * What the benchmarks rest on beside the clock: when a ratio has fallen, and that nothing was written.
 */
import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fallen } from "../bench/baseline.mjs"
import { changedSince, digests } from "../bench/untouched.mjs"

/** It has no types of its own. */
const Database = createRequire(import.meta.url)("better-sqlite3")

describe("bench/baseline", () => {
  const baseline = { speed: 0.8, size: 100 }
  const measured = (speed: number, size: number) => [
    { gates: [{ id: "speed", value: speed, better: "more" as const }] },
    { gates: [{ id: "size", value: size, better: "less" as const }] },
    {}
  ]

  it("takes what is up to a quarter worse", () => {
    assert.deepStrictEqual(fallen(measured(0.61, 133), baseline, true), [])
    assert.deepStrictEqual(fallen(measured(2, 1), baseline, true), [])
  })

  it("names what is more than a quarter worse, whichever way is better", () => {
    assert.deepStrictEqual(fallen(measured(0.59, 134), baseline, true), [
      "speed was 0.8 and is 0.59, more than a quarter worse",
      "size was 100 and is 134, more than a quarter worse"
    ])
  })

  it("names what is new, and what is gone where all was measured", () => {
    const results = [{ gates: [{ id: "other", value: 1, better: "more" as const }] }]
    assert.deepStrictEqual(fallen(results, { speed: 1 }, true), [
      "other is not in the baseline; write it by --update-baseline",
      "speed is in the baseline and was not measured"
    ])
    assert.lengthOf(fallen(results, { speed: 1 }, false), 1)
  })
})

describe("bench/untouched", () => {
  const withFile = (use: (file: string, run: (sql: string) => void) => void) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-untouched-"))
    const file = join(folder, "a.db")
    try {
      use(file, (sql) => {
        const db = new Database(file)
        db.pragma("journal_mode = WAL")
        db.exec(sql)
        db.close()
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const tables = `
    CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT, _sluice_run TEXT) STRICT;
    CREATE TABLE _sluice_runs (id TEXT PRIMARY KEY) STRICT;
    INSERT INTO things VALUES ('a', 'one', '1')`

  it("lets a receipt pass, and names what it was written to", () =>
    withFile((file, run) => {
      run(tables)
      const before = digests(file)
      run("INSERT INTO _sluice_runs VALUES ('2')")
      assert.deepStrictEqual(changedSince(before, file), ["_sluice_runs", "sqlite_autoindex__sluice_runs_1"])
    }))

  it("sees a row that has another run", () =>
    withFile((file, run) => {
      run(tables)
      const before = digests(file)
      run("UPDATE things SET _sluice_run = '2'")
      assert.throws(() => changedSince(before, file), /has written to things$/)
    }))

  it("sees a row that was taken out and put back", () =>
    withFile((file, run) => {
      run(`${tables}; INSERT INTO things VALUES ('b', 'two', '1')`)
      const before = digests(file)
      run("DELETE FROM things WHERE id = 'a'; INSERT INTO things VALUES ('a', 'one', '1')")
      assert.throws(() => changedSince(before, file), /has written to .*things/)
    }))
})
