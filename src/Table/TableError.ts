/**
 * Why the database could not do what was asked: one class, a reason, and what to do about it.
 *
 * Stage Table. The one place that knows how better-sqlite3 and node:sqlite (on Node, Bun and Deno each a little
 * different) spell SQLite's result codes. Holds no SQL parameters and no row values.
 */
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/**
 * - `Busy` another process holds the write lock · `Locked` another sync holds this file · `NotADatabase` a file of
 *   another kind
 * - `CannotOpen` no such folder, no permission · `ReadOnly`, `Full`, `Io`, `Corrupt` as SQLite says · `Constraint` a
 *   key, a foreign key, a type · `Schema` the tables cannot be changed to fit · `Newer` written by a newer sluice
 * - `NoDriver` no SQLite driver loads on this runtime · `Sql` anything else
 *
 * @since 0.1.0
 * @category models
 */
export const Reason = Schema.Literal(
  "Busy",
  "Locked",
  "NotADatabase",
  "CannotOpen",
  "ReadOnly",
  "Full",
  "Io",
  "Corrupt",
  "Constraint",
  "Schema",
  "Newer",
  "NoDriver",
  "Sql"
)

/**
 * @since 0.1.0
 * @category models
 */
export type Reason = typeof Reason.Type

/**
 * @since 0.1.0
 * @category errors
 */
export class TableError extends Schema.TaggedError<TableError>("sluice/TableError")("TableError", {
  reason: Reason,
  /** What happened, in SQLite's words or ours. */
  detail: Schema.String,
  /** The database file, where it is known. */
  file: Schema.optional(Schema.String),
  /** The resource being merged, if one was. */
  resource: Schema.optional(Schema.String),
  cause: Schema.optional(Schema.Defect)
}) {
  override get message(): string {
    const where = [this.file, this.resource === undefined ? undefined : `resource ${this.resource}`]
      .filter((part) => part !== undefined)
      .join(", ")
    const [what, todo] = words[this.reason]
    return `${where === "" ? "" : `${where}: `}${what}: ${this.detail}${todo === "" ? "" : `; ${todo}`}`
  }
  get isRetryable(): boolean {
    return this.reason === "Busy"
  }
}

/**
 * What the caller knows and SQLite does not.
 *
 * @since 0.1.0
 * @category models
 */
export interface Context {
  readonly file?: string | undefined
  readonly resource?: string | undefined
  /** Put before SQLite's own words: `creating table bounces`. */
  readonly doing?: string | undefined
  /** The reason where SQLite gives no particular one; `Sql` unless said otherwise. */
  readonly otherwise?: Reason | undefined
}

/**
 * Classifies whatever a driver failed with: an `SqlError`, or what the native part threw.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromSql = (error: unknown, context: Context = {}): TableError => {
  const chain = causes(error)
  const text = messageOf(chain[chain.length - 1])
  return new TableError({
    reason: reasonOf(chain) ?? context.otherwise ?? "Sql",
    detail: context.doing === undefined ? text : `${context.doing}: ${text}`,
    ...(context.file === undefined ? {} : { file: context.file }),
    ...(context.resource === undefined ? {} : { resource: context.resource }),
    cause: error
  })
}

/**
 * Turns the `SqlError`s of an effect into `TableError`s and leaves its other failures alone.
 *
 * @since 0.1.0
 * @category combinators
 */
export const refail =
  (context?: Context) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, Exclude<E, SqlError> | TableError, R> =>
    Effect.mapError(self, (error) => (isSqlError(error) ? fromSql(error, context) : (error as Exclude<E, SqlError>)))

// --- internal ---

const words: Record<Reason, readonly [what: string, todo: string]> = {
  Busy: ["another process is writing to the database", "run again when it has finished"],
  Locked: ["another sync is at work on this file", "wait until it has finished, or stop it"],
  NotADatabase: ["not an SQLite database, left as it was", "choose another file"],
  CannotOpen: ["cannot open the database", ""],
  ReadOnly: ["the database cannot be written", "check the permissions of the file and its folder"],
  Full: ["no space left for the database", "free some and run again: what was committed is intact"],
  Io: ["the disk failed", "check it and run again: what was committed is intact"],
  Corrupt: ["the database is damaged", "restore a copy, or sync into a new file"],
  Constraint: ["a row does not fit its table", ""],
  Schema: ["the tables cannot be changed to fit", ""],
  Newer: ["written by a newer sluice", "update sluice, or sync into a new file"],
  NoDriver: ["no SQLite driver works here", ""],
  Sql: ["SQLite refused a statement", ""]
}

const isSqlError = Predicate.isTagged("SqlError")

/** Primary result codes of SQLite; all others are of no particular reason. */
const codes: Readonly<Record<string, readonly [number: number, reason: Reason]>> = {
  PERM: [3, "CannotOpen"],
  BUSY: [5, "Busy"],
  READONLY: [8, "ReadOnly"],
  IOERR: [10, "Io"],
  CORRUPT: [11, "Corrupt"],
  FULL: [13, "Full"],
  CANTOPEN: [14, "CannotOpen"],
  PROTOCOL: [15, "Busy"],
  CONSTRAINT: [19, "Constraint"],
  NOTADB: [26, "NotADatabase"]
}
const byNumber = new Map(Object.values(codes))

/**
 * For errors without a code: Deno gives none for what fails outside a prepared statement, better-sqlite3 none for
 * folders.
 */
const texts: ReadonlyArray<readonly [text: RegExp, reason: Reason]> = [
  [/^database is locked$|^locking protocol$/, "Busy"],
  [/^file is not a database$/, "NotADatabase"],
  [/^unable to open database|directory does not exist$/, "CannotOpen"],
  [/^attempt to write a readonly database$/, "ReadOnly"],
  [/^database or disk is full$/, "Full"],
  [/^disk I\/O error$/, "Io"],
  [/^database disk image is malformed$|^malformed database schema/, "Corrupt"],
  [/constraint failed|^cannot store \w+ value in \w+ column/, "Constraint"]
]

const reasonOf = (chain: ReadonlyArray<unknown>): Reason | undefined => {
  for (const error of chain) {
    if (Predicate.hasProperty(error, "errcode") && typeof error.errcode === "number") {
      return byNumber.get(error.errcode & 0xff)
    }
    if (Predicate.hasProperty(error, "code") && typeof error.code === "string" && error.code.startsWith("SQLITE_")) {
      return codes[error.code.split("_")[1] ?? ""]?.[1]
    }
  }
  const text = messageOf(chain[chain.length - 1])
  return texts.find(([pattern]) => pattern.test(text))?.[1]
}

/** The error and what caused it, outermost first. Bounded: a cause may be a circle. */
const causes = (error: unknown): ReadonlyArray<unknown> => {
  const chain = [error]
  for (let last = error; chain.length < 8 && Predicate.hasProperty(last, "cause") && last.cause !== undefined;) {
    last = last.cause
    chain.push(last)
  }
  return chain
}

const messageOf = (error: unknown): string =>
  Predicate.hasProperty(error, "message") && typeof error.message === "string" ? error.message.trim() : String(error)
