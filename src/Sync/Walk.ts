/**
 * One walk over an endpoint: `pages → prefetch → prepare → decode → merge`, from its checkpoint or from the start.
 *
 * Reads as the path of a row. A resource is one walk, a child is one for each of its parents. Says how the walk ended; what
 * that means for the resource is for `Pipeline` and `Children` to say.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type * as Page from "../Page.ts"
import type * as Ahead from "../Page/Ahead.ts"
import { PageError } from "../Page/PageError.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import { acts } from "../Resource/Deletes.ts"
import type * as Row from "../Row.ts"
import * as Cursor from "../Row/Cursor.ts"
import type * as Table from "../Table.ts"
import * as Absence from "./Absence.ts"
import type * as Archive from "../Table/Archive.ts"
import * as Again from "./Again.ts"
import * as Binding from "./Binding.ts"
import * as Coverage from "./Coverage.ts"
import * as Draft from "./Draft.ts"
import * as Ending from "./Ending.ts"
import type * as Family from "./Family.ts"
import type * as Fingerprint from "./Fingerprint.ts"
import type { Job } from "./Job.ts"
import * as Keep from "./Keep.ts"
import * as Movement from "./Movement.ts"
import * as Once from "./Once.ts"
import * as Place from "./Place.ts"
import * as Prepare from "./Prepare.ts"
import * as Quarantine from "./Quarantine.ts"
import * as Refused from "./Refused.ts"
import * as Resume from "./Resume.ts"
import * as Standing from "./Standing.ts"
import * as Windows from "./Windows.ts"

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
  /** What its walks may have under way beside the page each of them is at. */
  readonly room: Ahead.Room
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
  /** The list moved while it was read: where it is to be read once more from. */
  readonly again?: Table.Checkpoint | undefined
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
        : Cursor.make(resource.incremental, {
            reached: from?.reached,
            from: start.cursor,
            appends: Once.appends(resource),
            inherited: Object.keys(start.parent?.of.inherited ?? {})
          })
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
    // One page being merged, and one that is asked for with those ahead of it: what a crash makes the next run fetch again.
    // What a page of a second look brings says whether there is to be another.
    const isFront = from?.again?.kind === "front"
    const unmerged = Effect.unsafeMakeSemaphore(isFront ? 1 : 2)
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
    // The page looked at again is merged already.
    const isLook = ({ index }: Page.Fetched) => from !== undefined && index < from.index
    const look = (fetched: Page.Fetched) =>
      Effect.gen(function* () {
        yield* unmerged.release(1)
        Draft.look(job.draft, fetched)
        if (keep !== undefined) looked.push(...(yield* keep("again", fetched)))
        return true
      })
    const merge = (fetched: Page.Fetched) => walk.merging.withPermits(1)(taking.page(fetched))
    return job.page
      .stream({
        request: {
          ...Binding.request(resource, { parent: start.parent?.of.values, cursor: cursor?.values }),
          owner: { resource: resource.name, parent: owner }
        },
        keeps: keep !== undefined,
        paginator: Windows.paginator(resource, cursor?.values, Windows.began(job)),
        select: job.row.select(resource, from?.selector),
        from: taken.from,
        limitPages: start.limitPages === undefined ? undefined : start.limitPages + taken.again,
        enough: (rows) => Either.match(prepare(rows), { onLeft: () => false, onRight: ({ isOver }) => isOver }),
        turn: Effect.asVoid(unmerged.take(1)),
        ahead: isFront ? undefined : { room: walk.room, unused: (attempts) => Draft.unused(job.draft, attempts) }
      })
      .pipe(
        // The next page is on its way while this one is decoded and merged.
        Stream.bufferChunks({ capacity: 1 }),
        // All that is done with a page in one step: each further one costs a child of one page as much again.
        // Not `Sink.forEachWhile`: it keeps every page it was given until its end (effect 3.22.4).
        Stream.mapEffect((fetched) => {
          isAnswered = true
          return Effect.zipRight(Resume.unmoved(fetched, from), isLook(fetched) ? look(fetched) : merge(fetched))
        }),
        Stream.takeWhile((isWanted) => isWanted),
        Stream.runDrain,
        Effect.catchAll((error) => {
          const isExpired =
            !isAnswered && taken.from !== undefined && Resume.isExpired(error, taken.from.position, resource.paginator)
          if (!isExpired) return Effect.fail(error)
          Draft.attempted(job.draft, error)
          return Effect.fail(Resume.expired(error))
        }),
        Effect.map(taking.ended)
      )
  })

// --- internal ---

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
  const watch = Movement.watcher({ moves: from?.moves, total: from?.total })
  const second = from?.again
  let found = second?.found ?? 0
  let ended: Ended = {
    reason: "error",
    complete: false,
    completeness: { proven: false, why: "its pages came to no end" }
  }
  let doubt = from?.doubt

  /** Whether another page is wanted. */
  const page = (fetched: Page.Fetched): Effect.Effect<boolean, Draft.Failure> =>
    Effect.gen(function* () {
      const prepared = yield* prepare(fetched.rows)
      const decoded = yield* compiled
        .page(draft.stored ? prepared.rows : [], prepared.refused, prepared.origin)
        .pipe(Either.mapLeft(Refused.located(fetched, parent?.of.label, job.redactor)))
      // Of a resource that is only read for its children no table is made, nor one of no columns.
      const hasTable = draft.stored && (decoded.rows.length > 0 || decoded.shape.tables[0]?.columns.length !== 0)
      const batch = hasTable ? decoded : { ...decoded, key: undefined }
      if (repeats(batch, fetched)) {
        const detail = `pages ${fetched.index - 1} to ${fetched.index + 1} hold rows of the same keys: the endpoint seems to ignore paging`
        return yield* new PageError({ reason: "Repeated", page: fetched.index, detail })
      }
      yield* Quarantine.judge(
        { resource, session, draft },
        {
          batch,
          index: fetched.index,
          fetched: fetched.rows.length,
          isLast: parent === undefined && fetched.step._tag === "Stop",
          before: parent === undefined && second === undefined ? from : undefined
        }
      )
      const { firstTotal, ...walked } = count(batch, fetched)
      doubt ??= Coverage.doubt(batch, fetched)
      const present = Absence.page(walk.unsure, resource, { batch, prepared })
      const byPlace = Place.isPlace(resource, fetched)
      const moves = watch(batch, fetched, byPlace && resource.write.dedupSort === undefined)
      const first: Again.First = {
        resource,
        key: batch.key,
        stored: draft.stored,
        isChild: parent !== undefined,
        byPlace,
        moves,
        rows: walked.rows,
        total: walked.total
      }
      const { step } = fetched
      const at = new Date(yield* Clock.currentTimeMillis).toISOString()
      const isEnd = step._tag === "Stop" && step.complete && step.reason !== "ignored"
      const plan = second === undefined && moves !== Movement.none ? Again.plan(first, isEnd) : undefined
      const again =
        isEnd && (plan === "front" || plan === "whole")
          ? Again.checkpoint(first, plan, {
              at,
              fingerprint: walk.mark,
              runs: walk.runs,
              reached: prepared.reached,
              selector: fetched.selector,
              rejected: walked.rejected,
              doubt,
              reason: step.reason
            })
          : undefined
      const missing =
        step._tag === "Stop" && step.complete
          ? [
              ...(typeof plan === "object" ? [`${Movement.words(moves)}: rows may be missing, and ${plan.not}`] : []),
              ...(second === undefined ? [] : Again.unrest(second, moves, true)),
              // A walk that ends with its range leaves rows of the total out, as it should.
              ...(step.reason === "out_of_range" ? [] : Coverage.whatIsMissing(resource, walked))
            ]
          : []
      const told: Ending.Told = {
        first,
        fetched,
        second,
        doubt,
        since,
        runs: walk.runs,
        firstTotal,
        // Where absent rows are looked for, what has come is remembered, of refused rows too.
        rejected: acts(resource.deletes) && walk.unsure.length === 0 ? 0 : walked.rejected
      }
      // The run that ends with the last parent may not be the one that read this one.
      const settles = (over: boolean, lost: ReadonlyArray<string>) => {
        if (parent !== undefined && !Ending.judge(told, over, lost).completeness.proven)
          Absence.doubt(walk.unsure, "of a parent not everything was read, provably", true)
      }
      if (step._tag === "Stop" && step.reason !== "limit_pages" && again === undefined) settles(false, missing)
      // Not over rows that may have been passed over.
      const isStill = again === undefined && (second === undefined ? plan === undefined : step._tag === "Stop")
      const cursor = walk.aside || !isStill ? undefined : Standing.cursor(resource, fetched, prepared, missing)
      const last =
        step._tag === "Stop" && again === undefined && parent === undefined && walk.once
          ? Ending.judge(told, false, missing)
          : undefined
      const checkpoint: Table.Checkpoint | undefined =
        again ??
        (fetched.next === undefined && last === undefined
          ? undefined
          : {
              position: fetched.next ?? fetched.position,
              ended: fetched.next === undefined ? last : undefined,
              index: fetched.index + 1,
              at,
              fingerprint: walk.mark,
              runs: walk.runs,
              last:
                walked.total === undefined
                  ? { position: fetched.position, digest: Resume.digest(fetched.rows) }
                  : undefined,
              reached: prepared.reached,
              kept: cursor === undefined ? undefined : true,
              selector: fetched.selector,
              doubt,
              ...(moves === Movement.none ? {} : { moves }),
              ...(second === undefined ? {} : { again: { ...second, found } }),
              ...Standing.unsure(walk),
              ...walked
            })
      const standing = (checkpoint: Table.Checkpoint | undefined, to: Cursor.State | undefined, isShort: boolean) => {
        const cursor = Standing.left(walk, start, to)
        return parent === undefined
          ? { checkpoint, cursor }
          : { checkpoint: Standing.open(walk, at), parent: { parent: parent.line, checkpoint, cursor, isShort } }
      }
      const isOver = (counts: Table.Merged) =>
        second !== undefined &&
        step._tag !== "Stop" &&
        Again.isQuiet(second, { rows: batch.rows.length, total: step.total, found }, counts)
      const unrest = second === undefined ? [] : Again.unrest(second, moves, false)
      const reached = prepared.reached === undefined || walk.aside ? undefined : Cursor.settled(prepared.reached)
      const archive = keep === undefined ? undefined : yield* keep(fetched)
      let wanted = true
      yield* session.merge({
        batch,
        archive,
        index: fetched.index,
        retries: fetched.attempts - 1,
        fetched: fetched.rows.length,
        total: step.total,
        unnoted: walk.unnoted,
        present,
        queue: prepared.queue.length === 0 ? undefined : prepared.queue,
        ...standing(checkpoint, cursor, Standing.isShort(fetched, missing)),
        ends: (counts) => {
          if (!isOver(counts)) return undefined
          settles(true, unrest)
          return standing(undefined, unrest.length === 0 ? reached : undefined, unrest.length > 0)
        },
        done: (counts) =>
          Effect.gen(function* () {
            const over = isOver(counts)
            found += Again.news(counts)
            wanted = !over
            if (!over) yield* merged
            Draft.page(draft, fetched, batch, counts, {
              filtered: prepared.filtered,
              cursor: parent === undefined ? ((over ? undefined : fetched.next) ?? cursor?.value) : undefined
            })
            Draft.notice(draft, prepared.notice)
            for (const { rejects, resource: child } of prepared.queue) Draft.orphans(job.drafts, child, rejects)
            if (again !== undefined) ended = { ...ended, again }
            else if (step._tag === "Stop" || over) {
              const lost = yield* Ending.lost(told, over, over ? unrest : missing, session.stored)
              for (const text of lost) Draft.notice(draft, text)
              if (lost.length === 0 && (yield* Ending.cameTwice(told, session.stored))) {
                Absence.doubt(walk.unsure, "rows came twice, and others may have been passed over", false)
              }
              ended = Ending.judge(told, over, lost)
            }
            yield* Draft.progress(job, "running")
          })
      })
      return wanted
    })
  return { page, ended: () => ended }
}
