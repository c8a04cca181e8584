/**
 * Access tokens in use: one for each distinct client, shared by all requests of a Fetch, and never stored.
 *
 * Stage Fetch, internal to it. Asks `Grant` for a token when there is none, when it is about to expire, and when an API
 * refused it. Whoever needs a token while it is being asked for waits for that one request.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type * as Auth from "../Api/Auth.ts"
import type { Failure } from "./Failure.ts"
import type * as Grant from "./Grant.ts"
import type * as Limiter from "./Limiter.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Tokens {
  /** A token that is good for a while. */
  readonly get: (
    auth: Auth.OAuth,
    obtain: Effect.Effect<Grant.Token, Failure>
  ) => Effect.Effect<Redacted.Redacted<string>, Failure>
  /** That this token was refused: the next `get` asks for another, unless somebody has already. */
  readonly reject: (auth: Auth.OAuth, token: Redacted.Redacted<string>) => void
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Tokens => {
  const byKey = new Map<string, Client>()
  const byValue = new WeakMap<Auth.OAuth, Client>()
  const clientOf = (auth: Auth.OAuth): Client => {
    const known = byValue.get(auth)
    if (known !== undefined) return known
    const key = keyOf(auth)
    const client = byKey.get(key) ?? {
      turn: Effect.unsafeMakeSemaphore(1),
      held: undefined,
      failures: 0,
      failure: undefined
    }
    byKey.set(key, client)
    byValue.set(auth, client)
    return client
  }
  return {
    get: (auth, obtain) =>
      Effect.suspend(() => {
        const client = clientOf(auth)
        const failures = client.failures
        return client.turn.withPermits(1)(
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            if (client.held !== undefined && now < client.held.renewAt) return Effect.succeed(client.held.value)
            // Asked for and refused while this one waited: it would be refused again, once for every waiting request.
            if (client.failure !== undefined && client.failures !== failures) return Effect.fail(client.failure)
            return renew(client, obtain)
          })
        )
      }),
    reject: (auth, token) => {
      const client = clientOf(auth)
      if (client.held !== undefined && Redacted.value(client.held.value) === Redacted.value(token))
        client.held = undefined
    }
  }
}

/**
 * An attempt with a token, which is asked for before the request's turn comes: while it is, nothing is sent. One that an API refuses with 401 is followed by one more attempt, with another token; a second
 * refusal stands. What a response action says about a 401 goes before that.
 *
 * @since 0.1.0
 * @category combinators
 */
export const using = <A>(
  tokens: Tokens,
  auth: Auth.OAuth,
  obtain: Effect.Effect<Grant.Token, Failure>,
  attempt: (token: Redacted.Redacted<string>, ticket: Limiter.Ticket) => Effect.Effect<A, Failure>,
  limiter: Limiter.Limiter
): Effect.Effect<A, Failure> => {
  let renewed = false
  const once: Effect.Effect<A, Failure> = Effect.flatMap(
    limiter.place(
      Effect.flatMap(tokens.get(auth, obtain), (token) =>
        limiter.start((ticket) =>
          // One that had to wait long may find its token too old.
          Effect.flatMap(ticket.waited < aMoment ? Effect.succeed(token) : tokens.get(auth, obtain), (token) =>
            Effect.map(Effect.either(attempt(token, ticket)), (result) => ({ result, token }))
          )
        )
      )
    ),
    ({ result, token }) => {
      if (Either.isRight(result)) return Effect.succeed(result.right)
      const { action, reason, status } = result.left
      if (status !== 401 || (reason !== "Status" && action === undefined)) return Effect.fail(result.left)
      tokens.reject(auth, token)
      if (renewed || action !== undefined) return Effect.fail(result.left)
      renewed = true
      return once
    }
  )
  return once
}

// --- internal ---

/** In milliseconds; a token is renewed earlier than that. */
const aMoment = 1000

interface Client {
  readonly turn: Effect.Semaphore
  held: { readonly value: Redacted.Redacted<string>; readonly renewAt: number } | undefined
  failures: number
  failure: Failure | undefined
}

const renew = (client: Client, obtain: Effect.Effect<Grant.Token, Failure>) =>
  obtain.pipe(
    Effect.tapError((failure) =>
      Effect.sync(() => {
        client.failures++
        client.failure = failure
      })
    ),
    Effect.zip(Clock.currentTimeMillis),
    Effect.map(([token, now]) => {
      const lifetime = Duration.toMillis(token.lifetime)
      // Early, so that it does not expire between here and the API; of a token that lasts seconds, only a little.
      client.held = { value: token.value, renewAt: now + lifetime - Math.min(60_000, lifetime / 10) }
      return token.value
    })
  )

/** Equal for clients that would get the same token. Stays in memory, as the secrets in it do. */
const keyOf = (auth: Auth.OAuth): string => {
  const own =
    auth._tag === "OAuthJwt"
      ? [auth.privateKey, auth.passphrase ?? "", auth.scope, ...Object.entries(auth.headers).flat()]
      : [auth.clientSecret, auth.authMethod, ...Object.entries(auth.requestData).flat()]
  const parts = [auth._tag, auth.tokenUrl, auth.clientId, String(Duration.toMillis(auth.defaultExpiration)), ...own]
  return JSON.stringify(parts.map((part) => (Redacted.isRedacted(part) ? Redacted.value(part) : part)))
}
