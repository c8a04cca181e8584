/**
 * How hard one API is asked, over all resources together: the configured limits, and below them what its answers teach.
 *
 * Stage Fetch. One instance per Fetch. A request waits here before its time starts to run, and again before each retry. Whoever
 * waits first goes first; one waits for the time, the others for that one. `Quota` reads headers, `Budget` and `Pace` reckon.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Limits from "../Api/Limits.ts"
import * as Budget from "./Budget.ts"
import * as Pace from "./Pace.ts"
import * as Quota from "./Quota.ts"
import * as RetryAfter from "./RetryAfter.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Limiter {
  /** Holds one of the places, of which there are as many as requests may be under way. */
  readonly place: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Sends when it may, and counts as under way until it is over. To be used inside a place. Interrupting ends a wait at once. */
  readonly start: <A, E>(send: (ticket: Ticket) => Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** What an answer of the API itself teaches; to be called as soon as its headers are there. */
  readonly learn: (ticket: Ticket, answer: Answer) => void
}

/**
 * A request that was started.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ticket {
  readonly clock: Clock.Clock
  readonly sentAt: number
  /** How long it waited for its turn, in milliseconds. */
  readonly waited: number
  /** How much of that by what was learned. */
  readonly held: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What `Retry-After` says counts for nothing: the configuration has a delay of its own for such an answer. */
  readonly isOverruled: boolean
  /** No longer wait is learned, in milliseconds. */
  readonly longest: number
  /** How long all wait after a refusal that says no time, and how much longer after each further one. */
  readonly backOff: { readonly delay: number; readonly factor: number; readonly longest: number }
}

/**
 * Starts are spaced evenly by the rate: a bucket that allows bursts would let twice the rate through in its first second.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (limits: Pick<Limits.Limits, "concurrency" | "rate">): Limiter => {
  const places = Effect.unsafeMakeSemaphore(limits.concurrency)
  const gate = Effect.unsafeMakeSemaphore(1)
  const spacing = 1000 / (limits.rate ?? Infinity)
  const budgets = new Map<string, Budget.Budget>()
  const history = new Float64Array(mostRemembered).fill(-Infinity)
  const state: State = {
    waiting: 0,
    underWay: 0,
    last: -Infinity,
    held: 0,
    pause: { until: -Infinity, told: -Infinity },
    probe: undefined,
    wake: undefined,
    pace: undefined,
    lesson: undefined,
    since: undefined,
    accepted: 0,
    refusedAt: -Infinity,
    refusals: -1,
    roundTrip: Infinity,
    grace: 0
  }

  const wake = () => {
    state.wake?.unsafeOpen()
  }

  /** A clock of somebody's own may be set back: what was reckoned by it counts for nothing then. */
  const read = (clock: Clock.Clock): number => {
    const now = monotonic(clock)
    if (now < state.last) {
      state.last = -Infinity
      state.pause = { until: -Infinity, told: -Infinity }
      state.pace = undefined
      state.lesson = undefined
      state.refusedAt = -Infinity
      history.fill(-Infinity)
      budgets.clear()
    }
    return now
  }

  /** The time before which nothing is sent, and whose limit that is. */
  const next = (now: number): Wait => {
    const learned = state.pace === undefined ? 0 : 1000 / Pace.rate(state.pace, now)
    let wait: Wait = { at: state.last + Math.max(spacing, learned), by: "rate" }
    if (state.pause.until > wait.at) wait = { at: state.pause.until, by: "pause" }
    for (const budget of budgets.values()) {
      if (Budget.hasRoom(budget, state.underWay)) continue
      const isOver = budget.until <= now
      // Behind its end one request looks how much there is.
      if (isOver && state.probe === undefined) continue
      const at = isOver ? now + aWhile : budget.until
      // What is under way may leave room yet, or may not: its answers say so, and wake whoever waits.
      if (at > wait.at) wait = { at, by: isOver || budget.left > 0 ? "answer" : "quota" }
    }
    return wait
  }

  const begin = (clock: Clock.Clock, now: number, at: number, from: From): Ticket => {
    const ticket = { clock, sentAt: now, waited: now - from.now, held: state.held - from.held }
    state.last = at
    state.since ??= now
    for (const budget of budgets.values()) {
      if (!Budget.hasRoom(budget, state.underWay)) state.probe = ticket
    }
    state.underWay++
    return ticket
  }

  const end = (ticket: Ticket) =>
    Effect.sync(() => {
      state.underWay--
      if (state.probe === ticket) state.probe = undefined
      wake()
    })

  /** At the head of those who wait. */
  const turn = (clock: Clock.Clock, from: From, restore: Restore): Effect.Effect<Ticket> => {
    let due = -Infinity
    const step: Effect.Effect<Ticket> = Effect.suspend(() => {
      const now = read(clock)
      const { at, by } = next(now)
      if (at <= now) {
        // Who slept until his time and woke a little late has not lost it: the next one's is reckoned from it.
        const isLate = due === at && now - at < latest
        return Effect.succeed(begin(clock, now, isLate ? at : now, from))
      }
      due = at
      const woken = Effect.unsafeMakeLatch()
      state.wake = woken
      const counted = Effect.map(Effect.timeoutOption(woken.await, Math.ceil(at - now)), () => {
        if (isLearned(by)) state.held += monotonic(clock) - now
      })
      return tellPause(at - now, at, by).pipe(Effect.zipRight(restore(counted)), Effect.zipRight(step))
    })
    return step
  }

  const tellPause = (millis: number, at: number, by: Wait["by"]) => {
    if (!isLearned(by) || millis < worthTelling || at <= state.pause.told) return Effect.void
    state.pause.told = at + 1000
    const why = by === "pause" ? "has asked to wait, or refused a request" : "says that its quota is used up"
    return Effect.logInfo(`the API ${why}: no request starts in the next ${Math.ceil(millis / 1000)} s`).pipe(
      Effect.annotateLogs({ package: "sluice", module: "Fetch" })
    )
  }

  const start = <A, E>(send: (ticket: Ticket) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.clockWith((clock) => {
        const now = read(clock)
        const run = (ticket: Ticket) => Effect.ensuring(restore(send(ticket)), end(ticket))
        const from = { now, held: state.held }
        if (state.waiting === 0 && next(now).at <= now) return run(begin(clock, now, now, from))
        state.waiting++
        return Effect.acquireUseRelease(
          restore(gate.take(1)),
          () => turn(clock, from, restore),
          () => gate.release(1)
        ).pipe(
          Effect.ensuring(
            Effect.sync(() => {
              state.waiting--
            })
          ),
          Effect.flatMap(run)
        )
      })
    )

  const learn = (ticket: Ticket, answer: Answer) => {
    const { headers, longest, status } = answer
    const now = monotonic(ticket.clock)
    state.roundTrip = Math.min(state.roundTrip, now - ticket.sentAt)
    const wall = () => ticket.clock.unsafeCurrentTimeMillis()
    const asked = headers["retry-after"]
    const wait =
      asked === undefined || answer.isOverruled || isOfOneAnswer(status) ? undefined : sensible(asked, wall(), longest)
    const quotas = Quota.read(headers, wall)
    const isRefusal = status === 429 || (wait !== undefined && (status === 503 || status === 403))
    const wasProbe = state.probe === ticket
    // An API that rounds its times down is not asked quite as early the next time.
    if (wasProbe && isRefusal) state.grace = Math.min(1000, state.grace + 250)
    if (wasProbe) budgets.clear()
    if (budgets.size + quotas.length > mostBudgets) budgets.clear()
    for (const quota of quotas) {
      // A wait that is longer than is granted is not made because of a header: what then comes of a request shows it.
      if (quota.resetMillis > longest) budgets.delete(quota.name)
      else {
        const { grace, roundTrip } = state
        const { concurrency } = limits
        const telling = { now, sentAt: ticket.sentAt, roundTrip, concurrency, grace }
        budgets.set(quota.name, Budget.tell(budgets.get(quota.name), quota, telling))
      }
    }
    if (wait !== undefined) state.pause.until = Math.max(state.pause.until, now + wait)
    if (!isRefusal) {
      if (status < 400) accept(ticket, now)
    } else if (ticket.sentAt >= state.refusedAt) {
      const isExplained = quotas.some(({ remaining, resetMillis }) => remaining === 0 && resetMillis <= longest)
      refuse(now, wait, isExplained, answer.backOff)
    }
    wake()
  }

  const accept = (ticket: Ticket, now: number) => {
    if (ticket.sentAt >= (state.since ?? Infinity)) history[state.accepted++ % history.length] = now
    const { lesson } = state
    // It was under way when another was refused, and counts as one that went well before that.
    if (lesson === undefined || ticket.sentAt >= state.refusedAt) return
    const { before, seen } = lesson
    const more = 1000 / (seen.wait ?? 1000)
    const again = { accepted: seen.accepted + 1, recent: seen.recent + more, before: seen.before + more / 2 }
    state.lesson = { before, seen: { ...seen, ...again } }
    state.pace = Pace.refused(before, state.lesson.seen)
  }

  /** Several refusals of requests that were under way together are one. */
  const refuse = (now: number, wait: number | undefined, isExplained: boolean, backOff: Answer["backOff"]) => {
    const { accepted, since } = state
    state.refusals = accepted === 0 ? state.refusals + 1 : 0
    if (!isExplained) {
      const span = wait ?? 1000
      const within = (millis: number) => (history.filter((at) => at > now - millis).length * 1000) / millis
      const seen = { now, accepted, within: now - (since ?? now), recent: within(span), before: within(2 * span), wait }
      state.lesson = { before: state.pace, seen }
      state.pace = Pace.refused(state.pace, state.lesson.seen)
      if (wait === undefined) {
        const delay = Math.min(backOff.longest, backOff.delay * backOff.factor ** state.refusals)
        state.pause.until = Math.max(state.pause.until, now + delay)
      }
    }
    state.refusedAt = now
    state.since = undefined
    state.accepted = 0
  }

  return { place: places.withPermits(1), start, learn }
}

// --- internal ---

/** From here on a wait is worth a word to people, in milliseconds. */
const worthTelling = 3000

/** By a timer, in milliseconds. */
const latest = 25

/** Until then an answer has come, or the time of its request is over; in milliseconds. */
const aWhile = 60_000

/** An API has a few at most; one that names another each time is not to be remembered. */
const mostBudgets = 8

/** Of accepted requests, to see how many there were of late. */
const mostRemembered = 1024

const isLearned = (by: Wait["by"]) => by === "pause" || by === "quota"

/** Not the time of day: that may be set back while everybody waits. */
const monotonic = (clock: Clock.Clock) => Number(clock.unsafeCurrentTimeNanos()) / 1e6

/** Then `Retry-After` says when to look for the outcome, or to follow the redirect (RFC 9110, 10.2.3): nothing of other requests. */
const isOfOneAnswer = (status: number) => status === 202 || (status >= 300 && status < 400)

const sensible = (retryAfter: string, nowMillis: number, longest: number): number | undefined => {
  const wait = RetryAfter.parse(retryAfter, nowMillis)
  const millis = wait === undefined ? 0 : Duration.toMillis(wait)
  return millis > 0 && millis <= longest ? millis : undefined
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** When somebody came, and how long others had been held by then. */
interface From {
  readonly now: number
  readonly held: number
}

interface Wait {
  readonly at: number
  readonly by: "rate" | "pause" | "quota" | "answer"
}

interface State {
  waiting: number
  underWay: number
  /** When the last request started, or should have. */
  last: number
  /** How long the first in line was held back by what was learned, all in all. */
  held: number
  pause: { until: number; told: number }
  /** The request that is to find out about a quota whose end has come. */
  probe: Ticket | undefined
  wake: Effect.Latch | undefined
  pace: Pace.Pace | undefined
  /** What the pace was learned from. */
  lesson: { readonly before: Pace.Pace | undefined; readonly seen: Pace.Seen } | undefined
  /** Start of the first request behind the last refusal. */
  since: number | undefined
  accepted: number
  refusedAt: number
  /** How many refusals there were before the last one without anything accepted between. */
  refusals: number
  roundTrip: number
  grace: number
}
