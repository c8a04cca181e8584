/**
 * One archived run, done once more: the real stages, but for Fetch, which is a `Player`, and for the time, which is that of then.
 *
 * Writes into a database of its own. What an answer comes to is decided as in any run; what of it was never asked, or could not
 * be merged, is told to whoever called.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fetch from "../Fetch.ts"
import * as FetchStage from "../Fetch.ts"
import * as Page from "../Page.ts"
import type * as Receipt from "../Receipt.ts"
import * as Row from "../Row.ts"
import type { Source } from "../Source.ts"
import * as Sync from "../Sync.ts"
import * as Family from "../Sync/Family.ts"
import * as Keep from "../Sync/Keep.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import * as Table from "../Table.ts"
import { TableError } from "../Table/TableError.ts"
import type * as History from "./History.ts"
import * as Player from "./Player.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Replayed {
  readonly receipt: Receipt.Receipt
  /** What keeps the rebuild from being one, if anything does. */
  readonly problem: { readonly reason: "NotAsked" | "Failed"; readonly detail: string } | undefined
}

/**
 * `archive`: the database that holds the answers; `table`: the tables that are made anew.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  source: Source,
  of: {
    readonly archive: SqlClient.SqlClient
    readonly table: Table.Table["Type"]
    readonly event: Extract<History.Event, { readonly _tag: "Run" }>
    readonly entries: ReadonlyArray<History.Entry>
    readonly lines: ReadonlyArray<History.Line>
    readonly onProgress?: Sync.Options["onProgress"]
  }
): Effect.Effect<Replayed, SyncError | TableError> =>
  Effect.gen(function* () {
    const { entries, event } = of
    const names = source.resources.map(({ name }) => name)
    const statuses = new Map(
      of.lines.flatMap(({ resource, run, status }) => (run === event.run ? [[resource, status] as const] : []))
    )
    // That of the answers as they come: how old a walk is decides whether it is gone on with.
    let now = Date.parse(event.at)
    const player = Player.make(of.archive, source, { entries, statuses, given: (at) => void (now = Math.max(now, at)) })
    const merged = new Map<string, number>()
    const table = timed(of.table, source, { entries, isKilled: event.isKilled, merged, player, statuses })
    const sync = yield* Sync.make().pipe(
      Effect.provideServiceEffect(Page.Page, Page.make()),
      Effect.provideService(FetchStage.Fetch, player.fetch satisfies Fetch.Fetch["Type"]),
      Effect.provideService(Row.Row, Row.make()),
      Effect.provideService(Table.Table, table)
    )
    const receipt = yield* sync
      .run(source, {
        run: event.run,
        resources: event.resources.filter((name) => names.includes(name)),
        fullRefresh: event.fullRefresh,
        limitPages: event.limitPages,
        // One at a time: pages are merged in the order they were, as far as one resource goes.
        concurrency: 1,
        onProgress: of.onProgress
      })
      .pipe(Effect.withClock(yield* at(() => now)))
    return { receipt, problem: problem(receipt, player, merged) }
  })

// --- internal ---

/** The time of then; waiting takes the time it takes. */
const at = (millis: () => number): Effect.Effect<Clock.Clock> =>
  Effect.map(Effect.clock, (live): Clock.Clock => ({
    ...live,
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: millis,
    unsafeCurrentTimeNanos: () => BigInt(millis()) * 1_000_000n,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanos: Effect.sync(() => BigInt(millis()) * 1_000_000n),
    sleep: (duration) => live.sleep(duration)
  }))

/**
 * Each page is merged at the time it was. What the run did not come to is left: a resource that it never opened, the end of a walk
 * that was killed before, parents that were under way.
 */
const timed = (
  table: Table.Table["Type"],
  source: Source,
  of: {
    readonly player: Player.Player
    readonly entries: ReadonlyArray<History.Entry>
    readonly statuses: ReadonlyMap<string, string>
    readonly merged: Map<string, number>
    readonly isKilled: boolean
  }
): Table.Table["Type"] => ({
  ...table,
  // What walks that had ended left for a run whose receipt was never written, they leave now.
  end: (receipt) => (of.isKilled ? Effect.void : table.end(receipt)),
  open: (opening) => {
    const { resource } = opening
    const status = of.statuses.get(resource)
    if (status === undefined || status === "skipped") return unfinished(resource)
    const isKilled = killed.has(status)
    return Effect.map(table.open(opening), (session) => {
      const declared = source.resources.find(({ name }) => name === resource)
      const parentOf = (line: string | undefined) =>
        line === undefined || declared === undefined ? undefined : Keep.parent(Family.parent(declared, line).values)
      const then =
        (millis: number | undefined) =>
        <A>(effect: Effect.Effect<A, TableError>) =>
          millis === undefined
            ? effect
            : Effect.flatMap(
                at(() => millis),
                (clock) => Effect.withClock(effect, clock)
              )
      const end = of.entries.findLast((entry) => entry.kind === "end" && entry.resource === resource)
      const last = of.entries.findLast((entry) => entry.kind === "page" && entry.resource === resource)
      const complete: Table.Session["complete"] = (how) =>
        end === undefined && isKilled ? unfinished(resource) : then((end ?? last)?.at)(session.complete(how))
      return {
        ...session,
        merge: (page) =>
          session.merge(page).pipe(
            Effect.tap(() => Effect.sync(() => of.merged.set(resource, (of.merged.get(resource) ?? 0) + 1))),
            then(of.player.mergedAt(resource, parentOf(page.parent?.parent), page.index))
          ),
        complete,
        parents: isKilled ? { ...session.parents, fail: () => Effect.void } : session.parents
      }
    })
  }
})

const killed = new Set(["running", "interrupted"])

const notEnded = "the run ended before this walk did"

const unfinished = (resource: string) => Effect.fail(new TableError({ reason: "Io", resource, detail: notEnded }))

const problem = (
  receipt: Receipt.Receipt,
  player: Player.Player,
  merged: ReadonlyMap<string, number>
): Replayed["problem"] => {
  const [missing] = player.missing
  if (missing !== undefined) return { reason: "NotAsked", detail: `${missing.resource}: ${missing.why}` }
  for (const { error, name, notices, status } of receipt.resources) {
    const { given, kept } = player.given(name)
    const isExpected = player.ended.has(name) || error?.message.includes(notEnded) === true
    const said = error?.message ?? notices.find((notice) => notice.includes("failed")) ?? "no reason is known"
    if ((status === "failed" && !isExpected) || given > (merged.get(name) ?? 0)) {
      return { reason: "Failed", detail: `${name}: ${said}` }
    }
    // What it did not come to would be missing from its tables.
    if (kept > given && status !== "complete" && status !== "partial") {
      return { reason: "Failed", detail: `${name}: ${kept - given} of ${kept} pages were not come to: ${said}` }
    }
  }
  return undefined
}
