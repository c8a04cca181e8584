import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { FileSystem, HttpClient } from "@effect/platform"
import * as SqlClient from "@effect/sql/SqlClient"
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Layer, Scope, TestClock } from "effect"
import { AutoDriver, Host, Process, Resource, SinglePage, Source, Sync, Table } from "sluice"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import * as Transaction from "../../src/Table/Transaction.ts"

/** Process 7 is dead, 8 is alive, of 9 nothing can be told. */
const facts: Process.Facts = { pid: 1, host: "mill", isAlive: (pid) => (pid === 9 ? undefined : pid !== 7) }

const services = Layer.mergeAll(
  AutoDriver.layer,
  NodeFileSystem.layer,
  NodePath.layer,
  Layer.succeed(Process.Process, facts)
)

const file = Effect.flatMap(FileSystem.FileSystem, (fs) =>
  Effect.map(fs.makeTempDirectoryScoped({ prefix: "sluice-" }), (folder) => `${folder}/x.db`)
)

/** Opened as a sync opens it; gives what it was told on the way. */
const open = (db: string) =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const notify = (text: string) => Effect.sync(() => void told.push(text))
    const context = yield* Layer.build(Host.layerTable({ db, command: "sluice sync mine", notify }))
    return { sql: Context.get(context, SqlClient.SqlClient), table: Context.get(context, Table.Table), told }
  })

const refusal = (db: string) => Effect.flip(Effect.scoped(open(db)))

/** Another program's connection, which knows no locks. */
const edit = (db: string, text: string, parameters: ReadonlyArray<unknown> = []) =>
  Effect.scoped(
    Effect.flatMap(DatabaseFile.open(db), (sql) => Effect.flatMap(sql.reserve, (to) => to.executeRaw(text, parameters)))
  )

const takeOver = (db: string) =>
  edit(db, `REPLACE INTO _sluice_lock VALUES (1, 'another', 5, 'farm', 'sluice sync theirs', NULL, NULL, ?, ?)`, [
    "1970-01-01T00:00:00.000Z",
    "1970-01-01T00:00:00.000Z"
  ])

const isBegun = (db: string) =>
  Effect.scoped(
    Effect.flatMap(DatabaseFile.open(db), (sql) =>
      Effect.map(sql`SELECT 1 FROM _sluice_meta WHERE name = 'begun'`, (rows) => rows.length > 0)
    )
  )

/** A database in which an owner of these facts was killed, or is at work, `seen` ms after the epoch. */
const left = (row: {
  readonly pid: number | null
  readonly host: string | null
  readonly seen?: number
  /** The lock file it held is not the one that is there: somebody removed it. */
  readonly isOtherFile?: boolean
}) =>
  Effect.gen(function* () {
    const db = yield* file
    const [[lockFile] = []] = yield* Effect.scoped(
      Effect.flatMap(open(db), ({ sql }) => sql`SELECT lock_file FROM _sluice_lock`.values)
    )
    const at = new Date(row.seen ?? 0).toISOString()
    yield* edit(db, `INSERT INTO _sluice_lock VALUES (1, 'another', ?, ?, 'sluice sync theirs', '01J', ?, ?, ?)`, [
      row.pid,
      row.host,
      row.isOtherFile === true ? "0:0" : lockFile,
      at,
      at
    ])
    return db
  })

describe("the lock in the database", () => {
  it.scoped("stands in it while somebody writes, with the run, and is gone afterwards, also on interrupt", () =>
    Effect.gen(function* () {
      const db = yield* file
      const row = (sql: SqlClient.SqlClient) =>
        sql`SELECT pid, host, command, run, acquired_at, heartbeat_at FROM _sluice_lock`.values
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { sql, table } = yield* open(db)
          yield* table.begin({ run: "01J", source: "test", startedAt: "1970-01-01T00:00:00.000Z" })
          const start = "1970-01-01T00:00:00.000Z"
          assert.deepStrictEqual(yield* row(sql), [[1, "mill", "sluice sync mine", "01J", start, start]])
        })
      )
      const fiber = yield* Effect.fork(Effect.scoped(Effect.zipRight(open(db), Effect.never)))
      yield* Effect.promise(() => new Promise((done) => setTimeout(done, 50)))
      yield* Fiber.interrupt(fiber)
      const { told } = yield* open(db)
      assert.deepStrictEqual(told, [])
    }).pipe(Effect.provide(services))
  )

  const cases: ReadonlyArray<readonly [string, Parameters<typeof left>[0], now: number, "live" | "dead"]> = [
    ["a process of this machine that is gone is dead at once", { pid: 7, host: "mill" }, 0, "dead"],
    ["one that is there and gave a sign of life is alive", { pid: 8, host: "mill" }, 29_999, "live"],
    ["one that gave none for half a minute is another one of its number", { pid: 8, host: "mill" }, 30_000, "dead"],
    ["of another machine only the heartbeat tells: it beats", { pid: 7, host: "farm" }, 29_999, "live"],
    ["of another machine only the heartbeat tells: it stopped", { pid: 7, host: "farm" }, 30_000, "dead"],
    ["of our own number, with our lock file, it was an earlier process", { pid: 1, host: "mill" }, 0, "dead"],
    [
      "of our own number, with another lock file, it may be in a container",
      { pid: 1, host: "mill", isOtherFile: true },
      0,
      "live"
    ],
    ["where nobody can be asked, the lock file tells that it is gone", { pid: 9, host: "mill" }, 0, "dead"],
    [
      "where nobody can be asked and the lock file was removed, it is alive",
      { pid: 9, host: "mill", isOtherFile: true },
      0,
      "live"
    ],
    ["a program that gives no number is told by the lock file, too", { pid: null, host: "mill" }, 0, "dead"],
    ["a clock that was set back a little does not make it dead", { pid: 8, host: "mill", seen: 20_000 }, 0, "live"],
    [
      "a clock that was set back an hour does not block everybody for an hour",
      { pid: 8, host: "mill", seen: 3_600_000 },
      0,
      "dead"
    ]
  ]
  for (const [name, row, now, is] of cases) {
    it.scoped(name, () =>
      Effect.gen(function* () {
        const db = yield* left(row)
        yield* TestClock.setTime(now)
        if (is === "live") {
          const error = yield* refusal(db)
          assert.strictEqual(error.reason, "Locked")
          assert.include(
            error.message,
            `${db}: another sync is at work on this file: sluice sync theirs, process ${row.pid}`
          )
          assert.include(error.message, `on ${row.host}`)
          assert.include(error.message, "run 01J, last seen")
          // The refused one took nothing.
          assert.deepStrictEqual((yield* refusal(db)).detail, error.detail)
        } else {
          const { sql, told } = yield* open(db)
          assert.lengthOf(told, 1)
          assert.match(
            told[0]!,
            /^took over the lock of sluice sync theirs(, process \d+)? on (mill|farm), since .*, last seen /
          )
          assert.deepStrictEqual(yield* sql`SELECT command FROM _sluice_lock`.values, [["sluice sync mine"]])
        }
      }).pipe(Effect.provide(services))
    )
  }

  it.scoped("beats, and so is alive for others however long it works", () =>
    Effect.gen(function* () {
      const db = yield* file
      const { sql } = yield* open(db)
      for (let i = 0; i < 24; i++) yield* TestClock.adjust("5 seconds")
      const [[seen] = []] = yield* sql`SELECT heartbeat_at FROM _sluice_lock`.values
      assert.isAtLeast(Date.parse(String(seen)), Duration.toMillis("115 seconds"))
    }).pipe(Effect.provide(services))
  )

  it.scoped("keeps a second writer out when the lock file is removed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const db = yield* file
      yield* open(db)
      yield* fs.remove(`${db}-lock`)
      const error = yield* refusal(db)
      assert.strictEqual(error.reason, "Locked")
      assert.include(error.message, "sluice sync mine, process 1 on mill")
      // Of this very process nobody needs a heartbeat to know that it is there.
      yield* edit(db, "UPDATE _sluice_lock SET heartbeat_at = '1969-01-01T00:00:00.000Z'")
      assert.strictEqual((yield* refusal(db)).reason, "Locked")
    }).pipe(Effect.provide(services))
  )

  it.scoped("once it is another's, no transaction of ours writes, and what was written is whole", () =>
    Effect.gen(function* () {
      const db = yield* file
      const { sql, table } = yield* open(db)
      yield* sql`CREATE TABLE t (v INTEGER) STRICT`
      const insert = Transaction.immediate(sql, (connection) =>
        Effect.zipRight(
          connection.executeRaw("INSERT INTO t VALUES (1)", []),
          connection.executeRaw("INSERT INTO t VALUES (2)", [])
        )
      )
      yield* insert
      yield* takeOver(db)
      const error = yield* Effect.flip(insert)
      assert.strictEqual(error.reason, "Locked")
      assert.include(error.message, "taken over by sluice sync theirs, process 5 on farm")
      assert.deepStrictEqual(yield* sql`SELECT v FROM t`.values, [[1], [2]])
      const begun = yield* Effect.flip(table.begin({ run: "01K", source: "test", startedAt: "" }))
      assert.strictEqual(begun.reason, "Locked")
    }).pipe(Effect.provide(services))
  )

  it.scoped("a holder that finds at a heartbeat that it is another's is told to stop, and leaves the other's row", () =>
    Effect.gen(function* () {
      const db = yield* file
      const scope = yield* Scope.make()
      const { table } = yield* Scope.extend(open(db), scope)
      const lost = yield* Effect.fork(Effect.flip(table.lost!))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(lost.unsafePoll(), null)
      yield* takeOver(db)
      yield* TestClock.adjust("10 seconds")
      const error = yield* Fiber.join(lost)
      assert.strictEqual(error.reason, "Locked")
      assert.strictEqual(error.file, db)
      yield* Scope.close(scope, Exit.void)
      const reading = yield* DatabaseFile.open(db)
      assert.deepStrictEqual(yield* reading`SELECT owner FROM _sluice_lock`.values, [["another"]])
    }).pipe(Effect.provide(services))
  )

  it.scoped("a row that was removed counts as taken over: somebody may have come and gone", () =>
    Effect.gen(function* () {
      const db = yield* file
      const { table } = yield* open(db)
      yield* edit(db, "DELETE FROM _sluice_lock")
      const error = yield* Effect.flip(table.begin({ run: "01K", source: "test", startedAt: "" }))
      assert.strictEqual(error.reason, "Locked")
      assert.include(error.message, "was removed from the database")
    }).pipe(Effect.provide(services))
  )

  it.scoped("a database that is busy at a heartbeat harms nobody", () =>
    Effect.gen(function* () {
      const db = yield* file
      const { sql, table } = yield* open(db)
      const lost = yield* Effect.fork(Effect.flip(table.lost!))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const other = yield* DatabaseFile.open(db)
          yield* Transaction.immediate(other, () => TestClock.adjust("10 seconds"))
        })
      )
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(lost.unsafePoll(), null)
      const [[seen] = []] = yield* sql`SELECT heartbeat_at FROM _sluice_lock`.values
      assert.strictEqual(seen, "1970-01-01T00:00:15.000Z")
    }).pipe(Effect.provide(services))
  )

  it.scoped("a sync that waits for its API when the database is taken over ends at the next heartbeat", () =>
    Effect.gen(function* () {
      const db = yield* file
      const api = { baseUrl: "https://api.test" }
      const source = Source.make({
        name: "test",
        api,
        resources: [Resource.make({ name: "things", path: "/things", paginator: SinglePage.make() })]
      })
      const silent = Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make(() => Effect.never)
      )
      const fiber = yield* Effect.flatMap(Sync.Sync, (sync) => sync.run(source)).pipe(
        Effect.provide(Layer.provide(Host.layer({ db, api }), silent)),
        Effect.fork
      )
      const begun = edit(
        db,
        "INSERT INTO _sluice_meta SELECT 'begun', run FROM _sluice_runs WHERE run = (SELECT run FROM _sluice_lock)"
      )
      // The database is made in real time: its file is there some turns later, and its run, too.
      while (Exit.isFailure(yield* Effect.exit(begun)) || !(yield* isBegun(db))) {
        yield* Effect.promise(() => new Promise((done) => setTimeout(done, 5)))
      }
      yield* takeOver(db)
      yield* TestClock.adjust("10 seconds")
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), "taken over by sluice sync theirs")
    }).pipe(Effect.provide(services))
  )

  it.scoped("is none for :memory:", () =>
    Effect.gen(function* () {
      const { sql, table } = yield* open(":memory:")
      assert.isUndefined(table.lost)
      assert.deepStrictEqual(yield* sql`SELECT count(*) FROM _sluice_lock`.values, [[0]])
      yield* open(":memory:")
    }).pipe(Effect.provide(services))
  )
})
