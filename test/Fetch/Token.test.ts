import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Either, Fiber, Redacted, TestClock } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import type * as Fetch from "../../src/Fetch.ts"
import * as Token from "../../src/Fetch/Token.ts"
import { api, json, reset, status, text, type Reply } from "../../src/testing.ts"
import { get, over } from "./support.ts"

const secret = "cl13nt/5ecr3t+x"

/** A new value each time, as every resource has one. */
const client = (more: Partial<Parameters<typeof Auth.oauth2ClientCredentials>[0]> = {}) =>
  Auth.oauth2ClientCredentials({
    tokenUrl: "https://auth.example.com/token",
    clientId: "the client",
    clientSecret: secret,
    ...more
  })

const granted = (access_token: string, more: object = {}) =>
  json({ access_token, token_type: "Bearer", expires_in: 3600, ...more })

const from = (replies: { readonly token: ReadonlyArray<Reply>; readonly x?: ReadonlyArray<Reply> }) =>
  api({ "/token": replies.token, "/x": replies.x ?? [] })

const rows = (count: number) => Array.from({ length: count }, () => json([1]))

const ask = (more: Partial<Fetch.Request> = {}) => get("x", { auth: client(), ...more })

/** The credentials the API was shown, in order. */
const shown = (script: ReturnType<typeof api>) =>
  script.requests.filter(({ path }) => path.endsWith("/x")).map(({ headers }) => headers["authorization"])

/** Runs to the end, moving the clock while it waits: the grant has steps that are not on it. */
const elapse = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(Effect.either(effect))
    for (let i = 0; i < 500 && (yield* fiber.poll)._tag === "None"; i++) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })

const failure = (script: ReturnType<typeof api>, more: Partial<Fetch.Request> = {}) =>
  Effect.gen(function* () {
    const result = yield* elapse(over(script, ({ send }) => send(ask(more))))
    yield* script.verify
    const error = Either.isLeft(result) ? result.left : undefined
    return error?._tag === "FetchError" ? error : assert.fail("it did not fail as it should")
  })

describe("access tokens", () => {
  it.effect("the request of the standard: a form of the grant, the id, the secret and further data", () =>
    Effect.gen(function* () {
      const script = from({ token: [granted("t0k3n-1")], x: rows(1) })
      const auth = client({ requestData: { scope: "read write", audience: Redacted.make("https://api") } })
      const { attempts, body } = yield* over(script, ({ send }) => send(ask({ auth, headers: { "X-Own": "1" } })), {
        headers: { "X-Api": "1" }
      })
      assert.deepStrictEqual([attempts, body], [1, [1]])
      const { headers, method, body: form, url } = script.requests[0]!
      assert.deepStrictEqual([method, url], ["POST", "https://auth.example.com/token"])
      assert.deepStrictEqual(
        [...new URLSearchParams(String(form))],
        [
          ["client_id", "the client"],
          ["client_secret", secret],
          ["grant_type", "client_credentials"],
          ["scope", "read write"],
          ["audience", "https://api"]
        ]
      )
      assert.deepStrictEqual(Object.keys(headers).sort(), ["accept", "content-length", "content-type", "user-agent"])
      assert.strictEqual(headers["content-type"], "application/x-www-form-urlencoded")
      assert.match(headers["user-agent"] ?? "", /^sluice\//)
      assert.deepStrictEqual(shown(script), ["Bearer t0k3n-1"])
    })
  )

  it.effect("data of the same name goes over grant, id and secret; Basic keeps both out of the form", () =>
    Effect.gen(function* () {
      const forms = from({ token: [granted("a"), granted("b")], x: rows(2) })
      const requestData = { grant_type: "account_credentials", client_id: "other", account_id: "7" }
      yield* over(forms, ({ send }) =>
        Effect.all([send(ask({ auth: client({ requestData }) })), send(ask({ auth: client({ authMethod: "basic" }) }))])
      )
      const [replaced, basic] = forms.requests.filter(({ path }) => path === "/token")
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(String(replaced!.body))), {
        grant_type: "account_credentials",
        client_id: "other",
        client_secret: secret,
        account_id: "7"
      })
      assert.deepStrictEqual([...new URLSearchParams(String(basic!.body))], [["grant_type", "client_credentials"]])
      const sent = Buffer.from(basic!.headers["authorization"]!.slice("Basic ".length), "base64").toString()
      assert.strictEqual(sent, `the+client:${encodeURIComponent(secret)}`)
    })
  )

  it.effect("six resources asking at once, each with its own value: one token request", () =>
    Effect.gen(function* () {
      const script = from({ token: [granted("t0k3n-1")], x: rows(12) })
      yield* over(script, ({ send }) =>
        Effect.forEach(
          Array.from({ length: 6 }),
          () =>
            Effect.repeatN(
              Effect.suspend(() => send(ask())),
              1
            ),
          {
            concurrency: "unbounded"
          }
        )
      )
      assert.deepStrictEqual(new Set(shown(script)), new Set(["Bearer t0k3n-1"]))
      yield* script.verify
    })
  )

  it.effect("a turn of one at a time is not waited for by the request that holds it", () =>
    Effect.gen(function* () {
      const script = from({ token: [granted("old"), granted("new")], x: [status(401), ...rows(3)] })
      yield* over(script, ({ send }) => Effect.forEach([1, 2, 3], () => send(ask()), { concurrency: "unbounded" }), {
        limits: { concurrency: 1 }
      })
      yield* script.verify
    })
  )

  it.effect("another client, secret or scope has another token", () =>
    Effect.gen(function* () {
      const auths = [
        client(),
        client({ clientId: "another" }),
        client({ clientSecret: "another-secret" }),
        client({ tokenUrl: "https://auth.example.com/other/token" }),
        client({ requestData: { scope: "read" } }),
        client({ requestData: { scope: Redacted.make("write") } })
      ]
      const script = from({ token: auths.map((_, i) => granted(`t0k3n-${i}`)), x: rows(12) })
      yield* over(script, ({ send }) => Effect.forEach([...auths, ...auths], (auth) => send(ask({ auth }))))
      const all = auths.map((_, i) => `Bearer t0k3n-${i}`)
      assert.deepStrictEqual(shown(script), [...all, ...all])
      yield* script.verify
    })
  )

  it.effect("renewed a minute before it expires, and of a short-lived one a tenth before", () =>
    Effect.gen(function* () {
      const run = (tokens: ReadonlyArray<Reply>, moments: ReadonlyArray<number>, auth = client()) =>
        Effect.gen(function* () {
          const script = from({ token: tokens, x: rows(moments.length) })
          yield* over(script, ({ send }) =>
            Effect.forEach(moments, (seconds) => Effect.zipRight(TestClock.adjust(seconds * 1000), send(ask({ auth }))))
          )
          yield* script.verify
          return shown(script).map((one) => one?.slice("Bearer ".length))
        })
      assert.deepStrictEqual(yield* run([granted("a"), granted("b")], [0, 3539, 1, 3539]), ["a", "a", "b", "b"])
      const short = (name: string) => granted(name, { expires_in: 10 })
      assert.deepStrictEqual(yield* run([short("a"), short("b")], [0, 8, 1]), ["a", "a", "b"])
      const text10 = granted("a", { expires_in: "10" })
      assert.deepStrictEqual(yield* run([text10, granted("b")], [0, 8, 1]), ["a", "a", "b"])
      const silent = [json({ access_token: "a" }), json({ access_token: "b", expires_in: null })]
      assert.deepStrictEqual(yield* run(silent, [0, 3539, 1]), ["a", "a", "b"])
      const lasting = client({ defaultExpiration: Duration.minutes(1) })
      assert.deepStrictEqual(yield* run(silent, [0, 53, 1], lasting), ["a", "a", "b"])
    })
  )

  it.effect("takes what servers really answer: no type or an odd one, 201, an id_token", () =>
    Effect.gen(function* () {
      const odd = [
        json({ access_token: "a" }),
        json({ access_token: "a", token_type: "BearerToken" }, { status: 201 }),
        granted("a", { id_token: "x.y.z", refresh_token: 5, scope: ["r"] }),
        text('{"access_token":"a"}')
      ]
      for (const reply of odd) {
        const script = from({ token: [reply], x: rows(1) })
        yield* over(script, ({ send }) => send(ask()))
        assert.deepStrictEqual(shown(script), ["Bearer a"])
      }
    })
  )
})

describe("a token the API refuses", () => {
  it.effect("is replaced once, at once, and the request answered", () =>
    Effect.gen(function* () {
      const script = from({ token: [granted("old"), granted("new")], x: [status(401), json([1])] })
      const { attempts, body } = yield* over(script, ({ send }) => send(ask()))
      assert.deepStrictEqual([attempts, body], [2, [1]])
      assert.deepStrictEqual(shown(script), ["Bearer old", "Bearer new"])
      yield* script.verify
    })
  )

  it.effect("the second refusal stands", () =>
    Effect.gen(function* () {
      const refused = status(401, { body: { message: "no access for t0k3n-two" } })
      const script = from({ token: [granted("t0k3n-one"), granted("t0k3n-two")], x: [refused, refused] })
      const error = yield* failure(script)
      assert.strictEqual(
        error.message,
        "GET https://api.example.com/v1/x answered 401: no access for ***, after 2 attempts"
      )
      assert.strictEqual(error.reason, "Status")
      assert.isFalse(error.isRetryable)
    })
  )

  it.effect("that many hold is replaced once for all of them", () =>
    Effect.gen(function* () {
      const refusals = Array.from({ length: 6 }, () => status(401, {}))
      const script = from({ token: [granted("old"), granted("new")], x: [json([]), ...refusals, ...rows(6)] })
      const results = yield* over(script, ({ send }) =>
        Effect.zipRight(
          send(ask()),
          Effect.forEach(Array.from({ length: 6 }), () => send(ask()), { concurrency: 6 })
        )
      )
      assert.lengthOf(results, 6)
      yield* script.verify
    })
  )

  it.effect("is no matter for kinds of auth without one", () =>
    Effect.gen(function* () {
      const error = yield* failure(from({ token: [], x: [status(401)] }), { auth: Auth.bearer("t0k3n") })
      assert.strictEqual(error.attempts, 1)
    })
  )

  it.effect("what a response action says of a 401 goes first", () =>
    Effect.gen(function* () {
      const script = from({ token: [granted("t0k3n")], x: [status(401), json([1])] })
      const actions = [{ statusCode: 401, action: { kind: "ignore" } }] as const
      yield* over(script, ({ send }) =>
        Effect.gen(function* () {
          assert.strictEqual((yield* send(ask({ actions }))).action?.kind, "ignore")
          yield* send(ask())
        })
      )
      yield* script.verify
      const again = from({ token: [granted("old"), granted("new")], x: [status(401), json([1])] })
      const result = yield* elapse(
        over(again, ({ send }) => send(ask({ actions: [{ statusCode: 401, action: { kind: "retry" } }] })))
      )
      assert.isTrue(Either.isRight(result))
      assert.deepStrictEqual(shown(again), ["Bearer old", "Bearer new"])
    })
  )
})

describe("a token URL that gives none", () => {
  it.effect("is the request's failure, names itself, and shows no secret", () =>
    Effect.gen(function* () {
      const refusal = status(400, {
        body: { error: "invalid_client", error_description: `bad secret ${secret}, ${encodeURIComponent(secret)}` }
      })
      const error = yield* failure(from({ token: [refusal] }))
      assert.strictEqual(error.reason, "Auth")
      assert.isFalse(error.isRetryable)
      assert.strictEqual(
        error.message,
        "POST https://auth.example.com/token answered 400 (error code invalid_client): no access token: bad secret ***, ***"
      )
    })
  )

  const useless: ReadonlyArray<readonly [reply: Reply, says: string]> = [
    [json({ error: "invalid_scope" }), "invalid_scope"],
    [json({ token: "x" }), "holds no usable access_token"],
    [json({ access_token: "" }), "holds no usable access_token"],
    [json({ access_token: 5 }), "holds no usable access_token"],
    [json({ access_token: "x", expires_in: "soon" }), "holds no usable access_token and expires_in"],
    [json([]), "not a JSON object"],
    [status(302, { headers: { location: "https://auth.example.com/login" } }), "is never redirected"],
    [status(307, { headers: { location: "https://api.example.com/token" } }), "is never redirected"]
  ]
  for (const [reply, says] of useless) {
    it.effect(`${reply.status} ${reply.body}: ${says}`, () =>
      Effect.gen(function* () {
        const error = yield* failure(from({ token: [reply] }))
        assert.strictEqual(error.reason, "Auth")
        assert.include(error.message, says)
        assert.strictEqual(error.attempts, 1)
      })
    )
  }

  it.effect("is asked again by the policy, for the whole of its answers and the network's", () =>
    Effect.gen(function* () {
      const script = from({ token: [status(503), reset(), status(429, { retryAfter: 7 }), granted("a")], x: rows(1) })
      const result = yield* elapse(over(script, ({ send }) => send(ask())))
      assert.isTrue(Either.isRight(result) && result.right.attempts === 1)
      yield* script.verify
      const spent = yield* failure(from({ token: [status(503), reset({ after: "{" }), status(500), status(503)] }))
      assert.deepInclude({ ...spent }, { reason: "Auth", status: 503, attempts: 4, isRetryable: true })
    })
  )

  it.effect("is asked once for all who wait for it, and again by the next", () =>
    Effect.gen(function* () {
      const script = from({ token: [status(400), granted("a")], x: rows(1) })
      const results = yield* over(script, ({ send }) =>
        Effect.gen(function* () {
          const sends = Array.from({ length: 6 }, () => Effect.either(send(ask())))
          const first = yield* Effect.all(sends, { concurrency: 6 })
          return [...first, yield* Effect.either(send(ask()))]
        })
      )
      assert.deepStrictEqual(results.map(Either.isRight), [false, false, false, false, false, false, true])
      yield* script.verify
    })
  )

  it.effect("a private key that cannot be read is named without a word of it", () =>
    Effect.gen(function* () {
      const auth = Auth.oauthJwt({
        tokenUrl: "https://auth.example.com/token",
        clientId: "me",
        privateKey: "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----"
      })
      const error = yield* failure(from({ token: [] }), { auth })
      assert.strictEqual(
        error.message,
        "POST https://auth.example.com/token: no access token: the private key cannot be read as an RSA key in PEM form"
      )
      assert.strictEqual(error.attempts, 0)
    })
  )
})

describe("Token", () => {
  const auth = Auth.oauth2ClientCredentials({ tokenUrl: "https://a.example", clientId: "a", clientSecret: "b" })

  it.effect("who waits for a request that is interrupted makes it anew", () =>
    Effect.gen(function* () {
      if (!Auth.isOAuth(auth)) return assert.fail("not OAuth")
      const tokens = Token.make()
      const begun = yield* Deferred.make<void>()
      const never = Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)
      const first = yield* Effect.fork(tokens.get(auth, never))
      yield* Deferred.await(begun)
      const value = Redacted.make("second")
      const second = yield* Effect.fork(tokens.get(auth, Effect.succeed({ value, lifetime: Duration.hours(1) })))
      yield* Effect.yieldNow()
      assert.strictEqual((yield* second.poll)._tag, "None")
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Fiber.join(second), value)
    })
  )

  it.effect("rejecting a token that was replaced already changes nothing", () =>
    Effect.gen(function* () {
      if (!Auth.isOAuth(auth)) return assert.fail("not OAuth")
      const tokens = Token.make()
      let count = 0
      const obtain = Effect.sync(() => ({ value: Redacted.make(`t${++count}`), lifetime: Duration.hours(1) }))
      const old = yield* tokens.get(auth, obtain)
      tokens.reject(auth, old)
      const next = yield* tokens.get(auth, obtain)
      tokens.reject(auth, old)
      assert.strictEqual(yield* tokens.get(auth, obtain), next)
      assert.strictEqual(count, 2)
    })
  )

  it.effect("assertions of another scope, header or lifetime get a token of their own", () =>
    Effect.gen(function* () {
      const tokens = Token.make()
      let count = 0
      const obtain = Effect.sync(() => ({ value: Redacted.make(`t${++count}`), lifetime: Duration.hours(1) }))
      const own = { tokenUrl: "https://a.example", clientId: "a", privateKey: "k" }
      const differing = [
        {},
        { scopes: "read" },
        { headers: { "X-Tenant": "1" } },
        { defaultExpiration: "1 minute" }
      ] as const
      for (const more of [...differing, ...differing]) {
        const jwt = Auth.oauthJwt({ ...own, ...more })
        if (!Auth.isOAuth(jwt)) return assert.fail("not OAuth")
        yield* tokens.get(jwt, obtain)
      }
      assert.strictEqual(count, differing.length)
    })
  )
})
