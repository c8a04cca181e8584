/**
 * Holds docs/GUARANTEES.md to the tests: each promise names those that try to break it, and they are there.
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (file: string) => readFileSync(`${root}${file}`, "utf8")
const { scripts } = JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> }

const sections = read("docs/GUARANTEES.md")
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.split("\n")[0]!, text }))

interface Proof {
  readonly what: string
  readonly tests: ReadonlyArray<string>
}

const proofs = (text: string): ReadonlyArray<Proof> =>
  Array.from(text.matchAll(/^- `([^`]+)`:?([^\n]*(?:\n {2}[^\n]+)*)/gm), ([, what = "", names = ""]) => ({
    what,
    tests: Array.from(names.replaceAll(/\s+/g, " ").matchAll(/"([^"]+)"/g), ([, name = ""]) => name)
  }))

/** As it stands in a test file, however the text is quoted or broken there. */
const plain = (text: string) => text.replaceAll(/["'`\\]/g, "").replaceAll(/\s+/g, " ")

const problems = ({ tests, what }: Proof): ReadonlyArray<string> => {
  const script = /^npm run ([\w:-]+)/.exec(what)?.[1]
  if (script !== undefined) return scripts[script] === undefined ? [`no script ${script}`] : []
  if (!existsSync(`${root}${what}`)) return [`${what} is not there`]
  if (tests.length === 0) return [`${what}: names no test`]
  const source = plain(read(what))
  return tests.filter((name) => !source.includes(plain(name))).map((name) => `${what} has no test "${name}"`)
}

describe("docs/GUARANTEES.md", () => {
  for (const { text, title } of sections) {
    it(`${title}: is proved, and says what is not promised`, () => {
      const found = proofs(text)
      assert.isAbove(found.length, 0, "no proof")
      assert.match(text, /^Not promised: \S/m)
      assert.deepStrictEqual(found.flatMap(problems), [])
    })
  }
})
