/**
 * A connection for reading that leaves no file beside the database and changes none, whoever may write there.
 *
 * SQLite cannot read a database with a log (WAL) without its two files beside it: it makes them, and a connection that may not
 * write leaves them behind. So where a writer has them the reader uses them; where nobody has, it opens as a writer that is told
 * to refuse every write, and closes without a trace; and where it may not do that, it reads a copy in a folder of its own.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as DatabaseFile from "./DatabaseFile.ts"
import * as Driver from "./Driver.ts"
import { refail, TableError } from "./TableError.ts"

/**
 * Of a database with its log, to be copied.
 *
 * @since 0.1.0
 * @category defaults
 */
export const mostBytes = 1024 ** 3

/**
 * Fails where there is no such file, or none that can be read in one of these ways: with what to do then.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (
  name: string,
  options: { readonly mostBytes?: number | undefined } = {}
): Effect.Effect<SqlClient, TableError, Driver.Driver | FileSystem.FileSystem | Path.Path | Scope.Scope> =>
  Effect.gen(function* () {
    const filename = yield* DatabaseFile.prepare(name, { readonly: true })
    const [, log, index] = yield* look(filename)
    const isOpen = log !== undefined && index !== undefined
    const copy = copied(name, filename, options.mostBytes ?? mostBytes)
    if (!isOpen && (log !== undefined || !(yield* DatabaseFile.mayWrite(filename)))) return yield* copy
    return yield* Effect.catchIf(connect(name, filename, isOpen), isRefused, () => copy)
  })

// --- internal ---

/** Where the question of who may write could not be asked, or had another answer than SQLite's. */
const isRefused = ({ reason }: TableError) => reason === "ReadOnly" || reason === "CannotOpen"

const connect = (name: string, filename: string, readonly: boolean) =>
  Effect.gen(function* () {
    const driver = yield* Driver.Driver
    const sql = yield* driver.open({ filename, readonly })
    const doing = { file: name, otherwise: "CannotOpen" } as const
    yield* Driver.retryBusy(Effect.asVoid(sql`PRAGMA query_only = ON`).pipe(refail({ file: name })))
    yield* Driver.retryBusy(Effect.asVoid(sql`PRAGMA schema_version`).pipe(refail(doing)))
    return sql
  }).pipe(Effect.mapError((error) => new TableError({ ...error, file: name })))

/** The database, its log and the log's index: what tells one state of a file from another, where there is such a file. */
const look = (filename: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.forEach(["", "-wal", "-shm"], (suffix) =>
      Effect.match(fs.stat(filename + suffix), {
        onFailure: () => undefined,
        onSuccess: ({ ino, mtime, size }) => ({
          bytes: Number(size),
          state: `${Option.getOrElse(ino, () => 0)} ${size} ${Number(Option.getOrElse(mtime, () => 0))}`
        })
      })
    )
  )

/** Nothing that was written between the first and the last byte may be in it. */
const copied = (name: string, filename: string, most: number) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const fail = (detail: string) => new TableError({ reason: "CannotOpen", file: name, detail })
    const [file, log] = yield* look(filename)
    const bytes = (file?.bytes ?? 0) + (log?.bytes ?? 0)
    if (bytes > most) {
      const sizes = `it has ${bytes.toLocaleString("en")} bytes, ${most.toLocaleString("en")} at most are copied for that`
      return yield* fail(`${why}, and ${sizes}; copy it to a folder that you may write, or run this as its owner`)
    }
    const take = Effect.gen(function* () {
      const folder = yield* fs.makeTempDirectoryScoped({ prefix: "sluice-read-" })
      const copy = path.join(folder, "copy.db")
      const before = yield* look(filename)
      yield* fs.copyFile(filename, copy)
      if (before[1] !== undefined) yield* fs.copyFile(`${filename}-wal`, `${copy}-wal`)
      const after = yield* look(filename)
      return [0, 1].every((i) => before[i]?.state === after[i]?.state) ? copy : undefined
    }).pipe(
      Effect.mapError((error: PlatformError) =>
        fail(`${why}, and none can be made in the folder for temporary files: ${error.message}`)
      )
    )
    for (let tries = 0; tries < 3; tries++) {
      const copy = yield* take
      if (copy !== undefined) return yield* connect(name, copy, true)
    }
    return yield* fail(`${why}, and it was written to while it was copied; run this again`)
  })

const why = "it may not be written, nor files beside it, and so only a copy of it can be read"
