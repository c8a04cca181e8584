import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigError, Effect, Exit, FiberId, Layer } from "effect"
import { ApiError } from "../../src/Api.ts"
import { CliError, exit, usage } from "../../src/Cli/CliError.ts"
import * as Report from "../../src/Cli/Report.ts"
import * as Shell from "../../src/Cli/Shell.ts"
import { SandboxError } from "../../src/sandbox/SandboxError.ts"
import { SpecError } from "../../src/Spec.ts"
import { SyncError } from "../../src/Sync/SyncError.ts"
import { TableError } from "../../src/Table/TableError.ts"
import { recorder } from "./support.ts"

const caught = (cause: Cause.Cause<Report.Failure>, json = false) => {
  const err = recorder()
  const out = recorder()
  const shell = Layer.effect(
    Shell.Shell,
    Shell.make({ stdout: out.stream, stderr: err.stream, runtime: "Test", pid: 1 })
  )
  return Report.caught(Effect.failCause(cause), { json }).pipe(
    Effect.provide(shell),
    Effect.map((code) => ({ code, said: err.text(), printed: out.text() }))
  )
}

describe("Report", () => {
  it.effect("with --json stdout gets one document also then, and nothing without", () =>
    Effect.gen(function* () {
      const locked = Cause.fail(new TableError({ reason: "Locked", file: "a.db", detail: "sluice sync, process 7" }))
      const { code, printed } = yield* caught(locked, true)
      assert.strictEqual(code, 1)
      const { error } = JSON.parse(printed) as { error: { reason: string; message: string; exit_code: number } }
      assert.deepInclude(error, { reason: "Locked", exit_code: 1 })
      assert.include(error.message, "process 7")
      assert.deepInclude(JSON.parse((yield* caught(Cause.die(new Error("bug")), true)).printed), {
        error: { reason: "Defect", message: "Error: bug", exit_code: 1 }
      })
      assert.strictEqual((yield* caught(locked)).printed, "")
    })
  )

  it.effect("every expected failure has its exit code and says its message", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [failure: Report.Failure, code: number, said: string]> = [
        [usage("no such thing", "Do this."), 2, "sluice: no such thing\n        Do this.\n"],
        [new CliError({ reason: "Secret", detail: "no token" }), 2, "sluice: no token\n"],
        [new ApiError({ reason: "InvalidBaseUrl", detail: "base URL is none" }), 2, "sluice: base URL is none\n"],
        [new SyncError({ reason: "UnknownResource", detail: "no resource" }), 2, "sluice: no resource\n"],
        [
          new SpecError({ reason: "NotFound", file: "a.yaml", issues: [], detail: "there is no such file" }),
          2,
          "sluice: a.yaml: there is no such file\n"
        ],
        [new SandboxError({ reason: "Option", detail: "too many" }), 2, "sluice: too many\n"],
        [new SandboxError({ reason: "PortInUse", detail: "taken" }), 1, "sluice: taken\n"],
        [
          new TableError({ reason: "NotADatabase", file: "a.db", detail: "it is not" }),
          1,
          "sluice: a.db: not an SQLite database, left as it was: it is not; choose another file\n"
        ],
        [
          ConfigError.InvalidData(["A", "B"], "Expected a number"),
          2,
          "sluice: the environment variable A_B cannot be used: Expected a number\n"
        ]
      ]
      for (const [failure, code, said] of cases)
        assert.deepStrictEqual(yield* caught(Cause.fail(failure)), { code, said, printed: "" })
    })
  )

  it.effect("a command that has said everything leaves only its code", () =>
    Effect.gen(function* () {
      const outcome = yield* Effect.flip(exit(3))
      assert.deepStrictEqual(yield* caught(Cause.fail(outcome)), { code: 3, said: "", printed: "" })
      yield* exit(0)
    })
  )

  it.effect("a failure is not taken for an interruption of what ran beside it", () =>
    Effect.gen(function* () {
      const beside = Cause.parallel(Cause.interrupt(FiberId.none), Cause.fail(usage("wrong")))
      assert.deepStrictEqual(yield* caught(beside), { code: 2, said: "sluice: wrong\n", printed: "" })
      const { code, said } = yield* caught(
        Cause.parallel(Cause.interrupt(FiberId.none), Cause.die(new Error("broken")))
      )
      assert.strictEqual(code, 1)
      assert.match(said, /should not happen: Error: broken\n/)
      assert.isTrue(Exit.isInterrupted(yield* Effect.exit(caught(Cause.interrupt(FiberId.none)))))
    })
  )

  it.effect("a permission that Deno denies is no mystery", () =>
    Effect.gen(function* () {
      const denied = new Error('Requires env access to "POSTMARK_SERVER_TOKEN", run again with the --allow-env flag')
      denied.name = "NotCapable"
      const { code, said } = yield* caught(Cause.die(denied))
      assert.strictEqual(code, 1)
      assert.match(
        said,
        /^sluice: Requires env access to "POSTMARK_SERVER_TOKEN", run again with the --allow-env flag\n/
      )
      assert.notMatch(said, /sorry/)
    })
  )

  it("the process ends with the program's code, with 130 when interrupted, with 1 on anything else", () => {
    assert.strictEqual(Report.ended(Exit.succeed(3)), 3)
    assert.strictEqual(Report.ended(Exit.interrupt(FiberId.none)), 130)
    assert.strictEqual(
      Report.ended(Exit.failCause(Cause.sequential(Cause.interrupt(FiberId.none), Cause.die("late")))),
      130
    )
    assert.strictEqual(Report.ended(Exit.die("broken")), 1)
    assert.strictEqual(Report.ended(Exit.succeed(undefined)), 1)
  })
})
