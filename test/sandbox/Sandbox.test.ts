import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"
import { world } from "./fixture.ts"

describe("Sandbox", () => {
  it.effect("the documented defaults are the ones in force", () =>
    Effect.gen(function* () {
      const { control, epoch, host, port, ...rest } = Sandbox.defaults
      const gateway = yield* Sandbox.gateway()
      const made = yield* gateway.world
      for (const [name, value] of Object.entries(rest)) assert.strictEqual(made[name as keyof typeof made], value, name)
      assert.strictEqual(made.epoch, Date.parse(epoch))
      assert.strictEqual(made.window, 10_000)
      assert.strictEqual(made.otherMessages, 120)
      assert.deepStrictEqual([control, host, port], [true, "127.0.0.1", 0])
    })
  )

  it("every kind of fault is described and can be read from a command line", () => {
    for (const fault of Sandbox.faultKinds) {
      assert.isAbove(fault.description.length, 10)
      const text = "value" in fault ? `${fault.kind}:${fault.value}=1` : `${fault.kind}=1`
      assert.isTrue(Either.isRight(Sandbox.parseFault(text)), text)
    }
  })

  it("the variables of a client, also without a server", () => {
    assert.deepStrictEqual(Sandbox.environment(world({ serverToken: "s", accountToken: "a" }), "http://x.test"), {
      POSTMARK_SERVER_TOKEN: "s",
      POSTMARK_ACCOUNT_TOKEN: "a",
      POSTMARK_BASE_URL: "http://x.test"
    })
  })
})
