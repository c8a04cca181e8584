import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as Shell from "../../src/Cli/Shell.ts"
import { type Environment, recorder } from "./support.ts"

const make = (options: { readonly env?: Environment; readonly isTTY?: boolean; readonly columns?: number } = {}) => {
  const { env = {}, ...stream } = options
  const out = recorder(stream)
  const err = recorder(stream)
  return Shell.make({ stdout: out.stream, stderr: err.stream, runtime: "Test", pid: 1 }).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(env)))),
    Effect.map((shell) => ({ shell, out, err }))
  )
}

const isColored = (options: Parameters<typeof make>[0]) =>
  Effect.map(make(options), ({ shell }) => shell.out.style.red("a") !== "a")

describe("Shell", () => {
  it.effect("colours are for terminals whose owner does not mind", () =>
    Effect.gen(function* () {
      assert.isTrue(yield* isColored({ isTTY: true }))
      assert.isFalse(yield* isColored({}))
      assert.isFalse(yield* isColored({ isTTY: true, env: { NO_COLOR: "1" } }))
      assert.isTrue(yield* isColored({ isTTY: true, env: { NO_COLOR: "" } }))
      assert.isFalse(yield* isColored({ isTTY: true, env: { TERM: "dumb" } }))
      assert.isTrue(yield* isColored({ env: { FORCE_COLOR: "1" } }))
      assert.isFalse(yield* isColored({ env: { FORCE_COLOR: "0" } }))
      assert.isFalse(yield* isColored({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }))
    })
  )

  it.effect("a pipe has no width, a terminal its own or 80", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* make()).shell.out.columns, Infinity)
      assert.strictEqual((yield* make({ isTTY: true, columns: 132 })).shell.out.columns, 132)
      assert.strictEqual((yield* make({ isTTY: true, columns: 0 })).shell.out.columns, 80)
    })
  )

  it.effect("hidden secrets are masked in everything that is written", () =>
    Effect.gen(function* () {
      const { err, out, shell } = yield* make()
      yield* shell.hide([Redacted.make("s3cret-one"), Redacted.make("12345678")])
      yield* shell.print("a s3cret-one b")
      yield* shell.say("c s3cret-one d")
      yield* shell.json({ text: "s3cret-one", number: 12345678, count: 1234 })
      assert.strictEqual(out.text(), 'a *** b\n{"text":"***","number":"***","count":1234}\n')
      assert.strictEqual(err.text(), "c *** d\n")
    })
  )

  it.effect("a document is one line in a pipe and readable on a terminal", () =>
    Effect.gen(function* () {
      const { out, shell } = yield* make({ isTTY: true })
      yield* shell.json({ a: 1 })
      assert.strictEqual(out.text(), '{\n  "a": 1\n}\n')
    })
  )
})
