import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Error as PlatformError, FileSystem } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Scope } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import * as Reader from "../../src/Table/Reader.ts"

const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)
const services = Layer.merge(files, AutoDriver.layer)

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped({ prefix: "sluice-" }))

const denied = (method: string) =>
  new PlatformError.SystemError({ module: "FileSystem", method, reason: "PermissionDenied" })

/** Tests may run as root, whom no permission stops: here the file system says what it would say to others. */
const forbidding = (change: (fs: FileSystem.FileSystem) => Partial<FileSystem.FileSystem>) =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => ({ ...fs, ...change(fs) }))
  ).pipe(Layer.provideMerge(services))

const unwritable = (fs: FileSystem.FileSystem) => ({
  access: (path: string, options?: FileSystem.AccessFileOptions) =>
    options?.writable === true ? Effect.fail(denied("access")) : fs.access(path, options)
})

/** A database of three rows, closed; or with the log of a writer that was killed, and that log's index if `index`. */
const database = (options: { readonly killed?: boolean; readonly index?: boolean } = {}) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = `${yield* folder}/d.db`
    const made = `${yield* folder}/made.db`
    const scope = yield* Scope.make()
    const sql = yield* Scope.extend(DatabaseFile.open(made), scope)
    yield* sql`CREATE TABLE t (n INTEGER)`
    yield* sql`INSERT INTO t VALUES (1), (2), (3)`
    if (options.killed !== true) yield* Scope.close(scope, { _tag: "Success" } as never)
    for (const suffix of ["", ...(options.killed ? ["-wal"] : []), ...(options.index ? ["-shm"] : [])])
      yield* fs.copyFile(made + suffix, file + suffix)
    yield* Effect.addFinalizer((exit) => Scope.close(scope, exit))
    return file
  })

const count = (file: string, options?: { readonly mostBytes: number }) =>
  Effect.scoped(
    Effect.flatMap(Reader.open(file, options), (sql) =>
      Effect.map(sql`SELECT count(*) AS n FROM t`.values, ([row]) => row?.[0])
    )
  )

/** All that is there, byte by byte. */
const contents = (file: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const at = file.slice(0, file.lastIndexOf("/"))
    const names = (yield* fs.readDirectory(at)).toSorted()
    return yield* Effect.forEach(names, (name) =>
      Effect.map(fs.readFile(`${at}/${name}`), (bytes) => [name, Buffer.from(bytes).toString("base64")])
    )
  })

describe("Reader.open", () => {
  const ways = {
    "a database that nobody has open": {},
    "one with the log of a writer that was killed": { killed: true, index: true },
    "one with a log and without its index": { killed: true }
  }
  for (const [name, options] of Object.entries(ways)) {
    for (const [who, layer] of [
      ["who may write", services],
      ["who may not", forbidding(unwritable)]
    ] as const) {
      it.scoped(`reads ${name}, and leaves all as it was, for one ${who}`, () =>
        Effect.gen(function* () {
          const file = yield* database(options)
          const before = yield* contents(file)
          assert.strictEqual(yield* count(file), 3)
          const after = yield* contents(file)
          // The index is no content: every reader writes its marks there.
          const still = (all: ReadonlyArray<ReadonlyArray<string>>) => all.filter(([file]) => file !== "d.db-shm")
          assert.deepStrictEqual(still(after), still(before))
          assert.deepStrictEqual(
            after.map(([file]) => file),
            before.map(([file]) => file)
          )
        }).pipe(Effect.provide(layer))
      )
    }
  }

  it.scoped("lets nothing be written, and removes its copy", () => {
    const copies: Array<string> = []
    const watching = forbidding((fs) => ({
      ...unwritable(fs),
      makeTempDirectoryScoped: (options) =>
        Effect.tap(fs.makeTempDirectoryScoped(options), (path) => Effect.sync(() => copies.push(path)))
    }))
    return Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = yield* database()
      const before = copies.length
      yield* Effect.scoped(
        Effect.gen(function* () {
          const sql = yield* Reader.open(file)
          assert.isTrue(yield* Effect.isFailure(sql`INSERT INTO t VALUES (4)`))
          assert.lengthOf(copies, before + 1)
          assert.strictEqual((yield* fs.stat(copies[before]!)).mode & 0o777, 0o700)
        })
      )
      assert.isFalse(yield* fs.exists(copies[before]!))
    }).pipe(Effect.provide(watching))
  })

  it.scoped("says what to do with a file that is too large to be copied", () =>
    Effect.gen(function* () {
      const file = yield* database()
      const error = yield* Effect.flip(count(file, { mostBytes: 1000 }))
      assert.match(
        error.message,
        /d\.db: cannot open the database: it may not be written, .*it has [\d,]+ bytes, 1,000 at most.*; copy it to a folder that you may write, or run this as its owner$/
      )
    }).pipe(Effect.provide(forbidding(unwritable)))
  )

  it.scoped("copies again what was written to meanwhile, and gives up when that does not end", () => {
    let changes = 0
    const writing = (times: number) =>
      forbidding((fs) => ({
        ...unwritable(fs),
        copyFile: (from, to) =>
          to.endsWith("copy.db") && changes++ < times
            ? Effect.zipRight(fs.copyFile(from, to), fs.writeFileString(`${from}-wal`, "x".repeat(changes)))
            : fs.copyFile(from, to)
      }))
    return Effect.gen(function* () {
      const file = yield* database()
      changes = 0
      const error = yield* Effect.flip(count(file).pipe(Effect.provide(writing(9))))
      assert.match(error.message, /it was written to while it was copied; run this again/)
      assert.strictEqual(changes, 3)
      changes = 0
      assert.strictEqual(yield* count(file).pipe(Effect.provide(writing(2))), 3)
      assert.strictEqual(changes, 3)
    }).pipe(Effect.provide(services))
  })

  it.scoped("names the folder for temporary files where that is what fails", () =>
    Effect.gen(function* () {
      const file = yield* database()
      const error = yield* Effect.flip(
        count(file).pipe(
          Effect.provide(
            forbidding((fs) => ({
              ...unwritable(fs),
              makeTempDirectoryScoped: () => Effect.fail(denied("makeTempDirectory"))
            }))
          )
        )
      )
      assert.match(error.message, /none can be made in the folder for temporary files: .*PermissionDenied/)
    }).pipe(Effect.provide(services))
  )
})
