import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, Layer, Redacted } from "effect"
import { Api, Auth, Fetch } from "sluice"
import { api, json, status } from "sluice/testing"
import * as Record from "../../../src/Cli/Crash/Record.ts"
import * as Recording from "../../../src/Cli/Crash/Recording.ts"
import * as Replay from "../../../src/Cli/Crash/Replay.ts"

const secret = "s3cret-in-the-answer"

const of: Api.Options = {
  baseUrl: "https://api.test",
  retry: { maxRetries: 0 },
  auth: Auth.bearer(Redacted.make(secret)),
  secrets: [Redacted.make(secret)]
}

const request = (path: string): Fetch.Request => ({ method: "GET", path, query: [["token", secret]] })

const send = (path: string) => Effect.flatMap(Fetch.Fetch, (fetch) => Effect.either(fetch.send(request(path))))

const stage = (fetch: ReturnType<typeof Replay.layer>, script: ReturnType<typeof api>) =>
  fetch.pipe(Layer.provide(Layer.merge(Api.layer(of), script.layer)))

describe("a recording", () => {
  it.effect("gives what was answered, integers and failures too, asks once, and holds no secret", () =>
    Effect.gen(function* () {
      const script = api([
        json('{"id": 12345678901234567890, "echo": "s3cret-in-the-answer"}', { headers: { "set-cookie": "a=b" } }),
        status(404, { body: { message: "none" } })
      ])
      const recording: Recording.Recording = new Map()
      const all = Effect.all([send("/a"), send("/b"), send("/a")])
      const live = yield* Effect.provide(all, stage(Record.layer(recording, 9), script))
      yield* script.verify
      const text = Recording.encode(recording)
      assert.notInclude(text, secret)
      assert.notInclude(text, "a=b")
      const silent = api([])
      const again = yield* Effect.provide(all, stage(Replay.layer(Recording.decode(text)), silent))
      assert.lengthOf(silent.requests, 0)
      const shown = (found: ReadonlyArray<Either.Either<Fetch.Response, unknown>>) =>
        found.map(Either.match({ onLeft: String, onRight: ({ body, status }) => ({ body, status }) }))
      assert.deepStrictEqual(shown(again), shown(live))
      const [first] = again
      assert.deepStrictEqual(Either.getOrThrow(first).body, { id: 12345678901234567890n, echo: "***" })
      const other = yield* Effect.provide(send("/c"), stage(Replay.layer(recording), silent))
      assert.include(String(Either.getOrThrow(Either.flip(other))), Replay.missing)
    })
  )

  it.effect("ends so many answers into each resource", () =>
    Effect.gen(function* () {
      const script = api([json([]), json([])])
      const recording: Recording.Recording = new Map()
      const within = (name: string, path: string) => Effect.annotateLogs(send(path), { resource: name })
      const [a, b, c] = yield* Effect.all([within("x", "/1"), within("x", "/2"), within("y", "/3")]).pipe(
        Effect.provide(stage(Record.layer(recording, 1), script))
      )
      assert.isUndefined(Either.getOrThrow(a).action)
      assert.strictEqual(Either.getOrThrow(b).action?.kind, "ignore")
      assert.isUndefined(Either.getOrThrow(c).action)
      yield* script.verify
    })
  )
})
