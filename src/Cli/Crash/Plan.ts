/**
 * Which trials a crash test makes: every place that a run comes by, at different turns, some killed twice, some at any moment.
 *
 * Pure; the same numbers for the same seed.
 */
import * as FailPoint from "../../FailPoint.ts"
import type { Kill } from "./Child.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Trial {
  /** The line of the report that it belongs to. */
  readonly where: string
  readonly kills: ReadonlyArray<Kill>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  places: ReadonlyMap<FailPoint.Name, number>,
  options: { readonly trials: number; readonly seed: number; readonly millis: number }
): ReadonlyArray<Trial> => {
  const next = random(options.seed)
  const upTo = (most: number) => 1 + Math.floor(next() * most)
  const names = FailPoint.names.filter((name) => places.has(name))
  const at = (name: FailPoint.Name): Kill => ({ place: `${name}:${upTo(places.get(name)!)}` })
  const any = () => names[upTo(names.length) - 1]!
  // The later rounds take the turns that the first one left out.
  const kinds: ReadonlyArray<() => Trial> = [
    ...shuffled(names, next).map((name) => () => ({ where: name, kills: [at(name)] })),
    ...Array.from({ length: Math.ceil(names.length / 5) }, () => () => ({
      where: "twice",
      kills: [at(any()), at(any())]
    })),
    ...Array.from({ length: Math.ceil(names.length / 5) }, () => () => ({
      where: "at random",
      kills: [{ afterMillis: upTo(options.millis) }]
    }))
  ]
  const order = shuffled(kinds, next)
  return Array.from({ length: options.trials }, (_, i) => order[i % order.length]!())
}

// --- internal ---

/** Numbers in [0, 1), by mulberry32. */
const random = (seed: number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const shuffled = <A>(items: ReadonlyArray<A>, next: () => number): ReadonlyArray<A> =>
  items
    .map((item) => [next(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
