/**
 * Asks a token URL for an access token: the OAuth grant as `oauth4webapi` has it, sent over our own HTTP client.
 *
 * Stage Fetch, internal to it. Time, size, retries and masking are those of any request; a redirect is never followed,
 * since what is sent is the client's secret. Keeps nothing; that is for `Token`.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import { SignJWT } from "jose"
import * as OAuth from "oauth4webapi"
import type * as Auth from "../Api/Auth.ts"
import type * as ClientCredentials from "../Api/Auth/ClientCredentials.ts"
import * as Credential from "../Api/Auth/Credential.ts"
import type * as Jwt from "../Api/Auth/Jwt.ts"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
import * as Answer from "./Answer.ts"
import * as Body from "./Body.ts"
import * as Exchange from "./Exchange.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"
import * as Outgoing from "./Outgoing.ts"
import * as PrivateKey from "./PrivateKey.ts"
import type * as Redact from "./Redact.ts"
import * as Retry from "./Retry.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Token {
  readonly value: Redacted.Redacted<string>
  readonly lifetime: Duration.Duration
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Settings extends Exchange.Settings {
  readonly redactor: Redact.Growing
}

/**
 * Fails with reason `Auth`, retries by the policy spent; another try of the request cannot help then.
 *
 * @since 0.1.0
 * @category constructors
 */
export const obtain = (
  settings: Settings,
  auth: Auth.OAuth,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<Token, Failure.Failure> =>
  Effect.suspend(() => {
    const url = new URL(auth.tokenUrl)
    const about = { method: "POST", url, attempts: 0 }
    const post = (outgoing: Outgoing.Outgoing) => {
      about.attempts++
      return exchange(settings, outgoing, url, policy)
    }
    const logged = (failure: Failure.Failure) =>
      Effect.logDebug(`${Failure.toError(failure, about, settings.redactor).message}; trying again`).pipe(
        Effect.annotateLogs({ package: "sluice", module: "Fetch" })
      )
    return Retry.run(grant(settings, auth, url, post), policy, logged).pipe(
      Effect.mapError((failure) => ({
        ...failure,
        reason: "Auth" as const,
        detail: `no access token: ${failure.detail}`,
        retry: false,
        about
      })),
      Effect.withSpan("Fetch.token", {
        kind: "client",
        captureStackTrace: false,
        attributes: { "url.full": settings.redactor.url(url) }
      })
    )
  })

// --- internal ---

type Post = (outgoing: Outgoing.Outgoing) => Effect.Effect<Fields, Failure.Failure>

type Fields = Readonly<Record<string, unknown>>

const maxBytes = 1024 * 1024

const exchange = (
  settings: Settings,
  outgoing: Outgoing.Outgoing,
  url: URL,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<Fields, Failure.Failure> => {
  const { limits, redactor } = settings
  const own: Exchange.Settings = {
    ...settings,
    limits: { ...limits, maxBodyBytes: Math.min(limits.maxBodyBytes, maxBytes) },
    guard: () => "a request for a token is never redirected; write the URL that answers it"
  }
  return Effect.flatMap(Exchange.attempt(own, outgoing, url), (raw) => {
    const reading = { policy, actions: [], redactor }
    if (raw.status < 200 || raw.status >= 300) return Answer.refused(raw, reading)
    // Not `Answer.read`: it would mask a token that is known already, since the server may give the same one again.
    const fields = Either.flatMap(Body.text(raw.bytes), Json.parse)
    if (Either.isLeft(fields)) return Effect.fail({ ...Failure.make("Body", fields.left), status: raw.status })
    if (!isRecord(fields.right)) return fail("the answer is not a JSON object", raw.status)
    // Some servers refuse with a 200.
    return typeof fields.right["error"] === "string" && fields.right["access_token"] === undefined
      ? Answer.refused(raw, reading)
      : Effect.succeed(fields.right)
  })
}

const grant = (settings: Settings, auth: Auth.OAuth, url: URL, post: Post): Effect.Effect<Token, Failure.Failure> =>
  Effect.gen(function* () {
    const { client, headers, method, parameters, type } =
      auth._tag === "OAuth2ClientCredentials" ? byCredentials(auth) : yield* byAssertion(settings, auth)
    const server: OAuth.AuthorizationServer = { issuer: url.href, token_endpoint: url.href }
    const runtime = yield* Effect.runtime<never>()
    const ask = async (_: string, init: OAuth.CustomFetchOptions<"POST", URLSearchParams>) => {
      // Of the library's headers only the client's own proof: the others name the library.
      const { authorization } = init.headers
      const outgoing = Outgoing.form(inOrder(init.body), {
        ...(authorization === undefined ? {} : { authorization }),
        ...headers
      })
      const signal = init.signal === undefined ? {} : { signal: init.signal }
      const answer = await Runtime.runPromise(runtime)(Effect.either(post(outgoing)), signal)
      if (Either.isLeft(answer)) throw new Refused(answer.left)
      return conforming(answer.right)
    }
    const said = yield* Effect.tryPromise({
      try: async (signal) => {
        const options = { [OAuth.customFetch]: ask, [OAuth.allowInsecureRequests]: true, signal }
        const response = await OAuth.genericTokenEndpointRequest(server, client, method, type, parameters, options)
        return OAuth.processGenericTokenEndpointResponse(server, client, response)
      },
      catch: (error) => (error instanceof Refused ? error.failure : Failure.make("Auth", unusable(error), false))
    })
    const value = Redacted.make(said.access_token)
    settings.redactor.rotate(value)
    const lifetime = said.expires_in === undefined ? auth.defaultExpiration : Duration.seconds(said.expires_in)
    return { value, lifetime }
  })

interface Grant {
  readonly type: string
  readonly client: OAuth.Client
  readonly method: OAuth.ClientAuth
  readonly parameters: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

const byCredentials = (auth: ClientCredentials.ClientCredentials): Grant => {
  const data = Object.entries(auth.requestData).map(([name, value]) => [name, Credential.text(value)])
  const {
    client_id = Credential.text(auth.clientId),
    client_secret = Credential.text(auth.clientSecret),
    grant_type = "client_credentials",
    ...parameters
  }: Record<string, string> = Object.fromEntries(data)
  return {
    type: grant_type,
    client: { client_id },
    method: auth.authMethod === "post" ? OAuth.ClientSecretPost(client_secret) : OAuth.ClientSecretBasic(client_secret),
    parameters,
    headers: {}
  }
}

const byAssertion = (settings: Settings, auth: Jwt.Jwt): Effect.Effect<Grant, Failure.Failure> =>
  Effect.gen(function* () {
    const client = Credential.text(auth.clientId)
    const final = (why: string) => Failure.make("Auth", why, false)
    const key = yield* Effect.mapError(PrivateKey.read(auth), final)
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const assertion = yield* Effect.tryPromise({
      try: () =>
        new SignJWT(auth.scope === "" ? {} : { scope: auth.scope })
          .setProtectedHeader({ alg: "RS256", typ: "JWT" })
          .setIssuer(client)
          .setSubject(client)
          .setAudience(auth.tokenUrl)
          .setIssuedAt(now)
          .setExpirationTime(now + 3600)
          .sign(key),
      catch: () => final("the private key cannot sign with RS256; it must be an RSA key of 2048 bits or more")
    })
    settings.redactor.rotate(Redacted.make(assertion))
    return {
      type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      client: { client_id: client },
      // The assertion is the proof.
      method: () => {},
      parameters: { assertion },
      headers: auth.headers
    }
  })

/** Carries a failure of ours through the library. */
class Refused extends Error {
  readonly failure: Failure.Failure
  constructor(failure: Failure.Failure) {
    super("refused")
    this.failure = failure
  }
}

// As dlt writes them; to a server it is all the same.
const inOrder = (fields: URLSearchParams) => {
  const first = ["client_id", "client_secret", "grant_type"]
  const pairs = [...fields]
  const own = first.flatMap((wanted) => pairs.filter(([name]) => name === wanted))
  return new URLSearchParams([...own, ...pairs.filter(([name]) => !first.includes(name))])
}

// Only what is used, in the form that the standard wants: servers leave out `token_type`, call it by names of their own,
// answer 201, or add an id_token of an issuer nobody declared.
const conforming = ({ access_token, expires_in }: Fields) =>
  Response.json({ access_token, token_type: "bearer", ...(expires_in === null ? {} : { expires_in }) })

// Never the library's own words: they may be followed by the whole answer.
const unusable = (error: unknown) =>
  error instanceof OAuth.OperationProcessingError && error.code === OAuth.INVALID_RESPONSE
    ? "the answer of the token URL holds no usable access_token and expires_in"
    : "the request for a token cannot be built"

const fail = (why: string, status: number) => Effect.fail({ ...Failure.make("Auth", why, false), status })

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
