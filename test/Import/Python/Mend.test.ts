import { assert, describe, it } from "@effect/vitest"
import { FastCheck } from "effect"
import * as Block from "../../../src/Import/Block.ts"
import * as Python from "../../../src/Import/Python.ts"
import * as Mend from "../../../src/Import/Python/Mend.ts"

describe("Python.Mend", () => {
  const cases: ReadonlyArray<readonly [broken: string, mended: string]> = [
    [`x = {"a": 1 "b": 2}`, `x = {"a": 1,"b": 2}`],
    [`x = {"a": "1"\n "b": 2}`, `x = {"a": "1",\n "b": 2}`.replace(",\n", ",")],
    [`x = [{"a": 1} {"b": 2}]`, `x = [{"a": 1},{"b": 2}]`],
    [`x = {"a": [1, 2`, `x = {"a": [1, 2]}`],
    [`x = {"a": [1, 2 }`, `x = {"a": [1, 2]}`],
    [`x = [1,, 2]`, `x = [1,  2]`],
    [`x = [1, ..., 2]`, `x = [1,      2]`],
    [`x = [1])`, `x = [1] `],
    [`// note\nx = 1`, `#/ note\nx = 1`]
  ]
  for (const [broken, mended] of cases)
    it(`${broken}`, () => {
      assert.strictEqual(Mend.mend(broken), mended)
      const whole = Python.parse(Block.whole(mended, "python"))
      assert.deepStrictEqual(whole.errors, [])
    })

  it("leaves good Python as it is", () => {
    for (const text of [
      `x = {"a": "b" "c", "d": [1, 2, (3,)], **e}\nf(a, *b, c=1)[0]`,
      `x = ["a" if b else "c", not d, lambda e: {"f": e}]`,
      `x = f"{a}" "b"  # {[(\ny = """ { """`,
      `x = [i for i in range(3) if i]`
    ])
      assert.strictEqual(Mend.mend(text), text)
  })

  it("moves no character", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.string({ unit: FastCheck.constantFrom(..."{}[](),:'\"#ab1. \n/"), maxLength: 60 }),
        (text) => {
          const mended = Mend.mend(text)
          for (const [index, letter] of text.split("").entries())
            if (/[a-z0-9'"]/.test(letter)) assert.strictEqual(mended[index], letter)
        }
      ),
      { numRuns: 500 }
    )
  })
})
