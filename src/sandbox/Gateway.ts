/**
 * One running fake API without a socket: holds the current world, counts and logs requests, applies faults, waits.
 *
 * Outside a row's path. `Server` puts it behind a port, `Client` behind an in-memory `HttpClient`; both see the same
 * answers.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Ref from "effect/Ref"
import * as Fault from "./Fault.ts"
import * as Http from "./Http.ts"
import * as Reply from "./Reply.ts"
import type { SandboxError } from "./SandboxError.ts"
import * as World from "./World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Gateway {
  /** Answers a request, after the delay a fault may bring. */
  readonly handle: (request: Http.Request) => Effect.Effect<Reply.Reply>
  readonly world: Effect.Effect<World.World>
  /** See `World.insert`. */
  readonly insert: (rows: Partial<World.Rows>) => Effect.Effect<World.World, SandboxError>
  /** See `World.change`. */
  readonly change: (rows: Partial<World.Rows>) => Effect.Effect<World.World, SandboxError>
  /** The last 10,000 requests, oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<Entry>>
  /** Requests answered since the start. */
  readonly requestCount: Effect.Effect<number>
}

/**
 * One request as it was answered. Holds no header, so no token.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** 1 for the first. */
  readonly number: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly status: number
  readonly faults: ReadonlyArray<Fault.Kind>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends World.Options {
  readonly faults?: ReadonlyArray<Fault.Fault> | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<Gateway, SandboxError> =>
  Effect.gen(function* () {
    const faults = yield* Effect.forEach(options.faults ?? [], Fault.check)
    const state = yield* Ref.make<State>({ world: yield* World.make(options), counts: [], number: 0 })
    const log: Array<Entry> = []

    const handle = (request: Http.Request) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        const { pathname, searchParams } = Http.url(request)
        const { hit, number, reply } = yield* Ref.modify(state, (before) => {
          const { counts, hit } = Fault.hits(faults, before.world.seed, before.counts, pathname)
          const reply = Reply.make(before.world, request, hit, now)
          const number = before.number + 1
          return [
            { hit, number, reply },
            { world: reply.world, counts, number }
          ]
        })
        if (log.length >= 2 * logged) log.splice(0, log.length - logged)
        log.push({
          number,
          method: request.method,
          path: pathname,
          query: Object.fromEntries(searchParams),
          status: reply.response.status,
          faults: hit.map((fault) => fault.kind)
        })
        if (reply.delayMillis > 0) yield* Effect.sleep(reply.delayMillis)
        return reply
      })

    const update = (step: (world: World.World) => Either.Either<World.World, SandboxError>) =>
      Effect.flatten(
        Ref.modify(state, (before) => {
          const after = step(before.world)
          return [after, Either.isRight(after) ? { ...before, world: after.right } : before]
        })
      )

    return {
      handle,
      world: Effect.map(Ref.get(state), ({ world }) => world),
      insert: (rows) => update((world) => World.insert(world, rows)),
      change: (rows) => update((world) => World.change(world, rows)),
      requests: Effect.sync(() => log.slice(-logged)),
      requestCount: Effect.map(Ref.get(state), ({ number }) => number)
    }
  })

// --- internal ---

interface State {
  readonly world: World.World
  readonly counts: ReadonlyArray<number>
  readonly number: number
}

const logged = 10_000
