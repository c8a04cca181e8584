/**
 * Whole command lines in this process, against a sandbox in memory: what they print and which exit code they end with.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TableError } from "../src/Table/TableError.ts"
import { platform, run, tokens } from "./Cli/support.ts"

const sync = (...args: ReadonlyArray<string>) => ["sync", "postmark", "--db", ":memory:", ...args]

interface Receipt {
  readonly status: string
  readonly resources: ReadonlyArray<{ readonly name: string; readonly status: string }>
}

describe("Cli.run", () => {
  it.effect("help, version and mistakes need no platform", () =>
    Effect.gen(function* () {
      for (const argv of [[], ["--help"], ["sync", "--help"], ["--version"], ["--completions", "bash"]]) {
        const { code, stderr } = yield* run(argv)
        assert.deepStrictEqual([argv, code, stderr], [argv, 0, ""])
      }
      for (const argv of [
        ["nope"],
        ["sync"],
        ["sync", "postmark", "--nope"],
        ["sync", "postmark", "--concurrency", "many"]
      ]) {
        const { code, stderr, stdout } = yield* run(argv)
        assert.deepStrictEqual([argv, code, stdout], [argv, 2, ""])
        assert.match(stderr, /^sluice: /)
      }
    })
  )

  it.effect("every mistake of a value names its option", () =>
    Effect.gen(function* () {
      const { stderr } = yield* run(["sync", "postmark", "--concurrency", "0", "--limit-pages", "1.5"])
      assert.match(stderr, /--limit-pages must be a whole number, 1 or more, is "1\.5"/)
      assert.match(stderr, /--concurrency must be a whole number from 1 to 64, is "0"/)
      assert.match(
        (yield* run(["sandbox", "--port", "70000"])).stderr,
        /--port must be a whole number from 0 to 65535, is "70000"/
      )
    })
  )

  it.effect("0: complete", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(sync("--json"), { env: tokens, platform: platform() })
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.strictEqual((JSON.parse(stdout) as Receipt).status, "complete")
    })
  )

  it.effect("3: partial, 1: failed, by what became of the resources", () =>
    Effect.gen(function* () {
      const env = { ...tokens, POSTMARK_ACCOUNT_TOKEN: "not-this-one" }
      const partial = yield* run(sync(), { env, platform: platform() })
      assert.strictEqual(partial.code, 3)
      assert.match(partial.stdout, /^! partial: 3 resources failed; /m)
      const failed = yield* run(sync("--resource", "domains"), { env, platform: platform() })
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stdout, /^✗ failed: /m)
      assert.strictEqual(failed.stderr, "")
    })
  )

  it.effect("2: no token, and nothing on stdout but the one document of --json", () =>
    Effect.gen(function* () {
      for (const argv of [sync(), sync("--json"), ["check", "postmark"]]) {
        const { code, stderr, stdout } = yield* run(argv, { platform: platform() })
        assert.strictEqual(code, 2)
        assert.match(stderr, /POSTMARK_SERVER_TOKEN/)
        if (argv.includes("--json")) assert.deepInclude(JSON.parse(stdout).error, { reason: "Secret", exit_code: 2 })
        else assert.strictEqual(stdout, "")
      }
    })
  )

  it.effect("1: no database can be opened here", () =>
    Effect.gen(function* () {
      const broken = Layer.fail(new TableError({ reason: "NoDriver", detail: "better-sqlite3 is not there" }))
      const { code, stderr, stdout } = yield* run(sync(), { env: tokens, platform: broken })
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.strictEqual(stderr, "sluice: no SQLite driver works here: better-sqlite3 is not there\n")
    })
  )

  it.effect("1: what should not happen is told in one line, without a trace", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run(sync(), {
        env: tokens,
        platform: Layer.die(new RangeError("out of luck"))
      })
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, /^sluice: sorry, this should not happen: RangeError: out of luck\n/)
      assert.notMatch(stderr, /\n\s*at /)
    })
  )

  it.live("an interruption goes through, after the receipt", () =>
    Effect.gen(function* () {
      const slow = platform({ messages: 5000, faults: [{ kind: "delay", rate: 1, value: 50 }] })
      const fiber = yield* Effect.fork(run(sync("--json"), { env: tokens, platform: slow }))
      yield* Effect.sleep("400 millis")
      const exit = yield* Fiber.interrupt(fiber)
      assert.isTrue(exit._tag === "Failure" && exit.cause._tag !== "Fail" && exit.cause._tag !== "Die")
    })
  )

  it.effect("check goes the way of sync and stores nothing", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run(["check", "postmark", "--json"], { env: tokens, platform: platform() })
      assert.strictEqual(code, 0)
      const { resources, status } = JSON.parse(stdout) as Receipt
      assert.strictEqual(status, "complete")
      assert.deepStrictEqual(
        resources.map((resource) => resource.status),
        Array.from({ length: 16 }, () => "ok")
      )
      const offline = yield* run(["check", "postmark", "--offline"], {
        env: { POSTMARK_SERVER_TOKEN: "any-token" },
        platform: platform({ faults: [{ kind: "500", rate: 1 }] })
      })
      assert.strictEqual(offline.code, 0)
      assert.match(offline.stdout, /✓ messages +key MessageID; paginator offset\n/)
      assert.match(offline.stdout, /– domains +left out: POSTMARK_ACCOUNT_TOKEN is not set\n/)
    })
  )
})
