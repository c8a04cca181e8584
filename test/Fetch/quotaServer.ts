/** An API under a clock of tests that takes so many requests a second, refuses the others, and tells what it is asked to tell. */
import { Clock, Effect, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "@effect/platform"

export interface Rules {
  /** Seconds by the clock, or filled drop by drop. */
  readonly kind: "window" | "bucket"
  readonly limit: number
  /** Of an answer, half of it on each way; in milliseconds. */
  readonly latency: (request: number) => number
  readonly tells: (state: State) => Readonly<Record<string, string>>
}

export interface State {
  /** Behind this request; below 0 when it is refused. */
  readonly left: number
  /** Seconds until there is more. */
  readonly reset: number
  readonly limit: number
  /** In milliseconds. */
  readonly now: number
}

export const make = ({ kind, latency, limit, tells }: Rules) => {
  const taken: Array<number> = []
  const refused: Array<number> = []
  let window = { second: -1, used: 0 }
  let bucket = { level: limit, at: 0 }
  const count = (now: number): State => {
    if (kind === "window") {
      const second = Math.floor(now / 1000)
      if (second !== window.second) window = { second, used: 0 }
      window.used = Math.min(limit + 1, window.used + 1)
      return { left: limit - window.used, reset: second + 1 - now / 1000, limit, now }
    }
    bucket = { level: Math.min(limit, bucket.level + ((now - bucket.at) * limit) / 1000), at: now }
    const left = Math.floor(bucket.level - 1)
    if (left >= 0) bucket.level--
    return { left, reset: (limit - bucket.level) / limit, limit, now }
  }
  const client = HttpClient.make((request) =>
    Effect.gen(function* () {
      const half = Math.round(latency(taken.length + refused.length) / 2)
      yield* Effect.sleep(half)
      const now = yield* Clock.currentTimeMillis
      const state = count(now)
      ;(state.left < 0 ? refused : taken).push(now)
      yield* Effect.sleep(half)
      const headers = { "content-type": "application/json", ...tells(state) }
      return HttpClientResponse.fromWeb(request, new Response("[]", { status: state.left < 0 ? 429 : 200, headers }))
    })
  )
  return { taken, refused, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

const left = ({ left }: State) => String(Math.max(0, left))

export const tells = {
  structured: (state: State) => ({
    ratelimit: `"default";r=${left(state)};t=${Math.ceil(state.reset)}`,
    "ratelimit-policy": `"default";q=${state.limit};w=1`
  }),
  fields: (state: State) => ({
    "ratelimit-limit": String(state.limit),
    "ratelimit-remaining": left(state),
    "ratelimit-reset": String(Math.ceil(state.reset))
  }),
  /** As a time; this clock's begins in 1970, and so the numbers need an era. */
  epoch: (state: State) => ({
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": left(state),
    "x-ratelimit-reset": String(Math.ceil((state.now + state.reset * 1000) / 1000))
  }),
  retryAfter: (state: State): Readonly<Record<string, string>> =>
    state.left < 0 ? { "retry-after": String(Math.ceil(state.reset)) } : {},
  nothing: () => ({})
} as const
