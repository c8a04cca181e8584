/**
 * Whether an interrupted walk may be gone on with, and from which page.
 *
 * A checkpoint is void when the configuration changed since, or the list did: by the total, or where there is none by the last
 * committed page, which is looked at again. Pure but for the one typed failure.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Json from "../Fetch/Json.ts"
import * as Redact from "../Fetch/Redact.ts"
import type * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import { acts } from "../Resource/Deletes.ts"
import { ofText } from "../Row/Hash.ts"
import * as Name from "../Row/Name.ts"
import { secrets, type Source } from "../Source.ts"
import type * as Table from "../Table.ts"

/**
 * The list changed since the walk was interrupted: gone on with, it could not be trusted to be whole.
 *
 * @since 0.1.0
 * @category errors
 */
export class Moved extends Data.TaggedError("Moved")<{ readonly detail: string }> {}

/**
 * Fails on the page that shows it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unmoved = (fetched: Page.Fetched, from: Table.Checkpoint | undefined): Effect.Effect<void, Moved> => {
  if (from === undefined) return Effect.void
  if (from.last !== undefined && fetched.index === from.index - 1) {
    return digest(fetched.rows) === from.last.digest && fetched.step._tag === "Continue"
      ? Effect.void
      : Effect.fail(new Moved({ detail: `page ${from.index} is no longer what it was, and the API reports no total` }))
  }
  const total = fetched.step.total
  return fetched.index !== from.index || total === undefined || from.total === undefined || total === from.total
    ? Effect.void
    : Effect.fail(new Moved({ detail: `the total changed from ${from.total} to ${total} since page ${from.index}` }))
}

/**
 * Tells a page from a later one at its position.
 *
 * @since 0.1.0
 * @category accessors
 */
export const digest = (rows: ReadonlyArray<unknown>): number => ofText(Json.stringify(rows))

/**
 * Where the walk is taken up: at the page to come, or at the last one to look at it again, which is `again` pages more.
 *
 * @since 0.1.0
 * @category accessors
 */
export const start = (
  from: Table.Checkpoint | undefined
): {
  readonly from: { readonly position: Page.Position; readonly index: number } | undefined
  readonly again: 0 | 1
} => {
  if (from === undefined) return { from: undefined, again: 0 }
  return from.last === undefined
    ? { from: { position: from.position, index: from.index }, again: 0 }
    : { from: { position: from.last.position, index: from.index - 1 }, again: 1 }
}

/**
 * What decides which rows lie behind a position: a checkpoint taken under anything else is void. It is stored, and so it is only
 * a digest: a credential may be written out where nobody knows it for one. What is known for one is left out, and may change.
 * `aside`: of a walk whose rows were not stored.
 *
 * @since 0.1.0
 * @category accessors
 */
export const fingerprint = (source: Source, resource: Resource, aside = false): string =>
  String(
    ofText(
      Json.stringify(
        Redact.make(secrets(source)).json([
          source.api.baseUrl,
          resource.method,
          resource.path,
          resource.query,
          resource.body ?? null,
          resource.data ?? null,
          resource.incremental ?? null,
          resource.selector ?? null,
          resource.paginator.type,
          resource.paginator.options,
          resource.primaryKey.fields,
          resource.write,
          Name.path(resource.table),
          // Only a walk that remembers from its start what it brought can tell what it did not.
          ...(acts(resource.deletes) ? ["deletes", resource.processing] : []),
          ...(aside ? ["aside"] : [])
        ])
      )
    )
  )
