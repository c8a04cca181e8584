/**
 * One walk over an endpoint: `pages → prefetch → prepare → decode → merge`, from its checkpoint or from the start.
 *
 * Reads as the path of a row. A resource is one walk, a child is one for each of its parents. Says how the walk ended; what
 * that means for the resource is for `Pipeline` and `Children` to say.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type * as Page from "../Page.ts"
import { PageError } from "../Page/PageError.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import { acts } from "../Resource/Deletes.ts"
import type * as Row from "../Row.ts"
import * as Cursor from "../Row/Cursor.ts"
import type * as Table from "../Table.ts"
import * as Absence from "./Absence.ts"
import type * as Archive from "../Table/Archive.ts"
import * as Binding from "./Binding.ts"
import * as Completeness from "./Completeness.ts"
import * as Coverage from "./Coverage.ts"
import * as Draft from "./Draft.ts"
import type * as Family from "./Family.ts"
import type * as Fingerprint from "./Fingerprint.ts"
import type { Job } from "./Job.ts"
import * as Keep from "./Keep.ts"
import * as Place from "./Place.ts"
import * as Prepare from "./Prepare.ts"
import * as Resume from "./Resume.ts"

/**
 * What the walks of one resource in one run have in common.
 *
 * @since 0.1.0
 * @category models
 */
export interface Walk {
  readonly job: Job
  readonly resource: Resource
  readonly session: Table.Session
  readonly compiled: Row.Compiled
  /** What a checkpoint of the resource must have been taken under. */
  readonly mark: Fingerprint.Fingerprint
  /** The runs of the resource's walk so far, this one last. */
  readonly runs: ReadonlyArray<string>
  /** Its children, which get the rows of every page as parents. */
  readonly children: ReadonlyArray<Family.Child>
  /** A second walk would double its rows: it is taken for ended only together with its run. */
  readonly once: boolean
  /** Its rows are not stored in this run, but are in others: it moves no cursor. */
  readonly aside: boolean
  /** Nor does it leave a mark of where it stands. */
  readonly unnoted: boolean
  /** Why it cannot tell which rows are gone; of the walks of earlier runs too. */
  readonly unsure: Absence.Doubts
  /** One at a time: each page grows the shape that the next one is decoded with. */
  readonly merging: Effect.Semaphore
}

/**
 * Where one walk begins.
 *
 * @since 0.1.0
 * @category models
 */
export interface Start {
  readonly from: Table.Checkpoint | undefined
  readonly cursor: Cursor.State | undefined
  /** For a child: the line of its queue, and what it says. */
  readonly parent: { readonly line: string; readonly of: Family.Parent } | undefined
  readonly limitPages: number | undefined
}

/**
 * How a walk ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ended {
  readonly reason: Page.StopReason
  /** It read everything there was, as far as anything tells. */
  readonly complete: boolean
  /** Whether that is proven, or what is missing. */
  readonly completeness: Receipt.Completeness
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const run = (walk: Walk, start: Start): Effect.Effect<Ended, Draft.Failure | Resume.Moved> =>
  Effect.suspend(() => {
    const { compiled, job, resource } = walk
    const { from } = start
    const cursor =
      resource.incremental === undefined
        ? undefined
        : Cursor.make(resource.incremental, { reached: from?.reached, from: start.cursor, appends: appends(resource) })
    const prepare = Prepare.make(resource, {
      cursor,
      inherited: start.parent?.of.inherited ?? {},
      children: walk.children,
      passes: job.draft.passes,
      shown: compiled
    })
    const taken = Resume.start(from)
    const elsewhere = Resume.elsewhere(job, from)
    if (elsewhere !== undefined) return Effect.fail(elsewhere)
    let isAnswered = false
    // One page being merged and one fetched ahead of it: what a crash makes the next run fetch again.
    const unmerged = Effect.unsafeMakeSemaphore(2)
    const owner = start.parent === undefined ? undefined : Keep.parent(start.parent.of.values)
    const keep = job.options.archive === true ? Keep.make(resource, compiled, owner) : undefined
    const looked: Array<Archive.Entry> = []
    const taking = taker(walk, start, {
      prepare,
      since: cursor?.values.start_value,
      merged: Effect.asVoid(unmerged.release(1)),
      keep:
        keep === undefined
          ? undefined
          : (fetched) => Effect.map(keep("page", fetched), (entries) => [...looked.splice(0), ...entries])
    })
    return job.page
      .stream({
        request: {
          ...Binding.request(resource, { parent: start.parent?.of.values, cursor: cursor?.values }),
          owner: { resource: resource.name, parent: owner }
        },
        keeps: keep !== undefined,
        paginator: resource.paginator,
        select: job.row.select(resource, from?.selector),
        from: taken.from,
        limitPages: start.limitPages === undefined ? undefined : start.limitPages + taken.again,
        enough: (rows) => Either.match(prepare(rows), { onLeft: () => false, onRight: ({ isOver }) => isOver }),
        turn: Effect.asVoid(unmerged.take(1))
      })
      .pipe(
        // The next page is on its way while this one is decoded and merged.
        Stream.bufferChunks({ capacity: 1 }),
        Stream.tap(() => Effect.sync(() => void (isAnswered = true))),
        Stream.tap((fetched) => (mayStartOver(walk, start) ? Resume.unmoved(fetched, from) : Effect.void)),
        // The page looked at again is merged already.
        Stream.filterEffect((fetched) =>
          from !== undefined && fetched.index < from.index
            ? Effect.as(
                Effect.zipRight(
                  unmerged.release(1),
                  Effect.gen(function* () {
                    Draft.look(job.draft, fetched)
                    if (keep !== undefined) looked.push(...(yield* keep("again", fetched)))
                  })
                ),
                false
              )
            : Effect.succeed(true)
        ),
        Stream.catchAll((error) =>
          !isAnswered && taken.from !== undefined && Resume.isExpired(error, taken.from.position, resource.paginator)
            ? Stream.drain(Stream.fromEffect(Effect.sync(() => Draft.attempted(job.draft, error)))).pipe(
                Stream.concat(Stream.fail(Resume.expired(error)))
              )
            : Stream.fail(error)
        ),
        Stream.run(Sink.forEach((fetched) => walk.merging.withPermits(1)(taking.page(fetched)))),
        Effect.map(taking.ended)
      )
  })

/**
 * Whether every row that comes is added, since nothing tells it from another.
 *
 * @since 0.1.0
 * @category accessors
 */
export const appends = (resource: Resource): boolean =>
  resource.write.disposition === "append" || resource.primaryKey.fields.length === 0

// --- internal ---

/** Rows without a key that a child's walk has added cannot be told from those of its other parents, and so not be taken out. */
const mayStartOver = ({ resource }: Walk, { parent }: Start) => parent === undefined || !appends(resource)

/** Takes the pages of a walk into the tables, and knows how it ended. */
const taker = (
  walk: Walk,
  start: Start,
  given: {
    readonly prepare: ReturnType<typeof Prepare.make>
    readonly since: unknown
    readonly merged: Effect.Effect<void>
    /** What of the page goes into the archive. */
    readonly keep: ((fetched: Page.Fetched) => Effect.Effect<ReadonlyArray<Archive.Entry>>) | undefined
  }
) => {
  const { keep, merged, prepare, since } = given
  const { compiled, job, resource, session } = walk
  const { draft } = job
  const { from, parent } = start
  const count = Coverage.counter(from)
  const repeats = Coverage.repetition()
  let ended: Ended = {
    reason: "error",
    complete: false,
    completeness: { proven: false, why: "its pages came to no end" }
  }
  let doubt = from?.doubt

  const page = (fetched: Page.Fetched): Effect.Effect<void, Draft.Failure> =>
    Effect.gen(function* () {
      const prepared = yield* prepare(fetched.rows)
      const decoded = yield* compiled.page(draft.stored ? prepared.rows : [], prepared.refused)
      // Of a resource that is only read for its children no table is made, nor one of no columns.
      const hasTable = draft.stored && (decoded.rows.length > 0 || decoded.shape.tables[0]?.columns.length !== 0)
      const batch = hasTable ? decoded : { ...decoded, key: undefined }
      if (repeats(batch, fetched)) {
        const detail = `pages ${fetched.index - 1} to ${fetched.index + 1} hold rows of the same keys: the endpoint seems to ignore paging`
        return yield* new PageError({ reason: "Repeated", page: fetched.index, detail })
      }
      const { firstTotal, ...walked } = count(batch, fetched)
      doubt ??= Coverage.doubt(batch, fetched)
      const present = Absence.page(walk.unsure, resource, { batch, prepared })
      const missing =
        // A walk that ends with its range leaves rows of the total out, as it should.
        fetched.step._tag === "Stop" && fetched.step.complete && fetched.step.reason !== "out_of_range"
          ? Coverage.whatIsMissing(resource, walked, batch.rejects.length + draft.line.rows.rejected)
          : []
      const judge = (step: Stop, lost: ReadonlyArray<string>) =>
        Completeness.ofWalk({
          resource,
          step,
          index: fetched.index,
          single: fetched.single === true,
          rows: walked.rows,
          total: walked.total,
          lost,
          doubt,
          byPlace: Place.isPlace(resource, fetched),
          keyed: batch.key !== undefined && batch.key.columns.length > 0,
          runs: walk.runs,
          since,
          moved: undefined,
          again: false
        })
      // The run that ends with the last parent may not be the one that read this one.
      if (parent !== undefined && fetched.step._tag === "Stop" && fetched.step.reason !== "limit_pages") {
        if (!judge(fetched.step, missing).proven)
          Absence.doubt(walk.unsure, "of a parent not everything was read, provably", true)
      }
      const at = new Date(yield* Clock.currentTimeMillis).toISOString()
      const cursor = walk.aside ? undefined : moved(resource, fetched, prepared, missing)
      const conclude = (step: Stop, lost: ReadonlyArray<string>): Ended => ({
        reason: step.reason,
        complete: step.complete && lost.length === 0,
        completeness: judge(step, lost)
      })
      const last =
        fetched.step._tag === "Stop" && parent === undefined && walk.once ? conclude(fetched.step, missing) : undefined
      const checkpoint: Table.Checkpoint | undefined =
        fetched.next === undefined && last === undefined
          ? undefined
          : {
              position: fetched.next ?? fetched.position,
              ended: fetched.next === undefined ? last : undefined,
              index: fetched.index + 1,
              at,
              fingerprint: walk.mark,
              runs: walk.runs,
              last:
                walked.total === undefined && mayStartOver(walk, start)
                  ? { position: fetched.position, digest: Resume.digest(fetched.rows) }
                  : undefined,
              reached: prepared.reached,
              kept: cursor === undefined ? undefined : true,
              selector: fetched.selector,
              doubt,
              ...unsure(walk),
              ...walked
            }
      const archive = keep === undefined ? undefined : yield* keep(fetched)
      yield* session.merge({
        batch,
        archive,
        index: fetched.index,
        retries: fetched.attempts - 1,
        fetched: fetched.rows.length,
        total: fetched.step.total,
        unnoted: walk.unnoted,
        present,
        queue: prepared.queue.length === 0 ? undefined : prepared.queue,
        ...(parent === undefined
          ? { checkpoint, cursor }
          : {
              checkpoint: open(walk, at),
              parent: { parent: parent.line, checkpoint, cursor, isShort: isShort(fetched, missing) }
            }),
        done: (counts) =>
          Effect.gen(function* () {
            yield* merged
            Draft.page(draft, fetched, batch, counts, {
              filtered: prepared.filtered,
              cursor: parent === undefined ? (fetched.next ?? cursor?.value) : undefined
            })
            Draft.notice(draft, prepared.notice)
            for (const { rejects, resource: child } of prepared.queue) Draft.orphans(job.drafts, child, rejects)
            if (fetched.step._tag === "Stop") {
              const { complete } = fetched.step
              const few = complete && missing.length === 0 && parent === undefined && isCounted(resource, draft, batch)
              // Where absent rows are looked for, what has come is remembered, of refused rows too.
              const isTold = acts(resource.deletes) && walk.unsure.length === 0
              const told = isTold ? { ...walked, rejected: 0 } : walked
              const lost = few
                ? yield* Coverage.tooFew(resource, told, { firstTotal, stored: session.stored })
                : missing
              for (const text of lost) Draft.notice(draft, text)
              if (few && (yield* Coverage.cameTwice(resource, told, session.stored))) {
                Absence.doubt(walk.unsure, "rows came twice, and others may have been passed over", false)
              }
              ended = conclude(fetched.step, lost)
            }
            yield* Draft.progress(job, "running")
          })
      })
    })
  return { page, ended: () => ended }
}

type Stop = Extract<Page.Step, { readonly _tag: "Stop" }>

/** Where the cursor stands with a page: moved by the page that proves it, or by the last one where rows come in no order. */
const moved = (
  resource: Resource,
  { step }: Page.Fetched,
  { isOrdered, reached }: Prepare.Prepared,
  missing: ReadonlyArray<string>
): Cursor.State | undefined => {
  const isWhole = step._tag === "Stop" && step.complete && missing.length === 0
  // An API that is not asked from the cursor on cannot be gone on with from there.
  const isProved = resource.incremental?.rowOrder === "asc" && isOrdered && Binding.asksFrom(resource)
  if (reached === undefined) return undefined
  return isProved ? reached.to : isWhole ? Cursor.settled(reached) : undefined
}

/** Whether rows of a parent may be missing for another reason than that the configuration wants no more of them. */
const isShort = ({ step }: Page.Fetched, missing: ReadonlyArray<string>): boolean =>
  step._tag === "Stop" && step.reason !== "maximum_reached" && (!step.complete || missing.length > 0)

/** A child's own mark that its walk over all parents is under way. */
const open = (walk: Walk, at: string): Table.Checkpoint => ({
  position: {},
  at,
  index: walk.job.draft.line.pages + 1,
  rows: walk.job.draft.line.rows.fetched,
  fingerprint: walk.mark,
  runs: walk.runs,
  total: undefined,
  rejected: 0,
  shrunk: false,
  ...unsure(walk)
})

const unsure = ({ unsure }: Walk): Pick<Table.Checkpoint, "unsure"> =>
  unsure.length === 0 ? {} : { unsure: [...unsure] }

/** Whether the table must hold as many rows as the API reports: not so where a run takes only some, or makes others of them. */
const isCounted = (resource: Resource, draft: Draft.Draft, { key }: Row.Batch) =>
  draft.stored &&
  key !== undefined &&
  key.columns.length > 0 &&
  resource.processing.length === 0 &&
  resource.incremental === undefined &&
  resource.write.disposition !== "append" &&
  resource.write.hardDelete === undefined &&
  resource.contract.columns !== "discard_row" &&
  resource.contract.dataType !== "discard_row"
