/**
 * What sluice asks of a driver when it opens a file: settings, locks between connections, files it cannot take. A suite
 * over a Layer of the driver, beside `SqlClientContract`.
 */
import { FileSystem } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, type Layer, Option } from "effect"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import { Driver } from "../../src/Table/Driver.ts"
import { fromSql, type TableError } from "../../src/Table/TableError.ts"
import * as Transaction from "../../src/Table/Transaction.ts"
import { databases } from "./Databases.ts"

/** `absent`: why there is no such driver on this runtime; its tests are then shown as skipped, with the reason. */
export const suite = (name: string, driver: Layer.Layer<Driver, TableError>, absent?: string): void => {
  const { services, using, withConnection } = databases(driver)
  describe.skipIf(absent !== undefined)(`Driver ${name}${absent === undefined ? "" : `, not here: ${absent}`}`, () => {
    it.scoped(
      "has the pragmas as promised",
      withConnection((db) =>
        Effect.gen(function* () {
          const pragma = (name: string) => Effect.map(db.executeValues(`PRAGMA ${name}`, []), (rows) => rows[0]?.[0])
          assert.deepStrictEqual(
            yield* Effect.forEach(["journal_mode", "synchronous", "foreign_keys", "busy_timeout"], pragma),
            ["wal", 1, 1, 100]
          )
        })
      )
    )

    it.scoped("opens :memory: with all but WAL", () =>
      Effect.gen(function* () {
        const sql = yield* DatabaseFile.open(":memory:")
        assert.deepStrictEqual(yield* sql`PRAGMA foreign_keys`.values, [[1]])
        assert.deepStrictEqual(yield* sql`PRAGMA journal_mode`.values, [["memory"]])
      }).pipe(Effect.provide(services))
    )

    it.scopedLive(
      "is busy, typed, while another connection writes, and goes on after",
      using(({ file, sql }) =>
        Effect.gen(function* () {
          yield* sql`CREATE TABLE t (v INTEGER) STRICT`
          const other = yield* DatabaseFile.open(file)
          const written = yield* Deferred.make<void>()
          yield* Effect.flatMap(other.reserve, (db) =>
            Effect.gen(function* () {
              yield* db.executeRaw("BEGIN IMMEDIATE", [])
              const error = yield* Effect.flip(sql`INSERT INTO t VALUES (1)`)
              assert.strictEqual(fromSql(error).reason, "Busy")
              assert.isTrue(fromSql(error).isRetryable)
              // It waits on a fiber: this one runs on, and ends the other transaction.
              const fiber = yield* Effect.fork(
                Transaction.immediate(sql, (db) =>
                  Effect.zipRight(db.executeRaw("INSERT INTO t VALUES (2)", []), Deferred.succeed(written, undefined))
                )
              )
              yield* Effect.sleep("150 millis")
              assert.isFalse(yield* Deferred.isDone(written))
              yield* db.executeRaw("COMMIT", [])
              yield* Fiber.join(fiber)
            })
          ).pipe(Effect.scoped)
          assert.deepStrictEqual(yield* sql`SELECT v FROM t`.values, [[2]])
        })
      )
    )

    it.scoped(
      "reads what another connection wrote, and cannot write, when opened to read",
      using(({ file, sql }) =>
        Effect.gen(function* () {
          yield* sql`CREATE TABLE t (v INTEGER) STRICT`
          yield* sql`INSERT INTO t VALUES (1)`
          const reader = yield* DatabaseFile.open(file, { readonly: true })
          assert.deepStrictEqual(yield* reader`SELECT v FROM t`.values, [[1]])
          assert.strictEqual(fromSql(yield* Effect.flip(reader`INSERT INTO t VALUES (2)`)).reason, "ReadOnly")
          yield* sql`INSERT INTO t VALUES (3)`
          assert.deepStrictEqual(yield* reader`SELECT v FROM t ORDER BY v`.values, [[1], [3]])
        })
      )
    )

    it.scoped(
      "fails typed on a file that is no database, and leaves it alone",
      using(({ directory }) =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          for (const content of ["x", "notes", "SQLite format 3\0 or so", "y".repeat(5000)]) {
            const file = `${directory}/notes.txt`
            yield* fs.writeFileString(file, content)
            for (const options of [{}, { readonly: true }]) {
              const error = yield* Effect.flip(Effect.scoped(DatabaseFile.open(file, options)))
              assert.strictEqual(error.reason, "NotADatabase")
              assert.include(error.message, "notes.txt")
            }
            assert.strictEqual(yield* fs.readFileString(file), content)
          }
          assert.deepStrictEqual(
            (yield* fs.readDirectory(directory)).filter((name) => name.startsWith("notes")),
            ["notes.txt"]
          )
        })
      )
    )

    it.scoped(
      "fails typed, not with a defect, on what it cannot open",
      using(({ directory }) =>
        Effect.gen(function* () {
          const driver = yield* Driver
          for (const filename of [`${directory}/none/x.db`, directory]) {
            const exit = yield* Effect.exit(Effect.scoped(driver.open({ filename })))
            const failure = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : Option.none()
            assert.strictEqual(Option.getOrThrow(failure).reason, "CannotOpen")
          }
        })
      )
    )

    it.scoped(
      "leaves nothing but the database behind",
      using(({ directory }) =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const file = `${directory}/closed.db`
          yield* Effect.scoped(Effect.flatMap(DatabaseFile.open(file), (sql) => sql`CREATE TABLE t (v INTEGER) STRICT`))
          assert.deepStrictEqual(
            (yield* fs.readDirectory(directory)).filter((name) => name.startsWith("closed")),
            ["closed.db"]
          )
        })
      )
    )
  })
}
