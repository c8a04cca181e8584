import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Progress from "../../src/Cli/Progress.ts"
import * as Shell from "../../src/Cli/Shell.ts"
import { recorder, view } from "./support.ts"

const state = (
  resource: string,
  changes: Partial<NonNullable<Progress.State["latest"]>>,
  took = 2000
): readonly [string, Progress.State] => [
  resource,
  { since: 0, took, latest: { resource, pages: 5, rows: 2500, before: 0, total: 5000, state: "running", ...changes } }
]

describe("Progress", () => {
  it("a bar with what is left where a total is known, counts where not", () => {
    const text = Progress.render(
      new Map([
        state("messages", {}),
        state("bounces", { total: undefined }),
        state("domains", { state: "done", pages: 1, rows: 8, total: 8 }),
        ["servers", { since: undefined, latest: undefined, took: 0 }]
      ]),
      0,
      view(100)
    ).split("\n")
    assert.strictEqual(
      text[0],
      "⠋ messages  ━━━━━━━━━━━━──────────── 50 %  2.5 s left, 1,000 rows/s, 2,500 rows, 5 pages"
    )
    assert.strictEqual(text[1], "⠋ bounces   1,000 rows/s, 2,500 rows, 5 pages")
    assert.strictEqual(text[2], "✓ domains   8 rows, 1 page")
    assert.strictEqual(text[3], "· servers   waiting")
  })

  it("a resumed walk goes on from where its bar stood", () => {
    const text = Progress.render(new Map([state("messages", { before: 1500 })]), 0, view(100))
    assert.match(text, / 80 % {2}1\.0 s left, 1,000 rows\/s, 2,500 rows, 5 pages/)
  })

  it("a total that was wrong makes no nonsense", () => {
    assert.match(Progress.render(new Map([state("a", { total: 100 })]), 0, view(100)), /100 % {2}0 ms left/)
    assert.notMatch(Progress.render(new Map([state("a", { total: 0 })]), 0, view(100)), /%/)
    assert.notMatch(Progress.render(new Map([state("a", { pages: 1 }, 0)]), 0, view(100)), /rows\/s|left|NaN|Infinity/)
  })

  it("no line is wider than the terminal, whatever its width", () => {
    for (const columns of [20, 40, 60, 80, 200]) {
      const text = Progress.render(
        new Map([state("a_rather_long_resource_name", {}), state("b", {})]),
        0,
        view(columns)
      )
      for (const line of text.split("\n")) assert.isBelow([...line].length, columns)
    }
  })

  it.scopedLive("draws on a terminal until it is stopped, and then is gone", () =>
    Effect.gen(function* () {
      const err = recorder({ isTTY: true, columns: 80 })
      const shell = Layer.effect(
        Shell.Shell,
        Shell.make({ stdout: recorder().stream, stderr: err.stream, runtime: "Test", pid: 1 })
      )
      yield* Effect.gen(function* () {
        const progress = yield* Progress.make(["messages"])
        yield* Effect.sleep("150 millis")
        yield* progress.report({ resource: "messages", pages: 1, rows: 10, before: 0, total: 20, state: "running" })
        yield* Effect.sleep("250 millis")
        yield* progress.stop
        const drawn = err.text()
        assert.include(drawn, "waiting")
        assert.match(drawn, /50 %/)
        assert.isTrue(drawn.startsWith("\u001b[?25l"))
        assert.isTrue(drawn.endsWith("\u001b[?25h"))
        yield* Effect.sleep("250 millis")
        assert.strictEqual(err.text(), drawn)
      }).pipe(Effect.provide(shell))
    })
  )

  it.scoped("draws nothing in a pipe", () =>
    Effect.gen(function* () {
      const err = recorder()
      const shell = Layer.effect(
        Shell.Shell,
        Shell.make({ stdout: recorder().stream, stderr: err.stream, runtime: "Test", pid: 1 })
      )
      yield* Effect.gen(function* () {
        const progress = yield* Progress.make(["messages"])
        yield* progress.report({ resource: "messages", pages: 1, rows: 10, before: 0, total: 20, state: "done" })
        yield* progress.stop
      }).pipe(Effect.provide(shell))
      assert.strictEqual(err.text(), "")
    })
  )
})
