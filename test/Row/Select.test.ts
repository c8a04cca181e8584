import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import { Row } from "sluice"
import { resource } from "./support.ts"

const select = (body: unknown, selector?: string, selectorRequired = true) =>
  Either.match(Row.make().select(resource({ selector, selectorRequired }), body), {
    onLeft: ({ detail, isRetryable, message, reason }) => {
      assert.strictEqual(message, detail)
      assert.isFalse(isRetryable)
      return `${reason}: ${detail}`
    },
    onRight: (rows) => rows
  })

const advice = "; correct it, or set data_selector_required: false if rows may be absent"

describe("Select", () => {
  const rows = [{ id: 1 }, { id: 2 }]

  it("finds a list where the selector points", () => {
    assert.strictEqual(select({ Bounces: rows }, "Bounces"), rows)
    assert.strictEqual(select({ data: { items: rows } }, "data.items"), rows)
    assert.strictEqual(select({ data: { items: rows } }, "$.data.items"), rows)
    assert.strictEqual(select([{ items: rows }], "0.items"), rows)
    assert.deepStrictEqual(select({ Bounces: [] }, "Bounces"), [])
  })

  it("shows key names without what a terminal would obey", () => {
    const message = String(select({ "\u001b[31mred": 1, "\u0007bell": 2 }, "items"))
    assert.include(message, "its keys: \ufffd[31mred, \ufffdbell")
  })

  it("takes the body itself without one", () => {
    assert.strictEqual(select(rows), rows)
    assert.strictEqual(select(rows, "$"), rows)
    assert.deepStrictEqual(select({ id: 1 }), [{ id: 1 }])
    assert.deepStrictEqual(select([]), [])
    assert.deepStrictEqual(select({}), [{}])
  })

  it("takes a single object as one row, and rows of any kind", () => {
    assert.deepStrictEqual(select({ user: { id: 1 } }, "user"), [{ id: 1 }])
    assert.deepStrictEqual(select({ names: ["a", null, 1] }, "names"), ["a", null, 1])
  })

  it("an empty body has no rows", () => {
    for (const body of [undefined, null, {}, []]) assert.deepStrictEqual(select(body, "Bounces"), [])
    for (const body of [undefined, null]) assert.deepStrictEqual(select(body), [])
  })

  it("what matches nothing is an error that names what is there", () => {
    assert.strictEqual(
      select({ bounces: [], TotalCount: 3 }, "Bounces"),
      `Selector: data_selector "Bounces" matches nothing in the body (its keys: bounces, TotalCount)${advice}`
    )
    assert.strictEqual(
      select({ data: {} }, "data.items"),
      `Selector: data_selector "data.items" matches nothing in the body (its keys: data)${advice}`
    )
    assert.strictEqual(
      select([1, 2], "items"),
      `Selector: data_selector "items" matches nothing in the body (a list of 2)${advice}`
    )
    assert.strictEqual(
      select("text", "items"),
      `Selector: data_selector "items" matches nothing in the body (a text)${advice}`
    )
    assert.strictEqual(
      select(5),
      `Selector: data_selector "$" is neither a list nor an object in the body (an integer)${advice}`
    )
  })

  it("what matches null or a scalar is an error, too", () => {
    assert.strictEqual(
      select({ items: null }, "items"),
      `Selector: data_selector "items" is null in the body (its keys: items)${advice}`
    )
    assert.strictEqual(
      select({ items: "secret" }, "items"),
      `Selector: data_selector "items" is neither a list nor an object in the body (its keys: items)${advice}`
    )
  })

  it("unless rows may be absent", () => {
    for (const body of [{ other: 1 }, { items: null }, { items: 5 }, [1], "text"])
      assert.deepStrictEqual(select(body, "items", false), [])
    assert.strictEqual(select({ items: rows }, "items", false), rows)
  })

  it("sees own keys only", () => {
    assert.match(String(select({ a: 1 }, "constructor")), /matches nothing/)
    assert.match(String(select({ a: 1 }, "__proto__")), /matches nothing/)
    assert.deepStrictEqual(select(JSON.parse('{"__proto__": [1]}'), "__proto__"), [1])
  })

  it("names a dozen keys at most, and none at length", () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i]))
    assert.include(String(select(many, "items")), "key11, …)")
    assert.notInclude(String(select(many, "items")), "key12")
    assert.isBelow(String(select({ ["x".repeat(5000)]: 1 }, "items")).length, 300)
  })

  const secrets = fc.constantFrom("jane@example.com", 424242424242, "s3cr3t-t0ken")
  it.prop(
    "no message holds a value",
    [
      fc.letrec((tie) => ({
        value: fc.oneof(
          { maxDepth: 3 },
          secrets,
          fc.array(tie("value")),
          fc.dictionary(fc.constantFrom("a", "b"), tie("value"))
        )
      })).value
    ],
    ([body]) => {
      for (const selector of ["items", "a.b.c", "0"]) {
        const result = select(body, selector)
        if (typeof result === "string") assert.notMatch(result, /jane|4242|s3cr3t/)
      }
    }
  )
})
