import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { FileSystem } from "@effect/platform"
import type { Connection } from "@effect/sql/SqlConnection"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Layer, Scope } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import * as Driver from "../../src/Table/Driver.ts"
import * as Lock from "../../src/Table/Lock.ts"
import type { TableError } from "../../src/Table/TableError.ts"

const services = Layer.mergeAll(AutoDriver.layer, NodeFileSystem.layer, NodePath.layer)

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Node 20 runs no TypeScript. The bundle lies where it finds better-sqlite3. */
const bundle = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const dir = yield* fs.makeTempDirectoryScoped({ directory: here("../../node_modules"), prefix: ".sluice-" })
  yield* Effect.promise(async () => {
    const build = await rolldown({
      input: here("./LockHolder.ts"),
      platform: "node",
      external: [/^node:/, "better-sqlite3"]
    })
    await build.write({ dir, format: "esm", entryFileNames: "main.mjs", chunkFileNames: "[name]-[hash].mjs" })
    await build.close()
  })
  return `${dir}/main.mjs`
})

/** A process that wants the lock: its first line of output, its exit code, and the end of it. */
const contender = (program: string, file: string, run: string) =>
  Effect.gen(function* () {
    const said = yield* Deferred.make<string>()
    const ended = yield* Deferred.make<number | null>()
    const args = process.versions.deno === undefined ? [program] : ["run", "-A", program]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(process.execPath, [...args, file, run], { stdio: ["ignore", "pipe", "inherit"] })),
      (child) =>
        Effect.zipRight(
          Effect.sync(() => child.kill("SIGKILL")),
          Deferred.await(ended)
        )
    )
    child.stdout.setEncoding("utf8").on("data", (text: string) => Deferred.unsafeDone(said, Exit.succeed(text.trim())))
    child.on("close", (code) => Deferred.unsafeDone(ended, Exit.succeed(code)))
    return {
      pid: child.pid,
      said: Deferred.await(said),
      exit: Deferred.await(ended),
      kill: Effect.zipRight(
        Effect.sync(() => child.kill("SIGKILL")),
        Deferred.await(ended)
      )
    }
  })

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped({ prefix: "sluice-" }))

const me: Lock.Holder = { pid: 4242, run: "01J", startedAt: "2026-11-23T12:00:00.000Z", command: "sluice sync mine" }

describe("Lock.hold", () => {
  it.scoped("refuses a second holder of one file, and says who is the first", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      yield* Lock.hold(file, me)
      const error = yield* Effect.flip(Effect.scoped(Lock.hold(file, { ...me, pid: 1 })))
      assert.strictEqual(error.reason, "Locked")
      assert.strictEqual(error.isRetryable, false)
      assert.strictEqual(
        error.message,
        `${file}: another sync is at work on this file: ` +
          `sluice sync mine, process 4242, since 2026-11-23T12:00:00.000Z, run 01J; ` +
          "wait until it has finished, or stop it"
      )
      // The refused one has not let go of the first one's lock.
      assert.strictEqual((yield* Effect.flip(Effect.scoped(Lock.hold(file, me)))).reason, "Locked")
    }).pipe(Effect.provide(services))
  )

  it.scoped("names a holder that gives few facts", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      yield* Lock.hold(file, { startedAt: "today", command: "a program" })
      const error = yield* Effect.flip(Effect.scoped(Lock.hold(file, me)))
      assert.strictEqual(error.detail, "a program, since today")
    }).pipe(Effect.provide(services))
  )

  it.scoped("is free again when the scope closes", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      const scope = yield* Scope.make()
      yield* Scope.extend(Lock.hold(file, me), scope)
      yield* Scope.close(scope, Exit.void)
      yield* Lock.hold(file, { ...me, pid: 1 })
      const error = yield* Effect.flip(Effect.scoped(Lock.hold(file, me)))
      assert.include(error.message, "process 1,")
    }).pipe(Effect.provide(services))
  )

  it.scoped("is one lock for all names of a file, and one per file", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* folder
      yield* DatabaseFile.prepare(`${directory}/x.db`)
      yield* fs.symlink(`${directory}/x.db`, `${directory}/link.db`)
      yield* Lock.hold(`${directory}/link.db`, me)
      assert.strictEqual((yield* Effect.flip(Effect.scoped(Lock.hold(`${directory}/x.db`, me)))).reason, "Locked")
      yield* Lock.hold(`${directory}/y.db`, me)
    }).pipe(Effect.provide(services))
  )

  it.scoped("keeps its file to the owner, and the database open to all", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/x.db`
      const sql = yield* DatabaseFile.open(file)
      yield* Lock.hold(file, me)
      assert.strictEqual((yield* fs.stat(`${file}-lock`)).mode & 0o777, 0o600)
      const other = yield* DatabaseFile.open(file)
      yield* other`CREATE TABLE t (v INTEGER) STRICT`
      assert.deepStrictEqual(yield* sql`SELECT count(*) FROM t`.values, [[0]])
    }).pipe(Effect.provide(services))
  )

  it.scoped("has nothing to hold for :memory:", () =>
    Effect.zipRight(Lock.hold(":memory:", me), Lock.hold(":memory:", me)).pipe(Effect.provide(services))
  )

  it.scoped("fails typed where it cannot be kept", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* folder
      assert.strictEqual((yield* Effect.flip(Lock.hold(`${directory}/none/x.db`, me))).reason, "CannotOpen")
      yield* fs.writeFileString(`${directory}/x.db-lock`, "someone's notes")
      const error = yield* Effect.flip(Lock.hold(`${directory}/x.db`, me))
      assert.strictEqual(error.reason, "NotADatabase")
      assert.include(error.message, "x.db-lock")
      assert.strictEqual(yield* fs.readFileString(`${directory}/x.db-lock`), "someone's notes")
    }).pipe(Effect.provide(services))
  )

  it.scoped("names nobody rather than a holder that is gone", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      yield* Effect.scoped(Lock.hold(file, me))
      // A second process comes while the first is about to commit who it is.
      const driver = yield* Driver.Driver
      const interrupted = Layer.succeed(Driver.Driver, {
        ...driver,
        open: (options) =>
          Effect.map(
            driver.open(options),
            (sql) =>
              ({
                ...sql,
                reserve: Effect.map(sql.reserve, (connection): Connection => ({
                  ...connection,
                  executeRaw: (text, params) =>
                    text === "COMMIT"
                      ? Effect.zipRight(second, connection.executeRaw(text, params))
                      : connection.executeRaw(text, params)
                }))
              }) as typeof sql
          )
      })
      const told: Array<TableError> = []
      const second = Effect.flip(Effect.scoped(Lock.hold(file, me))).pipe(
        Effect.map((error) => told.push(error)),
        Effect.provide(services),
        Effect.orDie
      )
      yield* Lock.hold(file, { ...me, pid: 1 }).pipe(Effect.provide(interrupted))
      assert.deepStrictEqual(
        told.map((error) => error.detail),
        ["its process has not said yet who it is"]
      )
      assert.include((yield* Effect.flip(Effect.scoped(Lock.hold(file, me)))).detail, "process 1,")
    }).pipe(Effect.provide(services))
  )

  it.scopedLive("holds between processes, and is free at once when its process is killed", () =>
    Effect.gen(function* () {
      const program = yield* bundle
      const file = `${yield* folder}/x.db`
      const first = yield* contender(program, file, "run-1")
      assert.strictEqual(yield* first.said, "held")

      const started = performance.now()
      const error = yield* Effect.flip(Effect.scoped(Lock.hold(file, me)))
      assert.isBelow(performance.now() - started, 500)
      assert.strictEqual(error.reason, "Locked")
      assert.include(error.message, `process ${first.pid} on here, since 2026-11-23T12:00:00.000Z, run run-1`)

      yield* first.kill
      // What the killed process left there is not asked.
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Lock.hold(file, me)
          const second = yield* contender(program, file, "run-2")
          assert.match(yield* second.said, /^Locked .*process 4242,/)
          assert.strictEqual(yield* second.exit, 1)
        })
      )
      const third = yield* contender(program, file, "run-3")
      assert.strictEqual(yield* third.said, "held")
    }).pipe(Effect.provide(services))
  )

  it.scopedLive("goes to exactly one of many processes that want it at once", () =>
    Effect.gen(function* () {
      const program = yield* bundle
      const file = `${yield* folder}/x.db`
      // Facts of one that is gone: none of them may be told that it is the holder.
      yield* Effect.scoped(Lock.hold(file, me))
      const all = yield* Effect.forEach([1, 2, 3, 4], (n) => contender(program, file, `run-${n}`))
      const said = yield* Effect.forEach(all, (one) => one.said, { concurrency: "unbounded" })
      const winner = said.indexOf("held")
      for (const [index, line] of said.entries()) {
        if (index !== winner) assert.match(line, new RegExp(`^Locked .*process ${all[winner]?.pid} on here`))
      }
    }).pipe(Effect.provide(services))
  )
})
