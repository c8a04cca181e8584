import { SqlError } from "@effect/sql/SqlError"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { fromSql, Reason, refail, TableError } from "../../src/Table/TableError.ts"

const caused = (cause: unknown) => new SqlError({ message: "Failed to execute statement", cause })

/** As better-sqlite3 throws them. */
const better = (code: string, message: string) => caused(Object.assign(new Error(message), { code }))
/** As node:sqlite throws them on Node and Bun. */
const node = (errcode: number, message: string) =>
  caused(Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", errcode, errstr: message }))
/** As node:sqlite throws some of them on Deno. */
const deno = (message: string) => caused(Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR" }))

const cases: ReadonlyArray<readonly [reason: Reason, code: string, number: number, message: string]> = [
  ["Busy", "SQLITE_BUSY", 5, "database is locked"],
  ["Busy", "SQLITE_BUSY_SNAPSHOT", 517, "database is locked"],
  ["ReadOnly", "SQLITE_READONLY", 8, "attempt to write a readonly database"],
  ["ReadOnly", "SQLITE_READONLY_DBMOVED", 1032, "attempt to write a readonly database"],
  ["Io", "SQLITE_IOERR_FSYNC", 1034, "disk I/O error"],
  ["Corrupt", "SQLITE_CORRUPT", 11, "database disk image is malformed"],
  ["Full", "SQLITE_FULL", 13, "database or disk is full"],
  ["CannotOpen", "SQLITE_CANTOPEN", 14, "unable to open database file"],
  ["Constraint", "SQLITE_CONSTRAINT_UNIQUE", 2067, "UNIQUE constraint failed: t.id"],
  ["Constraint", "SQLITE_CONSTRAINT_DATATYPE", 3091, "cannot store TEXT value in INTEGER column t.n"],
  ["NotADatabase", "SQLITE_NOTADB", 26, "file is not a database"],
  ["Sql", "SQLITE_ERROR", 1, "no such table: t"],
  // A conflict within one connection, not another process.
  ["Sql", "SQLITE_LOCKED", 6, "database table is locked"],
  ["Sql", "SQLITE_ERROR", 1, "malformed JSON"]
]

describe("TableError", () => {
  it.each(cases)("tells %s from %s on every driver", (reason, code, number, message) => {
    assert.strictEqual(fromSql(better(code, message)).reason, reason)
    assert.strictEqual(fromSql(node(number, message)).reason, reason)
    assert.strictEqual(fromSql(deno(message)).reason, reason)
    assert.strictEqual(fromSql(Object.assign(new Error(message), { code })).reason, reason)
  })

  it("knows the folder better-sqlite3 does not find", () => {
    const message = "Cannot open database because the directory does not exist"
    assert.strictEqual(fromSql(new TypeError(message)).reason, "CannotOpen")
  })

  it("says what, where and what to do", () => {
    const error = fromSql(better("SQLITE_FULL", "database or disk is full"), {
      file: "postmark.db",
      resource: "bounces",
      doing: "writing page 3"
    })
    assert.strictEqual(
      error.message,
      "postmark.db, resource bounces: no space left for the database: writing page 3: database or disk is full; " +
        "free some and run again: what was committed is intact"
    )
    assert.strictEqual(new TableError({ reason: "Sql", detail: "x" }).message, "SQLite refused a statement: x")
  })

  it("takes the caller's reason only where SQLite has none of its own", () => {
    const context = { otherwise: "Schema" } as const
    assert.strictEqual(fromSql(better("SQLITE_ERROR", "duplicate column name: a"), context).reason, "Schema")
    assert.strictEqual(fromSql(better("SQLITE_FULL", "database or disk is full"), context).reason, "Full")
  })

  it("is retryable when busy, and only then", () => {
    const retryable = Reason.literals.filter((reason) => new TableError({ reason, detail: "" }).isRetryable)
    assert.deepStrictEqual(retryable, ["Busy"])
  })

  it("stands a cause that is a circle, and one that is no error", () => {
    const circle = new Error("round", { cause: undefined })
    circle.cause = circle
    assert.strictEqual(fromSql(circle).detail, "round")
    assert.strictEqual(fromSql("plain").detail, "plain")
    assert.strictEqual(fromSql(undefined).reason, "Sql")
  })

  it("goes through JSON", () => {
    const error = fromSql(better("SQLITE_BUSY", "database is locked"), { file: "x.db" })
    const wire = JSON.parse(JSON.stringify(Schema.encodeSync(TableError)(error)))
    const back = Schema.decodeUnknownSync(TableError)(wire)
    assert.strictEqual(back.message, error.message)
    assert.instanceOf(back, TableError)
  })

  it.effect("refail changes SqlErrors and nothing else", () =>
    Effect.gen(function* () {
      const other = new TableError({ reason: "Newer", detail: "" })
      const failed = Effect.fail<SqlError | TableError>
      assert.strictEqual(
        (yield* Effect.flip(refail()(failed(better("SQLITE_BUSY", "database is locked"))))).reason,
        "Busy"
      )
      assert.strictEqual(yield* Effect.flip(refail()(failed(other))), other)
    })
  )
})
