/**
 * The pipeline: each resource's pages are fetched ahead, decoded, and run into a Sink; a receipt says what came of it.
 *
 * The only module that sees both ends of a row's path. Resources run side by side, children behind their parents, and fail
 * alone; an interrupted run still leaves its receipt. Resumes where a checkpoint allows it. Knows neither HTTP nor SQL.
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ulid } from "ulid"
import * as Redact from "./Fetch/Redact.ts"
import * as Page from "./Page.ts"
import * as Receipt from "./Receipt.ts"
import * as Row from "./Row.ts"
import { secrets, type Source } from "./Source.ts"
import * as Draft from "./Sync/Draft.ts"
import * as Fingerprint from "./Sync/Fingerprint.ts"
import * as Order from "./Sync/Order.ts"
import * as Pipeline from "./Sync/Pipeline.ts"
import * as Replay from "./Sync/Replay.ts"
import * as Schedule from "./Sync/Schedule.ts"
import { SyncError } from "./Sync/SyncError.ts"
import * as Table from "./Table.ts"
import type { TableError } from "./Table/TableError.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Sync extends Context.Tag("sluice/Sync")<
  Sync,
  {
    /**
     * Runs a source into the database. Fails only when the run as a whole cannot be: an unknown resource is asked for, a
     * parent is missing, or the books cannot be written. What goes wrong with a resource is in the receipt.
     */
    readonly run: (source: Source, options?: Options) => Effect.Effect<Receipt.Receipt, SyncError | TableError>
    /** Stores the refused rows that fit by now, of the resources named or of all. Sends nothing. */
    readonly replay: (
      source: Source,
      options?: Pick<Options, "resources">
    ) => Effect.Effect<Replay.Replay, SyncError | TableError>
  }
>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Names of the resources to run; all when absent or empty. */
  readonly resources?: ReadonlyArray<string> | undefined
  /**
   * Resources at work at once, parents of one whose rows are fetched side by side, and pages of one whose positions are known
   * beforehand. Unless said otherwise 4, but pages one by one: a crash makes the next run fetch one more than those again.
   */
  readonly concurrency?: number | undefined
  /** Forget checkpoints, cursors and waiting parents: every walk starts at its first page. Rows stay and are merged. */
  readonly fullRefresh?: boolean | undefined
  /** Pages to read per resource at most; the next run goes on behind them. */
  readonly limitPages?: number | undefined
  /** For resources that do not say it themselves; `quarantine` unless said otherwise. */
  readonly onBadRow?: "quarantine" | "fail" | undefined
  /** Keep every answer that a page is made of in the database, so that `Rebuild` can read it again. */
  readonly archive?: boolean | undefined
  /** The name of the run; a new ULID unless said otherwise. Only for a run that is done once more. */
  readonly run?: string | undefined
  /** Told after every committed page. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** Given the receipt of a run that was interrupted, when no caller is left to return it to. */
  readonly onInterrupt?: ((receipt: Receipt.Receipt) => Effect.Effect<void>) | undefined
}

/**
 * Where a resource stands within its run.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly resource: string
  readonly pages: number
  readonly rows: number
  /** Rows that earlier, interrupted runs of the same walk have fetched. */
  readonly before: number
  /** Rows the API reports in all, if it does. */
  readonly total: number | undefined
  readonly state: "running" | "done"
}

/**
 * What runs take where their own options say nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Defaults = Pick<Options, "concurrency" | "onBadRow">

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (defaults: Defaults = {}): Effect.Effect<Sync["Type"], never, Page.Page | Row.Row | Table.Table> =>
  Effect.gen(function* () {
    const page = yield* Page.Page
    const row = yield* Row.Row
    const table = yield* Table.Table
    const stages = { page, row, table }
    return {
      replay: (source, options) =>
        Replay.run(source, options).pipe(
          Effect.provideService(Row.Row, row),
          Effect.provideService(Table.Table, table)
        ),
      run: (source, given = {}) =>
        Effect.gen(function* () {
          const options: Options = {
            ...given,
            concurrency: given.concurrency ?? defaults.concurrency,
            onBadRow: given.onBadRow ?? defaults.onBadRow
          }
          yield* belongs(source, page.baseUrl)
          const order = yield* Order.order(source, options.resources ?? [])
          const taken = new Set(order.map(({ resource }) => resource.name))
          const later = (yield* Order.order(source, [])).filter(({ resource }) => !taken.has(resource.name))
          const startedMillis = yield* Clock.currentTimeMillis
          const run = options.run ?? ulid(startedMillis)
          const startedAt = new Date(startedMillis).toISOString()
          yield* table.begin({ run, source: source.name, startedAt, archive: asked(source, options) })
          const drafts = order.map(({ resource, stored }) => Draft.make(resource, stored))
          const redactor = Redact.make(secrets(source))
          // Every stage scrubs what it says; the receipt is kept for good, and so it is scrubbed once more.
          const line = (draft: Draft.Draft) => redactor.json(Draft.receipt(draft)) as Receipt.Resource

          const conclude = (interrupted: boolean) =>
            Effect.gen(function* () {
              const finishedAt = new Date(yield* Clock.currentTimeMillis).toISOString()
              const lines = drafts.map(line)
              const receipt: Receipt.Receipt = {
                run,
                source: source.name,
                db: table.database,
                status: Receipt.status(lines, interrupted),
                started_at: startedAt,
                finished_at: finishedAt,
                resources: lines
              }
              // Lines of resources that ended by themselves are written already.
              const finish = (draft: Draft.Draft, i: number) =>
                draft.settled ? Effect.void : table.finish(run, lines[i]!)
              yield* Effect.forEach(drafts, finish, { discard: true })
              yield* table.end(receipt)
              return receipt
            })

          const one = ({ left, parent }: Order.Ordered, index: number) => {
            const draft = drafts[index]!
            const above = drafts.find(({ resource }) => resource.name === parent)
            return Effect.gen(function* () {
              if (left) Draft.skip(draft, "not selected (`selected: false`)")
              else
                yield* Pipeline.run({ ...stages, source, run, redactor, draft, options, order, later, drafts }, above)
              yield* table.finish(run, line(draft))
              Draft.settle(draft)
            })
          }
          const work = Schedule.run(order, options.concurrency ?? 4, one)
          yield* (table.lost === undefined ? work : Schedule.until(work, table.lost)).pipe(
            Effect.onInterrupt(() =>
              conclude(true).pipe(
                Effect.flatMap((receipt) => options.onInterrupt?.(receipt) ?? Effect.void),
                Effect.ignoreLogged
              )
            )
          )
          return yield* conclude(false)
        }).pipe(Effect.withSpan("Sync.run", { attributes: { "sluice.source": source.name }, captureStackTrace: false }))
    }
  })

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (defaults: Defaults = {}): Layer.Layer<Sync, never, Page.Page | Row.Row | Table.Table> =>
  Layer.effect(Sync, make(defaults))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  defaults: Config.Config.Wrap<Defaults>
): Layer.Layer<Sync, ConfigError, Page.Page | Row.Row | Table.Table> =>
  Layer.effect(Sync, Effect.flatMap(Config.unwrap(defaults), make))

// --- internal ---

/** What of its options decides what a run that keeps its answers asks for. */
const asked = (
  source: Source,
  { archive, fullRefresh = false, limitPages, resources = [] }: Options
): string | undefined =>
  archive === true
    ? JSON.stringify({ resources, fullRefresh, limitPages, headers: Fingerprint.ofHeaders(source) })
    : undefined

/** Anything else would ask one API for the rows of another, and show it credentials that are not for it. */
const belongs = (source: Source, baseUrl: URL): Effect.Effect<void, SyncError> =>
  URL.canParse(source.api.baseUrl) && new URL(source.api.baseUrl).href === baseUrl.href
    ? Effect.void
    : Effect.fail(
        new SyncError({
          reason: "OtherApi",
          detail:
            `the source ${source.name} is of ${source.api.baseUrl}, but Sync was built for ${baseUrl.href}; ` +
            "build a Layer for each source's api"
        })
      )
