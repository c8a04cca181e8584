/** Any text at all is a source, or an error whose every mistake has a place in the text: in time, and never a crash. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, FastCheck as fc } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Yaml from "yaml"
import { runs } from "../fuzz.ts"
import { loaded } from "./fixture.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

const configurations = ["examples", "conformance/configs"].flatMap((folder) =>
  readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(`${root}${folder}/${name}`, "utf8"))
)

/** More mistakes than anybody mends at once are counted, not listed. */
const most = 100

const answered = (text: string, file = "/etc/sluice/api.yaml") =>
  Effect.gen(function* () {
    const result = yield* Effect.either(loaded(text, { file, env: { SECRET: "sk-live-0123456789" } }))
    const issues = Either.isLeft(result) ? result.left.issues : result.right.warnings
    if (Either.isLeft(result)) assert.isNotEmpty(issues)
    assert.isAtMost(issues.length, most)
    const lines = text.split("\n")
    for (const { column, line, message } of issues) {
      assert.isTrue(Number.isInteger(line) && line >= 1 && line <= lines.length, `line ${line}: ${message}`)
      assert.isTrue(
        Number.isInteger(column) && column >= 1 && column <= lines[line - 1]!.length + 1,
        `column ${column} of ${lines[line - 1]!.length}: ${message}`
      )
      assert.isAbove(message.length, 0)
      assert.isBelow(message.length, 2_000)
    }
  })

const piece = fc.constantFrom(
  ..."{}[]:,-?&*!|>'\"%@`#~<=$\\\t\n\r\u0000\uFEFF\u2028😀".match(/./gsu)!,
  "  ",
  ": ",
  "- ",
  "<<: ",
  "*a",
  "&a ",
  "!!binary ",
  "!!set ",
  "!x ",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "${SECRET}",
  "{ $env: SECRET }",
  "{ $file: x }",
  "null",
  "1e999",
  "0o7",
  ".nan",
  "__proto__: ",
  "constructor: ",
  "client: ",
  "resources:\n  - "
)

const change = fc.record({ at: fc.nat(5_000), cut: fc.nat(30), put: fc.array(piece, { maxLength: 3 }) })

const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 6 },
    fc.string({ maxLength: 12 }),
    fc.constantFrom(null, true, 0, -1, Infinity, "{a}", "${SECRET}", "offset", "$.a[*]", "{resources.a.id}"),
    fc.double(),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        ..."client base_url auth type resources name endpoint path params paginator primary_key columns incremental".split(
          " "
        ),
        ..."write_disposition processing_steps response_actions headers json data_selector limit limits retry".split(
          " "
        ),
        ..."resource_defaults include_from_parent schema_contract mask deletes token api_key location cursor_path".split(
          " "
        )
      ),
      tie("node"),
      { maxKeys: 6, noNullPrototype: true }
    )
  )
})).node

const numRuns = (count: number) => ({ fastCheck: { numRuns: runs(count) }, timeout: 600_000 })

describe("any configuration text", () => {
  it.effect.prop(
    "any bytes",
    [fc.uint8Array({ maxLength: 300 })],
    ([bytes]) => answered(new TextDecoder().decode(bytes)),
    numRuns(100)
  )

  it.effect.prop(
    "any pieces of YAML",
    [fc.array(piece, { maxLength: 30 })],
    ([pieces]) => answered(pieces.join("")),
    numRuns(200)
  )

  it.effect.prop(
    "a configuration with pieces taken out and put in",
    [fc.constantFrom(...configurations), fc.array(change, { minLength: 1, maxLength: 5 }), fc.boolean()],
    ([text, changes, json]) => {
      const whole = json ? JSON.stringify(Yaml.parse(text), null, 2) : text
      const changed = changes.reduce((all, { at, cut, put }) => {
        const place = at % (all.length + 1)
        return all.slice(0, place) + put.join("") + all.slice(place + cut)
      }, whole)
      return answered(changed, json ? "/etc/sluice/api.json" : undefined)
    },
    numRuns(200)
  )

  it.effect.prop(
    "any tree of the grammar's keys",
    [tree],
    ([value]) => answered(Yaml.stringify({ client: value, resources: [value], x: value })),
    numRuns(100)
  )

  const config = (extra: string) => `client: { base_url: https://api.example.com }\nresources: [{ name: a }]\n${extra}`
  const doubling = Array.from(
    { length: 40 },
    (_, i) => `a${i}: &a${i} [${i === 0 ? "x, x" : `*a${i - 1}, *a${i - 1}`}]`
  )
  const merging = Array.from(
    { length: 40 },
    (_, i) => `a${i}: &a${i} { <<: [${i === 0 ? "{ x: 1 }" : `*a${i - 1}, *a${i - 1}`}], k${i}: 1 }`
  )
  const bombs: Readonly<Record<string, string>> = {
    "aliases that double": config(doubling.join("\n")),
    "aliases that double in a resource":
      config("").replace("name: a", `name: a, endpoint: { path: a, json: *b }`) + doubling.join("\n"),
    "merge keys that double": config(merging.join("\n")),
    "an alias to itself": config("b: &b [*b]"),
    "a merge of itself": config("b: &b { <<: *b }"),
    "lists 20,000 deep": config(`x: ${"[".repeat(20_000)}${"]".repeat(20_000)}`),
    "lists 20,000 deep and never closed": config(`x: ${"[".repeat(20_000)}`),
    "objects 20,000 deep": config(`x: ${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`),
    "blocks 2,000 deep": config(Array.from({ length: 2_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")),
    "dashes 5,000 deep": config(`x:\n  ${"- ".repeat(5_000)}1`),
    "a text of ten million characters": config(`x: ${"y".repeat(10_000_000)}`),
    "a key of a million characters": config(`${"y".repeat(1_000_000)}: 1`),
    "a number of a million digits": config(`x: ${"9".repeat(1_000_000)}`),
    "a number of a million digits, wanted": config("").replace(
      "name: a",
      `name: a, endpoint: { path: a, paginator: { type: offset, limit: ${"9".repeat(300_000)} } }`
    ),
    "20,000 unknown keys": config(Array.from({ length: 20_000 }, (_, i) => `x${i}: 1`).join("\n")),
    "20,000 of one key": config("x: 1\n".repeat(20_000)),
    "5,000 resources of one name": config("").replace("{ name: a }", "{ name: a }, ".repeat(5_000)),
    "5,000 resources that want each other": `client: { base_url: https://api.example.com }\nresources: [${Array.from(
      { length: 2_000 },
      (_, i) => `{ name: r${i}, endpoint: { path: "a/{resources.r${(i + 1) % 2_000}.id}" } }`
    ).join(", ")}]`,
    "100,000 anchors": config(Array.from({ length: 50_000 }, (_, i) => `- &a${i} x`).join("\n")),
    "100,000 quotes": config(`x: ${"'\" ".repeat(50_000)}`),
    "100,000 braces in a text": config("").replace("name: a", `name: a, endpoint: { path: "${"{".repeat(50_000)}" }`),
    "100,000 references": config(`x: "${"${SECRET}".repeat(50_000)}"`),
    "100,000 brackets in a selector": config("").replace(
      "name: a",
      `name: a, endpoint: { path: a, data_selector: "${"[".repeat(50_000)}" }`
    ),
    "100,000 dots in a selector": config("").replace(
      "name: a",
      `name: a, endpoint: { path: a, data_selector: "$${"..a".repeat(20_000)}" }`
    ),
    "nothing but tabs": "\t".repeat(100_000),
    "nothing but dashes": "-".repeat(100_000),
    "nothing but colons": ": ".repeat(50_000),
    "nothing but question marks": "? ".repeat(20_000)
  }
  for (const [name, text] of Object.entries(bombs)) it.effect(name, () => answered(text), 30_000)
})
