/**
 * Who is watching: a terminal gets progress and colours, a pipe gets neither.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { bin, type Environment, folder, sandbox, sluice, start } from "./support.ts"

/** `script` of util-linux gives a program a terminal of its own; others of that name take other options. */
const hasScript =
  process.platform === "linux" &&
  (spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "").includes("util-linux")

const inTerminal = (args: ReadonlyArray<string>, options: { readonly cwd: string; readonly env: Environment }) =>
  Effect.flatMap(
    start("script", ["-qec", [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" "), "/dev/null"], {
      cwd: options.cwd,
      env: { TERM: "xterm-256color", ...options.env }
    }),
    ({ ended }) => ended
  )

const slow = sandbox("--messages", "2500", "--fault", "delay:150=1")

const args = ["sync", "postmark", "--resource", "messages"]

describe("a sync", { timeout: 90_000 }, () => {
  it.scopedLive("in a pipe shows no progress and no colours", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* slow
      const { stderr, stdout } = yield* sluice(args, { cwd, env: server.env })
      assert.strictEqual(stderr, "")
      assert.notInclude(stdout, "\u001b")
      const colored = yield* sluice(["status"], { cwd, env: { FORCE_COLOR: "1" } })
      assert.include(colored.stdout, "\u001b[32m✓ complete\u001b[39m")
    })
  )

  it.scopedLive.skipIf(!hasScript)("on a terminal shows both, and leaves only the receipt", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* slow
      const { code, stdout } = yield* inTerminal(args, { cwd, env: server.env })
      assert.strictEqual(code, 0)
      assert.match(stdout, /messages.*━.* \d+ % {2}[^\n]* left, [\d,]+ rows\/s, [\d,]+ rows, \d pages/)
      assert.include(stdout, "\u001b[?25l")
      const [, rest = ""] = stdout.split("\u001b[?25h")
      assert.match(rest, /postmark/)
      assert.notInclude(rest, "rows/s")
      assert.include(rest, "\u001b[32m✓ complete\u001b[39m")
    })
  )

  it.scopedLive.skipIf(!hasScript)("on a terminal keeps to NO_COLOR", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* slow
      const { stdout } = yield* inTerminal(args, { cwd, env: { ...server.env, NO_COLOR: "1" } })
      assert.match(stdout, /\d+ % /)
      // oxlint-disable-next-line no-control-regex -- that is what a colour is
      assert.notMatch(stdout, /\u001b\[\d+(;\d+)*m/)
    })
  )
})
