import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, FastCheck as fc } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Yaml from "yaml"
import { loaded } from "./fixture.ts"
import { runs } from "../fuzz.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

const configurations = ["examples", "conformance/configs"].flatMap((folder) =>
  readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => Yaml.parse(readFileSync(`${root}${folder}/${name}`, "utf8")) as unknown)
)

const junk: ReadonlyArray<unknown> = [
  null,
  0,
  -1.5,
  true,
  "",
  "x",
  "{",
  "{x}",
  "{resources.a.b}",
  "{incremental.x}",
  "${SECRET}",
  "a[",
  "toString",
  [],
  {},
  [[]],
  { type: "offset" },
  { type: "resolve" },
  { $env: "SECRET" },
  { constructor: 1 }
]

const secret = "sk-live-{0123}-456789"

/** The value with one place of it replaced, or taken out. `at` chooses the place. */
const mutate = (value: unknown, at: number, by: unknown): unknown => {
  let left = at
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return by
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== "object" || node === null) return node
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, child]) => {
        const changed = walk(child)
        return changed === undefined ? [] : [[key, changed]]
      })
    )
  }
  return walk(value)
}

describe("a configuration with something wrong in it", () => {
  it.effect.prop(
    "is a source, or an error that names a place and no value from outside",
    {
      which: fc.nat(configurations.length - 1),
      changes: fc.array(fc.tuple(fc.nat(80), fc.constantFrom(undefined, ...junk)), { minLength: 1, maxLength: 3 })
    },
    ({ changes, which }) =>
      Effect.gen(function* () {
        const changed = changes.reduce((value, [at, by]) => mutate(value, at + 1, by), configurations[which])
        const text = Yaml.stringify(changed)
        const result = yield* Effect.either(loaded(text, { env: { SECRET: secret } }))
        const issues = Either.isLeft(result) ? result.left.issues : result.right.warnings
        if (Either.isLeft(result)) assert.isNotEmpty(issues)
        assert.notInclude(JSON.stringify(issues), "sk-live")
        for (const { column, line } of issues) {
          assert.isAtMost(line, text.split("\n").length)
          assert.isAtLeast(column, 1)
        }
      }),
    { fastCheck: { numRuns: runs(300) } }
  )
})
