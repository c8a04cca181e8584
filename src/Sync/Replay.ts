/**
 * Stores the rows of the quarantine that fit by now: after a schema, a column or a step was changed. Sends nothing.
 *
 * A run like any other in the books, over the same decoding and the same merge; its pages are chunks of refused rows. Each chunk is one
 * transaction: rows in, rejects out. What still does not fit stays, with the reason that holds today.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ulid } from "ulid"
import * as Redact from "../Fetch/Redact.ts"
import type * as Receipt from "../Receipt.ts"
import type { Resource } from "../Resource.ts"
import * as Row from "../Row.ts"
import type { RowError } from "../Row/RowError.ts"
import * as Name from "../Row/Name.ts"
import { secrets, type Source } from "../Source.ts"
import * as Table from "../Table.ts"
import * as Rejects from "../Table/Rejects.ts"
import type { TableError } from "../Table/TableError.ts"
import * as Draft from "./Draft.ts"
import * as Family from "./Family.ts"
import * as Order from "./Order.ts"
import * as Attempt from "./Replay/Attempt.ts"
import * as Chunk from "./Replay/Chunk.ts"
import type { SyncError } from "./SyncError.ts"

/**
 * What a replay did; as JSON a contract, like the receipt of a sync.
 *
 * @since 0.1.0
 * @category models
 */
export interface Replay extends Pick<Receipt.Receipt, "run" | "source" | "db" | "started_at" | "finished_at"> {
  /** `complete` when nothing is left of what was asked for. */
  readonly status: "complete" | "partial" | "failed" | "interrupted"
  readonly resources: ReadonlyArray<Line>
}

/**
 * Of one resource: `stored`, `obsolete`, `left_out`, `queued` and `remaining` are what became of its refused rows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Line {
  readonly name: string
  readonly table: string
  readonly status: "complete" | "partial" | "failed" | "interrupted"
  /** Rows that fitted and went the way of every row. */
  readonly stored: number
  /** Another row of their key came later, or the table holds one. */
  readonly obsolete: number
  /** Steps, the incremental range or the schema contract leave them out today. */
  readonly left_out: number
  /** Parents whose rows the next sync fetches. */
  readonly queued: number
  readonly remaining: number
  readonly rows: Omit<Receipt.Resource["rows"], "fetched" | "rejected">
  readonly notices: ReadonlyArray<string>
  readonly error: Receipt.Resource["error"]
}

/**
 * Of all resources with refused rows, or those named. Fails only when the books cannot be written; what goes wrong with a resource is
 * in its line.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  source: Source,
  options: { readonly resources?: ReadonlyArray<string> | undefined } = {}
): Effect.Effect<Replay, SyncError | TableError, Row.Row | Table.Table> =>
  Effect.gen(function* () {
    const table = yield* Table.Table
    const row = yield* Row.Row
    const order = yield* Order.order(source, [])
    yield* Order.order(source, options.resources ?? [])
    const asked = (name: string) => (options.resources ?? []).length === 0 || options.resources!.includes(name)
    const started = yield* Clock.currentTimeMillis
    const run = ulid(started)
    const startedAt = new Date(started).toISOString()
    const names = (yield* table.quarantined(source.name)).filter(({ resource }) => asked(resource))
    if (names.length > 0) yield* table.begin({ run, source: source.name, startedAt, command: "replay" })
    const redactor = Redact.make(secrets(source))
    const tallies: Array<Tally> = []
    const conclude = (interrupted: boolean) =>
      Effect.gen(function* () {
        const lines = tallies.map((tally) => redactor.json(line(tally)) as Line)
        const replay: Replay = {
          run,
          source: source.name,
          db: table.database,
          status: status(lines, interrupted),
          started_at: startedAt,
          finished_at: new Date(yield* Clock.currentTimeMillis).toISOString(),
          resources: lines
        }
        if (names.length === 0) return replay
        const resources = tallies.map(({ draft }) => redactor.json(Draft.receipt(draft)) as Receipt.Resource)
        yield* Effect.forEach(resources, (one) => table.finish(run, one), { discard: true })
        yield* table.end({ ...replay, resources })
        return replay
      })
    const work = Effect.forEach(
      names,
      ({ resource: name, rows }) => {
        const resource = source.resources.find((one) => one.name === name)
        const draft = Draft.make(resource ?? absent(name))
        const tally: Tally = { draft, obsolete: 0, leftOut: 0, queued: 0, stored: 0, remaining: rows }
        tallies.push(tally)
        return resource === undefined
          ? unknown(tally)
          : one({ resource, source, run, row, table, order, tally }).pipe(
              Effect.catchAll((error) => Effect.sync(() => Draft.fail(draft, error)))
            )
      },
      { discard: true }
    )
    yield* work.pipe(Effect.onInterrupt(() => Effect.ignoreLogged(conclude(true))))
    return yield* conclude(false)
  }).pipe(Effect.withSpan("Sync.replay", { captureStackTrace: false }))

// --- internal ---

interface Tally {
  readonly draft: Draft.Draft
  obsolete: number
  leftOut: number
  queued: number
  stored: number
  remaining: number
}

interface Job {
  readonly resource: Resource
  readonly source: Source
  readonly run: string
  readonly row: Row.Row["Type"]
  readonly table: Table.Table["Type"]
  readonly order: ReadonlyArray<Order.Ordered>
  readonly tally: Tally
}

const one = (job: Job): Effect.Effect<void, RowError | TableError> =>
  Effect.gen(function* () {
    const { order, resource, run, source, table, tally } = job
    const { draft } = tally
    const children = Family.children(resource, order)
    const session = yield* table.open({
      run,
      source: source.name,
      resource: resource.name,
      table: Name.path(resource.table),
      fresh: false,
      children: children.map((child) => child.resource),
      write: Rejects.plain(resource.write),
      passes: true
    })
    if (session.rejects.waits && !isPlain(resource, session)) {
      Draft.notice(draft, "its walk is under way: sluice sync it to its end first; what it refused may come again")
    } else yield* rows(job, session, children)
    const { again, open, over } = yield* session.rejects.count
    tally.obsolete = over
    tally.remaining = open + again
    if (again > 0) Draft.notice(draft, `${again} of them are of a page that was not stored: sluice sync reads it again`)
    draft.line = { ...draft.line, status: tally.remaining === 0 ? "complete" : "partial" }
  })

const rows = (job: Job, session: Table.Session, children: ReadonlyArray<Family.Child>) =>
  Effect.gen(function* () {
    const { order, resource, row, tally } = job
    const { draft } = tally
    const config = { ...resource, onBadRow: "quarantine" as const }
    const paths = Family.paths(children)
    let saved: Row.Saved = session.saved
    let compiled = yield* row.compile(config, saved, paths)
    const declared = yield* compiled.page([])
    // What became of the columns that were asked for: it may be why a row still does not fit.
    for (const text of declared.notices) Draft.notice(draft, text)
    if (declared.shape.tables[0]?.columns.length !== 0) yield* session.declare(declared)
    const attempt = Attempt.make({ resource: config, children, ...family(resource, order) })
    const isVersioned = resource.write.disposition === "merge" && resource.write.strategy === "scd2"
    let index = 0
    let isNoted = session.saved.key !== undefined
    const flush = (chunk: Chunk.Chunk) =>
      Effect.gen(function* () {
        if (chunk.settled.length + chunk.still.length === 0) return
        const { deleted, dropped, inserted, unchanged, updated } = yield* session.merge(
          Chunk.page(chunk, {
            empty: declared,
            index: index++,
            checkpoint: session.checkpoint,
            unnoted: isNoted || chunk.batch?.key === undefined,
            dedup: resource.write.dedupSort
          })
        )
        isNoted ||= chunk.batch?.key !== undefined
        tally.stored += inserted + updated + unchanged + deleted + dropped
        Draft.completed(draft, { inserted, updated, unchanged, deleted, dropped })
      })
    let after = 0
    let chunk = Chunk.empty("")
    for (;;) {
      const batch = yield* session.rejects.list(after, 200)
      for (const reject of batch) {
        after = reject.id
        const of = isVersioned ? reject.run : chunk.run
        const outcome = attempt(compiled, reject)
        if (outcome._tag === "refused" && outcome.isFault === true) {
          // What a page that failed has left in the compiled resource is nothing to the next row.
          compiled = yield* row.compile(config, saved, paths)
        }
        const made = outcome._tag === "fits" ? outcome.batch : undefined
        if (made?.key?.inferred === true && session.saved.key === undefined) {
          Draft.notice(draft, "its key is to be told by a whole page of rows: sluice sync reads one")
          yield* flush(chunk)
          return
        }
        if (Chunk.isFull(chunk, { run: of, batch: made })) {
          yield* flush(chunk)
          chunk = Chunk.empty(of)
        }
        if (made !== undefined) saved = { shape: made.shape, key: made.key, evolving: session.saved.evolving }
        switch (outcome._tag) {
          case "fits":
            chunk = Chunk.add(chunk, reject, outcome)
            break
          case "refused":
            chunk = { ...chunk, still: [...chunk.still, { ...outcome, id: reject.id }] }
            break
          case "left":
            tally.leftOut++
            chunk = { ...chunk, settled: [...chunk.settled, reject.id] }
            break
          case "asks":
            tally.queued++
            chunk = { ...chunk, settled: [...chunk.settled, reject.id], queue: [...chunk.queue, ...outcome.queue] }
            break
          case "waits":
            Draft.notice(draft, outcome.why)
        }
      }
      if (batch.length < 200) break
    }
    yield* flush(chunk)
    draft.line = { ...draft.line, rows: { ...draft.line.rows, fetched: tally.stored } }
  })

const family = (resource: Resource, order: ReadonlyArray<Order.Ordered>) => {
  const above = order.find((one) => one.resource.name === resource.name)?.parent
  const parent = order.find((one) => one.resource.name === above)?.resource
  const own = parent && Family.children(parent, order).find((child) => child.resource === resource.name)
  const passes = (name: string | undefined): boolean => {
    const found = order.find((one) => one.resource.name === name)
    return found !== undefined && (found.resource.incremental !== undefined || passes(found.parent))
  }
  return { own, passes: passes(resource.name) }
}

/** Whether a row that is merged by itself can be neither taken out nor brought again by the end of a walk under way. */
const isPlain = ({ deletes, write }: Resource, { saved }: Table.Session): boolean =>
  (saved.key?.fields.length ?? 0) > 0 &&
  write.disposition === "merge" &&
  write.strategy !== "scd2" &&
  write.mergeKey.length === 0 &&
  write.dedupSort === undefined &&
  (deletes === undefined || deletes.mode === "ignore")

/** Enough of a resource for a line about it. */
const absent = (name: string) =>
  ({ name, table: name, incremental: undefined, primaryKey: { fields: [] } }) as unknown as Resource

const unknown = (tally: Tally) =>
  Effect.sync(() => {
    Draft.notice(tally.draft, "the source has no resource of this name any more; its rows stay as they are")
    tally.draft.line = { ...tally.draft.line, status: "partial" }
  })

const line = ({ draft, leftOut, obsolete, queued, remaining, stored }: Tally): Line => {
  const { error, name, notices, rows, status, table } = draft.line
  const { deleted, inserted, unchanged, updated } = rows
  return {
    name,
    table,
    status: status === "skipped" ? "partial" : status,
    stored,
    obsolete,
    left_out: leftOut,
    queued,
    remaining,
    rows: { inserted, updated, unchanged, deleted },
    notices,
    error
  }
}

const status = (lines: ReadonlyArray<Line>, interrupted: boolean): Replay["status"] => {
  if (interrupted) return "interrupted"
  if (lines.every((one) => one.status === "complete")) return "complete"
  return lines.every((one) => one.status === "failed") ? "failed" : "partial"
}
