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
        query: [["key", token]],
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
      assert.include(checkpoint, "https://api.test")
      assert.notInclude(checkpoint, "s3cret")
      const receipt = yield* run(events(second))
      assert.deepInclude(line(receipt, "events"), { status: "complete", pages: 2 })
    }).pipe(Effect.provide(stages(served, events(first))))
  })
})
