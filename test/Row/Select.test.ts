import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import type { RowError } from "sluice"
import * as Select from "../../src/Row/Select.ts"

const told = (found: Either.Either<unknown, RowError>): unknown =>
  Either.match(found, {
    onLeft: ({ detail, isRetryable, message, reason }) => {
      assert.strictEqual(message, detail)
      assert.isFalse(isRetryable)
      return `${reason}: ${detail}`
    },
    onRight: (rows) => rows
  })

const select = (body: unknown, selector?: string, selectorRequired = true) =>
  told(Either.map(Select.make({ selector, selectorRequired }).select(body), ({ rows }) => rows))

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
    assert.deepStrictEqual(select({}, "$"), [{}])
    assert.deepStrictEqual(select({}), [])
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
  })

  it("null is no rows, and a scalar is a row with a value", () => {
    assert.deepStrictEqual(select({ items: null }, "items"), [])
    assert.deepStrictEqual(select({ total: 5 }, "total"), [{ value: 5 }])
    assert.deepStrictEqual(select({ total: 12345678901234567890n }, "total"), [{ value: 12345678901234567890n }])
    assert.deepStrictEqual(select("ready"), [{ value: "ready" }])
    assert.deepStrictEqual(select(0), [{ value: 0 }])
  })

  it("says when it found one row instead of a list", () => {
    const single = (body: unknown, selector = "x") => {
      const found = Select.make({ selector, selectorRequired: true }).select(body)
      return Either.isRight(found) ? found.right.single : undefined
    }
    assert.isTrue(single({ x: { id: 1 } }))
    assert.isTrue(single({ x: 5 }))
    for (const x of [[{ id: 1 }], [], null]) assert.isUndefined(single({ x }))
    assert.isUndefined(single({ x: [{ id: 1 }] }, "x[*]"))
  })

  it("no match is no error when rows may be absent", () => {
    for (const body of [{ other: 1 }, { items: null }, [1], "text"])
      assert.deepStrictEqual(select(body, "items", false), [])
    assert.strictEqual(select({ items: rows }, "items", false), rows)
  })

  it("takes the rows of several lists, also where a list has none", () => {
    const groups = [{ items: [{ id: 1 }, { id: 2 }] }, { items: [] }, { items: null }, { items: [{ id: 3 }] }]
    const ids = [{ id: 1 }, { id: 2 }, { id: 3 }]
    assert.deepStrictEqual(select({ groups }, "groups[*].items"), ids)
    assert.deepStrictEqual(select({ groups }, "groups[*].items[*]"), ids)
    assert.deepStrictEqual(select({ groups }, "groups.*.items"), ids)
    assert.deepStrictEqual(select({ groups: groups.slice(0, 1) }, "groups[*].items"), ids.slice(0, 2))
    assert.deepStrictEqual(select({ a: [{ id: 1 }], b: { id: 2 }, c: 3 }, "*"), [{ id: 1 }, { id: 2 }, 3])
  })

  it("a wildcard over nothing, or a filter that lets nothing through, is no mistake; a name that is not there is", () => {
    for (const selector of ["groups[*]", "groups[*].items", "groups[*].items[*]", "groups[0].items"])
      assert.deepStrictEqual(select({ groups: [], n: 1 }, selector), [])
    assert.deepStrictEqual(select({ groups: [{ id: 1 }], n: 1 }, "groups[?@.id == 2]"), [])
    for (const selector of ["group[*]", "groups[*].item", "$..nothing"])
      assert.match(String(select({ groups: [{ id: 1 }], n: 1 }, selector)), /matches nothing/)
  })

  it("says how long the API's page is where a selector takes less or more of it", () => {
    const elements = (selector: string) => {
      const body = { groups: [{ id: 1, items: [1, 2, 3] }, { id: 2, items: [] }, { id: 3 }], n: 5 }
      const found = Select.make({ selector, selectorRequired: true }).select(body)
      return Either.isRight(found) ? [found.right.rows.length, found.right.elements] : undefined
    }
    assert.deepStrictEqual(elements("groups"), [3, undefined])
    assert.deepStrictEqual(elements("groups[*]"), [3, undefined])
    assert.deepStrictEqual(elements("groups.*"), [3, undefined])
    assert.deepStrictEqual(elements("groups[?@.id > 1]"), [2, 3])
    assert.deepStrictEqual(elements("groups[?@.id > 9]"), [0, 3])
    assert.deepStrictEqual(elements("groups[*].items"), [3, 3])
    assert.deepStrictEqual(elements("groups[*].items[*]"), [3, 3])
    assert.deepStrictEqual(elements("groups[0:2]"), [2, 3])
    assert.deepStrictEqual(elements("$..id"), [3, undefined])
  })

  it("what is no path is an error that says where", () =>
    assert.strictEqual(
      select({ a: 1 }, "a["),
      'Selector: data_selector is not a JSONPath: a bracket is not closed: at character 2 of "a["'
    ))

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

  describe("without a selector", () => {
    const find = (...bodies: ReadonlyArray<unknown>) => {
      const selector = Select.make({ selector: undefined, selectorRequired: true })
      return bodies.map((body) => told(selector.select(body))).at(-1)
    }
    it.each<readonly [string, unknown]>([
      ["data", { meta: { list: [1] }, data: [{ id: 1 }] }],
      ["users", { users: [{ id: 1 }], n: 2 }],
      ["a.b.c", { a: { b: { c: [{ id: 1 }] } } }],
      ["response.items", { tags: ["x"], response: { items: [{ id: 1 }] } }],
      ["first", { first: [{ id: 1 }], second: [{ id: 2 }] }],
      ["users", { errors: [], users: [{ id: 1 }] }],
      ["users", { errors: ["odd"], users: [{ id: 1 }] }],
      ["users", { meta: { pagination: [] }, users: [{ id: 1 }] }],
      ["users", { meta: { pagination: [{ page: 1 }] }, users: [{ id: 1 }] }],
      ["users", { tags: [], users: [{ id: 1 }] }],
      ["users", { errors: [], users: [] }],
      ["records", { values: [], records: [{ id: 1 }] }],
      ["data", { data: [], users: [{ id: 1 }] }],
      ["errors", { errors: [{ id: 1 }] }],
      ['["my list"].data', { "my list": { data: [{ id: 1 }] } }],
      ["$", { a: { b: { c: { d: [{ id: 1 }] } } } }],
      ["$", { id: 1 }],
      ["$", [{ id: 1 }]],
      ["$", "text"],
      ["Data", { Data: [{ id: 1 }] }]
    ])("finds %s", (selector, body) => assert.propertyVal(find(body), "selector", selector))

    it("says so when what it found looks like an error", () => {
      for (const [body, key] of [
        [{ ok: false, error: "invalid_auth" }, "ok"],
        [{ error: { code: 7 } }, "error"],
        [{ errors: [{ message: "throttled" }] }, "errors"]
      ] as const) {
        const { notice } = Either.getOrThrow(Select.make({ selector: undefined, selectorRequired: true }).select(body))
        assert.match(notice ?? "", new RegExp(`^the answer looks like an error \\(its key ${key}\\)`))
      }
      for (const body of [
        { ok: true, error: null },
        { id: 1, error: "" },
        { errors: [], items: [{ id: 1 }] }
      ]) {
        const { notice } = Either.getOrThrow(Select.make({ selector: undefined, selectorRequired: true }).select(body))
        assert.notInclude(notice ?? "", "error (")
      }
    })

    it("says what was left aside, once", () => {
      const body = { errors: [], users: rows, groups: [] }
      assert.deepStrictEqual(find(body), {
        rows,
        selector: "users",
        notice: "rows taken from users, not from errors, groups: if that is wrong, write data_selector"
      })
      assert.notProperty(find(body, body), "notice")
      assert.propertyVal(find({ users: rows }), "notice", undefined)
    })

    it("keeps to what the first body said, which is not an empty one", () => {
      assert.propertyVal(find({ users: rows }, { data: [], users: rows }), "rows", rows)
      for (const nothing of [[undefined], [{}], [null, {}]]) assert.propertyVal(find(...nothing), "selector", undefined)
      assert.propertyVal(find(undefined, {}, { users: rows }), "selector", "users")
      assert.deepStrictEqual(find({ users: rows }, { users: null }), { rows: [], selector: "users" })
      assert.deepStrictEqual(find({ users: rows }, { total: 2 }), { rows: [], selector: "users", absent: true })
      assert.match(String(find({ users: rows }, { people: rows })), /"users" matches nothing .*its keys: people/)
    })

    it("goes on with the selector of an earlier run", () => {
      const selector = Select.make({ selector: undefined, selectorRequired: true }, "users")
      assert.deepStrictEqual(told(selector.select({ data: [], users: rows })), { rows, selector: "users" })
    })

    it("a selector that was written comes before", () => {
      const selector = Select.make({ selector: "users", selectorRequired: true }, "data")
      assert.propertyVal(told(selector.select({ data: [], users: rows })), "rows", rows)
    })
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
