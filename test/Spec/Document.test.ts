import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import * as Document from "../../src/Spec/Document.ts"

const read = (text: string, format: "yaml" | "json" = "yaml") =>
  Either.getOrThrowWith(Document.parse(text, format), (mistakes) => new Error(JSON.stringify(mistakes)))

const refused = (text: string, format: "yaml" | "json" = "yaml") => {
  const parsed = Document.parse(text, format)
  if (Either.isRight(parsed)) throw new Error(`read as ${JSON.stringify(parsed.right.value)}`)
  return parsed.left
}

describe("Document", () => {
  it("knows the place of keys and values", () => {
    const document = read("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n")
    assert.deepStrictEqual(document.value, { a: { b: 1, c: ["x", { y: 2 }] } })
    assert.deepStrictEqual(document.locate(["a", "b"], "key"), { line: 2, column: 3 })
    assert.deepStrictEqual(document.locate(["a", "b"], "value"), { line: 2, column: 6 })
    assert.deepStrictEqual(document.locate(["a", "c", 1, "y"], "value"), { line: 5, column: 10 })
    assert.deepStrictEqual(document.locate(["a", "c", 1, "nothing"], "key"), { line: 5, column: 7 })
    assert.deepStrictEqual(document.locate(["a", "nothing", "below"], "value"), { line: 1, column: 1 })
    assert.strictEqual(document.at(["a", "c", 1, "y"]), 2)
    assert.isUndefined(document.at(["a", "nothing"]))
  })

  it("counts lines that end in CRLF", () => {
    assert.deepStrictEqual(read("a: 1\r\nb:\r\n  c: 2\r\n").locate(["b", "c"], "key"), { line: 3, column: 3 })
  })

  it("is YAML 1.2: yes, no and on are texts, 012 is twelve, a date is a text", () => {
    assert.deepStrictEqual(read("a: yes\nb: no\non: 012\nd: 2024-01-01\n").value, {
      a: "yes",
      b: "no",
      on: 12,
      d: "2024-01-01"
    })
  })

  it("keeps the digits of a number and integers beyond 2^53", () => {
    const document = read("a: 2.0\nb: 9007199254740993\n")
    assert.strictEqual(document.digits(["a"]), "2.0")
    assert.deepStrictEqual(document.value, { a: 2, b: 9007199254740993n })
  })

  it("follows aliases and merge keys, the object's own keys first", () => {
    const document = read("x: &x { a: 1, b: 2 }\ny: { <<: *x, b: 3 }\nz:\n  <<: [{ a: 4 }, *x]\nw: *x\n")
    assert.deepStrictEqual(document.value, {
      x: { a: 1, b: 2 },
      y: { a: 1, b: 3 },
      z: { a: 4, b: 2 },
      w: { a: 1, b: 2 }
    })
    assert.deepStrictEqual(document.locate(["y", "a"], "value"), { line: 1, column: 12 })
    assert.deepStrictEqual(document.locate(["w"], "key"), { line: 5, column: 1 })
  })

  it("refuses aliases that multiply, or lead back to themselves", () => {
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for (let i = 1; i < 9; i++)
      bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]`)
    assert.match(refused(bomb.join("\n"))[0]!.message, /too many values/)
    assert.match(refused("a: &a [*a]")[0]!.message, /leads back to itself|no anchor/)
    assert.match(refused("a: *b")[0]!.message, /no anchor `&b`/)
    assert.match(refused(`a: ${"[".repeat(500)}${"]".repeat(500)}`)[0]!.message, /nested too deeply/)
    for (const depth of [500, 3000])
      assert.match(refused(`a: ${"[".repeat(depth)}`)[0]!.message, /nested too deeply|opened here/)
  })

  it("reads the first of two equal keys, and says so", () => {
    const { problems, value } = read("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert.deepStrictEqual(value, { a: 1, b: { c: 1 } })
    assert.deepStrictEqual(
      problems.map(({ message, path }) => [path, message]),
      [[["b", "c"], "is written twice, first in line 3"]]
    )
  })

  it("takes no key that changes what an object is", () => {
    const { problems, value } = read("__proto__: { polluted: true }\n? [a]\n: 1\nb: 1\n")
    assert.deepStrictEqual(Object.entries(value as object), [["b", 1]])
    assert.strictEqual(problems.length, 2)
  })

  const yaml: ReadonlyArray<readonly [what: string, text: string, line: number, message: RegExp, hint?: RegExp]> = [
    ["nothing", "", 1, /is empty/],
    ["comments only", "# nothing\n", 1, /is empty/],
    ["a tab", "a:\n\tb: 1\n", 2, /a tab is used/, /spaces/],
    ["a tab after spaces", "a:\n  b: 1\n  \tc: 1\n", 3, /a tab is used/],
    ["an unquoted reference in { }", "a: { b: ${KEY} }\n", 1, /not YAML here/, /quotes: "\$\{NAME\}"/],
    ["a list not closed", "a: [1, 2", 1, /bracket opened here is not closed/],
    ["a list not closed before the next key", "a: [1, 2\nb: 3\n", 1, /opened here/],
    ["a closing bracket in the first column", "a: [\n  1\n]\nb: [\n", 4, /opened here/],
    ["a quote not closed", 'a: "x\nb: 1\n', 1, /quote .* opened here is not closed/],
    ["two colons", "a: b: c\n", 1, /second `: ` in one line/],
    ["a missing comma", "a: {b: 1\n c: 2}\n", 1, /comma .* is missing/],
    ["an @", "a: @x\n", 1, /unless it stands in quotes/],
    ["braces in a path", "path: {id}/x\n", 1, /not YAML here/, /stands in quotes/],
    ["a second document", "a: 1\n---\nb: 2\n", 2, /second document/],
    ["an item out of line", "a:\n  - b: 1\n   c: 2\n", 3, /missing|indented/]
  ]
  for (const [what, text, line, message, hint] of yaml) {
    it(`says what is wrong: ${what}`, () => {
      const first = refused(text)[0]!
      assert.strictEqual(first.place.line, line, JSON.stringify(first))
      assert.match(first.message, message)
      if (hint !== undefined) assert.match(first.hint ?? "", hint)
    })
  }

  it("says once that a reference needs quotes, not of every line after it", () => {
    const found = refused("client:\n  auth: { token: ${NOPE} }\nresources:\n  - name: a\n    primary_key: id\n")
    assert.deepStrictEqual(
      found.map(({ hint, place }) => [place.line, hint]),
      [[2, 'inside { } a reference needs quotes: "${NAME}"']]
    )
  })

  it("reads JSON with its escapes, tabs and trailing commas", () => {
    const document = read('{\n\t"a": "\\u00e9\\/\\ud83d\\ude00",\n\t"b": [1, -2.5e3, true, null,],\n}\n', "json")
    assert.deepStrictEqual(document.value, { a: "é/😀", b: [1, -2500, true, null] })
    assert.deepStrictEqual(document.locate(["b", 1], "value"), { line: 3, column: 11 })
  })

  const json: ReadonlyArray<readonly [what: string, text: string, line: number, message: RegExp, hint?: RegExp]> = [
    ["a missing comma", '{\n "a": 1\n "b": 2\n}', 2, /not JSON here/, /comma/],
    ["a bracket too few", '{\n "a": [1,\n}', 2, /bracket opened here is not closed/],
    ["Python's None", '{ "a": None }', 1, /double quotes/, /null for Python's None/],
    ["Python's quotes", "{ 'a': 1 }", 1, /a key stands in double quotes/],
    ["single quotes", "{ \"a\": 'x' }", 1, /a text stands in double quotes/],
    ["no quotes", "{ a: 1 }", 1, /a key stands in double quotes/],
    ["a comment", '{\n // why\n "a": 1\n}', 2, /double quotes/, /no comments/],
    ["YAML", "a: 1\nb: 2\n", 1, /an object is written \{ … \}/, /\*\.yaml/],
    ["a number that is none", '{ "a": 01 }', 1, /double quotes/]
  ]
  for (const [what, text, line, message, hint] of json) {
    it(`says what is not JSON: ${what}`, () => {
      const first = refused(text, "json")[0]!
      assert.strictEqual(first.place.line, line, JSON.stringify(first))
      assert.match(first.message, message)
      if (hint !== undefined) assert.match(first.hint ?? "", hint)
    })
  }

  it("never quotes the text", () => {
    const secret = "sk_live_0123456789"
    const texts = [
      `a: "${secret}\nb: 1`,
      `a: ${secret}: ${secret}`,
      `{ a: ${secret} "${secret}" }`,
      `a: [${secret}\nb: ${secret}`,
      `a: !${secret} x\n\t${secret}`,
      `a: @${secret}`,
      `a: "\\q${secret}"`,
      `- ${secret}\n${secret}: x`,
      `a: 1\n}${secret}`
    ]
    for (const text of texts) {
      for (const format of ["yaml", "json"] as const) {
        const parsed = Document.parse(text, format)
        assert.notInclude(JSON.stringify(Either.isLeft(parsed) ? parsed.left : parsed.right.problems), secret)
      }
    }
  })
})
