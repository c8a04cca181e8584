/**
 * The first page of resources, taken through Fetch, Page, Row and what Sync does to rows, as a sync would take it.
 *
 * A child is asked for a row of its parent's first page. Never fails: what goes wrong with a resource is its outcome.
 * Needs no database, and so knows no cursor but the initial one.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Api from "../Api.ts"
import * as Fetch from "../Fetch.ts"
import type { FetchError } from "../Fetch/FetchError.ts"
import * as Redact from "../Fetch/Redact.ts"
import * as Page from "../Page.ts"
import { PageError } from "../Page/PageError.ts"
import type { Resource } from "../Resource.ts"
import * as Row from "../Row.ts"
import * as Cursor from "../Row/Cursor.ts"
import type { RowError } from "../Row/RowError.ts"
import * as Select from "../Row/Select.ts"
import { secrets, type Source } from "../Source.ts"
import * as Binding from "../Sync/Binding.ts"
import * as Family from "../Sync/Family.ts"
import * as Order from "../Sync/Order.ts"
import * as Prepare from "../Sync/Prepare.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import * as Windows from "../Sync/Windows.ts"
import * as CheckView from "./CheckView.ts"

/**
 * What came of one resource.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = { readonly resource: Resource; readonly took: number } & (
  | ({ readonly _tag: "Read" } & Look)
  | { readonly _tag: "Failed"; readonly error: FetchError | PageError | RowError }
  /** Nothing was sent for it, and why; `isRefused`: no row of its parent has what its requests are made of. */
  | { readonly _tag: "Left"; readonly why: string; readonly isWanted: boolean; readonly isRefused?: boolean }
)

/**
 * @since 0.1.0
 * @category models
 */
export interface Look {
  readonly fetched: Page.Fetched
  readonly prepared: Prepare.Prepared
  readonly batch: Row.Batch
  /** The row of the parent it was asked for. */
  readonly parent: string | undefined
}

/**
 * Of every resource, or of one and, unsaid, its ancestors. Of every resource one request is sent; of one, a child is asked for
 * some rows of its parent until there is something to show.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  source: Source,
  only?: string
): Effect.Effect<ReadonlyArray<Outcome>, Api.ApiError | SyncError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const order = yield* Order.order(source, only === undefined ? [] : [only])
    const outcomes = new Map<string, Effect.Effect<Outcome>>()
    const redact = Redact.make(secrets(source)).text
    for (const ordered of order) {
      const parent = ordered.parent === undefined ? undefined : outcomes.get(ordered.parent)
      const tries = only === undefined ? 1 : mostParents
      outcomes.set(ordered.resource.name, yield* Effect.cached(yield* one(ordered, order, parent, tries, redact)))
    }
    const wanted = source.resources.flatMap(({ name }) =>
      only === undefined || name === only ? [outcomes.get(name) ?? Effect.never] : []
    )
    return yield* Effect.all(wanted, { concurrency: 4 })
  }).pipe(
    Effect.provide(
      Layer.merge(Page.layer(), Row.layer()).pipe(Layer.provide(Fetch.layer), Layer.provide(Api.layer(source.api)))
    )
  )

// --- internal ---

const mostParents = 5

const one = (
  { left, resource }: Order.Ordered,
  order: ReadonlyArray<Order.Ordered>,
  parent: Effect.Effect<Outcome> | undefined,
  tries: number,
  redact: (text: string) => string
) =>
  Effect.map(Effect.context<Page.Page | Row.Row>(), (context) =>
    Effect.gen(function* () {
      if (resource.unavailable !== undefined) return skip(resource, resource.unavailable, false)
      if (left) return CheckView.notSelected(resource)
      const of = parent === undefined ? [undefined] : parentsOf(resource, yield* parent)
      if (typeof of === "string") return skip(resource, of, true)
      if ("refused" in of) return { ...skip(resource, of.refused, true), isRefused: true }
      const started = yield* Clock.currentTimeMillis
      const outcome = yield* Effect.match(contained(some(resource, order, of.slice(0, tries)), redact), {
        onFailure: (error) => ({ _tag: "Failed", error }) as const,
        onSuccess: (look) => ({ _tag: "Read", ...look }) as const
      })
      const took = Math.round((yield* Clock.currentTimeMillis) - started)
      return { resource, took, ...outcome }
    }).pipe(Effect.provide(context))
  )

/** A paginator, a step or a schema of somebody's own may throw; what is said of the other resources is not to be lost. */
const contained = <A, E, R>(
  look: Effect.Effect<A, E, R>,
  redact: (text: string) => string
): Effect.Effect<A, E | PageError, R> =>
  Effect.catchAllDefect(look, (defect) => {
    // Before it is cut short: half a secret is one that nobody finds.
    const message = redact(defect instanceof Error ? `${defect.name}: ${defect.message}` : String(defect))
    const detail = `a defect ended this resource: ${message.slice(0, 512)}`
    return Effect.fail(new PageError({ reason: "NoStep", page: 0, detail }))
  })

const skip = (resource: Resource, why: string, isWanted: boolean): Outcome => ({
  _tag: "Left",
  resource,
  took: 0,
  why,
  isWanted
})

/** The parents as their child sees them, or why there is none. */
const parentsOf = (
  resource: Resource,
  parent: Outcome
): ReadonlyArray<Family.Parent> | string | { readonly refused: string } => {
  const { name } = parent.resource
  if (parent._tag === "Failed") return `not asked for: ${name}, its parent, cannot be read`
  if (parent._tag === "Left") return `not asked for: ${name}, its parent, was not read`
  const queued = parent.prepared.queue.find((line) => line.resource === resource.name)
  const lines = queued?.parents ?? []
  if (lines.length > 0) return lines.map((line) => Family.parent(resource, line))
  const [reject] = queued?.rejects ?? []
  return reject === undefined
    ? `not asked for: the first page of ${name}, its parent, has no row`
    : { refused: `not asked for: at ${reject.path}: ${reject.reason}` }
}

const shows = ({ batch }: Look) => batch.rows.length + batch.rejects.length > 0

/** The first look with a row in it, else the first. */
const some = (resource: Resource, order: ReadonlyArray<Order.Ordered>, of: ReadonlyArray<Family.Parent | undefined>) =>
  Effect.gen(function* () {
    const first = yield* look(resource, order, of[0])
    let found = first
    for (const parent of of.slice(1)) {
      if (shows(found)) return found
      found = yield* Effect.orElseSucceed(look(resource, order, parent), () => first)
    }
    return shows(found) ? found : first
  })

const look = (resource: Resource, order: ReadonlyArray<Order.Ordered>, parent: Family.Parent | undefined) =>
  Effect.gen(function* () {
    const page = yield* Page.Page
    const row = yield* Row.Row
    const children = Family.children(resource, order)
    const compiled = yield* row.compile(resource, undefined, Family.paths(children))
    const cursor =
      resource.incremental === undefined
        ? undefined
        : Cursor.make(resource.incremental, { reached: undefined, from: undefined, appends: false })
    const prepare = Prepare.make(resource, {
      cursor,
      inherited: parent?.inherited ?? {},
      children,
      passes: false,
      shown: compiled
    })
    const now = yield* Clock.currentTimeMillis
    const first = yield* Stream.runHead(
      page.stream({
        request: Binding.request(resource, { parent: parent?.values, cursor: cursor?.values }),
        paginator: Windows.paginator(resource, cursor?.values, () => now),
        select: Select.make(resource).select,
        limitPages: 1
      })
    )
    const fetched = Option.getOrThrow(first)
    const prepared = yield* prepare(fetched.rows)
    const batch = yield* compiled.page(prepared.rows, prepared.refused)
    return { fetched, prepared, batch, parent: parent?.label } satisfies Look
  })
