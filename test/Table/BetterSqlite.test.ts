import { assert, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as BetterSqlite from "../../src/Table/BetterSqlite.ts"
import { Driver } from "../../src/Table/Driver.ts"
import { suite } from "../contract/SqlClientContract.ts"

const probe = await Effect.runPromise(Effect.either(Effect.provide(Driver, BetterSqlite.layerDriver)))

// Where there is no other driver it must be there, and its absence is not a reason to skip.
const isNeeded = process.getBuiltinModule("node:sqlite") === undefined

if (Either.isRight(probe) || isNeeded) {
  suite("better-sqlite3", BetterSqlite.layerDriver)
  it("goes by its name", () => assert.strictEqual(Either.getOrThrow(probe).name, "better-sqlite3"))
} else {
  it("says why it does not load", () => {
    assert.strictEqual(probe.left.reason, "NoDriver")
    assert.include(probe.left.message, "better-sqlite3 does not load")
  })
  it.skip(`has no suite here: ${probe.left.message.slice(0, 200)}`, () => {})
}
