/**
 * One row out of the quarantine, taken through its resource as it is configured now: steps, cursor, schema, columns.
 *
 * Its parent's fields are in it already. Of a row whose steps were through, and are the same today, they are not run again;
 * of another one they are, on what came. Pure; stores nothing.
 */
import * as Either from "effect/Either"
import type { Resource } from "../../Resource.ts"
import type * as Row from "../../Row.ts"
import * as Cursor from "../../Row/Cursor.ts"
import * as Fields from "../../Row/Fields.ts"
import type { RowError } from "../../Row/RowError.ts"
import type { Queued } from "../../Table/Parents.ts"
import type { Stored } from "../../Table/Rejects.ts"
import * as Binding from "../Binding.ts"
import type * as Family from "../Family.ts"
import * as Origin from "../Origin.ts"
import * as Prepare from "../Prepare.ts"

/**
 * - `fits` it is what the batch says · `refused` it still does not fit; as a fault, no row of its page would have been taken · `waits` what it takes is not here: the API must be asked
 *   again · `left` it fits, but steps, range or contract leave it out · `asks` it is a parent's: its rows are to be fetched
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "fits"; readonly batch: Row.Batch; readonly queue: ReadonlyArray<Queued> }
  | { readonly _tag: "refused"; readonly path: string; readonly reason: string; readonly isFault?: boolean }
  | { readonly _tag: "waits"; readonly why: string }
  | { readonly _tag: "left" }
  | { readonly _tag: "asks"; readonly queue: ReadonlyArray<Queued> }

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly resource: Resource
  readonly children: ReadonlyArray<Family.Child>
  /** The resource as its parent's child. */
  readonly own: Family.Child | undefined
  readonly passes: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options) => {
  const { children, own, passes, resource } = options
  const steps = Origin.digest(resource.processing)
  const again = "sync --full-refresh reads it again"
  return (compiled: Row.Compiled, reject: Stored): Outcome => {
    const walk = { inherited: {}, children, passes, shown: compiled }
    const prepare = (of: Resource, row: unknown): Either.Either<Prepare.Prepared, RowError> =>
      Prepare.make(of, {
        ...walk,
        cursor:
          of.incremental === undefined
            ? undefined
            : Cursor.make(of.incremental, { reached: undefined, from: undefined, appends: false })
      })([row])
    const raw = Origin.parse(reject.raw)
    if (reject.stage === "parent") return asks(own, passes, compiled, raw)
    if (reject.stage === "hidden") return { _tag: "waits", why: `what its steps hide was masked: ${again}` }
    const lacking = inherited(resource).find((name) => !Fields.isObject(raw) || !Object.hasOwn(raw, name))
    if (lacking !== undefined) return { _tag: "waits", why: `it was fetched without ${lacking}: ${again}` }
    const bared = resource.unmask.find((path) => isMasked(Fields.get(raw, Fields.keys(path))))
    if (bared !== undefined) return { _tag: "waits", why: `${bared} was masked when it came: ${again}` }
    const isThrough = reject.stage !== "came" && reject.steps === steps
    const came = reject.came ?? (reject.stage === "came" || reject.steps === undefined ? reject.raw : undefined)
    if (!isThrough && came === undefined)
      return { _tag: "waits", why: `its processing steps changed, and it was kept only as they had made it: ${again}` }
    const asIs = { ...resource, processing: [] }
    const made = isThrough ? prepare(asIs, raw) : prepare(resource, Origin.parse(came!))
    if (Either.isLeft(made)) return { _tag: "refused", path: "", reason: made.left.detail }
    const { queue, refused, rows } = made.right
    const [problem] = refused
    if (problem !== undefined) return { _tag: "refused", ...problem.problem }
    if (rows.length === 0) return { _tag: "left" }
    const page = compiled.page(rows)
    if (Either.isLeft(page)) return { _tag: "refused", path: "", reason: page.left.detail, isFault: true }
    const [first] = page.right.rejects
    if (first !== undefined) return { _tag: "refused", path: first.path, reason: first.reason }
    if (page.right.rows.length === 0) return { _tag: "left" }
    // Before a row met its schema, its children were told of it: as it was then.
    const before = reject.stage === "row" ? prepare(asIs, raw) : undefined
    const known = before === undefined || Either.isLeft(before) ? [] : before.right.queue
    return { _tag: "fits", batch: page.right, queue: without(queue, known) }
  }
}

// --- internal ---

const asks = (
  own: Family.Child | undefined,
  passes: boolean,
  shown: Pick<Row.Compiled, "raw" | "veiled">,
  row: unknown
): Outcome => {
  if (own === undefined) return { _tag: "waits", why: "it is a row of a parent that the resource no longer has" }
  const queued = Prepare.queueing(own, passes, shown)([row])
  const [first] = queued.rejects
  return first === undefined
    ? { _tag: "asks", queue: [queued] }
    : { _tag: "refused", path: first.path, reason: first.reason }
}

const inherited = (resource: Resource): ReadonlyArray<string> =>
  resource.includeFromParent.map((name) => `_${Binding.needs(resource)?.parent ?? ""}_${name}`)

const isMasked = (value: unknown): boolean =>
  value === "***" || (typeof value === "object" && value !== null && Object.values(value).some(isMasked))

const without = (queue: ReadonlyArray<Queued>, known: ReadonlyArray<Queued>): ReadonlyArray<Queued> =>
  queue.flatMap((one) => {
    const told = new Set(known.find(({ resource }) => resource === one.resource)?.parents)
    const parents = one.parents.filter((parent) => !told.has(parent))
    // A parent that cannot be asked for is refused as it was.
    const rejects = known.length > 0 ? [] : one.rejects
    return parents.length + rejects.length === 0 ? [] : [{ ...one, parents, rejects }]
  })
