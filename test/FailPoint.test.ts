import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import { FailPoint } from "sluice"

describe("FailPoint", () => {
  it.effect("is inert unless one is provided, and then happens once, at its place and turn", () =>
    Effect.gen(function* () {
      let fired = 0
      const walk = Effect.forEach(["page.begin", "page.commit", "page.commit", "page.commit"] as const, FailPoint.at)
      yield* walk
      const point = FailPoint.once(
        { at: "page.commit", nth: 2 },
        Effect.sync(() => void fired++)
      )
      yield* Effect.provideService(walk, FailPoint.FailPoint, point)
      yield* Effect.provideService(walk, FailPoint.FailPoint, point)
      assert.strictEqual(fired, 1)
    })
  )

  it("is written NAME or NAME:NTH; what is not one names those that are", () => {
    assert.deepStrictEqual(FailPoint.parse("page.commit:3"), Either.right({ at: "page.commit", nth: 3 }))
    assert.deepStrictEqual(FailPoint.parse("body"), Either.right({ at: "body", nth: 1 }))
    for (const text of ["", "page", "page.commit:0", "page.commit:", "Page.Commit:1", "page.commit:1:1", "x:1"]) {
      const wrong = Either.getOrThrow(Either.flip(FailPoint.parse(text)))
      assert.include(wrong, JSON.stringify(text))
      for (const name of FailPoint.names) assert.include(wrong, name)
    }
  })
})
