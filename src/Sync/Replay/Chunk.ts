/**
 * Rows of a replay that go into the tables together, in one transaction that also takes them out of the quarantine.
 *
 * Pure: a chunk is added to, and says when it is full. Rows of one chunk have one shape, and where rows are versions, one run.
 */
import type * as Row from "../../Row.ts"
import type { Merge } from "../../Table.ts"
import type { Queued } from "../../Table/Parents.ts"
import type { Replayed, Stored } from "../../Table/Rejects.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Chunk {
  readonly run: string
  readonly batch: Row.Batch | undefined
  readonly of: Replayed["of"]
  readonly settled: ReadonlyArray<number>
  readonly still: Replayed["still"]
  readonly queue: ReadonlyArray<Queued>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const empty = (run: string): Chunk => ({
  run,
  batch: undefined,
  of: [],
  settled: [],
  still: [],
  queue: []
})

/**
 * Whether a row must wait for the next chunk: it grew the tables, came in another run, or there is no room.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isFull = (chunk: Chunk, next: { readonly run: string; readonly batch: Row.Batch | undefined }): boolean =>
  chunk.settled.length + chunk.still.length >= most ||
  next.run !== chunk.run ||
  (chunk.batch !== undefined && next.batch !== undefined && next.batch.shape !== chunk.batch.shape)

/**
 * `times`: how often the row came, where it has no key.
 *
 * @since 0.1.0
 * @category combinators
 */
export const add = (
  chunk: Chunk,
  reject: Stored,
  fits: { readonly batch: Row.Batch; readonly queue: ReadonlyArray<Queued> }
): Chunk => {
  const { batch, queue } = fits
  const times = batch.key === undefined || batch.key.columns.length > 0 ? 1 : reject.times
  const rows = Array.from({ length: times }, () => batch.rows).flat()
  return {
    ...chunk,
    batch: { ...batch, rows: [...(chunk.batch?.rows ?? []), ...rows], rejects: [], notices: [] },
    of: [...chunk.of, ...rows.map(() => reject)],
    settled: [...chunk.settled, reject.id],
    queue: [...chunk.queue, ...queue]
  }
}

/**
 * As a page of its resource. Where the walk of that stands, it goes on standing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page = (
  chunk: Chunk,
  of: { readonly empty: Row.Batch; readonly index: number } & Pick<Merge, "checkpoint" | "unnoted"> &
    Pick<Replayed, "dedup">
): Merge & { readonly replay: Replayed } => ({
  batch: chunk.batch ?? { ...of.empty, key: undefined, rows: [], rejects: [], notices: [] },
  index: of.index,
  retries: 0,
  fetched: chunk.settled.length + chunk.still.length,
  total: undefined,
  checkpoint: of.checkpoint,
  unnoted: of.unnoted,
  queue: chunk.queue.length === 0 ? undefined : chunk.queue,
  replay: { run: chunk.run, of: chunk.of, settled: chunk.settled, still: chunk.still, dedup: of.dedup }
})

// --- internal ---

const most = 200
