/**
 * A crash inside a test: the program ends at a fail point as if its process had died there, and its file is what it left.
 *
 * Part of the test kit. From then on nothing of the program reaches the API or the database, its finalizers included; a
 * transaction that was open is rolled back, as SQLite does when it opens the file again. Provide the program's Layers inside,
 * and the next run opens the file anew. What only a real process has (its locks, the disk's cache) is for `sluice crash-test`.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as FailPoint from "../FailPoint.ts"

/**
 * `None` when the program died there, `Some` of its value when it came to its end before.
 *
 * @since 0.1.0
 * @category combinators
 */
export const crash =
  (place: FailPoint.Place) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<Option.Option<A>, E, R> =>
    Effect.suspend(() => {
      let dead = false
      const die = Effect.suspend(() => {
        dead = true
        return Effect.die(new Error(`the program died at ${place.at}, as it was told to`))
      })
      const first = FailPoint.once(place, die)
      const point: FailPoint.Point = { armed: true, at: (name) => (dead ? die : first.at(name)) }
      return program.pipe(
        Effect.provideService(FailPoint.FailPoint, point),
        Effect.exit,
        // Whatever became of it afterwards: the dead tell nothing.
        Effect.flatMap((exit) => (dead ? Effect.succeedNone : Effect.map(exit, Option.some)))
      )
    })

export {
  /**
   * How often the program comes by each fail point.
   *
   * @since 0.1.0
   * @category combinators
   */
  places
} from "../FailPoint.ts"
