import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as BetterSqlite from "../../src/Table/BetterSqlite.ts"
import { Driver } from "../../src/Table/Driver.ts"
import * as ArchiveContract from "../contract/ArchiveContract.ts"
import * as DriverContract from "../contract/DriverContract.ts"
import * as SqlClientContract from "../contract/SqlClientContract.ts"

const probe = await Effect.runPromise(Effect.either(Effect.provide(Driver, BetterSqlite.layerDriver)))

// Node 20 has no other driver: there its absence is a failure, not a reason to skip.
const isNeeded =
  process.versions.bun === undefined && process.versions.deno === undefined && process.version.startsWith("v20.")
const absent = isNeeded || Either.isRight(probe) ? undefined : probe.left.message

SqlClientContract.suite("better-sqlite3", BetterSqlite.layerDriver, absent)
ArchiveContract.suite("better-sqlite3", BetterSqlite.layerDriver, absent)
DriverContract.suite("better-sqlite3", BetterSqlite.layerDriver, absent)

describe("BetterSqlite", () => {
  it.runIf(absent === undefined)("goes by its name", () => {
    assert.strictEqual(Either.getOrThrow(probe).name, "better-sqlite3")
  })

  it.skipIf(absent === undefined)("says that it does not load", () => {
    const error = Either.getOrThrow(Either.flip(probe))
    assert.strictEqual(error.reason, "NoDriver")
    assert.match(error.message, /better-sqlite3 does not load \(.+\)/)
  })
})
