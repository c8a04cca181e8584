/**
 * One resource, end to end: `pages → prefetch → decode → merge`, from its checkpoint or from the start.
 *
 * Reads as the path of a row. Never fails: what goes wrong ends this resource and is written into its draft.
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type * as Fetch from "../Fetch.ts"
import type { Redactor } from "../Fetch/Redact.ts"
import * as Json from "../Fetch/Json.ts"
import type * as Page from "../Page.ts"
import { PageError } from "../Page/PageError.ts"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import { ofText } from "../Row/Hash.ts"
import * as Key from "../Row/Key.ts"
import * as Name from "../Row/Name.ts"
import type { Source } from "../Source.ts"
import type { Options } from "../Sync.ts"
import type * as Table from "../Table.ts"
import * as Draft from "./Draft.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Job {
  readonly page: Page.Page["Type"]
  readonly row: Row.Row["Type"]
  readonly table: Table.Table["Type"]
  readonly source: Source
  readonly run: string
  readonly redactor: Redactor
  readonly draft: Draft.Draft
  readonly options: Options
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const run = (job: Job): Effect.Effect<void> => {
  const { draft } = job
  if (draft.resource.unavailable !== undefined) {
    return Effect.sync(() => Draft.skip(draft, draft.resource.unavailable!))
  }
  return Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    yield* walk(job).pipe(
      Effect.catchAll((error) => Effect.sync(() => Draft.fail(draft, error))),
      // A paginator or a schema of somebody's own may throw; the other resources are not to pay for it.
      Effect.catchAllDefect((defect) =>
        Effect.zipRight(
          Effect.logError(
            job.redactor.text(defect instanceof Error ? (defect.stack ?? defect.message) : String(defect))
          ),
          Effect.sync(() => Draft.crash(draft, defect))
        )
      ),
      Effect.ensuring(Effect.map(Clock.currentTimeMillis, (now) => Draft.took(draft, Math.round(now - started))))
    )
    yield* progress(job, "done")
  }).pipe(
    Effect.annotateLogs({ resource: draft.resource.name }),
    Effect.withSpan("Sync.resource", {
      attributes: { "sluice.resource": draft.resource.name },
      captureStackTrace: false
    })
  )
}

/**
 * What a resource asks for, before its paginator adds to it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const request = (resource: Resource): Fetch.Request => ({
  method: resource.method,
  path: resource.path,
  query: resource.query,
  headers: resource.headers,
  body: resource.body,
  auth: resource.auth,
  retry: resource.retry
})

// --- internal ---

const walk = (job: Job): Effect.Effect<void, Draft.Failure> =>
  Effect.gen(function* () {
    const { draft, options, row, run, source, table } = job
    const resource: Resource = { ...draft.resource, onBadRow: draft.resource.onBadRow ?? options.onBadRow }
    const session = yield* table.open({
      run,
      source: source.name,
      resource: resource.name,
      table: Name.path(resource.table),
      fresh: options.fullRefresh === true
    })
    const mark = fingerprint(source, resource)
    const from = yield* resume(session, mark, draft)
    const compiled = yield* row.compile(resource, session.saved)
    const declared = yield* compiled.page([])
    yield* session.declare(declared)

    const into = (from: Table.Checkpoint | undefined) =>
      Stream.run(pages(job, resource, compiled, { mark, from, stored: session.stored }), session.sink)
    yield* into(from).pipe(
      Effect.catchTag("Moved", ({ detail }) => {
        Draft.notice(draft, `${detail}: the walk starts over`)
        return Effect.zipRight(session.restart, into(undefined))
      }),
      // A walk from its first page has no earlier total to differ from.
      Effect.catchTag("Moved", Effect.die)
    )
  })

/** What the Sink takes: one element is one page is one transaction. */
const pages = (
  job: Job,
  resource: Resource,
  compiled: Row.Compiled,
  start: {
    readonly mark: string
    readonly from: Table.Checkpoint | undefined
    readonly stored: Table.Session["stored"]
  }
): Stream.Stream<Table.Merge, Draft.Failure | Moved> => {
  const { from, mark, stored } = start
  // What is known of the whole walk, over all the runs it took.
  let total = from?.total
  let firstTotal = from?.total
  let rows = from?.rows ?? 0
  let rejected = from?.rejected ?? 0
  let shrunk = from?.shrunk ?? false
  job.draft.before = rows
  const repeats = repetition()
  // One page being merged and one fetched ahead of it: what a crash makes the next run fetch again.
  const unmerged = Effect.unsafeMakeSemaphore(2)
  return job.page
    .stream({
      request: request(resource),
      paginator: resource.paginator,
      select: (body) => job.row.select(resource, body),
      from:
        from === undefined
          ? undefined
          : from.last === undefined
            ? { position: from.position, index: from.index }
            : { position: from.last.position, index: from.index - 1 },
      limitPages:
        job.options.limitPages === undefined ? undefined : job.options.limitPages + (from?.last === undefined ? 0 : 1),
      turn: Effect.asVoid(unmerged.take(1))
    })
    .pipe(
      // The next page is on its way while this one is decoded and merged.
      Stream.bufferChunks({ capacity: 1 }),
      Stream.tap((fetched) => unmoved(fetched, from)),
      // The page looked at again is merged already.
      Stream.filterEffect((fetched) =>
        from !== undefined && fetched.index < from.index
          ? Effect.as(
              Effect.zipRight(
                unmerged.release(1),
                Effect.sync(() => Draft.look(job.draft, fetched))
              ),
              false
            )
          : Effect.succeed(true)
      ),
      Stream.mapEffect((fetched) =>
        Either.flatMap(compiled.page(fetched.rows), (batch): Either.Either<Table.Merge, PageError> => {
          if (repeats(batch, fetched)) {
            const detail = `pages ${fetched.index - 1} to ${fetched.index + 1} hold rows of the same keys: the endpoint seems to ignore paging`
            return Either.left(new PageError({ reason: "Repeated", page: fetched.index, detail }))
          }
          const reported = fetched.step.total
          shrunk ||= reported !== undefined && total !== undefined && reported < total
          if (reported !== undefined) total = Math.max(total ?? 0, reported)
          firstTotal ??= reported
          rows += fetched.rows.length
          rejected += batch.rejects.length
          const walked = { rows, rejected, shrunk, total }
          const isKeyed = batch.key !== undefined && batch.key.columns.length > 0
          const few = isKeyed ? tooFew(resource, walked, { firstTotal, stored }) : Effect.succeed([])
          return Either.right({
            batch,
            index: fetched.index,
            retries: fetched.attempts - 1,
            fetched: fetched.rows.length,
            total: fetched.step.total,
            checkpoint:
              fetched.next === undefined
                ? undefined
                : {
                    position: fetched.next,
                    index: fetched.index + 1,
                    fingerprint: mark,
                    runs: from === undefined ? [job.run] : [...from.runs, job.run],
                    last:
                      total === undefined ? { position: fetched.position, digest: digest(fetched.rows) } : undefined,
                    ...walked
                  },
            done: (merged) => Effect.zipRight(unmerged.release(1), settle(job, fetched, batch, merged, { walked, few }))
          })
        })
      )
    )
}

/**
 * Whether a page holds just the rows of the two before it, however they look today: an endpoint that ignores paging and stamps
 * each answer with the time. A total bounds a walk anyway; twice may be chance, when a whole page of rows came in.
 */
const repetition = () => {
  let last: number | undefined
  let times = 0
  return ({ key, rows }: Row.Batch, { step }: Page.Fetched): boolean => {
    if (key === undefined || key.columns.length === 0 || rows.length === 0 || step.total !== undefined) return false
    const keys = ofText(
      rows
        .map(({ values }) => Key.identity(key.columns.map((index) => values[index] ?? null)))
        .sort()
        .join("\n")
    )
    times = keys === last ? times + 1 : 0
    last = keys
    return times >= 2
  }
}

type Walked = Pick<Table.Checkpoint, "rows" | "rejected" | "shrunk" | "total">

const settle = (
  job: Job,
  fetched: Page.Fetched,
  batch: Row.Batch,
  merged: Table.Merged,
  walk: { readonly walked: Walked; readonly few: Effect.Effect<ReadonlyArray<string>> }
) =>
  Effect.gen(function* () {
    const { draft } = job
    Draft.page(draft, fetched, batch, merged)
    const { step } = fetched
    if (step._tag === "Stop") {
      const known = step.complete ? whatIsMissing(draft.resource, walk.walked, draft.line.rows.rejected) : []
      const missing = step.complete && known.length === 0 ? yield* walk.few : known
      for (const text of missing) Draft.notice(draft, text)
      Draft.stop(draft, { reason: step.reason, complete: step.complete && missing.length === 0 })
    }
    yield* progress(job, "running")
  })

/** Why a walk that came to its end is not everything all the same, whichever of its runs it happened in. */
const whatIsMissing = (resource: Resource, walked: Walked, rejectedNow: number): ReadonlyArray<string> => {
  const { rejected, rows, shrunk, total } = walked
  const read = rows + skipped(resource)
  return [
    // Rows that left the list during an offset walk shift the later ones over a page boundary, unseen.
    ...(shrunk ? [`the total fell from ${total} during the walk: rows may have been passed over; run again`] : []),
    ...(!shrunk && total !== undefined && read < total
      ? [`the API reported ${total} rows, the walk read ${read}`]
      : []),
    ...(rejected > rejectedNow ? [`earlier runs of this walk refused ${rejected - rejectedNow} rows`] : [])
  ]
}

/**
 * Rows that came twice are counted twice, and may have come in place of others: an endpoint that ignores the offset, or lists
 * in no fixed order. Those that came in during the walk are left to the next one, hence the total it began with.
 */
const tooFew = (
  resource: Resource,
  { rejected }: Walked,
  { firstTotal, stored }: { readonly firstTotal: number | undefined; readonly stored: Table.Session["stored"] }
): Effect.Effect<ReadonlyArray<string>> =>
  firstTotal === undefined
    ? Effect.succeed([])
    : stored.pipe(
        Effect.map((held) =>
          held + rejected + skipped(resource) < firstTotal
            ? [
                `the API reported ${firstTotal} rows, the table holds ${held}: rows came twice, and others may be missing; ` +
                  "run again, and if it stays so: is the key one that tells all rows apart, does the endpoint heed the offset?"
              ]
            : []
        ),
        Effect.orElseSucceed(() => [])
      )

/** Rows before the first one that was asked for. */
const skipped = (resource: Resource): number => {
  const start = resource.paginator.options["offset"]
  return typeof start === "number" ? start : 0
}

const progress = ({ draft, options }: Job, state: "running" | "done") =>
  options.onProgress?.({
    resource: draft.resource.name,
    pages: draft.line.pages,
    rows: draft.line.rows.fetched,
    before: draft.before,
    total: draft.line.reported_total ?? undefined,
    state
  }) ?? Effect.void

/** A resumed walk whose list has changed meanwhile cannot be trusted to be whole. */
class Moved extends Data.TaggedError("Moved")<{ readonly detail: string }> {}

const unmoved = (fetched: Page.Fetched, from: Table.Checkpoint | undefined): Effect.Effect<void, Moved> => {
  if (from === undefined) return Effect.void
  if (from.last !== undefined && fetched.index === from.index - 1) {
    return digest(fetched.rows) === from.last.digest && fetched.step._tag === "Continue"
      ? Effect.void
      : Effect.fail(new Moved({ detail: `page ${from.index} is no longer what it was, and the API reports no total` }))
  }
  const total = fetched.step.total
  return fetched.index !== from.index || total === undefined || from.total === undefined || total === from.total
    ? Effect.void
    : Effect.fail(new Moved({ detail: `the total changed from ${from.total} to ${total} since page ${from.index}` }))
}

const digest = (rows: ReadonlyArray<unknown>): number => ofText(Json.stringify(rows))

const resume = (session: Table.Session, mark: string, draft: Draft.Draft) => {
  const { checkpoint } = session
  if (checkpoint === undefined) return Effect.succeed(undefined)
  if (checkpoint.fingerprint !== mark) {
    Draft.notice(draft, "the resource's configuration changed since the last walk was interrupted: it starts over")
    return Effect.as(session.restart, undefined)
  }
  Draft.notice(draft, `resumed after page ${checkpoint.index} of run ${checkpoint.runs.at(-1)}`)
  return Effect.succeed(checkpoint)
}

/** What decides which rows lie behind a position: a checkpoint taken under anything else is void. */
const fingerprint = (source: Source, resource: Resource): string =>
  JSON.stringify([
    source.api.baseUrl,
    resource.method,
    resource.path,
    resource.query,
    resource.body ?? null,
    resource.selector ?? null,
    resource.paginator.type,
    resource.paginator.options,
    resource.primaryKey.fields,
    Name.path(resource.table)
  ])
