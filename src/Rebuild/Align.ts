/**
 * Brings a database that is being rebuilt to where the original stood when a run began: walks that started over then do so now.
 *
 * Why one did is not asked: a total that moved, a configuration that changed, a checkpoint too old. That its first page of the
 * run was page 0, or a mark where it was killed before that, says that it did.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import type { Source } from "../Source.ts"
import * as Family from "../Sync/Family.ts"
import * as Fingerprint from "../Sync/Fingerprint.ts"
import * as Keep from "../Sync/Keep.ts"
import * as Order from "../Sync/Order.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import type * as Table from "../Table.ts"
import * as Rewind from "../Table/Rewind.ts"
import * as State from "../Table/State.ts"
import type { TableError } from "../Table/TableError.ts"
import type * as History from "./History.ts"

/**
 * Somebody had state forgotten here.
 *
 * @since 0.1.0
 * @category combinators
 */
export const reset = (
  sql: SqlClient.SqlClient,
  source: Source,
  event: Extract<History.Event, { readonly _tag: "Reset" }>
): Effect.Effect<void, TableError> =>
  Effect.gen(function* () {
    const states = yield* State.read(sql, source.name)
    const own = states.filter(({ resource }) => resource === event.resource)
    if (event.dropped) yield* Effect.forEach(own, (state) => Rewind.drop(sql, state), { discard: true })
    yield* State.forget(sql, own, { all: event.all })
  })

/**
 * `resources`: those that the run was asked for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  sql: SqlClient.SqlClient,
  source: Source,
  of: { readonly resources: ReadonlyArray<string>; readonly entries: ReadonlyArray<History.Entry> }
): Effect.Effect<void, SyncError | TableError> =>
  Effect.gen(function* () {
    const { entries } = of
    const known = of.resources.filter((asked) => source.resources.some(({ name }) => name === asked))
    const order = yield* Order.order(source, known)
    const first = (resource: string, parent: string | undefined) =>
      entries.find((entry) => entry.kind === "page" && entry.resource === resource && entry.parent === parent)
    for (const state of yield* State.read(sql, source.name)) {
      const declared = source.resources.find(({ name }) => name === state.resource)
      if (declared === undefined) continue
      // A run that only read it for its children began at page 0 and left the place of the walk that stores it alone.
      const isAside = declared.selected && declared.write.disposition !== "skip" && isRead(order, state.resource)
      if (isAside !== (state.checkpoint !== undefined && Fingerprint.isAside(state.checkpoint as Table.Checkpoint)))
        continue
      if (state.parents === undefined) {
        const begins = entries.find(
          ({ kind, resource }) => resource === state.resource && (kind === "restart" || kind === "page")
        )
        if (begins?.page === 0) yield* Rewind.walk(sql, state)
        continue
      }
      if (entries.some(({ kind, resource }) => kind === "restart" && resource === state.resource)) {
        yield* Rewind.queue(sql, state)
        continue
      }
      for (const line of yield* Rewind.begun(sql, state)) {
        const parent = Keep.parent(Family.parent(declared, line).values)
        if (first(state.resource, parent)?.page === 0) yield* Rewind.parent(sql, state, line)
      }
    }
  })

// --- internal ---

const isRead = (order: ReadonlyArray<Order.Ordered>, name: string) =>
  order.some(({ left, resource, stored }) => resource.name === name && !stored && !left)
