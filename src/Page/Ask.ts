/**
 * One request of a walk: sent, its rows found, and the paginator asked what follows.
 *
 * Stage Page. Guards nothing, and decides no end that the paginator does not.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type * as Fetch from "../Fetch.ts"
import type { FetchError } from "../Fetch/FetchError.ts"
import type { Paginator, Position, Selected, Step, View, Walk } from "../Page.ts"
import type * as Ahead from "./Ahead.ts"
import * as Guard from "./Guard.ts"
import * as Kept from "./Kept.ts"
import { PageError } from "./PageError.ts"
import * as Request from "./Request.ts"

/**
 * What came of one request: its rows, and what the paginator makes of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer extends Selected {
  readonly step: Step
  /** Requests sent for it: 1 plus the retries. */
  readonly attempts: number
  /** How long the API held it back, in milliseconds. */
  readonly held?: number | undefined
  readonly bytes: number
  readonly kept: Kept.Kept | undefined
}

/**
 * The page at a position; `left`: pages that may follow it at most.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ask = <E>(
  fetch: Fetch.Fetch["Type"],
  { keeps, paginator, request, select }: Walk<E>,
  at: { readonly position: Position; readonly index: number; readonly ahead: Ahead.Ahead; readonly left: number }
): Effect.Effect<Answer, FetchError | PageError | E> => {
  const asked = Request.apply(request, at.position, fetch.baseUrl)
  const keep = (response: Fetch.Response, rows: ReadonlyArray<unknown>) =>
    keeps === true ? Kept.response(fetch, asked, { response, rows, options: paginator.options }) : undefined
  return at.ahead.send(asked, at.position, at.left).pipe(
    Effect.flatMap((response): Either.Either<Answer, E | PageError> => {
      const { action, attempts, body, bytes, headers, held, status } = response
      if (action !== undefined) {
        const end: Extract<Step, { readonly _tag: "Stop" }> = {
          _tag: "Stop",
          reason: "ignored",
          complete: action.kind === "ignore",
          notice: action.notice
        }
        const step = paginator.ended?.(end, at.position) ?? end
        return Either.right({ rows: [], step, attempts, held, bytes, kept: keep(response, []) })
      }
      return Either.flatMap(select(body), (selected) => {
        const { origin, pathname } = Redacted.value(response.location)
        const view: View = {
          status,
          headers,
          body,
          rows: selected.elements ?? selected.rows.length,
          single: selected.single,
          url: fetch.redact.url(origin + pathname),
          digest: () => (selected.rows.length === 0 ? undefined : Guard.digest(selected.rows))
        }
        // A paginator of somebody's own may be written without types.
        const step: Step | undefined = paginator.next(view, at.position)
        if (step?._tag !== "Continue" && step?._tag !== "Stop") {
          const detail = `the paginator ${paginator.type} gave no step: \`next\` gives an object with the \`_tag\` Continue or Stop`
          return Either.left(new PageError({ reason: "NoStep", page: at.index, detail }))
        }
        if (step._tag === "Continue") at.ahead.expect(paginator.ahead?.(view, at.position))
        // A total of what the API counts is none of the rows that are kept of it.
        return Either.right({
          ...selected,
          step: selected.elements === undefined ? step : { ...step, total: undefined },
          attempts,
          held,
          bytes,
          kept: keep(response, selected.rows)
        })
      })
    }),
    Effect.catchIf(
      (error): error is FetchError => isFetchError(error) && refused(paginator, at, error) !== undefined,
      (error) =>
        Effect.succeed<Answer>({
          rows: [],
          step: refused(paginator, at, error)!,
          attempts: error.attempts,
          bytes: 0,
          kept: keeps === true ? Kept.refused(fetch, asked, error) : undefined
        })
    )
  )
}

// --- internal ---

const isFetchError = (error: unknown): error is FetchError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "FetchError"

const refused = (
  { refused }: Paginator,
  { index, position }: { readonly index: number; readonly position: Position },
  { status }: FetchError
): Step | undefined => (index === 0 || status === undefined ? undefined : refused?.(status, position))
