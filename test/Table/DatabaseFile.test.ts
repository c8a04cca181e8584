import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Error as PlatformError, FileSystem } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import { Driver } from "../../src/Table/Driver.ts"

const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)
const services = Layer.merge(files, AutoDriver.layer)

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped({ prefix: "sluice-" }))
const modeOf = (path: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.map(fs.stat(path), (info) => info.mode & 0o777))

const refusal = (filename: string, options?: DatabaseFile.Options) =>
  Effect.flip(DatabaseFile.prepare(filename, options))

/** Tests may run as root, whom no permission stops: here the file system says what it would say to others. */
const forbidding = (calls: ReadonlyArray<keyof FileSystem.FileSystem>, when: (path: string) => boolean) =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => {
      const forbid =
        (method: string, call: (path: string, options?: never) => Effect.Effect<unknown, unknown, unknown>) =>
        (path: string, options?: { readonly writable?: boolean }) =>
          when(path) && (method !== "access" || options?.writable === true)
            ? Effect.fail(new PlatformError.SystemError({ module: "FileSystem", method, reason: "PermissionDenied" }))
            : call(path, options as never)
      const overridden = calls.map((name) => [name, forbid(name, fs[name] as never)])
      return { ...fs, ...Object.fromEntries(overridden) } as FileSystem.FileSystem
    })
  ).pipe(Layer.provideMerge(files))

describe("DatabaseFile.prepare", () => {
  it.scoped("makes a file for its owner only, and gives its absolute path", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/new.db`
      assert.strictEqual(yield* DatabaseFile.prepare(`${file}/../new.db`), file)
      assert.strictEqual(yield* modeOf(file), 0o600)
    }).pipe(Effect.provide(files))
  )

  it.scoped("leaves the mode of a file that is there", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/old.db`
      yield* fs.writeFileString(file, "")
      for (const mode of [0o644, 0o660, 0o600]) {
        yield* fs.chmod(file, mode)
        yield* DatabaseFile.prepare(file)
        assert.strictEqual(yield* modeOf(file), mode)
      }
    }).pipe(Effect.provide(files))
  )

  it.effect("passes :memory: through", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* DatabaseFile.prepare(":memory:"), ":memory:")
    }).pipe(Effect.provide(files))
  )

  it.scoped("names the folder that is not there, and does not make it", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const missing = `${yield* folder}/none`
      const error = yield* refusal(`${missing}/x.db`)
      assert.strictEqual(error.reason, "CannotOpen")
      assert.include(error.message, `there is no folder ${missing}; create it`)
      assert.isFalse(yield* fs.exists(missing))
    }).pipe(Effect.provide(files))
  )

  it.scoped("tells a folder, a file in place of a folder, a pipe", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* folder
      yield* fs.writeFileString(`${directory}/file`, "")
      assert.include((yield* refusal(directory)).message, "it is a folder; name a file")
      assert.include((yield* refusal("")).message, "it is a folder; name a file")
      assert.strictEqual((yield* refusal(`${directory}/file/x.db`)).reason, "CannotOpen")
      assert.include((yield* refusal("/dev/null")).message, "it is not a plain file but a CharacterDevice")
    }).pipe(Effect.provide(files))
  )

  it.scoped("refuses a file of one byte, which SQLite would write over", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/note`
      yield* fs.writeFileString(file, "x")
      assert.strictEqual((yield* refusal(file)).reason, "NotADatabase")
    }).pipe(Effect.provide(files))
  )

  it.scoped("creates nothing when it is to be read only", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/none.db`
      assert.include((yield* refusal(file, { readonly: true })).message, "there is no such file")
      assert.isFalse(yield* fs.exists(file))
    }).pipe(Effect.provide(files))
  )

  it.scoped("says that a folder takes no new file", () =>
    Effect.gen(function* () {
      const error = yield* refusal("./new.db")
      assert.strictEqual(error.reason, "CannotOpen")
      assert.match(error.message, /^\.\/new\.db: .*no file can be created in the folder \/.*permissions/)
    }).pipe(Effect.provide(forbidding(["open"], (path) => path.endsWith("new.db"))))
  )

  it.scoped("says that a folder takes no files beside the database", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      yield* DatabaseFile.prepare(file)
      const error = yield* refusal(file)
      assert.strictEqual(error.reason, "CannotOpen")
      assert.include(error.message, "may not be written")
      yield* DatabaseFile.prepare(file, { readonly: true })
    }).pipe(Effect.provide(forbidding(["access"], (path) => !path.endsWith("x.db"))))
  )

  it.scoped("says that a file is protected", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      yield* DatabaseFile.prepare(file)
      const error = yield* refusal(file)
      assert.strictEqual(error.reason, "ReadOnly")
      assert.include(error.message, "check the permissions")
    }).pipe(Effect.provide(forbidding(["access"], (path) => path.endsWith("x.db"))))
  )
})

describe("DatabaseFile.open", () => {
  it.scoped("keeps the files beside a new database to its owner too", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      const sql = yield* DatabaseFile.open(file)
      yield* sql`CREATE TABLE t (v INTEGER) STRICT`
      for (const path of [file, `${file}-wal`, `${file}-shm`]) assert.strictEqual(yield* modeOf(path), 0o600)
    }).pipe(Effect.provide(services))
  )

  it.scoped("takes a relative name and one with characters that mean something in a URL", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* folder
      for (const name of ["a b?mode=ro#x.db", "file:y.db", "ü%20.db"]) {
        const sql = yield* DatabaseFile.open(`${directory}/${name}`)
        yield* sql`CREATE TABLE t (v INTEGER) STRICT`
        assert.isTrue(yield* fs.exists(`${directory}/${name}`))
      }
    }).pipe(Effect.provide(services))
  )

  it.scoped("takes the busy timeout asked for", () =>
    Effect.gen(function* () {
      const sql = yield* DatabaseFile.open(`${yield* folder}/x.db`, { busyTimeoutMillis: 7 })
      assert.deepStrictEqual(yield* sql`PRAGMA busy_timeout`.values, [[7]])
    }).pipe(Effect.provide(services))
  )

  it.scopedLive("waits for a database that another connection has locked whole", () =>
    Effect.gen(function* () {
      const file = `${yield* folder}/x.db`
      // Not in WAL: a lock there keeps even readers out.
      const other = yield* Effect.flatMap(
        Effect.zipRight(
          DatabaseFile.prepare(file),
          Effect.flatMap(Driver, (driver) => driver.open({ filename: file }))
        ),
        (sql) => Effect.as(sql`CREATE TABLE t (v INTEGER) STRICT`, sql)
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          const connection = yield* other.reserve
          yield* connection.executeRaw("BEGIN EXCLUSIVE", [])
          yield* Effect.fork(Effect.zipRight(Effect.sleep("150 millis"), connection.executeRaw("COMMIT", [])))
          const sql = yield* DatabaseFile.open(file, { busyTimeoutMillis: 20 })
          assert.deepStrictEqual(yield* sql`PRAGMA journal_mode`.values, [["wal"]])
        })
      )
    }).pipe(Effect.provide(services))
  )
})

describe("DatabaseFile.stays", () => {
  it.scoped("fails once the file is gone, or is another one", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* folder}/new.db`
      yield* DatabaseFile.prepare(file)
      const stays = yield* DatabaseFile.stays(file)
      yield* stays
      yield* fs.rename(file, `${file}.old`)
      assert.include((yield* Effect.flip(stays)).message, "removed or replaced")
      yield* DatabaseFile.prepare(file)
      assert.include((yield* Effect.flip(stays)).message, "removed or replaced")
    }).pipe(Effect.provide(files))
  )

  it.effect("has nothing to say of :memory:", () =>
    Effect.flatten(DatabaseFile.stays(":memory:")).pipe(Effect.provide(files))
  )
})
