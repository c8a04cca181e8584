import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Option, Stream, TestClock } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as Driver from "../../src/Table/Driver.ts"
import { TableError } from "../../src/Table/TableError.ts"
import * as Transaction from "../../src/Table/Transaction.ts"

const memory = Effect.gen(function* () {
  const driver = yield* Driver.Driver
  const sql = yield* driver.open({ filename: ":memory:" })
  yield* sql`CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT`
  return sql
}).pipe(Effect.provide(AutoDriver.layer))

const insert = (id: number) => (connection: Connection) => connection.executeRaw("INSERT INTO t VALUES (?)", [id])

const busy = new SqlError({
  message: "",
  cause: Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" })
})
const broken = (message: string) => new SqlError({ message: "", cause: new Error(message) })

/** A client that keeps a log of what it is asked and answers as told. */
const scripted = (answer: (text: string) => Effect.Effect<unknown, SqlError>) =>
  Effect.gen(function* () {
    const log: Array<string> = []
    const rows = () => Effect.die("not asked for")
    const sql = yield* Driver.client({
      execute: rows,
      executeRaw: (text) => Effect.suspend(() => (log.push(text), answer(text))),
      executeStream: () => Stream.die("not asked for"),
      executeUnprepared: rows,
      executeValues: rows
    })
    return { sql, log }
  })

describe("Transaction.immediate", () => {
  it.scoped("commits, and gives the body's value", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      assert.strictEqual(yield* Transaction.immediate(sql, (db) => Effect.as(insert(1)(db), "value")), "value")
      assert.deepStrictEqual(yield* sql`SELECT id FROM t`.values, [[1]])
    })
  )

  it.scoped("rolls back a body that fails, and fails with that failure", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const error = yield* Effect.flip(
        Transaction.immediate(sql, (db) => Effect.zipRight(insert(1)(db), Effect.fail("mine" as const)))
      )
      assert.strictEqual(error, "mine")
      assert.deepStrictEqual(yield* sql`SELECT id FROM t`.values, [])
    })
  )

  it.scoped("turns the SqlErrors of a body into TableErrors that say where", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const context = { file: "x.db", resource: "bounces" }
      const error = yield* Effect.flip(
        Transaction.immediate(sql, (db) => Effect.zipRight(insert(1)(db), insert(1)(db)), context)
      )
      assert.instanceOf(error, TableError)
      assert.strictEqual(error.reason, "Constraint")
      assert.include(error.message, "x.db, resource bounces")
    })
  )

  it.scoped("rolls back a body that dies, and dies the same way", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const bodies = [
        (db: Connection) => Effect.zipRight(insert(1)(db), Effect.die("bug")),
        (): Effect.Effect<void> => {
          throw "bug"
        }
      ]
      for (const body of bodies) {
        const exit = yield* Effect.exit(Transaction.immediate(sql, body))
        assert.deepStrictEqual(Exit.causeOption(exit).pipe(Option.flatMap(Cause.dieOption)), Option.some("bug"))
      }
      yield* Transaction.immediate(sql, insert(2))
      assert.deepStrictEqual(yield* sql`SELECT id FROM t`.values, [[2]])
    })
  )

  it.scoped("reports the first error where SQLite has rolled back by itself", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const error = yield* Effect.flip(
        Transaction.immediate(sql, (db) =>
          Effect.zipRight(insert(1)(db), db.executeRaw("INSERT OR ROLLBACK INTO t VALUES (1)", []))
        )
      )
      assert.strictEqual(error.reason, "Constraint")
      yield* Transaction.immediate(sql, insert(2))
      assert.deepStrictEqual(yield* sql`SELECT id FROM t`.values, [[2]])
    })
  )

  it.scoped("does not call a transaction committed that SQLite has rolled back", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const error = yield* Effect.flip(
        Transaction.immediate(sql, (db) =>
          Effect.ignore(Effect.zipRight(insert(1)(db), db.executeRaw("INSERT OR ROLLBACK INTO t VALUES (1)", [])))
        )
      )
      assert.include(error.message, "no transaction is active")
    })
  )

  it.scoped("runs two of one client one after the other", () =>
    Effect.gen(function* () {
      const sql = yield* memory
      const slow = (id: number) =>
        Transaction.immediate(sql, (db) =>
          insert(id)(db).pipe(Effect.zipLeft(Effect.yieldNow()), Effect.zipRight(insert(id + 10)(db)))
        )
      yield* Effect.all([slow(1), slow(2), slow(3)], { concurrency: "unbounded" })
      assert.strictEqual((yield* sql`SELECT id FROM t`.values).length, 6)
    })
  )

  it.effect("waits five seconds for a lock, and then says so", () =>
    Effect.gen(function* () {
      const { log, sql } = yield* scripted(() => Effect.fail(busy))
      const fiber = yield* Effect.fork(Effect.flip(Transaction.immediate(sql, () => Effect.void, { file: "x.db" })))
      yield* TestClock.adjust("4900 millis")
      assert.isTrue(Option.isNone(yield* Fiber.poll(fiber)))
      yield* TestClock.adjust("300 millis")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.reason, "Busy")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "x.db: another process is writing")
      assert.isTrue(log.every((text) => text === "BEGIN IMMEDIATE"))
      assert.isAbove(log.length, 40)
      assert.isBelow(log.length, 65)
    })
  )

  it.effect("goes on as soon as the lock is free", () =>
    Effect.gen(function* () {
      let refusals = 3
      const { log, sql } = yield* scripted((text) =>
        text === "BEGIN IMMEDIATE" && refusals-- > 0 ? Effect.fail(busy) : Effect.void
      )
      const fiber = yield* Effect.fork(Transaction.immediate(sql, () => Effect.succeed("done")))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), "done")
      assert.deepStrictEqual(log, [...Array<string>(4).fill("BEGIN IMMEDIATE"), "COMMIT"])
    })
  )

  it.effect("waits for nothing but a lock", () =>
    Effect.gen(function* () {
      const { log, sql } = yield* scripted(() => Effect.fail(broken("disk I/O error")))
      const error = yield* Effect.flip(Transaction.immediate(sql, () => Effect.void))
      assert.strictEqual(error.reason, "Io")
      assert.deepStrictEqual(log, ["BEGIN IMMEDIATE"])
    })
  )

  it.effect("can be interrupted while it waits, and leaves the connection to the next", () =>
    Effect.gen(function* () {
      let isLocked = true
      const { log, sql } = yield* scripted((text) =>
        isLocked && text === "BEGIN IMMEDIATE" ? Effect.fail(busy) : Effect.void
      )
      const fiber = yield* Effect.fork(Transaction.immediate(sql, () => Effect.void))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
      isLocked = false
      log.length = 0
      yield* Transaction.immediate(sql, () => Effect.void)
      assert.deepStrictEqual(log, ["BEGIN IMMEDIATE", "COMMIT"])
    })
  )

  it.effect("never leaves a transaction open, wherever an interrupt arrives", () =>
    Effect.gen(function* () {
      for (const at of ["BEGIN IMMEDIATE", "body", "COMMIT"]) {
        const reached = yield* Deferred.make<void>()
        const step = (text: string) =>
          text === at ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.yieldNow()) : Effect.void
        const { log, sql } = yield* scripted(step)
        const fiber = yield* Effect.fork(Transaction.immediate(sql, (db) => db.executeRaw("body", [])))
        yield* Deferred.await(reached)
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(log, ["BEGIN IMMEDIATE", "body", "COMMIT"], at)
      }
    })
  )

  it.effect("reports the COMMIT that failed, also when the ROLLBACK fails", () =>
    Effect.gen(function* () {
      const { log, sql } = yield* scripted((text) =>
        text === "BEGIN IMMEDIATE" ? Effect.void : Effect.fail(broken(text === "COMMIT" ? "disk I/O error" : "no"))
      )
      assert.strictEqual((yield* Effect.flip(Transaction.immediate(sql, () => Effect.void))).reason, "Io")
      assert.deepStrictEqual(log, ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"])
    })
  )
})
