/**
 * Every command line in README, docs and examples is one the program takes.
 */
import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Argv from "../../src/Cli/Argv.ts"
import { manual } from "../../src/Cli/Manual.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, "examples"))
    .filter((name) => /\.(?:md|ya?ml)$/.test(name))
    .map((name) => `examples/${name}`)
]

/** Words behind `npx sluice` or `bin/sluice.js`, up to what a shell or a reader takes for the end of the command. */
const commandsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from(text.matchAll(/(?:npx sluice|bin\/sluice\.js)((?: +[^\s#→|`>]+)*)/g), ([, words = ""]) =>
    words.trim().split(/ +/)
  ).filter(([first]) => first !== "" && first !== "…")

describe("documents", () => {
  it("show command lines that are taken, with files that are there", () => {
    const found = documents.flatMap((name) =>
      commandsOf(readFileSync(join(root, name), "utf8")).map((argv) => ({ name, argv }))
    )
    assert.isAbove(found.length, 15)
    for (const { argv, name } of found) {
      const line = `${name}: sluice ${argv.join(" ")}`
      assert.strictEqual(
        Either.match(Argv.parse(argv, manual.grammars), {
          onLeft: ({ detail }) => detail,
          onRight: ({ _tag }) => _tag
        }),
        "Run",
        line
      )
      for (const word of argv.filter((word) => word.startsWith("examples/"))) {
        assert.include(documents, word, line)
      }
    }
  })

  it("README names every command", () => {
    const text = readFileSync(join(root, "README.md"), "utf8")
    for (const { command } of manual.grammars) assert.match(text, new RegExp(`\`(?:sluice )?${command}[ \`]`), command)
  })
})
