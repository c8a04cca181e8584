import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { Resource, SinglePage } from "sluice"
import type { Ordered } from "../../src/Sync/Order.ts"
import * as Schedule from "../../src/Sync/Schedule.ts"

const ordered = (name: string, parent?: string): Ordered => ({
  resource: Resource.make({ name, path: `/${name}`, paginator: SinglePage.make() }),
  parent,
  stored: true,
  left: false
})

describe("Schedule", () => {
  it.effect("a child that waits for its parent leaves its slot to others", () =>
    Effect.gen(function* () {
      const begun: Array<string> = []
      const gate = yield* Deferred.make<void>()
      const order = [ordered("parent"), ordered("child", "parent"), ordered("other")]
      const fiber = yield* Effect.fork(
        Schedule.run(order, 2, ({ resource: { name } }) =>
          Effect.suspend(() => {
            begun.push(name)
            return name === "parent" ? Deferred.await(gate) : Effect.void
          })
        )
      )
      yield* Effect.repeatN(Effect.yieldNow(), 20)
      assert.deepStrictEqual(begun, ["parent", "other"])
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(begun, ["parent", "other", "child"])
    })
  )

  it.effect("a parent that fails lets nobody wait for ever", () =>
    Effect.gen(function* () {
      const order = [ordered("parent"), ordered("child", "parent")]
      const exit = yield* Effect.exit(
        Schedule.run(order, 2, ({ parent }) => (parent === undefined ? Effect.fail("broken") : Effect.void))
      )
      assert.strictEqual(exit._tag, "Failure")
    })
  )
})
