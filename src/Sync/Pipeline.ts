/**
 * One resource, end to end: its tables opened, its walk or those of its parents run, what they were put in place.
 *
 * Never fails: what goes wrong ends this resource and is written into its draft. The path of a row itself is in `Walk`.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ahead from "../Page/Ahead.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import { acts, unfit } from "../Resource/Deletes.ts"
import * as Name from "../Row/Name.ts"
import type * as Table from "../Table.ts"
import { TableError } from "../Table/TableError.ts"
import * as Absence from "./Absence.ts"
import * as Again from "./Again.ts"
import * as Children from "./Children.ts"
import * as Completeness from "./Completeness.ts"
import * as Draft from "./Draft.ts"
import * as Family from "./Family.ts"
import * as Fingerprint from "./Fingerprint.ts"
import type { Job } from "./Job.ts"
import * as Once from "./Once.ts"
import * as Quarantine from "./Quarantine.ts"
import * as Resume from "./Resume.ts"
import * as Standing from "./Standing.ts"
import * as Walk from "./Walk.ts"

/**
 * `parent`: the draft of the resource's parent, which has come to its end.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (job: Job, parent: Draft.Draft | undefined): Effect.Effect<void> => {
  const { draft } = job
  const why = draft.resource.unavailable ?? orphaned(parent)
  if (why !== undefined) return Effect.sync(() => Draft.skip(draft, why))
  return Effect.gen(function* () {
    // Of a clock that nobody sets.
    const started = yield* Clock.currentTimeNanos
    yield* resource(job, parent).pipe(
      Effect.catchAll((error) => Effect.sync(() => Draft.fail(draft, error))),
      // A paginator or a schema of somebody's own may throw; the other resources are not to pay for it.
      Effect.catchAllDefect((defect) =>
        Effect.zipRight(
          Effect.logError(
            job.redactor.text(defect instanceof Error ? (defect.stack ?? defect.message) : String(defect))
          ),
          Effect.sync(() => Draft.crash(draft, defect, job.redactor.text))
        )
      ),
      Effect.ensuring(
        Effect.map(Clock.currentTimeNanos, (now) => Draft.took(draft, Math.round(Number(now - started) / 1e6)))
      )
    )
    yield* Draft.progress(job, "done")
  }).pipe(
    Effect.annotateLogs({ resource: draft.resource.name }),
    Effect.withSpan("Sync.resource", {
      attributes: { "sluice.resource": draft.resource.name },
      captureStackTrace: false
    })
  )
}

// --- internal ---

const orphaned = (parent: Draft.Draft | undefined): string | undefined =>
  parent?.line.status === "skipped" ? `left out: its parent ${parent.resource.name} is` : undefined

const resource = (job: Job, parent: Draft.Draft | undefined): Effect.Effect<void, Draft.Failure> =>
  Effect.gen(function* () {
    const { draft, options, row, run, source, table } = job
    const resource: Resource = { ...draft.resource, onBadRow: draft.resource.onBadRow ?? options.onBadRow }
    yield* fit(resource)
    const own = Family.children(resource, job.order)
    const session = yield* table.open({
      run,
      source: source.name,
      resource: resource.name,
      table: Name.path(resource.table),
      fresh: options.fullRefresh === true,
      children: own.map((child) => child.resource),
      write: resource.write,
      deletes: resource.deletes,
      archive: options.archive,
      passes: parent !== undefined && options.fullRefresh !== true && (draft.passes || parent.passes)
    })
    // Read for its children alone, in a run that does not store it: the one that does is to find everything where it was.
    const aside = !draft.stored && resource.selected && resource.write.disposition !== "skip"
    const later = Family.children(resource, job.later)
    // A row that is stored does not come again for a child that this run leaves out.
    const children = aside ? own : [...own, ...later]
    const mark = Fingerprint.make(source, resource, { aside, stored: draft.stored, children })
    const from = yield* resume(job, { session, mark, resource, aside, isChild: parent !== undefined })
    const compiled = yield* row.compile(resource, session.saved, Family.paths([...own, ...later]))
    const declared = yield* compiled.page([])
    for (const text of declared.notices) Draft.notice(draft, text)
    if (draft.stored) {
      if (declared.shape.tables[0]?.columns.length !== 0) yield* session.declare(declared)
    } else Draft.notice(draft, "its rows are read for its children, and not stored")
    const walk: Walk.Walk = {
      job,
      resource,
      session,
      compiled,
      mark,
      runs: from === undefined ? [run] : [...from.runs, run],
      children,
      once: draft.stored && !aside && Once.doubles(resource),
      aside,
      unnoted:
        aside &&
        (parent !== undefined || (session.checkpoint !== undefined && !Fingerprint.isAside(session.checkpoint))),
      unsure: [...(from?.unsure ?? [])],
      room: Ahead.room(options.concurrency ?? 1),
      merging: Effect.unsafeMakeSemaphore(1)
    }
    draft.runs = walk.runs
    draft.unsure = walk.unsure
    if (parent?.passes === true) draft.passes = true
    yield* parent === undefined ? root(walk, from) : child(walk, parent)
    if (walk.unnoted && draft.line.stop_reason === "limit_pages") {
      const own = "the walk that stores its rows has its own place"
      Draft.notice(draft, `${own}: capped again, the next run reads these pages again, and none behind them`)
    }
  })

/** `Spec` says it of configurations; this is for programs. */
const fit = ({ deletes, incremental, name, primaryKey, windows, write }: Resource): Effect.Effect<void, TableError> => {
  if (windows !== undefined && (write.disposition === "append" || primaryKey.fields.length === 0)) {
    const detail = "windows: a row at a bound comes twice: they need a `primary_key`, and no `append`"
    return new TableError({ reason: "Schema", resource: name, detail })
  }
  const found = acts(deletes)
    ? unfit({
        write,
        hasKey: primaryKey.fields.length > 0,
        isIncremental: incremental !== undefined,
        hasWindows: windows !== undefined
      })
    : undefined
  if (found === undefined) return Effect.void
  const detail = `deletes: ${found.why}; ${found.hint}`
  return new TableError({ reason: "Schema", resource: name, detail })
}

/** Pages that a cap leaves. */
const left = ({ draft, options }: Job): number | undefined =>
  options.limitPages === undefined ? undefined : options.limitPages - draft.line.pages

const root = (walk: Walk.Walk, from: Table.Checkpoint | undefined): Effect.Effect<void, Draft.Failure> =>
  Effect.gen(function* () {
    const { job, session } = walk
    const { draft } = job
    const start = {
      from: yield* goneOnWith(walk, from),
      cursor: Standing.begin(draft, session.cursor),
      parent: undefined,
      limitPages: job.options.limitPages
    }
    draft.before = start.from?.rows ?? 0
    draft.later = start.cursor !== undefined
    // Of a second look that has not begun: what the first one remembers of its rows is not its own.
    if (start.from?.again !== undefined && start.from.index === 0 && !walk.aside) yield* session.restart
    const before = start.from?.ended
    const walked: Effect.Effect<Walk.Ended, Draft.Failure | Resume.Moved> =
      before === undefined ? Walk.run(walk, start) : Effect.sync(() => Once.takeOver(draft, start.from!, before))
    const ended = yield* walked.pipe(
      Effect.catchTag("Moved", ({ detail }) => {
        Draft.notice(draft, `${detail}: the walk starts over`)
        draft.before = 0
        const anew = { ...walk, runs: [job.run], unsure: [] }
        draft.runs = anew.runs
        draft.unsure = anew.unsure
        return Effect.zipRight(session.restart, Walk.run(anew, { ...start, from: undefined }))
      }),
      Effect.flatMap((ended) =>
        Again.after(ended, {
          draft,
          limitPages: left(job),
          restart: walk.aside ? Effect.void : session.restart,
          look: (from, limitPages) => {
            const isFront = from.again?.kind === "front"
            const once = { ...walk, runs: isFront ? draft.runs : [job.run], unsure: isFront ? [...draft.unsure] : [] }
            draft.runs = once.runs
            draft.unsure = once.unsure
            return Walk.run(once, { ...start, from, limitPages })
          }
        })
      ),
      // A walk from its first page has no earlier total to differ from.
      Effect.catchTag("Moved", Effect.die)
    )
    draft.ended = ended.reason !== "limit_pages"
    yield* complete(walk, ended, false)
    yield* Quarantine.look(draft, session)
    Draft.stop(draft, ended)
  })

/**
 * A cursor that moved with its rows is where to go on: pages may have shifted since. And where rows are appended, one that
 * changed or came in before the checkpoint can only be had from the start.
 */
const goneOnWith = ({ job, resource, session }: Walk.Walk, from: Table.Checkpoint | undefined) => {
  if (from === undefined || resource.incremental === undefined) return Effect.succeed(from)
  if (from.kept === true) return Effect.succeed(undefined)
  if (!Once.appends(resource)) return Effect.succeed(from)
  Draft.notice(job.draft, "rows are appended in no declared order: the interrupted walk starts over")
  return Effect.as(session.restart, undefined)
}

const child = (walk: Walk.Walk, parent: Draft.Draft): Effect.Effect<void, Draft.Failure> =>
  Effect.gen(function* () {
    const { job, session } = walk
    const { draft } = job
    const isWhole = parent.line.stop_reason !== null && parent.proved
    const brought = Family.brought(walk.resource, parent)
    if (Once.appends(walk.resource) && walk.resource.includeFromParent.length > 0 && (isWhole || brought.identified)) {
      yield* session.renamed(brought)
    }
    // Parents that a whole walk of theirs did not bring again are gone.
    yield* session.parents.retry(isWhole && !parent.passes ? parent.runs : undefined)
    draft.later = parent.later || (walk.resource.incremental !== undefined && job.options.fullRefresh !== true)
    const ended = yield* Children.run(walk)
    if (!isWhole) Draft.notice(draft, `its parent ${parent.resource.name} was not read to its end`)
    if (parent.ignored) draft.ignored = true
    if (parent.passes)
      Absence.doubt(walk.unsure, `not every row of its parent ${parent.resource.name} comes again`, true)
    if (parent.withheld)
      Absence.doubt(walk.unsure, `too many rows of its parent ${parent.resource.name} did not come any more`, true)
    for (const { passes, text } of Absence.inherited(parent.unsure, parent.resource.name)) {
      Absence.doubt(walk.unsure, text, passes)
    }
    yield* overruled(walk, ended.exhausted)
    const whole = {
      reason: ended.reason,
      complete: ended.complete && isWhole,
      completeness: ended.completeness.proven
        ? Completeness.under(parent.resource.name, above(parent), ended.completeness)
        : ended.completeness
    }
    draft.ended = ended.exhausted && parent.ended
    const closes = draft.ended && !walk.once
    const isPlaced = yield* complete(walk, whole, closes)
    if (closes && !walk.aside && !isPlaced) yield* session.parents.close
    if (draft.ended && walk.once) yield* session.parents.end(whole)
    yield* Quarantine.look(draft, session)
    Draft.stop(draft, whole)
  })

/** Where the parent is read by a cursor, only a run from its beginning asks for the children of all its rows. */
const above = (parent: Draft.Draft): Receipt.Completeness =>
  parent.later
    ? { proven: false, why: "only its new rows were asked for; --full-refresh reads all of them" }
    : Draft.reading(parent)

/** Too many rows of all its parents were refused: they are asked for again, where that adds no row twice. */
const overruled = ({ job, resource, session }: Walk.Walk, exhausted: boolean) =>
  exhausted
    ? Effect.tapError(Quarantine.judgeAll(resource, job.draft), () =>
        Once.appends(resource) ? Effect.void : session.parents.again
      )
    : Effect.void

/** Whether the walk was completed. A cap that the configuration itself sets is the end that its author meant. */
const complete = ({ job, resource, session }: Walk.Walk, ended: Walk.Ended, closes: boolean) =>
  Effect.gen(function* () {
    const { draft } = job
    draft.proved = ended.complete
    if (!draft.stored) return false
    const { disposition, strategy } = resource.write
    // Not told by this run's rows: of a child, an earlier one may have fetched them all.
    const fetched = draft.before + draft.line.rows.fetched
    if (disposition === "merge" && strategy === "scd2" && fetched === 0 && (yield* session.stored) === 0) {
      Draft.notice(draft, "the API sent no row: every version stays in force")
      return false
    }
    if (disposition === "replace" && draft.ignored && fetched === 0 && (yield* session.stored) === 0) {
      const why = "no row came, and an answer was passed over, as its response_actions say"
      Draft.notice(draft, `the table was not replaced: ${why}; it holds what it held`)
      return false
    }
    if (acts(resource.deletes)) {
      const { proven, why } = ended.completeness
      const reasons = [...(proven ? [] : [why]), ...draft.unsure.map(({ text }) => text)]
      if (!ended.complete || reasons.length > 0) {
        Draft.notice(draft, `deletes: nothing was looked for that is gone: ${reasons.join("; ")}`)
        return false
      }
    }
    const isMeant = ended.reason === "maximum_reached" && disposition === "replace" && resource.windows === undefined
    if (ended.complete || isMeant) {
      Draft.completed(draft, yield* session.complete({ closes, proven: ended.completeness.proven }))
      return true
    }
    if (disposition === "replace") {
      Draft.notice(draft, "the table was not replaced, since not everything was read: it holds what it held")
    }
    return false
  })

/** The checkpoint to go on from, if there is one and nothing speaks against it; else what an unfinished walk has left is taken back. */
const resume = (
  { draft }: Job,
  walk: {
    readonly session: Table.Session
    readonly mark: Fingerprint.Fingerprint
    readonly resource: Resource
    readonly aside: boolean
    readonly isChild: boolean
  }
): Effect.Effect<Table.Checkpoint | undefined, TableError> =>
  Effect.gen(function* () {
    const { aside, isChild, mark, resource, session } = walk
    const { checkpoint } = session
    const cursor = Standing.begin(draft, session.cursor)
    if (checkpoint === undefined) return undefined
    if (Fingerprint.isAside(checkpoint) !== aside) {
      // One kind of walk says nothing of the other, and the one that stores goes first.
      if (!aside) yield* session.restart
      return undefined
    }
    const now = yield* Clock.currentTimeMillis
    // A child's cursor is its parents', one by one.
    const why = Resume.refusal(checkpoint, { mark, resource, now, cursor: isChild ? checkpoint.reached?.from : cursor })
    if (why !== undefined) {
      Draft.notice(draft, `${why}: ${isChild ? "every parent is asked for again" : "the walk starts over"}`)
      if (aside) return undefined
      yield* isChild ? session.restartChild({ keeps: resource.incremental !== undefined }) : session.restart
      return undefined
    }
    yield* session.resumed
    if (!isChild && checkpoint.ended !== undefined) return checkpoint
    const run = checkpoint.runs.at(-1)
    Draft.notice(
      draft,
      isChild
        ? `resumed the parents that run ${run} left`
        : checkpoint.kept === true
          ? `run ${run} was interrupted: going on from the cursor`
          : `resumed after page ${checkpoint.index} of run ${run}`
    )
    return checkpoint
  })
