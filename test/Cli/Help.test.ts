import { assert, describe, it } from "@effect/vitest"
import type * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import { Effect, Either } from "effect"
import { spawnSync } from "node:child_process"
import * as Commands from "../../src/Cli/Commands.ts"
import * as Argv from "../../src/Cli/Argv.ts"
import * as Completions from "../../src/Cli/Completions.ts"
import * as Format from "../../src/Cli/Format.ts"
import * as Grammar from "../../src/Cli/Grammar.ts"
import * as Help from "../../src/Cli/Help.ts"
import * as SandboxCommand from "../../src/Cli/Sandbox.ts"
import * as State from "../../src/Cli/State.ts"
import * as Sheet from "../../src/Cli/Sheet.ts"
import * as Sync from "../../src/Cli/Sync.ts"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"
import { run, view } from "./support.ts"

const entries: ReadonlyArray<Help.Entry> = Commands.entries

const grammars = entries.map(({ command, guide }) => Grammar.of(guide.name, command.descriptor))

const page = (entry: Help.Entry, columns = 100) => Sheet.render(Help.command(entry), view(columns))

describe("Help", () => {
  it("a page has its command's usage, every option with a description, examples and exit codes", () => {
    for (const entry of entries) {
      const { flags } = Grammar.of(entry.guide.name, entry.command.descriptor)
      const text = page(entry)
      for (const { names } of flags) assert.match(text, new RegExp(`^  ${names[0]}\\b.* {2,}[A-Z]`, "m"))
      for (const [command] of entry.guide.examples) assert.include(text, command)
      for (const [code] of entry.guide.exits) assert.match(text, new RegExp(`^  ${code} +\\w`, "m"))
      assert.notMatch(text, /user-defined|This setting|true or false value/)
    }
  })

  it("no option is described twice over", () => {
    for (const entry of entries) {
      for (const text of page(entry, 1000).match(/^ {2}--\S.*$/gm) ?? []) {
        assert.isAtMost(text.split("Otherwise").length, 2, `${entry.guide.name}: ${text}`)
      }
    }
  })

  it("the examples are command lines that are taken", () => {
    for (const { guide } of entries) {
      for (const [line] of guide.examples) {
        const [program, ...argv] = (line.split(/ [|>] /)[0] ?? "").split(" ")
        assert.strictEqual(program, "sluice")
        assert.strictEqual(Either.getOrThrowWith(Argv.parse(argv, grammars), (error) => error)._tag, "Run", line)
      }
    }
  })

  it("commands that share a word have a page together", () => {
    const text = Sheet.render(Help.group("state", [State.show, State.reset]), view(100))
    assert.match(text, /^ {2}sluice state show \[SOURCE\] \[options\]$/m)
    assert.match(text, /^ {2}state reset +Forget cursors/m)
  })

  it("tells the options as the contract has them", () => {
    assert.match(page(Sync), /^ {2}sluice sync SOURCE \[options\]$/m)
    assert.match(page(Sync), /^ {2}--on-bad-row quarantine\|fail {3}/m)
    assert.match(page(Sync), /^ {2}--resource NAME … /m)
    assert.match(page(Sync), /POSTMARK_SERVER_TOKEN[^]*POSTMARK_ACCOUNT_TOKEN[^]*POSTMARK_BASE_URL/)
  })

  it("the sandbox's page knows its faults and its defaults", () => {
    const text = page(SandboxCommand, 1000)
    for (const { kind } of Sandbox.faultKinds) assert.include(text, kind)
    for (const name of ["messages", "bounces", "servers", "domains", "streams", "seed"] as const) {
      assert.match(text, new RegExp(`--${name} N .*Otherwise ${Format.count(Sandbox.defaults[name])}\\.`))
    }
  })

  it("fits the screen", () => {
    for (const entry of entries) {
      for (const line of page(entry, 72).split("\n")) assert.isAtMost(line.length, 72, line)
    }
    const overview = Sheet.render(
      Help.overview(
        entries.map(({ guide }) => guide),
        "1.2.3"
      ),
      view(60)
    )
    for (const line of overview.split("\n")) assert.isAtMost(line.length, 60, line)
    assert.match(overview, /^sluice 1\.2\.3\n/)
  })
})

describe("Completions", () => {
  it.effect("are scripts a shell can read, without the wizard", () =>
    Effect.gen(function* () {
      for (const shell of ["bash", "sh", "zsh", "fish"]) {
        const script = yield* Completions.script(Sync.command.descriptor as CommandDescriptor.Command<unknown>, shell)
        assert.include(script, "on-bad-row")
        assert.notInclude(script, "wizard")
        if (shell !== "bash") continue
        assert.include(script, 'compgen -W "quarantine fail"')
        assert.strictEqual(spawnSync("bash", ["-n"], { input: script }).status ?? 0, 0)
      }
    })
  )

  it.effect("complete commands of two words in bash", () =>
    Effect.gen(function* () {
      const { stdout: script } = yield* run(["--completions", "bash"])
      const complete = (...words: ReadonlyArray<string>) =>
        spawnSync(
          "bash",
          [
            "-c",
            `eval "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice_bash_completions sluice; echo "\${COMPREPLY[*]}"`,
            "bash",
            "sluice",
            ...words
          ],
          { encoding: "utf8", env: { ...process.env, SCRIPT: script } }
        )
          .stdout.trim()
          .split(" ")
      assert.includeMembers(complete(""), ["sync", "plan", "preview", "init", "import", "state", "schema"])
      assert.includeMembers(complete("state", ""), ["show", "reset"])
      assert.includeMembers(complete("schema", ""), ["types", "ddl", "json-schema"])
      assert.deepStrictEqual(complete("state", "reset", "--res"), ["--resource"])
      assert.include(complete("schema", "json-schema", "-"), "--help")
      assert.deepStrictEqual(complete("sync", "--full"), ["--full-refresh"])
    })
  )
})
