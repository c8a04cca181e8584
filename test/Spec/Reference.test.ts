import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Reference from "../../src/Spec/Reference.ts"

const fill = (value: unknown, variables: Readonly<Record<string, string>> = {}) => {
  const reference = Reference.of(value)
  if (reference === undefined) return value
  if (Either.isLeft(reference)) return reference.left.message
  return Reference.fill(reference.right.parts, (name) => variables[name])
}

describe("Reference", () => {
  it("puts variables into a text", () => {
    const variables = { A: "1", B_2: "two", EMPTY: "" }
    assert.strictEqual(fill("${A}", variables), "1")
    assert.strictEqual(fill("x${A}-${B_2}${A}y", variables), "x1-two1y")
    assert.strictEqual(fill("${EMPTY}", variables), "")
    assert.strictEqual(fill({ $env: "B_2" }, variables), "two")
    assert.isUndefined(fill("${A}${NOT_SET}", variables))
  })

  it("leaves other texts alone", () => {
    for (const text of ["", "$", "{}", "$A", "a $ {b}", "100%"]) assert.isUndefined(Reference.of(text))
    for (const value of [null, 5, true, [], {}, { env: "A" }]) assert.isUndefined(Reference.of(value))
  })

  it("writes $${ for the characters themselves", () => {
    assert.strictEqual(fill("$${A}", { A: "1" }), "${A}")
    assert.strictEqual(fill("a$${b${A}$${", { A: "1" }), "a${b1${")
  })

  it("does not look for references inside a value", () => {
    assert.strictEqual(fill("${A}", { A: "${B}", B: "no" }), "${B}")
  })

  it("says what is malformed", () => {
    assert.match(String(fill("${}")), /not followed by the name/)
    assert.match(String(fill("${A")), /not followed by the name/)
    assert.match(String(fill("${a b}")), /not followed by the name/)
    assert.match(String(fill("${1A}")), /not followed by the name/)
    assert.match(String(fill("${A:-x}")), /default/)
    assert.match(String(fill("${A-x}")), /default/)
    assert.match(String(fill({ $env: "A", $file: "b" })), /one key/)
    assert.match(String(fill({ $env: "not a name" })), /\$env/)
    assert.match(String(fill({ $file: "" })), /\$file/)
  })

  it.prop(
    "a value arrives as it is, whatever it holds",
    { value: fc.string(), before: fc.stringMatching(/^[^$]*$/) },
    ({ before, value }) => {
      assert.strictEqual(fill(`${before}\${X}`, { X: value }), `${before}${value}`)
      return true
    }
  )
})
