/**
 * From one response to the next request: paginators, and a resource's Stream of pages.
 *
 * Third stage of a row's path. A paginator is data and two pure answers: where a walk starts, and what follows a page.
 * Guards every walk against loops. Knows nothing of what rows mean.
 */
import * as Chunk from "effect/Chunk"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Fetch from "./Fetch.ts"
import type { FetchError } from "./Fetch/FetchError.ts"
import * as Ahead from "./Page/Ahead.ts"
import * as Ask from "./Page/Ask.ts"
import * as Guard from "./Page/Guard.ts"
import type * as Kept from "./Page/Kept.ts"
import { PageError } from "./Page/PageError.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Page extends Context.Tag("sluice/Page")<
  Page,
  {
    /** The pages of one walk, in order, each fetched only when it is asked for. */
    readonly stream: <E>(walk: Walk<E>) => Stream.Stream<Fetched, FetchError | PageError | E>
    /** Why a position, such as one that was saved, is not asked for, or `undefined` when it may be. Sends nothing. */
    readonly refuses: (position: Position) => string | undefined
    /** Base URL of the API that the pages come from. */
    readonly baseUrl: URL
  }
>() {}

/**
 * One walk over an endpoint.
 *
 * @since 0.1.0
 * @category models
 */
export interface Walk<E> {
  readonly request: Fetch.Request
  readonly paginator: Paginator
  /** Finds the rows in a body. */
  readonly select: (body: unknown) => Either.Either<Selected, E>
  /** Where an earlier run left off. */
  readonly from?: { readonly position: Position; readonly index: number } | undefined
  /** Pages to read at most in this walk. */
  readonly limitPages?: number | undefined
  /** Whether, by the rows of a page, no later one can hold a row that is wanted. Asked once per page that others follow. */
  readonly enough?: ((rows: ReadonlyArray<unknown>) => boolean) | undefined
  /** Awaited before each page is asked for: how a caller bounds the pages that are read ahead. */
  readonly turn?: Effect.Effect<void> | undefined
  /** Pages whose positions are known beforehand are fetched in parallel, as many as there is room for; else one by one. */
  readonly ahead?: Ahead.Options | undefined
  /** Pages carry the answer that they were made of, for an archive. */
  readonly keeps?: boolean | undefined
}

/**
 * The rows of a body, and where they were.
 *
 * @since 0.1.0
 * @category models
 */
export interface Selected {
  readonly rows: ReadonlyArray<unknown>
  /** The path they were found at. */
  readonly selector?: string | undefined
  /** Elements of the API's page, where they are not its rows one by one: a selector that filters, or goes into each. */
  readonly elements?: number | undefined
  /** What was found there is no list, but one row. */
  readonly single?: boolean | undefined
  /** There was nothing at the selector, and that is allowed. */
  readonly absent?: boolean | undefined
  readonly notice?: string | undefined
}

/**
 * One page as it was fetched, with what follows it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fetched {
  /** 0-based number in the walk, counted on over a resume. */
  readonly index: number
  readonly position: Position
  readonly rows: ReadonlyArray<unknown>
  /** Where the rows were; `undefined` when nothing was looked for. */
  readonly selector: string | undefined
  /** The page is no list, but one row. */
  readonly single?: boolean | undefined
  /** It had no list where one was looked for: that there are no rows is only concluded. */
  readonly absent?: boolean | undefined
  readonly step: Step
  /** Where the walk goes on, also when `step` stops it before its end. */
  readonly next: Position | undefined
  /** What a reader of the receipt should know of this page. */
  readonly notices: ReadonlyArray<string>
  /** Requests sent for this page: 1 plus the retries. */
  readonly attempts: number
  /** How long the API held its request back, in milliseconds. */
  readonly held?: number | undefined
  readonly bytes: number
  /** The answer it was made of, where the walk keeps them. */
  readonly kept?: Kept.Kept | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** A walk that has not ended after so many pages fails; a million unless said otherwise. */
  readonly maxPages?: number | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<Page["Type"], never, Fetch.Fetch> =>
  Effect.map(Fetch.Fetch, (fetch) => ({
    baseUrl: fetch.baseUrl,
    refuses: ({ url }) => (url === undefined ? undefined : fetch.refuses(url)),
    stream: <E>(walk: Walk<E>) => {
      const start = walk.from ?? { position: walk.paginator.first, index: 0 }
      const bounds = { firstIndex: start.index, maxPages: options.maxPages ?? defaultMaxPages }
      // The guard's memory is of one walk: a Stream that is run again starts anew.
      const pages = (ahead: Ahead.Ahead) => {
        const state: State = { ...start, seen: Guard.memory(start.position) }
        return Stream.paginateChunkEffect(state, (at) => read(fetch, walk, { ...at, ahead }, bounds))
      }
      const wanted = Ahead.wanted(walk)
      return wanted === undefined
        ? Stream.suspend(() => pages(Ahead.none(fetch)))
        : Stream.unwrapScoped(Effect.map(Ahead.make(fetch, walk.request, wanted), pages))
    }
  }))

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Page, never, Fetch.Fetch> => Layer.effect(Page, make(options))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (options: Config.Config.Wrap<Options>): Layer.Layer<Page, ConfigError, Fetch.Fetch> =>
  Layer.effect(Page, Effect.flatMap(Config.unwrap(options), make))

/**
 * What a paginator adds to a resource's request: plain JSON, so that it can be a checkpoint.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position {
  /** Query parameters set for this page, over those of the request. */
  readonly query?: Readonly<Record<string, string | number>> | undefined
  /** Dotted paths set in the JSON body for this page, or the fields of a form. */
  readonly body?: Readonly<Record<string, string | number>> | undefined
  /** Replaces path and query altogether (next links). Subject to the origin pin. */
  readonly url?: string | undefined
  /** What the paginator remembers of the pages before; not sent. */
  readonly memo?: Readonly<Record<string, string | number | boolean>> | undefined
  /** The paginator that `auto` found on the first page; not sent. */
  readonly detected?: { readonly type: string; readonly options: Readonly<Record<string, unknown>> } | undefined
}

/**
 * What a paginator may look at to decide what follows.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Rows of this page as the API counts them: before any decoding, and before a selector filters them or goes into them. */
  readonly rows: number
  /** The selector found no list, but one row: how many rows there are in all is of no meaning. */
  readonly single?: boolean | undefined
  /** Where the page came from, without a query, secrets masked: what relative links are relative to. */
  readonly url?: string | undefined
  /** Tells the rows of this page from those of another; `undefined` when it has none. */
  readonly digest?: (() => string | undefined) | undefined
}

/**
 * Why a walk over an endpoint ended.
 *
 * @since 0.1.0
 * @category models
 */
export type StopReason =
  | "total_reached"
  | "short_page"
  | "empty_page"
  | "no_next"
  | "single_page"
  | "has_more_false"
  | "maximum_reached"
  | "limit_pages"
  | "page_repeated"
  | "out_of_range"
  | "ignored"
  | "error"

/**
 * @since 0.1.0
 * @category models
 */
export type Step =
  | {
      readonly _tag: "Continue"
      readonly position: Position
      readonly total?: number | undefined
      readonly notice?: string | undefined
      /** This page is the one before it once more, under another number: its rows are not passed on. */
      readonly again?: boolean | undefined
      /** What follows is another list: its pages are not held against those before it. */
      readonly anew?: boolean | undefined
    }
  | {
      readonly _tag: "Stop"
      readonly reason: StopReason
      /** `false` when rows are known or likely to be missing. */
      readonly complete: boolean
      readonly total?: number | undefined
      readonly notice?: string | undefined
      /** Why this end, complete as it seems, proves nothing. */
      readonly doubt?: string | undefined
    }

/**
 * Any object of this shape is a paginator; `next` must be pure.
 *
 * @since 0.1.0
 * @category models
 */
export interface Paginator {
  /** The grammar's name of it: `offset`, `single_page`, or your own. */
  readonly type: string
  /** Part of a checkpoint's fingerprint: must change when the walk would. */
  readonly options: Readonly<Record<string, unknown>>
  readonly first: Position
  readonly next: (page: View, last: Position) => Step
  /**
   * The positions that `next` comes to from here if all goes as this page tells, the next page's first; `undefined` when they are
   * not known beforehand. Pure, and only a guess: what is fetched by it counts where `next` asks for it, and is else thrown away.
   */
  readonly ahead?: ((page: View, last: Position) => Iterable<Position> | undefined) | undefined
  /** What an answer other than success means on a page behind the first; `undefined`: the walk fails by it. */
  readonly refused?: ((status: number, last: Position) => Step | undefined) | undefined
  /** What comes of an end that a response action made of an answer; `undefined`: the walk ends with it. */
  readonly ended?: ((end: Extract<Step, { readonly _tag: "Stop" }>, last: Position) => Step) | undefined
}

// --- internal ---

interface State {
  readonly position: Position
  readonly index: number
  readonly seen: Guard.Memory
}

/** No walk is infinite, whatever an API answers: at a request a second this is eleven days. */
const defaultMaxPages = 1_000_000

/** Without a span of its own: an ended span keeps what it ended with, and that would be the page. */
const read = <E>(
  fetch: Fetch.Fetch["Type"],
  walk: Walk<E>,
  at: State & { readonly ahead: Ahead.Ahead },
  bounds: { readonly firstIndex: number; readonly maxPages: number }
) =>
  Effect.gen(function* () {
    const { firstIndex, maxPages } = bounds
    if (at.index >= maxPages) {
      return yield* new PageError({ reason: "Endless", page: at.index, detail: `no end after ${maxPages} pages` })
    }
    if (walk.turn !== undefined) yield* walk.turn
    const end = Math.min(maxPages, firstIndex + (walk.limitPages ?? Infinity))
    const answer = yield* Ask.ask(fetch, walk, { ...at, left: end - at.index - 1 })
    const { attempts, bytes, rows, selector } = answer
    const guarded = Guard.check(at.seen, {
      index: at.index,
      rows,
      isEmpty: (answer.elements ?? rows.length) === 0,
      step: answer.step,
      limit: walk.paginator.options["limit"]
    })
    if (guarded._tag === "Repeated" && !guarded.complete) {
      return yield* new PageError({ reason: "Repeated", page: at.index, detail: guarded.detail })
    }
    const followed: Step =
      guarded._tag === "Repeated"
        ? {
            _tag: "Stop",
            reason: "page_repeated",
            complete: true,
            total: answer.step.total,
            notice: guarded.detail
          }
        : answer.step
    const going: Step =
      followed._tag === "Continue" && followed.again !== true && walk.enough?.(rows) === true
        ? { _tag: "Stop", reason: "out_of_range", complete: true, total: followed.total, notice: followed.notice }
        : followed
    const capped = going._tag === "Continue" && at.index + 1 - firstIndex >= (walk.limitPages ?? Infinity)
    const step: Step = capped
      ? { _tag: "Stop", reason: "limit_pages", complete: false, total: going.total, notice: going.notice }
      : going
    const page: Fetched = {
      index: at.index,
      position: at.position,
      // Rows that came a second time are not passed on: where nothing identifies rows they would be stored twice.
      rows: guarded._tag === "Repeated" || (going._tag === "Continue" && going.again === true) ? [] : rows,
      selector,
      single: answer.single,
      absent: answer.absent,
      step,
      next: going._tag === "Continue" ? going.position : undefined,
      notices: [answer.notice, step.notice].filter((notice) => notice !== undefined),
      attempts,
      held: answer.held,
      bytes,
      kept: answer.kept
    }
    const following =
      step._tag === "Continue" && guarded._tag === "Go"
        ? Option.some({
            position: step.position,
            index: at.index + 1,
            seen: step.anew === true ? Guard.memory(step.position) : guarded.memory
          })
        : Option.none<State>()
    return [Chunk.of(page), following] as const
  })
