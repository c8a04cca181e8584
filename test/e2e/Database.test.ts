/**
 * Databases that cannot be used: exit code 1, what and why, nothing damaged.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Ledger } from "../../src/Cli/Ledger.ts"
import type * as Receipt from "../../src/Receipt.ts"
import {
  bin,
  database,
  document,
  folder,
  query,
  sandbox,
  sluice,
  startSluice,
  sync,
  until,
  untilRequested
} from "./support.ts"

const env = { POSTMARK_SERVER_TOKEN: "some-token", POSTMARK_BASE_URL: "http://127.0.0.1:1" }

/** Root may write anywhere; it can be somebody else, where that one may read this checkout. */
const nobody = process.getuid?.() === 0 ? 65534 : undefined
const asked = `require("fs").accessSync(${JSON.stringify(bin)}); require("fs").accessSync(${JSON.stringify(tmpdir())}, 2)`
const isBound =
  process.getuid !== undefined &&
  spawnSync(process.execPath, ["-e", asked], nobody === undefined ? {} : { uid: nobody, gid: nobody }).status === 0

const refused = (cwd: string, args: ReadonlyArray<string>, message: RegExp) =>
  Effect.map(sluice(args, { cwd, env }), ({ code, stderr, stdout }) => {
    assert.strictEqual(stdout, "")
    assert.match(stderr, message)
    assert.notMatch(stderr, /\n\s+at /)
    assert.strictEqual(code, 1)
  })

describe("a database that cannot be used", { timeout: 90_000 }, () => {
  it.scopedLive("because there is no place for it", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      mkdirSync(join(cwd, "folder.db"))
      writeFileSync(join(cwd, "file"), "")
      yield* refused(
        cwd,
        ["sync", "postmark", "--db", "gone/x.db"],
        /^sluice: gone\/x\.db: .*there is no folder .*gone; create it/
      )
      yield* refused(cwd, ["sync", "postmark", "--db", "file/x.db"], /^sluice: file\/x\.db: .*is not a folder/)
      yield* refused(
        cwd,
        ["sync", "postmark", "--db", "folder.db"],
        /^sluice: folder\.db: .*it is a folder; name a file/
      )
      yield* refused(cwd, ["demo", "--db", "gone/x.db"], /there is no folder/)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["file", "folder.db"])
    })
  )

  // Root may write anywhere but here.
  it.scopedLive.skipIf(!existsSync("/proc/self"))("because its folder cannot be written", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      yield* refused(
        cwd,
        ["sync", "postmark", "--db", "/proc/self/x.db"],
        /^sluice: \/proc\/self\/x\.db: cannot open the database: no file can be created in the folder \/proc\/self/
      )
    })
  )

  it.scopedLive.skipIf(!isBound)("is read all the same where it and its folder may only be read", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--messages", "3")
      yield* sync(["postmark", "--resource", "messages", "--db", "d.db"], { cwd, env: server.env })
      rmSync(join(cwd, "d.db-lock"))
      chmodSync(join(cwd, "d.db"), 0o444)
      for (const mode of [0o555, 0o777]) {
        chmodSync(cwd, mode)
        const of = { cwd, env: server.env, uid: nobody }
        const status = yield* sluice(["status", "--db", "d.db", "--json"], of)
        assert.deepInclude(status, { code: 0, stderr: "" })
        assert.strictEqual(document<Ledger>(status.stdout).resources[0]?.rows, 3)
        for (const args of [["status"], ["rejects", "list"], ["state", "show"], ["plan", "postmark", "--db", "d.db"]]) {
          const result = yield* sluice(args, of)
          assert.deepInclude(result, { code: 0, stderr: "" }, args.join(" "))
        }
        const refused = yield* sluice(["sync", "postmark", "--db", "d.db"], of)
        assert.match(refused.stderr, /^sluice: d\.db: the database cannot be written/)
        assert.deepStrictEqual(readdirSync(cwd), ["d.db"])
      }
    })
  )

  it.scopedLive("because it is something else, and leaves it as it was", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const text = "Dear diary, today I was nearly overwritten by a database. ".repeat(20)
      writeFileSync(join(cwd, "diary.db"), text)
      yield* refused(
        cwd,
        ["sync", "postmark", "--db", "diary.db"],
        /^sluice: .*diary\.db: not an SQLite database, left as it was/
      )
      yield* refused(cwd, ["status", "--db", "diary.db"], /^sluice: .*diary\.db: not an SQLite database/)
      assert.strictEqual(readFileSync(join(cwd, "diary.db"), "utf8"), text)
      assert.notInclude(readdirSync(cwd), "diary.db-wal")
    })
  )

  it.scopedLive("because another program is writing to it", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const file = join(cwd, "postmark.db")
      yield* sync(["postmark", "--resource", "domains"], { cwd, env: server.env })
      yield* database(file, (sql) =>
        Effect.gen(function* () {
          const connection = yield* sql.reserve
          yield* connection.executeRaw("BEGIN IMMEDIATE", [])
          const { code, stderr } = yield* sluice(["sync", "postmark"], { cwd, env: server.env })
          assert.strictEqual(code, 1)
          assert.match(
            stderr,
            /^sluice: .*postmark\.db: another process is writing to the database: .*; run again when it has finished\n$/
          )
          const status = yield* sluice(["status"], { cwd })
          assert.strictEqual(status.code, 0)
          yield* connection.executeRaw("ROLLBACK", [])
        }).pipe(Effect.scoped)
      )
      const { code } = yield* sync(["postmark"], { cwd, env: server.env })
      assert.strictEqual(code, 0)
    })
  )

  it.scopedLive("because another sync is at work on it, which is named", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--messages", "6000", "--fault", "delay:200=1")
      const first = yield* startSluice(["sync", "postmark", "--json"], { cwd, env: server.env })
      yield* until(() => existsSync(join(cwd, "postmark.db-lock")) && existsSync(join(cwd, "postmark.db-wal")))
      const second = yield* sluice(["sync", "postmark"], { cwd, env: server.env })
      assert.strictEqual(second.code, 1)
      assert.match(
        second.stderr,
        new RegExp(
          `^sluice: postmark\\.db: another sync is at work on this file: sluice sync postmark, process ${first.pid}.*since .*; wait until it has finished, or stop it\\n$`
        )
      )
      const status = yield* sluice(["status", "--json"], { cwd })
      const { writer } = document<Ledger>(status.stdout)
      assert.deepInclude(writer, { command: "sluice sync postmark", pid: first.pid, live: true })
      assert.match(
        (yield* sluice(["status"], { cwd })).stdout,
        new RegExp(`sluice sync postmark +at work: process ${first.pid} on .* run \\w+, since .*, last seen`)
      )
      const { code } = yield* first.ended
      assert.strictEqual(code, 0)
      assert.isNull(document<Ledger>((yield* sluice(["status", "--json"], { cwd })).stdout).writer)
    })
  )

  it.scopedLive("because another sync is at work on it, although somebody removed the lock file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--messages", "6000", "--fault", "delay:200=1")
      const first = yield* startSluice(["sync", "postmark", "--json"], { cwd, env: server.env })
      yield* untilRequested(server, "/messages/outbound", 2)
      rmSync(join(cwd, "postmark.db-lock"))
      const second = yield* sluice(["sync", "postmark"], { cwd, env: server.env })
      assert.strictEqual(second.code, 1)
      assert.match(
        second.stderr,
        new RegExp(
          `^sluice: postmark\\.db: another sync is at work on this file: sluice sync postmark, process ${first.pid} on `
        )
      )
      const reset = yield* sluice(["state", "reset", "--db", "postmark.db"], { cwd })
      assert.strictEqual(reset.code, 1)
      const { code, stdout } = yield* first.ended
      assert.strictEqual(code, 0)
      assert.strictEqual(document<Receipt.Receipt>(stdout).status, "complete")
    })
  )

  it.scopedLive("because it is another's by now: the sync that finds it so stops, and leaves whole pages", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--messages", "6000", "--fault", "delay:200=1")
      const args = ["sync", "postmark", "--resource", "messages"]
      const run = yield* startSluice(args, { cwd, env: server.env })
      yield* untilRequested(server, "/messages/outbound", 3)
      const file = join(cwd, "postmark.db")
      const at = new Date().toISOString()
      yield* database(
        file,
        (sql) =>
          sql`REPLACE INTO _sluice_lock VALUES (1, 'another', 5, 'farm', 'sluice sync theirs', NULL, NULL, ${at}, ${at})`
      )
      const { code, stderr } = yield* run.ended
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^sluice: postmark\.db: another sync .*: it was taken over by sluice sync theirs, process 5 on farm/
      )
      const [stored] = yield* query<{ readonly n: number }>(file, "SELECT count(*) AS n FROM messages")
      assert.isAbove(stored!.n, 0)
      assert.strictEqual(stored!.n % 500, 0)
      // The other machine's lock is honoured as long as it beats.
      const next = yield* sluice(args, { cwd, env: server.env })
      assert.strictEqual(next.code, 1)
      assert.match(
        next.stderr,
        /sluice sync theirs, process 5 on farm, since .*, last seen \d+ s ago; without a sign of life for 30 s/
      )
      yield* database(file, (sql) => sql`UPDATE _sluice_lock SET heartbeat_at = '2020-01-01T00:00:00.000Z'`)
      const last = yield* sluice([...args, "--json"], { cwd, env: server.env })
      assert.strictEqual(last.code, 0)
      assert.match(last.stderr, /^sluice: took over the lock of sluice sync theirs, process 5 on farm/)
    })
  )
})
