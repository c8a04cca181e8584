import { HttpClient } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Option, Redacted, TestClock } from "effect"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"
import * as Fetch from "../../src/Fetch.ts"
import * as Testing from "../../src/testing.ts"
import { around, collector } from "./collector.ts"
import { get, options, token } from "./support.ts"

const apiToken = '5ecr3t-tok/en+0f=1&"two"'
const ownToken = "0wn-5ecr3t-of-a-resource"
const queryToken = "qu3ry-5ecr3t ü"
const other = "n0t-for-auth-at-all"

/** The beginnings too: a secret cut short is one that by-value scrubbing no longer finds. */
const traces = [apiToken, ownToken, queryToken, other].flatMap((secret) => [
  secret.slice(0, 8),
  secret.slice(-8),
  encodeURIComponent(secret).slice(0, 12),
  JSON.stringify(secret).slice(1, 9),
  Buffer.from(secret).toString("base64").slice(0, 10)
])

const echo = (secret: string) =>
  `you sent ${secret}, ${encodeURIComponent(secret)}, ${Buffer.from(secret).toString("base64")}`

const escaped = (secret: string) =>
  Array.from(secret, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

/** Everything an API might answer that repeats a secret. */
const replies = (secrets: ReadonlyArray<string>): ReadonlyArray<Testing.Reply> => [
  ...secrets.flatMap((secret) => [
    Testing.json({ headers: { "X-Token": secret }, [secret]: [echo(secret)] }, { headers: { "x-echo": echo(secret) } }),
    Testing.json(`{"a":"${escaped(secret)}"}`),
    Testing.status(401, { body: { ErrorCode: secret, Message: echo(secret) } }),
    Testing.status(400, { body: { Message: `${"x".repeat(505)}${secret}` } }),
    Testing.status(400, { body: `{"Message":"${escaped(secret)}"}` }),
    Testing.text(echo(secret), { status: 403 }),
    Testing.html(`<html><title>${secret}</title>`, { status: 422 }),
    Testing.html(`<html><title>${secret}</title>`),
    Testing.json(`{"a": ${JSON.stringify(secret)}`),
    Testing.json(`${JSON.stringify(secret)} ${secret}`),
    Testing.status(302, {
      headers: { location: `https://evil.example/${encodeURIComponent(secret)}?x=${encodeURIComponent(secret)}` }
    }),
    Testing.status(429, { retryAfter: 9999, body: { message: echo(secret) } })
  ]),
  Testing.reset(),
  Testing.reset({ after: "{" })
]

describe("no secret leaves Fetch", () => {
  const auths: ReadonlyArray<readonly [name: string, auth: Auth.Auth | undefined]> = [
    ["the API's header", undefined],
    ["a request's header, unknown to the API", Auth.apiKey({ name: "X-Own", value: ownToken })],
    ["a query parameter", Auth.apiKey({ name: "hush", value: queryToken, location: "query" })]
  ]
  for (const [name, auth] of auths) {
    it.effect(`by error, response, log or span (${name})`, () =>
      Effect.gen(function* () {
        const { layer, out, put, spans } = collector()
        // The API repeats only what it was sent, or holds already; what it cannot know it cannot echo.
        const sent = auth === undefined ? [apiToken, other] : [apiToken, other, Redacted.value(Auth.secrets(auth)[0]!)]
        for (const reply of replies(sent)) {
          const script = Testing.api([reply, reply])
          const program = Effect.flatMap(Fetch.Fetch, ({ redact, send }) =>
            Effect.gen(function* () {
              const path = `items/${encodeURIComponent(sent.at(-1)!)}`
              const exit = yield* Effect.exit(
                send(
                  get(path, {
                    auth,
                    query: [
                      ["q", sent.at(-1)!],
                      ["password", "hidden-pw"]
                    ]
                  })
                )
              )
              put(exit)
              if (Exit.isFailure(exit)) {
                put(Option.getOrThrow(Cause.failureOption(exit.cause)))
                out.push(Cause.pretty(exit.cause, { renderErrorCause: true }))
              } else out.push(JSON.stringify(exit.value))
              put(redact)
            })
          )
          const fetch = Fetch.layer.pipe(
            Layer.provide(
              Api.layer(
                options({
                  auth: Auth.apiKey({ name: "X-Token", value: apiToken }),
                  secrets: [Redacted.make(other)],
                  headers: { "X-Other": other },
                  retry: { maxRetries: 1, baseDelay: 1 }
                })
              )
            ),
            Layer.provide(script.layer)
          )
          const fiber = yield* Effect.fork(Effect.provide(program, Layer.merge(fetch, layer)))
          yield* TestClock.adjust("1 minute")
          yield* fiber.await
          assert.isAbove(script.requests.length, 0)
        }
        const printed = out.join("\n")
        for (const trace of [...traces, "hidden-pw"])
          assert.isFalse(printed.includes(trace), `${trace} in ${around(printed, trace)}`)
        // The net was out: there were logs, spans, errors and bodies to look through.
        assert.include(printed, "trying again")
        // What the runtime says of its own accord when a fiber of ours fails, though that is handled.
        assert.notInclude(printed, "Fiber terminated")
        assert.include(printed, "you sent ***, ***, ***")
        assert.deepStrictEqual([...new Set(spans.map((span) => span.name))], ["Fetch.send"])
        assert.deepStrictEqual([...spans[0]!.attributes.keys()].sort(), [
          "http.request.method",
          "http.response.status_code",
          "sluice.attempts",
          "url.full"
        ])
      })
    )
  }

  it.effect("by a client that logs its requests: the credential's header is named as one to hide", () =>
    Effect.gen(function* () {
      const { layer, out } = collector()
      const script = Testing.api([Testing.json([])])
      const talkative = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.tapRequest((request) => Effect.logInfo("asking", request))
        )
      )
      yield* Effect.flatMap(Fetch.Fetch, ({ send }) => send(get("x"))).pipe(
        Effect.provide(
          Layer.merge(
            Fetch.layer.pipe(
              Layer.provide(Api.layer(options())),
              Layer.provide(talkative),
              Layer.provide(script.layer)
            ),
            layer
          )
        )
      )
      const printed = out.join("\n")
      assert.include(printed, "x-token")
      assert.notInclude(printed, token.slice(0, 8))
    })
  )

  it.effect("but the real one is sent, and no trace header with it", () =>
    Effect.gen(function* () {
      const { layer } = collector()
      const script = Testing.api([Testing.json([])])
      yield* Effect.flatMap(Fetch.Fetch, ({ send }) => send(get("x"))).pipe(
        Effect.withSpan("outer"),
        Effect.provide(
          Layer.merge(Fetch.layer.pipe(Layer.provide(Api.layer(options())), Layer.provide(script.layer)), layer)
        )
      )
      assert.deepStrictEqual(Object.keys(script.requests[0]!.headers).sort(), ["accept", "user-agent", "x-token"])
    })
  )
})
