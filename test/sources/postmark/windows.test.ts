/** The configuration of docs/POSTMARK.md for more messages than Postmark pages through, done against a sandbox that has them. */
import { assert, describe, it } from "@effect/vitest"
import * as SqlClient from "@effect/sql/SqlClient"
import { Effect, TestClock } from "effect"
import { readFileSync } from "node:fs"
import { Sync } from "sluice"
import * as Sandbox from "../../../src/sandbox/Sandbox.ts"
import { parse } from "../../Spec/fixture.ts"
import { stages } from "./support.ts"

const page = readFileSync(new URL("../../../docs/POSTMARK.md", import.meta.url), "utf8")
const written = /```yaml\n([^]*?)```/.exec(page)![1]!

const messages = 30_000

describe("docs/POSTMARK.md: more than 10,000 messages", { timeout: 120_000 }, () => {
  it.effect("are stored while others come in, which the next run finds", () =>
    Effect.gen(function* () {
      const begun = Date.parse("2026-11-16T12:00:00Z")
      yield* TestClock.setTime(begun)
      const source = yield* parse(written, { env: { POSTMARK_SERVER_TOKEN: Sandbox.tokens.serverToken } })
      const gateway = yield* Sandbox.gateway({ messages: 12_000 })
      yield* Effect.gen(function* () {
        const sync = yield* Sync.Sync
        const first = yield* sync.run(source, { onProgress: () => Effect.ignore(gateway.insert({ messages: 7 })) })
        assert.isTrue(first.resources[0]!.completeness.proven, first.resources[0]!.completeness.why)
        assert.strictEqual(first.resources[0]!.rows.inserted, 12_000)
        const { inserted } = yield* gateway.world
        assert.isAbove(inserted.messages, 100)
        yield* TestClock.setTime(begun + 86_400_000)
        const second = yield* sync.run(source)
        assert.isTrue(second.resources[0]!.completeness.proven, second.resources[0]!.completeness.why)
        assert.deepInclude(second.resources[0]!.rows, { inserted: inserted.messages, updated: 0, unchanged: 12_000 })
      }).pipe(Effect.provide(stages(source, gateway)))
    })
  )

  it.effect("are stored, each once and all of them, and the second run finds nothing to change", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-11-17T00:00:00Z"))
      const source = yield* parse(written, { env: { POSTMARK_SERVER_TOKEN: Sandbox.tokens.serverToken } })
      const gateway = yield* Sandbox.gateway({ messages })
      yield* Effect.gen(function* () {
        const sync = yield* Sync.Sync
        const sql = yield* SqlClient.SqlClient
        for (const expected of ["inserted", "unchanged"] as const) {
          const { resources, status } = yield* sync.run(source)
          assert.strictEqual(status, "complete")
          const { completeness, notices, reported_total, rows } = resources[0]!
          assert.isTrue(completeness.proven, completeness.why)
          assert.deepStrictEqual([rows.fetched, rows[expected], reported_total], [messages, messages, messages])
          assert.match(notices.join("\n"), /read in [4-9] windows of time/)
        }
        const [stored] = yield* sql.unsafe<{ readonly n: number }>("SELECT count(*) AS n FROM messages")
          .withoutTransform
        assert.strictEqual(stored?.n, messages)
      }).pipe(Effect.provide(stages(source, gateway)))
    })
  )
})
