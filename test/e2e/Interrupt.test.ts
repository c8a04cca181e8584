/**
 * A sync that is stopped: by Ctrl-C, by SIGTERM, by kill -9. Nothing is lost or doubled, and the next one goes on.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import type * as Receipt from "../../src/Receipt.ts"
import {
  document,
  type Environment,
  folder,
  query,
  resourceOf,
  rowsOf,
  sandbox,
  sluice,
  startSluice,
  sync,
  untilRequested
} from "./support.ts"

const messages = 6000
const path = "/messages/outbound"
const args = ["sync", "postmark", "--resource", "messages"]

/** Twelve pages, each on its way for a tenth of a second. */
const slow = sandbox("--messages", String(messages), "--fault", "delay:100=1")

const ids = (file: string) =>
  query<{ readonly message_id: string }>(file, "SELECT message_id FROM messages ORDER BY message_id")

/** What a run that nobody disturbed leaves behind. */
const undisturbed = (cwd: string, env: Environment) =>
  Effect.gen(function* () {
    const { code } = yield* sync(["postmark", "--resource", "messages", "--db", "whole.db"], { cwd, env })
    assert.strictEqual(code, 0)
    return yield* ids(join(cwd, "whole.db"))
  })

type Server = Effect.Effect.Success<typeof slow>

const asked = (server: Server) =>
  Effect.map(server.requests, (all) => all.filter((request) => request.path === path).length)

/** Requests so far, those of a killed process too, which the server still answers. */
const settled = (server: Server): Effect.Effect<number> =>
  Effect.gen(function* () {
    const before = yield* asked(server)
    yield* Effect.sleep("400 millis")
    return (yield* asked(server)) === before ? before : yield* settled(server)
  })

describe("a sync that is stopped", { timeout: 90_000 }, () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.scopedLive(`by ${signal} writes and prints its receipt, exits 130, and is resumed`, () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const server = yield* slow
        const run = yield* startSluice([...args, "--json"], { cwd, env: server.env })
        yield* untilRequested(server, path, 4)
        yield* run.kill(signal)
        const { code, stderr, stdout } = yield* run.ended
        assert.strictEqual(code, 130)
        assert.strictEqual(stderr, "")
        const receipt = document<Receipt.Receipt>(stdout)
        assert.strictEqual(receipt.status, "interrupted")
        const stopped = resourceOf(receipt, "messages")
        assert.strictEqual(stopped.status, "interrupted")
        assert.isAbove(stopped.pages, 0)
        assert.isAbove(stopped.duration_ms, 100)
        assert.strictEqual(stopped.rows.inserted, stopped.pages * 500)
        assert.notStrictEqual(stopped.cursor, null)
        const [run_] = yield* query<{ readonly status: string }>(
          join(cwd, "postmark.db"),
          "SELECT status FROM _sluice_runs"
        )
        assert.strictEqual(run_?.status, "interrupted")

        const status = yield* sluice(["status"], { cwd })
        assert.match(
          status.stdout,
          new RegExp(`messages +unfinished: the next sync goes on after page ${stopped.pages},`)
        )

        const rest = yield* sync(["postmark", "--resource", "messages"], { cwd, env: server.env })
        assert.strictEqual(rest.code, 0)
        assert.strictEqual(rowsOf(rest.receipt, "messages").inserted, messages - stopped.rows.inserted)
        assert.match(
          resourceOf(rest.receipt, "messages").notices.join(),
          new RegExp(`resumed after page ${stopped.pages} of run ${receipt.run}`)
        )
        assert.lengthOf(yield* ids(join(cwd, "postmark.db")), messages)
      })
    )
  }

  it.scopedLive("by Ctrl-C prints its table, too", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* slow
      const run = yield* startSluice(args, { cwd, env: server.env })
      yield* untilRequested(server, path, 3)
      yield* run.kill("SIGINT")
      const { code, stdout } = yield* run.ended
      assert.strictEqual(code, 130)
      assert.match(stdout, /messages +! interrupted +[\d,]+ of 6,000/)
      assert.match(stdout, /^! interrupted: every page so far is saved; run the same command again to go on\n$/m)
    })
  )

  /** `times`: requests after which each run is killed; `most`: pages that each kill makes the next run ask for again. */
  const killed = (args: ReadonlyArray<string>, times: ReadonlyArray<number>, most: number) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* slow
      let kills = 0
      // Each at another place of the walk.
      for (const requests of times) {
        const before = yield* settled(server)
        const run = yield* startSluice(args, { cwd, env: server.env })
        yield* untilRequested(server, path, before + requests)
        yield* run.kill("SIGKILL")
        const { signal, stderr } = yield* run.ended
        assert.strictEqual(signal, "SIGKILL")
        // The lock of the one before, which nobody gave back, is no hindrance.
        if (kills > 0) assert.match(stderr, /^sluice: took over the lock of sluice sync postmark, process \d+ on /)
        kills++
      }
      const { code, receipt } = yield* sync(["postmark", "--resource", "messages"], { cwd, env: server.env })
      assert.strictEqual(code, 0)
      assert.strictEqual(receipt.status, "complete")
      const offsets = (yield* server.requests)
        .filter((request) => request.path === path)
        .map(({ query }) => Number(query["offset"]))
      assert.strictEqual(new Set(offsets).size, messages / 500)
      assert.isAtMost(offsets.length - messages / 500, most * kills)
      assert.deepStrictEqual(yield* ids(join(cwd, "postmark.db")), yield* undisturbed(cwd, server.env))
      const [orphans] = yield* query<{ readonly n: number }>(
        join(cwd, "postmark.db"),
        "SELECT count(*) AS n FROM messages__recipients WHERE _parent_message_id NOT IN (SELECT message_id FROM messages)"
      )
      assert.strictEqual(orphans?.n, 0)
    })

  it.scopedLive("by kill -9 loses and doubles no row, and fetches at most two pages again", () =>
    killed(args, [3, 5, 5], 2)
  )

  it.scopedLive("by kill -9 with eight pages under way loses and doubles no row, and fetches at most nine again", () =>
    killed([...args, "--concurrency", "8"], [3, 3, 3], 9)
  )
})
