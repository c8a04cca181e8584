/**
 * Documents cut, torn and mixed up: an import ends, says something, and never says a secret.
 */
import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import * as Import from "../../src/Import.ts"
import * as Document from "../../src/Spec/Document.ts"
import { runs } from "../fuzz.ts"

const folder = new URL("../fixtures/import/", import.meta.url)

const documents = readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), "utf8")] as const)

const spec = documents.find(([file]) => file === "analytics-api-spec.md")?.[1] ?? assert.fail("no specification")

/** Whatever comes out is YAML with a client and resources, and findings have a place in the document. */
const holds = (document: string, file: string) => {
  const result = Import.fromText(document, { file })
  if (Either.isLeft(result)) return assert.include(result.left.message, file)
  const { open, repairs, warnings, yaml } = result.right
  const parsed = Document.parse(yaml, "yaml")
  if (Either.isLeft(parsed)) return assert.fail(`${JSON.stringify(parsed.left)}\n${yaml}\n-----\n${document}`)
  assert.deepStrictEqual(parsed.right.problems, [], yaml)
  assert.containsAllKeys(parsed.right.value, ["client", "resources"])
  const lines = document.split("\n").length
  for (const { column, line, message } of [...open, ...repairs, ...warnings]) {
    assert.isTrue(line >= 1 && line <= lines && column >= 1)
    assert.notStrictEqual(message, "")
  }
}

const pieces = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ":",
  '"',
  "'",
  "#",
  "\n",
  "`",
  "```\n",
  "**",
  "lambda x: ",
  "{{ x }}",
  "${",
  "\\",
  "\t",
  "…",
  "None"
]

const change = FastCheck.record({
  at: FastCheck.nat(100_000),
  cut: FastCheck.nat(40),
  put: FastCheck.constantFrom("", ...pieces)
})

describe("Import, whatever the document", () => {
  it("the specification with a few changes", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const document = changes.reduce((text, { at, cut, put }) => {
          // Most of them where the code is.
          const place = at % (at % 3 === 0 ? text.length : Math.min(text.length, 2_600))
          return text.slice(0, place) + put + text.slice(place + cut)
        }, spec)
        holds(document, "a.md")
      }),
      { numRuns: runs(150) }
    )
  })

  it("any document cut off anywhere", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...documents),
        FastCheck.double({ min: 0, max: 1, noNaN: true }),
        ([file, text], part) => holds(text.slice(0, Math.floor(text.length * part)), file)
      ),
      { numRuns: runs(150) }
    )
  })

  it("lines in another order", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...documents).chain(([file, text]) =>
          FastCheck.shuffledSubarray(text.split("\n"), { minLength: 5 }).map(
            (lines) => [file, lines.join("\n")] as const
          )
        ),
        ([file, text]) => holds(text, file)
      ),
      { numRuns: runs(60) }
    )
  })

  it("depth, length and values that double at every name end", () => {
    const config = (value: string) =>
      `config = {"client": {"base_url": "https://x.example"}, "resources": [{"name": "a", "endpoint": {"path": "a", "json": {"x": ${value}}}}]}`
    holds(config("[".repeat(5_000) + "]".repeat(5_000)), "a.py")
    holds(config("(".repeat(20_000)), "a.py")
    holds(config(`f"${"{a}".repeat(5_000)}"`), "a.py")
    holds(config("1 + ".repeat(5_000) + "1"), "a.py")
    holds(
      `${"a = [1]\n"}${Array.from({ length: 60 }, (_, index) => `a${index} = [${index === 0 ? "a, a" : `a${index - 1}, a${index - 1}`}]`).join("\n")}\n${config("a59")}`,
      "a.py"
    )
    holds(`x = [i for i in range(10000) for j in range(10000)]\n${config("x")}`, "a.py")
    holds(`${"# heading\n".repeat(20_000)}\n${spec}`, "a.md")
    holds(`- ${"retry ".repeat(20_000)}\n${spec}`, "a.md")
    holds(`- ${"a".repeat(50_000)}: ${"b ".repeat(20_000)}\n${spec}`, "a.md")
  }, 30_000)

  it("what nests deeper than a stack hides nothing beside it", () => {
    const config = `c = {"client": {"base_url": "https://x.example"}, "resources": ["a"]}\n`
    for (const junk of ["[".repeat(60_000) + "]".repeat(60_000), "(".repeat(60_000)]) {
      const result = Import.fromText(`${config}x = ${junk}\n`, { file: "deep.py" })
      if (Either.isLeft(result)) return assert.fail(result.left.message)
      assert.include(result.right.yaml, "resources: [ a ]")
      assert.lengthOf(result.right.warnings, 1)
    }
  })
})
