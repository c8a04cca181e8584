/**
 * A child resource: one walk for every parent in its queue, side by side when it is parallelized.
 *
 * One parent that fails does not stop the others; it is tried again by the next run. What every parent would meet (the
 * database, a credential that is refused) ends the resource, and the parents that are left stay in the queue.
 */
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Page from "../Page.ts"
import type * as Receipt from "../Receipt.ts"
import type { Parents, Pending } from "../Table/Parents.ts"
import type { TableError } from "../Table/TableError.ts"
import * as Again from "./Again.ts"
import * as Binding from "./Binding.ts"
import * as Completeness from "./Completeness.ts"
import * as Draft from "./Draft.ts"
import * as Family from "./Family.ts"
import * as Once from "./Once.ts"
import * as Resume from "./Resume.ts"
import * as Standing from "./Standing.ts"
import * as Walk from "./Walk.ts"

/**
 * How the walks over all parents ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ended {
  readonly reason: Page.StopReason
  /** Every parent was read, as far as anything tells. */
  readonly complete: boolean
  readonly completeness: Receipt.Completeness
  /** No parent is left in the queue. */
  readonly exhausted: boolean
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const run = (walk: Walk.Walk): Effect.Effect<Ended, Draft.Failure> =>
  Effect.gen(function* () {
    const { job, resource, session } = walk
    const { options } = job
    const outcome: Outcome = {
      parents: 0,
      failed: [],
      incomplete: 0,
      unproven: 0,
      first: undefined,
      reason: undefined,
      stopped: false
    }
    const room = () => (options.limitPages === undefined ? Infinity : options.limitPages - job.draft.line.pages)
    const one = (pending: Pending) =>
      Effect.suspend(() => {
        if (outcome.stopped) return Effect.void
        if (room() <= 0) {
          outcome.stopped = true
          outcome.reason = "limit_pages"
          return Effect.void
        }
        return each(walk, outcome, pending, options.limitPages === undefined ? undefined : room())
      })
    // A cap is on the pages of all parents: each one must know what the others have taken.
    const concurrency = resource.parallelized && options.limitPages === undefined ? (options.concurrency ?? 4) : 1
    yield* Stream.runDrain(Stream.mapEffect(queue(session.parents), one, { concurrency, unordered: true }))
    return yield* conclude(walk, outcome)
  })

// --- internal ---

interface Outcome {
  parents: number
  readonly failed: Array<{ readonly label: string; readonly error: Draft.Failure }>
  incomplete: number
  unproven: number
  /** Why the first of them is. */
  first: string | undefined
  reason: Page.StopReason | undefined
  /** No further parent is begun. */
  stopped: boolean
}

const batch = 64

const queue = (parents: Parents): Stream.Stream<Pending, TableError> =>
  Stream.paginateChunkEffect(0, (after) =>
    Effect.map(parents.pending(after, batch), (found) => {
      const last = found.at(-1)
      return [
        Chunk.unsafeFromArray(found),
        last === undefined || found.length < batch ? Option.none() : Option.some(last.id)
      ] as const
    })
  )

const each = (
  walk: Walk.Walk,
  outcome: Outcome,
  pending: Pending,
  limitPages: number | undefined
): Effect.Effect<void, Draft.Failure> =>
  Effect.gen(function* () {
    const { draft } = walk.job
    const of = Family.parent(walk.resource, pending.parent)
    const { checkpoint } = pending
    const cursor = Standing.begin(draft, pending.cursor)
    const refusal =
      checkpoint === undefined
        ? undefined
        : Resume.refusal(checkpoint, {
            mark: walk.mark,
            resource: walk.resource,
            cursor,
            now: yield* Clock.currentTimeMillis
          })
    if (refusal !== undefined) Draft.notice(draft, `${of.label}: ${refusal}: its walk starts over`)
    // A row that changed or came in before the place where it was interrupted can only be had from the start.
    const isUnordered = Once.appends(walk.resource) && walk.resource.incremental !== undefined
    const from = refusal === undefined && checkpoint?.kept !== true && !isUnordered ? checkpoint : undefined
    const start = {
      from,
      cursor,
      parent: { line: pending.parent, of },
      limitPages
    }
    outcome.parents++
    const lacking = Binding.needs(walk.resource)?.paths.find((path) => !Object.hasOwn(of.values, path))
    if (lacking !== undefined) {
      outcome.incomplete++
      Draft.notice(
        draft,
        `${of.label}: queued before the request needed ${lacking}, it has no such value; --full-refresh reads its parents again`
      )
      return yield* walk.session.parents.fail(pending.parent)
    }
    if (from === undefined && pending.added) yield* walk.session.takeBack(pending.parent)
    const ended = yield* Walk.run(walk, start).pipe(
      Effect.catchTag("Moved", ({ detail }) => {
        Draft.notice(draft, `${of.label}: ${detail}: its walk starts over`)
        return Effect.zipRight(
          Once.appends(walk.resource) ? walk.session.takeBack(pending.parent) : Effect.void,
          Walk.run(walk, { ...start, from: undefined })
        )
      }),
      Effect.flatMap((ended) =>
        Again.after(ended, {
          draft,
          limitPages: limitPages === undefined ? undefined : (walk.job.options.limitPages ?? 0) - draft.line.pages,
          restart: Effect.void,
          look: (from, limitPages) => Walk.run(walk, { ...start, from, limitPages })
        })
      ),
      Effect.catchTag("Moved", Effect.die)
    )
    outcome.reason = ended.reason
    if (!ended.completeness.proven) {
      outcome.unproven++
      outcome.first ??= `${of.label}: ${ended.completeness.why}`
    }
    if (ended.complete) return
    outcome.incomplete++
    if (ended.reason === "limit_pages") outcome.stopped = true
  }).pipe(
    Effect.catchAll((error) => {
      if (isForAll(error)) return Effect.fail(error)
      outcome.failed.push({ label: Family.parent(walk.resource, pending.parent).label, error })
      Draft.attempted(walk.job.draft, error)
      return walk.session.parents.fail(pending.parent)
    })
  )

/** What the other parents would meet as well. */
const isForAll = (error: Draft.Failure): boolean =>
  error._tag === "TableError" ||
  (error._tag === "RowError" && error.reason === "Rejects") ||
  (error._tag === "FetchError" && (error.status === 401 || error.reason === "Auth"))

const conclude = (walk: Walk.Walk, outcome: Outcome): Effect.Effect<Ended, Draft.Failure> =>
  Effect.gen(function* () {
    const { draft } = walk.job
    const { failed, incomplete, parents } = outcome
    const [first] = failed
    // Walked aside, every one of them stays in the queue.
    const left = walk.unnoted && !outcome.stopped ? 0 : yield* walk.session.parents.count
    if (first !== undefined && failed.length === parents && left === 0) return yield* Effect.fail(first.error)
    if (first !== undefined) {
      Draft.notice(
        draft,
        `${failed.length} of ${parents} parents failed and will be tried again; the first, ${first.label}: ${first.error.message}`
      )
    }
    if (incomplete > 0) Draft.notice(draft, `${incomplete} of ${parents} parents were not read to their end`)
    if (left > 0) Draft.notice(draft, `${left} parents are left for the next run`)
    return {
      reason: outcome.reason ?? "empty_page",
      complete: failed.length === 0 && incomplete === 0 && left === 0,
      completeness: Completeness.ofParents(parents, { ...outcome, failed: failed.length, incomplete, left }),
      exhausted: left === 0
    }
  })
