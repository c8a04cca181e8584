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
import * as Keep from "../Sync/Keep.ts"
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
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  sql: SqlClient.SqlClient,
  source: Source,
  entries: ReadonlyArray<History.Entry>
): Effect.Effect<void, TableError> =>
  Effect.gen(function* () {
    const first = (resource: string, parent: string | undefined) =>
      entries.find((entry) => entry.kind === "page" && entry.resource === resource && entry.parent === parent)
    for (const state of yield* State.read(sql, source.name)) {
      const declared = source.resources.find(({ name }) => name === state.resource)
      if (declared === undefined) continue
      if (state.parents === undefined) {
        const begins = entries.find(
          ({ kind, resource }) => resource === state.resource && (kind === "restart" || kind === "page")
        )
        if (begins?.page === 0) yield* Rewind.walk(sql, state)
        continue
      }
      for (const line of yield* Rewind.begun(sql, state)) {
        const parent = Keep.parent(Family.parent(declared, line).values)
        if (first(state.resource, parent)?.page === 0) yield* Rewind.parent(sql, state, line)
      }
    }
  })
