/**
 * The end of a row's path: tables, merges and checkpoints in one SQLite database.
 *
 * Fifth stage. One page is one transaction: rows, child rows, rejects, counts, the checkpoint, the cursor and the parents of
 * children commit together or not at all. Knows no HTTP. One writer per database, at most.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Position, StopReason } from "./Page.ts"
import type * as Receipt from "./Receipt.ts"
import type { Deletes } from "./Resource/Deletes.ts"
import type { Write } from "./Resource/Write.ts"
import type * as Row from "./Row.ts"
import type { Reached, State } from "./Row/Cursor.ts"
import type { SqlValue } from "./Row/Value.ts"
import type * as Archive from "./Table/Archive.ts"
import * as Books from "./Table/Books.ts"
import type { Judged } from "./Table/Deletes.ts"
import type * as Parents from "./Table/Parents.ts"
import type * as Renamed from "./Table/Renamed.ts"
import * as Rejects from "./Table/Rejects.ts"
import * as Sessions from "./Table/Session.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Table extends Context.Tag("sluice/Table")<
  Table,
  {
    /** Name of the database, for receipts: its file, or `:memory:`. */
    readonly database: string
    /** Opens the books for a run; runs found unfinished are marked as interrupted. */
    readonly begin: (run: Run) => Effect.Effect<void, TableError>
    /** What the database knows of a resource, and the way to merge into it. */
    readonly open: (opening: Opening) => Effect.Effect<Session, TableError>
    /** The resources of a source that have rows in quarantine. */
    readonly quarantined: (
      source: string
    ) => Effect.Effect<ReadonlyArray<{ readonly resource: string; readonly rows: number }>, TableError>
    /** Writes the last word on one resource. */
    readonly finish: (run: string, receipt: Receipt.Resource) => Effect.Effect<void, TableError>
    /** Writes the last word on the run. */
    readonly end: (receipt: Receipt.Receipt) => Effect.Effect<void, TableError>
    /** Fails when another process is found to have taken the database over: everything is to stop. */
    readonly lost?: Effect.Effect<never, TableError> | undefined
  }
>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Run {
  readonly run: string
  readonly source: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** The run keeps its answers; JSON of what it was asked for. */
  readonly archive?: string | undefined
  /** `sync` unless said otherwise: a replay brings no rows of its own. */
  readonly command?: "sync" | "replay" | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Opening {
  readonly run: string
  readonly source: string
  readonly resource: string
  /** Name of the root table. */
  readonly table: string
  /** Forget where an earlier walk stood, its cursor, and what it has queued for its children. */
  readonly fresh: boolean
  /** Names of the resources whose parent this one is. */
  readonly children?: ReadonlyArray<string> | undefined
  /** How the rows go into the table. */
  readonly write: Write
  /** What becomes of rows that a whole walk did not bring; nothing, unless said otherwise. */
  readonly deletes?: Deletes | undefined
  /** Its walk keeps its answers, and so its end. */
  readonly archive?: boolean | undefined
  /** A whole walk is not over every row there is: it asks for parents or rows that are new. */
  readonly passes?: boolean | undefined
}

/**
 * One resource within one run.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  /** Shape and key of the tables as they are. */
  readonly saved: Row.Saved
  /** Where an earlier walk was interrupted. */
  readonly checkpoint: Checkpoint | undefined
  /** Where the incremental cursor of the resource stands; at its beginning for one that is replaced, which is read anew every time. */
  readonly cursor: State | undefined
  /** The parents whose rows the resource, as a child, is to fetch. */
  readonly parents: Parents.Parents
  /** Forgets the checkpoint: the walk starts anew. Rows without a key that it had appended are taken out again. */
  readonly restart: Effect.Effect<void, TableError>
  /**
   * The same for a child: parents that are done, or half done, are to be fetched again. `keeps`: each from its cursor on, so that
   * the rows of those that are done stay.
   */
  readonly restartChild: (options: { readonly keeps: boolean }) => Effect.Effect<void, TableError>
  /** Takes out the rows without a key that the unfinished walk of a parent has added: it starts over. */
  readonly takeBack: (parent: string) => Effect.Effect<void, TableError>
  /** Parents of appended rows whose inherited fields changed are the same ones. */
  readonly renamed: (brought: Renamed.Brought) => Effect.Effect<void, TableError>
  /** Notes in the books that this run goes on where an earlier one stopped, and so does not read everything itself. */
  readonly resumed: Effect.Effect<void, TableError>
  /** Makes the tables of a declared shape, rows or not. */
  readonly declare: (batch: Row.Batch) => Effect.Effect<void, TableError>
  /** One transaction. */
  readonly merge: (page: Merge) => Effect.Effect<Merged, TableError>
  /**
   * To be called once, when a walk has provably read everything there is to it: what it did not find goes, or is retired, and what
   * it replaces is put in place, in one transaction. A walk that is not known to be whole is not completed, and takes nothing away.
   */
  readonly complete: (end?: Completion) => Effect.Effect<Completed, TableError>
  /** Rows in quarantine. */
  readonly rejects: {
    readonly count: Effect.Effect<Rejects.Count, TableError>
    /** Those behind an id, in the order they were refused in. */
    readonly list: (after: number, most: number) => Effect.Effect<ReadonlyArray<Rejects.Stored>, TableError>
    /** Keeps what a page refused that is itself not stored, in a transaction of its own. */
    readonly keep: (page: Pick<Merge, "batch" | "index">) => Effect.Effect<void, TableError>
    /** A walk of this resource has begun and not come to its end. */
    readonly waits: boolean
  }
  /** Rows the resource's table holds; where absent ones are to go, the different ones that the walk has brought. */
  readonly stored: Effect.Effect<number, TableError>
}

/**
 * - `closes`: of a child, all parents are done. `parents.close` is part of it: closed later, it could be completed twice
 * - `proven`: the walk read, provably, everything: a row that an earlier one refused, and this one did not, is over
 *
 * @since 0.1.0
 * @category models
 */
export interface Completion {
  readonly closes?: boolean
  readonly proven?: boolean
}

/**
 * Where a walk stands after a committed page: enough to go on in another process.
 *
 * @since 0.1.0
 * @category models
 */
export interface Checkpoint {
  readonly position: Position
  /** Pages committed so far. */
  readonly index: number
  /** Rows on them, as fetched. */
  readonly rows: number
  /** What the walk was taken under, part by part; one that differs is not gone on from. A text, as it once was, differs from all. */
  readonly fingerprint: Readonly<Record<string, string>> | string
  /** When its last page was committed, ISO 8601. */
  readonly at?: string | undefined
  /** The runs that the walk took so far, first the one that began it. */
  readonly runs: ReadonlyArray<string>
  /**
   * The page before `position`, where no total was reported: whether the list still is what it was can only be told by
   * looking at that page again.
   */
  readonly last?: { readonly position: Position; readonly digest: number } | undefined
  /** The largest total the API has reported in the walk, if it has. */
  readonly total: number | undefined
  /** Rows of the walk that were refused. */
  readonly rejected: number
  /** The total fell during the walk: rows may have been passed over. */
  readonly shrunk: boolean
  /** How far the rows of an incremental walk have come. */
  readonly reached?: Reached | undefined
  /** The cursor has moved with the rows of the walk: if it starts over, they stay. */
  readonly kept?: boolean | undefined
  /** What a page of the walk has left open: it proves nothing. */
  readonly doubt?: string | undefined
  /** The selector that was found for the walk, where none was declared. */
  readonly selector?: string | undefined
  /** Why the walk cannot tell which rows are gone, though it may be whole. */
  readonly unsure?: ReadonlyArray<Doubt> | undefined
  /** The walk has ended, and only its run has not: nothing would tell its rows from those of another walk. */
  readonly ended?: Ended | undefined
  /** How the list moved while it was read. */
  readonly moves?: Moves | undefined
  /** The walk is the second look at a list that moved during the first. */
  readonly again?: Again | undefined
}

/**
 * How a list moved from page to page: by how much its total rose and fell, and how many rows came on two of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Moves {
  readonly rose: number
  readonly fell: number
  readonly twice: number
  /** Rows of one key came that were not the same, or may have: the later one counts, wherever it is. */
  readonly differ?: true
}

/**
 * What a second look must know of the first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Again {
  /** How far it goes: to a page that brings nothing new, or to the end. */
  readonly kind: "front" | "whole"
  /** How the first look ended. */
  readonly reason: string
  readonly moves: Moves
  /** Rows that the first one is known to have missed, and those found of them so far. */
  readonly owed: number
  readonly found: number
  /** The total it ended with. */
  readonly total: number | undefined
}

/**
 * `passes`: rows may not have come at all, and so those of children may be missing too.
 *
 * @since 0.1.0
 * @category models
 */
export interface Doubt {
  readonly text: string
  readonly passes: boolean
}

/**
 * How a walk ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ended {
  readonly reason: StopReason
  /** It read everything there was. */
  readonly complete: boolean
  readonly completeness: Receipt.Completeness
}

/**
 * One page to merge.
 *
 * @since 0.1.0
 * @category models
 */
export interface Merge {
  readonly batch: Row.Batch
  readonly index: number
  readonly retries: number
  readonly fetched: number
  readonly total: number | undefined
  /** `undefined` when this page ends the walk. */
  readonly checkpoint: Checkpoint | undefined
  /** Where the resource's cursor stands from this page on; `undefined`: where it stood. */
  readonly cursor?: State | undefined
  /** Where the resource's walk stands, and its parent's, stays as it was: its rows are not stored. */
  readonly unnoted?: boolean | undefined
  /** For the page of a child: the parent it belongs to, and where that parent's own walk stands now. */
  readonly parent?: Parents.Standing | undefined
  /** Parents that this page gives to the children of its resource, by the child's name. */
  readonly queue?: ReadonlyArray<Parents.Queued> | undefined
  /** Keys of rows that were refused, and are there all the same; wanted where absent rows are looked for. */
  readonly present?: ReadonlyArray<ReadonlyArray<SqlValue>> | undefined
  /** The answers to keep with it. */
  readonly archive?: ReadonlyArray<Archive.Entry> | undefined
  /** Whether, by what became of its rows, the page ends the walk after all: what its books are then to say. */
  readonly ends?: ((merged: Merged) => Pick<Merge, "checkpoint" | "cursor" | "parent"> | undefined) | undefined
  /** Its rows come from the quarantine, and leave it. */
  readonly replay?: Rejects.Replayed | undefined
  /** Called with the outcome after the commit. */
  readonly done?: ((merged: Merged) => Effect.Effect<void>) | undefined
}

/**
 * What became of a page's rows. Each one is counted once: `inserted + updated + unchanged + deleted + dropped + rejected`, and
 * for `replace` those of `Completed`, are what was fetched.
 *
 * @since 0.1.0
 * @category models
 */
export interface Merged {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  /** Rows that took away the row of their key, by their mark. */
  readonly deleted: number
  /** Rows that another one of the walk stands for, and marks of deletion that met no row. */
  readonly dropped: number
}

/**
 * What became of the table at the end of a walk, beside what its pages did.
 *
 * @since 0.1.0
 * @category models
 */
export interface Completed {
  /** Of a table that was replaced: rows of the walk. Its pages count none of these. */
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  /** Rows taken away or retired because the walk did not bring them. They were not fetched. */
  readonly deleted: number
  readonly dropped: number
  /** What `deletes` made of rows that did not come, where it is to make anything. */
  readonly judged?: Judged | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Name of the database in receipts and errors. */
  readonly database: string
}

/**
 * Makes or checks sluice's own tables on the way.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Table["Type"], TableError, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const books = yield* Books.make(sql, options.database)
    return {
      database: options.database,
      begin: books.begin,
      open: (opening) => Sessions.open(sql, options.database, opening),
      quarantined: (source) => Rejects.resources(sql, source),
      finish: books.finish,
      end: books.end
    }
  })

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Table, TableError, SqlClient.SqlClient> =>
  Layer.effect(Table, make(options))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<Options>
): Layer.Layer<Table, TableError | ConfigError, SqlClient.SqlClient> =>
  Layer.effect(Table, Effect.flatMap(Config.unwrap(options), make))
