/**
 * The rate that is learned from refusals, where nothing tells it: lowered at once, kept for a while, then raised slowly.
 *
 * Stage Fetch, pure: the time comes in as an argument, in milliseconds of a clock that only goes forward. `Limiter` spaces
 * requests by it, under the configured rate.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Pace {
  /** Requests a second that are taken to be accepted. */
  readonly level: number
  /** When that was learned. */
  readonly since: number
  /** So long it is kept to, in milliseconds; behind that, more is tried. */
  readonly keep: number
}

/**
 * What was seen up to a refusal, since the first request behind the one before.
 *
 * @since 0.1.0
 * @category models
 */
export interface Seen {
  readonly now: number
  /** Requests that were accepted. */
  readonly accepted: number
  /** In so many milliseconds. */
  readonly within: number
  /** Requests a second that were accepted of late: in a time as long as the wait, or in a second. */
  readonly recent: number
  /** The same in twice that time. */
  readonly before: number
  /** The wait that was asked for, in milliseconds: behind it, as many are taken to be accepted again. */
  readonly wait: number | undefined
}

/**
 * Requests a second at a time; `Infinity` when the lesson is so old that it counts no more.
 *
 * @since 0.1.0
 * @category accessors
 */
export const rate = (pace: Pace, now: number): number => {
  const seconds = Math.max(0, now - pace.since - pace.keep) / 1000
  // Slowly at first, since it is probably close; faster the longer nothing is refused: the limit may be far higher.
  const raised = pace.level * (1 + seconds / 100 + (seconds * seconds) / 1000)
  return raised > fastest ? Infinity : raised
}

/**
 * `undefined` as long as nothing can be said: what is refused from the start says nothing about a rate.
 *
 * @since 0.1.0
 * @category combinators
 */
export const refused = (pace: Pace | undefined, seen: Seen): Pace | undefined => {
  const { accepted, before, now, recent, wait } = seen
  const keep = wait === undefined ? 5000 : 30_000
  if (pace === undefined) {
    // The time just before a refusal may reach over two windows, and then more went well than one allows; the time before that had
    // fewer requests, or it would have been refused then. The limit is between the two.
    const between = (recent + Math.max(average(seen), before)) / 2
    const level = between * (wait === undefined ? 0.9 : 0.97)
    return accepted === 0 ? undefined : { level: Math.max(slowest, level), since: now, keep }
  }
  const tried = rate(pace, now)
  const isTrial = tried > pace.level && tried < Infinity
  const level = isTrial
    ? Math.max(pace.level * 0.98, tried * 0.95)
    : Math.min(Math.max(average(seen), pace.level * 0.5), pace.level * 0.9)
  return {
    level: Math.max(slowest, level),
    since: now,
    // The limit is where it was: it is not worth a refusal every few seconds to see that again.
    keep: isTrial ? Math.min(longest, pace.keep * 2) : keep
  }
}

// --- internal ---

/**
 * From one wait to the end of the next there fits what the limit is. The wait is told in whole seconds, rounded up. Where none is
 * told, the window is taken for a second: of a short burst, that is all that can be meant.
 */
const average = ({ accepted, wait, within }: Seen) =>
  (accepted * 1000) / Math.max(1000, wait === undefined ? within : within + wait - 1000)

/** Requests a second. */
const slowest = 1 / 60
const fastest = 1000

const longest = 300_000
