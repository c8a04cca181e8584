/**
 * What sluice asks of a driver's `SqlClient`: values, statements, transactions. A suite over a Layer of the driver, which
 * every driver runs on every runtime it exists on.
 */
import { SqlClient, type SqlError } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, type Layer, Stream } from "effect"
import type { Driver } from "../../src/Table/Driver.ts"
import { fromSql, type TableError } from "../../src/Table/TableError.ts"
import * as Transaction from "../../src/Table/Transaction.ts"
import { databases } from "./Databases.ts"

/** `absent`: why there is no such driver on this runtime; its tests are then shown as skipped, with the reason. */
export const suite = (name: string, driver: Layer.Layer<Driver, TableError>, absent?: string): void => {
  const { using, withConnection } = databases(driver)
  describe.skipIf(absent !== undefined)(
    `SqlClient over ${name}${absent === undefined ? "" : `, not here: ${absent}`}`,
    () => {
      it.scoped(
        "keeps STRICT tables strict",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT) STRICT", [])
            const error = yield* Effect.flip(db.executeRaw("INSERT INTO t VALUES (1, ?, 'x')", ["secret-value"]))
            assert.strictEqual(fromSql(error).reason, "Constraint")
            assert.notInclude(fromSql(error).message, "secret-value")
            assert.deepStrictEqual(yield* db.executeValues("SELECT count(*) FROM t", []), [[0]])
          })
        )
      )

      it.scoped(
        "upserts and returns what it wrote",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT", [])
            const upsert =
              "INSERT INTO t VALUES (?, ?), (?, ?) ON CONFLICT (id) DO UPDATE SET v = excluded.v " +
              "WHERE v IS NOT excluded.v RETURNING id, v"
            assert.deepStrictEqual(yield* db.executeValues(upsert, [1, "a", 2, "b"]), [
              [1, "a"],
              [2, "b"]
            ])
            assert.deepStrictEqual(yield* db.executeValues(upsert, [1, "a", 2, "c"]), [[2, "c"]])
            const rows = yield* db.execute("SELECT id, v FROM t ORDER BY id", [], undefined)
            assert.deepStrictEqual(
              rows.map((row) => ({ ...row })),
              [
                { id: 1, v: "a" },
                { id: 2, v: "c" }
              ]
            )
          })
        )
      )

      it.scoped(
        "counts changes as a number, with and without SafeIntegers",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT", [])
            const insert = db.executeRaw("INSERT INTO t DEFAULT VALUES", []) as Effect.Effect<{
              readonly changes: unknown
            }>
            assert.strictEqual((yield* insert).changes, 1)
            assert.strictEqual((yield* Effect.provideService(insert, SqlClient.SafeIntegers, true)).changes, 1)
          })
        )
      )

      it.scoped(
        "joins bound JSON with integer keys exact up to int64",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT", [])
            const keys = ["9007199254740993", "9223372036854775807", "-9223372036854775808"]
            const json = `[${keys.map((key, index) => `[${key},"v${index}"]`).join()}]`
            yield* db.executeRaw(
              "INSERT INTO t SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true " +
                "ON CONFLICT (id) DO UPDATE SET v = excluded.v",
              [json]
            )
            const joined = db.executeValues(
              "SELECT t.id, t.v, j.key FROM t JOIN json_each(?) AS j ON t.id = j.value ->> 0 ORDER BY j.key",
              [json]
            )
            assert.deepStrictEqual(
              yield* Effect.provideService(joined, SqlClient.SafeIntegers, true),
              keys.map((key, index) => [BigInt(key), `v${index}`, BigInt(index)])
            )
          })
        )
      )

      it.scoped(
        "binds bigints and reads them where SafeIntegers asks, and only there",
        withConnection((db) =>
          Effect.gen(function* () {
            const max = 2n ** 63n - 1n
            const safely = Effect.provideService(SqlClient.SafeIntegers, true)
            const none = "SELECT 7 AS a"
            const one = "SELECT ? + 0 AS a"
            for (let round = 0; round < 2; round++) {
              assert.deepStrictEqual(yield* safely(db.executeValues(one, [max])), [[max]])
              assert.deepStrictEqual(yield* safely(db.executeValues(none, [])), [[7n]])
              assert.deepStrictEqual(
                (yield* safely(db.execute(one, [-max], undefined))).map((row) => row.a),
                [-max]
              )
              // The same texts without it: numbers again.
              assert.deepStrictEqual(yield* db.executeValues(one, [7]), [[7]])
              assert.deepStrictEqual(yield* db.executeValues(none, []), [[7]])
              assert.deepStrictEqual(
                (yield* db.execute(none, [], undefined)).map((row) => row.a),
                [7]
              )
            }
            assert.strictEqual((yield* Effect.flip(db.executeRaw(one, [2n ** 64n])))._tag, "SqlError")
          })
        )
      )

      it.scoped(
        "reads values by position, also of columns with one name",
        withConnection((db) =>
          Effect.gen(function* () {
            assert.deepStrictEqual(yield* db.executeValues('SELECT 1 AS a, 2 AS a, 3 AS "0"', []), [[1, 2, 3]])
            const text = "SELECT 1 AS a, 2 AS b"
            assert.deepStrictEqual(yield* db.executeValues(text, []), [[1, 2]])
            assert.deepStrictEqual(
              (yield* db.execute(text, [], undefined)).map((row) => ({ ...row })),
              [{ a: 1, b: 2 }]
            )
            assert.deepStrictEqual(yield* db.executeValues(text, []), [[1, 2]])
            assert.deepStrictEqual(yield* db.executeValues("SELECT 1 WHERE false", []), [])
          })
        )
      )

      it.scoped(
        "keeps null, empty text, bytes, unicode and what JavaScript has besides",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY, v ANY) STRICT", [])
            const values = [null, "", "héllo 😀 \u{10FFFF}", 1.5, -0.25, 2 ** 53 - 1, "a".repeat(100_000)]
            for (const [index, value] of values.entries()) {
              yield* db.executeRaw("INSERT INTO t VALUES (?, ?)", [index, value])
            }
            assert.deepStrictEqual(
              yield* db.executeValues("SELECT v FROM t ORDER BY id", []),
              values.map((value) => [value])
            )
            const [[bytes, empty] = []] = yield* db.executeValues("SELECT ?, ?", [
              new Uint8Array([0, 1, 255]),
              new Uint8Array(0)
            ])
            assert.deepStrictEqual([...(bytes as Uint8Array)], [0, 1, 255])
            assert.deepStrictEqual([...(empty as Uint8Array)], [])
            assert.deepStrictEqual(
              yield* db.executeValues("SELECT ?, ?, ?, ?", [undefined, true, false, new Date(0)]),
              [[null, 1, 0, "1970-01-01T00:00:00.000Z"]]
            )
          })
        )
      )

      it.scoped(
        "stores text with NUL and lone surrogates alike everywhere",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT", [])
            yield* db.executeRaw("INSERT INTO t VALUES (1, ?), (2, ?)", ["a\0b", "\ud800x"])
            // Node 22 and Deno 2 read text only up to a NUL, so it is looked at as hex.
            assert.deepStrictEqual(yield* db.executeValues("SELECT hex(v) FROM t ORDER BY id", []), [
              ["610062"],
              ["EFBFBD78"]
            ])
          })
        )
      )

      it.scoped(
        "refuses a parameter that is no SQLite value, wherever it stands",
        withConnection((db) =>
          Effect.gen(function* () {
            for (const params of [
              [{ a: "secret-value" }, 1],
              [1, ["secret-value"]],
              [new Date(NaN), 1],
              [1, () => 1]
            ]) {
              const error = yield* Effect.flip(db.executeValues("SELECT ?, ?", params))
              assert.strictEqual(error._tag, "SqlError")
              assert.notInclude(fromSql(error).message, "secret-value")
            }
            assert.deepStrictEqual(yield* db.executeValues("SELECT ?, ?", [1, 2]), [[1, 2]])
            // One too few is an error or NULL; never what was bound the last time.
            const few = yield* Effect.either(db.executeValues("SELECT ?, ?", [3]))
            if (few._tag === "Right") assert.deepStrictEqual(few.right, [[3, null]])
          })
        )
      )

      it.scoped(
        "cascades deletes over foreign keys",
        withConnection((db) =>
          Effect.gen(function* () {
            yield* db.executeRaw("CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT", [])
            yield* db.executeRaw("CREATE TABLE c (p INTEGER NOT NULL REFERENCES p ON DELETE CASCADE) STRICT", [])
            yield* db.executeRaw("INSERT INTO p VALUES (1), (2)", [])
            yield* db.executeRaw("INSERT INTO c VALUES (1), (1), (2)", [])
            yield* db.executeRaw("DELETE FROM p WHERE id = 1", [])
            assert.deepStrictEqual(yield* db.executeValues("SELECT p FROM c", []), [[2]])
            assert.strictEqual(
              fromSql(yield* Effect.flip(db.executeRaw("INSERT INTO c VALUES (9)", []))).reason,
              "Constraint"
            )
          })
        )
      )

      it.scoped(
        "takes 32,766 parameters, and refuses too many with a typed failure",
        withConnection((db) =>
          Effect.gen(function* () {
            const count = (n: number) =>
              db.executeValues(`SELECT 1 WHERE 7 IN (${Array(n).fill("?").join()})`, Array(n).fill(7))
            assert.deepStrictEqual(yield* count(32_766), [[1]])
            const error = yield* Effect.flip(db.executeValues("SELECT ?300000", []))
            assert.strictEqual(fromSql(error).reason, "Sql")
            assert.include(fromSql(error).message, "variable number must be between")
          })
        )
      )

      it.scoped(
        "fails typed on wrong SQL, however it is run",
        using(({ sql }) =>
          Effect.gen(function* () {
            const attempts: ReadonlyArray<Effect.Effect<unknown, SqlError.SqlError>> = [
              sql.unsafe("selec 1"),
              sql.unsafe("selec 1").raw,
              sql.unsafe("selec 1").values,
              sql.unsafe("selec 1").unprepared,
              sql.unsafe("SELECT * FROM nowhere"),
              sql.unsafe("SELECT 1; SELECT 2"),
              sql.unsafe(""),
              sql.unsafe(" ; -- nothing"),
              Stream.runDrain(sql.unsafe("SELECT 1").stream)
            ]
            for (const attempt of attempts) assert.strictEqual((yield* Effect.flip(attempt))._tag, "SqlError")
            assert.deepStrictEqual(yield* sql.unsafe("SELECT 1; -- one").values, [[1]])
          })
        )
      )

      it.scoped(
        "runs a statement that failed before its table existed",
        withConnection((db) =>
          Effect.gen(function* () {
            for (const _ of [1, 2])
              assert.strictEqual((yield* Effect.flip(db.executeValues("SELECT v FROM t", [])))._tag, "SqlError")
            yield* db.executeRaw("CREATE TABLE t (v INTEGER) STRICT", [])
            assert.deepStrictEqual(yield* db.executeValues("SELECT v FROM t", []), [])
            yield* db.executeRaw("ALTER TABLE t ADD COLUMN w TEXT", [])
            yield* db.executeRaw("INSERT INTO t VALUES (1, 'x')", [])
            assert.deepStrictEqual(yield* db.executeValues("SELECT * FROM t", []), [[1, "x"]])
          })
        )
      )

      it.scoped(
        "keeps statements right when there are more of them than its cache holds",
        withConnection((db) =>
          Effect.gen(function* () {
            for (let n = 0; n < 600; n++) assert.deepStrictEqual(yield* db.executeValues(`SELECT ${n}`, []), [[n]])
            assert.deepStrictEqual(yield* db.executeValues("SELECT 0", []), [[0]])
          })
        )
      )

      it.scoped(
        "reports a failed COMMIT typed and stays usable",
        using(({ sql }) =>
          Effect.gen(function* () {
            yield* sql`CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT`
            yield* sql`CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED) STRICT`
            const error = yield* Effect.flip(
              Transaction.immediate(sql, (db) => db.executeRaw("INSERT INTO c VALUES (5)", []), {
                resource: "children"
              })
            )
            assert.strictEqual(error.reason, "Constraint")
            assert.include(error.message, "resource children")
            yield* Transaction.immediate(sql, (db) => db.executeRaw("INSERT INTO p VALUES (1)", []))
            assert.deepStrictEqual(yield* sql`SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM c)`.values, [
              [1, 0]
            ])
          })
        )
      )

      it.scopedLive(
        "finishes a transaction it is interrupted in",
        using(({ sql }) =>
          Effect.gen(function* () {
            yield* sql`CREATE TABLE t (v INTEGER) STRICT`
            const inside = yield* Deferred.make<void>()
            const fiber = yield* Effect.fork(
              Transaction.immediate(sql, (db) =>
                Effect.gen(function* () {
                  yield* db.executeRaw("INSERT INTO t VALUES (1)", [])
                  yield* Deferred.succeed(inside, undefined)
                  yield* Effect.sleep("50 millis")
                  yield* db.executeRaw("INSERT INTO t VALUES (2)", [])
                })
              )
            )
            yield* Deferred.await(inside)
            yield* Fiber.interrupt(fiber)
            assert.deepStrictEqual(yield* sql`SELECT v FROM t`.values, [[1], [2]])
          })
        )
      )

      it.scoped(
        "rolls withTransaction back, savepoints included",
        using(({ sql }) =>
          Effect.gen(function* () {
            yield* sql`CREATE TABLE t (v INTEGER) STRICT`
            yield* Effect.exit(sql.withTransaction(Effect.zipRight(sql`INSERT INTO t VALUES (1)`, Effect.fail("no"))))
            yield* sql.withTransaction(
              Effect.gen(function* () {
                yield* sql`INSERT INTO t VALUES (2)`
                yield* Effect.exit(
                  sql.withTransaction(Effect.zipRight(sql`INSERT INTO t VALUES (3)`, Effect.fail("no")))
                )
              })
            )
            assert.deepStrictEqual(yield* sql`SELECT v FROM t`.values, [[2]])
          })
        )
      )
    }
  )
}
