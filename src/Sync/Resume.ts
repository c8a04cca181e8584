/**
 * Whether an interrupted walk may be gone on with, and from which page.
 *
 * A checkpoint is void when the configuration or the cursor changed since, when it is too old, when the API no longer knows its
 * position, or when the list changed: by the total, or where there is none by the last committed page, which is looked at again.
 * Pure but for the one typed failure.
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { FetchError } from "../Fetch/FetchError.ts"
import * as Json from "../Fetch/Json.ts"
import type * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import * as Cursor from "../Row/Cursor.ts"
import { ofText } from "../Row/Hash.ts"
import type * as Table from "../Table.ts"
import { PageError } from "../Page/PageError.ts"
import type * as Draft from "./Draft.ts"
import * as Fingerprint from "./Fingerprint.ts"
import type { Job } from "./Job.ts"

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
  const { step } = fetched
  if (fetched.index === start(from).from?.index && step._tag === "Stop" && step.reason === "ignored") {
    return Effect.fail(
      new Moved({
        detail: "the API does not know the saved position any more, or answers it with what an action ends a walk at"
      })
    )
  }
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
 * Why an interrupted walk is not gone on with where it stood; `undefined` when it is. Where the cursor moved with the rows of the
 * walk, its position is not used anyway, and only the configuration counts.
 *
 * @since 0.1.0
 * @category accessors
 */
export const refusal = (
  from: Table.Checkpoint,
  to: {
    readonly mark: Fingerprint.Fingerprint
    readonly resource: Resource
    /** Where the cursor of the resource, or of this parent, stands now. */
    readonly cursor: Cursor.State | undefined
    readonly now: number
  }
): string | undefined => {
  const { cursor, mark, now, resource } = to
  const when = `run ${from.runs.at(-1)} was interrupted after page ${from.index}`
  const changed = Fingerprint.changed(from.fingerprint, mark)
  if (changed !== undefined) return `${changed} since ${when}`
  if (from.kept === true) return undefined
  const { incremental } = resource
  if (
    incremental !== undefined &&
    from.reached !== undefined &&
    !isSame(Cursor.start(incremental, cursor), from.reached.from)
  ) {
    return `the cursor was moved or reset since ${when}`
  }
  const age = from.at === undefined ? Infinity : now - Date.parse(from.at)
  if (age < -clockSkewMillis) {
    return `${when}, at ${from.at}, which is in the future: the clock was set back, and how long ago that was cannot be told`
  }
  return age < resource.resumeWithin
    ? undefined
    : `${when}, ${from.at === undefined ? "nobody knows when" : `${told(age)} ago`}, longer than resume_within (${told(resource.resumeWithin)}) allows`
}

/**
 * Whether a request that failed was for a position that the API itself once gave and now knows no more: a cursor, or a link, that
 * has expired.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isExpired = (
  error: Draft.Failure | Moved,
  position: Page.Position,
  paginator: Page.Paginator
): error is FetchError =>
  error._tag === "FetchError" &&
  error.reason === "Status" &&
  error.status !== undefined &&
  [400, 404, 410, 422].includes(error.status) &&
  isOpaque(position, paginator)

/**
 * What comes of that.
 *
 * @since 0.1.0
 * @category constructors
 */
export const expired = ({ status }: FetchError): Moved =>
  new Moved({ detail: `the API does not accept the saved position any more (it answered ${status})` })

/**
 * A saved position obeys the origin pin like any other link, whoever wrote it; what it is refused for is said before anything is
 * sent.
 *
 * @since 0.1.0
 * @category accessors
 */
export const elsewhere = ({ draft, page, source }: Job, from: Table.Checkpoint | undefined): PageError | undefined => {
  if (from === undefined) return undefined
  const why = page.refuses(from.position) ?? (from.last === undefined ? undefined : page.refuses(from.last.position))
  return why === undefined
    ? undefined
    : new PageError({
        reason: "Origin",
        page: from.index,
        detail:
          `the position that is saved of an interrupted walk is not asked for: ${why}. ` +
          `Nothing was sent. \`sluice state reset --resource ${draft.resource.name}\` on the database of ${source.name} forgets it, and the walk starts over`
      })
}

// --- internal ---

/** A clock that is put right by so much is not one that was set back. */
const clockSkewMillis = 60_000

const isOpaque = ({ body, detected, query, url }: Page.Position, { type }: Page.Paginator): boolean =>
  url !== undefined || ((query ?? body) !== undefined && /(^|_)cursor$/.test(detected?.type ?? type))

const isSame = (a: Cursor.State | undefined, b: Cursor.State | undefined): boolean =>
  Json.stringify([a?.by ?? null, a?.value ?? null]) === Json.stringify([b?.by ?? null, b?.value ?? null])

const told = (millis: number): string =>
  Duration.format(Duration.millis(millis < 60_000 ? millis : Math.round(millis / 60_000) * 60_000))
