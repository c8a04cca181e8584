import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as Commands from "../../src/Cli/Commands.ts"
import * as Front from "../../src/Cli/Front.ts"
import * as Load from "../../src/Cli/Load.ts"

/** Every example of every page, as it is read. */
const invocations = Commands.entries.flatMap(({ guide }) =>
  guide.examples.flatMap(([line]) => {
    const [, ...argv] = (line.split(/ [|>] /)[0] ?? "").split(" ")
    const invocation = Either.getOrThrow(Front.read(argv))
    return invocation._tag === "Run" ? [invocation] : []
  })
)

describe("Load", () => {
  it("has the commands that help lists, and no other", () => {
    const words = new Set(Commands.entries.map(({ guide }) => guide.name.split(" ")[0]))
    assert.deepStrictEqual(Object.keys(Load.commands).toSorted(), [...words].toSorted())
  })

  it.effect("each stands behind its own name", () =>
    Effect.gen(function* () {
      assert.isAtLeast(invocations.length, Commands.entries.length)
      for (const invocation of invocations) {
        assert.isTrue(Either.isRight(yield* Effect.either(Load.run(invocation))), invocation.command)
        const [, ...rest] = invocation.args
        const another = yield* Effect.either(Load.run({ ...invocation, args: ["another", ...rest] }))
        assert.isTrue(Either.isLeft(another), invocation.command)
      }
    })
  )
})
