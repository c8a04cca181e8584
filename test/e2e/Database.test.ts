/**
 * Databases that cannot be used: exit code 1, what and why, nothing damaged.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { database, folder, sandbox, sluice, startSluice, sync, until } from "./support.ts"

const env = { POSTMARK_SERVER_TOKEN: "some-token", POSTMARK_BASE_URL: "http://127.0.0.1:1" }

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
      const { code } = yield* first.ended
      assert.strictEqual(code, 0)
    })
  )
})
