/**
 * Named places on a page's path where a test may stop the world: what a crash exactly there leaves behind can then be looked at.
 *
 * Beside the row's path; every stage may call `at`. Inert unless a program arms it, and then it costs one look into the context
 * per place, none per row. Decides nothing about what happens at a place: whoever arms it does.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/**
 * What is written to the database, each in a transaction of its own: its owner, sluice's tables made or checked, the run entered, a
 * resource opened, its declared tables made, a walk that starts over or goes on, the queue of a child's parents, a page, the end of a
 * walk, the receipt's line of a resource, the receipt, the state that is reset, and rebuilt tables put in place.
 *
 * @since 0.1.0
 * @category models
 */
export type Transaction = (typeof transactions)[number]

/**
 * Before BEGIN, before each statement, before COMMIT, behind it.
 *
 * @since 0.1.0
 * @category models
 */
export type Step = (typeof steps)[number]

/**
 * @since 0.1.0
 * @category models
 */
export type Name = (typeof others)[number] | `${Transaction}.${Step}`

/**
 * @since 0.1.0
 * @category models
 */
export interface Point {
  /** Whether to go by each statement of a transaction as well. */
  readonly armed: boolean
  readonly at: (name: Name) => Effect.Effect<void>
}

/**
 * What is armed; nothing unless a program provides one.
 *
 * @since 0.1.0
 * @category services
 */
export class FailPoint extends Context.Reference<FailPoint>()("sluice/FailPoint", {
  defaultValue: (): Point => ({ armed: false, at: () => Effect.void })
}) {}

/**
 * One place, the nth time the program comes by.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly at: Name
  /** Counted from 1, which it is unless said otherwise. */
  readonly nth?: number | undefined
}

const transactions = [
  "owner",
  "prepare",
  "start",
  "open",
  "declare",
  "restart",
  "resume",
  "queue",
  "page",
  "complete",
  "line",
  "receipt",
  "state",
  "swap"
] as const

const steps = ["begin", "statement", "commit", "committed"] as const

/** The lock of the database is held; a request is to be sent; its answer is read to the end. */
const others = ["lock", "request", "body"] as const

/**
 * Every place there is.
 *
 * @since 0.1.0
 * @category defaults
 */
export const names: ReadonlyArray<Name> = [
  ...others,
  ...transactions.flatMap((transaction) => steps.map((step): Name => `${transaction}.${step}`))
]

/**
 * The program comes by a place.
 *
 * @since 0.1.0
 * @category combinators
 */
export const at = (name: Name): Effect.Effect<void> => Effect.flatMap(FailPoint, (point) => point.at(name))

/**
 * Runs `then` when the program comes by the place for the nth time, and never again.
 *
 * @since 0.1.0
 * @category constructors
 */
export const once = ({ at, nth = 1 }: Place, then: Effect.Effect<void>): Point => {
  let left = nth
  return { armed: true, at: (name) => (name === at && --left === 0 ? then : Effect.void) }
}

/**
 * How often the program comes by each place: where it can be made to crash.
 *
 * @since 0.1.0
 * @category combinators
 */
export const places = <A, E, R>(
  program: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly places: ReadonlyMap<Name, number> }, E, R> =>
  Effect.suspend(() => {
    const places = new Map<Name, number>()
    const count = (name: Name) => Effect.sync(() => void places.set(name, (places.get(name) ?? 0) + 1))
    return Effect.map(Effect.provideService(program, FailPoint, { armed: true, at: count }), (value) => ({
      value,
      places
    }))
  })

/**
 * `page.commit:3` as a place; a wrong text with what would be right.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Place, string> => {
  const [, name, digits] = /^([a-z.]+)(?::([0-9]{1,9}))?$/.exec(text) ?? []
  const found = names.find((known) => known === name)
  const nth = digits === undefined ? 1 : Number(digits)
  return found === undefined || nth < 1
    ? Either.left(
        `${JSON.stringify(text)} is no fail point; write NAME or NAME:NTH, as in page.commit:3, where NAME is one of ${names.join(", ")}`
      )
    : Either.right({ at: found, nth })
}
