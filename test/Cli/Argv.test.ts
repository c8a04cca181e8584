import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Argv from "../../src/Cli/Argv.ts"
import type { Flag, Grammar } from "../../src/Cli/Grammar.ts"

const flag = (name: string, value?: string, options: Partial<Flag> = {}): Flag => ({
  names: [`--${name}`],
  value,
  choices: [],
  repeated: false,
  ...options
})

const commands: ReadonlyArray<Grammar> = [
  {
    command: "sync",
    flags: [
      flag("db", "FILE"),
      flag("resource", "NAME", { repeated: true }),
      flag("on-bad-row", "quarantine | fail", { choices: ["quarantine", "fail"] }),
      flag("json")
    ],
    positionals: [{ name: "SOURCE", required: true }]
  },
  { command: "status", flags: [flag("db", "FILE"), flag("json")], positionals: [] },
  { command: "state show", flags: [flag("db", "FILE")], positionals: [{ name: "SOURCE", required: false }] },
  { command: "state reset", flags: [flag("db", "FILE")], positionals: [] }
]

const parse = (...argv: ReadonlyArray<string>) => Argv.parse(argv, commands)

const args = (...argv: ReadonlyArray<string>) => {
  const invocation = Either.getOrThrowWith(parse(...argv), ({ detail }) => new Error(detail))
  return invocation._tag === "Run" ? invocation.args : invocation._tag
}

const refused = (...argv: ReadonlyArray<string>) =>
  Either.match(parse(...argv), { onLeft: ({ detail }) => detail, onRight: () => "taken" })

describe("Argv", () => {
  it("a command may be two words, with options before, between and behind", () => {
    const wanted = ["state", "show", "--db", "x.db", "--", "postmark"]
    assert.deepStrictEqual(args("state", "show", "postmark", "--db", "x.db"), wanted)
    assert.deepStrictEqual(args("--db", "x.db", "state", "show", "postmark"), wanted)
    assert.deepStrictEqual(args("state", "--db", "x.db", "show", "postmark"), wanted)
    assert.deepStrictEqual(args("state", "show", "--db=show", "--", "show"), [
      "state",
      "show",
      "--db",
      "show",
      "--",
      "show"
    ])
    assert.strictEqual(refused("state"), "state needs a word more: show or reset")
    assert.strictEqual(refused("state", "rest"), 'state has no "rest"; did you mean reset?')
    assert.strictEqual(refused("show"), 'there is no command "show"')
    assert.strictEqual(refused("state", "reset", "x"), 'state reset does not know what to do with "x"')
    for (const argv of [
      ["state", "--help"],
      ["help", "state"]
    ]) {
      assert.deepStrictEqual(Either.getOrThrow(parse(...argv)), { _tag: "Help", command: "state" })
    }
    for (const argv of [
      ["state", "show", "--help"],
      ["help", "state", "show"]
    ]) {
      assert.deepStrictEqual(Either.getOrThrow(parse(...argv)), { _tag: "Help", command: "state show" })
    }
  })

  it("puts options first and arguments behind --, wherever they stood", () => {
    const wanted = ["sync", "--db", "x.db", "--json", "--", "postmark"]
    assert.deepStrictEqual(args("sync", "postmark", "--db", "x.db", "--json"), wanted)
    assert.deepStrictEqual(args("sync", "--json", "--db=x.db", "postmark"), wanted)
    assert.deepStrictEqual(args("--db", "x.db", "sync", "--json", "postmark"), wanted)
    assert.deepStrictEqual(args("sync", "--db", "x.db", "--json", "--", "postmark"), wanted)
  })

  it("keeps values that look like something else", () => {
    assert.deepStrictEqual(args("sync", "--db=--json", "postmark"), ["sync", "--db", "--json", "--", "postmark"])
    assert.deepStrictEqual(args("sync", "--db", "sync", "status"), ["sync", "--db", "sync", "--", "status"])
    assert.deepStrictEqual(args("sync", "--db=a=b=c", "postmark"), ["sync", "--db", "a=b=c", "--", "postmark"])
    assert.deepStrictEqual(args("sync", "--db", "-1", "postmark"), ["sync", "--db", "-1", "--", "postmark"])
    assert.deepStrictEqual(args("sync", "--", "--json"), ["sync", "--", "--json"])
    assert.deepStrictEqual(args("sync", "--db=two\nlines", "-"), ["sync", "--db", "two\nlines", "--", "-"])
  })

  it("repeats what may be repeated, in order, and a switch counts once", () => {
    assert.deepStrictEqual(args("sync", "--resource", "b", "postmark", "--resource=a", "--json", "--json"), [
      "sync",
      "--resource",
      "b",
      "--resource",
      "a",
      "--json",
      "--",
      "postmark"
    ])
    assert.strictEqual(refused("sync", "postmark", "--db", "a", "--db=a"), "--db is given twice")
  })

  it("knows what help, version and completions are asked for", () => {
    const of = (...argv: ReadonlyArray<string>) => Either.getOrUndefined(parse(...argv))
    const help = (command?: string): Argv.Invocation => ({ _tag: "Help", command })
    for (const argv of [[], ["--help"], ["-h"], ["help"], ["--log-level", "debug"]])
      assert.deepStrictEqual(of(...argv), help())
    for (const argv of [
      ["sync", "--help"],
      ["--help", "sync"],
      ["help", "sync"],
      ["sync", "--db", "-h"],
      ["sync", "--nope", "-h"]
    ]) {
      assert.deepStrictEqual(of(...argv), help("sync"))
    }
    assert.deepStrictEqual(of("--version"), { _tag: "Version" })
    assert.deepStrictEqual(of("sync", "--version"), { _tag: "Version" })
    assert.deepStrictEqual(of("--completions", "zsh"), { _tag: "Completions", shell: "zsh" })
    assert.deepStrictEqual(of("status", "--log-level=debug"), {
      _tag: "Run",
      command: "status",
      args: ["status", "--"],
      logLevel: "debug"
    })
  })

  it("refuses what nobody knows, with what may be meant", () => {
    assert.strictEqual(refused("snyc"), 'there is no command "snyc"; did you mean sync?')
    assert.strictEqual(refused("help", "stats"), 'there is no command "stats"; did you mean status?')
    assert.strictEqual(refused("sync", "postmark", "--jsno"), "there is no option --jsno; did you mean --json?")
    assert.strictEqual(
      refused("sync", "postmark", "--resorce=a"),
      "there is no option --resorce; did you mean --resource?"
    )
    assert.strictEqual(refused("sync", "postmark", "-x"), "there is no option -x")
    assert.strictEqual(refused("status", "--wizard"), "there is no option --wizard")
    assert.strictEqual(refused("status", "--resource", "a"), "--resource is an option of sync, not of status")
    assert.strictEqual(
      refused("--db", "x"),
      "--db is an option of sync, status, state show, state reset, and no command is given"
    )
    assert.strictEqual(refused("--", "sync"), 'there is no command before "--"')
  })

  it("refuses values that are missing, unwanted or not among the choices", () => {
    assert.strictEqual(refused("sync", "postmark", "--db"), "--db needs a value: --db FILE")
    assert.strictEqual(refused("sync", "postmark", "--db", "--json"), "--db needs a value: --db FILE")
    assert.strictEqual(refused("sync", "postmark", "--db="), "--db needs a value: --db FILE")
    assert.strictEqual(refused("sync", "postmark", "--json=yes"), '--json takes no value, but got "yes"')
    assert.strictEqual(
      refused("sync", "postmark", "--on-bad-row", "fial"),
      '--on-bad-row must be quarantine or fail, is "fial"; did you mean fail?'
    )
  })

  it("refuses arguments that are missing or too many", () => {
    assert.match(refused("sync"), /^sync needs a SOURCE/)
    assert.strictEqual(refused("sync", "a", "b"), 'sync does not know what to do with "b"')
    assert.strictEqual(refused("status", "--", "x"), 'status does not know what to do with "x"')
  })

  it.prop(
    "reads the same whatever the order of options and arguments",
    [fc.shuffledSubarray([["--db", "x.db"], ["--json"], ["--resource=a"], ["postmark"]], { minLength: 4 }), fc.nat()],
    ([parts, place]) => {
      // The command may stand anywhere before the source: the first bare word is it.
      const at = place % (parts.findIndex(([word]) => word === "postmark") + 1)
      const argv = [...parts.slice(0, at), ["sync"], ...parts.slice(at)].flat()
      assert.deepStrictEqual(args(...argv), ["sync", "--db", "x.db", "--resource", "a", "--json", "--", "postmark"])
    }
  )

  it.prop(
    "never throws, and never runs with an option it does not know",
    [fc.array(fc.oneof(fc.string(), fc.constantFrom("sync", "--db", "--json", "--", "x")))],
    ([argv]) => {
      const result = parse(...argv)
      if (Either.isRight(result) && result.right._tag === "Run") {
        const { args } = result.right
        const options = args
          .slice(1, args.indexOf("--"))
          .filter((word, index, all) => all[index - 1] !== "--db" && all[index - 1] !== "--resource")
        for (const option of options) assert.include(["--db", "--resource", "--on-bad-row", "--json"], option)
      }
    }
  )
})
