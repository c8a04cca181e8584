import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Offset, Resource, Source } from "sluice"
import { line, rows, run, serve, stages } from "./support.ts"

const all = Array.from({ length: 6 }, (_, i) => ({ id: i + 1 }))
const serving = () =>
  serve(({ query }) => {
    const from = Number(query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + 2), total: all.length } }
  })

const events = (token: string) =>
  Source.make({
    name: "test",
    api: { baseUrl: "https://api.test", retry: { maxRetries: 0 }, secrets: [Redacted.make(token)] },
    resources: [
      Resource.make({
        name: "events",
        method: "POST",
        path: "/events",
        // The second is a credential that nobody has declared to be one.
        query: [
          ["key", token],
          ["api_key", "literal-key"]
        ],
        body: { "a token": token, list: [`Token ${token}`] },
        selector: "items",
        primaryKey: "id",
        paginator: Offset.make({ limit: 2 })
      })
    ]
  })

describe("a checkpoint", () => {
  it.effect("holds no secret, and is gone on with under another one", () => {
    const [first, second] = ['s3cret-"one"', "s3cret-two"]
    const served = serving()
    return Effect.gen(function* () {
      yield* run(events(first), { limitPages: 1 })
      const [[checkpoint]] = (yield* rows("SELECT checkpoint FROM _sluice_state")) as [[string]]
      assert.include(checkpoint, '"index":1')
      assert.notInclude(checkpoint, "s3cret")
      assert.notInclude(checkpoint, "literal-key")
      const receipt = yield* run(events(second))
      assert.deepInclude(line(receipt, "events"), { status: "complete", pages: 2 })
    }).pipe(Effect.provide(stages(served, events(first))))
  })
})
