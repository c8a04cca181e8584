/**
 * The database's file: made for its owner only, or a clear word on why it cannot be used; then opened and configured.
 *
 * Stage Table. Never changes a file that is there, its mode included, and never creates a folder. Does not read the
 * file itself: closing a second handle to it would drop the locks SQLite holds on it in this process. Whether it is a
 * database is SQLite's to say, before anything is written.
 */
import type { PlatformError, SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import type { SqlClient } from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Driver from "./Driver.ts"
import { type Reason, TableError } from "./TableError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Opens what is there and creates nothing. */
  readonly readonly?: boolean | undefined
  readonly busyTimeoutMillis?: number | undefined
}

/**
 * Checks that a database can be kept there and creates the file, mode 0600, where there is none. Gives the absolute
 * path; `:memory:` passes through.
 *
 * @since 0.1.0
 * @category constructors
 */
export const prepare = (
  filename: string,
  options: Options = {}
): Effect.Effect<string, TableError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    if (filename === ":memory:") return filename
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const file = path.resolve(filename)
    const folder = path.dirname(file)
    const fail =
      (detail: string, reason: Reason = "CannotOpen") =>
      (cause?: PlatformError) =>
        cause === undefined
          ? new TableError({ reason, file: filename, detail })
          : new TableError({ reason, file: filename, detail: `${detail} (${why(cause)})`, cause })

    const { type } = yield* fs
      .stat(folder)
      .pipe(
        Effect.mapError((error) =>
          isReason(error, "NotFound")
            ? fail(`there is no folder ${folder}; create it, or name a file elsewhere`)()
            : fail(`the folder ${folder} cannot be looked into`)(error)
        )
      )
    if (type !== "Directory") return yield* fail(`${folder} is not a folder`)()
    if (options.readonly !== true) {
      const created = yield* create(fs, file).pipe(
        Effect.mapError(fail(`no file can be created in the folder ${folder}; check its permissions`))
      )
      if (created) return file
    }
    const info = yield* fs
      .stat(file)
      .pipe(
        Effect.mapError((error) =>
          isReason(error, "NotFound") ? fail("there is no such file")() : fail("it cannot be looked at")(error)
        )
      )
    if (info.type === "Directory") return yield* fail("it is a folder; name a file")()
    if (info.type !== "File") return yield* fail(`it is not a plain file but a ${info.type}`)()
    // SQLite takes a file of one byte for an empty one, and would write over it.
    if (info.size === FileSystem.Size(1)) return yield* fail("it holds one byte of something else", "NotADatabase")()
    if (!mayAsk()) return file
    yield* fs.access(file, { readable: true }).pipe(Effect.mapError(fail("it may not be read; check its permissions")))
    if (options.readonly !== true) {
      yield* fs.access(file, { writable: true }).pipe(Effect.mapError(fail("it may not be written", "ReadOnly")))
      yield* fs
        .access(folder, { writable: true })
        .pipe(Effect.mapError(fail(`SQLite keeps files beside it, and the folder ${folder} may not be written`)))
    }
    return file
  })

/**
 * Whether the file and its folder may be written. Where that cannot be asked it is taken for so: trying tells.
 *
 * @since 0.1.0
 * @category accessors
 */
export const mayWrite = (file: string): Effect.Effect<boolean, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    if (!mayAsk()) return true
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const may = (name: string) => Effect.isSuccess(fs.access(name, { writable: true }))
    return (yield* may(file)) && (yield* may(path.dirname(file)))
  })

/**
 * `prepare`, then the driver's connection with all settings of `Driver.configure`, closed with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (
  filename: string,
  options: Options = {}
): Effect.Effect<SqlClient, TableError, Scope.Scope | Driver.Driver | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const driver = yield* Driver.Driver
    const absolute = { ...options, filename: yield* prepare(filename, options) }
    const sql = yield* driver.open(absolute)
    yield* Driver.configure(sql, absolute)
    return sql
  })

/**
 * To be asked when everything is written: fails where the file was removed or replaced since, as nobody will find what was written.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stays = (
  filename: string
): Effect.Effect<Effect.Effect<void, TableError>, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    if (filename === ":memory:") return Effect.void
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    // Of no number, the name alone must do.
    const number = Effect.map(fs.stat(path.resolve(filename)), ({ ino }) => Option.getOrElse(ino, () => 0))
    const first = yield* Effect.option(number)
    return Effect.flatMap(Effect.option(number), (last) =>
      Option.isNone(first) || (Option.isSome(last) && last.value === first.value)
        ? Effect.void
        : Effect.fail(
            new TableError({
              reason: "CannotOpen",
              file: filename,
              detail: "it was removed or replaced while the sync ran: what the run has written is lost, run it again"
            })
          )
    )
  })

// --- internal ---

/**
 * Deno looks up the user for `access`, and without `--allow-sys=uid` that ends the program. There SQLite's own error, less
 * clear, has to do.
 */
const mayAsk = (): boolean => {
  const { Deno } = globalThis as { readonly Deno?: DenoPermissions }
  return Deno === undefined || Deno.permissions.querySync({ name: "sys", kind: "uid" }).state === "granted"
}

interface DenoPermissions {
  readonly permissions: {
    readonly querySync: (permission: { readonly name: "sys"; readonly kind: "uid" }) => { readonly state: string }
  }
}

/** Whether the file is new. A handle to a file that is new to everyone can be closed without harm. */
const create = (fs: FileSystem.FileSystem, file: string): Effect.Effect<boolean, PlatformError> =>
  Effect.scoped(fs.open(file, { flag: "wx", mode: 0o600 })).pipe(
    Effect.as(true),
    Effect.catchIf(
      (error) => isReason(error, "AlreadyExists"),
      () => Effect.succeed(false)
    )
  )

const isReason = (error: PlatformError, reason: SystemError["reason"]): boolean =>
  error._tag === "SystemError" && error.reason === reason

/** The runtime's own words, where it has any: Deno's name the permission that is missing. */
const why = (error: PlatformError): string =>
  error.description ?? (error._tag === "SystemError" ? error.reason : error._tag)
