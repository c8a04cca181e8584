/**
 * Pages fetched before the walk comes to them, where their positions can be told beforehand.
 *
 * Stage Page. Only a store of answers: the walk goes the way it would go without it, and takes an answer from here where it asks
 * for exactly what was fetched. What it does not ask for is thrown away. Decides nothing, and never fails by itself.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type * as Fetch from "../Fetch.ts"
import type { FetchError } from "../Fetch/FetchError.ts"
import type { Position, Walk } from "../Page.ts"
import * as Guard from "./Guard.ts"
import * as Request from "./Request.ts"

/**
 * What walks share that are read side by side: the pages that may be under way, or wait for their turn, in all of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Room {
  readonly pages: number
  /** One for each walk, and one for each page ahead of it. */
  taken: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly room: Room
  /** Told of an answer that was asked for and not used, with the requests that were sent for it: 1 plus the retries. */
  readonly unused: (attempts: number) => void
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Ahead {
  /** The answer to a request of the walk, which is at this position; `left`: pages that may follow it at most. */
  readonly send: (request: Fetch.Request, position: Position, left: number) => Effect.Effect<Fetch.Response, FetchError>
  /** Where the walk is thought to go on from the page at hand, the next page first. */
  readonly expect: (positions: Iterable<Position> | undefined) => void
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const room = (pages: number): Room => ({ pages, taken: 0 })

/**
 * For a walk that is asked for one page after the other.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none = (fetch: Fetch.Fetch["Type"]): Ahead => ({ send: fetch.send, expect: () => {} })

/**
 * What it takes to read a walk ahead, if there is room, and it tells where it goes.
 *
 * @since 0.1.0
 * @category accessors
 */
export const wanted = <E>({ ahead, paginator }: Walk<E>): Options | undefined =>
  paginator.ahead === undefined || (ahead?.room.pages ?? 0) < 2 ? undefined : ahead

/**
 * For one walk; what it has not used by the end of the scope is given up.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  fetch: Fetch.Fetch["Type"],
  request: Fetch.Request,
  { room, unused }: Options
): Effect.Effect<Ahead, never, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const waiting = new Map<string, Entry>()
    const most = room.pages - 1
    let width = most
    let plan: ReadonlyArray<Position> = []
    /** Where the page before the last one told that the next one is. */
    let guess: string | undefined

    const forget = Effect.sync(() => {
      for (const { attempts } of waiting.values()) if (attempts > 0) unused(attempts)
      room.taken -= waiting.size
      waiting.clear()
    })
    const giveUp = Effect.suspend(() => {
      const fibers = [...waiting.values()].flatMap(({ fiber }) => (fiber === undefined ? [] : [fiber]))
      return Effect.zipRight(Fiber.interruptAll(fibers), forget)
    })
    room.taken++
    yield* Effect.addFinalizer(() =>
      Effect.zipRight(
        giveUp,
        Effect.sync(() => void room.taken--)
      )
    )

    const fetchAhead = (position: Position) =>
      Effect.gen(function* () {
        const key = Guard.keyOf(position)
        if (waiting.has(key)) return
        const entry: Entry = { attempts: 0, fiber: undefined }
        const sent = () => void entry.attempts++
        room.taken++
        waiting.set(key, entry)
        const asked = { ...Request.apply(request, position, fetch.baseUrl), sent }
        // As its exit: a fiber that fails is logged.
        entry.fiber = yield* Effect.forkIn(Effect.exit(fetch.send(asked)), scope)
      })

    return {
      send: (asked, position, left) =>
        Effect.gen(function* () {
          const key = Guard.keyOf(position)
          const entry = waiting.get(key)
          if (waiting.delete(key)) room.taken--
          if ((guess !== undefined && guess !== key) || (entry === undefined && waiting.size > 0)) {
            // Not every walk can be foretold, and a wrong guess costs requests: it is first seen to come true again.
            width = 0
            yield* giveUp
          } else if (guess !== undefined) width = Math.min(most, 2 * width + 1)
          const own = entry?.fiber === undefined ? fetch.send(asked) : Effect.flatten(Fiber.join(entry.fiber))
          for (const next of plan.slice(1, 1 + Math.min(width, left))) {
            if (room.taken >= room.pages) break
            yield* fetchAhead(next)
          }
          guess = plan[1] === undefined ? undefined : Guard.keyOf(plan[1])
          plan = []
          return yield* own
        }),
      expect: (positions) => void (plan = taken(positions ?? [], 1 + most))
    }
  })

// --- internal ---

interface Entry {
  attempts: number
  fiber: Fiber.RuntimeFiber<Exit.Exit<Fetch.Response, FetchError>> | undefined
}

const taken = <A>(all: Iterable<A>, most: number): ReadonlyArray<A> => {
  const some: Array<A> = []
  for (const one of all) {
    some.push(one)
    if (some.length >= most) break
  }
  return some
}
