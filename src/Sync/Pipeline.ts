/**
 * One resource, end to end: `pages → prefetch → decode → merge`, from its checkpoint or from the start.
 *
 * Reads as the path of a row. Never fails: what goes wrong ends this resource and is written into its draft.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type * as Fetch from "../Fetch.ts"
import type { Redactor } from "../Fetch/Redact.ts"
import type * as Page from "../Page.ts"
import { PageError } from "../Page/PageError.ts"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import * as Name from "../Row/Name.ts"
import type { Source } from "../Source.ts"
import type { Options } from "../Sync.ts"
import type * as Table from "../Table.ts"
import * as Coverage from "./Coverage.ts"
import * as Draft from "./Draft.ts"
import * as Resume from "./Resume.ts"

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
      fresh: options.fullRefresh === true,
      write: resource.write
    })
    const mark = Resume.fingerprint(source, resource)
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
): Stream.Stream<Table.Merge, Draft.Failure | Resume.Moved> => {
  const { from, mark, stored } = start
  const count = Coverage.counter(from)
  const repeats = Coverage.repetition()
  const taken = Resume.start(from)
  job.draft.before = from?.rows ?? 0
  // One page being merged and one fetched ahead of it: what a crash makes the next run fetch again.
  const unmerged = Effect.unsafeMakeSemaphore(2)
  return job.page
    .stream({
      request: request(resource),
      paginator: resource.paginator,
      select: (body) => job.row.select(resource, body),
      from: taken.from,
      limitPages: job.options.limitPages === undefined ? undefined : job.options.limitPages + taken.again,
      turn: Effect.asVoid(unmerged.take(1))
    })
    .pipe(
      // The next page is on its way while this one is decoded and merged.
      Stream.bufferChunks({ capacity: 1 }),
      Stream.tap((fetched) => Resume.unmoved(fetched, from)),
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
          const { firstTotal, ...walked } = count(batch, fetched)
          const isKeyed = batch.key !== undefined && batch.key.columns.length > 0
          const few = isKeyed ? Coverage.tooFew(resource, walked, { firstTotal, stored }) : Effect.succeed([])
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
                      walked.total === undefined
                        ? { position: fetched.position, digest: Resume.digest(fetched.rows) }
                        : undefined,
                    ...walked
                  },
            done: (merged) => Effect.zipRight(unmerged.release(1), settle(job, fetched, batch, merged, { walked, few }))
          })
        })
      )
    )
}

const settle = (
  job: Job,
  fetched: Page.Fetched,
  batch: Row.Batch,
  merged: Table.Merged,
  walk: { readonly walked: Coverage.Walked; readonly few: Effect.Effect<ReadonlyArray<string>> }
) =>
  Effect.gen(function* () {
    const { draft } = job
    Draft.page(draft, fetched, batch, merged)
    const { step } = fetched
    if (step._tag === "Stop") {
      const known = step.complete ? Coverage.whatIsMissing(draft.resource, walk.walked, draft.line.rows.rejected) : []
      const missing = step.complete && known.length === 0 ? yield* walk.few : known
      for (const text of missing) Draft.notice(draft, text)
      Draft.stop(draft, { reason: step.reason, complete: step.complete && missing.length === 0 })
    }
    yield* progress(job, "running")
  })

const progress = ({ draft, options }: Job, state: "running" | "done") =>
  options.onProgress?.({
    resource: draft.resource.name,
    pages: draft.line.pages,
    rows: draft.line.rows.fetched,
    before: draft.before,
    total: draft.line.reported_total ?? undefined,
    state
  }) ?? Effect.void

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
