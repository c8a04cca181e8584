/**
 * What the built program says before it loads anything is what the definitions of the commands say; it loads little, and keeps
 * compiled code where Node itself does not.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import * as module from "node:module"
import { dirname, join } from "node:path"
import { manual } from "../../src/Cli/Manual.ts"
import { run } from "../Cli/support.ts"
import { bin, folder, sluice, start } from "./support.ts"

const asked = [
  ["--version"],
  [],
  ["--help"],
  ["help", "state"],
  ...Object.keys(manual.pages).map((name) => [...name.split(" "), "--help"])
]

/** The modules that start with `file`, without those that are imported on demand. */
const startedWith = (file: string, found: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  if (found.includes(file)) return found
  const imports = Array.from(
    readFileSync(file, "utf8").matchAll(/^import (?:[^"'()]*? from )?"(\.[^"]+)";?$/gm),
    ([, to = ""]) => join(dirname(file), to)
  )
  return imports.reduce<ReadonlyArray<string>>((all, next) => startedWith(next, all), [...found, file])
}

describe("the start", { timeout: 90_000 }, () => {
  it.scopedLive("help and version of the built program are those of the definitions, with colours and without", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      for (const args of asked) {
        const result = yield* sluice(args, { cwd })
        assert.deepStrictEqual([args, result], [args, { ...(yield* run(args)), signal: null }])
      }
      const env = { FORCE_COLOR: "1" }
      const colored = yield* sluice(["sync", "--help"], { cwd, env })
      assert.include(colored.stdout, "\u001b[1m")
      assert.strictEqual(colored.stdout, (yield* run(["sync", "--help"], { env })).stdout)
      const plain = yield* sluice(["sync", "--help"], { cwd, env: { ...env, NO_COLOR: "1" } })
      assert.notInclude(plain.stdout, "\u001b")
    })
  )

  it("is made of a few small files, and the program comes later", () => {
    const files = startedWith(join(dirname(bin), "../dist/bundle/main.js"))
    assert.isAtLeast(files.length, 2)
    assert.isAtMost(files.length, 8)
    const size = files.reduce((sum, file) => sum + statSync(file).size, 0)
    // Effect's runtime alone has 600 KB; the pages of help 40.
    assert.isAtMost(size, 150_000, files.join("\n"))
  })

  it.scopedLive.skipIf(process.platform !== "linux")("help that cannot be written is a failure", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { ended } = yield* start("sh", ["-c", `"$0" "$1" --help > /dev/full`, process.execPath, bin], { cwd })
      assert.strictEqual((yield* ended).code, 1)
      const head = yield* start(
        "bash",
        ["-c", `"$0" "$1" --help | true; exit "\${PIPESTATUS[0]}"`, process.execPath, bin],
        {
          cwd
        }
      )
      assert.strictEqual((yield* head.ended).code, 0)
    })
  )

  it.scopedLive.skipIf(module.enableCompileCache !== undefined)(
    "compiled code is kept, and nothing depends on it",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        for (const part of ["bin", "dist/bundle", "package.json"]) {
          cpSync(join(dirname(bin), "..", part), join(cwd, part), {
            recursive: true,
            filter: (path) => !path.includes("compiled/") && !path.endsWith("/compiled")
          })
        }
        const cjs = join(cwd, "dist/bundle/cjs")
        const compiled = join(cjs, "compiled")
        const kept = () => (existsSync(compiled) ? readdirSync(compiled) : [])
        const run = (env: Readonly<Record<string, string>> = {}) =>
          Effect.gen(function* () {
            const program = yield* start(process.execPath, [join(cwd, "bin/sluice.js"), "snyc"], { cwd, env })
            const { code, stderr } = yield* program.ended
            assert.match(stderr, /^sluice: there is no command "snyc"; did you mean sync\?\n/)
            assert.notInclude(stderr, "Error")
            assert.strictEqual(code, 2)
          })
        yield* run({ NODE_DISABLE_COMPILE_CACHE: "1" })
        assert.deepStrictEqual(kept(), [])
        yield* run()
        const [name = "", ...others] = kept()
        assert.deepStrictEqual(others, [])
        assert.match(name, new RegExp(`^program-.*-${process.version}-${process.arch}\\.bin$`))
        const file = join(compiled, name)
        const size = statSync(file).size
        const before = statSync(file).mtimeMs
        yield* run()
        assert.strictEqual(statSync(file).mtimeMs, before, "it was not taken")
        // What cannot be used is made anew.
        writeFileSync(file, readFileSync(file).subarray(0, size / 2))
        yield* run()
        assert.isAbove(statSync(file).size, size / 2 + 1)
        writeFileSync(file, "no code")
        yield* run()
        assert.isAbove(statSync(file).size, size / 2 + 1)
        // Nowhere to keep it.
        rmSync(compiled, { recursive: true })
        writeFileSync(compiled, "")
        yield* run()
        assert.strictEqual(readFileSync(compiled, "utf8"), "")
      })
  )
})
