import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Cursor, Offset, Resource, Source } from "sluice"
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

  it.effect("is void where its page is the last one by now, whatever its rows", () => {
    let left = 3
    const served = serve(({ query }) => {
      const page = Number(query["cursor"] ?? 1)
      return { body: { items: all.slice(page * 2 - 2, page * 2), cursors: { next: page < left ? page + 1 : null } } }
    })
    const of = Source.make({
      name: "test",
      api: { baseUrl: "https://api.test", retry: { maxRetries: 0 } },
      resources: [
        Resource.make({ name: "events", path: "/e", selector: "items", primaryKey: "id", paginator: Cursor.make() })
      ]
    })
    return Effect.gen(function* () {
      yield* run(of, { limitPages: 2 })
      left = 2
      const receipt = line(yield* run(of), "events")
      assert.deepInclude(receipt, { status: "complete", stop_reason: "no_next" })
      assert.include(receipt.notices.join(), "page 2 is no longer what it was")
    }).pipe(Effect.provide(stages(served, of)))
  })
})
